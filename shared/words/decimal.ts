import { Dec } from '../domain/decimal.ts'

/** A true minus sign: as wide as a digit in tabular figures. */
export const MINUS = '\u2212'

export interface DecimalStyle {
  /** Fraction digits shown at least; zeros fill up. */
  readonly min?: number
  /** Fraction digits shown at most; rounded half to even. Without it nothing is rounded. */
  readonly max?: number
  /** `always` puts a plus before positive values: for changes only. */
  readonly sign?: 'always' | 'negative'
}

interface Parts {
  readonly sign: '' | '+' | typeof MINUS
  readonly digits: string
}

/** Sign and grouped digits of a decimal, worked out on its text. */
export function decimalParts(value: Dec, style: DecimalStyle = {}): Parts {
  const shown = style.max === undefined ? value : Dec.round(value, style.max)
  const negative = Dec.isNegative(shown)
  const [whole = '0', fraction = ''] = (negative ? shown.slice(1) : shown).split('.')
  const padded = fraction.padEnd(style.min ?? 0, '0')
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',')
  const sign = negative ? MINUS : style.sign === 'always' && !Dec.isZero(shown) ? '+' : ''
  return { sign, digits: padded === '' ? grouped : `${grouped}.${padded}` }
}

/** `1,234.5`, `−0.25`, `+3`. */
export function formatDecimal(value: Dec, style: DecimalStyle = {}): string {
  const { sign, digits } = decimalParts(value, style)
  return sign + digits
}

/** A quantity as traded: every digit, grouped. */
export function formatQuantity(value: Dec): string {
  return formatDecimal(value)
}

/** A price as traded: every digit, two decimals at least. */
export function formatPrice(value: Dec): string {
  return formatDecimal(value, { min: 2 })
}

/** A whole number of things: `18,204`. */
export function formatCount(count: number): string {
  return formatDecimal(Dec.of(String(Math.trunc(count))))
}

/** `1 account`, `3 accounts`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}

/** A file's size: `812 B`, `14 kB`, `2.4 MB`, `81.2 GB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  if (bytes < 999_500) return `${Math.round(bytes / 1000)} kB`
  return bytes < 999.95e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`
}
