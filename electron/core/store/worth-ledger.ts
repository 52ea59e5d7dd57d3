import { Dec } from '../../../shared/domain/decimal.ts'
import type { Made } from '../../../shared/domain/realized.ts'
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
import { UNHELD, unheldClosings } from './unknown-closings.ts'

/** What an account's history came to in one currency. `otherFees` are positive when paid and in no other figure. */
export interface LedgerSums {
  readonly currency: string
  readonly made: Made
  readonly madeThisYear: Made
  readonly income: Dec
  readonly fees: Dec
  readonly feesThisYear: Dec
  readonly otherFees: Dec
  readonly otherFeesThisYear: Dec
}

export const MADE_NOTHING: Made = { realized: Dec.zero, closings: 0, unknown: 0 }

const NOTHING = {
  made: MADE_NOTHING,
  madeThisYear: MADE_NOTHING,
  income: Dec.zero,
  fees: Dec.zero,
  feesThisYear: Dec.zero,
  otherFees: Dec.zero,
  otherFeesThisYear: Dec.zero,
}

export function addMade(a: Made, b: Made): Made {
  return { realized: Dec.add(a.realized, b.realized), closings: a.closings + b.closings, unknown: a.unknown + b.unknown }
}

/** An account's results by currency. `year` begins on this day. */
export function ledgerSums(reader: Reader, accountId: AccountId, year: LocalDate): LedgerSums[] {
  const found = new Map<string, LedgerSums>()
  for (const row of reader.all(sql`SELECT * FROM ledger_days WHERE account = (SELECT n FROM accounts WHERE id = ${accountId})`)) {
    const currency = text(row, 'currency')
    found.set(currency, withDay(found.get(currency) ?? { currency, ...NOTHING }, row, text<LocalDate>(row, 'day') >= year))
  }
  for (const { currency, day } of unheldIn(reader, accountId)) {
    const sums = found.get(currency) ?? { currency, ...NOTHING }
    found.set(currency, {
      ...sums,
      made: addMade(sums.made, UNKNOWN),
      madeThisYear: day >= year ? addMade(sums.madeThisYear, UNKNOWN) : sums.madeThisYear,
    })
  }
  return [...found.values()]
}

const UNKNOWN: Made = { ...MADE_NOTHING, unknown: 1 }

function unheldIn(reader: Reader, accountId: AccountId): ReturnType<typeof unheldClosings> {
  const row = reader.get(sql`SELECT n FROM accounts WHERE id = ${accountId}`)
  return row ? unheldClosings(reader, [{ n: integer(row, 'n') }], {}) : []
}

function withDay(sums: LedgerSums, row: Row, isThisYear: boolean): LedgerSums {
  const made = toMade(row)
  const otherFees = text<Dec>(row, 'other_fees')
  const fees = Dec.add(text<Dec>(row, 'fees'), otherFees)
  return {
    currency: sums.currency,
    made: addMade(sums.made, made),
    madeThisYear: isThisYear ? addMade(sums.madeThisYear, made) : sums.madeThisYear,
    income: Dec.add(sums.income, Dec.add(text<Dec>(row, 'dividends'), text<Dec>(row, 'interest'))),
    fees: Dec.add(sums.fees, fees),
    feesThisYear: isThisYear ? Dec.add(sums.feesThisYear, fees) : sums.feesThisYear,
    otherFees: Dec.add(sums.otherFees, otherFees),
    otherFeesThisYear: isThisYear ? Dec.add(sums.otherFeesThisYear, otherFees) : sums.otherFeesThisYear,
  }
}

function toMade(row: Row): Made {
  return { realized: text<Dec>(row, 'realized'), closings: integer(row, 'closings'), unknown: integer(row, 'unknown') }
}

/** An income of one asset class; null where the history names none. */
export interface ClassAmount {
  readonly assetClass: AssetClass | null
  readonly currency: string
  readonly amount: Dec
}

/** What closings of one asset class made; null where the history names none. */
export interface ClassMade {
  readonly assetClass: AssetClass | null
  readonly currency: string
  readonly made: Made
  readonly fees: Dec
}

/** What the books of an account realized in all its history. */
export function realizedByClass(reader: Reader, accountId: AccountId): ClassMade[] {
  return reader
    .all(
      sql`
      SELECT asset_class, currency, realized, fees, closings, unknown + ${UNHELD} AS unknown FROM ledger_books b
      WHERE account = (SELECT n FROM accounts WHERE id = ${accountId})`,
    )
    .map(row => ({ ...toClass(row), made: toMade(row), fees: text<Dec>(row, 'fees') }))
    .filter(({ made }) => made.closings > 0 || made.unknown > 0)
}

/** What closings from a day on realized. */
export function realizedByClassSince(reader: Reader, accountId: AccountId, day: LocalDate): ClassMade[] {
  const where = sql`r.last_day >= ${day} AND b.account = (SELECT n FROM accounts WHERE id = ${accountId})`
  const closed = [...closingsWhere(reader, { where, columns: sql`, b.asset_class, b.currency` })].flatMap(({ closings, row }) =>
    closings.flatMap(({ closeDay, pnl, fees }): ClassMade[] => {
      if (closeDay < day) return []
      return [{ ...toClass(row), ...(pnl === null ? UNKNOWN_OF_CLASS : { made: { realized: pnl, closings: 1, unknown: 0 }, fees }) }]
    }),
  )
  const unheld = unheldIn(reader, accountId).flatMap(({ assetClass, currency, day: on }): ClassMade[] =>
    on < day ? [] : [{ assetClass, currency, ...UNKNOWN_OF_CLASS }],
  )
  return [...closed, ...unheld]
}

const UNKNOWN_OF_CLASS = { made: UNKNOWN, fees: Dec.zero }

/** Dividends and interest by what paid them; where a row names no class, by the class of the trades in the same symbol. */
export function incomeByClass(reader: Reader, accountId: AccountId): ClassAmount[] {
  return reader
    .all(
      sql`
      SELECT CASE WHEN symbol IS NULL THEN 'cash' ELSE coalesce(asset_class,
        (SELECT b.asset_class FROM ledger_books b WHERE b.account = activities.account AND b.symbol = activities.symbol AND b.asset_class IS NOT NULL LIMIT 1)
        ) END AS asset_class,
        currency, amount FROM activities
      WHERE kind IN ('dividend', 'interest') AND account = (SELECT n FROM accounts WHERE id = ${accountId}) AND amount IS NOT NULL AND ${CASH_COUNTS}`,
    )
    .map(toClassAmount)
}

function toClassAmount(row: Row): ClassAmount {
  return { ...toClass(row), amount: text<Dec>(row, 'amount') }
}

function toClass(row: Row): Pick<ClassAmount, 'assetClass' | 'currency'> {
  return { assetClass: textOrNull<AssetClass>(row, 'asset_class'), currency: text(row, 'currency') }
}

/** What an account realized by instrument. */
export function realizedBySymbol(
  reader: Reader,
  accountId: AccountId,
): { readonly symbol: string; readonly currency: string; readonly made: Made }[] {
  return reader
    .all(
      sql`
      SELECT symbol, currency, realized, closings, unknown + ${UNHELD} AS unknown FROM ledger_books b
      WHERE account = (SELECT n FROM accounts WHERE id = ${accountId})`,
    )
    .map(row => ({ symbol: text(row, 'symbol'), currency: text(row, 'currency'), made: toMade(row) }))
    .filter(({ made }) => made.closings > 0 || made.unknown > 0)
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
