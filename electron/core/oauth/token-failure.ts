import { AppError, type ErrorCode } from '../../../shared/contract/errors.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { askedWaitMs } from '../net/retry.ts'
import type { Endpoints, EndpointAnswer } from './token-endpoint.ts'
import { readOAuthError } from './wire.ts'

/**
 * What a failed answer of the token endpoint means. Only the broker's own table, or `invalid_grant`, says that a session is over;
 * a page from a proxy, 5xx and 429 are passing problems.
 */
export function tokenFailure({ profile, broker }: Endpoints, answer: EndpointAnswer, now: Instant): AppError {
  const code = profile.classifyTokenFailure(answer) ?? standardMeaning(answer) ?? 'broker/unavailable'
  const retryAfterMs = askedWaitMs(answer.headers, Instant.toEpochMs(now))
  return new AppError(code, { details: { broker, status: answer.status }, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) })
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
