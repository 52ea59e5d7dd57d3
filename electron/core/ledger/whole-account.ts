import type { LocalDate } from '../../../shared/domain/time.ts'
import type { Writer } from '../db/connection.ts'
import { booksOf, bookIds, dropBook, type StoredBook } from '../store/ledger-books.ts'
import { clearDays, NO_CASH, NO_CLOSINGS, putDay } from '../store/ledger-days.ts'
import { beginWhole, dropMark, markSymbol, WHOLE_BEGUN } from '../store/ledger-dirty.ts'
import { saveExchanges } from '../store/ledger-exchanges.ts'
import { accountRows } from '../store/ledger-history.ts'
import { closingsOfBook } from '../store/ledger-realizations.ts'
import { learnUnits } from '../store/opening-units.ts'
import { type AccountContext, accountContext } from './account-context.ts'
import { computeSymbol, type MadeBook, type SymbolWork } from './books.ts'
import { cashOf, cashSumsOf, type CashTally, newCashTally, tallyCash } from './cash-days.ts'
import { addClosings, closedOf, type ClosedTally, newClosedTally } from './closed-sums.ts'
import type { Closings } from './lots/closings.ts'
import { type LotRow, mayMove } from './lots/lot-rows.ts'

/** Rows a transaction computes, about: a few tens of milliseconds. Pages that many instruments share are written once for each. */
const ROWS_AT_ONCE = 6000

export interface WholeOptions {
  readonly at: number
  /** Told of an instrument that could not be computed; it stays marked. */
  readonly onFailure: (account: number, symbol: string, error: unknown) => void
}

type Days<Sums> = Map<string, Map<LocalDate, Sums>>

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
  const { bySymbol, cash } = gather(writer, first)
  for (const { symbol } of first.openings) if (!bySymbol.has(symbol)) bySymbol.set(symbol, [])
  const closed: Days<ClosedTally> = new Map()
  const computed = new Set<number>()
  for (const symbols of portions(bySymbol)) {
    const work = symbols.map(symbol => ({ symbol, rows: bySymbol.get(symbol) ?? [] }))
    const { made, known } = computePortion(writer, { account, work, isFirst }, { at, onFailure })
    for (const symbol of symbols) bySymbol.delete(symbol)
    for (const id of known) computed.add(id)
    for (const { id, currency, closings } of made) {
      computed.add(id)
      for (const some of closings) addClosings(some, tallyOf(closed, currency, newClosedTally))
    }
    yield symbols.length
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
  readonly work: readonly Omit<SymbolWork, 'books'>[]
  /** No book is there yet. */
  readonly isFirst: boolean
}

/** What a portion came to. */
interface PortionMade {
  readonly made: readonly (Pick<MadeBook, 'id' | 'currency'> & { readonly closings: readonly Closings[] })[]
  /** The books that were there before, also those that stay as they were. */
  readonly known: readonly number[]
}

/** All of it at once, because a savepoint for each instrument is a twelfth of the work; where one fails nothing is written, and it is done again one by one. */
function computePortion(writer: Writer, portion: Portion, { at, onFailure }: WholeOptions): PortionMade {
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

type Made = PortionMade['made']
type Guard = (compute: () => Made, symbol: string, books: readonly StoredBook[]) => Made

function inPortion(writer: Writer, { account, work, isFirst }: Portion, at: number, guard: Guard): PortionMade {
  learnUnits(writer, account)
  const context = accountContext(writer, account)
  const known: number[] = []
  const made = work.flatMap(({ symbol, rows }) => {
    const books = isFirst ? [] : booksOf(writer, account, symbol)
    for (const { id } of books) known.push(id)
    return guard(() => computeSymbol(writer, { symbol, rows, books }, context, at).map(one => ({ ...one, closings: [one.closings] })), symbol, books)
  })
  return { made, known }
}

/** Books that could not be computed stay, so their days must: what they come to later is told by the difference. */
const kept = (writer: Writer, books: readonly StoredBook[]): Made => books.map(({ id, currency }) => ({ id, currency, closings: closingsOfBook(writer, id) }))

interface Gathered {
  readonly bySymbol: Map<string, LotRow[]>
  readonly cash: Days<CashTally>
}

function gather(writer: Writer, { account, overrides }: AccountContext): Gathered {
  const bySymbol = new Map<string, LotRow[]>()
  const cash: Days<CashTally> = new Map()
  let day: CashDay | undefined
  for (const some of accountRows(writer, account))
    for (const row of some) {
      const { symbol, currency, tradeDate } = row
      const sums = cashOf(row, overrides)
      if (sums) {
        if (day?.tradeDate !== tradeDate || day.currency !== currency) day = { currency, tradeDate, tally: tallyOf(cash, currency, newCashTally)(tradeDate) }
        tallyCash(day.tally, sums)
      }
      if (symbol === null || !mayMove(row)) continue
      const rows = bySymbol.get(symbol)
      if (rows) rows.push(row)
      else bySymbol.set(symbol, [row])
    }
  return { bySymbol, cash }
}

/** The day of the row before, which most rows have too. */
interface CashDay {
  readonly currency: string
  readonly tradeDate: LocalDate
  readonly tally: CashTally
}

function tallyOf<Sums>(days: Days<Sums>, currency: string, fresh: () => Sums): (day: LocalDate) => Sums {
  let own = days.get(currency)
  if (!own) days.set(currency, (own = new Map()))
  const known = own
  return day => {
    let sums = known.get(day)
    if (!sums) known.set(day, (sums = fresh()))
    return sums
  }
}

/** Instruments in groups of about as many rows. */
function* portions(bySymbol: ReadonlyMap<string, readonly LotRow[]>): Generator<string[]> {
  let symbols: string[] = []
  let rows = 0
  for (const [symbol, own] of bySymbol) {
    symbols.push(symbol)
    rows += own.length + 1
    if (rows < ROWS_AT_ONCE) continue
    yield symbols
    symbols = []
    rows = 0
  }
  if (symbols.length > 0) yield symbols
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
