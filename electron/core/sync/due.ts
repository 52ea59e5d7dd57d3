import type { SyncResult } from '../../../shared/contract/schemas.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { AppError, isErrorCode } from '../../../shared/contract/errors.ts'
import { passesByItself } from './failure.ts'

export const PERIOD_MS = 3_600_000
export const STAGGER_MS = 20_000
const FIRST_RETRY_MS = 300_000
/** No sound plan reaches further ahead; one that does was made by a clock that was ahead. */
const FURTHEST_MS = 2 * PERIOD_MS

/** What is known about the last run of a connection. */
export interface LastRun {
  readonly finishedAt: Instant
  /** Runs in a row that failed for a passing reason. */
  readonly failures: number
  readonly retryAfterMs: number
}

/**
 * When a connection is due again: an hour after its last run; sooner after a passing failure (5, 10, 20, 40 minutes), never
 * before the broker allows, but for an hour at most; now when it never ran. A run of the future counts as one of now.
 * `fraction` (0 to 1) spreads it by up to five percent.
 */
export function dueAt(last: LastRun | null, now: Instant, fraction: number): Instant {
  if (!last) return now
  const wait = last.failures > 0 ? Math.min(PERIOD_MS, FIRST_RETRY_MS * 2 ** (last.failures - 1)) : PERIOD_MS
  const asked = Math.min(last.retryAfterMs, PERIOD_MS)
  return Instant.plus(Instant.earliest(last.finishedAt, now), Math.max(asked, Math.round(wait * (1 + fraction / 20))))
}

/** Whether a time planned earlier still makes sense, after someone may have set the clock. */
export function isWithinReach(at: Instant, now: Instant): boolean {
  return Instant.msBetween(now, at) <= FURTHEST_MS
}

/** Adds a result to what is known. A failure the user has to mend is not tried sooner, nor is a run the user canceled. */
export function afterRun(result: Pick<SyncResult, 'result' | 'error' | 'finishedAt'>, before: LastRun | null): LastRun {
  const code = result.error?.code ?? ''
  const passing = result.result === 'failed' && isErrorCode(code) && passesByItself(code)
  return {
    finishedAt: result.finishedAt,
    failures: passing ? (before?.failures ?? 0) + 1 : 0,
    retryAfterMs: result.error?.retryAfterMs ?? 0,
  }
}

/** Adds a run that came to no result at all, as a failure that may pass. */
export function afterRejection(error: unknown, before: LastRun | null, now: Instant): LastRun {
  const retryAfterMs = error instanceof AppError ? (error.retryAfterMs ?? 0) : 0
  return { finishedAt: now, failures: (before?.failures ?? 0) + 1, retryAfterMs }
}

/** True for a run that was stopped before its end: by the user, a suspend or the end of the program. */
export function wasStopped({ error }: Pick<SyncResult, 'error'>): boolean {
  return error?.code === 'app/canceled' || error?.code === 'sync/interrupted'
}

/** Moves due times apart, in order, so that no two syncs start within `gapMs` of each other nor before `from`. */
export function spread(
  due: readonly { readonly id: ConnectionId; readonly at: Instant }[],
  from: Instant,
  gapMs: number,
): Map<ConnectionId, Instant> {
  const slots = new Map<ConnectionId, Instant>()
  let free = from
  for (const { id, at } of due.toSorted((a, b) => Instant.toEpochMicros(a.at) - Instant.toEpochMicros(b.at))) {
    const slot = Instant.isBefore(at, free) ? free : at
    slots.set(id, slot)
    free = Instant.plus(slot, gapMs)
  }
  return slots
}
