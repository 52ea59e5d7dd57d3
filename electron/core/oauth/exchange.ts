import { authorizationCodeGrantRequest, nopkce, validateAuthResponse } from 'oauth4webapi'
import { AppError } from '../../../shared/contract/errors.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { Secret } from '../vault/secret.ts'
import type { Attempt } from './authorize.ts'
import { callEndpoint, type EndpointAnswer, type Endpoints } from './token-endpoint.ts'
import { tokenFailure } from './token-failure.ts'
import { readGrant, readRefusalText, type TokenGrant } from './wire.ts'

export interface ExchangeOptions {
  readonly code: Secret
  readonly attempt: Attempt
  readonly redirectUri: string
  readonly now: () => Instant
  readonly signal: AbortSignal
}

/**
 * Trades a sign-in code for tokens. The code is sent once, never again.
 * Throws auth/bad-code, auth/app-misconfigured, broker/... and net/... .
 */
export async function exchangeCode(
  endpoints: Endpoints,
  { code, attempt, redirectUri, now, signal }: ExchangeOptions,
): Promise<TokenGrant> {
  const answer = await callEndpoint(endpoints, { signal }, ({ server, client, auth, options }) => {
    const params = validateAuthResponse(server, client, new URLSearchParams({ code: code.reveal(), state: attempt.state }), attempt.state)
    const additionalParameters = { ...endpoints.profile.exchangeExtra }
    return authorizationCodeGrantRequest(server, client, auth, params, redirectUri, attempt.verifier ?? nopkce, {
      ...options,
      additionalParameters,
    })
  })
  const grant = answer.status === 200 ? readGrant(answer.body, now()) : null
  if (grant) return grant
  const failure = tokenFailure(endpoints, answer, now())
  throw isBadCode(failure, answer) ? new AppError('auth/bad-code', { details: failure.details, cause: failure, brokerSays: failure.brokerSays }) : failure
}

/** Here a refusal is about the code, unless it names the app. A page from a proxy is nobody's refusal. */
function isBadCode({ code }: AppError, { status, body }: EndpointAnswer): boolean {
  if (code === 'auth/sign-in-needed' || code === 'broker/refused') return true
  // Alpaca answers 422 for a wrong code as for a wrong redirect address; its sentence tells them apart.
  if (code === 'auth/app-misconfigured') return /\bcode\b/i.test(readRefusalText(body))
  return code === 'broker/unavailable' && status >= 400 && status < 500 && status !== 408 && !/^\s*</.test(body)
}
