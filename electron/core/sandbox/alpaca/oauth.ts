import { SANDBOX_CLIENTS } from '../client-keys.ts'
import { formOf, jsonReply } from '../exchange.ts'
import type { Ask, Reply } from '../exchange.ts'
import type { Grants } from '../grants.ts'
import { verifierFits } from '../sign-in.ts'
import type { SignIn, SignInRules } from '../sign-in.ts'

const SCOPES = ['account:write', 'trading', 'data']
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]']

/** Alpaca's authorization page, as its Connect guide describes it. */
export const ALPACA_SIGN_IN: SignInRules = {
  broker: 'alpaca',
  path: '/oauth/authorize',
  clientId: SANDBOX_CLIENTS.alpaca.clientId,
  offer: {
    brokerName: 'Alpaca',
    permissions: ['Read your account, positions and orders', 'Read your trade history'],
    accounts: [],
  },
  redirectAllowed: redirect => LOOPBACK.includes(redirect.hostname) && (redirect.protocol === 'http:' || redirect.protocol === 'https:'),
  scopeOf(asked) {
    const words = asked.split(' ').filter(Boolean)
    return words.every(word => SCOPES.includes(word)) ? words.join(' ') : undefined
  },
  codeForm: random =>
    `${random.slice(0, 8)}-${random.slice(8, 12)}-${random.slice(12, 16)}-${random.slice(16, 20)}-${random.slice(20, 32)}`,
  session: false,
}

/** The error envelope of every Alpaca endpoint. */
export function alpacaError(status: number, code: number, message: string): Reply {
  return jsonReply(status, { code, message })
}

/**
 * Alpaca's token endpoint: client id and secret in a form body and nowhere else, one grant type, and an answer without
 * refresh_token and expires_in. A body of another type reads as a client that cannot be identified.
 */
export function alpacaToken(ask: Ask, signIn: SignIn, grants: Grants): Reply {
  const form = formOf(ask)
  const { clientId, clientSecret } = SANDBOX_CLIENTS.alpaca
  if (ask.method !== 'POST') return alpacaError(405, 40_510_000, 'method not allowed')
  if (!form || form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret)
    return alpacaError(401, 40_110_000, 'invalid_client')
  if (form.get('grant_type') !== 'authorization_code') return alpacaError(422, 40_010_001, 'invalid grant_type')
  // The documents give no body for a code that is over; the status and envelope are those of a bad redirect_uri.
  const redeemed = signIn.redeem(form.get('code') ?? '')
  if (!redeemed) return alpacaError(422, 40_010_001, 'invalid code')
  if (form.get('redirect_uri') !== redeemed.redirectUri) return alpacaError(422, 40_010_001, 'invalid redirect_uri')
  if (!verifierFits(redeemed.challenge, form.get('code_verifier'))) return alpacaError(422, 40_010_001, 'invalid code_verifier')
  const grant = grants.open(redeemed.scope, redeemed.accounts)
  return jsonReply(200, { access_token: grants.issueAccess(grant), token_type: 'bearer', scope: redeemed.scope })
}
