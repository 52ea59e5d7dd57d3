import type { LedgerScope } from '../../../shared/contract/ledger.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import type { Reader, Row } from '../db/connection.ts'
import { sql, type Sql } from '../db/sql.ts'
import { integer, text, textOrNull } from './cells.ts'
import { CASH_COUNTS } from './counted-rows.ts'
import { type CashSums, type ClosedSums, type DaySums, NO_CASH, NO_CLOSINGS, toDaySums } from './ledger-days.ts'
import { closedWithin, type ClosingPlaceIn, closingsWhere, isWithin } from './ledger-realizations.ts'
import { IS_TRADE } from './moved-trips.ts'
import { all, booksIn, daysIn, type ScopedAccount } from './ledger-scope.ts'
import { type Runs, tripsTagged } from './noted-runs.ts'
import { UNHELD, type UnheldClosing, unheldClosings } from './unknown-closings.ts'

/** Closings of some day in one currency and instrument. */
export interface ClosedRow extends ClosedSums {
  readonly currency: string
  readonly day: LocalDate
  readonly symbol: string
  readonly assetClass: string | null
}

/** The days of some accounts, oldest first: the sums each account has of each day and currency. It costs the days, whatever is behind them. */
export function daysOfAccounts(reader: Reader, accounts: readonly ScopedAccount[], scope: LedgerScope): (DaySums & { readonly currency: string; readonly day: LocalDate })[] {
  const rows = reader.all(sql`
    SELECT * FROM ledger_days WHERE account IN (${sql.list(accounts.map(({ n }) => n))}) AND ${daysIn(sql`day`, scope)} ORDER BY day, currency, account`)
  return rows.map(row => ({ ...toDaySums(row), currency: text(row, 'currency'), day: text<LocalDate>(row, 'day') }))
}

/** Closings of what the history never shows opened, each as sums of its own. */
export function unheldRows(reader: Reader, accounts: readonly ScopedAccount[], scope: LedgerScope): ClosedRow[] {
  return unheldClosings(reader, accounts, scope).map(unheldRow)
}

const unheldRow = ({ currency, day, symbol, assetClass }: UnheldClosing): ClosedRow => ({ ...NO_CLOSINGS, currency, day, symbol, assetClass, unknown: 1 })

/** Every closing of some books, oldest first by day; those without an opening are among them, and nobody knows what they made. */
export function closedRows(reader: Reader, accounts: readonly ScopedAccount[], scope: LedgerScope): ClosedRow[] {
  const rows = closedIn(reader, accounts, scope, scope.tag === undefined ? null : tripsTagged(reader, scope.tag))
  return rows.sort((a, b) => order(a.day, b.day) || order(a.currency, b.currency))
}

/** A closing with the run it is in. */
export interface ClosedInRun extends ClosedRow {
  readonly book: number
  readonly trip: number
}

/** Every closing of some runs, or of all (null), by book. What a closing had no opening for is in the run it ended, else in none (0). */
export function closedIn(reader: Reader, accounts: readonly ScopedAccount[], scope: LedgerScope, runs: Runs | null): ClosedInRun[] {
  const isOfRuns = runs === null ? sql`TRUE` : sql`b.id IN (${sql.list([...runs.books])})`
  const isAsked = ({ book, trip, closeDay }: ClosingPlaceIn): boolean => isWithin(closeDay, scope) && runs?.has(book, trip) !== false
  const query = { where: all([booksIn(accounts, scope), closedWithin(scope), isOfRuns]), columns: sql`, b.currency, b.symbol, b.asset_class`, isAsked }
  const rows: ClosedInRun[] = []
  const unheld = new Map(unheldClosings(reader, accounts, scope).map(one => [`${one.book}|${one.key}`, { ...one, trip: 0 }]))
  for (const { closings, row } of closingsWhere(reader, query)) {
    const home = { currency: text(row, 'currency'), symbol: text(row, 'symbol'), assetClass: textOrNull(row, 'asset_class') }
    for (const { book, trip, closeKey, closeDay: day, pnl, fees } of closings) {
      const missing = unheld.get(`${book}|${closeKey}`)
      if (missing) missing.trip = trip
      rows.push({ ...home, book, trip, day, realized: pnl ?? Dec.zero, fees: pnl === null ? Dec.zero : fees, closings: pnl === null ? 0 : 1, unknown: pnl === null ? 1 : 0 })
    }
  }
  const lacking = [...unheld.values()].filter(({ trip }) => runs === null || trip > 0)
  return [...rows, ...lacking.map(one => ({ ...unheldRow(one), book: one.book, trip: one.trip }))]
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** A book with what all of it came to. */
export interface BookSums extends ClosedSums {
  readonly id: number
  readonly accountId: AccountId
  readonly symbol: string
  readonly currency: string
  readonly assetClass: string | null
  readonly quantity: Dec
  readonly trips: number
  readonly known: number
  readonly wins: number
}

/** The books of a question, with how many runs ended (but for those that only moved elsewhere), how many of them with a known result and how many at a gain. Text of decimals above 0 is above '0'. */
export function bookSums(reader: Reader, accounts: readonly ScopedAccount[], scope: LedgerScope): BookSums[] {
  const rows = reader.all(sql`
    SELECT b.*, b.unknown + ${UNHELD} AS unmeasured, c.id AS account_id, (SELECT count(*) FROM ledger_trips t WHERE t.book = b.id AND t.close_day IS NOT NULL AND ${IS_TRADE}) AS trips,
      (SELECT count(*) FROM ledger_trips t WHERE t.book = b.id AND t.close_day IS NOT NULL AND t.realized IS NOT NULL) AS known,
      (SELECT count(*) FROM ledger_trips t WHERE t.book = b.id AND t.close_day IS NOT NULL AND t.realized > '0') AS wins
    FROM ledger_books b JOIN accounts c ON c.n = b.account WHERE ${booksIn(accounts, scope)} ORDER BY b.symbol, b.currency, b.account`)
  return rows.map(row => ({
    id: integer(row, 'id'),
    accountId: text<AccountId>(row, 'account_id'),
    symbol: text(row, 'symbol'),
    currency: text(row, 'currency'),
    assetClass: textOrNull(row, 'asset_class'),
    quantity: text<Dec>(row, 'quantity'),
    realized: text<Dec>(row, 'realized'),
    fees: text<Dec>(row, 'fees'),
    closings: integer(row, 'closings'),
    unknown: integer(row, 'unmeasured'),
    trips: integer(row, 'trips'),
    known: integer(row, 'known'),
    wins: integer(row, 'wins'),
  }))
}

/** Dividends, interest and fees of one instrument, by day and currency; each row as sums of its own. */
export function symbolCash(
  reader: Reader,
  accounts: readonly ScopedAccount[],
  symbol: string,
  scope: LedgerScope,
): (CashSums & { readonly currency: string; readonly day: LocalDate })[] {
  const kinds = (['dividend', 'interest', 'fee', 'tax'] as const).map(
    kind => sql`SELECT kind, amount, currency, trade_date FROM activities WHERE symbol = ${symbol} AND kind = ${kind} AND kind <> 'trade' AND ${rest(accounts, scope)}`,
  )
  return reader.all(sql`${sql.join(kinds, sql` UNION ALL `)} ORDER BY trade_date`).map(toCash)
}

function rest(accounts: readonly ScopedAccount[], scope: LedgerScope): Sql {
  return all([sql`account IN (${sql.list(accounts.map(({ n }) => n))})`, sql`amount IS NOT NULL`, CASH_COUNTS, daysIn(sql`trade_date`, scope)])
}

function toCash(row: Row): CashSums & { readonly currency: string; readonly day: LocalDate } {
  const [kind, amount] = [text(row, 'kind'), text<Dec>(row, 'amount')]
  const own = kind === 'dividend' ? { dividends: amount } : kind === 'interest' ? { interest: amount } : { otherFees: Dec.neg(amount) }
  return { ...NO_CASH, ...own, cash: amount, currency: text(row, 'currency'), day: text<LocalDate>(row, 'trade_date') }
}
