import type { ErrorCode } from '../../../../shared/contract/errors.ts'
import type { OAuthProfile } from '../../oauth/profile.ts'
import { firstText, readRefusal } from '../refusal-words.ts'

/** Registered to the letter; see docs/brokers/ibkr.md. */
const REDIRECT_PORT = 8733

interface Answer {
  readonly status: number
  readonly body: string
}

/**
 * The code flow IBKR gives to clients it has approved. The token lives 24 hours; a renewal keeps the refresh token. Addresses of
 * IBKR's authorization server as its metadata names them.
 */
export function oauthProfile(port: number | null = REDIRECT_PORT): OAuthProfile {
  return {
    authorizeUrl: 'https://api.ibkr.com/oauth2/authorize',
    tokenUrl: 'https://api.ibkr.com/oauth2/api/v1/token',
    revokeUrl: null,
    discoveryUrl: 'https://api.ibkr.com/.well-known/oauth-authorization-server',
    clientAuth: 'post',
    pkce: true,
    redirect: { scheme: 'http', port, path: '/callback/ibkr' },
    extra: {},
    classifyTokenFailure,
  }
}

export function classifyTokenFailure({ status, body }: Answer): ErrorCode | undefined {
  if (status < 400 || status >= 500 || /^\s*</.test(body)) return undefined
  if (/invalid_grant/.test(body)) return 'auth/sign-in-needed'
  return /invalid_client|unauthorized_client/.test(body) || status === 401 ? 'auth/app-misconfigured' : undefined
}

/** Source: IBKR Web API, error answers. `no bridge` is a session without its brokerage part. */
export function classifyFailure({ status, body }: Answer): ErrorCode | undefined {
  if (/^\s*</.test(body)) return undefined
  if (/no bridge|not authenticated/i.test(body)) return 'local/not-signed-in'
  // The status call answers 503 for an order it does not know.
  if (/\bOrder\b[^"]{0,40}not found/i.test(body)) return 'order/not-found'
  if (status === 401) return 'auth/sign-in-needed'
  return /insufficient_scope/.test(body) ? 'broker/scope-missing' : undefined
}

const WAYS = [['error'], ['errorMessage'], ['error_description'], ['message']] as const

/** The sentence of a refusal. */
export function words({ body }: { readonly body: string }): string | null {
  return firstText(readRefusal(body), WAYS)
}
