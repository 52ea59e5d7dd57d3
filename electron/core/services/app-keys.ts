import { AppError } from '../../../shared/contract/errors.ts'
import type { BrokerId, Environment } from '../../../shared/domain/broker.ts'
import type { Broker } from '../brokers/adapter.ts'
import type { Db } from '../db/open.ts'
import type { Log } from '../log/log.ts'
import { deleteSecrets, readSecret, writeSecret } from '../store/secrets.ts'
import { SANDBOX_CLIENTS } from '../sandbox/client-keys.ts'
import { Secret } from '../vault/secret.ts'
import type { SecretScope, Vault } from '../vault/vault.ts'

export interface AppClient {
  readonly id: string
  readonly secret: Secret
}

export interface AppKeys {
  /** The client id and secret to sign in with. Throws auth/app-missing with where to register and the exact redirect address. */
  client(broker: Broker, environment: Environment, redirectUri: string): AppClient
  has(broker: BrokerId, environment: Environment): boolean
  shown(broker: BrokerId): { clientId: string | null; source: 'settings' | 'environment' | 'none' }
  set(broker: BrokerId, clientId: string, clientSecret: Secret): void
  clear(broker: BrokerId): void
}

export interface AppKeysDeps {
  readonly db: Db
  readonly vault: Vault
  readonly env: Readonly<Record<string, string | undefined>>
  readonly log: Log
}

/** The user's own app registrations: from the settings (in the vault), else from `KEELSON_<BROKER>_CLIENT_ID` and `_CLIENT_SECRET`. */
export function createAppKeys({ db, vault, env, log }: AppKeysDeps): AppKeys {
  const reported = new Set<BrokerId>()

  function stored(broker: BrokerId): AppClient | null {
    const owner = ownerOf(broker)
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
      if (!reported.has(broker)) log.warn('app-keys.tampered', { broker })
      reported.add(broker)
      return null
    }
  }

  function fromEnvironment(broker: BrokerId): AppClient | null {
    const name = `KEELSON_${broker.toUpperCase()}`
    const id = env[`${name}_CLIENT_ID`]
    const secret = env[`${name}_CLIENT_SECRET`]
    return id && secret ? { id, secret: Secret.of(secret) } : null
  }

  function find(broker: BrokerId, environment: Environment): AppClient | null {
    if (environment !== 'sandbox') return stored(broker) ?? fromEnvironment(broker)
    const builtIn = { id: SANDBOX_CLIENTS[broker].clientId, secret: Secret.of(SANDBOX_CLIENTS[broker].clientSecret) }
    // A simulator of the user's own may want the user's own client; the built-in one knows only its own.
    return env[`KEELSON_SANDBOX_${broker.toUpperCase()}_URL`] ? (fromEnvironment(broker) ?? builtIn) : builtIn
  }

  return {
    client(broker, environment, redirectUri) {
      const client = find(broker.id, environment)
      if (!client) throw new AppError('auth/app-missing', { details: { broker: broker.name, registerAt: broker.registerAt, redirectUri } })
      return client
    },
    has: (broker, environment) => find(broker, environment) !== null,
    shown(broker) {
      const own = stored(broker)
      const client = own ?? fromEnvironment(broker)
      return { clientId: client?.id ?? null, source: own ? 'settings' : client ? 'environment' : 'none' }
    },
    set(broker, clientId, clientSecret) {
      const owner = ownerOf(broker)
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
    clear(broker) {
      db.writer.tx(w => deleteSecrets(w, ownerOf(broker)))
    },
  }
}

function ownerOf(broker: BrokerId): string {
  return `app:${broker}`
}
