import { Dec } from '../../../shared/domain/decimal.ts'
import { formatDecimal } from '../../../shared/words/decimal.ts'

const CENTS = 2
const PRICE_PLACES = 4
const SMALL_PLACES = 8

/** `1,234.50 USD`: to the cent, and further only where less than a cent is all there is. */
export function moneyText(amount: Dec, currency: string): string {
  const isTiny = Dec.isZero(Dec.round(amount, CENTS))
  return `${formatDecimal(amount, { min: CENTS, max: isTiny ? SMALL_PLACES : CENTS })} ${currency}`
}

/** A price with the digits it needs: `150.50 USD`, `12.3457 USD`, `0.00012346 USD`. */
export function priceText(price: Dec, currency: string): string {
  const places = Dec.cmp(Dec.abs(price), Dec.of('1')) < 0 ? SMALL_PLACES : PRICE_PLACES
  return `${formatDecimal(price, { min: CENTS, max: places })} ${currency}`
}

/** The words for so many of something: of one, and of any other number. */
export function wordsFor(size: Dec) {
  return Dec.abs(size) === '1' ? ({ they: 'it', them: 'it', were: 'was' } as const) : ({ they: 'they', them: 'them', were: 'were' } as const)
}
