import type { Dec } from './decimal.ts'
import type { AccountId } from './ids.ts'
import type { AssetClass } from './instrument.ts'
import type { Instant } from './time.ts'

/** A holding. A negative quantity is short, everywhere. */
export interface Position {
  readonly accountId: AccountId
  readonly symbol: string
  readonly assetClass: AssetClass
  readonly quantity: Dec
  readonly averagePrice: Dec | null
  readonly marketValue: Dec | null
  readonly unrealized: Dec | null
  readonly currency: string
  readonly asOf: Instant
  readonly fetchedAt: Instant
}
