import type { AssetClass } from '../../../../shared/domain/instrument.ts'
import type { Dec } from '../../../../shared/domain/decimal.ts'

/** What a holding is worth. IBKR states what a future controls, which nobody paid: what it gained stands for its value, as at other brokers. */
export function ownValue(assetClass: AssetClass, stated: Dec | null, unrealized: Dec | null): Dec | null {
  return assetClass === 'future' ? unrealized : stated
}
