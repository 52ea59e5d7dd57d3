import type { Lot } from '../../../../../electron/core/ledger/lots/engine.ts'
import { Dec } from '../../../../../shared/domain/decimal.ts'

/** What a lot cost with its costs (what a short lot brought after them), positive; null when nobody knows. */
export function costOfLot({ quantity, unit, principal, costs }: Lot): Dec | null {
  const whole = unit === null ? principal : Dec.mul(unit, Dec.abs(quantity))
  if (whole === null) return null
  return Dec.isNegative(quantity) ? Dec.sub(whole, costs) : Dec.add(whole, costs)
}
