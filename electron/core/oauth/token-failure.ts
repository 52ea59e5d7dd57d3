import { AppError, type ErrorCode } from '../../../shared/contract/errors.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { isPage as isHtml, isSuccess } from '../net/answer.ts'
import { askedWaitMs } from '../net/retry.ts'
import type { Endpoints, EndpointAnswer } from './token-endpoint.ts'
import { readOAuthError, readRefusalText } from './wire.ts'

/**
 * What a failed answer of the token endpoint means. Only the broker's own table, or `invalid_grant`, says that a session is over;
 * a page from a proxy, 5xx and 429 are passing problems.
 */
export function tokenFailure({ profile, broker }: Endpoints, answer: EndpointAnswer, now: Instant): AppError {
  const known = profile.classifyTokenFailure(answer) ?? pageMeaning(answer) ?? standardMeaning(answer)
  const retryAfterMs = askedWaitMs(answer.headers, Instant.toEpochMs(now))
  return new AppError(known ?? 'broker/unavailable', {
    details: { broker, status: answer.status },
    brokerSays: isPage(answer) ? '' : readRefusalText(answer.body),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(isUnknownRefusal(answer, known) ? { cause: UNKNOWN_REFUSAL } : {}),
  })
}

/** What a proxy or a front door shows is nobody's word on the request. */
function isPage({ body }: EndpointAnswer): boolean {
  return /^\s*</.test(body)
}

/** The cause of a failure that is the endpoint's own refusal in words nobody knows: passing at first, definitive when it stays. */
export const UNKNOWN_REFUSAL = 'unknown refusal'

/** JSON with 4xx; pages, empty answers and time-outs come from whatever stands in front. */
function isUnknownRefusal({ status, body }: EndpointAnswer, known: ErrorCode | undefined): boolean {
  const isOurs = status >= 400 && status < 500 && status !== 408 && status !== 429 && /^\s*\{/.test(body)
  return isOurs && (known === undefined || known === 'broker/refused')
}

/** A page where tokens should be: the broker's front door is talking, and the tokens at hand stay good. */
function pageMeaning(answer: EndpointAnswer): ErrorCode | undefined {
  return isSuccess(answer) && (isPage(answer) || isHtml(answer)) ? 'broker/page' : undefined
}

function standardMeaning({ status, body }: EndpointAnswer): ErrorCode | undefined {
  if (status === 429) return 'broker/rate-limited'
  if (status >= 200 && status < 300) return 'broker/unreadable'
  if (status < 400 || status >= 500) return undefined
  const error = readOAuthError(body)
  if (error === 'invalid_grant') return 'auth/sign-in-needed'
  if (error === 'invalid_client' || error === 'unauthorized_client') return 'auth/app-misconfigured'
  return error === null ? undefined : 'broker/refused'
}
