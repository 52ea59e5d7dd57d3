import { Dec } from '../../../shared/domain/decimal.ts'
import { formatDecimal, MINUS } from '../../../shared/words/decimal.ts'
import { formatMoney } from './money.ts'

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

/** Per cent with as many decimals everywhere, two unless it says: `+0.65 %`, `52.4 %`, `4.0 %`. */
export function formatPercent(value: Dec, { sign, places = 2 }: { readonly sign?: 'always'; readonly places?: number } = {}): string {
  return `${formatDecimal(value, { min: places, max: places, ...(sign ? { sign } : {}) })} %`
}

const STEPS = [
  { from: 1e9, by: 1e9, word: 'b' },
  { from: 1e6, by: 1e6, word: 'm' },
  { from: 1e4, by: 1e3, word: 'k' },
] as const

/** Figures for the axis of a chart, as short as they can be and yet tell one from the other: `12k`, `−1.5m`, `250`, `−186.06`. */
export function axisTexts(values: readonly number[]): string[] {
  const different = new Set(values).size
  for (let more = 0; more < MOST_MORE; more += 1) {
    const texts = values.map(value => axisText(value, more))
    if (new Set(texts).size === different) return texts
  }
  return values.map(value => axisText(value, MOST_MORE))
}

/** Decimals an axis may have beyond those it is read with most easily. */
const MOST_MORE = 4

function axisText(value: number, more: number): string {
  const size = Math.abs(value)
  const step = STEPS.find(({ from }) => size >= from)
  const text = step ? `${trimmed(size / step.by, more)}${step.word}` : trimmed(size, more)
  return value < 0 && text !== '0' ? `${MINUS}${text}` : text
}

/** A change where there is hardly any room, to be said in full elsewhere: `+2.6k`, `−131`, `+0.4`. */
export function shortChange(value: number): string {
  const size = Math.abs(value)
  const text =
    size >= 1e6 ? `${(size / 1e6).toFixed(1)}m` : size >= 1e3 ? `${(size / 1e3).toFixed(1)}k` : size < 1 ? size.toFixed(1) : size.toFixed(0)
  return `${value < 0 ? MINUS : '+'}${text}`
}

function trimmed(value: number, more: number): string {
  return String(Number(value.toFixed((value < 10 ? 2 : 1) + more)))
}
