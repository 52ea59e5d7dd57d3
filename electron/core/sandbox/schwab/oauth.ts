import { SANDBOX_CLIENTS } from '../client-keys.ts'
import { uuidOf } from '../dice.ts'
import { formOf, jsonReply } from '../exchange.ts'
import type { Ask, Reply } from '../exchange.ts'
import type { Grant, Grants } from '../grants.ts'
import { verifierFits } from '../sign-in.ts'
import type { SignIn, SignInRules } from '../sign-in.ts'

/** An account as the consent page offers it. `key` counts the accounts; no number leaves the page. */
export interface OfferedAccount {
  readonly key: string
  readonly name: string
  readonly masked: string
}

/** Schwab's authorization page: https on 127.0.0.1 only, codes that end in `@`, a `session` beside them, accounts to choose. */
export function schwabSignIn(accounts: readonly OfferedAccount[]): SignInRules {
  return {
    broker: 'schwab',
    path: '/v1/oauth/authorize',
    clientId: SANDBOX_CLIENTS.schwab.clientId,
    offer: { brokerName: 'Charles Schwab', permissions: ['Read balances, positions and orders', 'Read transactions'], accounts },
    redirectAllowed: redirect => redirect.protocol === 'https:' && redirect.hostname === '127.0.0.1',
    // The published scope list is empty; whatever is asked, the token says `api`.
    scopeOf: () => 'api',
    codeForm: random => `C0.${Buffer.from(random, 'hex').toString('base64url')}@`,
    session: true,
  }
}

/** What the token endpoint needs. `accessLifeMs` goes into expires_in; `refreshTrouble` is a fault's answer to a refresh. */
export interface SchwabTokenDeps {
  readonly signIn: SignIn
  readonly grants: Grants
  readonly accessLifeMs: number
  readonly refreshTrouble: () => 'invalid' | number | null
}

/** Schwab's token endpoint: Basic client authentication, code and refresh grants, the nested error of a dead refresh token. */
export function schwabToken(ask: Ask, deps: SchwabTokenDeps): Reply {
  const form = formOf(ask)
  if (ask.method !== 'POST' || !form) return oauthError(400, 'invalid_request', 'A form by POST is needed')
  const { clientId, clientSecret } = SANDBOX_CLIENTS.schwab
  if (!isBasic(ask.headers.authorization ?? '', clientId, clientSecret)) return oauthError(401, 'invalid_client', 'Unauthorized')
  if (form.get('grant_type') === 'authorization_code') return exchangeCode(form, deps)
  if (form.get('grant_type') === 'refresh_token') return refresh(form, deps)
  return oauthError(400, 'unsupported_grant_type', 'grant_type is not supported')
}

function exchangeCode(form: URLSearchParams, deps: SchwabTokenDeps): Reply {
  const redeemed = deps.signIn.redeem(form.get('code') ?? '')
  if (!redeemed) return oauthError(400, 'invalid_grant', 'The authorization code is invalid, used or expired')
  if (form.get('redirect_uri') !== redeemed.redirectUri) return oauthError(400, 'invalid_grant', 'redirect_uri does not match')
  if (!verifierFits(redeemed.challenge, form.get('code_verifier'))) return oauthError(400, 'invalid_grant', 'code_verifier does not match')
  const grant = deps.grants.open(redeemed.scope, redeemed.accounts)
  return tokens(deps, grant, deps.grants.issueRefresh(grant))
}

function refresh(form: URLSearchParams, deps: SchwabTokenDeps): Reply {
  const trouble = deps.refreshTrouble()
  if (typeof trouble === 'number')
    return { status: trouble, headers: { 'content-type': 'text/html' }, body: '<html><body><h1>Whitelabel Error Page</h1></body></html>' }
  const renewed = trouble === 'invalid' ? undefined : deps.grants.refresh(form.get('refresh_token') ?? '')
  if (!renewed) return deadRefreshToken()
  return tokens(deps, renewed.grant, renewed.refresh)
}

function tokens(deps: SchwabTokenDeps, grant: Grant, refreshToken: string): Reply {
  return jsonReply(200, {
    expires_in: Math.floor(deps.accessLifeMs / 1000),
    token_type: 'Bearer',
    scope: 'api',
    refresh_token: refreshToken,
    access_token: deps.grants.issueAccess(grant),
    id_token: `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(`{"sub":"${uuidOf(grant.id)}"}`).toString('base64url')}.`,
  })
}

/** The documented answer to a refresh token that is expired, replaced or wrong: an error inside the text of an error. */
function deadRefreshToken(): Reply {
  const inner =
    '{"error_description":"Exception while authenticating refresh token [tokenDigest=SANDBOX, Exception=Failed refresh token authentication [tokenDigest=SANDBOX]]","error":"refresh_token_authentication_error"}'
  return oauthError(400, 'unsupported_token_type', `400 Bad Request: "${inner}"`)
}

function oauthError(status: number, error: string, description: string): Reply {
  return jsonReply(status, { error, error_description: description })
}

function isBasic(header: string, id: string, secret: string): boolean {
  const [scheme, value = ''] = header.split(' ')
  if (scheme?.toLowerCase() !== 'basic') return false
  const text = Buffer.from(value, 'base64').toString('utf8')
  // Both spellings are in use: the plain one of Schwab's clients, and the form-encoded one of RFC 6749.
  const plain = text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return plain === `${id}:${secret}`
}
