import type { JournalEntry } from '../../../shared/contract/journal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { Instant, LocalDate } from '../../../shared/domain/time.ts'
import type { Reader, Row, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { instant, integer, micros, text, textOrNull } from './cells.ts'
import { type StoredSubject, subjectsOf } from './journal-links.ts'
import { picturesOf } from './journal-pictures.ts'
import { placeAt, toPlaceCursor } from './journal-place.ts'
import { type EntryQuery, entryRow, entryRows, indexEntry, unindexEntry } from './journal-search.ts'

export interface EntryFields {
  readonly day: LocalDate
  readonly title: string
  readonly text: string
  readonly tags: readonly string[]
  readonly rating: number | null
  readonly isDraft: boolean
}

export interface NewEntry extends EntryFields {
  readonly id: string
  readonly subject: StoredSubject
  readonly at: Instant
}

/** Saves a new entry, findable at once. */
export function insertEntry(writer: Writer, entry: NewEntry): void {
  const { id, day, subject, title, rating, isDraft, at } = entry
  writer.tx(w => {
    const last = w.get(sql`SELECT coalesce(max(n), 0) AS n FROM journal_entries`)
    const n = (last ? integer(last, 'n') : 0) + 1
    const place = placeAt(day, n)
    const { account = null, externalId = null, symbol = null } = subject.link ?? {}
    w.run(sql`
      INSERT INTO journal_entries (n, id, place, day, subject, account, external_id, trip_id, symbol, title, text, rating, is_draft, created_at, updated_at)
      VALUES (${n}, ${id}, ${place}, ${day}, ${subject.kind}, ${account}, ${externalId}, ${subject.tripId}, ${symbol}, ${title}, ${entry.text}, ${rating}, ${isDraft ? 1 : 0}, ${micros(at)}, ${micros(at)})`)
    putWords(w, { ...entry, n, place, symbol })
  })
}

export interface ChangedEntry extends EntryFields {
  readonly id: string
  /** Null leaves it about what it was about. */
  readonly subject: StoredSubject | null
  readonly at: Instant
}

/** Changes an entry and its place, if it moves to another day. */
export function updateEntry(writer: Writer, entry: ChangedEntry): void {
  writer.tx(w => {
    const before = w.get(sql`SELECT n, place, symbol, updated_at FROM journal_entries WHERE id = ${entry.id}`)
    if (!before) return
    const n = integer(before, 'n')
    const place = placeAt(entry.day, n)
    const symbol = entry.subject === null ? textOrNull(before, 'symbol') : (entry.subject.link?.symbol ?? null)
    unindexEntry(w, integer(before, 'place'))
    w.run(sql`
      UPDATE journal_entries SET place = ${place}, day = ${entry.day}, symbol = ${symbol}, title = ${entry.title}, text = ${entry.text}, rating = ${entry.rating},
        is_draft = ${entry.isDraft ? 1 : 0}, updated_at = ${Math.max(micros(entry.at), integer(before, 'updated_at') + 1)} WHERE n = ${n}`)
    if (entry.subject) {
      const { kind, link, tripId } = entry.subject
      w.run(
        sql`UPDATE journal_entries SET subject = ${kind}, account = ${link?.account ?? null}, external_id = ${link?.externalId ?? null}, trip_id = ${tripId} WHERE n = ${n}`,
      )
    }
    w.run(sql`DELETE FROM journal_tags WHERE entry = ${n}`)
    putWords(w, { ...entry, n, place, symbol })
  })
}

function putWords(
  writer: Writer,
  entry: EntryFields & { readonly n: number; readonly place: number; readonly symbol: string | null },
): void {
  for (const tag of entry.tags)
    writer.run(sql`INSERT OR IGNORE INTO journal_tags (entry, tag, place) VALUES (${entry.n}, ${tag}, ${entry.place})`)
  indexEntry(writer, entry)
}

/** Removes an entry with its tags and pictures; answers whether there was one. */
export function removeEntry(writer: Writer, id: string): boolean {
  return writer.tx(w => {
    const row = w.get(sql`SELECT n, place FROM journal_entries WHERE id = ${id}`)
    if (!row) return false
    unindexEntry(w, integer(row, 'place'))
    w.run(sql`DELETE FROM journal_entries WHERE n = ${integer(row, 'n')}`)
    return true
  })
}

/** One entry; null when there is none. */
export function getEntry(reader: Reader, id: string): JournalEntry | null {
  const row = entryRow(reader, id)
  return row ? (toEntries(reader, [row])[0] ?? null) : null
}

export interface EntryPage {
  readonly rows: JournalEntry[]
  /** Where the next page goes on; null after the last entry. */
  readonly next: string | null
}

/** A page of entries, newest first. Throws app/invalid-request for a cursor that is none. */
export function entryPage(reader: Reader, query: EntryQuery): EntryPage {
  const found = entryRows(reader, { ...query, limit: query.limit + 1 })
  const rows = found.slice(0, query.limit)
  const last = rows.at(-1)
  return { rows: toEntries(reader, rows), next: last && found.length > query.limit ? toPlaceCursor(integer(last, 'place')) : null }
}

/** Every tag with how many entries have it, the most used first. */
export function tagCounts(reader: Reader): { tag: string; count: number }[] {
  return reader
    .all(sql`SELECT tag, count(*) AS count FROM journal_tags GROUP BY tag ORDER BY count DESC, tag`)
    .map(row => ({ tag: text(row, 'tag'), count: integer(row, 'count') }))
}

function toEntries(reader: Reader, rows: readonly Row[]): JournalEntry[] {
  const numbers = rows.map(row => integer(row, 'n'))
  const tags = grouped(reader.all(sql`SELECT entry, tag FROM journal_tags WHERE entry IN (${sql.list(numbers)}) ORDER BY entry, tag`))
  const pictures = picturesOf(reader, numbers)
  const subjectOf = subjectsOf(reader, rows)
  return rows.map(row => ({
    id: text(row, 'id'),
    day: text<LocalDate>(row, 'day'),
    subject: subjectOf(row),
    accountId: textOrNull<AccountId>(row, 'account_id'),
    symbol: textOrNull(row, 'symbol'),
    title: text(row, 'title'),
    text: text(row, 'text'),
    tags: (tags.get(integer(row, 'n')) ?? []).map(tag => text(tag, 'tag')),
    rating: row['rating'] === null ? null : integer(row, 'rating'),
    isDraft: integer(row, 'is_draft') === 1,
    attachments: pictures.get(integer(row, 'n')) ?? [],
    createdAt: instant(row, 'created_at'),
    updatedAt: instant(row, 'updated_at'),
  }))
}

function grouped(rows: readonly Row[]): Map<number, Row[]> {
  return Map.groupBy(rows, row => integer(row, 'entry'))
}
