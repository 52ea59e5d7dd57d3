import { EXCHANGE_ZONE, type Instant, type LocalDate, toLocalDate } from '../../../shared/domain/time.ts'

const REMEMBERED = 5000
const days = new Map<string, LocalDate>()
let last: { readonly hour: string; readonly day: LocalDate } | undefined

/**
 * The exchange's calendar day of an instant. New York changes its offset on the hour, so all instants of one UTC hour share
 * their day and one look-up serves them. Rows come by their time, so most share the hour of the one before.
 */
export function exchangeDay(instant: Instant): LocalDate {
  if (last && instant.startsWith(last.hour)) return last.day
  const hour = instant.slice(0, 13)
  let day = days.get(hour)
  if (day === undefined) {
    if (days.size >= REMEMBERED) days.clear()
    days.set(hour, (day = toLocalDate(instant, EXCHANGE_ZONE)))
  }
  last = { hour, day }
  return day
}
