import { Dec } from '../../../shared/domain/decimal.ts'
import { isAfterClose, isTradingDay } from '../../../shared/domain/market-calendar.ts'
import { EXCHANGE_ZONE, Instant, LocalDate, toLocalDate } from '../../../shared/domain/time.ts'
import type { BrokerBalance, BrokerPosition } from '../brokers/adapter.ts'
import type { Reader } from '../db/connection.ts'
import type { StoredAccount } from '../store/accounts.ts'
import { dayResult, transfersAfter } from '../store/day-result.ts'
import { firstWorthOf, worthBefore } from '../store/worth-days.ts'
import { most } from './worst-case.ts'

/**
 * What today has lost so far, in the account's currency: positive for a loss, zero for a gain, null when nobody can tell. With a value
 * of the last trading day it is what the account is worth less since then, deposits and withdrawals taken out: realized and unrealized
 * together; one that was read before that day's close may hide what was won until it, so what was lost since the first reading of today
 * counts where it is more. On the first day there is none: then it is what the account is worth less than when it was first read today, and never less
 * than our books realized today. An account whose broker says no value is judged by the books, and by where what was traded today stands.
 */
export function lossToday(
  reader: Reader,
  account: Pick<StoredAccount, 'id' | 'currency'>,
  {
    balances,
    positions,
  }: { readonly balances: readonly Pick<BrokerBalance, 'currency' | 'netLiquidation'>[]; readonly positions: readonly Held[] },
  now: Instant,
): Dec | null {
  const today = toLocalDate(now, EXCHANGE_ZONE)
  const worth = balances.find(({ currency }) => currency === account.currency)?.netLiquidation ?? null
  if (worth === null) return fromBooks(reader, account, positions, today)
  return (
    sinceLastDay(reader, account, worth, today) ?? sinceFirst(reader, account, worth, today) ?? fromBooks(reader, account, positions, today)
  )
}

type Held = Pick<BrokerPosition, 'symbol' | 'unrealized' | 'currency'>

function sinceLastDay(reader: Reader, account: Pick<StoredAccount, 'id' | 'currency'>, worth: Dec, today: LocalDate): Dec | null {
  const { id, currency } = account
  const before = worthBefore(reader, id, currency, today)
  if (before === null || before.netLiquidation === null || before.day < lastTradingDay(today)) return null
  const moved = transfersAfter(reader, id, currency, before.day)
  // Securities that came or went moved the value by what nobody says.
  if (moved.some(({ amount }) => amount === null)) return null
  const lost = lossOf(Dec.sub(Dec.sub(worth, before.netLiquidation), Dec.sum(moved.flatMap(({ amount }) => amount ?? []))))
  // What was won after an early reading would hide what was lost since.
  return isAfterClose(before.asOf, before.day) ? lost : most(lost, sinceFirst(reader, account, worth, today) ?? lost)
}

/** Nobody says whether money of today came before the first reading: what came in is taken out, what went out counts as lost. */
function sinceFirst(reader: Reader, { id, currency }: Pick<StoredAccount, 'id' | 'currency'>, worth: Dec, today: LocalDate): Dec | null {
  const moved = transfersAfter(reader, id, currency, LocalDate.plusDays(today, -1))
  const { realized, unknown, isBehind } = dayResult(reader, id, currency, today)
  if (unknown > 0 || isBehind || moved.some(({ amount }) => amount === null)) return null
  const came = Dec.sum(moved.flatMap(({ amount }) => (amount === null || Dec.isNegative(amount) ? [] : amount)))
  const first = firstWorthOf(reader, id, currency, today)?.netLiquidation ?? worth
  const changed = lossOf(Dec.sub(Dec.sub(worth, first), came))
  const sure = lossOf(realized ?? Dec.zero)
  return Dec.cmp(changed, sure) >= 0 ? changed : sure
}

function fromBooks(
  reader: Reader,
  { id, currency }: Pick<StoredAccount, 'id' | 'currency'>,
  positions: readonly Held[],
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
