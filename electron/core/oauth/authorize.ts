import { createHash, timingSafeEqual } from 'node:crypto'
import type { Random } from '../ports.ts'
import type { OAuthProfile } from './profile.ts'

const ENTROPY_BYTES = 32

/** What makes one sign-in its own: kept in memory only, used once. */
export interface Attempt {
  readonly state: string
  /** The PKCE verifier (RFC 7636), or null where the broker does not take it. */
  readonly verifier: string | null
}

/** A new sign-in's 256-bit state and, where the broker takes it, its 256-bit S256 verifier. */
export function newAttempt(random: Random, pkce: boolean): Attempt {
  return { state: token(random), verifier: pkce ? token(random) : null }
}

function token(random: Random): string {
  return Buffer.from(random.bytes(ENTROPY_BYTES)).toString('base64url')
}

/** The S256 challenge of a verifier; `plain` does not exist here. */
export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier, 'ascii').digest('base64url')
}

/** Compares in constant time, whatever the lengths. */
export function sameText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest()
  return timingSafeEqual(digest(a), digest(b))
}

export interface AuthorizeOptions {
  readonly profile: OAuthProfile
  readonly clientId: string
  readonly redirectUri: string
  readonly scopes: readonly string[]
  readonly attempt: Attempt
}

/** The address the system browser opens. Parameters of the standard cannot be replaced by a broker's extra ones. */
export function authorizeAddress({ profile, clientId, redirectUri, scopes, attempt }: AuthorizeOptions): string {
  const url = new URL(profile.authorizeUrl)
  for (const [name, value] of Object.entries(profile.extra)) url.searchParams.set(name, value)
  url.searchParams.set('response_type', 'code')
  url.searchParams.set('client_id', clientId)
  url.searchParams.set('redirect_uri', redirectUri)
  url.searchParams.set('state', attempt.state)
  const asked = scopes.filter(scope => scope !== '')
  if (asked.length > 0) url.searchParams.set('scope', asked.join(' '))
  if (attempt.verifier !== null) {
    url.searchParams.set('code_challenge', challengeOf(attempt.verifier))
    url.searchParams.set('code_challenge_method', 'S256')
  }
  // RFC 3986 writes a space as %20; brokers document it that way and some refuse the plus sign.
  url.search = url.search.replaceAll('+', '%20')
  return url.href
}
