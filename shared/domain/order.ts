import type { Dec } from './decimal.ts'
import type { AccountId } from './ids.ts'
import type { AssetClass } from './instrument.ts'
import type { Instant } from './time.ts'

/**
 * Where an order stands. `other` keeps a status we do not know, `unlisted` is ours: it worked when the broker told of it last, and the
 * broker knows it no longer. `statusText` always has the broker's own word.
 */
export type OrderStatus =
  'working' | 'partially-filled' | 'filled' | 'canceled' | 'replaced' | 'rejected' | 'expired' | 'unlisted' | 'other'

export const ORDER_TYPES = ['market', 'limit', 'stop', 'stop-limit', 'trailing-stop'] as const
export type OrderType = (typeof ORDER_TYPES)[number]

/** `opg` and `cls` take part in the opening and the closing auction. */
export const TIMES_IN_FORCE = ['day', 'gtc', 'ioc', 'fok', 'opg', 'cls'] as const
export type TimeInForce = (typeof TIMES_IN_FORCE)[number]

/** An order as read from a broker. */
export interface Order {
  readonly accountId: AccountId
  readonly externalId: string
  readonly symbol: string | null
  readonly side: 'buy' | 'sell' | null
  readonly type: string
  readonly timeInForce: string
  readonly status: OrderStatus
  readonly statusText: string
  readonly quantity: Dec | null
  readonly filledQuantity: Dec
  readonly limitPrice: Dec | null
  readonly stopPrice: Dec | null
  readonly averageFillPrice: Dec | null
  readonly submittedAt: Instant
  readonly updatedAt: Instant
  readonly fetchedAt: Instant
}

/** How far a trailing stop stays behind: an amount of the currency, or percent of the price. */
export interface Trail {
  readonly kind: 'amount' | 'percent'
  readonly value: Dec
}

/** An order to be sent. Prices are in the instrument's currency for one unit; quantities are positive. */
export interface OrderDraft {
  /** Ours, at most 36 characters; goes to the broker where it keeps one. */
  readonly clientOrderId: string
  /** Keelson's spelling: OCC without padding for options, `BTC/USD` for crypto pairs, `/ESZ26` for futures. */
  readonly symbol: string
  readonly assetClass: AssetClass
  readonly side: 'buy' | 'sell'
  /** Required for options and futures options. A `sell` that opens an equity position is a short sale. */
  readonly positionEffect: 'open' | 'close' | null
  readonly type: OrderType
  /** Exactly one of quantity and notional (currency amount) is given. */
  readonly quantity: Dec | null
  readonly notional: Dec | null
  readonly limitPrice: Dec | null
  readonly stopPrice: Dec | null
  readonly trail: Trail | null
  readonly timeInForce: TimeInForce
  readonly extendedHours: boolean
}

/** What a broker says an order would do. Null where it does not say. */
export interface OrderPreview {
  /** Signed cash effect before costs. */
  readonly estimatedValue: Dec | null
  readonly estimatedFees: Dec | null
  /** What buying power would change by. */
  readonly buyingPowerEffect: Dec | null
  readonly currency: string
  readonly warnings: readonly string[]
  /** Reasons for which the broker would refuse it; empty when it would be taken. */
  readonly refusals: readonly string[]
}

/** What a broker answered to an order that was sent, changed or canceled. */
export interface PlacedOrder {
  readonly externalId: string
  readonly status: OrderStatus
  /** The broker's own word. */
  readonly statusText: string
}

export interface Quote {
  readonly symbol: string
  readonly bid: Dec | null
  readonly ask: Dec | null
  readonly last: Dec | null
  readonly previousClose: Dec | null
  readonly currency: string
  readonly delayed: boolean
  /** When the oldest price that counts was quoted, by the broker; null where it does not say. */
  readonly asOf: Instant | null
  /**
   * When bid and ask were quoted, and when it traded last, null where nobody says; left out where the broker tells one time for all. With
   * `isOwnClock` `quoted` is when they came, by this computer's clock, which may be off.
   */
  readonly times?: { readonly quoted: Instant | null; readonly traded: Instant | null; readonly isOwnClock?: boolean }
}
