import type { Dec } from '../../../shared/domain/decimal.ts'
import type { Money } from '../../../shared/domain/money.ts'
import { decimalParts, formatDecimal } from '../../../shared/words/decimal.ts'

const SYMBOLS: Readonly<Record<string, string>> = { USD: '$', EUR: '€', GBP: '£', JPY: '¥', CAD: 'CA$', AUD: 'A$', HKD: 'HK$', INR: '₹' }
const WHOLE = new Set(['JPY', 'KRW', 'CLP', 'ISK', 'VND', 'HUF'])

export interface MoneyStyle {
  /** `always` for changes: gains carry a plus. */
  readonly sign?: 'always' | 'negative'
  /** Every digit there is, instead of the currency's usual ones. */
  readonly exact?: boolean
}

/** Fraction digits a currency is usually written with. */
export function currencyDigits(currency: string): number {
  return WHOLE.has(currency) ? 0 : 2
}

/** An amount with its currency: `$1,234.50`, `−€3.10`, `CHF 12.00`. */
export function formatMoney(amount: Dec, currency: string, style: MoneyStyle = {}): string {
  const { sign, digits } = decimalParts(amount, digitsOf(currency, style))
  return `${sign}${SYMBOLS[currency] ?? `${currency}\u00a0`}${digits}`
}

/** An amount whose currency stands elsewhere, such as in the column's heading. */
export function formatAmount(amount: Dec, currency: string, style: MoneyStyle = {}): string {
  return formatDecimal(amount, digitsOf(currency, style))
}

/** `$1.00 and €2.00`. */
export function formatMoneys(values: readonly Money[], style: MoneyStyle = {}): string {
  return values.map(({ amount, currency }) => formatMoney(amount, currency, style)).join(' and ')
}

function digitsOf(currency: string, style: MoneyStyle) {
  const min = currencyDigits(currency)
  const sign = style.sign ?? 'negative'
  return style.exact ? { min, sign } : { min, max: min, sign }
}
