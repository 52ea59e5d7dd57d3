import type { Dec } from '../../../shared/domain/decimal.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import type { LotMethod } from '../../../shared/domain/lot-method.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import type { Reader, Row, Writer } from '../db/connection.ts'
import { sql, type SqlValue } from '../db/sql.ts'
import type { Lot } from '../ledger/lots/engine.ts'
import { integer, text, textOrNull } from './cells.ts'

/** One instrument in one account and currency, and where its lots stand. */
export interface StoredBook {
  readonly id: number
  readonly account: number
  readonly symbol: string
  readonly currency: string
  readonly assetClass: AssetClass | null
  readonly method: LotMethod
  /** Units one of it is; null where nothing says it. */
  readonly multiplier: Dec | null
  /** The last run from flat to flat, from 1. */
  readonly trip: number
  readonly quantity: Dec
  readonly events: number
  /** Behind it no row had a say when the book was read; null without an event. */
  readonly last: BookPlace | null
  /** Of all closings whose cost is known. */
  readonly realized: Dec
  readonly fees: Dec
  readonly closings: number
  readonly unknown: number
}

/** See lotPlace. */
export interface BookPlace {
  readonly at: number
  readonly id: number
}

type BookCells = readonly [
  id: number, account: number, symbol: string, currency: string, assetClass: AssetClass | null, method: LotMethod, multiplier: Dec | null, trip: number, quantity: Dec, events: number,
  lastAt: number | null, lastId: number | null, realized: Dec, fees: Dec, closings: number, unknown: number,
]

// Bound as `+?`, see ledger-history.ts.
const OF_SYMBOL = `SELECT id, account, symbol, currency, asset_class, method, multiplier, trip, quantity, events, last_at, last_id, realized, fees, closings, unknown
  FROM ledger_books WHERE account = +? AND symbol = +?`

/** The books of an instrument in an account: one a currency. */
export function booksOf(writer: Writer, account: number, symbol: string): StoredBook[] {
  return (writer.prepare(OF_SYMBOL).raw().all(account, symbol) as BookCells[]).map(toBook)
}

/** The ids of an account's books. */
export function bookIds(reader: Reader, account: number): number[] {
  return reader.all(sql`SELECT id FROM ledger_books WHERE account = ${account}`).map(row => integer(row, 'id'))
}

function toBook(cells: BookCells): StoredBook {
  const [id, account, symbol, currency, assetClass, method, multiplier, trip, quantity, events, lastAt, lastId, realized, fees, closings, unknown] = cells
  const last = lastAt === null || lastId === null ? null : { at: lastAt, id: lastId }
  return { id, account, symbol, currency, assetClass, method, multiplier, trip, quantity, events, last, realized, fees, closings, unknown }
}

const ADD = `INSERT INTO ledger_books (account, symbol, currency, asset_class, method, multiplier, trip, quantity, events, last_at, last_id, realized, fees, closings, unknown, computed_at, stamp)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, random() >> 11)`
const CHANGE = `UPDATE ledger_books SET asset_class = ?, method = ?, multiplier = ?, trip = ?, quantity = ?, events = ?, last_at = ?, last_id = ?, realized = ?, fees = ?, closings = ?,
  unknown = ?, computed_at = ? WHERE id = ?`

/** Saves where a new book stands and answers its number. */
export function addBook(writer: Writer, book: Omit<StoredBook, 'id'>, at: number): number {
  const { account, symbol, currency } = book
  return Number(writer.prepare(ADD).run(account, symbol, currency, ...standing(book), at).lastInsertRowid)
}

/** Saves where a book stands now. */
export function changeBook(writer: Writer, book: StoredBook, at: number): void {
  writer.prepare(CHANGE).run(...standing(book), at, book.id)
}

function standing({ assetClass, method, multiplier, trip, quantity, events, last, realized, fees, closings, unknown }: Omit<StoredBook, 'id'>): SqlValue[] {
  return [assetClass, method, multiplier, trip, quantity, events, last?.at ?? null, last?.id ?? null, realized, fees, closings, unknown]
}

const RESULT_TABLES = ['ledger_lots', 'ledger_closings', 'ledger_deliveries', 'ledger_trips', 'ledger_gaps'] as const

/** Forgets what a book came to. It gets another stamp, of 53 bits: what somebody kept of it is no longer so. */
export function clearBook(writer: Writer, id: number): void {
  writer.prepare('UPDATE ledger_books SET stamp = random() >> 11 WHERE id = +?').run(id)
  for (const table of RESULT_TABLES) writer.prepare(`DELETE FROM ${table} WHERE book = ?`).run(id)
}

export function dropBook(writer: Writer, id: number): void {
  clearBook(writer, id)
  writer.run(sql`DELETE FROM ledger_books WHERE id = ${id}`)
}

/** A lot and its place among the others of its book. */
export interface PlacedLot extends Lot {
  readonly place: number
}

type LotCells = readonly [place: number, key: string, day: LocalDate, trip: number, quantity: Dec, unit: Dec | null, principal: Dec | null, costs: Dec]

const LOTS = 'SELECT place, key, day, trip, quantity, unit, principal, costs FROM ledger_lots WHERE book = +? ORDER BY place'

/** The open lots of a book in their order. */
export function lotsOf(writer: Writer, book: number): PlacedLot[] {
  const lots = writer.prepare(LOTS).raw().all(book) as LotCells[]
  return lots.map(([place, key, day, trip, quantity, unit, principal, costs]) => ({ place, key, day, trip, quantity, unit, principal, costs }))
}

export function toLot(row: Row): PlacedLot {
  return {
    place: integer(row, 'place'),
    key: text(row, 'key'),
    day: text<LocalDate>(row, 'day'),
    trip: integer(row, 'trip'),
    quantity: text<Dec>(row, 'quantity'),
    unit: textOrNull<Dec>(row, 'unit'),
    principal: textOrNull<Dec>(row, 'principal'),
    costs: text<Dec>(row, 'costs'),
  }
}

const PUT_LOT = 'INSERT OR REPLACE INTO ledger_lots (book, place, key, day, trip, quantity, unit, principal, costs) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)'

export function putLot(writer: Writer, book: number, place: number, { key, day, trip, quantity, unit, principal, costs }: Lot): void {
  writer.prepare(PUT_LOT).run(book, place, key, day, trip, quantity, unit, principal, costs)
}

export function dropLot(writer: Writer, book: number, place: number): void {
  writer.prepare('DELETE FROM ledger_lots WHERE book = +? AND place = +?').run(book, place)
}

export function dropLots(writer: Writer, book: number): void {
  writer.prepare('DELETE FROM ledger_lots WHERE book = ?').run(book)
}
