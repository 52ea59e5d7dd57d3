import type { Dec } from './decimal.ts'
import type { AccountId, ConnectionId } from './ids.ts'
import type { Instant } from './time.ts'

/** A brokerage account as shown: the number is masked and never leaves the core whole. */
export interface Account {
  readonly id: AccountId
  readonly connectionId: ConnectionId
  readonly name: string
  /** `••••4417` */
  readonly maskedNumber: string
  readonly type: string
  readonly currency: string
}

/** Balances of one account in one currency. Null where the broker states none. */
export interface Balance {
  readonly accountId: AccountId
  readonly currency: string
  readonly netLiquidation: Dec | null
  readonly cash: Dec | null
  readonly buyingPower: Dec | null
  /** What one unit of it is worth in the account's base currency, by the broker's own rate; missing where it states none. */
  readonly toBase?: Dec | null
  /** When the figures held, as far as the broker says. */
  readonly asOf: Instant
  /** When Keelson read them. */
  readonly fetchedAt: Instant
}
