import { EXCHANGE_ZONE, Instant, startOfDay, toLocalDate } from '../../../../../shared/domain/time.ts'

const MINUTE = 60_000
const DAY_MINUTES = 1440

/** Minutes after midnight in New York, from and to; a span may pass midnight. */
const NIGHTLY: readonly (readonly [from: number, to: number])[] = [
  [23 * 60 + 40, DAY_MINUTES],
  [0, 105],
]
/** Friday 23:00 to Saturday 3:00; tokens end on Sunday at 1:00, when TWS wants a full sign-in. */
const WEEKEND: readonly (readonly [day: number, from: number, to: number])[] = [
  [5, 23 * 60, DAY_MINUTES],
  [6, 0, 3 * 60],
  [0, 45, 3 * 60],
]

/**
 * Whether IBKR's North American servers or TWS itself may be restarting: then a lost line is expected and nobody needs to be told.
 * Source: IBKR's system status page.
 */
export function isMaintenance(now: Instant): boolean {
  const day = toLocalDate(now, EXCHANGE_ZONE)
  const minute = Math.floor(Instant.msBetween(startOfDay(day, EXCHANGE_ZONE), now) / MINUTE)
  const weekday = new Date(`${day}T12:00:00Z`).getUTCDay()
  return (
    NIGHTLY.some(([from, to]) => minute >= from && minute < to) ||
    WEEKEND.some(([on, from, to]) => on === weekday && minute >= from && minute < to)
  )
}

const STEPS_MS = [1000, 2000, 5000, 10_000, 30_000, 60_000]

/** The wait before the next try, after `failures` in a row: longer each time, up to a minute, and a fifth more or less by chance. */
export function retryDelayMs(failures: number, fraction: number): number {
  const step = STEPS_MS[Math.min(failures, STEPS_MS.length) - 1] ?? 1000
  return Math.round(step * (0.8 + 0.4 * fraction))
}
