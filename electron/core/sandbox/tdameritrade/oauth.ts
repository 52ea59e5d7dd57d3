import { SANDBOX_CLIENTS } from '../client-keys.ts'
import { formOf, jsonReply } from '../exchange.ts'
import type { Ask, Reply } from '../exchange.ts'
import type { Grant, Grants } from '../grants.ts'
import { verifierFits } from '../sign-in.ts'
import type { SignIn, SignInRules } from '../sign-in.ts'
import { tdaError } from './wire.ts'

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]']
const KEYS = [SANDBOX_CLIENTS.tdameritrade.clientId, `${SANDBOX_CLIENTS.tdameritrade.clientId}@AMER.OAUTHAP`]

/** TD Ameritrade's old authorization page. */
export const TDA_SIGN_IN: SignInRules = {
  broker: 'tdameritrade',
  path: '/auth',
  clientId: SANDBOX_CLIENTS.tdameritrade.clientId,
  clientAliases: KEYS,
  offer: { brokerName: 'TD Ameritrade', permissions: ['Read your accounts, positions and orders', 'Read your transactions'], accounts: [] },
  redirectAllowed: redirect => LOOPBACK.includes(redirect.hostname) && (redirect.protocol === 'http:' || redirect.protocol === 'https:'),
  scopeOf: () => 'PlaceTrades AccountAccess MoveMoney',
  // The old codes were long base64; they had to be decoded once.
  codeForm: random => `${Buffer.from(random, 'hex').toString('base64')}/+=`,
  session: false,
}

export interface TdaTokenDeps {
  readonly signIn: SignIn
  readonly grants: Grants
  readonly accessLifeMs: number
  readonly refreshLifeMs: number
  readonly refreshTrouble: () => 'invalid' | number | null
}

/** The token endpoint: the key alone in a form, and a refresh token only when `access_type=offline` asks for it. */
export function tdaToken(ask: Ask, deps: TdaTokenDeps): Reply {
  const form = formOf(ask)
  if (ask.method !== 'POST' || !form) return tdaError(400, 'invalid_request')
  if (!KEYS.includes(form.get('client_id') ?? '')) return tdaError(401, 'invalid_client')
  const offline = form.get('access_type') === 'offline'
  if (form.get('grant_type') === 'authorization_code') return exchangeCode(form, offline, deps)
  if (form.get('grant_type') === 'refresh_token') return refresh(form, offline, deps)
  return tdaError(400, 'unsupported_grant_type')
}

function exchangeCode(form: URLSearchParams, offline: boolean, deps: TdaTokenDeps): Reply {
  const redeemed = deps.signIn.redeem(form.get('code') ?? '')
  if (!redeemed || form.get('redirect_uri') !== redeemed.redirectUri) return tdaError(400, 'invalid_grant')
  if (!verifierFits(redeemed.challenge, form.get('code_verifier'))) return tdaError(400, 'invalid_grant')
  const grant = deps.grants.open(redeemed.scope, redeemed.accounts)
  return tokens(deps, grant, offline ? deps.grants.issueRefresh(grant) : undefined)
}

function refresh(form: URLSearchParams, offline: boolean, deps: TdaTokenDeps): Reply {
  const trouble = deps.refreshTrouble()
  if (typeof trouble === 'number') return tdaError(trouble, 'temporarily_unavailable')
  const renewed = trouble === 'invalid' ? undefined : deps.grants.refresh(form.get('refresh_token') ?? '')
  if (!renewed) return tdaError(400, 'invalid_grant')
  // A new refresh token is a new start of its ninety days.
  const fresh = offline ? deps.grants.issueRefresh(deps.grants.open(renewed.grant.scope, renewed.grant.accounts)) : undefined
  return tokens(deps, renewed.grant, fresh)
}

function tokens({ grants, accessLifeMs, refreshLifeMs }: TdaTokenDeps, grant: Grant, refreshToken: string | undefined): Reply {
  return jsonReply(200, {
    access_token: grants.issueAccess(grant),
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken, refresh_token_expires_in: Math.floor(refreshLifeMs / 1000) }),
    scope: grant.scope,
    expires_in: Math.floor(accessLifeMs / 1000),
    token_type: 'Bearer',
  })
}
