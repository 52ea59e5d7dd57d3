import { EXCHANGE_ZONE, type Instant, type LocalDate, toLocalDate } from '../../../shared/domain/time.ts'

const REMEMBERED = 5000
const days = new Map<string, LocalDate>()

/**
 * The exchange's calendar day of an instant. New York changes its offset on the hour, so all instants of one UTC hour share
 * their day and one look-up serves them.
 */
export function exchangeDay(instant: Instant): LocalDate {
  const hour = instant.slice(0, 13)
  const known = days.get(hour)
  if (known !== undefined) return known
  const day = toLocalDate(instant, EXCHANGE_ZONE)
  if (days.size >= REMEMBERED) days.clear()
  days.set(hour, day)
  return day
}
