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
import { computeSymbol } from './books.ts'
import { cashOf, cashSumsOf, type CashTally, newCashTally, tallyCash } from './cash-days.ts'
import { addClosings, closedOf, type ClosedTally, newClosedTally } from './closed-sums.ts'
import { type LotRow, mayMove } from './lots/lot-rows.ts'

/** Rows a transaction computes, about: a few tens of milliseconds. */
const ROWS_AT_ONCE = 3000

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
    writer.tx(w => {
      learnUnits(w, account)
      const context = accountContext(w, account)
      for (const symbol of symbols) {
        const rows = bySymbol.get(symbol) ?? []
        bySymbol.delete(symbol)
        const books = isFirst ? [] : booksOf(w, account, symbol)
        for (const { id } of books) computed.add(id)
        try {
          const made = w.tx(() => computeSymbol(w, { symbol, rows, books }, context, at))
          for (const { id, currency, closings } of made) {
            computed.add(id)
            addClosings(closings, tallyOf(closed, currency, newClosedTally))
          }
        } catch (error) {
          onFailure(account, symbol, error)
          markSymbol(w, account, symbol)
          keepDays(w, books, closed)
        }
      }
    })
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

/** Books that could not be computed stay, so their days must: what they come to later is told by the difference. */
function keepDays(writer: Writer, books: readonly StoredBook[], closed: Days<ClosedTally>): void {
  for (const { id, currency } of books) for (const closings of closingsOfBook(writer, id)) addClosings(closings, tallyOf(closed, currency, newClosedTally))
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
