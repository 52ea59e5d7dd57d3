import { Instant, LocalDate, startOfDay, toLocalDate } from '../../../../shared/domain/time.ts'

/** The next midnight after `now` in a zone (IANA name), on days of 23 and 25 hours as well. */
export function nextMidnight(now: Instant, zone: string): Instant {
  return startOfDay(LocalDate.plusDays(toLocalDate(now, zone), 1), zone)
}
