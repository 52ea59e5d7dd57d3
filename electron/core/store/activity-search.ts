import type { Reader, Row } from '../db/connection.ts'
import { sql, type Sql } from '../db/sql.ts'
import type { Place } from './activity-cursor.ts'
import type { Streams } from './activity-filter.ts'
import { integer } from './cells.ts'

/** The low bits of a key in the text index hold the activity's id, the others the second of its place. */
const ID_BITS = 30
const LAST_SECOND = 2 ** 33 - 1
const LIMIT = 2n ** 63n

/**
 * The key of activities `a` in the text index, so that the index answers newest first. Years before 1698 and after 2242, which
 * only a broker's placeholder has, share their first and last second.
 */
export const TEXT_KEY: Sql = sql`((min(max(a.sort_at / 1000000, -8589934592), 8589934591) << 30) + a.id)`

/**
 * The words of a search as a text-index query: every word must occur, each may be the beginning of one.
 * Null when the text holds nothing that could be a word.
 */
export function toMatch(search: string): string | null {
  const words = search.split(/\s+/).filter(word => /[\p{L}\p{N}]/u.test(word))
  return words.length === 0 ? null : words.map(word => `"${word.replaceAll('"', '""').replaceAll('\0', '')}"*`).join(' ')
}

export interface SearchOptions {
  readonly match: string
  readonly filter: Streams
  /** Columns of activities `a` and accounts `c`; id and sort_at among them. */
  readonly columns: Sql
  readonly after: Place | null
  readonly limit: number
}

/**
 * The newest `limit` rows with these words. The index answers newest second first; the last second it reaches is read
 * whole, so that rows of one second come in their own order.
 */
export function searchRows(reader: Reader, { match, filter, columns, after, limit }: SearchOptions): Row[] {
  if (filter.streams.length === 0) return []
  const within = (low: bigint, high: bigint): Sql => sql`
    FROM activities_text t CROSS JOIN activities a ON a.id = t.rowid & 1073741823 JOIN accounts c ON c.n = a.account
    WHERE t.activities_text MATCH ${match} AND t.rowid BETWEEN ${low} AND ${high} AND ${filter.where} AND (${sql.join(filter.streams, sql` OR `)})`
  const newest = newestKey(after)
  const rows = reader.all(sql`SELECT ${columns}, t.rowid >> 30 AS second ${within(-LIMIT, newest)} ORDER BY t.rowid DESC LIMIT ${limit}`)
  const last = rows.at(-1)
  if (!last || rows.length < limit) return rows.toSorted(newestFirst)
  const second = integer(last, 'second')
  const whole = reader.all(
    sql`SELECT ${columns} ${within(keyOf(second), keyOf(second + 1) - 1n)} ORDER BY a.sort_at DESC, a.id DESC LIMIT ${limit}`,
  )
  const earlier = rows.filter(row => integer(row, 'second') > second).toSorted(newestFirst)
  return [...earlier, ...whole].slice(0, limit)
}

function newestFirst(a: Row, b: Row): number {
  return integer(b, 'sort_at') - integer(a, 'sort_at') || integer(b, 'id') - integer(a, 'id')
}

function newestKey(after: Place | null): bigint {
  const second = after ? Math.trunc(after.sortAt / 1_000_000) + 1 : Number.POSITIVE_INFINITY
  return second >= LAST_SECOND ? LIMIT - 1n : keyOf(Math.max(second, -LAST_SECOND))
}

function keyOf(second: number): bigint {
  return BigInt(second) << BigInt(ID_BITS)
}
