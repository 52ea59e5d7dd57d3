import { AppError, type ErrorCode, toErrorView } from '../../../shared/contract/errors.ts'
import type { Connection, SignInReason } from '../../../shared/domain/connection.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Db } from '../db/open.ts'
import { withRefreshLock } from '../db/refresh-lock.ts'
import type { Log } from '../log/log.ts'
import type { SignedToken } from '../oauth/oauth1/signature.ts'
import type { TokenGrant } from '../oauth/wire.ts'
import type { Clock } from '../ports.ts'
import { getConnection, setConnectionState, setTrouble } from '../store/connections.ts'
import { deleteIntent, putIntent, readIntent, readToken, type StoredToken } from '../store/tokens.ts'
import type { Secret } from '../vault/secret.ts'
import type { Backoff } from './backoff.ts'
import { grantLife } from './grant-life.ts'
import { type Opened, type SealedTokens, signedTokenIn } from './sealed.ts'
import type { TokenSigning } from './signing.ts'
import { createStrangeRefusals } from './strange-refusals.ts'
import type { Timing } from './timing.ts'

export interface RenewalDeps {
  readonly db: Db
  readonly sealed: SealedTokens
  readonly timing: Timing
  readonly backoff: Backoff
  readonly clock: Clock
  readonly log: Log
  readonly lockDir: string
  readonly refreshGrant: (connection: Connection, refresh: Secret, options: { signal: AbortSignal }) => Promise<TokenGrant>
  readonly signing: TokenSigning
  readonly onState: (connectionId: ConnectionId) => void
  /** Marks a connection as needing a sign-in, unless its tokens moved on from `generation`. */
  readonly end: (id: ConnectionId, generation: number, because: SignInReason) => void
  /** Told how each renewal that was asked for at a broker ended, for statistics. It must not throw. */
  readonly onRenewed?: ((connection: Connection, ended: { readonly error: AppError | null; readonly ms: number }) => void) | undefined
}

export interface Renewal {
  /**
   * Replaces the tokens of a generation, once, however many ask: in this process by sharing the request, across processes by a lock.
   * Resolves without a request when the generation has moved on. Only the wait stops on the signal, never a request under way.
   * Throws auth/sign-in-needed on a definitive answer, else the passing problem, with the tokens kept.
   */
  renew(id: ConnectionId, generation: number, options: { readonly signal: AbortSignal }): Promise<void>
  /** Drops an answer that is still on its way. */
  drop(id: ConnectionId): void
  /** Starts no request any more and waits for those under way, 5 s at most. */
  stop(): Promise<void>
}

/** What renews a sign-in: a refresh token that is presented, or a token that signs and is woken up again. */
type Held = { readonly kind: 'refresh'; readonly refresh: Secret } | { readonly kind: 'signed'; readonly token: SignedToken }

/** Something about to be presented. */
interface Presentation {
  readonly id: ConnectionId
  readonly connection: Connection
  readonly token: StoredToken
  readonly held: Held
  /** How often this token was presented with an unknown end, this time included. */
  readonly attempts: number
}

const DRAIN_MS = 5_000
// After these the broker has answered without using the refresh token up; after all others nobody knows.
const NOT_USED_UP: ReadonlySet<ErrorCode> = new Set(['broker/rate-limited', 'broker/refused', 'auth/app-misconfigured', 'auth/not-licensed', 'net/blocked'])

/** Refreshes by the book: lock, read again, commit the intent, ask once, commit the answer in the tick it arrives in, then hand it out. */
export function createRenewal(deps: RenewalDeps): Renewal {
  const { db, sealed, timing, backoff, clock, log, onState } = deps
  const strange = createStrangeRefusals(clock)
  const flights = new Map<string, Promise<void>>()
  const unsaved = new Map<ConnectionId, { readonly presentation: Presentation; readonly grant: TokenGrant }>()
  const dropped = new Set<Presentation>()
  const underWay = new Map<ConnectionId, Presentation>()
  const closing = new AbortController()
  const giveUp = new AbortController()

  function fly(id: ConnectionId, generation: number): Promise<void> {
    return withRefreshLock(deps.lockDir, id, { signal: closing.signal, clock }, async () => {
      const presentation = prepare(id, generation)
      if (!presentation) return
      underWay.set(id, presentation)
      try {
        await present(presentation)
      } finally {
        underWay.delete(id)
        dropped.delete(presentation)
      }
    }).catch((error: unknown) => {
      throw noted(id, error)
    })
  }

  /** Asks, keeps the answer in the tick it arrives in, and tells how it went. */
  async function present(presentation: Presentation): Promise<void> {
    const began = clock.monotonicMs()
    const tell = (error: AppError | null): void => deps.onRenewed?.(presentation.connection, { error, ms: clock.monotonicMs() - began })
    try {
      const grant = await ask(presentation).catch((error: unknown) => {
        throw refused(presentation, error)
      })
      keep(presentation, grant)
      tell(null)
    } catch (cause) {
      tell(cause instanceof AppError ? cause : new AppError('app/internal', { cause }))
      throw cause
    }
  }

  async function ask({ connection, held }: Presentation): Promise<TokenGrant> {
    const { signal } = giveUp
    if (held.kind === 'refresh') return deps.refreshGrant(connection, held.refresh, { signal })
    await deps.signing.renew(connection, held.token, { signal })
    return { access: held.token.key, accessSecret: held.token.secret, refresh: null, expiresInMs: null, scopes: [], receivedAt: clock.now() }
  }

  /** Counts a failure of any kind, so that the background never tries in a hot loop. */
  function noted(id: ConnectionId, cause: unknown): AppError {
    const error = cause instanceof AppError ? cause : new AppError('app/internal', { cause })
    if (error.code !== 'app/canceled') backoff.failed(id, error)
    return error
  }

  /** Reads again under the lock and commits the intent; null when there is nothing to ask any more. */
  function prepare(id: ConnectionId, generation: number): Presentation | null {
    const waiting = unsaved.get(id)
    if (waiting) keep(waiting.presentation, waiting.grant)
    const token = readToken(db.reader, id)
    if (token?.generation !== generation) return null
    const connection = getConnection(db.reader, id)
    const held = connection?.state.kind === 'connected' ? openOrEnd(id, generation) : null
    if (!connection || !held) throw new AppError('auth/sign-in-needed')
    const earlier = readIntent(db.reader, id)
    const attempts = earlier?.generation === generation ? earlier.attempts + 1 : 1
    // Waking a token up uses nothing up, so a crash in the middle of it leaves nothing to settle.
    if (held.kind === 'refresh') putIntent(db.writer, { connectionId: id, generation, startedAt: clock.now(), attempts })
    return { id, connection, token, held, attempts }
  }

  /** What renews; one that is gone or fails its seal ends the connection, since nothing can renew it any more. */
  function openOrEnd(id: ConnectionId, generation: number): Held | null {
    try {
      const opened = sealed.open(id, ['refresh', 'access', 'access-secret'])
      if (opened?.generation !== generation) return null
      const held = heldIn(opened)
      if (!held) deps.end(id, generation, 'lost')
      return held
    } catch (error) {
      if (error instanceof AppError && error.code === 'vault/tampered') deps.end(id, generation, 'lost')
      throw error
    }
  }

  /** Seals and commits an answer, synchronously. If the disk refuses, the answer is kept in memory and saved first next time. */
  function keep(presentation: Presentation, grant: TokenGrant): void {
    const { id, token, held } = presentation
    const generation = token.generation + 1
    const { access, accessSecret } = grant
    // A woken token ends when it always would have.
    const life = held.kind === 'signed' ? { ...token.life, obtainedAt: grant.receivedAt } : grantLife(grant, token.life)
    const refresh = held.kind === 'refresh' ? (grant.refresh ?? held.refresh) : null
    unsaved.set(id, { presentation, grant })
    const saved = db.writer.tx(w => {
      if (dropped.has(presentation) || readToken(w, id)?.generation !== token.generation) return false
      sealed.write(w, id, generation, life, { access, ...(refresh && { refresh }), ...(accessSecret && { 'access-secret': accessSecret }) })
      deleteIntent(w, id)
      setTrouble(w, id, null)
      return true
    })
    unsaved.delete(id)
    strange.clear(id)
    backoff.clear(id)
    if (!saved) return
    timing.received(id, generation)
    log.info('tokens.refreshed', { connectionId: id, generation, rotated: grant.refresh !== null, attempts: presentation.attempts })
    onState(id)
  }

  /** Notes why no answer came, and answers the error to throw. */
  function refused(presentation: Presentation, cause: unknown): AppError {
    const { id, token, connection, attempts } = presentation
    const first = cause instanceof AppError ? cause : new AppError('app/internal', { cause })
    if (first.code === 'app/canceled') return first
    const isStrange = strange.isOneTooMany(id, first)
    const error = isStrange ? new AppError('auth/sign-in-needed', { details: first.details, cause: first }) : first
    const isOver = error.code === 'auth/sign-in-needed'
    db.writer.tx(w => {
      if (dropped.has(presentation) || readToken(w, id)?.generation !== token.generation) return
      if (isOver) setConnectionState(w, id, { kind: 'needs-sign-in', because: isStrange ? 'revoked' : reasonOf(presentation), since: clock.now() })
      if (isOver || NOT_USED_UP.has(error.code)) deleteIntent(w, id)
      setTrouble(w, id, isOver ? null : toErrorView(error))
    })
    log.warn('tokens.refresh-failed', { connectionId: id, broker: connection.broker, errorCode: error.code, attempts })
    onState(id)
    return error
  }

  function reasonOf({ token, attempts }: Presentation): SignInReason {
    if (token.life.signInBy !== null && !Instant.isBefore(clock.now(), token.life.signInBy)) return 'expired'
    return attempts > 1 ? 'lost' : 'revoked'
  }

  return {
    renew(id, generation, { signal }) {
      const key = `${id}@${generation}`
      const flight = flights.get(key) ?? fly(id, generation).finally(() => flights.delete(key))
      flights.set(key, flight)
      flight.catch(() => undefined)
      return waitFor(flight, signal)
    },
    drop(id) {
      const presentation = underWay.get(id)
      if (presentation) dropped.add(presentation)
      unsaved.delete(id)
    },
    async stop() {
      closing.abort()
      const stopTimer = clock.after(DRAIN_MS, () => giveUp.abort())
      await Promise.allSettled(flights.values())
      stopTimer()
    },
  }
}

function heldIn(opened: Opened): Held | null {
  const token = signedTokenIn(opened)
  const refresh = opened.secrets.get('refresh')
  if (token) return { kind: 'signed', token }
  return refresh ? { kind: 'refresh', refresh } : null
}

function waitFor(flight: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.reject(new AppError('app/canceled'))
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const leave = (): void => reject(new AppError('app/canceled', { cause: signal.reason }))
  signal.addEventListener('abort', leave, { once: true })
  flight.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  return promise
}
