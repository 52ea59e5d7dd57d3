import { Dec } from '../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import type { Reader } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { integer, text, textOrNull } from './cells.ts'
import { daysIn, type ScopedAccount } from './ledger-scope.ts'

/**
 * What brokers said some accounts were worth together, by currency and day. An account that was not asked on a day counts with what it was
 * last; a day before every account with that currency was asked once is left out.
 */
export function worthOfDays(
  reader: Reader,
  accounts: readonly ScopedAccount[],
  { from, to }: { readonly from?: LocalDate | undefined; readonly to?: LocalDate | undefined },
): Map<string, Map<LocalDate, Dec>> {
  const rows = reader.all(sql`
    SELECT account, currency, day, net_liquidation FROM worth_days
    WHERE account IN (${sql.list(accounts.map(({ n }) => n))}) AND net_liquidation IS NOT NULL AND ${daysIn(sql`day`, { to })} ORDER BY day`)
  const homes = Map.groupBy(rows, row => text(row, 'currency'))
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
