import { Dec } from '../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import type { Row, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { integer, text } from './cells.ts'

/** What closings of some day came to. */
export interface ClosedSums {
  readonly realized: Dec
  readonly fees: Dec
  readonly closings: number
  readonly unknown: number
}

/** Cash of some day that is no purchase or sale. `otherFees` are positive when paid; `cash` is all of it, signed. */
export interface CashSums {
  readonly dividends: Dec
  readonly interest: Dec
  readonly otherFees: Dec
  readonly cash: Dec
}

export type DaySums = ClosedSums & CashSums

export const NO_CLOSINGS: ClosedSums = { realized: Dec.zero, fees: Dec.zero, closings: 0, unknown: 0 }
export const NO_CASH: CashSums = { dividends: Dec.zero, interest: Dec.zero, otherFees: Dec.zero, cash: Dec.zero }

// Bound as `+?`, see ledger-history.ts.
const READ = 'SELECT realized, fees, closings, unknown, dividends, interest, other_fees, cash FROM ledger_days WHERE account = +? AND currency = +? AND day = +?'
type DayCells = readonly [realized: Dec, fees: Dec, closings: number, unknown: number, dividends: Dec, interest: Dec, otherFees: Dec, cash: Dec]
const PUT = `INSERT OR REPLACE INTO ledger_days (account, currency, day, realized, fees, closings, unknown, dividends, interest, other_fees, cash)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

/** A day of an account in one currency; one without anything is all zeros. */
export function dayOf(writer: Writer, account: number, currency: string, day: LocalDate): DaySums {
  const cells = writer.prepare(READ).raw().get(account, currency, day) as DayCells | undefined
  if (!cells) return { ...NO_CLOSINGS, ...NO_CASH }
  const [realized, fees, closings, unknown, dividends, interest, otherFees, cash] = cells
  return { realized, fees, closings, unknown, dividends, interest, otherFees, cash }
}

export function toDaySums(row: Row): DaySums {
  return {
    realized: text<Dec>(row, 'realized'),
    fees: text<Dec>(row, 'fees'),
    closings: integer(row, 'closings'),
    unknown: integer(row, 'unknown'),
    dividends: text<Dec>(row, 'dividends'),
    interest: text<Dec>(row, 'interest'),
    otherFees: text<Dec>(row, 'other_fees'),
    cash: text<Dec>(row, 'cash'),
  }
}

/** Saves a day; one that came to nothing is gone. */
export function putDay(writer: Writer, account: number, currency: string, day: LocalDate, sums: DaySums): void {
  if (isNothing(sums)) writer.prepare('DELETE FROM ledger_days WHERE account = ? AND currency = ? AND day = ?').run(account, currency, day)
  else {
    const { realized, fees, closings, unknown, dividends, interest, otherFees, cash } = sums
    writer.prepare(PUT).run(account, currency, day, realized, fees, closings, unknown, dividends, interest, otherFees, cash)
  }
}

const PUT_RESULTS = 'UPDATE ledger_days SET realized = ?, fees = ?, closings = ?, unknown = ? WHERE account = +? AND currency = +? AND day = +?'

/** The same where nothing but the results changed, which is most of what changes. */
export function putResults(writer: Writer, account: number, currency: string, day: LocalDate, sums: DaySums): void {
  const { realized, fees, closings, unknown } = sums
  const isThere = closings > 0 && writer.prepare(PUT_RESULTS).run(realized, fees, closings, unknown, account, currency, day).changes === 1
  if (!isThere) putDay(writer, account, currency, day, sums)
}

// Days are filed under their currency, so each currency is looked up by the one before it: the day alone is found by reading all days of the account.
const NEXT_CURRENCY = 'SELECT min(currency) FROM ledger_days WHERE account = +? AND currency > +?'
const IS_DAY = 'SELECT 1 FROM ledger_days WHERE account = +? AND currency = +? AND day = +?'

/** The currencies an account has anything in on a day. */
export function currenciesOn(writer: Writer, account: number, day: LocalDate): string[] {
  const currencies: string[] = []
  const next = writer.prepare(NEXT_CURRENCY).pluck()
  for (let currency = next.get(account, ''); typeof currency === 'string'; currency = next.get(account, currency))
    if (writer.prepare(IS_DAY).get(account, currency, day) !== undefined) currencies.push(currency)
  return currencies
}

export function clearDays(writer: Writer, account: number): void {
  writer.run(sql`DELETE FROM ledger_days WHERE account = ${account}`)
}

function isNothing({ realized, fees, closings, unknown, dividends, interest, otherFees, cash }: DaySums): boolean {
  return closings === 0 && unknown === 0 && [realized, fees, dividends, interest, otherFees, cash].every(Dec.isZero)
}
