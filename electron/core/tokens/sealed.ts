import { AppError } from '../../../shared/contract/errors.ts'
import type { TokenLife } from '../../../shared/domain/connection.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { Db, Writer } from '../db/open.ts'
import type { Log } from '../log/log.ts'
import type { SignedToken } from '../oauth/oauth1/signature.ts'
import { deleteSecrets, readSecret, writeSecret } from '../store/secrets.ts'
import { readToken, type StoredToken, writeToken } from '../store/tokens.ts'
import type { Secret } from '../vault/secret.ts'
import type { SecretScope, Vault } from '../vault/vault.ts'

type Field = SecretScope['field']

export interface Opened extends StoredToken {
  readonly secrets: ReadonlyMap<Field, Secret>
}

/** The sealed tokens of connections. Each secret's version is the generation, so an older row put back does not open. */
export interface SealedTokens {
  /** Opens the asked fields that exist, all of one generation; null when the connection has no tokens. Throws vault/locked, vault/tampered. */
  open(id: ConnectionId, fields: readonly Field[]): Opened | null
  /** Replaces everything the connection had; to be called inside a transaction. */
  write(w: Writer, id: ConnectionId, generation: number, life: TokenLife, secrets: Readonly<Partial<Record<Field, Secret>>>): void
}

/** The token that signs, where the connection has one. */
export function signedTokenIn({ secrets }: Pick<Opened, 'secrets'>): SignedToken | null {
  const [key, secret] = [secrets.get('access'), secrets.get('access-secret')]
  return key && secret ? { key, secret } : null
}

const READS = 5

export function createSealedTokens({ db, vault, log }: { readonly db: Db; readonly vault: Vault; readonly log: Log }): SealedTokens {
  function openOne(id: ConnectionId, field: Field, generation: number): Secret | null | 'moved' {
    const stored = readSecret(db.reader, id, field)
    if (!stored) return null
    if (stored.version !== generation) return 'moved'
    const secret = vault.open({ owner: id, field, version: generation }, stored.sealed)
    log.guard(secret)
    return secret
  }

  function openAll(id: ConnectionId, token: StoredToken, fields: readonly Field[]): Opened | null {
    const secrets = new Map<Field, Secret>()
    for (const field of fields) {
      const secret = openOne(id, field, token.generation)
      if (secret === 'moved') return null
      if (secret) secrets.set(field, secret)
    }
    return { ...token, secrets }
  }

  return {
    open(id, fields) {
      // Another process may commit between the reads; a version that stays wrong was put back by someone.
      for (let read = 0; read < READS; read += 1) {
        const token = readToken(db.reader, id)
        if (!token) return null
        const opened = openAll(id, token, fields)
        if (opened) return opened
      }
      throw new AppError('vault/tampered')
    },
    write(w, id, generation, life, secrets) {
      const fields: readonly Field[] = ['access', 'access-secret', 'refresh', 'api-key-id', 'api-key-secret']
      deleteSecrets(w, id)
      for (const field of fields) {
        const secret = secrets[field]
        if (!secret) continue
        log.guard(secret)
        const scope: SecretScope = { owner: id, field, version: generation }
        writeSecret(w, scope, vault.seal(scope, secret))
      }
      writeToken(w, id, { generation, life })
    },
  }
}
