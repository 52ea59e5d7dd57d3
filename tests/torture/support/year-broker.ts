import { AppError } from '../../../shared/contract/errors.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { TokenGrant } from '../../../electron/core/oauth/wire.ts'
import { Secret } from '../../../electron/core/vault/secret.ts'

const MINUTE_MS = 60_000
/**
 * A computer that was told of its sleep spreads what is due over half a minute; one that was not finds out by its
 * quarter-hourly sweep, which notices a clock that jumped within five minutes.
 */
const AFTER_SLEEP_MS = { announced: MINUTE_MS, silent: 21 * MINUTE_MS } as const

export interface Session {
  readonly lifeMs: number
  /** When the sign-in itself ends, by the true time. */
  signInUntil: number
  validUntil: number
  lastRequest: number
}

export interface YearTally {
  requests: number
  missed: number
  tooOften: number
  failures: string[]
}

/** Who keeps the true time, whatever the computer's clock says, and saw the computer wake up last. */
export interface Truth {
  now(): number
  wokeAt: number
  wokeHow: keyof typeof AFTER_SLEEP_MS
}

/** A broker that notes when it is asked, and whether an access token had run out by then while the computer was awake. */
export function createYearBroker(truth: Truth, tally: YearTally) {
  const sessions = new Map<ConnectionId, Session>()

  function late(session: Session): number {
    const allowedUntil = Math.max(session.validUntil, truth.wokeAt + AFTER_SLEEP_MS[truth.wokeHow])
    return truth.now() - allowedUntil
  }

  return {
    sessions,
    signIn(id: ConnectionId, lifeMs: number, signInMs: number, receivedAt: Instant): TokenGrant {
      const now = truth.now()
      sessions.set(id, { lifeMs, signInUntil: now + signInMs, validUntil: now + lifeMs, lastRequest: Number.NEGATIVE_INFINITY })
      return { access: Secret.of('access'), refresh: Secret.of('refresh'), expiresInMs: lifeMs, scopes: [], receivedAt }
    },
    refresh(id: ConnectionId, receivedAt: Instant): TokenGrant {
      const session = sessions.get(id)
      const now = truth.now()
      if (!session || now >= session.signInUntil) throw new AppError('auth/sign-in-needed')
      tally.requests += 1
      if (now - session.lastRequest < MINUTE_MS) {
        tally.tooOften += 1
        tally.failures.push(`${now - session.lastRequest} ms after the last request, ${new Date(now).toISOString()}`)
      }
      missedBy(session)
      session.lastRequest = now
      session.validUntil = now + session.lifeMs
      return { access: Secret.of('access'), refresh: Secret.of('refresh'), expiresInMs: session.lifeMs, scopes: [], receivedAt }
    },
    /** Notes a token that ran out and is still not renewed. */
    look(session: Session): void {
      missedBy(session)
    },
  }

  function missedBy(session: Session): void {
    const ms = late(session)
    if (ms <= 0 || truth.now() >= session.signInUntil) return
    tally.missed += 1
    tally.failures.push(
      `a token of ${session.lifeMs / MINUTE_MS} min was ${Math.round(ms / 1000)} s late, ${new Date(truth.now()).toISOString()}`,
    )
    // Once for each.
    session.validUntil = truth.now() + session.lifeMs
  }
}
