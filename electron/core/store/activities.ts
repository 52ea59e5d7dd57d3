import type { ActivityFilter } from '../../../shared/contract/activities.ts'
import type { Activity } from '../../../shared/domain/activity.ts'
import type { ActivityId } from '../../../shared/domain/ids.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import type { Reader, Row } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { fromCursor, type Place, toCursor } from './activity-cursor.ts'
import { type Streams, toStreams } from './activity-filter.ts'
import { ACTIVITY_COLUMNS, fromActivityId, placeOf, toActivities, toActivity } from './activity-rows.ts'
import { searchRows, toMatch } from './activity-search.ts'
import { integer, text, textOrNull } from './cells.ts'

export interface ActivityPageQuery extends ActivityFilter {
  readonly limit: number
  /** The `next` of the page before. */
  readonly after?: string | undefined
}

export interface ActivityPage {
  readonly rows: Activity[]
  /** Where the next page goes on; null after the last row. */
  readonly next: string | null
}

/**
 * A page of the history, newest first. Pages follow each other by place, so rows that arrive meanwhile neither shift nor
 * repeat any. Throws app/invalid-request for a cursor that is none.
 */
export function activityPage(reader: Reader, query: ActivityPageQuery): ActivityPage {
  const after = query.after === undefined ? null : fromCursor(query.after)
  const found = matchingRows(reader, query, after, query.limit + 1)
  const rows = found.slice(0, query.limit)
  const last = rows.at(-1)
  return { rows: toActivities(rows), next: last && found.length > query.limit ? toCursor(placeOf(last)) : null }
}

function matchingRows(reader: Reader, query: ActivityPageQuery, after: Place | null, limit: number): Row[] {
  const filter = toStreams(reader, query, after)
  if (query.search === undefined) return streamRows(reader, filter, limit)
  const match = toMatch(query.search)
  return match === null ? [] : searchRows(reader, { match, filter, columns: ACTIVITY_COLUMNS, after, limit })
}

function streamRows(reader: Reader, { streams, where }: Streams, limit: number): Row[] {
  const [first] = streams
  if (!first) return []
  if (streams.length === 1) {
    return reader.all(sql`
      SELECT ${ACTIVITY_COLUMNS} FROM activities a JOIN accounts c ON c.n = a.account
      WHERE ${first} AND ${where} ORDER BY a.sort_at DESC, a.id DESC LIMIT ${limit}`)
  }
  const newest = streams.map(
    stream => sql`
    SELECT * FROM (SELECT a.id AS found, a.sort_at AS at FROM activities a WHERE ${stream} AND ${where} ORDER BY a.sort_at DESC, a.id DESC LIMIT ${limit})`,
  )
  return reader.all(sql`
    WITH newest AS (SELECT found FROM (${sql.join(newest, sql` UNION ALL `)}) ORDER BY at DESC, found DESC LIMIT ${limit})
    SELECT ${ACTIVITY_COLUMNS} FROM newest CROSS JOIN activities a ON a.id = found JOIN accounts c ON c.n = a.account
    ORDER BY a.sort_at DESC, a.id DESC`)
}

export interface ActivityDetail {
  readonly activity: Activity
  /** The broker's row as JSON text. */
  readonly raw: string
  /** How many rows of the account state the same facts at the same time, this one among them. */
  readonly identical: number
}

/** One row with its source; null when there is none. */
export function activityDetail(reader: Reader, id: ActivityId): ActivityDetail | null {
  const number = fromActivityId(id)
  const row = reader.get(sql`
    SELECT ${ACTIVITY_COLUMNS}, a.raw, (SELECT count(*) FROM activities b WHERE b.account = a.account AND b.sort_at = a.sort_at
      AND b.content_hash = a.content_hash) AS identical
    FROM activities a JOIN accounts c ON c.n = a.account WHERE a.id = ${number}`)
  return row ? { activity: toActivity(row), raw: text(row, 'raw'), identical: integer(row, 'identical') } : null
}

export interface ActivityCount {
  readonly count: number
  readonly first: LocalDate | null
  readonly last: LocalDate | null
}

/** How many rows match, and the first and last trade date among them. Costs what it counts: never part of a page. */
export function activityCount(reader: Reader, filter: ActivityFilter): ActivityCount {
  const { streams, where } = toStreams(reader, filter, null)
  const match = filter.search === undefined ? undefined : toMatch(filter.search)
  if (streams.length === 0 || match === null) return { count: 0, first: null, last: null }
  const words =
    match === undefined ? sql`` : sql`AND a.id IN (SELECT rowid & 1073741823 FROM activities_text WHERE activities_text MATCH ${match})`
  const row = reader.get(sql`
    SELECT count(*) AS count, min(a.trade_date) AS first, max(a.trade_date) AS last FROM activities a
    WHERE (${sql.join(streams, sql` OR `)}) AND ${where} ${words}`)
  if (!row) return { count: 0, first: null, last: null }
  return { count: integer(row, 'count'), first: textOrNull<LocalDate>(row, 'first'), last: textOrNull<LocalDate>(row, 'last') }
}
