import { Instant } from '../../shared/domain/time.ts'
import type { Clock } from '../core/ports.ts'

// setTimeout counts in 32 bits: a longer wait would run at once.
const LONGEST_TIMER_MS = 2_147_483_647

/** The machine's clock. Timers are unref'd: waiting alone never keeps the process alive. */
export function createClock(): Clock {
  return {
    now: () => Instant.fromEpochMs(Date.now()),
    monotonicMs: () => performance.now(),
    after,
  }
}

function after(ms: number, run: () => void): () => void {
  let timer: NodeJS.Timeout
  const arm = (left: number): void => {
    const part = Math.min(Math.max(left, 0), LONGEST_TIMER_MS)
    timer = setTimeout(() => (left > part ? arm(left - part) : run()), part)
    timer.unref()
  }
  arm(ms)
  return () => clearTimeout(timer)
}
