import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { Db, Writer } from '../db/open.ts'
import type { SignedToken } from '../oauth/oauth1/signature.ts'
import { deleteSecrets, readSecret, writeSecret } from '../store/secrets.ts'
import type { Secret } from '../vault/secret.ts'
import type { SecretScope, Vault } from '../vault/vault.ts'
import { type SealedTokens, signedTokenIn } from './sealed.ts'

/** What is needed to end an access at its broker, and no more: a token that signs, or else the refresh token, or else the access token. */
export interface Parting {
  readonly signed: SignedToken | null
  readonly token: Secret | null
}

/** What is kept of a sign-in that was wiped, until its broker has ended it. */
export interface Partings {
  /** Of a connection; null when it has none, or none that can be opened. */
  of(id: ConnectionId): Parting | null
  /** Seals it under an owner of its own; to be called inside the transaction that wipes the connection. Throws vault/locked. */
  keep(w: Writer, owner: string, parting: Parting): void
  /** What was kept. Null when it is gone or can no longer be opened; throws vault/locked. */
  kept(owner: string): Parting | null
  wipe(w: Writer, owner: string): void
}

const VERSION = 1

export function createPartings({ db, vault, sealed }: { readonly db: Db; readonly vault: Vault; readonly sealed: SealedTokens }): Partings {
  function open(owner: string, field: SecretScope['field']): Secret | null {
    const stored = readSecret(db.reader, owner, field)
    return stored && !vault.isLost(stored.sealed.keyId) ? vault.open({ owner, field, version: stored.version }, stored.sealed) : null
  }

  return {
    of(id) {
      try {
        const opened = sealed.open(id, ['refresh', 'access', 'access-secret'])
        const signed = opened && signedTokenIn(opened)
        const token = opened?.secrets.get('refresh') ?? opened?.secrets.get('access') ?? null
        if (signed) return { signed, token: null }
        return token && { signed: null, token }
      } catch {
        return null
      }
    },
    keep(w, owner, { signed, token }) {
      const write = (field: SecretScope['field'], secret: Secret): void => {
        const scope = { owner, field, version: VERSION }
        writeSecret(w, scope, vault.seal(scope, secret))
      }
      if (signed) write('access', signed.key)
      if (signed) write('access-secret', signed.secret)
      if (token) write('refresh', token)
    },
    kept(owner) {
      const [key, secret, token] = [open(owner, 'access'), open(owner, 'access-secret'), open(owner, 'refresh')]
      if (key && secret) return { signed: { key, secret }, token: null }
      return token && { signed: null, token }
    },
    wipe: (w, owner) => deleteSecrets(w, owner),
  }
}
