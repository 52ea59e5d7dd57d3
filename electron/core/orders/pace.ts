import { AppError } from '../../../shared/contract/errors.ts'
import type { Clock } from '../ports.ts'

/** How often something may be done that leaves a row in the record: no user comes near it, and a program that does fills the record. */
export interface Pace {
  /** Throws order/too-many, and does not count, when it was done so often within a minute. */
  take(): void
}

const MINUTE_MS = 60_000

export function createPace(clock: Pick<Clock, 'monotonicMs'>, { most, what }: { readonly most: number; readonly what: string }): Pace {
  let times: readonly number[] = []
  return {
    take() {
      const nowMs = clock.monotonicMs()
      times = times.filter(at => at > nowMs - MINUTE_MS)
      if (times.length >= most) throw new AppError('order/too-many', { details: { most: String(most), what } })
      times = [...times, nowMs]
    },
  }
}
