import type { AppError } from '../../../shared/contract/errors.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { Clock, Random } from '../ports.ts'

const FIRST_MS = 1_000
const CAP_MS = 300_000
const LONGEST_ASKED_MS = 900_000

/** When a refresh that failed for a passing reason may be tried again. */
export interface Backoff {
  failed(id: ConnectionId, error: AppError): void
  /** Forgets the failures of a connection. */
  clear(id: ConnectionId): void
  /** Milliseconds to wait before the next try in the background; 0 when nothing failed. */
  waitMs(id: ConnectionId): number
  /** The failure to repeat instead of a request while the broker's own waiting time runs; null when it may be asked. */
  refusal(id: ConnectionId): AppError | null
}

interface Failure {
  readonly count: number
  readonly untilMs: number
  readonly askedUntilMs: number
  readonly error: AppError
}

/** Exponential with full jitter, 1 s to 5 min; a broker's Retry-After is honoured up to 15 min. */
export function createBackoff({ clock, random }: { readonly clock: Clock; readonly random: Pick<Random, 'fraction'> }): Backoff {
  const failures = new Map<ConnectionId, Failure>()
  return {
    failed(id, error) {
      const count = (failures.get(id)?.count ?? 0) + 1
      const jittered = FIRST_MS + random.fraction() * Math.min(CAP_MS - FIRST_MS, FIRST_MS * 2 ** count)
      const asked = Math.min(error.retryAfterMs ?? 0, LONGEST_ASKED_MS)
      const now = clock.monotonicMs()
      failures.set(id, { count, untilMs: now + Math.max(jittered, asked), askedUntilMs: now + asked, error })
    },
    clear: id => void failures.delete(id),
    waitMs: id => Math.max(0, (failures.get(id)?.untilMs ?? 0) - clock.monotonicMs()),
    refusal(id) {
      const failure = failures.get(id)
      return failure && clock.monotonicMs() < failure.askedUntilMs ? failure.error : null
    },
  }
}
