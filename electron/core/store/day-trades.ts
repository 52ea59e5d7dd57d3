import type { Environment } from '../../../shared/domain/broker.ts'
import { ENVIRONMENTS } from '../../../shared/domain/broker.ts'
import { EXCHANGE_ZONE, Instant, LocalDate, startOfDay } from '../../../shared/domain/time.ts'
import type { Reader } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { integer, micros, text } from './cells.ts'

/** Rows of a day may be placed this much before or after it. */
const MARGIN_MS = 2 * 86_400_000

/** How often each symbol was traded on a day, by symbol; accounts left out do not count, canceled rows neither. */
export function dayTrades(reader: Reader, day: LocalDate, environment: Environment): { readonly symbol: string; readonly fills: number }[] {
  const from = micros(Instant.plus(startOfDay(day, EXCHANGE_ZONE), -MARGIN_MS))
  const to = micros(Instant.plus(startOfDay(LocalDate.plusDays(day, 1), EXCHANGE_ZONE), MARGIN_MS))
  return reader
    .all(
      sql`
      SELECT a.symbol, count(*) AS fills FROM activities a JOIN accounts c ON c.n = a.account
      WHERE a.sort_at BETWEEN ${from} AND ${to} AND a.trade_date = ${day} AND a.kind = 'trade' AND a.status <> 'canceled' AND a.symbol IS NOT NULL
        AND c.environment = ${environment} AND c.excluded = 0
      GROUP BY a.symbol ORDER BY a.symbol`,
    )
    .map(row => ({ symbol: text(row, 'symbol'), fills: integer(row, 'fills') }))
}

/** The environment figures are about when none is named: real money where an account counts, else what there is. */
export function firstEnvironment(reader: Reader): Environment {
  const rows = reader.all(sql`SELECT DISTINCT environment FROM accounts WHERE excluded = 0`).map(row => text(row, 'environment'))
  return ENVIRONMENTS.find(environment => rows.includes(environment)) ?? 'live'
}
