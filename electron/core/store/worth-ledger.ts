import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import { isAfterClose } from '../../../shared/domain/market-calendar.ts'
import { EXCHANGE_ZONE, type Instant, LocalDate, startOfDay } from '../../../shared/domain/time.ts'
import type { Reader, Row } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { instantOrNull, integer, micros, text, textOrNull } from './cells.ts'
import { CASH_COUNTS, FROM_OUTSIDE, LEFT_OUT } from './counted-rows.ts'
import { closingsWhere } from './ledger-realizations.ts'
import { fixFlows } from './reconciliation-fixes.ts'

/** What an account's history came to in one currency. `otherFees` are positive when paid and in no other figure. */
export interface LedgerSums {
  readonly currency: string
  readonly realized: Dec
  readonly realizedThisYear: Dec
  readonly income: Dec
  readonly fees: Dec
  readonly feesThisYear: Dec
  readonly otherFees: Dec
  readonly otherFeesThisYear: Dec
}

const NOTHING = {
  realized: Dec.zero,
  realizedThisYear: Dec.zero,
  income: Dec.zero,
  fees: Dec.zero,
  feesThisYear: Dec.zero,
  otherFees: Dec.zero,
  otherFeesThisYear: Dec.zero,
}

/** An account's results by currency. `year` begins on this day. */
export function ledgerSums(reader: Reader, accountId: AccountId, year: LocalDate): LedgerSums[] {
  const found = new Map<string, LedgerSums>()
  for (const row of reader.all(sql`SELECT * FROM ledger_days WHERE account = (SELECT n FROM accounts WHERE id = ${accountId})`)) {
    const currency = text(row, 'currency')
    found.set(currency, withDay(found.get(currency) ?? { currency, ...NOTHING }, row, text<LocalDate>(row, 'day') >= year))
  }
  return [...found.values()]
}

function withDay(sums: LedgerSums, row: Row, isThisYear: boolean): LedgerSums {
  const realized = text<Dec>(row, 'realized')
  const otherFees = text<Dec>(row, 'other_fees')
  const fees = Dec.add(text<Dec>(row, 'fees'), otherFees)
  return {
    currency: sums.currency,
    realized: Dec.add(sums.realized, realized),
    realizedThisYear: isThisYear ? Dec.add(sums.realizedThisYear, realized) : sums.realizedThisYear,
    income: Dec.add(sums.income, Dec.add(text<Dec>(row, 'dividends'), text<Dec>(row, 'interest'))),
    fees: Dec.add(sums.fees, fees),
    feesThisYear: isThisYear ? Dec.add(sums.feesThisYear, fees) : sums.feesThisYear,
    otherFees: Dec.add(sums.otherFees, otherFees),
    otherFeesThisYear: isThisYear ? Dec.add(sums.otherFeesThisYear, otherFees) : sums.otherFeesThisYear,
  }
}

/** A result or an income of one asset class; null where the history names none. */
export interface ClassAmount {
  readonly assetClass: AssetClass | null
  readonly currency: string
  readonly amount: Dec
  readonly fees: Dec
}

/** What the books of an account realized in all its history. */
export function realizedByClass(reader: Reader, accountId: AccountId): ClassAmount[] {
  return reader
    .all(
      sql`SELECT asset_class, currency, realized AS amount, fees FROM ledger_books WHERE account = (SELECT n FROM accounts WHERE id = ${accountId}) AND closings > 0`,
    )
    .map(toClassAmount)
}

/** What closings from a day on realized. */
export function realizedByClassSince(reader: Reader, accountId: AccountId, day: LocalDate): ClassAmount[] {
  const where = sql`r.last_day >= ${day} AND b.account = (SELECT n FROM accounts WHERE id = ${accountId})`
  return [...closingsWhere(reader, { where, columns: sql`, b.asset_class, b.currency` })].flatMap(({ closings, row }) =>
    closings.flatMap(({ closeDay, pnl, fees }) => (closeDay < day || pnl === null ? [] : [toClassAmount({ ...row, amount: pnl, fees })])),
  )
}

/** Sales of an account, one after another, whose result nobody knows: of holdings without a cost, or that the history never shows bought. What only went elsewhere, and money, made nothing. */
export function unmeasured(
  reader: Reader,
  accountId: AccountId,
): { readonly assetClass: AssetClass | null; readonly currency: string; readonly count: number }[] {
  return reader
    .all(
      sql`
      SELECT asset_class, currency, unknown + (
        SELECT count(*) FROM ledger_gaps g JOIN activities a ON a.account = b.account AND a.external_id = g.key
        WHERE g.book = b.id AND g.kind = 'needs-opening-lot' AND a.kind IN ('trade', 'option-event')) AS unmeasured
      FROM ledger_books b WHERE account = (SELECT n FROM accounts WHERE id = ${accountId}) AND coalesce(asset_class, '') NOT IN ('cash', 'forex')`,
    )
    .map(row => ({
      assetClass: textOrNull<AssetClass>(row, 'asset_class'),
      currency: text(row, 'currency'),
      count: integer(row, 'unmeasured'),
    }))
    .filter(({ count }) => count > 0)
}

/** Dividends and interest by what paid them; where a row names no class, by the class of the trades in the same symbol. */
export function incomeByClass(reader: Reader, accountId: AccountId): ClassAmount[] {
  return reader
    .all(
      sql`
      SELECT CASE WHEN symbol IS NULL THEN 'cash' ELSE coalesce(asset_class,
        (SELECT b.asset_class FROM ledger_books b WHERE b.account = activities.account AND b.symbol = activities.symbol AND b.asset_class IS NOT NULL LIMIT 1)
        ) END AS asset_class,
        currency, amount, '0' AS fees FROM activities
      WHERE kind IN ('dividend', 'interest') AND account = (SELECT n FROM accounts WHERE id = ${accountId}) AND amount IS NOT NULL AND ${CASH_COUNTS}`,
    )
    .map(toClassAmount)
}

function toClassAmount(row: Row): ClassAmount {
  return {
    assetClass: textOrNull<AssetClass>(row, 'asset_class'),
    currency: text(row, 'currency'),
    amount: text<Dec>(row, 'amount'),
    fees: text<Dec>(row, 'fees'),
  }
}

/** What an account realized by instrument. */
export function realizedBySymbol(
  reader: Reader,
  accountId: AccountId,
): { readonly symbol: string; readonly currency: string; readonly realized: Dec }[] {
  return reader
    .all(
      sql`SELECT symbol, currency, realized FROM ledger_books WHERE account = (SELECT n FROM accounts WHERE id = ${accountId}) AND closings > 0`,
    )
    .map(row => ({ symbol: text(row, 'symbol'), currency: text(row, 'currency'), realized: text<Dec>(row, 'realized') }))
}

/** What came in and went out of an account without being a result. `amount` is null for holdings. */
export interface Flow {
  readonly currency: string
  readonly amount: Dec | null
  /** The day of a reading that may hold it or not, where nobody tells which: its broker dates it on that day, and the day was not over. */
  readonly unsureOn: LocalDate | null
}

/** A value as it was read. */
export interface Reading {
  readonly day: LocalDate
  readonly asOf: Instant
}

/**
 * Deposits, withdrawals and moved holdings between two readings: by time where the broker tells one, else by day. A reading from after
 * the exchange's close holds what came on its day, and the later one what was told before it was read. Cash the user added for a
 * difference counts from when the account began to differ.
 */
export function flowsBetween(reader: Reader, accountId: AccountId, last: Reading, current: Reading): Flow[] {
  const rows = reader
    .all(
      sql`
      SELECT currency, amount, quantity, executed_at, trade_date, fetched_at FROM activities
      WHERE ${FROM_OUTSIDE} AND NOT ${LEFT_OUT} AND account = (SELECT n FROM accounts WHERE id = ${accountId})
        AND sort_at >= ${micros(startOfDay(last.day, EXCHANGE_ZONE))}`,
    )
    .flatMap(row => {
      const place = placeOf(row, last, current)
      const amount = textOrNull<Dec>(row, 'amount')
      const movesHoldings = textOrNull<Dec>(row, 'quantity') !== null && (amount === null || Dec.isZero(amount))
      if (place === 'outside' || (!movesHoldings && amount === null)) return []
      return [{ currency: text(row, 'currency'), amount: movesHoldings ? null : amount, unsureOn: place === 'between' ? null : place }]
    })
  return [...rows, ...fixFlows(reader, accountId, last.asOf).map(flow => ({ ...flow, unsureOn: null }))]
}

/** Whether a row came between two readings; the day of the reading where nobody tells. */
function placeOf(row: Row, last: Reading, current: Reading): 'between' | 'outside' | LocalDate {
  const at = instantOrNull(row, 'executed_at')
  if (at !== null) return micros(at) > micros(last.asOf) && micros(at) <= micros(current.asOf) ? 'between' : 'outside'
  const day = text<LocalDate>(row, 'trade_date')
  if (day < last.day || day > current.day) return 'outside'
  if (day === last.day) return isAfterClose(last.asOf, day) ? 'outside' : day
  const isIn = day < current.day || isAfterClose(current.asOf, day) || integer(row, 'fetched_at') <= micros(current.asOf)
  return isIn ? 'between' : day
}
