import { z } from 'zod'
import { ORDER_TYPES, TIMES_IN_FORCE } from '../domain/order.ts'
import { defineRoute } from './route.ts'
import { AccountIdSchema, BrokerIdSchema, ConnectionIdSchema, DecSchema, EnvironmentSchema, ErrorShape, InstantSchema, SideSchema } from './schemas.ts'

const count = z.int().min(0)
const symbol = z.string().trim().min(1).max(40)
const positive = DecSchema.refine(value => /[1-9]/.test(value) && !value.startsWith('-'))

/** What the user filled in. The guard, not the form, decides whether it may go. */
export const TicketSchema = z.strictObject({
  accountId: AccountIdSchema,
  symbol,
  assetClass: z.enum(['equity', 'option', 'future', 'future-option', 'crypto', 'fund']),
  /** Short and cover are sell and buy of stock with the effect `open` and `close`. */
  action: z.enum(['buy', 'sell', 'short', 'cover', 'buy-to-open', 'buy-to-close', 'sell-to-open', 'sell-to-close']),
  type: z.enum(ORDER_TYPES),
  /** Exactly one of the two. */
  quantity: positive.nullable(),
  notional: positive.nullable(),
  limitPrice: positive.nullable(),
  stopPrice: positive.nullable(),
  timeInForce: z.enum(TIMES_IN_FORCE),
  extendedHours: z.boolean(),
  /** The broker's id of the working order this one takes the place of. */
  replaces: z.string().max(200).nullable().default(null),
})
export type Ticket = z.infer<typeof TicketSchema>

/** What a program calls a request of its own, to name it again: 1 to 64 letters, digits and `. _ : -`, a letter or digit first. */
export const RequestIdSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/)

/** A figure with where it comes from. Never a zero that nobody said. */
const EstimateSchema = z.object({ amount: DecSchema.nullable(), source: z.enum(['broker', 'ours', 'not-available']), note: z.string() })
export type EstimateView = z.infer<typeof EstimateSchema>

const ReasonSchema = z.object({ code: z.string(), message: z.string(), action: z.string() })

/** The file in the data folder that stops every order for as long as it is there, whatever is in it. */
export const KILL_FILE = 'kill-switch'

export const CONFIRMATIONS = ['duplicate', 'market-closed', 'off-market', 'unread-orders'] as const

export const QuoteViewSchema = z.object({
  symbol: z.string(), bid: DecSchema.nullable(), ask: DecSchema.nullable(), last: DecSchema.nullable(), previousClose: DecSchema.nullable(), change: DecSchema.nullable(), changePercent: DecSchema.nullable(),
  currency: z.string(), delayed: z.boolean(), /** Null where the broker does not say. */ asOf: InstantSchema.nullable(), fetchedAt: InstantSchema,
})
export type QuoteView = z.infer<typeof QuoteViewSchema>

export const ReviewSchema = z.object({
  /** Single use, for 30 seconds, for exactly this order. */
  reviewId: z.string(), hash: z.string(), expiresAt: InstantSchema,
  connectionId: ConnectionIdSchema, broker: BrokerIdSchema, environment: EnvironmentSchema, accountId: AccountIdSchema, accountName: z.string(), maskedNumber: z.string(),
  /** What is sent, a line each, in a fixed order, as plain text. */
  lines: z.array(z.object({ label: z.string(), value: z.string() })),
  value: EstimateSchema, worstValue: EstimateSchema, fees: EstimateSchema, buyingPower: EstimateSchema, quote: QuoteViewSchema.nullable(),
  brokerWarnings: z.array(z.string()),
  /** Empty when it may go. */
  stops: z.array(ReasonSchema),
  /** What needs a second yes, with the sentence that asks for it. */
  needs: z.array(z.object({ confirmation: z.enum(CONFIRMATIONS), sentence: z.string() })),
  needsLiveDigits: z.boolean(),
})
export type ReviewView = z.infer<typeof ReviewSchema>

export const OUTCOMES = ['sending', 'confirmed', 'rejected', 'unknown', 'not-sent'] as const

/** What became of something sent. `unknown` is never sent again; it is looked up until it is known. */
export const PlacedSchema = z.object({
  intentId: z.string(), outcome: z.enum(OUTCOMES), externalId: z.string().nullable(), status: z.string().nullable(), sentence: z.string(), error: ErrorShape.nullable(),
})
export type PlacedView = z.infer<typeof PlacedSchema>

export const OrderRowSchema = z.object({
  /** `ord_...` of a broker's order, `int_...` of one of ours that no broker has shown yet. */
  id: z.string(), accountId: AccountIdSchema, connectionId: ConnectionIdSchema, broker: BrokerIdSchema, environment: EnvironmentSchema,
  externalId: z.string().nullable(), intentId: z.string().nullable(), isOurs: z.boolean(), symbol: z.string().nullable(), side: SideSchema.nullable(), type: z.string(), timeInForce: z.string(),
  /** The broker's where it has said one; `sending`, `unknown` and `not-sent` are ours. */
  status: z.string(), statusText: z.string(), isOpen: z.boolean(),
  quantity: DecSchema.nullable(), notional: DecSchema.nullable(), filledQuantity: DecSchema, limitPrice: DecSchema.nullable(), stopPrice: DecSchema.nullable(), averageFillPrice: DecSchema.nullable(),
  /** What its prices are in; null where nobody has said. */
  currency: z.string().nullable(),
  submittedAt: InstantSchema, updatedAt: InstantSchema, fetchedAt: InstantSchema.nullable(), canCancel: z.boolean(), canReplace: z.boolean(),
})
export type OrderRow = z.infer<typeof OrderRowSchema>

/** Money is in the account's currency. Of two limits for the same thing the smaller counts. */
export const LimitsSchema = z.strictObject({
  maxQuantity: positive, maxNotional: positive, maxPosition: positive, maxOpenValue: positive, ordersPerMinute: z.int().min(1).max(60), ordersPerDay: z.int().min(1).max(10_000),
  maxDailyLoss: positive, collarPercent: positive, quoteMaxAgeMs: z.int().min(500).max(60_000), allow: z.array(symbol).max(500).nullable(), deny: z.array(symbol).max(500),
})
export type LimitsView = z.infer<typeof LimitsSchema>

export const DeskSchema = z.object({
  kill: z.object({ on: z.boolean(), since: InstantSchema.nullable(), by: z.string().nullable() }),
  connections: z.array(z.object({
    connectionId: ConnectionIdSchema, broker: BrokerIdSchema, name: z.string(), environment: EnvironmentSchema,
    /** What the broker takes; null where it takes no orders from apps. */
    rules: z.object({
      assetClasses: z.array(z.string()), types: z.array(z.string()), timesInForce: z.array(z.string()), fractional: z.array(z.string()), notional: z.array(z.string()), preview: z.boolean(),
      replace: z.boolean(), extendedHours: z.boolean(),
    }).nullable(),
    isOn: z.boolean(),
    /** Why it cannot be switched on or used now; null when it can. */
    because: ReasonSchema.nullable(),
    /** Orders and positions were read whole since the connection came up, and none of ours is in doubt. */
    isReconciled: z.boolean(), unknown: count,
    automation: z.enum(['approve', 'direct']),
    accounts: z.array(z.object({ accountId: AccountIdSchema, name: z.string(), maskedNumber: z.string(), currency: z.string(), isArmed: z.boolean() })),
  })),
  requests: count,
})
export type DeskView = z.infer<typeof DeskSchema>

export const RequestSchema = z.object({ id: z.string(), /** What its program calls it. */ requestId: z.string().nullable(), ticket: TicketSchema, /** What the user made of it before it was sent; null where that was nothing else. */ changedTo: TicketSchema.nullable().default(null), from: z.string(), createdAt: InstantSchema, expiresAt: InstantSchema, state: z.enum(['waiting', 'placed', 'declined', 'expired']), placed: PlacedSchema.nullable() })
export type OrderRequestView = z.infer<typeof RequestSchema>

const AuditVerdictSchema = z.object({
  isSound: z.boolean(), rows: count, ms: z.number(), problem: z.object({ row: count.nullable(), sentence: z.string() }).nullable(), head: z.string().nullable(),
})

/** Guarded orders: off by default, reviewed, sent once, and honest about what is not known. */
export const orderRoutes = {
  'orders.desk': defineRoute({ kind: 'query', input: z.strictObject({}), output: DeskSchema }),
  /** Switches trading for a connection. Throws order/scope-missing where the sign-in does not allow it: reconnect with it. */
  'orders.setTrading': defineRoute({ kind: 'command', input: z.strictObject({ connectionId: ConnectionIdSchema, on: z.boolean(), automation: z.enum(['approve', 'direct']).optional() }), output: z.object({}) }),
  /** Live accounts want their last digits once a run. Throws order/wrong-digits. */
  'orders.arm': defineRoute({ kind: 'command', input: z.strictObject({ accountId: AccountIdSchema, digits: z.string().regex(/^[0-9A-Za-z]{2,4}$/) }), output: z.object({}) }),
  'orders.quote': defineRoute({ kind: 'query', input: z.strictObject({ accountId: AccountIdSchema, symbol, assetClass: z.string().max(32) }), output: QuoteViewSchema.nullable() }),
  'orders.review': defineRoute({ kind: 'command', input: TicketSchema, output: ReviewSchema }),
  /** Sends what was reviewed, at most once. Throws order/review-used, order/review-expired and order/changed; a broker's refusal is in the answer. */
  'orders.place': defineRoute({
    kind: 'command', input: z.strictObject({ reviewId: z.string().max(100), hash: z.string().max(100), confirmed: z.array(z.enum(CONFIRMATIONS)).max(CONFIRMATIONS.length).default([]) }), output: PlacedSchema,
  }),
  /** Allowed under the kill switch too. */
  'orders.cancel': defineRoute({ kind: 'command', input: z.strictObject({ accountId: AccountIdSchema, externalId: z.string().max(200) }), output: PlacedSchema }),
  'orders.list': defineRoute({
    kind: 'query',
    input: z.strictObject({ state: z.enum(['open', 'done', 'all']).default('all'), accountId: AccountIdSchema.optional(), symbol: symbol.optional(), limit: z.int().min(1).max(500), after: z.string().max(200).optional() }),
    output: z.object({ rows: z.array(OrderRowSchema), next: z.string().nullable() }),
  }),
  'orders.detail': defineRoute({
    kind: 'query', input: z.strictObject({ id: z.string().max(300) }),
    output: z.object({ order: OrderRowSchema, ticket: TicketSchema.nullable(), events: z.array(z.object({ at: InstantSchema, kind: z.string(), sentence: z.string(), brokerSays: z.string().nullable() })), fills: z.array(z.string()) }),
  }),
  /** Looks for what is not known now. Never sends anything. */
  'orders.resolve': defineRoute({ kind: 'command', input: z.strictObject({ intentId: z.string().max(100) }), output: PlacedSchema }),
  /** The user saw at the broker what became of it. */
  'orders.settle': defineRoute({ kind: 'command', input: z.strictObject({ intentId: z.string().max(100), outcome: z.enum(['confirmed', 'rejected']) }), output: PlacedSchema }),
  'orders.limits': defineRoute({ kind: 'query', input: z.strictObject({}), output: z.object({ global: LimitsSchema, accounts: z.array(z.object({ accountId: AccountIdSchema, limits: LimitsSchema })), lockedUntil: InstantSchema.nullable() }) }),
  /** Lower counts at once; daily loss and daily count cannot be raised until the next trading day begins. Throws order/limit-locked. */
  'orders.setLimits': defineRoute({ kind: 'command', input: z.strictObject({ accountId: AccountIdSchema.nullable(), limits: LimitsSchema.nullable() }), output: z.object({}) }),
  /** Stops every new order and every change of one, everywhere, until it is taken back. */
  'orders.kill': defineRoute({ kind: 'command', input: z.strictObject({ by: z.enum(['window', 'tray', 'cli', 'shortcut']) }), output: z.object({}) }),
  /** `phrase` is the word TRADE, typed. Throws order/wrong-phrase. */
  'orders.rearm': defineRoute({ kind: 'command', input: z.strictObject({ phrase: z.string().max(20) }), output: z.object({}) }),
  /**
   * What programs ask for; the user reviews and places it, or declines. Asked again with the same `requestId`, it is the same request, and
   * answers what became of that, for 90 days and through restarts; throws order/request-id-used for another order under it.
   */
  'orders.request': defineRoute({ kind: 'command', input: z.strictObject({ ticket: TicketSchema, from: z.string().trim().min(1).max(60), requestId: RequestIdSchema.optional() }), output: RequestSchema }),
  'orders.requests': defineRoute({ kind: 'query', input: z.strictObject({ id: z.string().max(100).optional() }), output: z.array(RequestSchema) }),
  'orders.approve': defineRoute({ kind: 'command', input: z.strictObject({ id: z.string().max(100), reviewId: z.string().max(100), hash: z.string().max(100), confirmed: z.array(z.enum(CONFIRMATIONS)).max(CONFIRMATIONS.length).default([]) }), output: PlacedSchema }),
  'orders.decline': defineRoute({ kind: 'command', input: z.strictObject({ id: z.string().max(100) }), output: z.object({}) }),
  /** Reckons every row of the log of orders anew, and looks whether it reaches as far as it did. */
  'audit.verify': defineRoute({ kind: 'query', input: z.strictObject({}), output: AuditVerdictSchema }),
  /**
   * Takes a log that is not sound as it is: what is there is frozen, a row says what was wrong, and orders go again. Nothing is deleted.
   * `shown` is the sentence of the problem the user was shown; throws order/audit-changed for another one.
   */
  'audit.accept': defineRoute({ kind: 'command', input: z.strictObject({ shown: z.string().max(2_000) }), output: AuditVerdictSchema }),
  'audit.page': defineRoute({
    kind: 'query', input: z.strictObject({ limit: z.int().min(1).max(500), after: z.int().min(0).optional() }),
    output: z.object({ rows: z.array(z.object({ seq: count, at: InstantSchema, kind: z.string(), accountId: AccountIdSchema.nullable(), intentId: z.string().nullable(), sentence: z.string() })), next: z.int().nullable() }),
  }),
} as const
