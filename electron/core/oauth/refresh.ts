import { refreshTokenGrantRequest } from 'oauth4webapi'
import type { Instant } from '../../../shared/domain/time.ts'
import type { Secret } from '../vault/secret.ts'
import { callEndpoint, type Endpoints } from './token-endpoint.ts'
import { tokenFailure } from './token-failure.ts'
import { readGrant, type TokenGrant } from './wire.ts'

export interface RefreshOptions {
  readonly refresh: Secret
  readonly now: () => Instant
  readonly signal: AbortSignal
  /** Stops it as long as the token has not left. */
  readonly untilDeparture?: AbortSignal | undefined
}

/**
 * Presents a refresh token once. A grant without a refresh token means: keep the old one (RFC 6749 section 6).
 * Throws auth/sign-in-needed only on a definitive answer; everything else is a passing problem.
 */
export async function refreshGrant(endpoints: Endpoints, { refresh, now, signal, untilDeparture }: RefreshOptions): Promise<TokenGrant> {
  const answer = await callEndpoint(endpoints, { signal, untilDeparture }, ({ server, client, auth, options }) =>
    refreshTokenGrantRequest(server, client, auth, refresh.reveal(), options),
  )
  const grant = answer.status === 200 ? readGrant(answer.body, now()) : null
  if (!grant) throw tokenFailure(endpoints, answer, now())
  return grant
}
