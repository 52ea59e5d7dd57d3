import { z } from 'zod'
import { ACTIVITY_KINDS, SIDES } from '../domain/activity.ts'
import { BROKER_IDS, ENVIRONMENTS, METHODS } from '../domain/broker.ts'
import { TOKEN_BADGES } from '../domain/connection.ts'
import { HEALTH_KINDS, SEVERITIES } from '../domain/connection-health.ts'
import { Dec } from '../domain/decimal.ts'
import type { AccountId, ActivityId, ConnectionId, FlowId } from '../domain/ids.ts'
import { SYNC_INTERVALS } from '../domain/sync-schedule.ts'
import { Instant, LocalDate } from '../domain/time.ts'

/** The building blocks of the contract's inputs and outputs. Everything is JSON: decimals and instants are text. */
export const BrokerIdSchema = z.enum(BROKER_IDS)
export const EnvironmentSchema = z.enum(ENVIRONMENTS)
export const MethodSchema = z.enum(METHODS)
export const KindSchema = z.enum(ACTIVITY_KINDS)
export const SideSchema = z.enum(SIDES)

const id = z.string().regex(/^[a-z]{2,4}_[A-Za-z0-9-]{1,60}$/)
export const ConnectionIdSchema = id.transform(text => text as ConnectionId)
export const AccountIdSchema = id.transform(text => text as AccountId)
export const ActivityIdSchema = id.transform(text => text as ActivityId)
export const FlowIdSchema = id.transform(text => text as FlowId)

export const DecSchema = z.custom<Dec>(value => typeof value === 'string' && Dec.isCanonical(value))
export const InstantSchema = z.custom<Instant>(value => typeof value === 'string' && Instant.is(value))
export const LocalDateSchema = z.custom<LocalDate>(value => typeof value === 'string' && LocalDate.is(value))

export const TokenSchema = z.object({
  obtainedAt: InstantSchema,
  expiresAt: InstantSchema.nullable(),
  signInBy: InstantSchema.nullable(),
  refreshable: z.boolean(),
  badge: z.enum(TOKEN_BADGES),
})
export type TokenView = z.infer<typeof TokenSchema>

const SignInReasonSchema = z.enum(['expired', 'revoked', 'lost', 'vault-locked', 'memory-only'])

export const ConnectionStateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('connected') }),
  z.object({ kind: z.literal('needs-sign-in'), because: SignInReasonSchema, since: InstantSchema }),
])

export const ErrorShape = z.object({ code: z.string(), message: z.string(), action: z.string(), retryAfterMs: z.number().optional(), brokerSays: z.string().optional() })

/** Where the access of a connection stands, by the one function that says so: connectionHealth(). */
export const HealthSchema = z.object({
  kind: z.enum(HEALTH_KINDS),
  severity: z.enum(SEVERITIES),
  badge: z.enum(TOKEN_BADGES),
  /** Why a sign-in is needed; null otherwise. */
  because: SignInReasonSchema.nullable(),
  /** When the user has to act at the latest; null when no end is known. */
  deadline: InstantSchema.nullable(),
  /** How long before the deadline it is announced, in milliseconds, longest first. */
  warnBeforeMs: z.array(z.number()).readonly(),
  /** When a failed renewal is tried again; null when none is waited for. */
  retryAt: InstantSchema.nullable(),
  /** When the access token is renewed next; null when nothing is planned. */
  dueAt: InstantSchema.nullable(),
  lastAttemptAt: InstantSchema.nullable(),
  /** Why the last renewal failed; null after one that worked. */
  lastError: z.object({ code: z.string(), message: z.string(), action: z.string() }).nullable(),
})
export type HealthView = z.infer<typeof HealthSchema>

export const AccountViewSchema = z.object({
  id: AccountIdSchema,
  name: z.string(),
  maskedNumber: z.string(),
  type: z.string(),
  currency: z.string(),
  /** Left out of syncing and totals by the user. */
  excluded: z.boolean(),
  netLiquidation: DecSchema.nullable(),
  cash: DecSchema.nullable(),
  buyingPower: DecSchema.nullable(),
  asOf: InstantSchema.nullable(),
  fetchedAt: InstantSchema.nullable(),
})
export type AccountView = z.infer<typeof AccountViewSchema>

/** How one account fared in a run. `because` is a sentence, present when something is missing. */
export const AccountResultSchema = z.object({
  id: AccountIdSchema,
  result: z.enum(['success', 'failed']),
  because: z.string().optional(),
  code: z.string().optional(),
  fetched: z.number().int(),
  new: z.number().int(),
  updated: z.number().int(),
  requested: z.object({ from: LocalDateSchema, to: LocalDateSchema }).nullable(),
  returned: z.object({ from: LocalDateSchema, to: LocalDateSchema }).nullable(),
})

/**
 * The outcome of a sync: success only when every account and range asked for came back, canceled when it was stopped before its end by
 * the user, a new sign-in or the end of the program.
 */
export const SyncResultSchema = z.object({
  result: z.enum(['success', 'partial', 'failed', 'canceled']),
  connectionId: ConnectionIdSchema,
  startedAt: InstantSchema,
  finishedAt: InstantSchema,
  error: ErrorShape.nullable(),
  accounts: z.array(AccountResultSchema),
})
export type SyncResult = z.infer<typeof SyncResultSchema>

export const ConnectionSchema = z.object({
  id: ConnectionIdSchema,
  broker: BrokerIdSchema,
  environment: EnvironmentSchema,
  method: MethodSchema,
  /** The user's own name for it; empty for none. */
  label: z.string(),
  /** The one that comes first everywhere. */
  primary: z.boolean(),
  /** Every way in, in order of preference; `trouble` is why this one does not work at present. */
  methods: z.array(z.object({ method: MethodSchema, trouble: ErrorShape.nullable(), expiresAt: InstantSchema.nullable() })),
  state: ConnectionStateSchema,
  token: TokenSchema,
  health: HealthSchema,
  /** A passing problem (offline, rate limited, broker down): tokens are kept and Keelson tries again. */
  trouble: ErrorShape.nullable(),
  consentedAt: InstantSchema.nullable(),
  scopes: z.array(z.string()),
  createdAt: InstantSchema,
  accounts: z.array(AccountViewSchema),
  syncing: z.boolean(),
  lastSync: SyncResultSchema.nullable(),
  /** When the next background sync is due; null when none is planned. */
  nextSyncAt: InstantSchema.nullable(),
  /** How often it syncs by itself, and whether only while its market trades. */
  schedule: z.object({ every: z.enum(SYNC_INTERVALS), marketHours: z.boolean() }),
})
export type ConnectionView = z.infer<typeof ConnectionSchema>

export const ActivitySchema = z.object({
  id: ActivityIdSchema,
  connectionId: ConnectionIdSchema,
  accountId: AccountIdSchema,
  kind: KindSchema,
  brokerType: z.string(),
  symbol: z.string().nullable(),
  assetClass: z.string().nullable(),
  side: SideSchema.nullable(),
  positionEffect: z.enum(['open', 'close']).nullable(),
  quantity: DecSchema.nullable(),
  price: DecSchema.nullable(),
  amount: DecSchema.nullable(),
  fees: DecSchema,
  currency: z.string(),
  executedAt: InstantSchema.nullable(),
  tradeDate: LocalDateSchema,
  orderId: z.string().nullable(),
  externalId: z.string(),
  description: z.string().nullable(),
  status: z.enum(['final', 'corrected', 'canceled']),
  asOf: InstantSchema,
  fetchedAt: InstantSchema,
})
export type ActivityRow = z.infer<typeof ActivitySchema>
