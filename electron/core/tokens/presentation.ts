import { AppError, type ErrorCode } from '../../../shared/contract/errors.ts'
import type { Connection, SignInReason } from '../../../shared/domain/connection.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { neverLeft } from '../net/failure.ts'
import type { SignedToken } from '../oauth/oauth1/signature.ts'
import { UNKNOWN_REFUSAL } from '../oauth/token-failure.ts'
import type { StoredToken } from '../store/tokens.ts'
import type { Secret } from '../vault/secret.ts'
import { type Opened, signedTokenIn } from './sealed.ts'

/** What renews a sign-in: a refresh token that is presented, or a token that signs and is woken up again. */
export type Held = { readonly kind: 'refresh'; readonly refresh: Secret } | { readonly kind: 'signed'; readonly token: SignedToken }

/** Something about to be presented. */
export interface Presentation {
  readonly id: ConnectionId
  readonly connection: Connection
  readonly token: StoredToken
  readonly held: Held
  /** How often this token was presented with an unknown end, this time included. */
  readonly attempts: number
  readonly startedAt: Instant
}

/** The waits before the second, third and fourth request of one renewal. */
export const QUICK_TRIES_MS: readonly number[] = [1_000, 2_000, 4_000]
/** A renewal makes its callers wait this long at most before the background takes over. */
const QUICK_MS = 30_000

// After these the broker has answered without using the refresh token up; after all others nobody knows.
const NOT_USED_UP: ReadonlySet<ErrorCode> = new Set([
  'broker/rate-limited',
  'broker/refused',
  'auth/app-misconfigured',
  'auth/not-licensed',
  'auth/app-missing',
  'auth/keys-missing',
  'net/blocked',
  'net/asleep',
])
// An answer nobody can read may have been cut short: a broker with a time of grace takes the old token for some seconds only.
const QUICK: ReadonlySet<ErrorCode> = new Set([
  'net/offline',
  'net/cut-off',
  'net/timeout',
  'broker/unavailable',
  'broker/page',
  'broker/unreadable',
])

/** True when the refresh token is as good as before: it never left this computer, or the broker answered without looking at it. */
export function keepsToken(error: AppError): boolean {
  return neverLeft(error) || NOT_USED_UP.has(error.code)
}

/** True for what this computer's user or its sleep has stopped, which says nothing of the sign-in. */
export function isUnasked({ code }: AppError): boolean {
  return code === 'app/canceled' || code === 'net/asleep'
}

/** How long to wait before the same token may be presented again at once; null leaves it to the background. */
export function quickWaitMs(
  error: AppError,
  {
    tries,
    spentMs,
    waits = QUICK_TRIES_MS,
  }: { readonly tries: number; readonly spentMs: number; readonly waits?: readonly number[] | undefined },
): number | null {
  const usual = waits[tries - 1]
  if (usual === undefined || !QUICK.has(error.code) || error.cause === UNKNOWN_REFUSAL) return null
  const wait = Math.max(usual, error.retryAfterMs ?? 0)
  return spentMs + wait <= QUICK_MS ? wait : null
}

/** A broker ends a sign-in by its own clock, and some a little sooner than they say. */
const NEARLY_MS = 3_600_000

/** Why a presentation that was refused ends the sign-in. */
export function endReason({ token, attempts }: Presentation, now: Instant): SignInReason {
  const { signInBy } = token.life
  if (signInBy !== null && Instant.msBetween(now, signInBy) <= NEARLY_MS) return 'expired'
  return attempts > 1 ? 'lost' : 'revoked'
}

export function heldIn(opened: Opened): Held | null {
  const token = signedTokenIn(opened)
  const refresh = opened.secrets.get('refresh')
  if (token) return { kind: 'signed', token }
  return refresh ? { kind: 'refresh', refresh } : null
}

export function asAppError(cause: unknown): AppError {
  return cause instanceof AppError ? cause : new AppError('app/internal', { cause })
}

/** Waits for something shared; the signal stops the wait and nothing else. */
export function waitFor(shared: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.reject(new AppError('app/canceled'))
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const leave = (): void => reject(new AppError('app/canceled', { cause: signal.reason }))
  signal.addEventListener('abort', leave, { once: true })
  shared.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  return promise
}
