import type { JournalSubject } from '../../../shared/contract/journal.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import type { Reader, Row, Writer } from '../db/connection.ts'
import { sql, type Sql } from '../db/sql.ts'
import { toMatch } from './activity-search.ts'
import type { StoredSubject } from './journal-links.ts'
import { placeRange } from './journal-place.ts'
import { entriesOfTrip } from './ledger-trips.ts'

export interface EntryQuery {
  readonly search?: string | undefined
  readonly tag?: string | undefined
  readonly symbol?: string | undefined
  readonly from?: LocalDate | undefined
  readonly to?: LocalDate | undefined
  readonly subject?: StoredSubject | undefined
  readonly limit: number
  readonly after?: string | undefined
}

/** The columns of an entry, and the row it is about as it is numbered now. */
const COLUMNS = sql`e.n, e.id, e.place, e.day, e.subject, e.trip_id, e.symbol, e.title, e.text, e.rating, e.is_draft, e.created_at, e.updated_at,
  (SELECT c.id FROM accounts c WHERE c.n = e.account) AS account_id,
  CASE e.subject WHEN 'activity' THEN (SELECT a.id FROM activities a WHERE a.account = e.account AND a.external_id = e.external_id) END AS activity_id`

/** One entry; undefined when there is none. */
export function entryRow(reader: Reader, id: string): Row | undefined {
  return reader.get(sql`SELECT ${COLUMNS} FROM journal_entries e WHERE e.id = ${id}`)
}

/** The newest `limit` entries that fit. Each way in answers in the order of places, so a page costs its rows. */
export function entryRows(reader: Reader, query: EntryQuery): Row[] {
  const { low, high } = placeRange(query)
  const where = sql.join([sql`1`, ...conditions(reader, query)], sql` AND `)
  if (query.search !== undefined) {
    const words = toMatch(query.search)
    if (words === null) return []
    // Narrowed in the index, a rare tag costs no walk through all that has the words; what is alike there is told apart below.
    const match = [words, ...within('tags', query.tag), ...within('symbol', query.symbol)].join(' AND ')
    return reader.all(sql`
      SELECT ${COLUMNS} FROM journal_text t CROSS JOIN journal_entries e ON e.place = t.rowid
      WHERE t.journal_text MATCH ${match} AND t.rowid BETWEEN ${low} AND ${high} AND ${where} ${tagged(query.tag)} ORDER BY t.rowid DESC LIMIT ${query.limit}`)
  }
  if (query.tag !== undefined) {
    return reader.all(sql`
      SELECT ${COLUMNS} FROM journal_tags g CROSS JOIN journal_entries e ON e.n = g.entry
      WHERE g.tag = ${query.tag} AND g.place BETWEEN ${low} AND ${high} AND ${where} ORDER BY g.place DESC LIMIT ${query.limit}`)
  }
  return reader.all(
    sql`SELECT ${COLUMNS} FROM journal_entries e WHERE e.place BETWEEN ${low} AND ${high} AND ${where} ORDER BY e.place DESC LIMIT ${query.limit}`,
  )
}

function within(column: 'tags' | 'symbol', text: string | undefined): string[] {
  return text !== undefined && /[\p{L}\p{N}]/u.test(text) ? [`${column} : "${text.replaceAll('"', '""').replaceAll('\0', '')}"`] : []
}

function tagged(tag: string | undefined): Sql {
  return tag === undefined ? sql`` : sql`AND EXISTS (SELECT 1 FROM journal_tags g WHERE g.entry = e.n AND g.tag = ${tag})`
}

function conditions(reader: Reader, { symbol, subject }: EntryQuery): Sql[] {
  return [...(symbol === undefined ? [] : [sql`e.symbol = ${symbol}`]), ...(subject === undefined ? [] : [about(reader, subject)])]
}

/** Notes of a round trip are those of the trip, and those beside the row that opened it or any other of its lots. */
function about(reader: Reader, { kind, link, tripId }: StoredSubject): Sql {
  const ofRow = link?.externalId ? sql`e.account = ${link.account} AND e.external_id = ${link.externalId}` : sql`0`
  const beside = JSON.stringify(kind === 'trip' && tripId !== null ? entriesOfTrip(reader, tripId) : [])
  const words: Record<JournalSubject['kind'], Sql> = {
    day: sql`e.subject = 'day'`,
    free: sql`e.subject = 'free'`,
    activity: sql`(${ofRow})`,
    trip: sql`(e.trip_id = ${tripId} OR (${ofRow}) OR e.n IN (SELECT value FROM json_each(${beside})))`,
  }
  return words[kind]
}

export interface EntryWords {
  readonly place: number
  readonly title: string
  readonly text: string
  readonly tags: readonly string[]
  readonly symbol: string | null
}

/** Makes an entry findable by its words. */
export function indexEntry(writer: Writer, { place, title, text, tags, symbol }: EntryWords): void {
  writer.run(
    sql`INSERT INTO journal_text (rowid, title, text, tags, symbol) VALUES (${place}, ${title}, ${text}, ${tags.join(' ')}, ${symbol})`,
  )
}

export function unindexEntry(writer: Writer, place: number): void {
  writer.run(sql`DELETE FROM journal_text WHERE rowid = ${place}`)
}
