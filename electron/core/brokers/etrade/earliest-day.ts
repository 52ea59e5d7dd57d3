import { LocalDate } from '../../../../shared/domain/time.ts'

const YEARS_KEPT = 2

/** Two years back, a day less: E*TRADE keeps no more. */
export function earliestDay(today: LocalDate): LocalDate {
  const day = `${Number(today.slice(0, 4)) - YEARS_KEPT}${today.slice(4)}`
  return LocalDate.plusDays(LocalDate.is(day) ? day : LocalDate.plusDays(today, -YEARS_KEPT * 365), 1)
}
