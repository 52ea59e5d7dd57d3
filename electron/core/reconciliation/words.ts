import { Dec } from '../../../shared/domain/decimal.ts'
import { formatDecimal } from '../../../shared/words/decimal.ts'

const CENTS = 2
const PRICE_PLACES = 4
const SMALL_PRICE_PLACES = 8

/** `1,234.50 USD`: to the cent, and further only where less than a cent is all there is. */
export function moneyText(amount: Dec, currency: string): string {
  const isTiny = Dec.isZero(Dec.round(amount, CENTS))
  return `${formatDecimal(amount, { min: CENTS, max: isTiny ? SMALL_PRICE_PLACES : CENTS })} ${currency}`
}

/** A price with the digits it needs: `150.50`, `12.3457`, `0.00012345`. */
export function priceText(price: Dec, currency: string): string {
  const places = Dec.cmp(Dec.abs(price), Dec.of('1')) < 0 ? SMALL_PRICE_PLACES : PRICE_PLACES
  return `${formatDecimal(price, { min: CENTS, max: places })} ${currency}`
}

/** `1 MSFT was`, `2 MSFT were` */
export function wasWere(size: Dec): 'was' | 'were' {
  return size === '1' ? 'was' : 'were'
}
