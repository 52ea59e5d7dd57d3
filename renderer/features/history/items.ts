import type { ActivityRow } from '../../../shared/contract/schemas.ts'
import type { Environment } from '../../../shared/domain/broker.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { type Money, sumByCurrency } from '../../../shared/domain/money.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'

/** One line of the list. */
export type Item =
  | { readonly kind: 'day'; readonly key: string; readonly day: LocalDate; readonly totals: DayTotals | null }
  | { readonly kind: 'row'; readonly key: string; readonly row: ActivityRow; readonly index: number }
  | { readonly kind: 'end'; readonly key: string }

/** Cash in and out of a day by currency, and its costs. `unstated` counts rows whose amount the broker does not state. */
export interface DayTotals {
  readonly amounts: readonly Money[]
  readonly fees: readonly Money[]
  readonly unstated: number
}

/**
 * Rows with a heading for each trade date. A day has totals when all of its rows are here and none of them is practice
 * money beside real money.
 */
export function listItems(
  rows: readonly ActivityRow[],
  complete: boolean,
  environmentOf: (id: AccountId) => Environment | undefined,
): Item[] {
  const items: Item[] = []
  let from = 0
  while (from < rows.length) {
    const day = rows[from]?.tradeDate
    if (day === undefined) break
    let to = from
    while (rows[to]?.tradeDate === day) to += 1
    const whole = to < rows.length || complete
    const ofDay = rows.slice(from, to)
    items.push({ kind: 'day', key: `${day} ${from}`, day, totals: whole && !isMixed(ofDay, environmentOf) ? dayTotals(ofDay) : null })
    ofDay.forEach((row, offset) => items.push({ kind: 'row', key: row.id, row, index: from + offset }))
    from = to
  }
  items.push({ kind: 'end', key: 'end' })
  return items
}

function isMixed(rows: readonly ActivityRow[], environmentOf: (id: AccountId) => Environment | undefined): boolean {
  return new Set(rows.map(({ accountId }) => environmentOf(accountId))).size > 1
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
