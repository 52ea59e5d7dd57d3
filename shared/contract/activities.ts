import { z } from 'zod'
import { defineRoute } from './route.ts'
import {
  AccountIdSchema, ActivityIdSchema, ActivitySchema, ConnectionIdSchema, InstantSchema, KindSchema, LocalDateSchema, SideSchema,
} from './schemas.ts'

const filters = {
  connectionId: ConnectionIdSchema.optional(),
  accountId: AccountIdSchema.optional(),
  /** Exact, as shown. */
  symbol: z.string().trim().min(1).max(64).optional(),
  side: SideSchema.optional(),
  kinds: z.array(KindSchema).min(1).max(11).optional(),
  /** Trade dates, both included. */
  from: LocalDateSchema.optional(),
  to: LocalDateSchema.optional(),
  /** Words looked for in symbol and description; each may be the beginning of a word. */
  search: z.string().trim().min(1).max(100).optional(),
}
export const ActivityFilterSchema = z.strictObject(filters)
export type ActivityFilter = z.infer<typeof ActivityFilterSchema>

const cursor = z.string().min(1).max(100)

/** The trade history: newest first, paged by position, never by offset. */
export const activityRoutes = {
  'activities.page': defineRoute({
    kind: 'query',
    input: z.strictObject({ ...filters, limit: z.int().min(1).max(500), after: cursor.optional() }),
    output: z.object({ rows: z.array(ActivitySchema), next: z.string().nullable() }),
  }),
  'activities.detail': defineRoute({
    kind: 'query',
    input: z.strictObject({ id: ActivityIdSchema }),
    output: z.object({ activity: ActivitySchema, raw: z.string(), identical: z.number().int() }),
  }),
  /** A count beside the page, never inside it. */
  'activities.count': defineRoute({
    kind: 'query',
    input: ActivityFilterSchema,
    output: z.object({ count: z.number().int(), first: LocalDateSchema.nullable(), last: LocalDateSchema.nullable() }),
  }),
  /** Coverage per account: what history is complete, and since when. */
  'activities.coverage': defineRoute({
    kind: 'query',
    input: z.strictObject({}),
    output: z.array(z.object({ accountId: AccountIdSchema, from: LocalDateSchema, to: LocalDateSchema, complete: z.boolean(), fetchedAt: InstantSchema })),
  }),
  /** The next part of a CSV export; the first part has the header row. */
  'activities.csv': defineRoute({
    kind: 'query',
    input: z.strictObject({ ...filters, after: cursor.optional() }),
    output: z.object({ text: z.string(), rows: z.number().int(), next: z.string().nullable() }),
  }),
} as const
