import { Dec } from '../../../../shared/domain/decimal.ts'
import type { LotRow } from './lot-row.ts'

/** Digits that stay exact in a double, with those of a sign and a point. */
const LONGEST = 15
const [DOT, MINUS, ZERO] = [46, 45, 48]
const POWERS: readonly number[] = Array.from({ length: 16 }, (_, power) => 10 ** power)
const ONE = Dec.of('1')

interface Fill extends Pick<LotRow, 'fees'> {
  /** Signed. */
  readonly quantity: Dec
  readonly price: Dec
  readonly amount: Dec
}

/** What a fill cost beside its price: what its cash is more than quantity by price by multiplier. Where that is what the row calls its fees, it is that text. */
export function costsOf({ quantity, price, amount, fees }: Fill, multiplier: Dec): Dec {
  const scale = decimalsOf(quantity) + decimalsOf(price) + decimalsOf(multiplier)
  const own = decimalsOf(amount)
  const most = Math.max(scale, own, decimalsOf(fees))
  const value = digitsOf(quantity) * digitsOf(price) * (multiplier === ONE ? 1 : digitsOf(multiplier))
  const [stated, paid] = [at(value, most - scale), at(digitsOf(amount), most - own)]
  const costs = -(paid + stated)
  if (!isExact(value) || !isExact(stated) || !isExact(paid) || !isExact(costs))
    return Dec.neg(Dec.add(amount, Dec.mul(Dec.mul(quantity, price), multiplier)))
  return costs === at(digitsOf(fees), most - decimalsOf(fees)) ? fees : Dec.ofScaled(costs, most)
}

const at = (digits: number, decimals: number): number => digits * (POWERS[decimals] ?? Number.NaN)

const isExact = (value: number): boolean => value <= Number.MAX_SAFE_INTEGER && value >= -Number.MAX_SAFE_INTEGER

/** From the end: most have few. */
function decimalsOf(value: Dec): number {
  for (let place = value.length - 1; place >= 0; place -= 1) if (value.charCodeAt(place) === DOT) return value.length - 1 - place
  return 0
}

/** All digits as a whole number; NaN for too many of them. */
function digitsOf(value: Dec): number {
  const { length } = value
  if (length > LONGEST) return Number.NaN
  const isNegative = value.charCodeAt(0) === MINUS
  let digits = 0
  for (let place = isNegative ? 1 : 0; place < length; place += 1) {
    const code = value.charCodeAt(place)
    if (code !== DOT) digits = digits * 10 + (code - ZERO)
  }
  return isNegative ? -digits : digits
}
