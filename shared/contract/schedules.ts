import { z } from 'zod'
import { isQuietHours, SYNC_INTERVALS } from '../domain/sync-schedule.ts'
import { defineRoute } from './route.ts'
import { ConnectionIdSchema, InstantSchema } from './schemas.ts'

/** Wall-clock times (`22:00`) in a zone (IANA name); over midnight when `to` is earlier than `from`. */
export const QuietHoursSchema = z
  .strictObject({ from: z.string().max(5), to: z.string().max(5), zone: z.string().max(64) })
  .refine(isQuietHours, 'needs two different times of day such as 22:00 and 07:00, and a time zone such as America/New_York')
export type QuietHoursView = z.infer<typeof QuietHoursSchema>

/** When connections are synced by themselves. */
export const scheduleRoutes = {
  /** What is planned: pausing, the next background sync of all (null when none), and the quiet hours (null for none). */
  'sync.schedule': defineRoute({
    kind: 'query',
    input: z.strictObject({}),
    output: z.object({ paused: z.boolean(), nextAt: InstantSchema.nullable(), quiet: QuietHoursSchema.nullable() }),
  }),
  /** Pauses or resumes background syncing; a sync asked for by hand still runs. */
  'sync.pause': defineRoute({ kind: 'command', input: z.strictObject({ paused: z.boolean() }), output: z.object({ paused: z.boolean() }) }),
  /**
   * How often a connection syncs by itself. With `marketHours`, 15 minutes and hourly run only while its market trades and once after it
   * closed, and daily only on trading days. Answers when it runs next; null when nothing is planned.
   */
  'schedule.set': defineRoute({
    kind: 'command',
    input: z.strictObject({ connectionId: ConnectionIdSchema, every: z.enum(SYNC_INTERVALS), marketHours: z.boolean() }),
    output: z.object({ nextAt: InstantSchema.nullable() }),
  }),
  /** Sets the quiet hours of all connections, or takes them away with null. Sign-ins are renewed in them all the same. */
  'schedule.quiet': defineRoute({
    kind: 'command',
    input: z.strictObject({ quiet: QuietHoursSchema.nullable() }),
    output: z.object({ quiet: QuietHoursSchema.nullable() }),
  }),
} as const
