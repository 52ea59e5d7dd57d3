import type { z } from 'zod'
import type { ErrorCode } from '../../../shared/contract/errors.ts'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'
import type { AppError } from '../../../shared/contract/errors.ts'
import type {
  BrokerFacts, BrokerId, Capabilities, ClosedBroker, Environment, Method, MethodInfo, ScopeInfo,
} from '../../../shared/domain/broker.ts'
import type { Dec } from '../../../shared/domain/decimal.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import type { Order, OrderDraft, OrderPreview, PlacedOrder, Quote } from '../../../shared/domain/order.ts'
import type { Instant, LocalDate } from '../../../shared/domain/time.ts'
import type { TokenPolicy } from '../../../shared/domain/token-policy.ts'
import type { Log } from '../log/log.ts'
import type { OAuth1Profile, OAuthProfile } from '../oauth/profile.ts'
import type { Clock, Random } from '../ports.ts'

/** Everything Keelson knows about a broker. One value per broker folder; the registry lists them. */
export interface Broker {
  readonly id: BrokerId
  readonly name: string
  readonly environments: Partial<Record<Environment, EnvironmentProfile>>
  readonly can: Capabilities
  readonly scopes: readonly ScopeInfo[]
  /** The scope a sign-in in the browser needs for orders; left out where every sign-in has it. */
  readonly tradeScope?: string
  /** Where a user registers an app of their own. */
  readonly registerAt: string
  /** One sentence a user should know before connecting. */
  readonly note: string
  readonly rateLimit: RateLimit
  /** Limits of a single way in, where it differs from the broker's. */
  readonly methodRateLimits?: Partial<Record<Method, RateLimit>>
  /** Every way in some environment offers, in order of preference. */
  readonly methods: readonly BrokerMethod[]
  readonly facts: BrokerFacts
  /** Set for a broker that is closed: nothing live can be connected. */
  readonly closed?: ClosedBroker
  /** App keys differ between live and the broker's own test environment. */
  readonly separateAppKeys?: boolean
  /** A second way in that shows the same accounts joins the connection instead of being refused. */
  readonly joinsMethods?: boolean
  readonly classify: ClassifyFailure
  /** The broker's own sentence in a refusal, to be shown beside ours; null when there is none. */
  readonly words?: (answer: { readonly status: number; readonly body: string }) => string | null
  connect(session: BrokerSession): BrokerAdapter
}

/** A way in with what the core needs of it. */
export interface BrokerMethod extends MethodInfo {
  /** How its access lives and ends. */
  readonly policy: TokenPolicy
  /** The headers that carry the form's values on each call (API keys). */
  readonly headers?: (values: Readonly<Record<string, string>>) => Readonly<Record<string, string>>
  /** Refuses values that cannot be right here before anything is sent. Throws auth/bad-field and auth/wrong-environment. */
  readonly check?: (values: Readonly<Record<string, string>>, environment: Environment) => void
  /** Looks around for values to offer, such as open local ports. */
  readonly suggest?: (options: { readonly signal: AbortSignal; readonly environment: Environment }) => Promise<readonly Suggestion[]>
  /** When what was typed stops working, as far as it says so (such as a day the user copied); null when unknown. */
  readonly expiresAt?: (values: Readonly<Record<string, string>>) => Instant | null
  /** A page of the broker's that explains it, as an https address. */
  readonly guide?: string
}

/** Values for a form that were found on this machine. */
export interface Suggestion {
  readonly label: string
  readonly values: Readonly<Record<string, string>>
}

export interface EnvironmentProfile {
  readonly methods: readonly Method[]
  /** Base addresses by name (`trading`, `data`, ...). The sandbox replaces each origin and keeps the path. */
  readonly bases: Readonly<Record<string, string>>
  readonly oauth: OAuthProfile | null
  /** In place of `oauth` where a broker still signs requests (RFC 5849). */
  readonly oauth1?: OAuth1Profile
  /** The simulated server behind each base, where a broker has several; the broker's id otherwise. */
  readonly stands?: Readonly<Record<string, string>>
  /** The bases each way in calls; all of them where it is not named. */
  readonly basesOf?: Partial<Record<Method, readonly string[]>>
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
  /** Calls of the first way in. */
  readonly http: BrokerHttp
  /** Every way in of the connection, in the broker's order of preference; one at least. */
  readonly methods: readonly MethodSession[]
  readonly now: () => Instant
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /**
   * Notes what time a broker says it is (ms since 1970, whole seconds), with the monotonic moments of asking and of its answer. For ways in
   * without HTTP, which notes it by itself; undefined where nobody's time counts, as a simulator's.
   */
  readonly noteTime?: ((saidMs: number, exchange: { readonly sentMs: number; readonly receivedMs: number }) => void) | undefined
  /**
   * What outlives one adapter, such as a socket: opened once for each key of a connection and closed with the connection, when its
   * settings change, or with the app.
   */
  keep<T extends Closable>(key: string, open: () => T): T
}

export interface Closable {
  close(): Promise<void>
}

/** One way in of a connection. */
export interface MethodSession {
  readonly method: Method
  readonly http: BrokerHttp
  /** The addresses this way in uses, by name; a socket's is `127.0.0.1:4002`. */
  readonly bases: Readonly<Record<string, string>>
  /** True while this way in is only tried, before it is saved. */
  readonly tried?: boolean
  /** What the user typed that is no secret, by field name. */
  readonly settings: Readonly<Record<string, string>>
  /** Opens a sealed field at the moment it is needed. Throws vault/locked and auth/sign-in-needed when it is not there. */
  secret(field: string): string
  /** Keeps a setting found out while connecting, such as a pinned certificate. */
  remember(name: string, value: string): void
  /** Says how this way in fared, where a connection has others to go on with: its last failure, or null once it works. */
  report(failure: AppError | null): void
}

export interface GetOptions<S extends z.ZodType> {
  readonly base: string
  /** Below the base, beginning with a slash. Parts are already percent-encoded. */
  readonly path: string
  /** A list is sent as the same name several times. */
  readonly query?: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly schema: S
  readonly signal: AbortSignal
  /** Beside the authorization. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Rows that lie inside an answer. */
export interface RowsOptions<S extends z.ZodType, E extends z.ZodType = z.ZodType> extends GetOptions<S> {
  /** Names on the way to the array (`['data', 'items']`). A single object there counts as one row, nothing there as none. */
  readonly at?: readonly string[]
  /** Describes the whole answer, for what lies beside the rows (page marks). */
  readonly envelope?: E
}

/** A call that changes something. It is sent once, whatever happens. */
export interface SendOptions<S extends z.ZodType> extends GetOptions<S> {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Sent as JSON; the text is kept as it is where it is text already. Left out: no body. */
  readonly body?: unknown
}

export interface SentAnswer<T> {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Null for an empty body. */
  readonly data: T | null
  readonly asOf: Instant
}

export interface BrokerAnswer<T> {
  readonly data: T
  /** The broker's own clock on the answer, else ours at receipt. */
  readonly asOf: Instant
}

/** The rows of a JSON array, each beside its own source text. */
export interface BrokerRows<T, E = unknown> {
  readonly rows: readonly { readonly data: T; readonly raw: string }[]
  /** What `envelope` read; undefined without one. */
  readonly envelope: E
  readonly asOf: Instant
}

export interface BrokerHttp {
  /** GET and parse. Numbers come from their source text. Throws AppError; a 401 was already retried once after a renewal. */
  get<S extends z.ZodType>(options: GetOptions<S>): Promise<BrokerAnswer<z.output<S>>>
  /** The same for an array: `schema` describes one row, and each row keeps the text it was sent as. An empty answer has no rows. */
  getRows<S extends z.ZodType, E extends z.ZodType = z.ZodType>(options: RowsOptions<S, E>): Promise<BrokerRows<z.output<S>, z.output<E>>>
  /** The same for history, where one odd row must not hide all others: a row the schema does not fit has no data. */
  getHistory<S extends z.ZodType, E extends z.ZodType = z.ZodType>(options: RowsOptions<S, E>): Promise<BrokerRows<z.output<S> | null, z.output<E>>>
  /** GET of a text that is not JSON, such as XML. A page meant for people is still refused. */
  getText(options: Omit<GetOptions<z.ZodType>, 'schema'>): Promise<BrokerAnswer<string>>
  /**
   * Sends an order or anything else that must not happen twice: one try, no repetition after a 401 either. Throws order/unknown
   * when nobody can tell whether it arrived, order/rejected with the broker's words for a refusal, and the usual codes for a call
   * that never left.
   */
  send<S extends z.ZodType>(options: SendOptions<S>): Promise<SentAnswer<z.output<S>>>
  /** A POST that only asks (a session check, a preview): repeated like a GET, answered like one. */
  ask<S extends z.ZodType>(options: SendOptions<S>): Promise<BrokerAnswer<z.output<S>>>
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
  /** What one unit of it is worth in the account's base currency, by the broker's own rate; missing where it states none. */
  readonly toBase?: Dec | null
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

export interface BrokerOrder extends Omit<Order, 'accountId' | 'fetchedAt'> {
  /** Our own id, where the broker tells it back. */
  readonly clientOrderId?: string | null
}

export interface DateRange {
  /** Trade dates in the exchange's zone, both included. */
  readonly from: LocalDate
  readonly to: LocalDate
}

export interface BrokerActivity {
  readonly facts: ActivityFacts
  /** The broker's row as JSON text. */
  readonly raw: string
  /** How much this report of the row counts where a broker tells it in several ways; 0 when left out. A stored one that counts more stays. */
  readonly precedence?: number
}

export interface ActivityPage {
  readonly rows: readonly BrokerActivity[]
  /** Where to go on after these rows are saved; null when the range is complete. Opaque to everyone but the adapter. */
  readonly next: string | null
  readonly asOf: Instant
}

interface Stop {
  readonly signal: AbortSignal
}

/** Which orders to read. */
export interface OrderQuery {
  /** `open` still work, `closed` no longer do. */
  readonly status: 'open' | 'closed' | 'all'
  /** The days they were entered on. */
  readonly range: DateRange
}

/** One broker connection. Every call rejects with AppError and stops on its signal. `account` is a BrokerAccount's `key`. */
export interface BrokerAdapter {
  testConnection(options: Stop): Promise<{ accounts: number }>
  accounts(options: Stop): Promise<BrokerAccount[]>
  /** All currencies, or one. */
  balances(account: string, options: Stop & { readonly currency?: string }): Promise<BrokerBalance[]>
  positions(account: string, options: Stop): Promise<BrokerPosition[]>
  orders(account: string, query: OrderQuery, options: Stop): Promise<BrokerOrder[]>
  /** One order. Throws order/not-found. */
  orderStatus(account: string, orderId: string, options: Stop): Promise<BrokerOrder>
  /** One page of history. `cursor` is null at the start of a range, else the `next` of the page before. */
  activities(account: string, range: DateRange, cursor: string | null, options: Stop): Promise<ActivityPage>
  /** By Keelson's symbols; a symbol the broker does not know is left out. */
  quotes(symbols: readonly string[], options: Stop): Promise<Quote[]>
  /** Ends the access at the broker. Only the OAuth endpoints do that where `can.revoke` says so; this is for ways in with a session of their own. */
  revoke?(options: Stop): Promise<void>
  /**
   * Zones (IANA names) whose midnight too may end the day whose done orders are told, beside the exchange's: a program of the user's own keeps
   * the day of where it runs. Asks nobody.
   */
  dayZones?(): Promise<readonly string[]>
  /** Orders; null where `can.trading` is. Only core/orders may use it. */
  readonly trading: Trading | null
  /** The earliest day worth asking for when there is no history yet. */
  historyStart(today: LocalDate): LocalDate
  /** Days read again before the last complete day: late fees and corrections arrive there. */
  readonly overlapDays: number
  /** True when cursors are worked out here, from days alone: then a refusal is never about the cursor. */
  readonly ownCursors?: boolean
}

/**
 * Calls that move money. Each is sent at most once. Throws order/invalid for a draft the rules do not allow, order/rejected with the
 * broker's words, order/not-found, order/not-open for an order that is done, and order/unknown when the outcome is not known.
 */
export interface Trading {
  previewOrder(account: string, draft: OrderDraft, options: Stop): Promise<OrderPreview>
  placeOrder(account: string, draft: OrderDraft, options: Stop): Promise<PlacedOrder>
  /** The answer's id may be a new one. */
  replaceOrder(account: string, orderId: string, draft: OrderDraft, options: Stop): Promise<PlacedOrder>
  cancelOrder(account: string, orderId: string, options: Stop): Promise<PlacedOrder>
}

/** What a broker's refusal means. Undefined leaves it to the general rules (5xx and HTML are passing problems). */
export type ClassifyFailure = (answer: { readonly status: number; readonly body: string }) => ErrorCode | undefined
