import { z } from 'zod'
import { AccountIdSchema, ConnectionIdSchema, FlowIdSchema } from './schemas.ts'

const revision = z.number().int()

/**
 * What happened, by id, never the records: a lost event costs a refresh, never a wrong number.
 * `revision` grows with every event of this run of the host; a gap means "read again".
 */
export const EventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('connections.changed'), revision, connectionIds: z.array(ConnectionIdSchema) }),
  z.object({ type: z.literal('flow.changed'), revision, flowId: FlowIdSchema }),
  z.object({ type: z.literal('sync.progress'), revision, connectionId: ConnectionIdSchema, accountId: AccountIdSchema.nullable(), fetched: z.number().int() }),
  z.object({ type: z.literal('activities.changed'), revision, connectionId: ConnectionIdSchema, accountIds: z.array(AccountIdSchema) }),
  z.object({ type: z.literal('portfolio.changed'), revision, connectionId: ConnectionIdSchema }),
  z.object({ type: z.literal('brokers.changed'), revision }),
  z.object({ type: z.literal('schedule.changed'), revision }),
  z.object({ type: z.literal('vault.changed'), revision }),
  /** How far a new key of the vault is, in secrets. */
  z.object({ type: z.literal('vault.progress'), revision, done: z.number().int(), total: z.number().int() }),
  /** The app lock closed, opened, was set or refused a passphrase. The only event while it is locked; after it opens, read everything again. */
  z.object({ type: z.literal('lock.changed'), revision }),
  z.object({ type: z.literal('notices.changed'), revision }),
  /** Lots, results or gaps were computed anew. */
  z.object({ type: z.literal('ledger.changed'), revision }),
  /** The ledger was held against a broker, or a difference was settled. */
  z.object({ type: z.literal('reconciliation.changed'), revision }),
  /** An order, a limit, a switch or a request of a program. */
  z.object({ type: z.literal('orders.changed'), revision }),
  z.object({ type: z.literal('journal.changed'), revision }),
  z.object({ type: z.literal('watchlist.changed'), revision }),
  /** Settings of the desktop, or how an update stands. */
  z.object({ type: z.literal('desktop.changed'), revision }),
])
export type AppEvent = z.infer<typeof EventSchema>
type WithoutRevision<E> = E extends { revision: number } ? Omit<E, 'revision'> : never
/** An event before the bus numbers it. */
export type NewEvent = WithoutRevision<AppEvent>
