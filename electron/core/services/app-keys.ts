import { AppError } from '../../../shared/contract/errors.ts'
import type { Environment } from '../../../shared/domain/broker.ts'
import type { Broker } from '../brokers/adapter.ts'
import type { Db } from '../db/open.ts'
import type { Log } from '../log/log.ts'
import { deleteSecrets, readSecret, writeSecret } from '../store/secrets.ts'
import { SANDBOX_CLIENTS } from '../sandbox/client-keys.ts'
import { standsOf, standVariable } from '../sandbox/stands.ts'
import { Secret } from '../vault/secret.ts'
import type { SecretScope, Vault } from '../vault/vault.ts'

export interface AppClient {
  readonly id: string
  readonly secret: Secret
}

export interface AppKeys {
  /** The client id and secret to sign in with. Throws auth/app-missing with where to register and the exact redirect address. */
  client(broker: Broker, environment: Environment, redirectUri: string): AppClient
  has(broker: Broker, environment: Environment): boolean
  /** Those for the live side. */
  shown(broker: Broker): { clientId: string | null; source: 'settings' | 'environment' | 'none' }
  set(broker: Broker, environment: Environment, clientId: string, clientSecret: Secret): void
  clear(broker: Broker, environment: Environment): void
}

export interface AppKeysDeps {
  readonly db: Db
  readonly vault: Vault
  readonly env: Readonly<Record<string, string | undefined>>
  readonly log: Log
}

/**
 * The user's own app registrations: from the settings (in the vault), else from `KEELSON_<BROKER>_CLIENT_ID` and `_CLIENT_SECRET`.
 * A broker with separate keys for its test environment has those apart, as `KEELSON_<BROKER>_PAPER_CLIENT_ID`.
 */
export function createAppKeys({ db, vault, env, log }: AppKeysDeps): AppKeys {
  const reported = new Set<string>()

  function stored(broker: Broker, environment: Environment): AppClient | null {
    const owner = ownerOf(broker, environment)
    const id = readSecret(db.reader, owner, 'client-id')
    const secret = readSecret(db.reader, owner, 'client-secret')
    if (!id || !secret || vault.status().state === 'locked' || vault.isLost(id.sealed.keyId)) return null
    try {
      return {
        id: vault.open({ owner, field: 'client-id', version: id.version }, id.sealed).reveal(),
        secret: vault.open({ owner, field: 'client-secret', version: secret.version }, secret.sealed),
      }
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'vault/tampered') throw error
      // Asked for with every look at the brokers.
      if (!reported.has(owner)) log.warn('app-keys.tampered', { broker: broker.id })
      reported.add(owner)
      return null
    }
  }

  function fromEnvironment({ id: broker, separateAppKeys }: Broker, environment: Environment): AppClient | null {
    const side = separateAppKeys === true && environment === 'paper' ? '_PAPER' : ''
    const name = `KEELSON_${broker.toUpperCase()}${side}`
    const id = env[`${name}_CLIENT_ID`]
    const secret = env[`${name}_CLIENT_SECRET`]
    return id && secret ? { id, secret: Secret.of(secret) } : null
  }

  function find(broker: Broker, environment: Environment): AppClient | null {
    if (environment !== 'sandbox') return stored(broker, environment) ?? fromEnvironment(broker, environment)
    const { clientId, clientSecret } = SANDBOX_CLIENTS[broker.id]
    const builtIn = { id: clientId, secret: Secret.of(clientSecret) }
    // A simulator of the user's own may want the user's own client; the built-in one knows only its own.
    const isOwn = standsOf(broker.id).some(stand => env[standVariable(stand)])
    return isOwn ? (fromEnvironment(broker, 'live') ?? builtIn) : builtIn
  }

  return {
    client(broker, environment, redirectUri) {
      const client = find(broker, environment)
      if (!client) throw missing(broker, redirectUri)
      return client
    },
    has: (broker, environment) => find(broker, environment) !== null,
    shown(broker) {
      const own = stored(broker, 'live')
      const client = own ?? fromEnvironment(broker, 'live')
      return { clientId: client?.id ?? null, source: own ? 'settings' : client ? 'environment' : 'none' }
    },
    set(broker, environment, clientId, clientSecret) {
      const owner = ownerOf(broker, environment)
      const version = (readSecret(db.reader, owner, 'client-id')?.version ?? 0) + 1
      const idScope: SecretScope = { owner, field: 'client-id', version }
      const secretScope: SecretScope = { owner, field: 'client-secret', version }
      const id = vault.seal(idScope, Secret.of(clientId))
      const secret = vault.seal(secretScope, clientSecret)
      db.writer.tx(w => {
        writeSecret(w, idScope, id)
        writeSecret(w, secretScope, secret)
      })
    },
    clear(broker, environment) {
      db.writer.tx(w => deleteSecrets(w, ownerOf(broker, environment)))
    },
  }
}

/** A broker that shows a code to copy has no address to register. */
function missing({ name, registerAt }: Broker, redirectUri: string): AppError {
  if (redirectUri === '') return new AppError('auth/keys-missing', { details: { broker: name, registerAt } })
  return new AppError('auth/app-missing', { details: { broker: name, registerAt, redirectUri } })
}

function ownerOf({ id, separateAppKeys }: Broker, environment: Environment): string {
  return separateAppKeys === true && environment === 'paper' ? `app:${id}:paper` : `app:${id}`
}
