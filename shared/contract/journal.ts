import { z } from 'zod'
import { QuoteViewSchema } from './orders.ts'
import { defineRoute } from './route.ts'
import { AccountIdSchema, ActivityIdSchema, ConnectionIdSchema, EnvironmentSchema, InstantSchema, LocalDateSchema } from './schemas.ts'

const tag = z.string().trim().min(1).max(40)
const id = z.string().min(1).max(100)

/** What an entry is about: a day, a trade (by its round trip or a single row), or nothing in particular. */
const SubjectSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('day') }),
  z.strictObject({ kind: z.literal('trip'), tripId: id }),
  z.strictObject({ kind: z.literal('activity'), activityId: ActivityIdSchema }),
  z.strictObject({ kind: z.literal('free') }),
])
export type JournalSubject = z.infer<typeof SubjectSchema>

const AttachmentSchema = z.object({ id: z.string(), name: z.string(), type: z.enum(['image/png', 'image/jpeg', 'image/webp']), bytes: z.int().min(0) })

export const JournalEntrySchema = z.object({
  id: z.string(), day: LocalDateSchema, subject: SubjectSchema,
  /** What it was about when it was written, kept for when the row is gone. */
  accountId: AccountIdSchema.nullable(), symbol: z.string().nullable(),
  title: z.string(), text: z.string(), tags: z.array(z.string()), rating: z.int().min(1).max(5).nullable(), isDraft: z.boolean(),
  attachments: z.array(AttachmentSchema), createdAt: InstantSchema, updatedAt: InstantSchema,
})
export type JournalEntry = z.infer<typeof JournalEntrySchema>

const entryFields = {
  day: LocalDateSchema, subject: SubjectSchema, title: z.string().max(200), text: z.string().max(50_000), tags: z.array(tag).max(20), rating: z.int().min(1).max(5).nullable(), isDraft: z.boolean().default(false),
}

/** Notes, tags, ratings and pictures beside the trades, and what the user keeps an eye on. */
export const journalRoutes = {
  /** Newest first. `search` looks in title, text, tags and symbol; each word may be the beginning of one. */
  'journal.page': defineRoute({
    kind: 'query',
    input: z.strictObject({
      search: z.string().trim().min(1).max(100).optional(), tag: tag.optional(), symbol: z.string().max(64).optional(), from: LocalDateSchema.optional(), to: LocalDateSchema.optional(),
      subject: SubjectSchema.optional(), limit: z.int().min(1).max(200), after: z.string().max(100).optional(),
    }),
    output: z.object({ rows: z.array(JournalEntrySchema), next: z.string().nullable() }),
  }),
  'journal.add': defineRoute({ kind: 'command', input: z.strictObject(entryFields), output: JournalEntrySchema }),
  /** Throws journal/changed when it was changed elsewhere since `updatedAt`. */
  'journal.change': defineRoute({ kind: 'command', input: z.strictObject({ id, updatedAt: InstantSchema, ...entryFields }), output: JournalEntrySchema }),
  'journal.remove': defineRoute({ kind: 'command', input: z.strictObject({ id }), output: z.object({}) }),
  /** A picture of 5 MB at most. Throws journal/picture-unusable. */
  'journal.attach': defineRoute({ kind: 'command', input: z.strictObject({ id, name: z.string().trim().min(1).max(200), base64: z.base64().max(7_200_000) }), output: JournalEntrySchema }),
  'journal.detach': defineRoute({ kind: 'command', input: z.strictObject({ attachmentId: id }), output: z.object({}) }),
  'journal.picture': defineRoute({ kind: 'query', input: z.strictObject({ attachmentId: id }), output: z.object({ type: z.string(), base64: z.string() }) }),
  'journal.tags': defineRoute({ kind: 'query', input: z.strictObject({}), output: z.array(z.object({ tag: z.string(), count: z.int() })) }),
  /** What the day was, in words and figures, to be finished by the user. Saved by nobody until then. Of real money where there is any, else of the practice there is. */
  'journal.draft': defineRoute({ kind: 'query', input: z.strictObject({ day: LocalDateSchema, environment: EnvironmentSchema.optional() }), output: z.object({ day: LocalDateSchema, title: z.string(), text: z.string(), hasActivity: z.boolean() }) }),
  'journal.export': defineRoute({ kind: 'query', input: z.strictObject({ format: z.enum(['csv', 'json']), after: z.string().max(100).optional() }), output: z.object({ text: z.string(), rows: z.int(), next: z.string().nullable() }) }),
  'watchlist.list': defineRoute({
    kind: 'query', input: z.strictObject({}),
    output: z.array(z.object({ id: z.string(), symbol: z.string(), assetClass: z.string(), connectionId: ConnectionIdSchema.nullable(), quote: QuoteViewSchema.nullable(), problem: z.string().nullable() })),
  }),
  'watchlist.add': defineRoute({ kind: 'command', input: z.strictObject({ symbol: z.string().trim().min(1).max(40), assetClass: z.string().max(32).optional() }), output: z.object({ id: z.string() }) }),
  'watchlist.remove': defineRoute({ kind: 'command', input: z.strictObject({ id }), output: z.object({}) }),
  'watchlist.move': defineRoute({ kind: 'command', input: z.strictObject({ id, before: id.nullable() }), output: z.object({}) }),
  /** Asks the brokers for quotes now; answers when they came. A broker that does not answer leaves the old ones with their age. */
  'watchlist.refresh': defineRoute({ kind: 'command', input: z.strictObject({}), output: z.object({ quoted: z.int(), missing: z.int() }) }),
} as const
