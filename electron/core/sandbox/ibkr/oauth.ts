import { SANDBOX_CLIENTS } from '../client-keys.ts'
import { formOf, jsonReply } from '../exchange.ts'
import type { Ask, Reply } from '../exchange.ts'
import { createGrants } from '../grants.ts'
import type { Grant, Grants } from '../grants.ts'
import { createSignIn, verifierFits } from '../sign-in.ts'
import type { SignIn, SignInRules } from '../sign-in.ts'
import type { Simulator, SimulatorOptions } from '../simulator.ts'
import type { IbkrBook } from './book.ts'
import { IBKR_IDENTITIES } from './customers.ts'
import { ORDER_KNOBS } from './order-desk.ts'
import { authStatus, ssoValidate, tickle } from './web/accounts.ts'
import { webError } from './web/body.ts'
import { WEB_BASE, WEB_KNOBS, routeWeb, tooMany } from './web/router.ts'
import { createWebSession, tooSoon } from './web/session.ts'
import type { WebSession } from './web/session.ts'

export const IBKR_SCOPES = ['trades', 'positions', 'account', 'market_data'] as const
export const OAUTH_KNOBS = [...ORDER_KNOBS, ...WEB_KNOBS]

const AUTHORIZE = '/oauth2/authorize'
const TOKEN = '/oauth2/api/v1/token'
const REVOKE = '/oauth2/api/v1/revoke'
const DISCOVERY = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration']
const ACCESS_LIFE_MS = 86_400_000
const REFRESH_LIFE_MS = 90 * 86_400_000
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]']

/** The authorization page: PKCE with S256 is required, and the accounts to share are chosen there. */
const SIGN_IN: SignInRules = {
  broker: 'ibkr',
  path: AUTHORIZE,
  clientId: SANDBOX_CLIENTS.ibkr.clientId,
  offer: {
    brokerName: 'Interactive Brokers',
    permissions: ['Read your trades and work with orders', 'Read your positions', 'Read account values', 'Read market data'],
    accounts: IBKR_IDENTITIES.map(({ index, title, account }) => ({ key: String(index), name: title, masked: `...${account.slice(-3)}` })),
  },
  redirectAllowed: redirect => LOOPBACK.includes(redirect.hostname) && (redirect.protocol === 'http:' || redirect.protocol === 'https:'),
  scopeOf(asked) {
    const words = asked.split(' ').filter(Boolean)
    return words.length > 0 && words.every(word => IBKR_SCOPES.some(scope => scope === word)) ? words.join(' ') : undefined
  },
  codeForm: random => random,
  session: false,
  pkceRequired: true,
}

interface TokenDeps {
  readonly signIn: SignIn
  readonly grants: Grants
  readonly accessLifeMs: number
  readonly refreshTrouble: () => 'invalid' | number | null
}

/** The web API behind OAuth 2.0: code and PKCE, tokens of a day, a refresh token that stays the same. */
export function createOauth(book: IbkrBook, options: SimulatorOptions): Simulator {
  const { seed, now, knobs } = options
  const accessLifeMs = options.tokenLifeMs ?? ACCESS_LIFE_MS
  const grants = createGrants({ broker: 'ibkr', seed, now, rotation: 'same', accessLifeMs, refreshLifeMs: REFRESH_LIFE_MS })
  const signIn = createSignIn(SIGN_IN, seed, now)
  const sessions = new Map<string, WebSession>()
  const sessionOf = (grant: Grant): WebSession => {
    const known = sessions.get(grant.id)
    if (known) return known
    const made = createWebSession(book, knobs, () =>
      book.places().filter(({ identity }) => grant.accounts.includes(String(identity.index))),
    )
    sessions.set(grant.id, made)
    return made
  }
  const refreshTrouble = () => {
    const fault = options.refreshFault()
    return fault === null ? null : fault.name === 'refresh-invalid' ? 'invalid' : (fault.status ?? 503)
  }
  return {
    grants,
    isAuth: path => path.startsWith('/oauth2/') || path.startsWith('/.well-known/'),
    handle(ask) {
      if (ask.path === AUTHORIZE) return signIn.handle(ask)
      if (ask.path === TOKEN) return token(ask, { signIn, grants, accessLifeMs, refreshTrouble })
      if (ask.path === REVOKE) return revoke(ask, grants)
      if (ask.path.startsWith('/.well-known/')) return discovery(ask)
      if (!ask.path.startsWith(`${WEB_BASE}/`)) return webError(404, 'Not Found')
      const [scheme, text = ''] = (ask.headers.authorization ?? '').split(' ')
      const grant = scheme?.toLowerCase() === 'bearer' ? grants.access(text) : undefined
      return grant ? answer(sessionOf(grant), grant, ask) : unauthorized()
    },
    unauthorized,
    broken: status => webError(status, 'Internal Server Error'),
    tooMany,
    concerns: (path, index) => path.includes(`/${IBKR_IDENTITIES[index]?.account ?? 'none'}/`),
    headers: () => ({}),
    addFill: () => book.addFill(),
    correct: execId => book.correct(execId),
    statements: () => book.statements(),
  }
}

function unauthorized(): Reply {
  const reply = webError(401, 'Unauthorized')
  return { ...reply, headers: { ...reply.headers, 'www-authenticate': 'Bearer error="invalid_token"' } }
}

function answer(session: WebSession, grant: Grant, ask: Ask): Reply {
  const path = ask.path.slice(WEB_BASE.length)
  if (tooSoon(session, path)) return tooMany(undefined)
  if (path === '/sso/validate') return jsonReply(200, ssoValidate(session.nowMs()))
  if (path === '/iserver/auth/status' || path === '/iserver/auth/ssodh/init') return jsonReply(200, authStatus('ready'))
  if (path === '/tickle') return jsonReply(200, tickle('ready'))
  const needed = scopeFor(path)
  if (needed !== null && !grant.scope.split(' ').includes(needed)) {
    const reply = webError(403, 'Forbidden: insufficient scope')
    return { ...reply, headers: { ...reply.headers, 'www-authenticate': `Bearer error="insufficient_scope", scope="${needed}"` } }
  }
  return routeWeb(session, ask)
}

/** The scope a call needs; the lists of accounts need none of their own. */
function scopeFor(path: string): (typeof IBKR_SCOPES)[number] | null {
  if (path === '/iserver/accounts' || path === '/portfolio/accounts') return null
  if (/\/positions(?:\/|$)/.test(path)) return 'positions'
  if (/^\/(?:iserver\/(?:marketdata|secdef)|trsrv)\//.test(path)) return 'market_data'
  return /\/(?:summary|ledger|meta|partitioned)$/.test(path) ? 'account' : 'trades'
}

/** RFC 8414: also below the path of an issuer that has one. */
function discovery(ask: Ask): Reply {
  const base = DISCOVERY.find(path => ask.path === path || ask.path === `${path}${WEB_BASE}`)
  if (base === undefined || ask.method !== 'GET') return webError(404, 'Not Found')
  const origin = `http://${ask.headers.host ?? ''}`
  return jsonReply(200, {
    issuer: `${origin}${ask.path.slice(base.length)}`,
    authorization_endpoint: `${origin}${AUTHORIZE}`,
    token_endpoint: `${origin}${TOKEN}`,
    revocation_endpoint: `${origin}${REVOKE}`,
    scopes_supported: IBKR_SCOPES,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    code_challenge_methods_supported: ['S256'],
  })
}

function oauthError(status: number, error: string, description: string): Reply {
  return jsonReply(status, { error, error_description: description })
}

function token(ask: Ask, deps: TokenDeps): Reply {
  const form = formOf(ask)
  if (ask.method !== 'POST' || !form) return oauthError(400, 'invalid_request', 'A form by POST is needed')
  if (!isClient(ask, form)) return oauthError(401, 'invalid_client', 'Client authentication failed')
  if (form.get('grant_type') === 'authorization_code') return exchangeCode(form, deps)
  if (form.get('grant_type') === 'refresh_token') return refresh(form, deps)
  return oauthError(400, 'unsupported_grant_type', 'grant_type is not supported')
}

function exchangeCode(form: URLSearchParams, deps: TokenDeps): Reply {
  const redeemed = deps.signIn.redeem(form.get('code') ?? '')
  if (!redeemed) return oauthError(400, 'invalid_grant', 'The authorization code is invalid, used or expired')
  if (form.get('redirect_uri') !== redeemed.redirectUri) return oauthError(400, 'invalid_grant', 'redirect_uri does not match')
  if (!verifierFits(redeemed.challenge, form.get('code_verifier'))) return oauthError(400, 'invalid_grant', 'code_verifier does not match')
  const grant = deps.grants.open(redeemed.scope, redeemed.accounts)
  return tokens(deps, grant, { refresh_token: deps.grants.issueRefresh(grant) })
}

function refresh(form: URLSearchParams, deps: TokenDeps): Reply {
  const trouble = deps.refreshTrouble()
  if (typeof trouble === 'number') return webError(trouble, 'Service Unavailable')
  const sent = form.get('refresh_token') ?? ''
  const renewed = trouble === 'invalid' ? undefined : deps.grants.refresh(sent)
  if (!renewed) return oauthError(400, 'invalid_grant', 'The refresh token is invalid or expired')
  // Without rotation the answer names no refresh token: the old one goes on.
  return tokens(deps, renewed.grant, renewed.refresh === sent ? {} : { refresh_token: renewed.refresh })
}

function tokens(deps: TokenDeps, grant: Grant, more: Readonly<Record<string, string>>): Reply {
  const expires = Math.floor(deps.accessLifeMs / 1000)
  return jsonReply(200, {
    access_token: deps.grants.issueAccess(grant),
    token_type: 'Bearer',
    expires_in: expires,
    scope: grant.scope,
    ...more,
  })
}

/** The client by Basic header or form, or by its id alone: the code challenge is what binds a public client. */
function isClient(ask: Ask, form: URLSearchParams): boolean {
  const { clientId, clientSecret } = SANDBOX_CLIENTS.ibkr
  const [scheme, value = ''] = (ask.headers.authorization ?? '').split(' ')
  if (scheme?.toLowerCase() === 'basic') {
    const [id = '', secret = ''] = Buffer.from(value, 'base64').toString('utf8').split(':').map(decodeURIComponent)
    return id === clientId && secret === clientSecret
  }
  const secret = form.get('client_secret')
  return form.get('client_id') === clientId && (secret === null || secret === clientSecret)
}

/** RFC 7009: an unknown token is as good as a revoked one. */
function revoke(ask: Ask, grants: Grants): Reply {
  const form = formOf(ask)
  if (ask.method !== 'POST' || !form || !isClient(ask, form)) return oauthError(401, 'invalid_client', 'Client authentication failed')
  const sent = form.get('token') ?? ''
  if (grants.access(sent) || grants.refresh(sent)) grants.revokeAll()
  return { status: 200, headers: { 'cache-control': 'no-store' }, body: '' }
}
