import { Dec } from '../../../shared/domain/decimal.ts'

const PLACES = 8

/** The average price of fills, weighted by quantity and rounded half up to 8 decimals; null when nothing was filled. */
export function averagePrice(fills: readonly { readonly quantity: Dec; readonly price: Dec }[]): Dec | null {
  const quantity = Dec.sum(fills.map(fill => fill.quantity))
  if (Dec.isZero(quantity) || Dec.isNegative(quantity)) return null
  const value = Dec.sum(fills.map(fill => Dec.mul(fill.quantity, fill.price)))
  const [digits, scale] = unscaled(value)
  const [divisor, divisorScale] = unscaled(quantity)
  const numerator = digits * 10n ** BigInt(PLACES + 1 + divisorScale)
  const tenths = numerator / (divisor * 10n ** BigInt(scale))
  const rounded = (tenths + (tenths < 0n ? -5n : 5n)) / 10n
  return Dec.of(placed(rounded, PLACES))
}

/** A decimal as an integer and the number of its decimals. */
function unscaled(value: Dec): [bigint, number] {
  const dot = value.indexOf('.')
  return dot < 0 ? [BigInt(value), 0] : [BigInt(value.replace('.', '')), value.length - dot - 1]
}

function placed(digits: bigint, places: number): string {
  const text = (digits < 0n ? -digits : digits).toString().padStart(places + 1, '0')
  return `${digits < 0n ? '-' : ''}${text.slice(0, -places)}.${text.slice(-places)}`
}
