import type { Clock } from '../../../../electron/core/ports.ts'
import { Instant } from '../../../../shared/domain/time.ts'

interface Timer {
  readonly at: number
  readonly ms: number
  readonly run: () => void
}

export interface StepClock extends Clock {
  /** Moves time forward; timers that fall due run in order. */
  advance(ms: number): void
  /** Resolves with the delay of a timer that fits, as soon as one is set. */
  scheduled(fits: (ms: number) => boolean): Promise<number>
  /** Delays of the timers now set. */
  pending(): number[]
}

/** A clock that stands still until it is told to move. */
export function stepClock(start = '2026-11-20T15:00:00.000Z'): StepClock {
  const epoch = Date.parse(start)
  let elapsed = 0
  const timers = new Set<Timer>()
  const watchers = new Set<(timer: Timer) => void>()

  return {
    now: () => Instant.fromEpochMs(epoch + elapsed),
    monotonicMs: () => elapsed,
    after(ms, run) {
      const timer = { at: elapsed + ms, ms, run }
      timers.add(timer)
      for (const watcher of watchers) watcher(timer)
      return () => void timers.delete(timer)
    },
    advance(ms) {
      const until = elapsed + ms
      for (;;) {
        const [next] = [...timers].filter(timer => timer.at <= until).sort((a, b) => a.at - b.at)
        if (!next) break
        timers.delete(next)
        elapsed = Math.max(elapsed, next.at)
        next.run()
      }
      elapsed = until
    },
    scheduled(fits) {
      const known = [...timers].find(timer => fits(timer.ms))
      if (known) return Promise.resolve(known.ms)
      const { promise, resolve } = Promise.withResolvers<number>()
      const watcher = (timer: Timer): void => {
        if (!fits(timer.ms)) return
        watchers.delete(watcher)
        resolve(timer.ms)
      }
      watchers.add(watcher)
      return promise
    },
    pending: () => [...timers].map(timer => timer.ms),
  }
}
