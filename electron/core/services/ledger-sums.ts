import type { DayResult, LedgerScope, ResultView } from '../../../shared/contract/ledger.ts'
import type { OutputOf } from '../../../shared/contract/routes.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import type { Reader } from '../db/open.ts'
import { addCash } from '../ledger/cash-days.ts'
import { addSums } from '../ledger/closed-sums.ts'
import { type CashSums, type ClosedSums, type DaySums, NO_CASH, NO_CLOSINGS } from '../store/ledger-days.ts'
import { accountsIn, type ScopedAccount } from '../store/ledger-scope.ts'
import { bookSums, closedRows, daysOfAccounts, symbolCash, unheldRows } from '../store/ledger-sums.ts'
import { closedTrips } from '../store/ledger-trips.ts'
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

/** Results by instrument and currency, with the runs that ended in the days and under the tag asked about. Open lots belong to no day. */
export function bySymbol(reader: Reader, scope: LedgerScope): BySymbol[] {
  const accounts = accountsIn(reader, scope)
  const sums = bookSums(reader, accounts, scope)
  const books = Map.groupBy(sums, ({ symbol, currency }) => `${symbol}|${currency}`)
  const within = isOfAllTime(scope) ? null : Map.groupBy(closedRows(reader, accounts, scope), ({ symbol, currency }) => `${symbol}|${currency}`)
  const runs = within && runsBySymbol(reader, accounts, scope)
  const open = openGains(heldLines(reader, accounts, sums))
  return [...books].flatMap(([key, rows]): BySymbol[] => {
    const [first] = rows
    const counted: readonly ClosedSums[] = within ? (within.get(key) ?? []) : rows
    if (!first || (within && counted.length === 0)) return []
    const { symbol, currency } = first
    const assetClass = rows.find(row => row.assetClass !== null)?.assetClass ?? null
    const { trips, known, wins } = runs ? (runs.get(key) ?? NO_RUNS) : rows.reduce<RunCounts>(addRuns, NO_RUNS)
    return [{ ...counted.reduce<ClosedSums>(addSums, NO_CLOSINGS), currency, symbol, assetClass, unrealized: gainedBy(open, key), trips, known, wins }]
  })
}

/** Where nothing is open nothing was gained; null where it is not known of what is. */
const gainedBy = (open: ReadonlyMap<string, Dec | null>, key: string): Dec | null => (open.has(key) ? (open.get(key) ?? null) : Dec.zero)

type RunCounts = Pick<BySymbol, 'trips' | 'known' | 'wins'>

const NO_RUNS: RunCounts = { trips: 0, known: 0, wins: 0 }

const addRuns = (a: RunCounts, b: RunCounts): RunCounts => ({ trips: a.trips + b.trips, known: a.known + b.known, wins: a.wins + b.wins })

/** The runs a question is about that ended, by symbol and currency. */
function runsBySymbol(reader: Reader, accounts: readonly ScopedAccount[], scope: LedgerScope): Map<string, RunCounts> {
  const counts = new Map<string, RunCounts>()
  for (const { symbol, currency, realized } of closedTrips(reader, accounts, scope)) {
    const key = `${symbol}|${currency}`
    const isWin = realized !== null && Dec.cmp(realized, Dec.zero) > 0
    counts.set(key, addRuns(counts.get(key) ?? NO_RUNS, { trips: 1, known: realized === null ? 0 : 1, wins: isWin ? 1 : 0 }))
  }
  return counts
}
