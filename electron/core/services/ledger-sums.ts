import type { DayResult, LedgerScope, ResultView } from '../../../shared/contract/ledger.ts'
import type { OutputOf } from '../../../shared/contract/routes.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import type { Reader } from '../db/open.ts'
import { addCash } from '../ledger/cash-days.ts'
import { addSums } from '../ledger/closed-sums.ts'
import { type CashSums, type ClosedSums, type DaySums, NO_CASH, NO_CLOSINGS } from '../store/ledger-days.ts'
import { accountsIn } from '../store/ledger-scope.ts'
import { bookSums, closedRows, daysOfAccounts, symbolCash, unheldRows } from '../store/ledger-sums.ts'
import { heldLines, openGains } from './ledger-held.ts'

type Summed = DaySums & { readonly currency: string; readonly day: LocalDate }

/** Results by currency. */
export function totals(reader: Reader, scope: LedgerScope): ResultView[] {
  return [...Map.groupBy(resultsIn(reader, scope), ({ currency }) => currency)].map(([currency, rows]) => ({ currency, ...rows.reduce<ClosedSums>(addSums, NO_CLOSINGS) }))
}

/** Whole days are kept; what asks for less is summed from its closings. */
function resultsIn(reader: Reader, scope: LedgerScope): readonly (ClosedSums & { readonly currency: string })[] {
  const accounts = accountsIn(reader, scope)
  if (isOfAll(scope)) return [...daysOfAccounts(reader, accounts, scope).filter(hasClosings), ...unheldRows(reader, accounts, scope)]
  if (isOfAllTime(scope)) return bookSums(reader, accounts, scope).filter(hasClosings)
  return closedRows(reader, accounts, scope)
}

const isOfAll = ({ symbol, assetClass, tag }: LedgerScope): boolean => symbol === undefined && assetClass === undefined && tag === undefined
const isOfAllTime = ({ from, to, tag }: LedgerScope): boolean => from === undefined && to === undefined && tag === undefined
const hasClosings = ({ closings, unknown }: ClosedSums): boolean => closings > 0 || unknown > 0

/** Results, dividends, interest and fees by day and currency, oldest first. Cash that belongs to no instrument is in no sum of one. */
export function days(reader: Reader, scope: LedgerScope): DayResult[] {
  const sums = new Map<string, Summed>()
  for (const row of dayRows(reader, scope)) {
    const key = `${row.day}|${row.currency}`
    const known = sums.get(key)
    sums.set(key, known ? { ...known, ...addSums(known, row), ...addCash(known, row) } : row)
  }
  return [...sums.values()].map(({ currency, day, realized, fees, closings, unknown, dividends, interest, otherFees }) => ({
    currency, realized, fees, closings, unknown, day, dividends, interest, otherFees,
  }))
}

function dayRows(reader: Reader, scope: LedgerScope): Summed[] {
  const accounts = accountsIn(reader, scope)
  if (isOfAll(scope)) {
    const unheld = unheldRows(reader, accounts, scope).map((row): Summed => ({ ...NO_CASH, ...row }))
    return [...daysOfAccounts(reader, accounts, scope).filter(isShown), ...unheld].toSorted(byDay)
  }
  const closed = closedRows(reader, accounts, scope).map((row): Summed => ({ ...NO_CASH, ...row }))
  const { symbol } = scope
  const isWhole = symbol !== undefined && scope.assetClass === undefined && scope.tag === undefined
  const cash = isWhole ? symbolCash(reader, accounts, symbol, scope).map((row): Summed => ({ ...NO_CLOSINGS, ...row })) : []
  return [...closed, ...cash].toSorted(byDay)
}

const byDay = (a: Summed, b: Summed): number => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0)

/** A day with nothing but purchases and deposits shows no result. */
function isShown({ closings, unknown, dividends, interest, otherFees }: ClosedSums & CashSums): boolean {
  return closings > 0 || unknown > 0 || ![dividends, interest, otherFees].every(Dec.isZero)
}

type BySymbol = OutputOf<'ledger.bySymbol'>[number]

/** Results by instrument and currency. Runs and open lots are of all time where days are named: they belong to none. */
export function bySymbol(reader: Reader, scope: LedgerScope): BySymbol[] {
  const accounts = accountsIn(reader, scope)
  const sums = bookSums(reader, accounts, scope)
  const books = Map.groupBy(sums, ({ symbol, currency }) => `${symbol}|${currency}`)
  const within = isOfAllTime(scope) ? null : Map.groupBy(closedRows(reader, accounts, scope), ({ symbol, currency }) => `${symbol}|${currency}`)
  const open = openGains(heldLines(reader, accounts, sums))
  return [...books].flatMap(([key, rows]): BySymbol[] => {
    const [first] = rows
    const counted: readonly ClosedSums[] = within ? (within.get(key) ?? []) : rows
    if (!first || (within && counted.length === 0)) return []
    const { symbol, currency } = first
    const assetClass = rows.find(row => row.assetClass !== null)?.assetClass ?? null
    const sum = (of: (row: (typeof rows)[number]) => number): number => rows.reduce((total, row) => total + of(row), 0)
    return [{ ...counted.reduce<ClosedSums>(addSums, NO_CLOSINGS), currency, symbol, assetClass, unrealized: open.get(key) ?? null, trips: sum(row => row.trips), known: sum(row => row.known), wins: sum(row => row.wins) }]
  })
}
