import { Instant } from '../../../../shared/domain/time.ts'
import type { TimestampWindow } from '../../net/oauth-problem.ts'
import type { Clock } from '../../ports.ts'

/** The times signed requests carry: this computer's, set right by what a server said it takes. */
export interface Timestamps {
  /** Epoch seconds. */
  seconds(): number
  /** Aims for the middle of what a server takes from now on. */
  follow(window: TimestampWindow): void
}

export function createTimestamps(clock: Pick<Clock, 'now'>): Timestamps {
  let offset = 0
  const ours = (): number => Math.floor(Instant.toEpochMs(clock.now()) / 1000)
  return {
    seconds: () => ours() + offset,
    follow({ from, to }) {
      offset = Math.floor((from + to) / 2) - ours()
    },
  }
}
