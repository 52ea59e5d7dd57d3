import type { Writer } from '../db/connection.ts'
import { booksOf, bookIds, dropBook, type StoredBook } from '../store/ledger-books.ts'
import { clearDays, NO_CASH, NO_CLOSINGS, putDay } from '../store/ledger-days.ts'
import { beginWhole, dropMark, markSymbol, WHOLE_BEGUN } from '../store/ledger-dirty.ts'
import { saveExchanges } from '../store/ledger-exchanges.ts'
import { readThrough } from '../store/ledger-history.ts'
import { closingsOfBook } from '../store/ledger-realizations.ts'
import { learnUnits } from '../store/opening-units.ts'
import { accountContext } from './account-context.ts'
import { computeSymbol, type MadeBook } from './books.ts'
import { cashSumsOf, type CashTally } from './cash-days.ts'
import { addClosings, closedOf, type ClosedTally, newClosedTally } from './closed-sums.ts'
import { countOf, type Days, gather, rowsOf, type SymbolRows, tallyOf } from './gather.ts'
import type { Closings } from './lots/closings.ts'

/** Rows a transaction computes, about: less than a tenth of a second. Pages that many instruments share are written once for each. */
const ROWS_AT_ONCE = 9000

export interface WholeOptions {
  readonly at: number
  /** Told of an instrument that could not be computed; it stays marked. */
  readonly onFailure: (account: number, symbol: string, error: unknown) => void
}

/**
 * Computes everything of an account, in transactions of a few instruments each; yields after each the books it wrote. Rows are read once,
 * in their order. What changes meanwhile is marked and computed after; a stop in between begins again.
 */
export function* computeAccount(writer: Writer, account: number, { at, onFailure }: WholeOptions): Generator<number> {
  const isFirst = writer.tx(w => {
    beginWhole(w, account)
    learnUnits(w, account)
    return bookIds(w, account).length === 0
  })
  const first = accountContext(writer, account)
  // Known as they were at the beginning: what became another meanwhile is then found out to be new, and both are read again.
  const exchanges = first.exchanges()
  const { bySymbol, cash } = readThrough(writer, () => gather(writer, first))
  const closed: Days<ClosedTally> = new Map()
  const computed = new Set<number>()
  for (const work of portions(bySymbol.values())) {
    const made = computePortion(writer, { account, work, isFirst }, { at, onFailure })
    for (const { symbol } of work) bySymbol.delete(symbol)
    for (const { id, currency, closings } of made) {
      computed.add(id)
      for (const some of closings) addClosings(some, tallyOf(closed, currency, newClosedTally))
    }
    yield work.length
  }
  writer.tx(w => {
    for (const id of bookIds(w, account)) if (!computed.has(id)) dropBook(w, id)
    saveExchanges(w, account, exchanges)
    writeDays(w, account, closed, cash)
    dropMark(w, account, WHOLE_BEGUN)
  })
  yield 0
}

interface Portion {
  readonly account: number
  readonly work: readonly SymbolRows[]
  /** No book is there yet. */
  readonly isFirst: boolean
}

/** The books of a portion and what they closed; of those that stay as they were, too. */
type Made = readonly (Pick<MadeBook, 'id' | 'currency'> & { readonly closings: readonly Closings[] })[]

/** All of it at once, because a savepoint for each instrument is a twelfth of the work; where one fails nothing is written, and it is done again one by one. */
function computePortion(writer: Writer, portion: Portion, { at, onFailure }: WholeOptions): Made {
  try {
    return writer.tx(w => inPortion(w, portion, at, compute => compute()))
  } catch {
    return writer.tx(w => inPortion(w, portion, at, (compute, symbol, books) => {
      try {
        return w.tx(compute)
      } catch (error) {
        onFailure(portion.account, symbol, error)
        markSymbol(w, portion.account, symbol)
        return kept(w, books)
      }
    }))
  }
}

type Guard = (compute: () => Made, symbol: string, books: readonly StoredBook[]) => Made

function inPortion(writer: Writer, { account, work, isFirst }: Portion, at: number, guard: Guard): Made {
  learnUnits(writer, account)
  const context = accountContext(writer, account)
  return work.flatMap(one => {
    const { symbol } = one
    const books = isFirst ? [] : booksOf(writer, account, symbol)
    return guard(() => computeSymbol(writer, { symbol, rows: rowsOf(one), books }, context, at).map(book => ({ ...book, closings: [book.closings] })), symbol, books)
  })
}

/** Books that could not be computed stay, so their days must: what they come to later is told by the difference. */
const kept = (writer: Writer, books: readonly StoredBook[]): Made => books.map(({ id, currency }) => ({ id, currency, closings: closingsOfBook(writer, id) }))

/** Instruments in groups of about as many rows. */
function* portions(instruments: Iterable<SymbolRows>): Generator<SymbolRows[]> {
  let work: SymbolRows[] = []
  let size = 0
  for (const one of instruments) {
    work.push(one)
    size += countOf(one) + 1
    if (size < ROWS_AT_ONCE) continue
    yield work
    work = []
    size = 0
  }
  if (work.length > 0) yield work
}

function writeDays(writer: Writer, account: number, closed: Days<ClosedTally>, cash: Days<CashTally>): void {
  clearDays(writer, account)
  for (const currency of new Set([...closed.keys(), ...cash.keys()])) {
    const [results, sums] = [closed.get(currency), cash.get(currency)]
    for (const day of new Set([...(results?.keys() ?? []), ...(sums?.keys() ?? [])])) {
      const [made, moved] = [results?.get(day), sums?.get(day)]
      putDay(writer, account, currency, day, { ...(made ? closedOf(made) : NO_CLOSINGS), ...(moved ? cashSumsOf(moved) : NO_CASH) })
    }
  }
}
