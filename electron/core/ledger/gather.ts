import type { LocalDate } from '../../../shared/domain/time.ts'
import type { Writer } from '../db/connection.ts'
import { amountIn, type HeldRows, heldRows, holdRow, newHeldRows, sharing, unpackRow } from '../store/held-rows.ts'
import { accountRows } from '../store/ledger-history.ts'
import { fixRows } from '../store/reconciliation-fixes.ts'
import type { AccountContext } from './account-context.ts'
import { cashOf, type CashTally, isPlainCash, newCashTally, tallyCash } from './cash-days.ts'
import { type LotRow, mayMove } from './lots/lot-rows.ts'
import { addTo } from './tally.ts'

/** Sums of days by currency. */
export type Days<Sums> = Map<string, Map<LocalDate, Sums>>

/** The tally of a day in one currency, made where there is none. */
export function tallyOf<Sums>(days: Days<Sums>, currency: string, fresh: () => Sums): (day: LocalDate) => Sums {
  let own = days.get(currency)
  if (!own) days.set(currency, (own = new Map()))
  const known = own
  return day => {
    let sums = known.get(day)
    if (!sums) known.set(day, (sums = fresh()))
    return sums
  }
}

/** The rows of one instrument that may move it (see mayMove): those of its history, and those the user's fixes added. */
export interface SymbolRows {
  readonly symbol: string
  readonly held: HeldRows
  readonly others: LotRow[]
}

export const countOf = ({ held, others }: SymbolRows): number => held.ids.length + others.length

export const rowsOf = ({ held, others }: SymbolRows): readonly LotRow[] => (others.length === 0 ? heldRows(held) : [...heldRows(held), ...others])

export interface Gathered {
  readonly bySymbol: Map<string, SymbolRows>
  readonly cash: Days<CashTally>
}

/** Reads all of an account once: its rows by instrument, with instruments the user alone told lots of, and its cash by day. */
export function gather(writer: Writer, { account, overrides, openings }: AccountContext): Gathered {
  const bySymbol = new Map<string, SymbolRows>()
  const under = (symbol: string): SymbolRows => {
    let own = bySymbol.get(symbol)
    if (!own) bySymbol.set(symbol, (own = { symbol, held: newHeldRows(symbol), others: [] }))
    return own
  }
  const cash = newCashDays()
  const count = (row: LotRow): void => {
    const sums = cashOf(row, overrides)
    if (sums) tallyCash(dayIn(cash, row.currency, row.tradeDate), sums)
  }
  const words = sharing()
  for (const some of accountRows(writer, account))
    for (const row of some) {
      const [manner, day, symbol] = [words.manner(row[2]), words.day(row[5]), row[3]]
      if (overrides.size === 0 && isPlainCash(manner)) {
        const amount = amountIn(row[4])
        if (amount !== null) addTo(dayIn(cash, manner.currency, day).cash, amount)
      } else {
        const told = unpackRow(row, manner, day)
        count(told)
        if (!mayMove(told)) continue
      }
      if (symbol !== null) holdRow(under(symbol).held, row, manner, day)
    }
  for (const row of fixRows(writer, account)) {
    count(row)
    if (row.symbol !== null && mayMove(row)) under(row.symbol).others.push(row)
  }
  for (const { symbol } of openings) under(symbol)
  return { bySymbol, cash: cash.days }
}

/** Cash by day, and the day of the row before, which most rows have too. */
interface CashDays {
  readonly days: Days<CashTally>
  last: { readonly currency: string; readonly day: LocalDate; readonly tally: CashTally } | null
}

const newCashDays = (): CashDays => ({ days: new Map(), last: null })

function dayIn(cash: CashDays, currency: string, day: LocalDate): CashTally {
  if (cash.last?.day === day && cash.last.currency === currency) return cash.last.tally
  const tally = tallyOf(cash.days, currency, newCashTally)(day)
  cash.last = { currency, day, tally }
  return tally
}
