import { AppError } from '../../../../../shared/contract/errors.ts'
import { EXCHANGE_ZONE, LocalDate } from '../../../../../shared/domain/time.ts'
import type { ActivityPage, BrokerActivity, DateRange } from '../../adapter.ts'
import { accountHistory } from './account-history.ts'
import { attribute } from './rows.ts'
import { readFlexTime } from './dates.ts'
import type { FlexPeriod, FlexReport } from './service.ts'
import type { FlexStatement } from './statement.ts'

/** Fetches the statement of the query's own days (null) or of others. */
export type FetchReport = (period: FlexPeriod | null) => Promise<FlexReport>

const CURSOR = /^f1\.(\d{4}-\d{2}-\d{2})$/
const LONGEST_DAYS = 365
/** A query whose days end earlier than this is a fixed stretch of the past. */
const FRESH_DAYS = 7

/**
 * One page of an account's history, with what was booked late for earlier days: first what the query itself covers, which is the usual year, then a year at a time before it.
 * IBKR keeps four past years and knows nothing of days before the account. Throws flex/misconfigured for a query without executions.
 */
export async function flexPage(fetch: FetchReport, account: string, range: DateRange, cursor: string | null): Promise<ActivityPage> {
  if (cursor === null) {
    const report = await fetch(null)
    const covered = periodOf(report.statements)
    if (covered && covered.to >= LocalDate.plusDays(range.to, -FRESH_DAYS) && covered.from <= range.to)
      return page(report, account, range, LocalDate.plusDays(covered.from, -1))
    return older(fetch, account, range, range.to)
  }
  const to = CURSOR.exec(cursor)?.[1]
  if (to === undefined || !LocalDate.is(to)) throw new AppError('app/invalid-request', { cause: 'not a Flex cursor' })
  return older(fetch, account, range, to)
}

async function older(fetch: FetchReport, account: string, range: DateRange, to: LocalDate): Promise<ActivityPage> {
  const begin = LocalDate.plusDays(to, 1 - LONGEST_DAYS)
  const from = begin < range.from ? range.from : begin
  try {
    return page(await fetch({ from, to }), account, { from, to: range.to }, LocalDate.plusDays(from, -1), range.from)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'flex/no-statement') throw error
    const saved = await fetch(null)
    // Before an account was opened there is no statement. After it, the query does not take other days than its own.
    const opened = openedOn(saved.statements, account)
    if (opened !== null && opened <= to) throw error
    return to === range.to ? page(saved, account, range, null) : { rows: [], next: null, asOf: saved.asOf }
  }
}

function openedOn(statements: readonly FlexStatement[], account: string): LocalDate | null {
  const about = statementsOf(statements, account).flatMap(({ sections }) => sections.get('AccountInformation') ?? [])
  const text = about.map(row => attribute(row, 'dateOpened')).find(date => date !== null)
  return text === undefined ? null : dayOf(text)
}

function page(report: FlexReport, account: string, range: DateRange, before: LocalDate | null, first = range.from): ActivityPage {
  const told = report.histories?.get(account)?.() ?? accountHistory(statementsOf(report.statements, account))
  const rows = told.filter(row => row.facts.tradeDate <= range.to && (row.facts.tradeDate >= range.from || isLate(row, range)))
  return { rows, next: before !== null && before >= first ? `f1.${before}` : null, asOf: report.asOf }
}

/** Whether a row of an earlier day says something new: it was booked within these days, or one booked then may have taken it back. */
function isLate({ facts, raw }: BrokerActivity, range: DateRange): boolean {
  if (facts.status === 'canceled') return true
  // Read out of the text: a year of rows is not parsed again for it.
  const day = dayOf(/"reportDate":"([^"]*)"/.exec(raw)?.[1] ?? '')
  return day !== null && day >= range.from && day <= range.to
}

export function statementsOf(statements: readonly FlexStatement[], account: string): FlexStatement[] {
  return statements.filter(({ accountId }) => accountId === account)
}

/** The days a file covers, by the words of its statements; null when they name none. */
export function periodOf(statements: readonly FlexStatement[]): FlexPeriod | null {
  const from = statements.map(({ fromDate }) => dayOf(fromDate)).filter(day => day !== null)
  const to = statements.map(({ toDate }) => dayOf(toDate)).filter(day => day !== null)
  const [first, last] = [from.toSorted()[0], to.toSorted().at(-1)]
  return first === undefined || last === undefined ? null : { from: first, to: last }
}

export function dayOf(text: string): LocalDate | null {
  const time = readFlexTime(text, EXCHANGE_ZONE)
  return time === null || time === 'ambiguous' ? null : time.day
}
