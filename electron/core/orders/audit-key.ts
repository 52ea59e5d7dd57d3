import { createSecretKey, type KeyObject } from 'node:crypto'
import type { Reader, Writer } from '../db/connection.ts'
import type { Random } from '../ports.ts'
import { readSecret, writeSecret } from '../store/secrets.ts'
import { Secret } from '../vault/secret.ts'
import type { Vault } from '../vault/vault.ts'

const OWNER = 'audit'
const FIELD = 'audit-key'
const KEY_BYTES = 32

export interface AuditKey {
  /** The key; `none` where there never was one, `lost` where the vault began again since. Throws vault/locked and vault/tampered. */
  read(reader: Reader): KeyObject | 'none' | 'lost'
  /** A new key in place of any before. It counts once the caller's transaction is committed. */
  make(writer: Writer): KeyObject
}

/** The key of the audit log: random, sealed by the vault like any secret, so a new vault key seals it anew and a lost one takes it along. */
export function createAuditKey({ vault, random }: { readonly vault: Vault; readonly random: Random }): AuditKey {
  return {
    read(reader) {
      const stored = readSecret(reader, OWNER, FIELD)
      if (stored === null) return 'none'
      if (vault.isLost(stored.sealed.keyId)) return 'lost'
      return keyFrom(vault.open({ owner: OWNER, field: FIELD, version: stored.version }, stored.sealed))
    },
    make(writer) {
      const secret = Secret.of(Buffer.from(random.bytes(KEY_BYTES)).toString('base64url'))
      const scope = { owner: OWNER, field: FIELD, version: (readSecret(writer, OWNER, FIELD)?.version ?? 0) + 1 } as const
      writeSecret(writer, scope, vault.seal(scope, secret))
      return keyFrom(secret)
    },
  }
}

function keyFrom(secret: Secret): KeyObject {
  return createSecretKey(Buffer.from(secret.reveal(), 'base64url'))
}
