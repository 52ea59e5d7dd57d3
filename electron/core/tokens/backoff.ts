import { AppError, type ErrorCode } from '../../../shared/contract/errors.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Clock, Random } from '../ports.ts'
import type { StoredStanding } from '../store/token-standing.ts'

const FIRST_MS = 1_000
const CAP_MS = 300_000
/** A broker that asks for longer is taken for one that cannot count. */
const LONGEST_ASKED_MS = 86_400_000

const OFFLINE: ReadonlySet<ErrorCode> = new Set(['net/offline', 'net/cut-off', 'net/timeout'])

/** What a failure leads to. */
export interface Waiting {
  /** Failures in a row. */
  readonly failures: number
  readonly retryAt: Instant
}

/** When a refresh that failed for a passing reason may be tried again. */
export interface Backoff {
  failed(id: ConnectionId, error: AppError): Waiting
  /** Forgets the failures of a connection. */
  clear(id: ConnectionId): void
  /** Forgets what is stored of them here, so that the next question reads it again. */
  reread(): void
  /** Milliseconds to wait before the next try in the background; 0 when nothing failed. */
  waitMs(id: ConnectionId): number
  /** True when the last failure was this computer's way to the broker, which may be open again at any moment. */
  isOffline(id: ConnectionId): boolean
  /** The failure to repeat instead of a request while the broker's own waiting time runs; null when it may be asked. */
  refusal(id: ConnectionId): AppError | null
}

export interface BackoffDeps {
  readonly clock: Clock
  readonly random: Pick<Random, 'fraction'>
  /** What an earlier run left; null for nothing. */
  readonly stored?: (id: ConnectionId) => Pick<StoredStanding, 'failures' | 'retryAt' | 'lastError'> | null
}

interface Failure {
  readonly count: number
  readonly untilMs: number
  readonly askedUntilMs: number
  readonly error: AppError
}

/**
 * Exponential with full jitter, 1 s to 5 min; a broker's Retry-After is never undercut. Counted on the monotonic clock, so that setting
 * the wall clock moves nothing; what an earlier run left is taken up where it was.
 */
export function createBackoff({ clock, random, stored = () => null }: BackoffDeps): Backoff {
  const failures = new Map<ConnectionId, Failure | null>()

  function known(id: ConnectionId): Failure | null {
    const here = failures.get(id)
    if (here !== undefined) return here
    const left = takeUp(id)
    failures.set(id, left)
    return left
  }

  function takeUp(id: ConnectionId): Failure | null {
    const left = stored(id)
    if (!left?.lastError || left.failures === 0) return null
    const { failures: count, retryAt, lastError: error } = left
    const now = clock.monotonicMs()
    // The next try was set from the answer and never before the time it named; the attempt itself may have begun minutes earlier.
    const asked = retryAt === null ? 0 : leftOf(retryAt, askedOf(error))
    const wait = retryAt === null ? 0 : leftOf(retryAt, Math.max(CAP_MS, asked))
    return { count, untilMs: now + Math.max(wait, asked), askedUntilMs: now + asked, error }
  }

  /** What is left until a moment of the wall clock, which may have been set since: never more than was waited for then. */
  function leftOf(at: Instant, most: number): number {
    return Math.min(most, Math.max(0, Instant.msBetween(clock.now(), at)))
  }

  return {
    failed(id, error) {
      const count = (known(id)?.count ?? 0) + 1
      const jittered = FIRST_MS + random.fraction() * Math.min(CAP_MS - FIRST_MS, FIRST_MS * 2 ** count)
      const asked = askedOf(error)
      const wait = Math.max(jittered, asked)
      const now = clock.monotonicMs()
      failures.set(id, { count, untilMs: now + wait, askedUntilMs: now + asked, error })
      return { failures: count, retryAt: Instant.plus(clock.now(), Math.ceil(wait)) }
    },
    clear: id => void failures.set(id, null),
    reread: () => failures.clear(),
    waitMs: id => Math.max(0, (known(id)?.untilMs ?? 0) - clock.monotonicMs()),
    isOffline: id => OFFLINE.has(known(id)?.error.code ?? 'app/internal'),
    refusal(id) {
      const failure = known(id)
      const left = failure ? failure.askedUntilMs - clock.monotonicMs() : 0
      if (!failure || left <= 0) return null
      const { code, details, brokerSays } = failure.error
      return new AppError(code, { details, brokerSays, retryAfterMs: Math.ceil(left) })
    },
  }
}

function askedOf({ retryAfterMs = 0 }: AppError): number {
  return Math.min(retryAfterMs, LONGEST_ASKED_MS)
}
