import type { OutputOf } from '../../../shared/contract/routes.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import { formatDecimal, plural } from '../../../shared/words/decimal.ts'
import { instrumentLine } from '../../../shared/words/instrument.ts'
import { formatWeekday } from '../../../shared/words/time.ts'

export interface DayFacts {
  readonly day: LocalDate
  readonly results: OutputOf<'ledger.days'>
  readonly symbols: OutputOf<'ledger.bySymbol'>
  readonly trades: readonly { readonly symbol: string; readonly fills: number }[]
  /** Set where the figures are of practice accounts. */
  readonly practice: string | null
}

const QUESTIONS = ['What went well:', 'What I would do differently:', 'Tomorrow:'] as const

/** The day in words and figures, with what is left to the user as questions. Every figure has its currency. */
export function draftOf(facts: DayFacts): OutputOf<'journal.draft'> {
  const { day, results, trades, practice } = facts
  const lines = [...results.flatMap(resultLines), ...symbolLines(facts), tradeLine(trades)].filter(line => line !== null)
  const hasActivity = results.length > 0 || trades.length > 0
  const head = practice === null ? [] : [`Figures of ${practice} accounts.`]
  const body = hasActivity ? [...head, ...lines] : ['Nothing was traded or booked on this day.']
  return { day, title: `Review of ${formatWeekday(day)}`, text: `${body.join('\n')}\n\n${QUESTIONS.join('\n\n\n')}\n`, hasActivity }
}

function resultLines(result: DayFacts['results'][number]): (string | null)[] {
  const { currency } = result
  const also: readonly (readonly [string, Dec])[] = [
    ['Dividends', result.dividends],
    ['Interest', result.interest],
    ['Other fees', Dec.neg(result.otherFees)],
  ]
  return [
    result.closings === 0
      ? null
      : `Realised: ${signed(result.realized)} ${currency} in ${plural(result.closings, 'closing')}, fees of ${grouped(result.fees)} ${currency} included.`,
    result.unknown === 0 ? null : `${plural(result.unknown, 'closing')} of unknown cost ${result.unknown === 1 ? 'is' : 'are'} in no sum.`,
    ...also.map(([word, amount]) => (Dec.isZero(amount) ? null : `${word}: ${signed(amount)} ${currency}.`)),
  ]
}

function symbolLines({ symbols }: DayFacts): string[] {
  const closed = symbols.filter(({ closings, unknown }) => closings + unknown > 0).toSorted((a, b) => Dec.cmp(b.realized, a.realized))
  return closed.map(({ symbol, realized, currency, closings, unknown }) =>
    closings === 0
      ? `- ${instrumentLine(symbol)}: result unknown, ${plural(unknown, 'closing')}`
      : `- ${instrumentLine(symbol)}: ${signed(realized)} ${currency}, ${plural(closings, 'closing')}`,
  )
}

function tradeLine(trades: DayFacts['trades']): string | null {
  if (trades.length === 0) return null
  const fills = trades.reduce((total, trade) => total + trade.fills, 0)
  return `Traded: ${plural(fills, 'fill')} in ${trades.map(({ symbol }) => instrumentLine(symbol)).join(', ')}.`
}

/** `+1,234.50`: to the cent, as the screens say it. */
function signed(value: Dec): string {
  return formatDecimal(value, { min: 2, max: 2, sign: 'always' })
}

function grouped(value: Dec): string {
  return formatDecimal(value, { min: 2, max: 2 })
}
