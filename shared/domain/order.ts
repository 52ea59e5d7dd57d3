import type { Dec } from './decimal.ts'
import type { AccountId } from './ids.ts'
import type { Instant } from './time.ts'

/** Where an order stands. `other` keeps a status we do not know; `statusText` always has the broker's own word. */
export type OrderStatus = 'working' | 'partially-filled' | 'filled' | 'canceled' | 'replaced' | 'rejected' | 'expired' | 'other'

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
