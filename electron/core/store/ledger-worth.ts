import { Dec } from '../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import type { Reader, Row } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { integer, text, textOrNull } from './cells.ts'
import { daysIn, type ScopedAccount } from './ledger-scope.ts'

/**
 * What brokers said some accounts were worth together, by currency and day. An account in several currencies is worth what its broker states in
 * the base currency, which holds the others. An account that was not asked on a day counts with what it was
 * last; a day before every account with that currency was asked once is left out.
 */
export function worthOfDays(
  reader: Reader,
  accounts: readonly ScopedAccount[],
  { from, to }: { readonly from?: LocalDate | undefined; readonly to?: LocalDate | undefined },
): Map<string, Map<LocalDate, Dec>> {
  const rows = reader.all(sql`
    SELECT w.account, w.currency, w.day, w.net_liquidation, a.currency AS base FROM worth_days w JOIN accounts a ON a.n = w.account
    WHERE w.account IN (${sql.list(accounts.map(({ n }) => n))}) AND w.net_liquidation IS NOT NULL AND ${daysIn(sql`w.day`, { to })} ORDER BY w.day`)
  const isBase = (row: Row): boolean => text(row, 'currency') === text(row, 'base')
  const inBase = new Set(rows.filter(isBase).map(row => integer(row, 'account')))
  const homes = Map.groupBy(
    rows.filter(row => isBase(row) || !inBase.has(integer(row, 'account'))),
    row => text(row, 'currency'),
  )
  return new Map(
    [...homes].map(([currency, own]) => {
      const all = new Set(own.map(row => integer(row, 'account'))).size
      const last = new Map<number, Dec>()
      const days = new Map<LocalDate, Dec>()
      for (const row of own) {
        last.set(integer(row, 'account'), textOrNull<Dec>(row, 'net_liquidation') ?? Dec.zero)
        const day = text<LocalDate>(row, 'day')
        if (last.size === all && (from === undefined || day >= from)) days.set(day, Dec.sum([...last.values()]))
      }
      return [currency, days]
    }),
  )
}
