import { createHmac, timingSafeEqual } from 'node:crypto'
import type { BrokerId } from '../../../shared/domain/broker.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Rotation } from './faults.ts'

/** What a user agreed to in one sign-in. `signInAt` is milliseconds since the epoch. */
export interface Grant {
  readonly id: string
  readonly scope: string
  readonly accounts: readonly string[]
  readonly signInAt: number
}

export interface GrantsOptions {
  readonly broker: BrokerId
  readonly seed: number
  readonly now: () => Instant
  readonly rotation: Rotation
  /** Life of an access token in milliseconds; null: it does not end by itself. */
  readonly accessLifeMs: number | null
  /** Life of a refresh token counted from the sign-in; null: the broker has none. */
  readonly refreshLifeMs: number | null
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

interface Claims {
  readonly kind: 'access' | 'refresh'
  readonly grant: Grant
  readonly serial: number
  readonly issuedAt: number
}

// A rotated-away refresh token still works this long, so that an answer lost on the way does not end the sign-in.
const ROTATION_GRACE_MS = 60_000

export function createGrants(options: GrantsOptions): Grants {
  const nowMs = () => Instant.toEpochMs(options.now())
  const startedAt = nowMs()
  const replaced = new Map<string, number>()
  let serial = 0
  let rotation = options.rotation
  let expiredUpTo = -1
  let revokedUpTo = -1
  let newestSignIn: Grant | undefined

  const sign = (claims: Claims): string => {
    const { id, signInAt, scope, accounts } = claims.grant
    const lines = [claims.kind, id, signInAt, claims.serial, claims.issuedAt, scope, accounts.join(' ')]
    const body = Buffer.from(lines.join('\n')).toString('base64url')
    return `${body}.${mac(options, body)}`
  }
  const issue = (kind: Claims['kind'], grant: Grant): string => {
    serial += 1
    return sign({ kind, grant, serial: startedAt + serial, issuedAt: nowMs() })
  }
  const open = (token: string, kind: Claims['kind']): Claims | undefined => {
    const claims = readToken(options, token)
    return claims?.kind === kind && claims.serial > revokedUpTo ? claims : undefined
  }
  const superseded = (grant: Grant) => newestSignIn !== undefined && newestSignIn.id !== grant.id && grant.signInAt <= newestSignIn.signInAt

  return {
    open(scope, accounts) {
      serial += 1
      const grant = { id: `${startedAt}-${serial}`, scope, accounts, signInAt: nowMs() }
      newestSignIn = grant
      return grant
    },
    issueAccess: grant => issue('access', grant),
    issueRefresh: grant => issue('refresh', grant),
    access(token) {
      const claims = open(token, 'access')
      if (!claims || claims.serial <= expiredUpTo) return undefined
      const over = options.accessLifeMs !== null && nowMs() >= claims.issuedAt + options.accessLifeMs
      return over ? undefined : claims.grant
    },
    refresh(token) {
      const claims = open(token, 'refresh')
      if (!claims || options.refreshLifeMs === null || superseded(claims.grant)) return undefined
      if (nowMs() >= claims.grant.signInAt + options.refreshLifeMs) return undefined
      const goneAt = replaced.get(token)
      if (goneAt !== undefined && (rotation === 'strict' || nowMs() >= goneAt + ROTATION_GRACE_MS)) return undefined
      if (rotation === 'same') return { grant: claims.grant, refresh: token }
      if (goneAt === undefined) replaced.set(token, nowMs())
      return { grant: claims.grant, refresh: issue('refresh', claims.grant) }
    },
    expireAccess() {
      expiredUpTo = startedAt + serial
    },
    revokeAll() {
      revokedUpTo = startedAt + serial
    },
    setRotation(next) {
      rotation = next
    },
  }
}

function mac(options: GrantsOptions, body: string): string {
  return createHmac('sha256', `keelson sandbox ${options.broker} ${options.seed}`).update(body).digest('base64url')
}

function readToken(options: GrantsOptions, token: string): Claims | undefined {
  const [body, seal, ...rest] = token.split('.')
  if (body === undefined || seal === undefined || rest.length > 0) return undefined
  const expected = Buffer.from(mac(options, body))
  const given = Buffer.from(seal)
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined
  const [kind, id = '', signInAt, serial, issuedAt, scope = '', accounts = ''] = Buffer.from(body, 'base64url').toString('utf8').split('\n')
  const grant = { id, scope, accounts: accounts.split(' ').filter(Boolean), signInAt: Number(signInAt) }
  return { kind: kind === 'refresh' ? 'refresh' : 'access', grant, serial: Number(serial), issuedAt: Number(issuedAt) }
}
