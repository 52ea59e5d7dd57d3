import type { AssetClass } from './instrument.ts'
import { EXCHANGE_ZONE, Instant, instantAt, LocalDate, toLocalDate } from './time.ts'

/**
 * When the US exchanges trade, computed by rule for any year from 1998 on (Juneteenth from 2022 on). Closings that no rule foresees, such
 * as a day of mourning, are not in it. Source: NYSE, Holidays & Trading Hours, https://www.nyse.com/markets/hours-calendars, and NYSE
 * Rule 7.2 for holidays that fall on a weekend.
 */

/** Regular trading of one day: from `open` (included) to `close` (not included). */
export interface Session {
  readonly day: LocalDate
  readonly open: Instant
  readonly close: Instant
  /** It closes at 13:00 and not at 16:00, New York time. */
  readonly half: boolean
}

/** Stocks and options in regular hours; futures and currencies from Sunday evening to Friday afternoon; crypto always. */
export const MARKETS = ['us', 'week', 'always'] as const
export type Market = (typeof MARKETS)[number]

const OPEN = '09:30:00'
const CLOSE = '16:00:00'
const EARLY_CLOSE = '13:00:00'
const FUTURES_BEGIN = '18:00:00'
const FUTURES_END = '17:00:00'
const DAY_MS = 86_400_000

/** The market that is open longest among those of some asset classes; stocks for none and for what is not known. */
export function marketOf(classes: Iterable<AssetClass>): Market {
  let widest: Market = 'us'
  for (const found of classes) {
    if (found === 'crypto') return 'always'
    if (found === 'future' || found === 'future-option' || found === 'forex') widest = 'week'
  }
  return widest
}

/** The session of a day; null on weekends and holidays. */
export function sessionOf(day: LocalDate): Session | null {
  if (!isTradingDay(day)) return null
  const half = isHalfDay(day)
  return { day, open: instantAt(day, OPEN, EXCHANGE_ZONE), close: instantAt(day, half ? EARLY_CLOSE : CLOSE, EXCHANGE_ZONE), half }
}

/** Whether a moment is past the close of a day of the exchange; a day without a session is over from its beginning. */
export function isAfterClose(at: Instant, day: LocalDate): boolean {
  const session = sessionOf(day)
  return session === null || !Instant.isBefore(at, session.close)
}

/** The stretch of trading in which an instant falls, or the next one after it; null for a market that never closes. */
export function tradingAt(market: Market, at: Instant): { readonly open: Instant; readonly close: Instant } | null {
  if (market === 'always') return null
  const stretch = market === 'us' ? sessionOf : weekOf
  for (let day = toLocalDate(at, EXCHANGE_ZONE); ; day = LocalDate.plusDays(day, 1)) {
    const found = stretch(day)
    if (found && Instant.isBefore(at, found.close)) return found
  }
}

/** The last session of the US exchanges that opens before an instant. */
export function lastSessionBefore(at: Instant): Session {
  for (let day = toLocalDate(at, EXCHANGE_ZONE); ; day = LocalDate.plusDays(day, -1)) {
    const found = sessionOf(day)
    if (found && Instant.isBefore(found.open, at)) return found
  }
}

/** When a market closed last, at an instant or before it; null for one that never closes. */
export function lastCloseOf(market: Market, at: Instant): Instant | null {
  if (market === 'always') return null
  const stretch = market === 'us' ? sessionOf : weekOf
  for (let day = toLocalDate(at, EXCHANGE_ZONE); ; day = LocalDate.plusDays(day, -1)) {
    const found = stretch(day)
    if (found && !Instant.isBefore(at, found.close)) return found.close
  }
}

/** True while a market trades. */
export function isOpen(market: Market, at: Instant): boolean {
  const found = tradingAt(market, at)
  return found === null || !Instant.isBefore(at, found.open)
}

/** True when the US exchanges open on this day. */
export function isTradingDay(day: LocalDate): boolean {
  const weekday = weekdayOf(day)
  return weekday !== SATURDAY && weekday !== SUNDAY && !holidaysOf(yearOf(day)).has(day)
}

/** True for a trading day that ends at 13:00: before Independence Day, after Thanksgiving, before Christmas. */
export function isHalfDay(day: LocalDate): boolean {
  if (!isTradingDay(day)) return false
  const year = yearOf(day)
  return day === dayIn(year, 7, 3) || day === dayIn(year, 12, 24) || day === LocalDate.plusDays(thanksgiving(year), 1)
}

/** The exchange's holidays of a year with their names, in order. */
export function marketHolidays(year: number): readonly { readonly day: LocalDate; readonly name: string }[] {
  return [...holidaysOf(year)].map(([day, name]) => ({ day, name }))
}

const SUNDAY = 0
const MONDAY = 1
const THURSDAY = 4
const SATURDAY = 6

const known = new Map<number, ReadonlyMap<LocalDate, string>>()

function holidaysOf(year: number): ReadonlyMap<LocalDate, string> {
  const found = known.get(year)
  if (found) return found
  const all: [LocalDate | null, string][] = [
    [newYear(year), "New Year's Day"],
    [nth(year, 1, MONDAY, 3), 'Martin Luther King, Jr. Day'],
    [nth(year, 2, MONDAY, 3), "Washington's Birthday"],
    [LocalDate.plusDays(easter(year), -2), 'Good Friday'],
    [last(year, 5, MONDAY), 'Memorial Day'],
    [year >= 2022 ? observed(dayIn(year, 6, 19)) : null, 'Juneteenth'],
    [observed(dayIn(year, 7, 4)), 'Independence Day'],
    [nth(year, 9, MONDAY, 1), 'Labor Day'],
    [thanksgiving(year), 'Thanksgiving Day'],
    [observed(dayIn(year, 12, 25)), 'Christmas Day'],
  ]
  const days = new Map(all.flatMap(([day, name]): [LocalDate, string][] => (day === null ? [] : [[day, name]])))
  known.set(year, days)
  return days
}

/** On a Saturday it is not made up for: the Friday before belongs to the old year, whose books are closed on it. */
function newYear(year: number): LocalDate | null {
  const day = dayIn(year, 1, 1)
  return weekdayOf(day) === SATURDAY ? null : observed(day)
}

/** A holiday on a Saturday is kept on the Friday before, one on a Sunday on the Monday after. */
function observed(day: LocalDate): LocalDate {
  const weekday = weekdayOf(day)
  return LocalDate.plusDays(day, weekday === SATURDAY ? -1 : weekday === SUNDAY ? 1 : 0)
}

function thanksgiving(year: number): LocalDate {
  return nth(year, 11, THURSDAY, 4)
}

/**
 * Futures and currencies: a stretch begins each evening from Sunday to Thursday at 18:00 New York time, and ends at 17:00 on the next day
 * (CME Globex). Their holidays differ by product and are not known here.
 */
function weekOf(day: LocalDate): { readonly open: Instant; readonly close: Instant } | null {
  const weekday = weekdayOf(day)
  if (weekday === SATURDAY || weekday === SUNDAY) return null
  return { open: instantAt(LocalDate.plusDays(day, -1), FUTURES_BEGIN, EXCHANGE_ZONE), close: instantAt(day, FUTURES_END, EXCHANGE_ZONE) }
}

function yearOf(day: LocalDate): number {
  return Number(day.slice(0, 4))
}

function weekdayOf(day: LocalDate): number {
  return (Math.floor(Date.parse(`${day}T00:00:00Z`) / DAY_MS) + THURSDAY) % 7
}

function dayIn(year: number, month: number, day: number): LocalDate {
  return LocalDate.of(`${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`)
}

function nth(year: number, month: number, weekday: number, count: number): LocalDate {
  const first = dayIn(year, month, 1)
  return LocalDate.plusDays(first, ((weekday - weekdayOf(first) + 7) % 7) + 7 * (count - 1))
}

function last(year: number, month: number, weekday: number): LocalDate {
  const fifth = nth(year, month, weekday, 5)
  return Number(fifth.slice(5, 7)) === month ? fifth : LocalDate.plusDays(fifth, -7)
}

/** Easter Sunday of the Gregorian calendar. Source: Meeus, Astronomical Algorithms, chapter 8 (the rule of Nature, 1876). */
function easter(year: number): LocalDate {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114
  return dayIn(year, Math.floor(f / 31), (f % 31) + 1)
}
