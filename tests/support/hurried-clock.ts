import type { Clock } from '../../electron/core/ports.ts'
import { Instant } from '../../shared/domain/time.ts'

/**
 * A clock that runs `factor` times as fast as the real one, timers included: what paces itself in seconds is done in a fraction of
 * them, in the same order.
 */
export function hurriedClock(factor: number): Clock {
  const startedAt = Date.now()
  const started = performance.now()
  const elapsed = (): number => (performance.now() - started) * factor
  return {
    now: () => Instant.fromEpochMs(Math.floor(startedAt + elapsed())),
    monotonicMs: elapsed,
    after(ms, run) {
      const timer = setTimeout(run, Math.min(ms / factor, 2_000_000_000)).unref()
      return () => clearTimeout(timer)
    },
  }
}
