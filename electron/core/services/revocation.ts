import { AppError } from '../../../shared/contract/errors.ts'
import type { Method } from '../../../shared/domain/broker.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { BrokerAdapter } from '../brokers/adapter.ts'
import type { Admission } from '../entitlements/admission.ts'
import { revokeToken } from '../oauth/revoke.ts'
import type { Parting } from '../tokens/parting.ts'
import type { Tokens } from '../tokens/tokens.ts'
import type { AppKeys } from './app-keys.ts'
import type { BrokerDesk } from './broker-desk.ts'
import { redirectUriOf } from './broker-list.ts'

export interface RevocationDeps {
  readonly tokens: Pick<Tokens, 'revokeParting'>
  readonly desk: BrokerDesk
  readonly appKeys: AppKeys
  readonly admission: Pick<Admission, 'missing'>
  readonly adapterFor: (connection: Connection) => BrokerAdapter
}

interface Stop {
  readonly signal: AbortSignal
}

/** Ending access at brokers. */
export interface Revocation {
  /** False where the broker takes no word from apps about it. */
  isOffered(connection: Pick<Connection, 'broker' | 'method'>): boolean
  /** Ends the session of a program of the user's own, where there is one. Never rejects for the program's sake. */
  endSession(connection: Connection, options: Stop): Promise<void>
  /** Asks the broker, with what was kept of the sign-in. Null when the access is over, else why it may not be. */
  ask(of: Pick<Connection, 'broker' | 'environment'>, parting: Parting, options: Stop): Promise<AppError | null>
}

/** Those whose access the OAuth endpoints end, and files, which have none. */
const WITHOUT_SESSION: ReadonlySet<Method> = new Set(['oauth', 'api-key', 'personal-grant', 'file'])

const PATIENCE_MS = 10_000

export function createRevocation({ tokens, desk, appKeys, admission, adapterFor }: RevocationDeps): Revocation {
  return {
    isOffered: ({ broker, method }) => method === 'oauth' && desk.broker(broker).can.revoke,
    async endSession(connection, { signal }) {
      if (WITHOUT_SESSION.has(connection.method) || admission.missing(connection.broker) !== '') return
      try {
        await adapterFor(connection).revoke?.({ signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]) })
      } catch (cause) {
        if (!(cause instanceof AppError)) throw cause
      }
    },
    async ask(of, { signed, token }, { signal }) {
      const soon = { signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]) }
      const broker = desk.broker(of.broker)
      try {
        // A broker this edition leaves out is not called.
        const reason = admission.missing(of.broker)
        if (reason !== '') return new AppError('auth/not-licensed', { details: { broker: broker.name, reason } })
        const failed = new AppError('broker/unavailable', { details: { broker: broker.name } })
        if (signed) return (await tokens.revokeParting(of, signed, soon)) === 'no' ? failed : null
        const profile = desk.profile(of.broker, of.environment).oauth
        if (!profile || !token) return null
        const client = appKeys.client(broker, of.environment, redirectUriOf(broker, of.environment))
        const endpoints = { http: desk.http(of.broker, of.environment), profile, client, broker: broker.name }
        return (await revokeToken(endpoints, token, soon)) === 'no' ? failed : null
      } catch (cause) {
        return cause instanceof AppError ? cause : new AppError('app/internal', { cause })
      }
    },
  }
}
