import type { ErrorCode } from '../../../../shared/contract/errors.ts'
import type { OAuthProfile } from '../../oauth/profile.ts'
import { firstText, readRefusal } from '../refusal-words.ts'

/** Schwab takes https on 127.0.0.1 only, and the address must equal the registered one to the letter. */
const REDIRECT_PORT = 8182

interface Answer {
  readonly status: number
  readonly body: string
}

/**
 * Schwab's code flow. The refresh token dies seven days after the sign-in; refreshing does not extend it, and a new sign-in ends
 * the one before. PKCE is not documented and does no harm: it is sent beside the client secret.
 */
export function oauthProfile(port: number | null = REDIRECT_PORT): OAuthProfile {
  return {
    authorizeUrl: 'https://api.schwabapi.com/v1/oauth/authorize',
    tokenUrl: 'https://api.schwabapi.com/v1/oauth/token',
    revokeUrl: null,
    clientAuth: 'basic',
    pkce: true,
    redirect: { scheme: 'https', port, path: '/callback/schwab' },
    extra: {},
    classifyTokenFailure,
  }
}

const DEAD_REFRESH_TOKEN = /unsupported_token_type|refresh_token_authentication_error|invalid_grant|refresh token invalid/
const WRONG_APP = /invalid_client|unauthorized_client|Client not authorized/

/** The words are matched anywhere: Schwab nests one error's JSON as text inside another's. HTML is its front door, not an answer. */
export function classifyTokenFailure({ status, body }: Answer): ErrorCode | undefined {
  if (status < 400 || status >= 500 || isHtml(body)) return undefined
  if (DEAD_REFRESH_TOKEN.test(body)) return 'auth/sign-in-needed'
  return WRONG_APP.test(body) || status === 401 ? 'auth/app-misconfigured' : undefined
}

/**
 * Asked after one renewal: a 401 that stays is an app without the right product ("Client not authorized"), or a session that is
 * over. `TooBigBody` means the answer does not fit through Schwab's gateway.
 */
export function classifyFailure({ status, body }: Answer): ErrorCode | undefined {
  if (body.includes('TooBigBody')) return 'net/too-large'
  if (status !== 401) return undefined
  return WRONG_APP.test(body) ? 'auth/app-misconfigured' : 'auth/sign-in-needed'
}

/** The trader API says `message`, market data and the gateway say `errors[].detail` or `title`. */
export function wordsOf({ body }: Answer): string | null {
  return firstText(readRefusal(body), [['message'], ['errors', '0', 'detail'], ['errors', '0', 'title'], ['errors', '0']])
}

function isHtml(body: string): boolean {
  return /^\s*</.test(body)
}
