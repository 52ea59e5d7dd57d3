import { AppError } from '../../../shared/contract/errors.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { isTradingDay } from '../../../shared/domain/market-calendar.ts'
import { type OrderLimits, STARTING_LIMITS, strictest } from '../../../shared/domain/order-limits.ts'
import { EXCHANGE_ZONE, Instant, instantAt, LocalDate, startOfDay, toLocalDate } from '../../../shared/domain/time.ts'
import type { Reader } from '../db/connection.ts'
import { getAccount } from '../store/accounts.ts'
import { listConnections, type StoredConnection } from '../store/connections.ts'
import { readLimits } from '../store/order-limits.ts'
import { sentSince } from '../store/order-intents.ts'
import { isOrWasOn } from '../store/trading-switches.ts'

/** The limits of all accounts together; what Keelson starts with until the user sets some. */
export function globalLimits(reader: Reader): OrderLimits {
  return readLimits(reader, null) ?? STARTING_LIMITS
}

/** What holds for one account: the smaller of its own and those of all. */
export function limitsOf(reader: Reader, accountId: AccountId): OrderLimits {
  const own = readLimits(reader, accountId)
  const all = globalLimits(reader)
  return own ? strictest(own, all) : all
}

/** What a change of the limits of one account, or (null) of all, makes hold instead of what holds now. */
export function limitsAround(
  reader: Reader,
  accountId: AccountId | null,
  next: OrderLimits | null,
): { readonly before: OrderLimits; readonly after: OrderLimits } {
  const all = globalLimits(reader)
  if (accountId === null) return { before: all, after: next ?? STARTING_LIMITS }
  return { before: limitsOf(reader, accountId), after: next ? strictest(next, all) : all }
}

/** When a day's trading begins that Keelson can take part in, New York time. */
const DAY_BEGINS = '04:00:00'

/**
 * When the daily limits may be raised again: the next trading day, before its trading begins, once orders were sent on this one or trading
 * was on in it; null when they may be raised now. `now` is the brokers' time.
 */
export function lockedUntil(reader: Reader, now: Instant, accountId?: AccountId): Instant | null {
  const today = toLocalDate(now, EXCHANGE_ZONE)
  const began = tradingDay(today, -1)
  const isSent = sentSince(reader, startOfDay(began, EXCHANGE_ZONE), accountId).length > 0
  return isSent || wasOn(reader, now, accountId) ? startOfDay(tradingDay(LocalDate.plusDays(today, 1), 1), EXCHANGE_ZONE) : null
}

/** Positions lose on a day without orders too. */
function wasOn(reader: Reader, now: Instant, accountId?: AccountId): boolean {
  const today = toLocalDate(now, EXCHANGE_ZONE)
  const begins = instantAt(today, DAY_BEGINS, EXCHANGE_ZONE)
  if (!isTradingDay(today) || Instant.isBefore(now, begins)) return false
  return isOrWasOn(reader, begins, accountId && getAccount(reader, accountId)?.connectionId)
}

/** What time it is at the brokers, and whether they said so since the start. */
export interface BrokersTime {
  readonly now: Instant
  readonly isKnown: boolean
}

/**
 * Throws order/limit-locked when the daily loss or the daily count would be raised on a day with orders or with trading on, and
 * order/limit-clock when only this computer's own clock says which day it is: it can be set.
 */
export function requireUnlocked(
  reader: Reader,
  { now, isKnown }: BrokersTime,
  { accountId, next }: { readonly accountId: AccountId | null; readonly next: OrderLimits | null },
): void {
  const all = globalLimits(reader)
  const before = readLimits(reader, accountId) ?? all
  const after = next ?? (accountId === null ? STARTING_LIMITS : all)
  const isRaised = Dec.cmp(after.maxDailyLoss, before.maxDailyLoss) > 0 || after.ordersPerDay > before.ordersPerDay
  if (!isRaised) return
  const until = lockedUntil(reader, now, accountId ?? undefined)
  if (until !== null) throw new AppError('order/limit-locked', { details: { when: toLocalDate(until, EXCHANGE_ZONE) } })
  if (!isKnown && listConnections(reader).some(isElsewhere)) throw new AppError('order/limit-clock')
}

/** Whether a connection has a broker that could say what time it is. */
function isElsewhere({ environment, method }: StoredConnection): boolean {
  return environment !== 'sandbox' && method !== 'file'
}

/** The trading day at a day, or the nearest in a direction. */
function tradingDay(from: LocalDate, step: 1 | -1): LocalDate {
  for (let day = from; ; day = LocalDate.plusDays(day, step)) if (isTradingDay(day)) return day
}
