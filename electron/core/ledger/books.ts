import type { Dec } from '../../../shared/domain/decimal.ts'
import type { Writer } from '../db/connection.ts'
import {
  addBook, type BookPlace, booksOf, changeBook, clearBook, dropBook, dropLot, dropLots, lotsOf, type PlacedLot, putLot, type StoredBook,
} from '../store/ledger-books.ts'
import { dayOf, putResults } from '../store/ledger-days.ts'
import { type DirtyMark, markSymbol } from '../store/ledger-dirty.ts'
import { deliveriesUnder } from '../store/ledger-exchanges.ts'
import { externalIdOf, symbolRows } from '../store/ledger-history.ts'
import { addClosings, closingsOfBook } from '../store/ledger-realizations.ts'
import { statedMultiplier } from '../store/opening-units.ts'
import { addDeliveries, addGaps, hasGaps, openTrip, putTrips } from '../store/ledger-results.ts'
import type { AccountContext } from './account-context.ts'
import { held, readBook, type ReadBook } from './book-reading.ts'
import { addSums, type ClosedDays, daysOf, differenceOf, sumsOf } from './closed-sums.ts'
import type { Closings } from './lots/closings.ts'
import type { Lot } from './lots/engine.ts'
import { canFollow, type LotRow, mayMove } from './lots/lot-rows.ts'
import { knownMultiplier } from './lots/multiplier.ts'
import { isNumber, lotPlace } from './lots/place.ts'

/** Brings the books of an instrument up to date from a mark on; call it in a transaction. Days follow what changed. */
export function updateSymbol(writer: Writer, { account, symbol, sortAt, id }: DirtyMark, context: AccountContext, at: number): void {
  const books = booksOf(writer, account, symbol)
  if (books.length > 0 && books.every(book => isAfter({ at: sortAt, id }, book.last))) {
    const rows = symbolRows(writer, account, symbol, { sortAt, id })
    if (follows(writer, books, rows, context)) return appendRows(writer, books, rows, context, at)
  }
  const all = symbolRows(writer, account, symbol, { sortAt: 0, id: 0 }).filter(mayMove)
  const before = new Map(books.map(book => [book.currency, daysOf(closingsOfBook(writer, book.id))]))
  const made = computeSymbol(writer, { symbol, rows: all, books }, context, at)
  const after = new Map(made.map(({ currency, closings }) => [currency, daysOf([closings])]))
  for (const currency of new Set([...before.keys(), ...after.keys()])) {
    changeDays(writer, account, currency, differenceOf(before.get(currency) ?? new Map(), after.get(currency) ?? new Map()))
  }
}

const isAfter = (a: BookPlace, b: StoredBook['last']): boolean => b === null || a.at > b.at || (a.at === b.at && a.id > b.id)

/** True when rows from behind the last event only go on where books stand: new trades, in an instrument whose multiplier is known. */
function follows(writer: Writer, books: readonly StoredBook[], rows: readonly LotRow[], { method, overrides, picks }: AccountContext): boolean {
  // A pick takes its lot out of the average from the beginning.
  if (method === 'average' && picks.size > 0) return rows.every(row => !mayMove(row))
  return rows.every(row => {
    const book = books.find(({ currency }) => currency === row.currency)
    const isKnown = book !== undefined && book.multiplier !== null && book.method === method
    // A purchase that closes may say of an earlier sale of too much that it opened a short position.
    const mayTurnBack = row.side === 'buy' && row.positionEffect === 'close' && book !== undefined && hasGaps(writer, book.id)
    return !mayMove(row) || (isKnown && canFollow(row) && !mayTurnBack && !overrides.has(row.externalId) && isBehind(writer, row, book.last))
  })
}

/** At one place brokers' own numbers decide: only where there are none it is enough that a row came later. */
function isBehind(writer: Writer, row: LotRow, last: StoredBook['last']): boolean {
  const place = { at: lotPlace(row), id: row.id }
  return isAfter(place, last) && (last === null || place.at > last.at || (!isNumber(row.externalId) && !isNumber(externalIdOf(writer, last.id))))
}

function appendRows(writer: Writer, books: readonly StoredBook[], rows: readonly LotRow[], context: AccountContext, at: number): void {
  for (const book of books) {
    const own = rows.filter(row => row.currency === book.currency && mayMove(row))
    if (own.length > 0) append(writer, book, own, context, at)
  }
}

function append(writer: Writer, book: StoredBook, rows: readonly LotRow[], { picks }: AccountContext, at: number): void {
  const before = lotsOf(writer, book.id)
  const read = readBook(rows, { multiplier: book.multiplier, picks }, book.method, { lots: before, trip: book.trip, open: openTrip(writer, book.id, book.trip) })
  writeLots(writer, book.id, before, read.lots)
  changeBook(
    writer,
    {
      ...book,
      ...addSums(book, sumsOf(read.closings)),
      assetClass: read.assetClass ?? book.assetClass,
      trip: read.trip,
      quantity: held(read.lots),
      events: book.events + read.events,
      last: read.last ?? book.last,
    },
    at,
  )
  addClosings(writer, book.id, book.closings + book.unknown, read.closings)
  putTrips(writer, book.id, book, read.trips)
  addGaps(writer, book.id, read.gaps)
  changeDays(writer, book.account, book.currency, daysOf([read.closings]))
}

/** Writes only lots that changed; new ones stand behind the others unless the method says otherwise. */
function writeLots(writer: Writer, book: number, before: readonly PlacedLot[], after: readonly Lot[]): void {
  const places = new Map(before.map(lot => [lot.key, lot]))
  const kept = after.map(lot => places.get(lot.key)?.place)
  const firstNew = kept.indexOf(undefined)
  const isInOrder = firstNew < 0 || kept.slice(firstNew).every(place => place === undefined)
  if (!isInOrder || places.size !== before.length) {
    dropLots(writer, book)
    after.forEach((lot, at) => putLot(writer, book, at, lot))
    return
  }
  const left = new Set(after.map(({ key }) => key))
  for (const { key, place } of before) if (!left.has(key)) dropLot(writer, book, place)
  let next = (before.at(-1)?.place ?? -1) + 1
  for (const lot of after) {
    const old = places.get(lot.key)
    if (old && isSameLot(old, lot)) continue
    putLot(writer, book, old?.place ?? next, lot)
    if (!old) next += 1
  }
}

/** Of two that one event opened: its day and its run stay. */
function isSameLot(a: Lot, b: Lot): boolean {
  return a.quantity === b.quantity && a.costs === b.costs && a.unit === b.unit && a.principal === b.principal
}

export interface SymbolWork {
  readonly symbol: string
  /** All of the instrument in the account that may move it (see mayMove), in any order. */
  readonly rows: readonly LotRow[]
  readonly books: readonly StoredBook[]
}

/** What a book of an instrument came to. */
export interface MadeBook {
  readonly id: number
  readonly currency: string
  readonly closings: Closings
}

/**
 * Computes the books of an instrument anew, one a currency, and answers them. Instruments that got something from it are marked when that
 * changed.
 */
export function computeSymbol(writer: Writer, { symbol, rows, books }: SymbolWork, context: AccountContext, at: number): MadeBook[] {
  const { account, method, overrides, picks } = context
  const openings = context.openings.filter(opening => opening.symbol === symbol)
  const currencies = new Set<string>()
  let before: string | undefined
  for (const { currency } of rows) if (currency !== before) currencies.add((before = currency))
  for (const { currency } of openings) currencies.add(currency)
  const out = context.exchanges().filter(({ fromSymbol }) => fromSymbol === symbol)
  const sent = (): string => JSON.stringify(out.map(({ outId }) => deliveriesUnder(writer, account, symbol, outId)))
  const sentBefore = sent()
  const made: MadeBook[] = []
  const dropIn = (currency: string): void => books.filter(book => book.currency === currency).forEach(book => dropBook(writer, book.id))
  for (const { currency } of books) if (!currencies.has(currency)) dropIn(currency)
  const shared = { symbol, stated: statedFor(writer, context, symbol, rows[0]), overrides, picks, arrivals: context.arrivals(symbol), exchanged: context.exchanged(symbol) }
  for (const currency of currencies) {
    const own = currencies.size === 1 ? rows : rows.filter(row => row.currency === currency)
    const read = readBook(own, { ...shared, openings: openings.filter(opening => opening.currency === currency) }, method)
    const known = books.find(book => book.currency === currency)
    if (read.events === 0) dropIn(currency)
    else made.push({ id: replaceBook(writer, { account, symbol, currency, method }, read, { id: known?.id, at }), currency, closings: read.closings })
  }
  if (sent() !== sentBefore) for (const { toSymbol } of out) markSymbol(writer, account, toSymbol)
  return made
}

/** What rows state of the units of an instrument; asked only of what no table knows. */
export function statedFor(writer: Writer, { account }: Pick<AccountContext, 'account'>, symbol: string, first: LotRow | undefined): Dec | null {
  if (!first || knownMultiplier(symbol, first.assetClass, first.tradeDate) !== null) return null
  return statedMultiplier(writer, account, symbol)
}

type Home = Pick<StoredBook, 'account' | 'symbol' | 'currency' | 'method'>

function replaceBook(writer: Writer, home: Home, read: ReadBook, { id, at }: { readonly id: number | undefined; readonly at: number }): number {
  const { multiplier, trip, events, last, assetClass, lots } = read
  const book = { ...home, ...sumsOf(read.closings), assetClass, multiplier, trip, quantity: held(lots), events, last }
  if (id !== undefined) {
    changeBook(writer, { ...book, id }, at)
    clearBook(writer, id)
  }
  const own = id ?? addBook(writer, book, at)
  lots.forEach((lot, place) => putLot(writer, own, place, lot))
  addClosings(writer, own, 0, read.closings)
  addDeliveries(writer, own, 0, read.deliveries)
  putTrips(writer, own, home, read.trips)
  addGaps(writer, own, read.gaps)
  return own
}

/** Adds changes to the days of an account. */
export function changeDays(writer: Writer, account: number, currency: string, changes: ClosedDays): void {
  for (const [day, change] of changes) {
    const sums = dayOf(writer, account, currency, day)
    putResults(writer, account, currency, day, { ...sums, ...addSums(sums, change) })
  }
}
