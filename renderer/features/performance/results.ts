import type { DayResult } from '../../../shared/contract/ledger.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { formatChange, formatDate, formatMoney, formatWeekday, plural } from '../../lib/format/index.ts'
import { LocalDate } from '../../../shared/domain/time.ts'

/** Results of a month, in one currency. */
export interface MonthResult {
  /** `2026-11`. */
  readonly month: string
  readonly realized: Dec
  readonly fees: Dec
  readonly dividends: Dec
  readonly interest: Dec
  readonly otherFees: Dec
  readonly closings: number
  readonly unknown: number
}

/** Days as months, oldest first; months in between without anything are there too. */
export function byMonth(days: readonly DayResult[]): MonthResult[] {
  const found = new Map<string, MonthResult>()
  for (const day of days) {
    const month = day.day.slice(0, 7)
    found.set(month, added(found.get(month) ?? nothing(month), day))
  }
  const known = [...found.keys()].toSorted()
  const [first, last] = [known[0], known.at(-1)]
  const months: MonthResult[] = []
  for (let month = first; month !== undefined && last !== undefined && month <= last; month = monthAfter(month))
    months.push(found.get(month) ?? nothing(month))
  return months
}

function nothing(month: string): MonthResult {
  return {
    month,
    realized: Dec.zero,
    fees: Dec.zero,
    dividends: Dec.zero,
    interest: Dec.zero,
    otherFees: Dec.zero,
    closings: 0,
    unknown: 0,
  }
}

function added(sum: MonthResult, day: DayResult): MonthResult {
  return {
    month: sum.month,
    realized: Dec.add(sum.realized, day.realized),
    fees: Dec.add(sum.fees, day.fees),
    dividends: Dec.add(sum.dividends, day.dividends),
    interest: Dec.add(sum.interest, day.interest),
    otherFees: Dec.add(sum.otherFees, day.otherFees),
    closings: sum.closings + day.closings,
    unknown: sum.unknown + day.unknown,
  }
}

function monthAfter(month: string): string {
  const [year, number] = [Number(month.slice(0, 4)), Number(month.slice(5))]
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`
}

/** `Nov 2026`. */
export function monthText(month: string): string {
  return formatDate(LocalDate.of(`${month}-01`)).slice(2)
}

/** A day in a sentence: its results, its dividends, interest and fees, and what is unknown. */
export function dayText(day: LocalDate, result: DayResult | undefined): string {
  if (!result) return `${formatWeekday(day)}: nothing closed`
  return `${formatWeekday(day)}: ${resultText(result)}`
}

type Figures = Pick<DayResult, 'realized' | 'dividends' | 'interest' | 'otherFees' | 'closings' | 'unknown'>

/** Results as words, without their day. */
export function resultText({
  currency,
  realized,
  dividends,
  interest,
  otherFees,
  closings,
  unknown,
}: Figures & { readonly currency: string }): string {
  const parts = [
    closings > 0 ? `${formatChange(realized, currency)} realised in ${plural(closings, 'closing')}` : unknown > 0 ? '' : 'nothing closed',
    Dec.isZero(dividends) ? '' : `${formatChange(dividends, currency)} dividends`,
    Dec.isZero(interest) ? '' : `${formatChange(interest, currency)} interest`,
    Dec.isZero(otherFees) ? '' : `${formatMoney(otherFees, currency)} other fees`,
    unknown > 0 ? `${plural(unknown, 'closing')} of unknown cost` : '',
  ]
  return parts.filter(Boolean).join(', ')
}
