import { Dec } from '../../../shared/domain/decimal.ts'
import { formatDecimal, MINUS } from '../../../shared/words/decimal.ts'
import { formatMoney, type MoneyStyle } from './money.ts'

/** A gain, a loss, or neither: the class its colour hangs on. The sign says it too. */
export function toneOf(value: Dec | null): 'good' | 'bad' | '' {
  if (value === null || Dec.isZero(value)) return ''
  return Dec.isNegative(value) ? 'bad' : 'good'
}

/** A change with its sign and currency; `unknown` where nobody knows it. */
export function formatChange(value: Dec | null, currency: string): string {
  return value === null ? 'unknown' : formatMoney(value, currency, { sign: 'always' })
}

/** An amount with its currency; `unknown` where nobody knows it. */
export function formatKnown(value: Dec | null, currency: string): string {
  return value === null ? 'unknown' : formatMoney(value, currency)
}

/** Costs of trades. Brokers leave a fee of nothing out as they do one they charge apart, so that nothing is said of it. */
export function formatFees(value: Dec, currency: string, style: MoneyStyle = {}): string {
  return Dec.isZero(value) ? 'none stated' : formatMoney(value, currency, style)
}

const COLUMN_PLACES = 4

/** A price that was worked out, with the decimals of its column: `230.4240`; a small one with four digits that tell it: `0.00001234`. */
export function formatColumnPrice(value: Dec): string {
  const fraction = /^-?0\.(0*)[1-9]/.exec(value)
  const max = COLUMN_PLACES + (fraction?.[1]?.length ?? 0)
  return formatDecimal(value, { min: COLUMN_PLACES, max })
}

/** Per cent with as many decimals everywhere, two unless it says: `+0.65 %`, `52.4 %`, `4.0 %`. */
export function formatPercent(value: Dec, { sign, places = 2 }: { readonly sign?: 'always'; readonly places?: number } = {}): string {
  return `${formatDecimal(value, { min: places, max: places, ...(sign ? { sign } : {}) })} %`
}

const STEPS = [
  { from: 1e9, by: 1e9, word: 'b' },
  { from: 1e6, by: 1e6, word: 'm' },
  { from: 1e4, by: 1e3, word: 'k' },
] as const

/** Figures for the axis of a chart, as short as they can be and yet tell one from the other: `12k`, `−1.5m`, `250`, `−186.06`; `719,028.62` where only the end does. */
export function axisTexts(values: readonly number[]): string[] {
  const different = new Set(values).size
  const ways = [...[0, 1].map(shortText), ...[0, 1, 2, 3, 4, 5, 6].map(fullText)]
  const tried = ways.map(way => values.map(value => signed(value, way(value))))
  return tried.find(texts => new Set(texts).size === different) ?? tried.at(-1) ?? []
}

function signed(value: number, text: string): string {
  return value < 0 && text !== '0' ? `${MINUS}${text}` : text
}

function shortText(more: number): (value: number) => string {
  return value => {
    const size = Math.abs(value)
    const step = STEPS.find(({ from }) => size >= from)
    return step ? `${trimmed(size / step.by, more)}${step.word}` : trimmed(size, more)
  }
}

/** A change where there is hardly any room, to be said in full elsewhere: `+2.6k`, `−131`, `+0.4`. */
export function shortChange(value: number): string {
  const size = Math.abs(value)
  const text =
    size >= 1e6 ? `${(size / 1e6).toFixed(1)}m` : size >= 1e3 ? `${(size / 1e3).toFixed(1)}k` : size < 1 ? size.toFixed(1) : size.toFixed(0)
  return `${value < 0 ? MINUS : '+'}${text}`
}

function fullText(places: number): (value: number) => string {
  return value => Math.abs(value).toLocaleString('en-US', { minimumFractionDigits: places, maximumFractionDigits: places })
}

function trimmed(value: number, more: number): string {
  return String(Number(value.toFixed((value < 10 ? 2 : 1) + more)))
}
