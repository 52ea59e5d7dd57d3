import { Dec } from '../../../shared/domain/decimal.ts'
import { EXCHANGE_ZONE, LocalDate, toLocalDate } from '../../../shared/domain/time.ts'
import type { Reader, Row } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { instantOrNull, integer, text, textOrNull } from './cells.ts'
import { daysIn, type ScopedAccount } from './ledger-scope.ts'

const FOREVER = LocalDate.of('9999-12-31')

/**
 * What brokers said some accounts were worth together, by currency and day. An account in several currencies is worth what its broker states in
 * the base currency, which holds the others. An account that was not asked on a day counts with what it was last, and from the day its
 * connection was removed not at all: its money may be in another one. A day before every account with that currency was asked once is left out.
 */
export function worthOfDays(
  reader: Reader,
  accounts: readonly ScopedAccount[],
  { from, to }: { readonly from?: LocalDate | undefined; readonly to?: LocalDate | undefined },
): Map<string, Map<LocalDate, Dec>> {
  const rows = reader.all(sql`
    SELECT w.account, w.currency, w.day, w.net_liquidation, a.currency AS base, c.removed_at
    FROM worth_days w JOIN accounts a ON a.n = w.account LEFT JOIN connections c ON c.id = a.connection_id
    WHERE w.account IN (${sql.list(accounts.map(({ n }) => n))}) AND w.net_liquidation IS NOT NULL AND ${daysIn(sql`w.day`, { to })} ORDER BY w.day`)
  const isBase = (row: Row): boolean => text(row, 'currency') === text(row, 'base')
  const inBase = new Set(rows.filter(isBase).map(row => integer(row, 'account')))
  const homes = Map.groupBy(
    rows.filter(row => isBase(row) || !inBase.has(integer(row, 'account'))),
    row => text(row, 'currency'),
  )
  return new Map([...homes].map(([currency, own]) => [currency, sumsOf(own, from)]))
}

function sumsOf(rows: readonly Row[], from: LocalDate | undefined): Map<LocalDate, Dec> {
  const all = new Set(rows.map(row => integer(row, 'account'))).size
  const ends = new Map(rows.map(row => [integer(row, 'account'), endOf(row)]))
  const last = new Map<number, Dec>()
  const days = new Map<LocalDate, Dec>()
  for (const row of rows) {
    last.set(integer(row, 'account'), textOrNull<Dec>(row, 'net_liquidation') ?? Dec.zero)
    const day = text<LocalDate>(row, 'day')
    const counted = [...last].filter(([account]) => day < (ends.get(account) ?? FOREVER))
    if (last.size === all && counted.length > 0 && (from === undefined || day >= from))
      days.set(day, Dec.sum(counted.map(([, worth]) => worth)))
  }
  return days
}

/** The day an account was taken out with its connection. */
function endOf(row: Row): LocalDate {
  const removed = instantOrNull(row, 'removed_at')
  return removed === null ? FOREVER : toLocalDate(removed, EXCHANGE_ZONE)
}
