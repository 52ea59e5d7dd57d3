import type { Instant } from '../../../shared/domain/time.ts'
import type { Reader, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { bytes, instant, instantOrNull, micros, text } from './cells.ts'

/** A data key as stored: wrapped by the host's box, or null when it only ever lived in memory or was destroyed. */
export interface DataKey {
  readonly keyId: string
  readonly wrapped: Uint8Array | null
  readonly checkValue: Uint8Array
  readonly protection: string
  readonly backend: string
  readonly createdAt: Instant
  readonly retiredAt: Instant | null
}

/** Every data key, oldest first. */
export function listDataKeys(reader: Reader): DataKey[] {
  return reader.all(sql`SELECT * FROM data_keys ORDER BY created_at, rowid`).map(row => ({
    keyId: text(row, 'key_id'),
    wrapped: row['wrapped'] === null ? null : bytes(row, 'wrapped'),
    checkValue: bytes(row, 'check_value'),
    protection: text(row, 'protection'),
    backend: text(row, 'backend'),
    createdAt: instant(row, 'created_at'),
    retiredAt: instantOrNull(row, 'retired_at'),
  }))
}

export function insertDataKey(writer: Writer, key: DataKey): void {
  writer.run(sql`
    INSERT INTO data_keys (key_id, wrapped, check_value, protection, backend, created_at)
    VALUES (${key.keyId}, ${key.wrapped}, ${key.checkValue}, ${key.protection}, ${key.backend}, ${micros(key.createdAt)})`)
}

export interface Rewrapped {
  readonly keyId: string
  /** The wrapping it takes the place of; a key that has another one by now is left alone. */
  readonly old: Uint8Array
  readonly wrapped: Uint8Array
  readonly protection: string
  readonly backend: string
}

/** Puts a new wrapping of the same key in place of the old one. */
export function rewrapDataKey(writer: Writer, { keyId, old, wrapped, protection, backend }: Rewrapped): void {
  writer.run(sql`
    UPDATE data_keys SET wrapped = ${wrapped}, protection = ${protection}, backend = ${backend} WHERE key_id = ${keyId} AND wrapped = ${old}`)
}

/** Ends a key's use and destroys its wrapped form. */
export function retireDataKey(writer: Writer, keyId: string, at: Instant): void {
  writer.run(sql`UPDATE data_keys SET retired_at = ${micros(at)}, wrapped = NULL WHERE key_id = ${keyId}`)
}

/** Ends the keys of earlier runs that kept them in memory only. */
export function retireMemoryKeys(writer: Writer, at: Instant): void {
  writer.run(sql`UPDATE data_keys SET retired_at = ${micros(at)} WHERE wrapped IS NULL AND retired_at IS NULL`)
}
