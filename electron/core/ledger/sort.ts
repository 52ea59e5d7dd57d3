import type { ActivityFacts } from '../../../shared/domain/activity.ts'
import { EXCHANGE_ZONE, Instant, type LocalDate, startOfDay } from '../../../shared/domain/time.ts'

const MOST_DAYS = 20_000
const days = new Map<LocalDate, number>()

/**
 * Where a row stands in the history, in microseconds since 1970: its execution, else the start of its trade date in the
 * exchange's zone, so that rows known only by their day come before that day's fills.
 */
export function sortMicros(facts: Pick<ActivityFacts, 'executedAt' | 'tradeDate'>): number {
  if (facts.executedAt !== null) return Instant.toEpochMicros(facts.executedAt)
  const known = days.get(facts.tradeDate)
  if (known !== undefined) return known
  if (days.size >= MOST_DAYS) days.clear()
  const micros = Instant.toEpochMicros(startOfDay(facts.tradeDate, EXCHANGE_ZONE))
  days.set(facts.tradeDate, micros)
  return micros
}
