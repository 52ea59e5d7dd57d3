import { EXCHANGE_ZONE, Instant, LocalDate, toLocalDate } from '../domain/time.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** The zone every time of day is shown in, and its short name. */
export const ZONE_NAME = 'ET'

const wallClock = new Intl.DateTimeFormat('en-GB', {
  timeZone: EXCHANGE_ZONE,
  hourCycle: 'h23',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})

/** `15:59:58`, in the exchange's zone; the caller names the zone once. */
export function formatClock(instant: Instant): string {
  return wallClock.format(Instant.toEpochMs(instant))
}

/** `15:59:58 ET`. */
export function formatTime(instant: Instant): string {
  return `${formatClock(instant)} ${ZONE_NAME}`
}

/** `20 Nov 2026`. */
export function formatDate(day: LocalDate): string {
  const [year, month, date] = split(day)
  return `${date} ${MONTHS[month - 1] ?? ''} ${year}`
}

/** `Fri 20 Nov 2026`. */
export function formatWeekday(day: LocalDate): string {
  return `${DAYS[new Date(`${day}T00:00:00Z`).getUTCDay()] ?? ''} ${formatDate(day)}`
}

/** `20 Nov`, or `20 Nov 2025` when the year is not the one of `today`. */
export function formatShortDate(day: LocalDate, today: LocalDate): string {
  const text = formatDate(day)
  return day.slice(0, 4) === today.slice(0, 4) ? text.slice(0, -5) : text
}

/** A range of days: `1–20 Nov 2026`, `28 Oct – 3 Nov 2026`, `since 1 Nov 2026`, `until 3 Nov 2026`. */
export function formatRange(from: LocalDate | undefined, to: LocalDate | undefined): string {
  if (from && to) {
    if (from === to) return formatDate(from)
    const [year, month, date] = split(from)
    if (from.slice(0, 7) === to.slice(0, 7)) return `${date}–${formatDate(to)}`
    return from.slice(0, 4) === to.slice(0, 4)
      ? `${date} ${MONTHS[month - 1] ?? ''} – ${formatDate(to)}`
      : `${date} ${MONTHS[month - 1] ?? ''} ${year} – ${formatDate(to)}`
  }
  if (from) return `since ${formatDate(from)}`
  return to ? `until ${formatDate(to)}` : 'any date'
}

/** The day of an instant in the exchange's zone. */
export function dayOf(instant: Instant): LocalDate {
  return toLocalDate(instant, EXCHANGE_ZONE)
}

/** `16:02:48 ET`, `yesterday 23:45 ET`, `Sat 22 Nov, 19:40 ET`: as short as it can be without doubt. */
export function formatMoment(instant: Instant, now: Instant): string {
  const day = dayOf(instant)
  const today = dayOf(now)
  if (day === today) return formatTime(instant)
  const minutes = `${formatClock(instant).slice(0, 5)} ${ZONE_NAME}`
  if (day === LocalDate.plusDays(today, -1)) return `yesterday ${minutes}`
  const weekday = formatWeekday(day).slice(0, 3)
  return `${weekday} ${formatShortDate(day, today)}, ${minutes}`
}

const FULL_DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const WEEK_DAYS = 7

/** A moment ahead, within a week: `09:30 ET` today, `Monday 09:30 ET`; further away `Mon 28 Dec, 09:30 ET`. */
export function formatWeekdayTime(instant: Instant, now: Instant): string {
  const day = dayOf(instant)
  const today = dayOf(now)
  const minutes = `${formatClock(instant).slice(0, 5)} ${ZONE_NAME}`
  if (day === today) return minutes
  if (day >= LocalDate.plusDays(today, WEEK_DAYS)) return formatMoment(instant, now)
  return `${FULL_DAYS[new Date(`${day}T00:00:00Z`).getUTCDay()] ?? ''} ${minutes}`
}

/** Every digit known: `Fri 20 Nov 2026 15:59:58.214 ET`. */
export function formatExact(instant: Instant): string {
  const fraction = instant.slice(20, -1)
  const part = /^0*$/.test(fraction) ? '' : `.${fraction}`
  return `${formatWeekday(dayOf(instant))} ${formatClock(instant)}${part} ${ZONE_NAME}`
}

function split(day: LocalDate): [number, number, number] {
  return [Number(day.slice(0, 4)), Number(day.slice(5, 7)), Number(day.slice(8, 10))]
}
