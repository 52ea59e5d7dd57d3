import type { Dec } from './decimal.ts'
import type { AccountId, ActivityId, ConnectionId } from './ids.ts'
import type { AssetClass } from './instrument.ts'
import type { Instant, LocalDate } from './time.ts'

/** What a row of history is. Unknown broker types become `other` and keep their raw row. */
export const ACTIVITY_KINDS = [
  'trade', 'dividend', 'interest', 'fee', 'tax', 'transfer', 'journal', 'split', 'option-event', 'corporate-action', 'other',
] as const
export type ActivityKind = (typeof ACTIVITY_KINDS)[number]

export const SIDES = ['buy', 'sell'] as const
export type Side = (typeof SIDES)[number]

/** The facts of one activity, as an adapter maps them; identity and stamps are added when it is stored. */
export interface ActivityFacts {
  /** The broker's own id of the row. */
  readonly externalId: string
  readonly kind: ActivityKind
  /** The broker's own word for the kind, kept as sent. */
  readonly brokerType: string
  readonly symbol: string | null
  readonly assetClass: AssetClass | null
  readonly side: Side | null
  readonly positionEffect: 'open' | 'close' | null
  /** A trade's quantity is unsigned beside its side; without a side it is the signed change of the position. */
  readonly quantity: Dec | null
  readonly price: Dec | null
  /** Signed cash after costs, in `currency`. Null when the broker states none and it cannot be computed exactly. */
  readonly amount: Dec | null
  /** All costs inside the row, positive. */
  readonly fees: Dec
  readonly currency: string
  /** Null when the broker gives only a day. */
  readonly executedAt: Instant | null
  /** The day in the exchange's zone. */
  readonly tradeDate: LocalDate
  readonly orderId: string | null
  readonly description: string | null
  /** `corrected` rows replace an earlier state; `canceled` rows no longer count. */
  readonly status: 'final' | 'corrected' | 'canceled'
}

/** One row of history. */
export interface Activity extends ActivityFacts {
  readonly id: ActivityId
  readonly connectionId: ConnectionId
  readonly accountId: AccountId
  readonly asOf: Instant
  readonly fetchedAt: Instant
}
