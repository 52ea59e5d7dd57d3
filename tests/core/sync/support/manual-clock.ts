import type { Clock } from '../../../../electron/core/ports.ts'
import { Instant } from '../../../../shared/domain/time.ts'

export interface ManualClock extends Clock {
  /** Moves time forward, running what falls due in order; promises settle in between. */
  advance(ms: number): Promise<void>
  /** Someone sets the wall clock: no timer takes part. */
  set(ms: number): void
  readonly pending: number
}

/** Time that moves only when told to. */
export function manualClock(start = '2026-11-20T15:00:00.000Z'): ManualClock {
  let elapsed = 0
  let origin = Instant.toEpochMs(Instant.parse(start))
  const timers = new Set<{ at: number; run: () => void }>()
  const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
  return {
    now: () => Instant.fromEpochMs(origin + elapsed),
    monotonicMs: () => elapsed,
    after(ms, run) {
      const timer = { at: elapsed + ms, run }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    async advance(ms) {
      const end = elapsed + ms
      await settle()
      for (;;) {
        const [next] = [...timers].filter(timer => timer.at <= end).sort((a, b) => a.at - b.at)
        if (!next) break
        timers.delete(next)
        elapsed = Math.max(elapsed, next.at)
        next.run()
        await settle()
      }
      elapsed = end
      await settle()
    },
    set(ms) {
      origin += ms
    },
    get pending() {
      return timers.size
    },
  }
}
