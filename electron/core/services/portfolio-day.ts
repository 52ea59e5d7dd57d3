import type { FigureView } from '../../../shared/contract/portfolio.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { isTradingDay } from '../../../shared/domain/market-calendar.ts'
import { EXCHANGE_ZONE, type Instant, LocalDate, toLocalDate } from '../../../shared/domain/time.ts'
import { formatDate } from '../../../shared/words/time.ts'
import type { Reader } from '../db/connection.ts'
import { worthBefore } from '../store/worth-days.ts'
import { flowsBetween } from '../store/worth-ledger.ts'

/** What an account gained since the last value of the trading day before; `from` is that value. */
export interface DayChange extends FigureView {
  readonly from: Dec | null
}

/** The trading day a moment belongs to: on weekends and holidays the one before. */
export function tradingDayOf(day: LocalDate): LocalDate {
  return isTradingDay(day) ? day : tradingDayOf(LocalDate.plusDays(day, -1))
}

/**
 * The change of an account's value in one currency since the last reading of the trading day before, deposits and withdrawals taken out.
 * None where no value of that very day was read, where the value itself is from before the last session, where holdings moved,
 * and where nobody tells whether one of the two readings held what came or went on its day.
 */
export function dayChange(
  reader: Reader,
  accountId: AccountId,
  current: { readonly currency: string; readonly value: Dec; readonly asOf: Instant },
  today: LocalDate,
): DayChange {
  const none = (because: string): DayChange => ({ amount: null, because, from: null })
  const readOn = toLocalDate(current.asOf, EXCHANGE_ZONE)
  const day = tradingDayOf(readOn)
  if (day < tradingDayOf(today)) return none(`The last value is of ${formatDate(day)}.`)
  const before = tradingDayOf(LocalDate.plusDays(day, -1))
  const last = worthBefore(reader, accountId, current.currency, day)
  if (!last || last.netLiquidation === null || tradingDayOf(last.day) !== before)
    return none(`No value was read on ${formatDate(before)}, the trading day before.`)
  const flows = flowsBetween(reader, accountId, last, { asOf: current.asOf, day: readOn })
  const unsure = flows.find(({ unsureOn }) => unsureOn !== null)?.unsureOn ?? null
  if (unsure !== null)
    return none(
      `Something came in or went out on ${formatDate(unsure)}, and whether before or after that day's value was read is not told.`,
    )
  if (flows.some(({ amount }) => amount === null)) return none('Holdings were moved in or out since the day before.')
  if (flows.some(({ currency, amount }) => currency !== current.currency && amount !== null && !Dec.isZero(amount)))
    return none('Money in another currency came or went since the day before.')
  const moved = Dec.sum(flows.flatMap(({ amount }) => (amount === null ? [] : [amount])))
  return { amount: Dec.sub(Dec.sub(current.value, last.netLiquidation), moved), because: null, from: last.netLiquidation }
}
