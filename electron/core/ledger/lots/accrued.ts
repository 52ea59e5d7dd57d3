import { Dec } from '../../../../shared/domain/decimal.ts'
import { costsOf } from './fill-costs.ts'
import type { LotRow } from './lot-row.ts'
import { PAR, shownMultiplier } from './multiplier.ts'

/** Half of the last of three decimals of a price in percent, for one unit: cash that differs by less differs because a price was rounded. */
const ROUNDING = Dec.of('0.000005')

/**
 * The interest that had accrued when a bond was sold, or below 0 when it was bought: what its cash is beside price and fees. It is income of
 * the day, or takes from it, and neither cost nor commission. 0 where the row states no such cash, or cash that goes the other way.
 */
export function accruedOf({ kind, assetClass, side, quantity, price, amount, fees }: AccruedRow): Dec {
  if (assetClass !== 'bond' || quantity === null || price === null || amount === null) return Dec.zero
  if (shownMultiplier({ kind, side, quantity, price, amount, fees }) !== PAR) return Dec.zero
  const size = Dec.abs(quantity)
  const isSale = side === 'sell'
  const accrued = Dec.sub(fees, costsOf({ quantity: isSale ? Dec.neg(size) : size, price, amount, fees }, PAR))
  const isRounding = Dec.cmp(Dec.abs(accrued), Dec.mul(size, ROUNDING)) <= 0
  return isRounding || Dec.isNegative(accrued) === isSale ? Dec.zero : accrued
}

type AccruedRow = Pick<LotRow, 'kind' | 'assetClass' | 'side' | 'quantity' | 'price' | 'amount' | 'fees'>
