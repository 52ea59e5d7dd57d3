import { z } from 'zod'
import { Instant } from '../../../shared/domain/time.ts'
import type { Reader, Writer } from '../db/open.ts'
import { sql } from '../db/sql.ts'
import { text } from './cells.ts'

/** The app lock as set: its passphrase's scrypt hash with its salt, and when it closes by itself. */
export interface StoredLock {
  readonly salt: Uint8Array
  readonly hash: Uint8Array
  readonly idleMinutes: number | null
}

/** Wrong passphrases in a row, and when the next one is taken. */
export interface LockTries {
  readonly wrong: number
  readonly waitUntil: Instant | null
}

const LOCK = 'app-lock'
const TRIES = 'app-lock.tries'
const hex = z.string().regex(/^(?:[0-9a-f]{2})+$/)
const LockRow = z.object({ salt: hex, hash: hex, idleMinutes: z.int().nullable() })
const TriesRow = z.object({ wrong: z.int(), waitUntil: z.string().nullable() })

/** The lock; null when none is set. */
export function readAppLock(reader: Reader): StoredLock | null {
  const value = readValue(reader, LOCK)
  if (value === null) return null
  const { salt, hash, idleMinutes } = LockRow.parse(JSON.parse(value))
  return { salt: Buffer.from(salt, 'hex'), hash: Buffer.from(hash, 'hex'), idleMinutes }
}

export function readLockTries(reader: Reader): LockTries {
  const value = readValue(reader, TRIES)
  if (value === null) return { wrong: 0, waitUntil: null }
  const { wrong, waitUntil } = TriesRow.parse(JSON.parse(value))
  return { wrong, waitUntil: waitUntil === null ? null : Instant.parse(waitUntil) }
}

/** Saves the lock in place of the one before. */
export function writeAppLock(writer: Writer, { salt, hash, idleMinutes }: StoredLock): void {
  const asHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
  writeValue(writer, LOCK, JSON.stringify({ salt: asHex(salt), hash: asHex(hash), idleMinutes }))
}

export function writeLockTries(writer: Writer, tries: LockTries): void {
  writeValue(writer, TRIES, JSON.stringify(tries))
}

export function deleteLockTries(writer: Writer): void {
  writer.run(sql`DELETE FROM meta WHERE name = ${TRIES}`)
}

/** Takes the lock off, with what is known of wrong tries. */
export function deleteAppLock(writer: Writer): void {
  writer.run(sql`DELETE FROM meta WHERE name IN (${LOCK}, ${TRIES})`)
}

function readValue(reader: Reader, name: string): string | null {
  const row = reader.get(sql`SELECT value FROM meta WHERE name = ${name}`)
  return row ? text(row, 'value') : null
}

function writeValue(writer: Writer, name: string, value: string): void {
  writer.run(sql`INSERT INTO meta (name, value) VALUES (${name}, ${value}) ON CONFLICT (name) DO UPDATE SET value = excluded.value`)
}
