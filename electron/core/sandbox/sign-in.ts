import { createHash } from 'node:crypto'
import { Instant } from '../../../shared/domain/time.ts'
import { consentPage, refusalPage } from './consent-page.ts'
import type { ConsentOffer } from './consent-page.ts'
import { hexOf, uuidOf } from './dice.ts'
import { formOf } from './exchange.ts'
import type { Ask, Reply } from './exchange.ts'

/** How one broker's authorization page behaves. */
export interface SignInRules {
  readonly broker: string
  readonly path: string
  readonly clientId: string
  /** Other spellings of the client id. */
  readonly clientAliases?: readonly string[]
  readonly offer: ConsentOffer
  /** True when this redirect address may be used. */
  redirectAllowed(redirect: URL): boolean
  /** The granted scope for the asked one, or undefined when it is not known. */
  scopeOf(asked: string): string | undefined
  /** The authorization code around a random part. */
  codeForm(random: string): string
  /** Whether the callback carries a `session` parameter. */
  readonly session: boolean
  /** True where no code is given out without a PKCE challenge. */
  readonly pkceRequired?: boolean
}

/** An authorization code's facts, given out once. */
export interface Redeemed {
  readonly redirectUri: string
  readonly scope: string
  readonly accounts: readonly string[]
  readonly challenge: string | null
}

export interface SignIn {
  /** The page and its form. */
  handle(ask: Ask): Reply
  /** Takes a code in. Undefined when it is unknown, used, or older than 30 s. */
  redeem(code: string): Redeemed | undefined
}

interface Waiting {
  readonly redirect: URL
  readonly redirectUri: string
  readonly state: string | null
  readonly scope: string
  readonly challenge: string | null
  readonly at: number
}

const CODE_LIFE_MS = 30_000
const PAGE_LIFE_MS = 600_000
const CHALLENGE = /^[A-Za-z0-9_-]{43}$/

/** The authorization page of a simulator: consent, single-use codes of 30 s, state echoed as it came. */
export function createSignIn(rules: SignInRules, seed: number, now: () => Instant): SignIn {
  const waiting = new Map<string, Waiting>()
  const codes = new Map<string, Redeemed & { readonly at: number }>()
  let count = 0
  const nowMs = () => Instant.toEpochMs(now())
  const fresh = (): string => hexOf(48, seed, rules.broker, now(), (count += 1))

  const show = (ask: Ask): Reply => {
    const asked = readRequest(rules, ask.query, nowMs())
    if ('status' in asked) return asked
    for (const [ticket, { at }] of waiting) if (nowMs() - at > PAGE_LIFE_MS) waiting.delete(ticket)
    const ticket = fresh()
    waiting.set(ticket, asked)
    return consentPage(rules.offer, rules.path, ticket)
  }

  const decide = (ask: Ask): Reply => {
    const form = formOf(ask)
    const ticket = form?.get('ticket') ?? ''
    const asked = waiting.get(ticket)
    if (!form || !asked) return refusalPage(400, 'This page is no longer valid. Start the sign-in again.')
    waiting.delete(ticket)
    const known = rules.offer.accounts.map(({ key }) => key)
    const accounts = form.getAll('account').filter(key => known.includes(key))
    if (form.get('decision') !== 'approve') return backToApp(asked, { error: 'access_denied' })
    if (known.length > 0 && accounts.length === 0) return backToApp(asked, { error: 'access_denied' })
    const random = fresh()
    const code = rules.codeForm(random)
    codes.set(code, { redirectUri: asked.redirectUri, scope: asked.scope, accounts, challenge: asked.challenge, at: nowMs() })
    return backToApp(asked, { code, ...(rules.session ? { session: uuidOf(random, 'session') } : {}) })
  }

  return {
    handle(ask) {
      if (ask.method === 'GET') return show(ask)
      return ask.method === 'POST' ? decide(ask) : refusalPage(405, 'This page answers GET and POST.')
    },
    redeem(code) {
      const found = codes.get(code)
      codes.delete(code)
      return found && nowMs() - found.at < CODE_LIFE_MS ? found : undefined
    },
  }
}

/** True when the verifier belongs to the challenge; a verifier without a challenge is a downgrade and refused. */
export function verifierFits(challenge: string | null, verifier: string | null): boolean {
  if (challenge === null) return verifier === null
  return verifier !== null && createHash('sha256').update(verifier).digest('base64url') === challenge
}

function readRequest(rules: SignInRules, query: URLSearchParams, at: number): Waiting | Reply {
  if (new Set(query.keys()).size !== [...query.keys()].length) return refusalPage(400, 'A parameter came twice.')
  const known = [rules.clientId, ...(rules.clientAliases ?? [])]
  if (!known.includes(query.get('client_id') ?? '')) return refusalPage(401, 'The client id is not known here.')
  const redirectUri = query.get('redirect_uri') ?? ''
  const redirect = URL.canParse(redirectUri) ? new URL(redirectUri) : undefined
  if (!redirect || redirect.hash !== '' || !rules.redirectAllowed(redirect)) {
    return refusalPage(403, 'Access Denied: the redirect address is not one of this app.')
  }
  const challenge = query.get('code_challenge')
  const asked: Waiting = { redirect, redirectUri, state: query.get('state'), scope: '', challenge, at }
  if (query.get('response_type') !== 'code') return backToApp(asked, { error: 'unsupported_response_type' })
  const methodFits = challenge === null ? !query.has('code_challenge_method') : query.get('code_challenge_method') === 'S256'
  if (challenge === null && rules.pkceRequired === true) return backToApp(asked, { error: 'invalid_request' })
  if (!methodFits || (challenge !== null && !CHALLENGE.test(challenge))) return backToApp(asked, { error: 'invalid_request' })
  const scope = rules.scopeOf(query.get('scope') ?? '')
  return scope === undefined ? backToApp(asked, { error: 'invalid_scope' }) : { ...asked, scope }
}

function backToApp(asked: Waiting, answer: Readonly<Record<string, string>>): Reply {
  const parts = Object.entries(answer)
  if (asked.state !== null) parts.push(['state', asked.state])
  const text = parts.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
  const location = `${asked.redirectUri}${asked.redirect.search === '' ? '?' : '&'}${text}`
  return { status: 302, headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }, body: '' }
}
