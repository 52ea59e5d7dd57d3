import type { ErrorCode } from '../../../shared/contract/errors.ts'

/** What a server says is wrong with a signed request (OAuth 1.0a, the problem reporting extension). */
export interface OAuthProblem {
  /** Such as `token_expired`. */
  readonly word: string
  /** The epoch seconds the server takes, when its clock and ours differ. */
  readonly window: TimestampWindow | null
}

export interface TimestampWindow {
  readonly from: number
  readonly to: number
}

interface Told {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

// Seconds since 1970 as they are written in this century.
const WINDOW = /oauth_acceptable_timestamps(?:=|%3D)["']?(\d{10})-(\d{10})(?!\d)/i
const PROBLEM = /oauth_problem(?:=|%3D)["']?([a-z_]{1,40})/i

/** The problem an answer names in its WWW-Authenticate header or anywhere in its body, be it a form, JSON or a page; null without one. */
export function readOAuthProblem({ headers, body }: Told): OAuthProblem | null {
  const told = `${headers['www-authenticate'] ?? ''}\n${body}`
  const word = PROBLEM.exec(told)?.[1]?.toLowerCase()
  if (word === undefined) return null
  const [, from, to] = WINDOW.exec(told) ?? []
  const window = { from: Number(from), to: Number(to) }
  return { word, window: window.from <= window.to ? window : null }
}

// http://wiki.oauth.net/w/page/12238543/ProblemReporting
const MEANINGS: ReadonlyMap<string, ErrorCode> = new Map([
  ['token_rejected', 'auth/sign-in-needed'],
  ['token_expired', 'auth/sign-in-needed'],
  ['token_revoked', 'auth/sign-in-needed'],
  ['token_used', 'auth/sign-in-needed'],
  ['signature_invalid', 'auth/app-misconfigured'],
  ['signature_method_rejected', 'auth/app-misconfigured'],
  ['consumer_key_rejected', 'auth/app-misconfigured'],
  ['consumer_key_unknown', 'auth/app-misconfigured'],
  ['consumer_key_refused', 'auth/app-misconfigured'],
  ['timestamp_refused', 'auth/clock-off'],
  ['nonce_used', 'broker/unavailable'],
  ['permission_unknown', 'auth/sign-in-needed'],
  ['verifier_invalid', 'auth/bad-code'],
])

/** What a problem means for the user; undefined for a word nobody knows. */
export function meaningOf({ word }: OAuthProblem): ErrorCode | undefined {
  return MEANINGS.get(word)
}
