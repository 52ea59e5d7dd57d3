import type { Clock } from '../../../electron/core/ports.ts'
import { Instant } from '../../../shared/domain/time.ts'

export interface HandClock extends Clock {
  /** Moves the time and runs what falls due, in order. */
  pass(ms: number): void
  /** What is waited for, in milliseconds from now, soonest first. */
  waits(): number[]
}

/** A clock that stands still until it is moved by hand. */
export function handClock(start: Instant): HandClock {
  let nowMs = 0
  const pending = new Set<{ readonly at: number; readonly run: () => void }>()
  return {
    now: () => Instant.plus(start, nowMs),
    monotonicMs: () => nowMs,
    after(ms, run) {
      const timer = { at: nowMs + ms, run }
      pending.add(timer)
      return () => void pending.delete(timer)
    },
    pass(ms) {
      const end = nowMs + ms
      for (;;) {
        const [next] = [...pending].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
        if (!next) break
        pending.delete(next)
        nowMs = next.at
        next.run()
      }
      nowMs = end
    },
    waits: () => [...pending].map(({ at }) => at - nowMs).sort((a, b) => a - b),
  }
}

/** Lets everything that only waits for promises go on. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}
