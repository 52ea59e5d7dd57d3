import type { Authorization, Credentials } from '../net/credentials.ts'
import type { Broker } from '../brokers/adapter.ts'
import type { Secret } from '../vault/secret.ts'

/** Credentials that cannot be renewed: an API key pair in the broker's own headers. */
export function keyCredentials(broker: Broker, keyId: Secret, secret: Secret): Credentials {
  const authorization: Authorization = { headers: keyHeaders(broker, keyId, secret), generation: 0 }
  return { authorize: () => Promise.resolve(authorization), renew: () => Promise.resolve(null) }
}

/** The headers of a key pair, by the broker's own names; none where the broker has no such method. */
export function keyHeaders({ methods }: Broker, keyId: Secret, secret: Secret): Readonly<Record<string, string>> {
  const spec = methods.find(({ method }) => method === 'api-key')
  return spec?.headers?.({ 'api-key-id': keyId.reveal(), 'api-key-secret': secret.reveal() }) ?? {}
}

/** Credentials for trying a fresh sign-in before it is saved. */
export function bearerCredentials(access: Secret): Credentials {
  const authorization: Authorization = { headers: { authorization: `Bearer ${access.reveal()}` }, generation: 0 }
  return { authorize: () => Promise.resolve(authorization), renew: () => Promise.resolve(null) }
}
