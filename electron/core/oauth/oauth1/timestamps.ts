import { Instant } from '../../../../shared/domain/time.ts'
import type { TimestampWindow } from '../../net/oauth-problem.ts'
import type { Clock } from '../../ports.ts'

/** The times signed requests carry: this computer's, set right by what a server said it takes. */
export interface Timestamps {
  /** Epoch seconds. */
  seconds(): number
  /** Aims for the middle of what a server takes from now on. */
  follow(window: TimestampWindow): void
  /** True when the next signature would carry a clearly other time than the last one did. */
  hasMoved(): boolean
}

const MOVED_SECONDS = 60

/** `driftMs` is how far this computer's clock is known to be ahead; what a server says of its own window counts more. */
export function createTimestamps(clock: Pick<Clock, 'now'>, driftMs: () => number = () => 0): Timestamps {
  let told: number | null = null
  let used = 0
  const offset = (): number => told ?? -Math.round(driftMs() / 1000)
  const ours = (): number => Math.floor(Instant.toEpochMs(clock.now()) / 1000)
  return {
    seconds() {
      used = offset()
      return ours() + used
    },
    follow({ from, to }) {
      told = Math.floor((from + to) / 2) - ours()
    },
    hasMoved: () => Math.abs(offset() - used) > MOVED_SECONDS,
  }
}
