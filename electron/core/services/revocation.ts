import { AppError } from '../../../shared/contract/errors.ts'
import type { Method } from '../../../shared/domain/broker.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { BrokerAdapter } from '../brokers/adapter.ts'
import type { Admission } from '../entitlements/admission.ts'
import { revokeToken, type Revoked } from '../oauth/revoke.ts'
import type { Tokens } from '../tokens/tokens.ts'
import type { AppKeys } from './app-keys.ts'
import type { BrokerDesk } from './broker-desk.ts'
import { redirectUriOf } from './broker-list.ts'

export interface RevocationDeps {
  readonly tokens: Pick<Tokens, 'revocable' | 'revokeSigned'>
  readonly desk: BrokerDesk
  readonly appKeys: AppKeys
  readonly admission: Pick<Admission, 'missing'>
  readonly adapterFor: (connection: Connection) => BrokerAdapter
}

/** Those whose access the OAuth endpoints end, and files, which have none. */
const WITHOUT_SESSION: ReadonlySet<Method> = new Set(['oauth', 'api-key', 'personal-grant', 'file'])

const PATIENCE_MS = 10_000

/** Ends a sign-in at the broker where that exists; the refresh token first, since its end ends the access too (RFC 7009 section 2.1). */
export function createRevocation({ tokens, desk, appKeys, admission, adapterFor }: RevocationDeps) {
  async function endSession(connection: Connection, signal: AbortSignal): Promise<void> {
    try {
      await adapterFor(connection).revoke?.({ signal })
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause
    }
  }

  return async function revoke(connection: Connection, signal: AbortSignal): Promise<Revoked> {
    const { id, broker, environment, method } = connection
    const definition = desk.broker(broker)
    const isCalled = admission.missing(broker) === ''
    const soon = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)])
    // A program of the user's own has a session to end at most; whether it did changes nothing here.
    if (isCalled && !WITHOUT_SESSION.has(method)) await endSession(connection, soon)
    if (method !== 'oauth' || !definition.can.revoke) return 'not-offered'
    // A broker this edition leaves out is not called; the tokens are wiped all the same.
    if (!isCalled) return 'no'
    const signed = tokens.revokeSigned(connection, { signal: soon })
    if (signed) return signed
    const profile = desk.profile(broker, environment).oauth
    const token = tokens.revocable(id)
    if (!profile || !token) return 'no'
    const client = appKeys.client(definition, environment, redirectUriOf(definition, environment))
    const endpoints = { http: desk.http(broker, environment), profile, client, broker: definition.name }
    return revokeToken(endpoints, token, { signal: soon })
  }
}
