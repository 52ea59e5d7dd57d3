import type { Reader, Row, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import type { SealedField, SecretScope } from '../vault/vault.ts'
import { bytes, integer, text } from './cells.ts'

export interface StoredSecret {
  readonly version: number
  readonly sealed: SealedField
}

/** A sealed secret as stored; null when there is none. */
export function readSecret(reader: Reader, owner: string, field: SecretScope['field']): StoredSecret | null {
  const row = reader.get(sql`SELECT version, key_id, iv, tag, ciphertext FROM secrets WHERE owner = ${owner} AND field = ${field}`)
  return row ? { version: integer(row, 'version'), sealed: toSealed(row) } : null
}

/** Every sealed secret with its place, for sealing anew. */
export function listSecrets(reader: Reader): { readonly scope: SecretScope; readonly sealed: SealedField }[] {
  return reader.all(sql`SELECT owner, field, version, key_id, iv, tag, ciphertext FROM secrets ORDER BY owner, field`).map(row => ({
    scope: { owner: text(row, 'owner'), field: text<SecretScope['field']>(row, 'field'), version: integer(row, 'version') },
    sealed: toSealed(row),
  }))
}

/** Saves a sealed secret in place of the one before. */
export function writeSecret(writer: Writer, scope: SecretScope, sealed: SealedField): void {
  writer.run(sql`
    INSERT INTO secrets (owner, field, version, key_id, iv, tag, ciphertext)
    VALUES (${scope.owner}, ${scope.field}, ${scope.version}, ${sealed.keyId}, ${sealed.iv}, ${sealed.tag}, ${sealed.ciphertext})
    ON CONFLICT (owner, field) DO UPDATE SET version = excluded.version, key_id = excluded.key_id, iv = excluded.iv, tag = excluded.tag,
      ciphertext = excluded.ciphertext`)
}

/** Wipes every secret of an owner (a connection id, or `app:<broker>`). */
export function deleteSecrets(writer: Writer, owner: string): void {
  writer.run(sql`DELETE FROM secrets WHERE owner = ${owner}`)
}

function toSealed(row: Row): SealedField {
  return { keyId: text(row, 'key_id'), iv: bytes(row, 'iv'), tag: bytes(row, 'tag'), ciphertext: bytes(row, 'ciphertext') }
}
