import type { Dec } from '../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import type { Row, Writer } from '../db/connection.ts'
import type { Delivery } from '../ledger/lots/engine.ts'
import type { Trip } from '../ledger/lots/trip.ts'
import { integer, text, textOrNull } from './cells.ts'
import type { StoredBook } from './ledger-books.ts'
import { tripName } from './trip-id.ts'

const ADD_DELIVERY = 'INSERT INTO ledger_deliveries (book, place, key, open_key, open_day, day, quantity, cost) VALUES (?, ?, ?, ?, ?, ?, ?, ?)'

export function addDeliveries(writer: Writer, book: number, from: number, made: readonly Delivery[]): void {
  made.forEach(({ key, openKey, openDay, day, quantity, cost }, at) => writer.prepare(ADD_DELIVERY).run(book, from + at, key, openKey, openDay, day, quantity, cost))
}

export type GapKind = 'needs-opening-lot' | 'unknown-cost'

export interface StoredGap {
  readonly key: string
  readonly day: LocalDate
  readonly quantity: Dec
  readonly kind: GapKind
}

const ADD_GAP = 'INSERT OR REPLACE INTO ledger_gaps (book, key, day, quantity, kind) VALUES (?, ?, ?, ?, ?)'

export function addGaps(writer: Writer, book: number, gaps: readonly StoredGap[]): void {
  for (const { key, day, quantity, kind } of gaps) writer.prepare(ADD_GAP).run(book, key, day, quantity, kind)
}

export function hasGaps(writer: Writer, book: number): boolean {
  return writer.prepare('SELECT 1 FROM ledger_gaps WHERE book = ? LIMIT 1').get(book) !== undefined
}

const PUT_TRIP = `INSERT INTO ledger_trips (book, trip, name, key, is_short, open_day, opened_at, close_day, closed_at, last_at, held, quantity, fills, bought, bought_value,
  sold, sold_value, realized, fees) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (book, trip) DO UPDATE SET close_day = excluded.close_day, closed_at = excluded.closed_at,
  last_at = excluded.last_at, held = excluded.held, quantity = excluded.quantity, fills = excluded.fills, bought = excluded.bought, bought_value = excluded.bought_value, sold = excluded.sold,
  sold_value = excluded.sold_value, realized = excluded.realized, fees = excluded.fees`

/** Saves runs from flat to flat. One that is there goes on: what opened it, and so its name, stays. */
export function putTrips(writer: Writer, book: number, home: Pick<StoredBook, 'symbol' | 'currency'>, trips: readonly Trip[]): void {
  const put = writer.prepare(PUT_TRIP)
  for (const one of trips) {
    const { trip, key, isShort, openDay, openedAt, closeDay, closedAt, lastAt, held, quantity, fills, bought, boughtValue, sold, soldValue, realized, fees } = one
    put.run(book, trip, tripName({ ...home, key }), key, isShort ? 1 : 0, openDay, openedAt, closeDay, closedAt, lastAt, held, quantity, fills, bought, boughtValue, sold, soldValue, realized, fees)
  }
}

type OpenCells = readonly [
  key: string, isShort: number, openDay: LocalDate, openedAt: number | null, lastAt: number, held: Dec, quantity: Dec, fills: number, bought: Dec, boughtValue: Dec, sold: Dec, soldValue: Dec,
  realized: Dec | null, fees: Dec,
]

// Bound as `+?`, see ledger-history.ts.
const OPEN_TRIP = `SELECT key, is_short, open_day, opened_at, last_at, held, quantity, fills, bought, bought_value, sold, sold_value, realized, fees
  FROM ledger_trips WHERE book = +? AND trip = +? AND close_day IS NULL`

/** The run a book is in; null while it is flat. */
export function openTrip(writer: Writer, book: number, trip: number): Trip | null {
  const cells = writer.prepare(OPEN_TRIP).raw().get(book, trip) as OpenCells | undefined
  if (!cells) return null
  const [key, isShort, openDay, openedAt, lastAt, held, quantity, fills, bought, boughtValue, sold, soldValue, realized, fees] = cells
  return { trip, key, isShort: isShort === 1, openDay, openedAt, closeDay: null, closedAt: null, lastAt, held, quantity, fills, bought, boughtValue, sold, soldValue, realized, fees }
}

export function toTrip(row: Row): Trip {
  return {
    trip: integer(row, 'trip'),
    key: text(row, 'key'),
    isShort: integer(row, 'is_short') === 1,
    openDay: text<LocalDate>(row, 'open_day'),
    openedAt: integerOrNull(row, 'opened_at'),
    closeDay: textOrNull<LocalDate>(row, 'close_day'),
    closedAt: integerOrNull(row, 'closed_at'),
    lastAt: integer(row, 'last_at'),
    held: text<Dec>(row, 'held'),
    quantity: text<Dec>(row, 'quantity'),
    fills: integer(row, 'fills'),
    bought: text<Dec>(row, 'bought'),
    boughtValue: text<Dec>(row, 'bought_value'),
    sold: text<Dec>(row, 'sold'),
    soldValue: text<Dec>(row, 'sold_value'),
    realized: textOrNull<Dec>(row, 'realized'),
    fees: text<Dec>(row, 'fees'),
  }
}

const integerOrNull = (row: Row, name: string): number | null => (row[name] === null ? null : integer(row, name))
