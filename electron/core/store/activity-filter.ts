import type { ActivityFilter } from '../../../shared/contract/activities.ts'
import { EXCHANGE_ZONE, Instant, LocalDate, startOfDay } from '../../../shared/domain/time.ts'
import type { Reader } from '../db/connection.ts'
import { sql, type Sql } from '../db/sql.ts'
import type { Place } from './activity-cursor.ts'
import { integer } from './cells.ts'

/**
 * A filter as streams of rows: each stream walks one index, newest first, and together they hold every matching row once.
 * No stream needs a sort, so a page costs what it shows and not what there is.
 */
export interface Streams {
  /** One condition a stream, for the index it walks. An empty list matches nothing. */
  readonly streams: readonly Sql[]
  /** Conditions every row must meet, the stretch of time among them. */
  readonly where: Sql
}

const ALL = sql`TRUE`

/** Reads a filter into streams. `after` leaves out everything up to and with that place. */
export function toStreams(reader: Reader, filter: ActivityFilter, after: Place | null): Streams {
  const accounts = accountsMatching(reader, filter)
  const where: Sql[] = [timeBounds(filter, after)]
  if (filter.side !== undefined) where.push(sql`a.side = ${filter.side}`)
  const { symbol, kinds } = filter
  if (symbol !== undefined && kinds && !kinds.includes('trade')) {
    if (accounts) where.push(sql`a.account IN (${sql.list(accounts)})`)
    return {
      streams: [...new Set(kinds)].map(kind => sql`a.symbol = ${symbol} AND a.kind = ${kind} AND a.kind <> 'trade'`),
      where: all(where),
    }
  }
  if (symbol !== undefined) {
    if (accounts) where.push(sql`a.account IN (${sql.list(accounts)})`)
    if (kinds) where.push(sql`a.kind IN (${sql.list(kinds)})`)
    return { streams: [sql`a.symbol = ${symbol}`], where: all(where) }
  }
  if (kinds && !kinds.includes('trade')) {
    if (accounts) where.push(sql`a.account IN (${sql.list(accounts)})`)
    return { streams: [...new Set(kinds)].map(kind => sql`a.kind = ${kind} AND a.kind <> 'trade'`), where: all(where) }
  }
  if (kinds) where.push(sql`a.kind IN (${sql.list(kinds)})`)
  return { streams: accounts ? accounts.map(n => sql`a.account = ${n}`) : [ALL], where: all(where) }
}

/** The numbers of the accounts a filter allows; null when it allows every account. */
function accountsMatching(reader: Reader, { connectionId, accountId }: ActivityFilter): number[] | null {
  if (connectionId === undefined && accountId === undefined) return null
  const conditions = [
    ...(connectionId === undefined ? [] : [sql`connection_id = ${connectionId}`]),
    ...(accountId === undefined ? [] : [sql`id = ${accountId}`]),
  ]
  return reader.all(sql`SELECT n FROM accounts WHERE ${all(conditions)} ORDER BY n`).map(row => integer(row, 'n'))
}

/** A row's place always lies inside its trade date in the exchange's zone, so days are stretches of the same index. */
function timeBounds({ from, to }: ActivityFilter, after: Place | null): Sql {
  const bounds: Sql[] = []
  if (from !== undefined) bounds.push(sql`a.sort_at >= ${dayStart(from)}`)
  if (to !== undefined) bounds.push(sql`a.sort_at < ${dayStart(LocalDate.plusDays(to, 1))}`)
  if (after) bounds.push(sql`(a.sort_at, a.id) < (${after.sortAt}, ${after.id})`)
  return all(bounds)
}

function dayStart(day: LocalDate): number {
  return Instant.toEpochMicros(startOfDay(day, EXCHANGE_ZONE))
}

function all(conditions: readonly Sql[]): Sql {
  return conditions.length === 0 ? ALL : sql.join(conditions, sql` AND `)
}
