import { createHmac } from 'node:crypto'
import { EXCHANGE_ZONE, Instant, toLocalDate } from '../../../../shared/domain/time.ts'
import { hexOf } from '../dice.ts'
import { openToken, sealToken } from '../token-form.ts'

const REQUEST_LIFE_MS = 300_000

/** Why a token is not taken. */
export type Problem = 'token_rejected' | 'token_expired'

/**
 * The simulator's OAuth 1.0a tokens. An access token sleeps after two idle hours until it is renewed and dies at midnight in New
 * York; it carries its birth under a signature, so that a simulator started again with the same seed still knows it.
 */
export interface EtradeTokens {
  request(): { readonly token: string; readonly secret: string }
  /** The secret of a request token that is still good. */
  requestSecret(token: string): string | undefined
  /** Notes the user's consent; answers the code to carry over, or undefined when the token is over. */
  approve(token: string): string | undefined
  /** Trades a request token and its code for an access token, once. */
  exchange(token: string, verifier: string): { readonly token: string; readonly secret: string } | undefined
  /** The secret of an access token this simulator made, whatever its state. */
  accessSecret(token: string): string | undefined
  /** Uses an access token; answers what is wrong with it, if anything. */
  use(token: string): Problem | undefined
  /** Wakes a sleeping token; false when it is dead. */
  renew(token: string): boolean
  revoke(token: string): void
  expireAccess(): void
  revokeAll(): void
}

interface Waiting {
  readonly at: number
  verifier: string | null
}

/** `idleMs` is how long an unused access token stays awake. */
export function createEtradeTokens(seed: number, now: () => Instant, idleMs: number): EtradeTokens {
  const key = `keelson sandbox etrade ${seed}`
  const nowMs = () => Instant.toEpochMs(now())
  const startedAt = nowMs()
  const waiting = new Map<string, Waiting>()
  const used = new Map<string, number>()
  const revoked = new Set<string>()
  let serial = startedAt
  let revokedUpTo = -1
  const awake = new Map<string, number>()
  let rests = 0
  const secretOf = (token: string) => createHmac('sha256', key).update(token).digest('base64')
  const claims = (token: string) => openToken(key, Buffer.from(token, 'base64').toString('utf8'))
  const goodRequest = (token: string) => {
    const found = waiting.get(token)
    return found && nowMs() - found.at < REQUEST_LIFE_MS ? found : undefined
  }
  const dead = (token: string): boolean => {
    const born = claims(token)
    return !born || born.serial <= revokedUpTo || revoked.has(token)
  }
  const past = (token: string): boolean => dayOf(claims(token)?.issuedAt ?? 0) !== dayOf(nowMs())
  return {
    request() {
      const token = Buffer.from(hexOf(64, key, 'request', (serial += 1)), 'hex').toString('base64')
      waiting.set(token, { at: nowMs(), verifier: null })
      return { token, secret: secretOf(token) }
    },
    requestSecret: token => (goodRequest(token) ? secretOf(token) : undefined),
    approve(token) {
      const found = goodRequest(token)
      if (!found) return undefined
      found.verifier = hexOf(5, key, 'verifier', token).toUpperCase()
      return found.verifier
    },
    exchange(token, verifier) {
      const found = goodRequest(token)
      if (!found || found.verifier === null || found.verifier !== verifier) return undefined
      waiting.delete(token)
      const at = nowMs()
      const grant = { id: String((serial += 1)), scope: '', accounts: [], signInAt: at }
      const sealed = sealToken(key, { kind: 'access', grant, serial: (serial += 1), issuedAt: at })
      const access = Buffer.from(sealed).toString('base64')
      used.set(access, at)
      awake.set(access, rests)
      return { token: access, secret: secretOf(access) }
    },
    accessSecret: token => (claims(token) ? secretOf(token) : undefined),
    use(token) {
      if (dead(token)) return 'token_rejected'
      const at = nowMs()
      const last = used.get(token) ?? Math.max(startedAt, claims(token)?.issuedAt ?? 0)
      const asleep = at - last >= idleMs || (awake.get(token) ?? 0) < rests
      if (past(token) || asleep) return 'token_expired'
      used.set(token, at)
      return undefined
    },
    renew(token) {
      if (dead(token) || past(token)) return false
      used.set(token, nowMs())
      awake.set(token, rests)
      return true
    },
    revoke: token => void revoked.add(token),
    expireAccess() {
      rests += 1
    },
    revokeAll() {
      revokedUpTo = serial
    },
  }
}

function dayOf(ms: number): string {
  return toLocalDate(Instant.fromEpochMs(ms), EXCHANGE_ZONE)
}
