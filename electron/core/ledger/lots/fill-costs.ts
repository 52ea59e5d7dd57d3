import { Dec } from '../../../../shared/domain/decimal.ts'
import type { LotRow } from './lot-row.ts'

const DOT = 46
const MINUS = 45
const ZERO = 48
const POWERS: readonly number[] = Array.from({ length: 16 }, (_, power) => 10 ** power)

interface Fill extends Pick<LotRow, 'fees'> {
  /** Signed. */
  readonly quantity: Dec
  readonly price: Dec
  readonly amount: Dec
}

/** What a fill cost beside its price: what its cash is more than quantity by price by multiplier. Where that is what the row calls its fees, it is that text. */
export function costsOf({ quantity, price, amount, fees }: Fill, multiplier: Dec): Dec {
  const [size, unit, units, cash, told] = [wholeOf(quantity), wholeOf(price), wholeOf(multiplier), wholeOf(amount), wholeOf(fees)]
  const scale = size.decimals + unit.decimals + units.decimals
  const most = Math.max(scale, cash.decimals)
  const stated = at(size.digits * unit.digits * units.digits, most - scale)
  const paid = at(cash.digits, most - cash.decimals)
  const costs = -(paid + stated)
  if (!Number.isSafeInteger(stated) || !Number.isSafeInteger(paid) || !Number.isSafeInteger(costs))
    return Dec.neg(Dec.add(amount, Dec.mul(Dec.mul(quantity, price), multiplier)))
  return costs === at(told.digits, most - told.decimals) ? fees : Dec.ofScaled(costs, most)
}

const at = (digits: number, decimals: number): number => digits * (POWERS[decimals] ?? Number.NaN)

interface Whole {
  readonly digits: number
  readonly decimals: number
}

/** All digits as a whole number, and how many are decimals. Too many of them are rounded, to one no smaller than a double holds exactly. */
function wholeOf(value: Dec): Whole {
  const { length } = value
  const isNegative = value.charCodeAt(0) === MINUS
  let digits = 0
  let dot = length - 1
  for (let place = isNegative ? 1 : 0; place < length; place += 1) {
    const code = value.charCodeAt(place)
    if (code === DOT) dot = place
    else digits = digits * 10 + (code - ZERO)
  }
  return { digits: isNegative ? -digits : digits, decimals: length - 1 - dot }
}
