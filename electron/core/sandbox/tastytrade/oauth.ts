import { SANDBOX_CLIENTS, SANDBOX_TASTYTRADE_GRANT } from '../client-keys.ts'
import { jsonReply } from '../exchange.ts'
import type { Ask, Reply } from '../exchange.ts'
import type { Grant, Grants } from '../grants.ts'
import { verifierFits } from '../sign-in.ts'
import type { SignIn, SignInRules } from '../sign-in.ts'

const SCOPES = ['read', 'trade', 'openid']
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]']

/** tastytrade's authorization page. */
export const TASTYTRADE_SIGN_IN: SignInRules = {
  broker: 'tastytrade',
  path: '/auth.html',
  clientId: SANDBOX_CLIENTS.tastytrade.clientId,
  offer: {
    brokerName: 'tastytrade',
    permissions: ['Read your accounts, positions and history', 'Place and cancel orders where trading is allowed'],
    accounts: [],
  },
  redirectAllowed: redirect => LOOPBACK.includes(redirect.hostname) && (redirect.protocol === 'http:' || redirect.protocol === 'https:'),
  scopeOf(asked) {
    const words = asked.split(' ').filter(Boolean)
    return words.every(word => SCOPES.includes(word)) ? words.join(' ') || 'read' : undefined
  },
  codeForm: random => random,
  session: false,
}

/** What the token endpoint needs. `personal` is the grant made on the website, null once it was deleted there. */
export interface TastyTokenDeps {
  readonly signIn: SignIn
  readonly grants: Grants
  readonly personal: () => Grant | null
  readonly accessLifeMs: number
  readonly refreshTrouble: () => 'invalid' | number | null
}

/** Errors of the token endpoint are flat, unlike those of the API. */
export function oauthError(status: number, code: string, description: string): Reply {
  return jsonReply(status, { error_code: code, error_description: description })
}

/** The token endpoint: a form or JSON body with the client secret inside. */
export function tastyToken(ask: Ask, deps: TastyTokenDeps): Reply {
  const field = fieldsOf(ask)
  if (ask.method !== 'POST' || !field) return oauthError(400, 'invalid_request', 'Missing or invalid parameters')
  // A token that is over, sent along with the request for a new one, spoils it.
  if (ask.headers.authorization !== undefined) return oauthError(401, 'invalid_token', 'The access token is invalid')
  if (field('client_secret') !== SANDBOX_CLIENTS.tastytrade.clientSecret)
    return oauthError(401, 'invalid_client', 'Client authentication failed')
  const id = field('client_id')
  if (id !== null && id !== SANDBOX_CLIENTS.tastytrade.clientId) return oauthError(401, 'invalid_client', 'Client authentication failed')
  if (field('grant_type') === 'authorization_code') return exchangeCode(field, deps)
  if (field('grant_type') === 'refresh_token') return refresh(field('refresh_token') ?? '', deps)
  return oauthError(400, 'unsupported_grant_type', 'The grant type is not supported')
}

type Field = (name: string) => string | null

function exchangeCode(field: Field, { signIn, grants, accessLifeMs }: TastyTokenDeps): Reply {
  const redeemed = field('client_id') === null ? undefined : signIn.redeem(field('code') ?? '')
  if (!redeemed || field('redirect_uri') !== redeemed.redirectUri)
    return oauthError(400, 'invalid_grant', 'The authorization code is not valid')
  if (!verifierFits(redeemed.challenge, field('code_verifier'))) return oauthError(400, 'invalid_grant', 'The code verifier is not valid')
  const grant = grants.open(redeemed.scope, redeemed.accounts)
  return tokens(grants, grant, accessLifeMs, grants.issueRefresh(grant))
}

function refresh(token: string, { grants, personal, accessLifeMs, refreshTrouble }: TastyTokenDeps): Reply {
  const trouble = refreshTrouble()
  if (typeof trouble === 'number') return { status: trouble, headers: { 'content-type': 'text/html' }, body: NGINX(trouble) }
  if (trouble === 'invalid') return oauthError(400, 'invalid_grant', 'Grant revoked')
  if (token === SANDBOX_TASTYTRADE_GRANT.refreshToken) {
    const grant = personal()
    return grant ? tokens(grants, grant, accessLifeMs) : oauthError(400, 'invalid_grant', 'Grant revoked')
  }
  const renewed = grants.refresh(token)
  if (!renewed) return oauthError(400, 'invalid_grant', 'Invalid JWT')
  return tokens(grants, renewed.grant, accessLifeMs, renewed.refresh === token ? undefined : renewed.refresh)
}

function tokens(grants: Grants, grant: Grant, accessLifeMs: number, refreshToken?: string): Reply {
  return jsonReply(200, {
    access_token: grants.issueAccess(grant),
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    token_type: 'Bearer',
    expires_in: Math.floor(accessLifeMs / 1000),
  })
}

/** The page of the server in front of the API. */
export function NGINX(status: number): string {
  return `<html>\r\n<head><title>${status}</title></head>\r\n<body>\r\n<center><h1>${status}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`
}

function fieldsOf(ask: Ask): Field | undefined {
  const type = (ask.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  if (type === 'application/x-www-form-urlencoded') {
    const form = new URLSearchParams(ask.body)
    return name => form.get(name)
  }
  if (type !== 'application/json') return undefined
  const known = new Map(jsonEntries(ask.body))
  return name => known.get(name) ?? null
}

function jsonEntries(body: string): [string, string][] {
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value !== 'object' || value === null) return []
    return Object.entries(value).flatMap(([key, item]: [string, unknown]): [string, string][] =>
      typeof item === 'string' ? [[key, item]] : [],
    )
  } catch {
    return []
  }
}
