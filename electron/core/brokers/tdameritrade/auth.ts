import type { ErrorCode } from '../../../../shared/contract/errors.ts'
import type { OAuthProfile } from '../../oauth/profile.ts'
import { firstText, readRefusal } from '../refusal-words.ts'

interface Answer {
  readonly status: number
  readonly body: string
}

/**
 * TD Ameritrade's code flow: a public client whose id ends in `@AMER.OAUTHAP`, tokens of 30 minutes and a refresh token of 90 days.
 * Nothing answers at these addresses any more; the sandbox takes their place.
 */
export const oauthProfile: OAuthProfile = {
  authorizeUrl: 'https://auth.tdameritrade.com/auth',
  tokenUrl: 'https://api.tdameritrade.com/v1/oauth2/token',
  revokeUrl: null,
  clientAuth: 'none',
  pkce: false,
  redirect: { scheme: 'http', port: null, path: '/callback/tdameritrade' },
  extra: {},
  // Without it there is no refresh token.
  exchangeExtra: { access_type: 'offline' },
  classifyTokenFailure,
}

export function classifyTokenFailure({ status, body }: Answer): ErrorCode | undefined {
  if (status < 400 || status >= 500 || /^\s*</.test(body)) return undefined
  if (body.includes('invalid_grant')) return 'auth/sign-in-needed'
  return /invalid_client|unauthorized_client/.test(body) ? 'auth/app-misconfigured' : undefined
}

/** Asked after one renewal, so a 401 that stays is a session that is over. */
export function classifyFailure({ status }: Answer): ErrorCode | undefined {
  return status === 401 ? 'auth/sign-in-needed' : undefined
}

export function wordsOf({ body }: Answer): string | null {
  return firstText(readRefusal(body), [['error'], ['message']])
}
