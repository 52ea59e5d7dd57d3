import { AppError, type ErrorCode } from '../../../../shared/contract/errors.ts'
import type { Environment } from '../../../../shared/domain/broker.ts'
import type { OAuthProfile } from '../../oauth/profile.ts'
import { firstText, readRefusal } from '../refusal-words.ts'

/** Registered with the app: Alpaca accepts only the exact address, port included. */
const REDIRECT_PORT = 8731

interface Answer {
  readonly status: number
  readonly body: string
}

/**
 * Alpaca's code flow. Tokens for live and paper both come from api.alpaca.markets, without a refresh token and without an
 * expiry. Source: docs.alpaca.markets "Using OAuth2 and Trading API".
 */
export function oauthProfile(account: 'live' | 'paper', port: number | null = REDIRECT_PORT): OAuthProfile {
  return {
    authorizeUrl: 'https://app.alpaca.markets/oauth/authorize',
    tokenUrl: 'https://api.alpaca.markets/oauth/token',
    revokeUrl: null,
    clientAuth: 'post',
    pkce: false,
    redirect: { scheme: 'http', port, path: '/callback/alpaca' },
    extra: { env: account },
    classifyTokenFailure,
  }
}

/** 422 is a redirect address or scope Alpaca does not accept; `invalid_client` a wrong id or secret. */
export function classifyTokenFailure({ status, body }: Answer): ErrorCode | undefined {
  if (status < 400 || status >= 500 || isHtml(body)) return undefined
  if (body.includes('invalid_grant')) return 'auth/sign-in-needed'
  if (body.includes('invalid_client') || body.includes('unauthorized_client') || status === 422) return 'auth/app-misconfigured'
  return undefined
}

/** 401 on the API means the token or key is wrong or was revoked; there is nothing to renew it with. */
export function classifyFailure({ status, body }: Answer): ErrorCode | undefined {
  if (status !== 401) return undefined
  return body.includes('invalid_client') ? 'auth/app-misconfigured' : 'auth/sign-in-needed'
}

/** `{"code": 40310000, "message": "..."}`: one envelope for every refusal. */
export function wordsOf({ body }: Answer): string | null {
  return firstText(readRefusal(body), [['message']])
}

/** Alpaca's key ids say where they belong: AK live, PK paper. Other beginnings are left to Alpaca. Throws auth/wrong-environment. */
export function checkKey(values: Readonly<Record<string, string>>, environment: Environment): void {
  const sign = /^[AP]K/.exec(values['api-key-id'] ?? '')?.[0]
  const actual = sign === 'AK' ? 'live' : 'paper'
  if (sign === undefined || environment === 'sandbox' || environment === actual) return
  throw new AppError('auth/wrong-environment', { details: { actual, expected: environment } })
}

function isHtml(body: string): boolean {
  return /^\s*</.test(body)
}
