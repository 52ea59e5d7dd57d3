import { AppError, toErrorView } from '../../../shared/contract/errors.ts'
import type { Connection, SignInReason } from '../../../shared/domain/connection.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { Ballast } from '../db/ballast.ts'
import type { Db } from '../db/open.ts'
import { withRefreshLock } from '../db/refresh-lock.ts'
import type { Log } from '../log/log.ts'
import { pause } from '../net/wait.ts'
import { UNKNOWN_REFUSAL } from '../oauth/token-failure.ts'
import type { TokenGrant } from '../oauth/wire.ts'
import type { Clock } from '../ports.ts'
import { getConnection, setConnectionState, setTrouble } from '../store/connections.ts'
import { noteEnd, noteFailure, noteSuccess } from '../store/token-standing.ts'
import { deleteIntent, putIntent, readIntent, readToken } from '../store/tokens.ts'
import type { Secret } from '../vault/secret.ts'
import type { Backoff } from './backoff.ts'
import { grantLife } from './grant-life.ts'
import { asAppError, endReason, type Held, heldIn, isUnasked, keepsToken, type Presentation, quickWaitMs, waitFor } from './presentation.ts'
import type { SealedTokens } from './sealed.ts'
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
  /** Space for a token commit on a full disk. */
  readonly ballast?: Ballast | undefined
  readonly refreshGrant: (connection: Connection, refresh: Secret, options: RefreshStop) => Promise<TokenGrant>
  readonly signing: TokenSigning
  readonly onState: (connectionId: ConnectionId) => void
  /** Told how each renewal that was asked for at a broker ended, for statistics. It must not throw. */
  readonly onRenewed?: ((connection: Connection, ended: EndedRenewal) => void) | undefined
  /** The waits of quick tries, in milliseconds; 1 s, 2 s and 4 s when left out. */
  readonly quickTriesMs?: readonly number[] | undefined
  /** Marks a connection as needing a sign-in, unless its tokens moved on from `generation`. */
  readonly end: (id: ConnectionId, generation: number, because: SignInReason) => void
}

/** What stops a presentation: at any moment, and as long as the token has not left. */
export interface RefreshStop {
  readonly signal: AbortSignal
  readonly untilDeparture?: AbortSignal | undefined
}

export interface EndedRenewal {
  readonly startedAt: Instant
  /** Null after one that worked. */
  readonly error: AppError | null
  /** From the first request to the end, the waits between quick tries included. */
  readonly ms: number
  /** Requests that were sent for it. */
  readonly tries: number
}

export interface Renewal {
  /**
   * Replaces the tokens of a generation, once, however many ask: in this process by sharing the request, across processes by a lock.
   * A passing problem is tried again at once, three times within half a minute; with `patience: 'first-try'` only the outcome of the
   * first request is waited for. Resolves without a request when the generation has moved on. Only the wait stops on the signal, never
   * a request under way. Throws auth/sign-in-needed on a definitive answer, else the passing problem, with the tokens kept.
   */
  renew(id: ConnectionId, generation: number, options: RenewOptions): Promise<void>
  isUnderWay(id: ConnectionId): boolean
  /** Presents nothing any more for a while: the computer is about to sleep. */
  hold(): void
  /** Goes on after `hold`. */
  release(): void
  /** Drops an answer that is still on its way. */
  drop(id: ConnectionId): void
  /** Starts no request any more, waits for those under way, 5 s at most, and saves what could not be saved before. */
  stop(): Promise<void>
}

export interface RenewOptions {
  readonly signal: AbortSignal
  readonly patience?: 'first-try' | 'all'
}

interface Flight {
  readonly all: Promise<void>
  readonly firstTry: Promise<void>
}

const DRAIN_MS = 5_000
/** A wake-up nobody reported must not leave the tokens asleep. */
const HELD_MS = 60_000

/** Refreshes by the book: lock, read again, commit the intent, ask once, commit the answer in the tick it arrives in, then hand it out. */
export function createRenewal(deps: RenewalDeps): Renewal {
  const { db, sealed, timing, backoff, ballast, clock, log, onState } = deps
  const strange = createStrangeRefusals(clock)
  const flights = new Map<string, Flight>()
  const unsaved = new Map<ConnectionId, { readonly presentation: Presentation; readonly grant: TokenGrant }>()
  const dropped = new Set<ConnectionId>()
  const underWay = new Set<ConnectionId>()
  const closing = new AbortController()
  const giveUp = new AbortController()
  let pausing = { untilMs: Number.NEGATIVE_INFINITY, stop: new AbortController() }

  function fly(id: ConnectionId, generation: number): Flight {
    const first = Promise.withResolvers<void>()
    let startedAt: Instant | null = null
    let isOld = false
    const all = withRefreshLock(deps.lockDir, id, { signal: closing.signal, clock }, async () => {
      const presentation = prepare(id, generation)
      if (!presentation) return
      underWay.add(id)
      startedAt = presentation.startedAt
      try {
        await present(presentation, first.reject)
      } finally {
        underWay.delete(id)
        isOld = dropped.delete(id) || !isCurrent(presentation)
      }
    }).catch((error: unknown) => {
      // What became of tokens that a new sign-in has replaced says nothing about that one.
      if (!isOld) throw noted(id, startedAt, error)
    })
    all.then(first.resolve, first.reject)
    first.promise.catch(() => undefined)
    all.catch(() => undefined)
    return { all, firstTry: first.promise }
  }

  /** False once the tokens were forgotten or replaced while they were presented. */
  function isCurrent({ id, token }: Presentation): boolean {
    return !dropped.has(id) && readToken(db.reader, id)?.generation === token.generation
  }

  /** Presents a token until it is answered, or until the background had better go on. */
  async function present(begun: Presentation, onFailure: (error: AppError) => void): Promise<void> {
    const beganMs = clock.monotonicMs()
    for (let [current, tries] = [begun, 1]; ; tries += 1) {
      const presented = current
      const failure = await ask(presented)
        .then(grant => keep(presented, grant), asAppError)
        .catch((error: unknown) => {
          tell(begun, { tries, ms: clock.monotonicMs() - beganMs, error: asAppError(error) })
          throw error
        })
      const ms = clock.monotonicMs() - beganMs
      if (!failure) return tell(begun, { tries, ms, error: null })
      const error = settle(presented, failure)
      onFailure(error)
      const wait = error === failure ? quickWaitMs(failure, { tries, spentMs: ms, waits: deps.quickTriesMs }) : null
      const next =
        wait !== null && (await isAwakeAfter(wait)) && !dropped.has(begun.id) ? prepare(begun.id, begun.token.generation) : undefined
      // Somebody else has replaced the tokens meanwhile.
      if (next === null) return
      if (next === undefined) {
        tell(begun, { tries, ms, error })
        throw concluded(presented, error)
      }
      current = next
    }
  }

  async function ask({ connection, held }: Presentation): Promise<TokenGrant> {
    const { signal } = giveUp
    if (held.kind === 'refresh') return deps.refreshGrant(connection, held.refresh, { signal, untilDeparture: pausing.stop.signal })
    await deps.signing.renew(connection, held.token, { signal })
    return {
      access: held.token.key,
      accessSecret: held.token.secret,
      refresh: null,
      expiresInMs: null,
      scopes: [],
      receivedAt: clock.now(),
    }
  }

  /** False when the app closes or the computer goes to sleep before the wait is over. */
  function isAwakeAfter(ms: number): Promise<boolean> {
    return pause(clock, ms, AbortSignal.any([closing.signal, pausing.stop.signal]), '').then(
      () => true,
      () => false,
    )
  }

  function tell({ connection, startedAt }: Presentation, ended: Omit<EndedRenewal, 'startedAt'>): void {
    if (!ended.error || !isUnasked(ended.error)) deps.onRenewed?.(connection, { startedAt, ...ended })
  }

  /** Counts a failure of any kind, so that the background never tries in a hot loop; it outlives this process where it can be written. */
  function noted(id: ConnectionId, startedAt: Instant | null, cause: unknown): AppError {
    const error = asAppError(cause)
    // Nobody was asked.
    if (isUnasked(error)) return error
    const { failures, retryAt } = backoff.failed(id, error)
    const isOver = error.code === 'auth/sign-in-needed'
    try {
      noteFailure(db.writer, id, { startedAt, error, failures, retryAt: isOver ? null : retryAt })
    } catch (reason) {
      log.warn('tokens.not-noted', { connectionId: id, errorCode: asAppError(reason).code })
    }
    return error
  }

  /** The last chance of what found no room when it came. */
  function keepUnsaved(): void {
    for (const [id, { presentation, grant }] of unsaved) {
      try {
        keep(presentation, grant)
      } catch (cause) {
        log.warn('tokens.not-saved', { connectionId: id, errorCode: asAppError(cause).code })
      }
    }
  }

  function goOn(): void {
    pausing = { untilMs: Number.NEGATIVE_INFINITY, stop: new AbortController() }
  }

  /** Reads again under the lock and commits the intent; null when there is nothing to ask any more. */
  function prepare(id: ConnectionId, generation: number): Presentation | null {
    if (clock.monotonicMs() < pausing.untilMs) throw new AppError('net/asleep')
    if (pausing.stop.signal.aborted) goOn()
    const waiting = unsaved.get(id)
    if (waiting) keep(waiting.presentation, waiting.grant)
    const token = readToken(db.reader, id)
    if (token?.generation !== generation) return null
    const connection = getConnection(db.reader, id)
    const held = connection?.state.kind === 'connected' ? openOrEnd(id, generation) : null
    if (!connection || !held) throw new AppError('auth/sign-in-needed')
    const earlier = readIntent(db.reader, id)
    const attempts = earlier?.generation === generation ? earlier.attempts + 1 : 1
    const startedAt = clock.now()
    // Waking a token up uses nothing up, so a crash in the middle of it leaves nothing to settle.
    if (held.kind === 'refresh') putIntent(db.writer, { connectionId: id, generation, startedAt, attempts })
    return { id, connection, token, held, attempts, startedAt }
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
    const commit = (): boolean =>
      db.writer.tx(w => {
        if (dropped.has(id) || readToken(w, id)?.generation !== token.generation) return false
        sealed.write(w, id, generation, life, {
          access,
          ...(refresh && { refresh }),
          ...(accessSecret && { 'access-secret': accessSecret }),
        })
        deleteIntent(w, id)
        setTrouble(w, id, null)
        noteSuccess(w, id, presentation.startedAt)
        return true
      })
    const saved = ballast ? ballast.makeRoomFor(commit) : commit()
    unsaved.delete(id)
    ballast?.restore()
    strange.clear(id)
    backoff.clear(id)
    if (!saved) return
    timing.received(id, generation)
    log.info('tokens.refreshed', { connectionId: id, generation, rotated: grant.refresh !== null, attempts: presentation.attempts })
    onState(id)
  }

  /** What a failure means for the token that was presented; answers what it amounts to. */
  function settle(presentation: Presentation, failure: AppError): AppError {
    if (failure.code === 'app/canceled' || !isCurrent(presentation)) return failure
    const { id, token, startedAt, attempts } = presentation
    const isStrange = strange.isOneTooMany(id, token.generation, failure)
    // A try that used nothing up leaves open what became of those before it.
    if (keepsToken(failure) && attempts > 1)
      putIntent(db.writer, { connectionId: id, generation: token.generation, startedAt, attempts: attempts - 1 })
    else if (keepsToken(failure)) deleteIntent(db.writer, id)
    return isStrange ? new AppError('auth/sign-in-needed', { details: failure.details, cause: failure }) : failure
  }

  /** Notes why no answer came, and answers the error to throw. */
  function concluded(presentation: Presentation, error: AppError): AppError {
    const { id, token, connection, attempts } = presentation
    if (isUnasked(error)) return error
    const isOver = error.code === 'auth/sign-in-needed'
    const because =
      error.cause instanceof AppError && error.cause.cause === UNKNOWN_REFUSAL ? 'revoked' : endReason(presentation, clock.now())
    db.writer.tx(w => {
      if (dropped.has(id) || readToken(w, id)?.generation !== token.generation) return
      setTrouble(w, id, isOver ? null : toErrorView(error))
      if (!isOver) return
      setConnectionState(w, id, { kind: 'needs-sign-in', because, since: clock.now() })
      noteEnd(w, id)
      deleteIntent(w, id)
    })
    log.warn('tokens.refresh-failed', { connectionId: id, broker: connection.broker, errorCode: error.code, attempts })
    onState(id)
    return error
  }

  return {
    renew(id, generation, { signal, patience = 'all' }) {
      const key = `${id}@${generation}`
      const flight = flights.get(key) ?? fly(id, generation)
      if (!flights.has(key)) {
        flights.set(key, flight)
        void flight.all.finally(() => flights.delete(key)).catch(() => undefined)
      }
      return waitFor(patience === 'all' ? flight.all : flight.firstTry, signal)
    },
    isUnderWay: id => underWay.has(id),
    hold() {
      pausing.stop.abort(new AppError('net/asleep'))
      pausing = { untilMs: clock.monotonicMs() + HELD_MS, stop: pausing.stop }
    },
    release: goOn,
    drop(id) {
      if (underWay.has(id)) dropped.add(id)
      unsaved.delete(id)
    },
    async stop() {
      closing.abort()
      const stopTimer = clock.after(DRAIN_MS, () => giveUp.abort())
      await Promise.allSettled([...flights.values()].map(({ all }) => all))
      stopTimer()
      keepUnsaved()
    },
  }
}
