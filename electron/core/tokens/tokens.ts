import { AppError, toErrorView } from '../../../shared/contract/errors.ts'
import type { Connection, SignInReason, TokenLife } from '../../../shared/domain/connection.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { RefreshStanding } from '../../../shared/domain/connection-health.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { NO_POLICY, type TokenPolicy } from '../../../shared/domain/token-policy.ts'
import type { Ballast } from '../db/ballast.ts'
import type { Db } from '../db/open.ts'
import type { Log } from '../log/log.ts'
import type { Credentials } from '../net/credentials.ts'
import type { OAuth1Endpoints } from '../oauth/oauth1/endpoint.ts'
import type { SignedToken } from '../oauth/oauth1/signature.ts'
import type { Revoked } from '../oauth/revoke.ts'
import type { TokenGrant } from '../oauth/wire.ts'
import type { Clock, Random } from '../ports.ts'
import { getConnection, listConnections, setConnectionState, setTrouble } from '../store/connections.ts'
import { deleteSecrets } from '../store/secrets.ts'
import { noteEnd, noteSuccess, readStanding, tokensEndingBefore } from '../store/token-standing.ts'
import { deleteIntent, deleteToken, listIntents, readIntent, readToken, type StoredToken } from '../store/tokens.ts'
import type { Secret } from '../vault/secret.ts'
import type { Vault } from '../vault/vault.ts'
import { fewAtOnce } from './at-once.ts'
import { createBackoff } from './backoff.ts'
import { createCredentials } from './credentials.ts'
import { grantLife } from './grant-life.ts'
import { createPartings, type Partings } from './parting.ts'
import { createRenewal, type RefreshStop, type RenewalDeps } from './renewal.ts'
import { createSchedule } from './schedule.ts'
import { createSealedTokens, signedTokenIn } from './sealed.ts'
import { createTokenSigning } from './signing.ts'
import { settleVault } from './settle-vault.ts'
import { createTiming, lifeMs } from './timing.ts'

export interface TokensDeps {
  readonly db: Db
  readonly vault: Vault
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** The folder of the locks that keep processes from refreshing together. */
  readonly lockDir: string
  /** Space for a token commit on a full disk; none is set aside when left out. */
  readonly ballast?: Ballast
  /** Presents a refresh token at the broker, once. */
  readonly refreshGrant: (connection: Connection, refresh: Secret, options: RefreshStop) => Promise<TokenGrant>
  /** The endpoints of a broker that signs its requests (OAuth 1.0a); null for all others. */
  readonly oauth1?: (connection: Pick<Connection, 'broker' | 'environment'>) => OAuth1Endpoints | null
  /** The headers of an API key pair, by the broker's own names. */
  readonly keyHeaders: (connection: Connection, keyId: Secret, secret: Secret) => Readonly<Record<string, string>>
  /** The broker's name, for sentences. */
  readonly brokerName?: (connection: Connection) => string
  /** How a connection's access lives and ends; nothing stated when left out. */
  readonly policy?: (connection: Connection) => TokenPolicy
  /** Called after a commit that changed a connection's tokens, state or trouble. */
  readonly onState: (connectionId: ConnectionId) => void
  /** How far this computer's clock is known to be ahead of the brokers', in milliseconds. */
  readonly driftMs?: () => number
  /** The waits before quick tries, in milliseconds; 1 s, 2 s and 4 s when left out. */
  readonly quickTriesMs?: readonly number[]
  /** Told how each renewal ended, for statistics. */
  readonly onRenewed?: RenewalDeps['onRenewed']
}

export interface Tokens {
  /**
   * Seals the tokens of a sign-in and marks the connection connected; may run inside the transaction that saves the connection.
   * `signInBy` is the broker's hard deadline counted from the sign-in: no refresh moves it.
   */
  save(id: ConnectionId, grant: TokenGrant, signIn: { readonly signInBy: Instant | null }): void
  /** The same for an API key and its secret. */
  saveKeys(id: ConnectionId, keyId: Secret, secret: Secret): void
  life(id: ConnectionId): TokenLife | null
  credentials(connection: Connection): Credentials
  /** Renews a token that is due, or not at all. */
  refreshIfDue(id: ConnectionId, options: { readonly signal: AbortSignal }): Promise<void>
  /** Renews now. Throws auth/sign-in-needed when there is nothing to renew with. */
  refresh(id: ConnectionId, options: { readonly signal: AbortSignal }): Promise<void>
  /** Ends a sign-in that signs its requests at the broker, where that is possible; null when this is none, or the vault is locked. */
  revokeSigned(connection: Connection, options: { readonly signal: AbortSignal }): Promise<Revoked> | null
  /** What is kept of sign-ins until their brokers have ended them. */
  readonly partings: Partings
  /** Ends a sign-in that signs its requests, with what was kept of it. */
  revokeParting(
    of: Pick<Connection, 'broker' | 'environment'>,
    token: SignedToken,
    options: { readonly signal: AbortSignal },
  ): Promise<Revoked>
  /** The refresh token, to revoke it, else the access token; null when there is none or the vault is locked. */
  revocable(id: ConnectionId): Secret | null
  /**
   * At start, and after the vault was unlocked: settles at once what a locked or changed vault means for each connection, then ends
   * the refreshes a crash interrupted by presenting the old refresh token once. Waits two seconds for them at most, so that a dead
   * network does not hold up a start; they go on by themselves. Never rejects.
   */
  recover(options?: { readonly signal: AbortSignal }): Promise<void>
  /** Wipes everything secret of a connection, at once. */
  forget(id: ConnectionId): void
  nextRefreshAt(id: ConnectionId): Instant | null
  /** What the renewal of a sign-in is doing, and how it went last. */
  standing(id: ConnectionId): RefreshStanding
  /**
   * Renews every token that ends within this time and is in the second half of its life, a few at once, so that nothing a timer missed
   * runs out. What waits for a broker after a failure is left waiting; what was offline is tried. Never rejects.
   */
  sweep(options: { readonly dueWithinMs: number; readonly signal?: AbortSignal }): Promise<SweepCounts>
  /** Refreshes in the background from now on. */
  start(): void
  /** Plans nothing more, for instance while the computer sleeps. */
  pause(): void
  /** Starts again after a pause, with the refreshes that are due by then spread over half a minute. */
  resume(): void
  /** Stops for good; a refresh under way gets 5 s to be saved. */
  stop(): Promise<void>
}

/** How a sweep ended: tokens looked at, and what became of them. */
export interface SweepCounts {
  readonly due: number
  readonly renewed: number
  readonly failed: number
  /** Left for later: they wait after a failure. */
  readonly waiting: number
}

const RECOVERY_MS = 2_000
const SWEPT_AT_ONCE = 16
const RESUME_MS = 30_000

/** The tokens of all connections: sealed, renewed in time, and handed to calls. */
export function createTokens(deps: TokensDeps): Tokens {
  const { db, vault, clock, log, onState } = deps
  const timing = createTiming({ ...deps, refreshAt: id => policyOf(id).refreshAt })
  const backoff = createBackoff({ ...deps, stored: id => readStanding(db.reader, id) })
  const sealed = createSealedTokens(deps)
  const signing = createTokenSigning(deps)
  const background = new AbortController()
  const changed = (id: ConnectionId): void => {
    schedule.plan(id)
    onState(id)
  }
  const renewal = createRenewal({ ...deps, sealed, signing, timing, backoff, onState: changed, end })
  const schedule = createSchedule({
    clock,
    ids: () => listConnections(db.reader).map(({ id }) => id),
    dueInMs,
    run: id => refreshIfDue(id, { signal: background.signal }).catch(() => undefined),
  })

  function policyOf(id: ConnectionId): TokenPolicy {
    const connection = getConnection(db.reader, id)
    return (connection && deps.policy?.(connection)) ?? NO_POLICY
  }

  /** Tokens that can be renewed now: of a connection in order, with a refresh token. */
  function renewable(id: ConnectionId): StoredToken | null {
    const token = readToken(db.reader, id)
    return token?.life.refreshable && getConnection(db.reader, id)?.state.kind === 'connected' ? token : null
  }

  /** A token that signs; null when there is none or it cannot be opened. */
  function signed(id: ConnectionId): (StoredToken & { readonly signedToken: SignedToken }) | null {
    try {
      const opened = sealed.open(id, ['access', 'access-secret'])
      const signedToken = opened && signedTokenIn(opened)
      return opened && signedToken ? { ...opened, signedToken } : null
    } catch {
      return null
    }
  }

  function dueInMs(id: ConnectionId): number | null {
    const token = renewable(id)
    if (!token) return null
    const due = readIntent(db.reader, id) ? 0 : timing.dueInMs(id, token)
    return due === null ? null : Math.max(due, backoff.waitMs(id))
  }

  async function refreshIfDue(id: ConnectionId, { signal }: { readonly signal: AbortSignal }): Promise<void> {
    const token = renewable(id)
    if (token && (dueInMs(id) ?? 1) <= 0) await renewal.renew(id, token.generation, { signal })
  }

  function replace(id: ConnectionId, life: TokenLife, secrets: Parameters<typeof sealed.write>[4]): void {
    backoff.clear(id)
    const generation = db.writer.tx(w => {
      const before = readToken(w, id)
      // The answer to a token that is gone must not pass for one to this.
      if (!before) renewal.drop(id)
      const next = (before?.generation ?? 0) + 1
      sealed.write(w, id, next, life, secrets)
      noteSuccess(w, id, null)
      deleteIntent(w, id)
      setConnectionState(w, id, { kind: 'connected' })
      setTrouble(w, id, null)
      return next
    })
    timing.received(id, generation)
    changed(id)
  }

  function end(id: ConnectionId, generation: number, because: SignInReason): void {
    const ended = db.writer.tx(w => {
      if (generation >= 0 && readToken(w, id)?.generation !== generation) return false
      setConnectionState(w, id, { kind: 'needs-sign-in', because, since: clock.now() })
      setTrouble(w, id, null)
      noteEnd(w, id)
      return true
    })
    if (!ended) return
    log.warn('tokens.ended', { connectionId: id, because })
    changed(id)
  }

  function nextRefreshAt(id: ConnectionId): Instant | null {
    const due = dueInMs(id)
    return due === null ? null : Instant.plus(clock.now(), Math.max(0, Math.round(due)))
  }

  function standing(id: ConnectionId): RefreshStanding {
    const stored = readStanding(db.reader, id)
    const token = readToken(db.reader, id)
    const underWay = renewal.isUnderWay(id)
    const intent = underWay ? null : readIntent(db.reader, id)
    const { lastAttemptAt = null, lastError = null, retryAt = null } = stored ?? {}
    return {
      underWay,
      ambiguous: intent !== null && intent.generation === token?.generation,
      dueAt: nextRefreshAt(id),
      retryAt,
      lastAttemptAt,
      lastError: lastError && toErrorView(lastError),
    }
  }

  async function sweep({ dueWithinMs, signal = background.signal }: Parameters<Tokens['sweep']>[0]): Promise<SweepCounts> {
    const ending = tokensEndingBefore(db.reader, Instant.plus(clock.now(), dueWithinMs))
    const due = ending.flatMap(id => {
      const token = renewable(id)
      const left = token && timing.leftMs(id, token)
      const isOld = token && left !== null && left <= dueWithinMs && left <= (lifeMs(token.life) ?? 0) / 2
      return isOld ? [{ id, generation: token.generation }] : []
    })
    const ready = due.filter(({ id }) => backoff.waitMs(id) === 0 || (backoff.isOffline(id) && backoff.refusal(id) === null))
    const outcomes = await fewAtOnce(ready, SWEPT_AT_ONCE, ({ id, generation }) => renewal.renew(id, generation, { signal }))
    const failed = outcomes.filter(worked => !worked).length
    return { due: due.length, renewed: ready.length - failed, failed, waiting: due.length - ready.length }
  }

  /** What could not be presented for a locked vault waits for nothing any more once it is open. */
  function forgiveVault(): void {
    if (vault.status().state === 'locked') return
    for (const { id } of listConnections(db.reader)) {
      if (readStanding(db.reader, id)?.lastError?.code !== 'vault/locked') continue
      backoff.clear(id)
      noteSuccess(db.writer, id, null)
      changed(id)
    }
  }

  function revocable(id: ConnectionId): Secret | null {
    try {
      const secrets = sealed.open(id, ['refresh', 'access'])?.secrets
      return secrets?.get('refresh') ?? secrets?.get('access') ?? null
    } catch {
      return null
    }
  }

  return {
    save(id, grant, { signInBy }) {
      const { access, accessSecret, refresh } = grant
      const life = grantLife(grant, { signInBy, refreshable: refresh !== null })
      replace(id, life, { access, ...(refresh && { refresh }), ...(accessSecret && { 'access-secret': accessSecret }) })
    },
    saveKeys(id, keyId, secret) {
      const life = { obtainedAt: clock.now(), expiresAt: null, signInBy: null, refreshable: false }
      replace(id, life, { 'api-key-id': keyId, 'api-key-secret': secret })
    },
    life: id => readToken(db.reader, id)?.life ?? null,
    credentials: connection =>
      createCredentials(
        { db, sealed, signing, timing, backoff, renewal, keyHeaders: deps.keyHeaders, brokerName: deps.brokerName, end },
        connection,
      ),
    refreshIfDue,
    async refresh(id, { signal }) {
      const token = renewable(id) ?? signed(id)
      if (!token) throw new AppError('auth/sign-in-needed')
      await renewal.renew(id, token.generation, { signal })
    },
    partings: createPartings({ db, vault, sealed }),
    revokeParting: (of, token, options) => signing.revoke(of, token, options),
    revocable,
    revokeSigned(connection, options) {
      const token = signed(connection.id)
      return token && signing.revoke(connection, token.signedToken, options)
    },
    async recover({ signal } = { signal: background.signal }) {
      deps.ballast?.restore()
      for (const id of settleVault({ db, vault, now: clock.now() })) changed(id)
      forgiveVault()
      const interrupted = listIntents(db.reader).filter(({ connectionId, generation }) => {
        const token = getConnection(db.reader, connectionId) ? readToken(db.reader, connectionId) : null
        const isOver = token?.generation !== generation
        if (isOver) deleteIntent(db.writer, connectionId)
        // Nor is a broker's own waiting time undercut by a restart.
        return !isOver && renewable(connectionId) !== null && backoff.refusal(connectionId) === null
      })
      const ended = Promise.allSettled(
        interrupted.map(({ connectionId, generation }) => renewal.renew(connectionId, generation, { signal })),
      )
      const { promise: enough, resolve } = Promise.withResolvers<void>()
      const stopTimer = clock.after(RECOVERY_MS, resolve)
      await Promise.race([ended, enough])
      stopTimer()
    },
    forget(id) {
      db.writer.tx(w => {
        deleteSecrets(w, id)
        deleteIntent(w, id)
        deleteToken(w, id)
      })
      changed(id)
      // A microtask runs after the commit of whatever this was a part of, or after its undoing.
      queueMicrotask(() => {
        if (readToken(db.reader, id)) return schedule.plan(id)
        renewal.drop(id)
        backoff.clear(id)
      })
    },
    nextRefreshAt,
    standing,
    sweep,
    start: () => schedule.start(),
    pause() {
      schedule.stop()
      renewal.hold()
    },
    resume() {
      renewal.release()
      schedule.start(() => deps.random.fraction() * RESUME_MS)
    },
    async stop() {
      schedule.stop()
      background.abort()
      await renewal.stop()
    },
  }
}
