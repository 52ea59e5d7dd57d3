import { revocationRequest } from 'oauth4webapi'
import { abortError } from '../net/wait.ts'
import type { Secret } from '../vault/secret.ts'
import { callEndpoint, type Endpoints } from './token-endpoint.ts'

export type Revoked = 'yes' | 'no' | 'not-offered'

/**
 * Asks the broker to end this app's access (RFC 7009). `no` means the broker could not be asked or did not confirm,
 * so the grant may live on there. Rejects with app/canceled when the signal stops it; running out of time is a `no`.
 */
export async function revokeToken(endpoints: Endpoints, token: Secret, { signal }: { readonly signal: AbortSignal }): Promise<Revoked> {
  if (endpoints.profile.revokeUrl === null) return 'not-offered'
  try {
    const { status } = await callEndpoint(endpoints, { signal }, ({ server, client, auth, options }) =>
      revocationRequest(server, client, auth, token.reveal(), options),
    )
    return status === 200 ? 'yes' : 'no'
  } catch {
    const stopped = signal.aborted ? abortError(signal, endpoints.broker) : null
    if (stopped?.code === 'app/canceled') throw stopped
    return 'no'
  }
}
