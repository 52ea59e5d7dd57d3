import type { ActivityRow } from '../../../shared/contract/schemas.ts'
import { type Money, sumByCurrency } from '../../../shared/domain/money.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'

/** One line of the list. */
export type Item =
  | { readonly kind: 'day'; readonly key: string; readonly day: LocalDate; readonly totals: DayTotals | null }
  | { readonly kind: 'row'; readonly key: string; readonly row: ActivityRow; readonly index: number }
  | { readonly kind: 'end'; readonly key: string }

/** Cash in and out of a day by currency, and its costs. Null in `amounts` rows is not counted but noted. */
export interface DayTotals {
  readonly amounts: readonly Money[]
  readonly fees: readonly Money[]
  readonly unstated: number
}

/** Rows with a heading for each trade date. The last day has no totals until all of its rows are here. */
export function listItems(rows: readonly ActivityRow[], complete: boolean): Item[] {
  const items: Item[] = []
  let from = 0
  while (from < rows.length) {
    const day = rows[from]?.tradeDate
    if (day === undefined) break
    let to = from
    while (rows[to]?.tradeDate === day) to += 1
    const whole = to < rows.length || complete
    const ofDay = rows.slice(from, to)
    items.push({ kind: 'day', key: `${day} ${from}`, day, totals: whole ? dayTotals(ofDay) : null })
    ofDay.forEach((row, offset) => items.push({ kind: 'row', key: row.id, row, index: from + offset }))
    from = to
  }
  items.push({ kind: 'end', key: 'end' })
  return items
}

/** Sums of a day's rows; canceled rows no longer count. */
export function dayTotals(rows: readonly ActivityRow[]): DayTotals {
  const counted = rows.filter(({ status }) => status !== 'canceled')
  return {
    amounts: sumByCurrency(counted.flatMap(({ amount, currency }) => (amount === null ? [] : [{ amount, currency }]))),
    fees: sumByCurrency(counted.flatMap(({ fees, currency }) => (fees === '0' ? [] : [{ amount: fees, currency }]))),
    unstated: counted.filter(({ amount }) => amount === null).length,
  }
}
