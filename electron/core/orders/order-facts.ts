import type { Dec } from '../../../shared/domain/decimal.ts'
import type { OrderLimits } from '../../../shared/domain/order-limits.ts'
import type { OrderDraft } from '../../../shared/domain/order.ts'
import type { Instant } from '../../../shared/domain/time.ts'

/** Everything the guard looks at, gathered by its caller at the moment of sending. The guard itself reads nothing else. */
export interface OrderFacts {
  readonly draft: OrderDraft
  readonly limits: OrderLimits
  readonly now: Instant
  /** Null when nobody gave a price: then there is nothing to measure the order by, and it is not sent. */
  readonly quote: MarketPrice | null
  /** Units behind one of the quantity: 100 for a standard option; null when nobody knows (adjusted contracts). */
  readonly multiplier: Dec | null
  /**
   * How much of the account's currency, in which all limits are, one of the instrument's is worth: 1 where they are the same; null when
   * nobody knows, and then there is nothing to measure the order by.
   */
  readonly toAccountCurrency: Dec | null
  /** Of an order that opens a short option; null for any other, and where it is left out. */
  readonly short?: ShortOption | null
  /** Signed: short is negative. */
  readonly held: Dec
  /** What of the symbol is known to have filled and `held` may not show yet; nothing where it is left out. */
  readonly unshown?: Unshown
  /** Of the account, those that still work. */
  readonly working: readonly WorkingOrder[]
  /** Sent by Keelson, this account: in the last minute, and today in the exchange's zone. */
  readonly sentLastMinute: number
  readonly sentToday: number
  /** What today has lost so far, realized and unrealized, positive; null when it is not known. */
  readonly lossToday: Dec | null
  /** Sent in the last minute, for the same account. */
  readonly recent: readonly RecentOrder[]
  /** The kill switch is on. */
  readonly isKilled: boolean
  /** Trading is switched on for the connection, with the scope for it. */
  readonly isTradingOn: boolean
  /** Orders and positions were read whole since the connection came up, and no order is in doubt. */
  readonly isReconciled: boolean
  /** What the regular market does: `open`, or closed with extended trading around it or not. */
  readonly session: 'open' | 'extended' | 'closed'
  /** What the user confirmed beyond the order itself. */
  readonly confirmed: readonly Confirmation[]
}

/** Fills that what is held may not show yet; never negative. */
export interface Unshown {
  readonly sold: Dec
  readonly bought: Dec
}

/** What a short option may come to beyond its premium. */
export interface ShortOption {
  readonly strike: Dec
  /** Contracts of the order that nothing covers, and of all of its symbol after it. */
  readonly uncovered: Dec
  readonly uncoveredAll: Dec
}

/** What an order may need a second yes for. */
export const CONFIRMATIONS = ['duplicate', 'market-closed', 'off-market', 'unread-orders'] as const
export type Confirmation = (typeof CONFIRMATIONS)[number]

export interface MarketPrice {
  readonly bid: Dec | null
  readonly ask: Dec | null
  readonly last: Dec | null
  readonly asOf: Instant
  /** When it traded last, where that is told apart from the time of bid and ask. */
  readonly lastAsOf?: Instant
}

export interface WorkingOrder {
  readonly symbol: string
  readonly side: 'buy' | 'sell'
  /** What is left of it, positive. */
  readonly quantity: Dec
  /** What is left of it, in the account's currency, at its worst; null when nobody can tell. */
  readonly value: Dec | null
}

export interface RecentOrder {
  readonly symbol: string
  readonly side: 'buy' | 'sell'
  readonly quantity: Dec | null
  readonly notional: Dec | null
  readonly at: Instant
}
