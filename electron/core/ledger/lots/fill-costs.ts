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
  const scale = Dec.decimals(quantity) + Dec.decimals(price) + Dec.decimals(multiplier)
  const own = Dec.decimals(amount)
  const most = Math.max(scale, own)
  const stated = at(digitsOf(quantity) * digitsOf(price) * digitsOf(multiplier), most - scale)
  const paid = at(digitsOf(amount), most - own)
  const costs = -(paid + stated)
  if (!Number.isSafeInteger(stated) || !Number.isSafeInteger(paid) || !Number.isSafeInteger(costs))
    return Dec.neg(Dec.add(amount, Dec.mul(Dec.mul(quantity, price), multiplier)))
  return costs === at(digitsOf(fees), most - Dec.decimals(fees)) ? fees : Dec.ofScaled(costs, most)
}

const at = (digits: number, decimals: number): number => digits * (POWERS[decimals] ?? Number.NaN)

/** All digits as a whole number. Too many of them are rounded, to one no smaller than a double holds exactly. */
function digitsOf(value: Dec): number {
  const isNegative = value.charCodeAt(0) === MINUS
  let digits = 0
  for (let place = isNegative ? 1 : 0; place < value.length; place += 1) {
    const code = value.charCodeAt(place)
    if (code !== DOT) digits = digits * 10 + (code - ZERO)
  }
  return isNegative ? -digits : digits
}
