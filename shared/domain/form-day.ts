import type { FieldSpec } from './broker.ts'
import { EXCHANGE_ZONE, type Instant, toLocalDate } from './time.ts'

/** What is wrong with a day that must be still to come, as its sentence; null when nothing is. Days are the exchange's. */
export function endedDayProblem({ kind, future }: Pick<FieldSpec, 'kind' | 'future'>, day: string, now: Instant): string | null {
  if (kind !== 'day' || future !== true) return null
  const today = toLocalDate(now, EXCHANGE_ZONE)
  if (day < today) return 'This day is over.'
  return day === today ? 'This day has begun: it may end any hour.' : null
}
