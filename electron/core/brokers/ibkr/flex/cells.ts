import { AppError } from '../../../../../shared/contract/errors.ts'
import { Dec } from '../../../../../shared/domain/decimal.ts'
import type { AssetClass } from '../../../../../shared/domain/instrument.ts'
import { EXCHANGE_ZONE, Instant, LocalDate } from '../../../../../shared/domain/time.ts'
import { keelsonSymbol } from '../spelling.ts'
import { type FlexTime, readFlexTime } from './dates.ts'
import { attribute, executionIdentity, executionIdOf } from './rows.ts'
import type { FlexRow } from './statement.ts'

/** What a row's map needs beside the row. */
export interface RowContext {
  /** Where times without a zone belong (IANA). */
  readonly zone: string
  /** The row's own id where IBKR gave none: the same for the same text, numbered when it comes again. Asked for only then: it is a hash of the row. */
  readonly fallbackId: string
}

const TOLD_BY_TRADE_ID = new Set(['Trade', 'TradeConfirm', 'OptionEAE'])

/** Who a row is: its execution without the correction, else its ledger entry, else its trade, else the fallback. */
export function externalIdOf(row: FlexRow, context: Pick<RowContext, 'fallbackId'>): string {
  const execution = executionIdOf(row)
  if (execution !== null) return executionIdentity(execution).id
  const [transaction, trade] = [attribute(row, 'transactionID'), attribute(row, 'tradeID')]
  if (transaction !== null) return `transaction-${transaction}`
  return trade !== null && TOLD_BY_TRADE_ID.has(row.element) ? `trade-${trade}` : context.fallbackId
}

/** The first stated of these figures; null when all are blank. Throws RangeError for one that is no figure. */
export function decimalOf(row: FlexRow, ...names: readonly string[]): Dec | null {
  const text = attribute(row, ...names)
  if (text === null) return null
  // `1,5` is one and a half where commas are decimal: only commas between groups of three digits are read over.
  return Dec.of(/^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?$/.test(text) ? text.replaceAll(',', '') : text)
}

export function currencyOf(row: FlexRow): string {
  return attribute(row, 'currency')?.toUpperCase() ?? 'USD'
}

const DAYS = ['expiry', 'tradeDate', 'reportDate', 'dateTime', 'date'] as const

/** The row's symbol in Keelson's spelling; a day of the row tells which decade a future is of. */
export function symbolOf(row: FlexRow, assetClass: AssetClass | null): string | null {
  const symbol = attribute(row, 'symbol')
  if (symbol === null) return null
  const days = DAYS.map(name => readFlexTime(attribute(row, name) ?? '', EXCHANGE_ZONE))
  const near = days.filter(time => time !== null).find(time => time !== 'ambiguous')
  return keelsonSymbol(symbol, assetClass, currencyOf(row), near?.day ?? ANY_DAY)
}

const ANY_DAY = LocalDate.of('2026-01-01')

export function orderIdOf(row: FlexRow): string | null {
  const id = attribute(row, 'ibOrderID', 'orderID')
  return id === '0' ? null : id
}

/**
 * When a row happened: the moment by the first of `times` that has one, the day by `days` or else by that. Throws RangeError
 * without any day and for text that is no date; broker/unreadable for a date that can be read two ways.
 */
export function momentOf(
  row: FlexRow,
  times: readonly string[],
  days: readonly string[],
  zone: string,
): { executedAt: Instant | null; tradeDate: LocalDate } {
  const time = timeOf(row, times, zone)
  const day = timeOf(row, days, zone)?.day ?? time?.day
  if (day === undefined) throw new RangeError('a row without a day')
  return { executedAt: time?.at ?? null, tradeDate: day }
}

function timeOf(row: FlexRow, names: readonly string[], zone: string): FlexTime | null {
  for (const name of names) {
    const text = attribute(row, name)
    if (text === null) continue
    const time = readFlexTime(text, zone)
    if (time === 'ambiguous') throw ambiguous(name)
    if (time === null) throw new RangeError('not a date')
    return time
  }
  return null
}

/** A matter of the query's settings, so of every row: it stops the whole statement. */
function ambiguous(field: string): AppError {
  const reason = 'a date whose month and day cannot be told apart; set the date format of the Flex query to yyyyMMdd'
  return new AppError('broker/unreadable', {
    details: { broker: 'Interactive Brokers', field, reason },
    cause: `Flex statement: ${reason}`,
  })
}
