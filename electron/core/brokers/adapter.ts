import type { z } from 'zod'
import type { ErrorCode } from '../../../shared/contract/errors.ts'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'
import type { BrokerId, Capabilities, Environment, Method, ScopeInfo } from '../../../shared/domain/broker.ts'
import type { Dec } from '../../../shared/domain/decimal.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import type { Order } from '../../../shared/domain/order.ts'
import type { Instant, LocalDate } from '../../../shared/domain/time.ts'
import type { OAuthProfile } from '../oauth/profile.ts'

/** Everything Keelson knows about a broker. One value per broker folder; the registry lists them. */
export interface Broker {
  readonly id: BrokerId
  readonly name: string
  readonly environments: Partial<Record<Environment, EnvironmentProfile>>
  readonly can: Capabilities
  readonly scopes: readonly ScopeInfo[]
  /** Where a user registers an app of their own. */
  readonly registerAt: string
  /** One sentence a user should know before connecting. */
  readonly note: string
  readonly rateLimit: RateLimit
  readonly classify: ClassifyFailure
  /** The headers of an API key pair; absent where the broker has no such method. */
  readonly keyHeaders?: KeyHeaders
  connect(session: BrokerSession): BrokerAdapter
}

/** Names of the headers that carry an API key pair. */
export interface KeyHeaders {
  readonly id: string
  readonly secret: string
}

export interface EnvironmentProfile {
  readonly methods: readonly Method[]
  /** Base addresses by name (`trading`, `data`, ...). The sandbox replaces each origin and keeps the path. */
  readonly bases: Readonly<Record<string, string>>
  readonly oauth: OAuthProfile | null
}

/** At most `requests` in any window of `perMs`, shared by all callers of the broker. */
export interface RateLimit {
  readonly requests: number
  readonly perMs: number
  /** How long to wait when the broker says "slow down" without a time; left out, the wait grows from one second. */
  readonly pauseMs?: number
}

/** What an adapter gets: calls that are authorized, paced, retried, sized and classified already. */
export interface BrokerSession {
  readonly environment: Environment
  readonly http: BrokerHttp
  readonly now: () => Instant
}

export interface GetOptions<S extends z.ZodType> {
  readonly base: string
  /** Below the base, beginning with a slash. Parts are already percent-encoded. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | undefined>>
  readonly schema: S
  readonly signal: AbortSignal
}

export interface BrokerAnswer<T> {
  readonly data: T
  /** The broker's own clock on the answer, else ours at receipt. */
  readonly asOf: Instant
}

/** The rows of a JSON array, each beside its own source text. */
export interface BrokerRows<T> {
  readonly rows: readonly { readonly data: T; readonly raw: string }[]
  readonly asOf: Instant
}

export interface BrokerHttp {
  /** GET and parse. Numbers come from their source text. Throws AppError; a 401 was already retried once after a renewal. */
  get<S extends z.ZodType>(options: GetOptions<S>): Promise<BrokerAnswer<z.output<S>>>
  /** The same for an array: `schema` describes one row, and each row keeps the text it was sent as. */
  getRows<S extends z.ZodType>(options: GetOptions<S>): Promise<BrokerRows<z.output<S>>>
  /** The same for history, where one odd row must not hide all others: a row the schema does not fit has no data. */
  getHistory<S extends z.ZodType>(options: GetOptions<S>): Promise<BrokerRows<z.output<S> | null>>
}

/** An account as the broker names it. */
export interface BrokerAccount {
  /** What the broker's paths take (Schwab: the hash). May change with a new sign-in; never shown. */
  readonly key: string
  /** The account number; hashed and masked before it is stored. */
  readonly number: string
  readonly name: string
  readonly type: string
  readonly currency: string
}

export interface BrokerBalance {
  readonly currency: string
  readonly netLiquidation: Dec | null
  readonly cash: Dec | null
  readonly buyingPower: Dec | null
  readonly asOf: Instant
}

export interface BrokerPosition {
  readonly symbol: string
  readonly assetClass: AssetClass
  readonly quantity: Dec
  readonly averagePrice: Dec | null
  readonly marketValue: Dec | null
  readonly unrealized: Dec | null
  readonly currency: string
  readonly asOf: Instant
}

export type BrokerOrder = Omit<Order, 'accountId' | 'fetchedAt'>

export interface DateRange {
  /** Trade dates in the exchange's zone, both included. */
  readonly from: LocalDate
  readonly to: LocalDate
}

export interface BrokerActivity {
  readonly facts: ActivityFacts
  /** The broker's row as JSON text. */
  readonly raw: string
}

export interface ActivityPage {
  readonly rows: readonly BrokerActivity[]
  /** Where to go on after these rows are saved; null when the range is complete. Opaque to everyone but the adapter. */
  readonly next: string | null
  readonly asOf: Instant
}

/** One broker connection. Every call rejects with AppError and stops on its signal. */
export interface BrokerAdapter {
  testConnection(options: { signal: AbortSignal }): Promise<{ accounts: number }>
  accounts(options: { signal: AbortSignal }): Promise<BrokerAccount[]>
  balances(account: string, options: { signal: AbortSignal }): Promise<BrokerBalance[]>
  positions(account: string, options: { signal: AbortSignal }): Promise<BrokerPosition[]>
  orders(account: string, range: DateRange, options: { signal: AbortSignal }): Promise<BrokerOrder[]>
  /** One page of history. `cursor` is null at the start of a range, else the `next` of the page before. */
  activities(account: string, range: DateRange, cursor: string | null, options: { signal: AbortSignal }): Promise<ActivityPage>
  /** The earliest day worth asking for when there is no history yet. */
  historyStart(today: LocalDate): LocalDate
  /** Days read again before the last complete day: late fees and corrections arrive there. */
  readonly overlapDays: number
  /** True when cursors are worked out here, from days alone: then a refusal is never about the cursor. */
  readonly ownCursors?: boolean
}

/** What a broker's refusal means. Undefined leaves it to the general rules (5xx and HTML are passing problems). */
export type ClassifyFailure = (answer: { readonly status: number; readonly body: string }) => ErrorCode | undefined
