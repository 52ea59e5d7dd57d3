import { Instant } from '../../../shared/domain/time.ts'
import type { Clock, Random } from '../../core/ports.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

export interface DailyDeps {
  readonly clock: Clock
  readonly random: Random
  readonly isWanted: () => boolean
  /** When it looked last, in an earlier run perhaps. */
  readonly last: Instant | null
  readonly look: () => Promise<unknown>
}

/**
 * Looks about once a day, at no fixed time so that not all copies ask at once, and first some minutes after the start, which is busy
 * enough. The answer stops it.
 */
export function startDaily({ clock, random, isWanted, last, look }: DailyDeps): () => void {
  let stop = (): void => undefined
  function wait(ms: number): void {
    stop = clock.after(ms, run)
  }
  function run(): void {
    wait(DAY_MS + random.fraction() * HOUR_MS)
    if (isWanted()) void look()
  }
  const soon = 5 * MINUTE_MS + random.fraction() * 10 * MINUTE_MS
  const since = last === null ? DAY_MS : Instant.msBetween(last, clock.now())
  // A last time still to come is that of a clock that was wrong.
  wait(since < 0 ? soon : Math.max(soon, DAY_MS - since))
  return () => stop()
}
