import type { ErrorCode } from '../../../../shared/contract/errors.ts'
import type { OAuth1Profile } from '../../oauth/profile.ts'
import { firstText, readRefusal } from '../refusal-words.ts'

interface Answer {
  readonly status: number
  readonly body: string
}

/**
 * E*TRADE's sign-in: OAuth 1.0a with a code to copy. Live and test data share these addresses and differ in their keys. Source:
 * developer.etrade.com, "Authorization".
 */
export const oauth1Profile: OAuth1Profile = {
  requestTokenUrl: 'https://api.etrade.com/oauth/request_token',
  authorizeUrl: 'https://us.etrade.com/e/t/etws/authorize',
  accessTokenUrl: 'https://api.etrade.com/oauth/access_token',
  renewUrl: 'https://api.etrade.com/oauth/renew_access_token',
  revokeUrl: 'https://api.etrade.com/oauth/revoke_access_token',
  classifyTokenFailure,
}

const WRONG_APP = /consumer_key_(?:rejected|unknown|refused)|signature_invalid|signature_method_rejected/
const SESSION_OVER = /token_(?:rejected|expired|revoked|used)|permission_(?:denied|unknown)|verifier_invalid/
const WRONG_CLOCK = /timestamp_refused/
const BUSY = /exceeded the rate limit|rate limit (?:set|exceeded)/i

/** `oauth_problem` says what is wrong with a token, a key, a signature or the clock. */
export function classifyTokenFailure({ status, body }: Answer): ErrorCode | undefined {
  if (status < 400 || status >= 500) return undefined
  if (WRONG_APP.test(body)) return 'auth/app-misconfigured'
  if (WRONG_CLOCK.test(body)) return 'auth/clock-off'
  return SESSION_OVER.test(body) ? 'auth/sign-in-needed' : undefined
}

/**
 * Asked after one renewal, so a token that is still expired is one of another day. Error 100 is a passing problem whatever the
 * status; a number used once that was seen before is one too.
 */
export function classifyFailure({ status, body }: Answer): ErrorCode | undefined {
  if (errorCode(body) === '100' || /nonce_used/.test(body)) return 'broker/unavailable'
  if (status === 400 && BUSY.test(body)) return 'broker/rate-limited'
  return classifyTokenFailure({ status, body })
}

/** E*TRADE's own sentence, from JSON or from XML. */
export function wordsOf({ body }: Answer): string | null {
  const said = firstText(readRefusal(body), [['Error', 'message'], ['error', 'message'], ['message']])
  return said ?? /<message>([^<]{1,500})<\/message>/i.exec(body)?.[1]?.trim() ?? null
}

function errorCode(body: string): string | undefined {
  return (/<code>\s*(\d+)\s*<\/code>/i.exec(body) ?? /"code"\s*:\s*"?(\d+)/.exec(body))?.[1]
}
