import { AppError, type ErrorCode } from '../../../../shared/contract/errors.ts'
import { Instant } from '../../../../shared/domain/time.ts'
import { isPage } from '../../net/answer.ts'
import { meaningOf, type OAuthProblem, readOAuthProblem } from '../../net/oauth-problem.ts'
import { askedWaitMs } from '../../net/retry.ts'
import type { Clock, Random } from '../../ports.ts'
import type { OAuth1Profile } from '../profile.ts'
import type { EndpointAnswer, OAuthClient, OAuthHttp } from '../token-endpoint.ts'
import { authorizationHeader, type SignatureParts, type SignedRequest, type SignedToken } from './signature.ts'
import type { Timestamps } from './timestamps.ts'

/** Whose OAuth 1.0a endpoints are called. */
export interface OAuth1Endpoints {
  readonly http: OAuthHttp
  readonly profile: OAuth1Profile
  readonly client: OAuthClient
  /** The broker's name, for sentences. */
  readonly broker: string
}

/** What makes a signature this moment's own. */
export interface Signing {
  readonly clock: Pick<Clock, 'now'>
  readonly random: Pick<Random, 'bytes'>
  readonly timestamps: Timestamps
}

export interface SignedCall {
  readonly url: string
  readonly token?: SignedToken
  readonly extra?: SignatureParts['extra']
  readonly signal: AbortSignal
}

const NONCE_BYTES = 16

/** A header that proves who asks, good for one try. */
export function signedHeaders(
  { random, timestamps }: Signing,
  consumer: OAuthClient,
  request: SignedRequest,
  parts: Pick<SignatureParts, 'token' | 'extra'> = {},
): { readonly authorization: string } {
  const nonce = Buffer.from(random.bytes(NONCE_BYTES)).toString('hex')
  return { authorization: authorizationHeader(request, { consumer, nonce, timestamp: timestamps.seconds(), ...parts }) }
}

/** Sets the clock right where a server says what it takes. True when the same request, signed anew, may be taken. */
export function mayRepeat({ word, window }: OAuthProblem, timestamps: Timestamps): boolean {
  if (word === 'timestamp_refused' && window) timestamps.follow(window)
  // The refusal's own `Date` may have told how wrong the clock is.
  return word === 'nonce_used' || (word === 'timestamp_refused' && (window !== null || timestamps.hasMoved()))
}

/** Asks one of the broker's OAuth endpoints. Only a refused signature is repeated, once, with the time or number corrected. */
export async function callSigned({ http, client }: OAuth1Endpoints, signing: Signing, call: SignedCall): Promise<EndpointAnswer> {
  const { url, signal, token, extra } = call
  const ask = (): Promise<EndpointAnswer> => {
    const headers = { accept: '*/*', ...signedHeaders(signing, client, { method: 'GET', url }, { token, extra }) }
    return http.request({ method: 'GET', url, headers, idempotent: false, signal })
  }
  const answer = await ask()
  const problem = answer.status < 400 ? null : readOAuthProblem(answer)
  return problem && mayRepeat(problem, signing.timestamps) ? ask() : answer
}

/** What a failed answer means: the broker's own table, then the problem it names. Anything else passes by itself. */
export function signedFailure({ profile, broker }: OAuth1Endpoints, answer: EndpointAnswer, now: Instant): AppError {
  const problem = answer.status < 400 ? null : readOAuthProblem(answer)
  const named = problem === null ? undefined : (meaningOf(problem) ?? 'broker/refused')
  const code = profile.classifyTokenFailure(answer) ?? named ?? unnamed(answer)
  const retryAfterMs = askedWaitMs(answer.headers, Instant.toEpochMs(now))
  return new AppError(code, { details: { broker, status: answer.status }, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) })
}

/** An answer that names no problem: a page instead of tokens, something else instead of tokens, or trouble on the broker's side. */
function unnamed(answer: EndpointAnswer): ErrorCode {
  if (answer.status >= 300) return 'broker/unavailable'
  return isPage(answer) ? 'broker/page' : 'broker/unreadable'
}
