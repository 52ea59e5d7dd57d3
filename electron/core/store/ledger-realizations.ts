import type { LocalDate } from '../../../shared/domain/time.ts'
import type { Reader, Row, Writer } from '../db/connection.ts'
import { sql, type Sql } from '../db/sql.ts'
import { amountAt, cell, type Closings, endAt, joinClosings, type Realization, realizationsOf } from '../ledger/lots/closings.ts'
import { bytes, integer, text } from './cells.ts'
import { daysOf, numberOf, type PackedClosings, packClosings, unpackClosings } from './packed-closings.ts'

/** Closings of a row at most: a new one writes its row again, so few; a row for each would be most of what computing costs. */
export const CLOSINGS_A_ROW = 64

const PUT = `INSERT INTO ledger_closings (book, first, count, first_day, last_day, first_trip, last_trip, days, figures, words) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (book, first) DO UPDATE
  SET count = excluded.count, first_day = excluded.first_day, last_day = excluded.last_day, first_trip = excluded.first_trip, last_trip = excluded.last_trip, days = excluded.days, figures = excluded.figures, words = excluded.words`
// Bound as `+?`, see ledger-history.ts.
const AT = 'SELECT days, figures, words FROM ledger_closings WHERE book = +? AND first = +?'
const OF_BOOK = 'SELECT days, figures, words FROM ledger_closings WHERE book = ? ORDER BY first'

/** Adds closings after the `known` a book has already. Rows are full but for the last one of a book. */
export function addClosings(writer: Writer, book: number, known: number, closings: Closings): void {
  if (closings.opened.length === 0) return
  const inLast = known % CLOSINGS_A_ROW
  if (inLast === 0) return putClosings(writer, book, known, closings)
  const first = known - inLast
  const cells = writer.prepare(AT).raw().get(book, first) as readonly [days: Uint8Array, figures: Uint8Array, words: string] | undefined
  if (!cells) throw new TypeError('closings are missing')
  const [days, figures, words] = cells
  putClosings(writer, book, first, joinClosings(unpackClosings({ days, figures, words }), closings))
}

function putClosings(writer: Writer, book: number, first: number, closings: Closings): void {
  const put = writer.prepare(PUT)
  const { length } = closings.opened
  for (let from = 0; from < length; from += CLOSINGS_A_ROW) {
    const to = Math.min(length, from + CLOSINGS_A_ROW)
    const { firstDay, lastDay, firstTrip, lastTrip, days, figures, words }: PackedClosings = packClosings(closings, from, to)
    put.run(book, first + from, to - from, firstDay, lastDay, firstTrip, lastTrip, days, figures, words)
  }
}

/** All closings of a book in their order, some at a time. */
export function closingsOfBook(reader: Writer, book: number): Closings[] {
  return reader.prepare(OF_BOOK).all(book).filter(isRow).map(unpacked)
}

function isRow(row: unknown): row is Row {
  return typeof row === 'object' && row !== null
}

function unpacked(row: Row): Closings {
  return unpackClosings({ days: bytes(row, 'days'), figures: bytes(row, 'figures'), words: text(row, 'words') })
}

/** A closing with its place in its book. */
export interface PlacedClosing extends Realization {
  readonly book: number
  readonly place: number
}

/** Some closings of a book, and what else was asked of them. */
export interface ClosingsRow {
  readonly book: number
  readonly closings: readonly PlacedClosing[]
  readonly row: Row
}

/** What to read of closings `r` of books `b`. The condition is about rows, which hold many closings: those that do not fit are among them. */
export interface ClosingsQuery {
  readonly where: Sql
  /** Rows by their book and their first closing, where they are known: the way in. */
  readonly rows?: readonly (readonly [book: number, first: number])[]
  /** Further columns, after a comma. */
  readonly columns?: Sql
  readonly joins?: Sql
  /** Which of those that were read; only they are made text. Without it all are. */
  readonly isAsked?: (one: ClosingPlaceIn) => boolean
}

/** What may be asked of a closing before it is made text. */
export interface ClosingPlaceIn {
  readonly book: number
  readonly place: number
  readonly trip: number
  readonly closeDay: LocalDate
  readonly isLoss: boolean
}

/** Rows of closings one at a time, by book and place. The connection cannot be used for anything else until it ends. */
export function* closingsWhere(reader: Reader, { where, rows, columns = sql``, joins = sql``, isAsked }: ClosingsQuery): Generator<ClosingsRow> {
  const source = rows
    ? sql`json_each(${JSON.stringify(rows)}) w CROSS JOIN ledger_closings r ON r.book = w.value ->> 0 AND r.first = w.value ->> 1 CROSS JOIN ledger_books b ON b.id = r.book`
    : sql`ledger_books b CROSS JOIN ledger_closings r ON r.book = b.id`
  const query = sql`SELECT r.book, r.first, r.days, r.figures, r.words ${columns} FROM ${source} ${joins} WHERE ${where} ORDER BY r.book, r.first`
  for (const row of reader.iterate(query)) {
    const [book, first, closings] = [integer(row, 'book'), integer(row, 'first'), unpacked(row)]
    const places = Array.from({ length: closings.opened.length }, (_, at) => at).filter(at => isAsked === undefined || isAsked(placeIn(closings, at, { book, first })))
    if (places.length > 0) yield { book, closings: realizationsOf(closings, places).map((one, at) => ({ ...one, book, place: first + cell(places, at) })), row }
  }
}

function placeIn(closings: Closings, at: number, { book, first }: { readonly book: number; readonly first: number }): ClosingPlaceIn {
  const { trip, closed, pnl } = closings
  return { book, place: first + at, trip: Math.abs(cell(trip, at)), closeDay: endAt(closings, closed, at).day, isLoss: (amountAt<bigint | number>(pnl, at) ?? 0) < 0 }
}

/** The condition for rows that may hold closings of some days, both included. */
export function closedWithin({ from, to }: Partial<Days>): Sql {
  return sql.join([sql`TRUE`, ...(from === undefined ? [] : [sql`r.last_day >= ${from}`]), ...(to === undefined ? [] : [sql`r.first_day <= ${to}`])], sql` AND `)
}

export function isWithin(day: LocalDate, { from, to }: Partial<Days>): boolean {
  return (from === undefined || day >= from) && (to === undefined || day <= to)
}

interface Days {
  readonly from: LocalDate | undefined
  readonly to: LocalDate | undefined
}

/** Where a closing is; the newest come first, of one day those of the youngest book. */
export interface ClosingPlace {
  /** As a number: 20260105. */
  readonly day: number
  readonly book: number
  readonly place: number
}

export const newestFirst = (a: ClosingPlace, b: ClosingPlace): number => b.day - a.day || b.book - a.book || b.place - a.place

export interface NewestQuery extends Partial<Days> {
  /** About books `b`. */
  readonly where: Sql
  /** The books are few, and the way in. */
  readonly isOfFewBooks: boolean
  readonly limit: number
  readonly after: ClosingPlace | null
}

/** The newest closings after a place. It looks at days alone, in rows that end the latest first, until none can hold a newer one. */
export function newestClosings(reader: Reader, { where, isOfFewBooks, limit, after, from, to }: NewestQuery): ClosingPlace[] {
  const source = isOfFewBooks
    ? sql`ledger_books b CROSS JOIN ledger_closings r ON r.book = b.id`
    : sql`ledger_closings r INDEXED BY ledger_closings_day CROSS JOIN ledger_books b ON b.id = r.book`
  const query = sql`SELECT r.book, r.first, r.days FROM ${source} WHERE ${where} AND ${closedWithin({ from, to })} ORDER BY r.last_day DESC`
  const [first, last] = [from === undefined ? 0 : numberOf(from), to === undefined ? Number.POSITIVE_INFINITY : numberOf(to)]
  let found: ClosingPlace[] = []
  for (const row of reader.iterate(query)) {
    const least = found.length < limit ? first : (found[limit - 1]?.day ?? first)
    const days = daysOf(bytes(row, 'days'))
    if (Math.max(...days) < least) break
    const [book, from] = [integer(row, 'book'), integer(row, 'first')]
    const more: ClosingPlace[] = []
    for (const [at, day] of days.entries()) {
      const one = { day, book, place: from + at }
      if (day >= least && day <= last && (after === null || newestFirst(after, one) < 0)) more.push(one)
    }
    if (more.length > 0) found = [...found, ...more].toSorted(newestFirst).slice(0, limit)
  }
  return found
}
