import { EXCHANGE_ZONE, Instant, LocalDate, startOfDay, toLocalDate } from '../../../shared/domain/time.ts'

const DAY_MS = 86_400_000
const HALF_HOUR_MS = 1_800_000

/** Days since 1970-01-01. */
export function epochDay(day: LocalDate): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY_MS
}

/** The day with this number. */
export function dayOf(number: number): LocalDate {
  return LocalDate.of(new Date(number * DAY_MS).toISOString().slice(0, 10))
}

const midnights = new Map<LocalDate, number>()

/** Midnight of the day at the exchange, in milliseconds since the epoch: asked of the same days for every row of a story. */
export function midnightMs(day: LocalDate): number {
  let known = midnights.get(day)
  if (known === undefined) midnights.set(day, (known = Instant.toEpochMs(startOfDay(day, EXCHANGE_ZONE))))
  return known
}

/** 09:30 at the exchange, in milliseconds since the epoch. The clocks change on Sundays, when nothing trades. */
export function openMs(day: LocalDate): number {
  return midnightMs(day) + 19 * HALF_HOUR_MS
}

/** 16:00 at the exchange, in milliseconds since the epoch. */
export function closeMs(day: LocalDate): number {
  return midnightMs(day) + 32 * HALF_HOUR_MS
}

const AFTER_HOURS_MS = 8 * HALF_HOUR_MS

/**
 * Until when an order for the day works that was entered at a moment, both in milliseconds since the epoch: to the close of its day, or of
 * the next one where that was over, and to 20:00 where it takes part in the hours after.
 */
export function dayOrderEndMs(entered: number, extended: boolean): number {
  const endOf = (day: LocalDate): number => closeMs(day) + (extended ? AFTER_HOURS_MS : 0)
  let day = toLocalDate(Instant.fromEpochMs(entered), EXCHANGE_ZONE)
  while (!isTradingDay(day) || endOf(day) <= entered) day = LocalDate.plusDays(day, 1)
  return endOf(day)
}

/** Trading days from `from` to `to`, both included. Half days count as whole ones. */
export function tradingDays(from: LocalDate, to: LocalDate): LocalDate[] {
  const days: LocalDate[] = []
  for (let number = epochDay(from); number <= epochDay(to); number += 1) {
    const day = dayOf(number)
    if (isTradingDay(day)) days.push(day)
  }
  return days
}

/** True when the US exchanges open on this day. Source: NYSE holiday rules. */
export function isTradingDay(day: LocalDate): boolean {
  const weekday = weekdayOf(day)
  return weekday !== 0 && weekday !== 6 && !holidaysOf(Number(day.slice(0, 4))).has(day)
}

/** The first trading day after a day. */
export function nextTradingDay(day: LocalDate): LocalDate {
  let next = LocalDate.plusDays(day, 1)
  while (!isTradingDay(next)) next = LocalDate.plusDays(next, 1)
  return next
}

/** The last trading day on or before the third Friday of a month (1-12). */
export function thirdFriday(year: number, month: number): LocalDate {
  let day = nth(year, month, 5, 3)
  while (!isTradingDay(day)) day = LocalDate.plusDays(day, -1)
  return day
}

const holidays = new Map<number, ReadonlySet<string>>()

function holidaysOf(year: number): ReadonlySet<string> {
  const known = holidays.get(year)
  if (known) return known
  const fixed = ['01-01', '06-19', '07-04', '12-25'].map(text => observed(LocalDate.of(`${year}-${text}`)))
  const moving = [nth(year, 1, 1, 3), nth(year, 2, 1, 3), goodFriday(year), lastMonday(year, 5), nth(year, 9, 1, 1), nth(year, 11, 4, 4)]
  const all = new Set<string>([...fixed, ...moving])
  holidays.set(year, all)
  return all
}

function weekdayOf(day: LocalDate): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay()
}

function observed(day: LocalDate): LocalDate {
  const weekday = weekdayOf(day)
  if (weekday === 0) return LocalDate.plusDays(day, 1)
  // A New Year's Day on a Saturday is not made up for: the Friday before belongs to the old year.
  return weekday === 6 && !day.endsWith('01-01') ? LocalDate.plusDays(day, -1) : day
}

function nth(year: number, month: number, weekday: number, count: number): LocalDate {
  const first = LocalDate.of(`${year}-${String(month).padStart(2, '0')}-01`)
  return LocalDate.plusDays(first, ((weekday - weekdayOf(first) + 7) % 7) + 7 * (count - 1))
}

function lastMonday(year: number, month: number): LocalDate {
  const fifth = nth(year, month, 1, 5)
  return Number(fifth.slice(5, 7)) === month ? fifth : nth(year, month, 1, 4)
}

/** Two days before Easter Sunday, by Butcher's rule. */
function goodFriday(year: number): LocalDate {
  const golden = year % 19
  const century = Math.floor(year / 100)
  const rest = year % 100
  const correction = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3)
  const epact = (19 * golden + century - Math.floor(century / 4) - correction + 15) % 30
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(rest / 4) - epact - (rest % 4)) % 7
  const late = Math.floor((golden + 11 * epact + 22 * weekday) / 451)
  const sum = epact + weekday - 7 * late + 114
  const easter = LocalDate.of(`${year}-0${Math.floor(sum / 31)}-${String((sum % 31) + 1).padStart(2, '0')}`)
  return LocalDate.plusDays(easter, -2)
}
