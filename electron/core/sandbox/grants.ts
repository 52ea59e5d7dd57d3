import type { BrokerId } from '../../../shared/domain/broker.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Rotation } from './faults.ts'
import { openToken, sealToken } from './token-form.ts'
import type { Claims, Grant } from './token-form.ts'

export type { Grant } from './token-form.ts'

export interface GrantsOptions {
  readonly broker: BrokerId
  readonly seed: number
  readonly now: () => Instant
  readonly rotation: Rotation
  /** Life of an access token in milliseconds; null: it does not end by itself. */
  readonly accessLifeMs: number | null
  /** Life of a refresh token counted from the sign-in; null: the broker has none. */
  readonly refreshLifeMs: number | null
  /** A new sign-in leaves the earlier ones alive. */
  readonly parallel?: boolean
}

/**
 * The simulator's tokens. They carry what they stand for under a signature made with the seed, so that a simulator
 * started again with the same seed still knows them; revocations and used-up tokens are remembered while it runs.
 */
export interface Grants {
  open(scope: string, accounts: readonly string[]): Grant
  issueAccess(grant: Grant): string
  issueRefresh(grant: Grant): string
  /** The grant behind an access token, or undefined when it is false, over, or revoked. */
  access(token: string): Grant | undefined
  /** Takes a refresh token in. The answer holds the refresh token to hand out next. */
  refresh(token: string): { readonly grant: Grant; readonly refresh: string } | undefined
  expireAccess(): void
  revokeAll(): void
  setRotation(rotation: Rotation): void
}

// A rotated-away refresh token still works this long, so that an answer lost on the way does not end the sign-in.
const ROTATION_GRACE_MS = 60_000

export function createGrants(options: GrantsOptions): Grants {
  const key = `keelson sandbox ${options.broker} ${options.seed}`
  const nowMs = () => Instant.toEpochMs(options.now())
  const startedAt = nowMs()
  const rotation = createRotation(options.rotation)
  let serial = startedAt
  let expiredUpTo = -1
  let revokedUpTo = -1
  let newest: Grant | undefined

  const issue = (kind: Claims['kind'], grant: Grant): string => sealToken(key, { kind, grant, serial: (serial += 1), issuedAt: nowMs() })
  const read = (token: string, kind: Claims['kind']): Claims | undefined => {
    const claims = openToken(key, token)
    return claims?.kind === kind && claims.serial > revokedUpTo ? claims : undefined
  }
  return {
    open(scope, accounts) {
      newest = { id: String((serial += 1)), scope, accounts, signInAt: nowMs() }
      return newest
    },
    issueAccess: grant => issue('access', grant),
    issueRefresh: grant => issue('refresh', grant),
    access(token) {
      const claims = read(token, 'access')
      if (!claims || claims.serial <= expiredUpTo) return undefined
      const over = options.accessLifeMs !== null && nowMs() >= claims.issuedAt + options.accessLifeMs
      return over ? undefined : claims.grant
    },
    refresh(token) {
      const grant = read(token, 'refresh')?.grant
      if (!grant || options.refreshLifeMs === null || nowMs() >= grant.signInAt + options.refreshLifeMs) return undefined
      // A new sign-in ends the refresh tokens of the earlier ones.
      if (options.parallel !== true && newest && newest.id !== grant.id && grant.signInAt <= newest.signInAt) return undefined
      const next = rotation.next(token, nowMs(), () => issue('refresh', grant))
      return next === undefined ? undefined : { grant, refresh: next }
    },
    expireAccess() {
      expiredUpTo = serial
    },
    revokeAll() {
      revokedUpTo = serial
    },
    setRotation: mode => rotation.set(mode),
  }
}

function createRotation(first: Rotation) {
  const replaced = new Map<string, number>()
  let mode = first
  return {
    set(next: Rotation): void {
      mode = next
    },
    /** The refresh token that follows this one, or undefined when this one is used up. */
    next(token: string, nowMs: number, fresh: () => string): string | undefined {
      const goneAt = replaced.get(token)
      if (goneAt !== undefined && (mode === 'strict' || nowMs >= goneAt + ROTATION_GRACE_MS)) return undefined
      if (mode === 'same') return token
      if (goneAt === undefined) replaced.set(token, nowMs)
      return fresh()
    },
  }
}
