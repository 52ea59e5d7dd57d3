import { Dec } from '../../../shared/domain/decimal.ts'
import { isTradingDay } from '../../../shared/domain/market-calendar.ts'
import { EXCHANGE_ZONE, type Instant, LocalDate, toLocalDate } from '../../../shared/domain/time.ts'
import type { BrokerPosition } from '../brokers/adapter.ts'
import type { Reader } from '../db/connection.ts'
import type { StoredAccount } from '../store/accounts.ts'
import { dayResult, transfersAfter } from '../store/day-result.ts'
import { worthBefore } from '../store/worth-days.ts'
import type { Reading } from './reading.ts'

/**
 * What today has lost so far, in the account's currency: positive for a loss, zero for a gain, null when nobody can tell. With a value
 * of the last trading day it is what the account is worth less since then, deposits and withdrawals taken out: realized and unrealized
 * together. Without one it is what our books realized today and what the positions traded today stand at.
 */
export function lossToday(
  reader: Reader,
  account: Pick<StoredAccount, 'id' | 'currency'>,
  { balances, positions }: Pick<Reading, 'balances' | 'positions'>,
  now: Instant,
): Dec | null {
  const today = toLocalDate(now, EXCHANGE_ZONE)
  const worth = balances.find(({ currency }) => currency === account.currency)?.netLiquidation ?? null
  const before = worthBefore(reader, account.id, account.currency, today)
  if (worth !== null && before !== null && before.netLiquidation !== null && before.day >= lastTradingDay(today)) {
    const moved = transfersAfter(reader, account.id, account.currency, before.day)
    // Securities that came or went moved the value by what nobody says.
    if (moved.every(({ amount }) => amount !== null)) {
      const flows = Dec.sum(moved.flatMap(({ amount }) => amount ?? []))
      return lossOf(Dec.sub(Dec.sub(worth, before.netLiquidation), flows))
    }
  }
  return fromBooks(reader, account, positions, today)
}

function fromBooks(
  reader: Reader,
  { id, currency }: Pick<StoredAccount, 'id' | 'currency'>,
  positions: readonly BrokerPosition[],
  today: LocalDate,
): Dec | null {
  const { realized, unknown, isBehind, traded } = dayResult(reader, id, currency, today)
  if (unknown > 0 || isBehind) return null
  const open = positions.filter(({ symbol }) => traded.includes(symbol))
  if (open.some(position => position.unrealized === null || position.currency !== currency)) return null
  return lossOf(Dec.add(realized ?? Dec.zero, Dec.sum(open.flatMap(({ unrealized }) => unrealized ?? []))))
}

function lossOf(change: Dec): Dec {
  return Dec.isNegative(change) ? Dec.neg(change) : Dec.zero
}

/** The newest trading day before a day. */
function lastTradingDay(today: LocalDate): LocalDate {
  for (let day = LocalDate.plusDays(today, -1); ; day = LocalDate.plusDays(day, -1)) if (isTradingDay(day)) return day
}
