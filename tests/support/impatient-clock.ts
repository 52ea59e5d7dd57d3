import { performance } from 'node:perf_hooks'
import { type JumpingClock, jumpingClock } from './fake-ports.ts'

/** Waits longer than this are nobody's pace but somebody's life: they take the time they take. */
const LONGEST_MS = 61_000
const LOOK_MS = 2
/** Less work than this between two looks is the looking itself. */
const BUSY_MS = 0.25
const LOOKS = 3
/** One more look for each of these: the longer the wait, the surer that nothing else is under way. */
const MS_A_LOOK = 5000

/**
 * A clock that jumps over waits: once nothing has happened in the process for a few turns of its loop, the next timer falls due. What
 * paces itself by the minute is done at once, in the same order and with the same times; whoever is at work, or waits by another clock,
 * has all the time they need. For tests whose brokers live in the same process.
 */
export function impatientClock(): JumpingClock {
  const clock = jumpingClock()
  const waits = new Set<{ readonly at: number }>()
  let looking: NodeJS.Timeout | undefined
  let seen = performance.eventLoopUtilization()
  let quiet = 0

  function look(): void {
    const now = performance.eventLoopUtilization()
    const works = performance.eventLoopUtilization(now, seen).active >= BUSY_MS
    // A timer that keeps the process alive is somebody's own: the clock's never do.
    quiet = works || process.getActiveResourcesInfo().includes('Timeout') ? 0 : quiet + 1
    seen = now
    const left = Math.min(...[...waits].map(({ at }) => at)) - clock.monotonicMs()
    // A timer is set a moment after its wait was written down, so that its time may seem to have come already.
    if (waits.size > 0 && quiet >= LOOKS + Math.max(0, left) / MS_A_LOOK) {
      quiet = 0
      clock.jump(Math.max(1, Math.ceil(left)))
    }
    looking = waits.size === 0 ? undefined : setTimeout(look, LOOK_MS).unref()
  }

  function after(ms: number, run: () => void): () => void {
    if (ms > LONGEST_MS) return clock.after(ms, run)
    const wait = { at: clock.monotonicMs() + ms }
    waits.add(wait)
    looking ??= setTimeout(look, LOOK_MS).unref()
    const stop = clock.after(ms, () => {
      waits.delete(wait)
      run()
    })
    return () => {
      waits.delete(wait)
      stop()
    }
  }

  return { ...clock, after }
}
