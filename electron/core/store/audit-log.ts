import { z } from 'zod'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { Reader, Row, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { bytes, integer, text, textOrNull } from './cells.ts'

/** One row as stored. `atMicros` is microseconds since 1970; `body` is JSON of `{sentence, facts}`. */
export interface AuditRow {
  /** From 1, without gaps. */
  readonly seq: number
  readonly atMicros: number
  readonly kind: string
  readonly accountId: AccountId | null
  readonly intentId: string | null
  readonly body: string
  readonly mac: Uint8Array
}

/** How far the log reaches: its last row and that row's keyed hash, stamped with a keyed hash of both. Hashes are in hex. */
export interface AuditHead {
  readonly rows: number
  readonly mac: string
  readonly stamp: string
}

const HEAD = 'audit-head'
const HeadRow = z.strictObject({ rows: z.int().min(0), mac: z.string().max(128), stamp: z.string().max(128) })

/** A head out of its JSON; null for anything else. */
export function parseHead(value: string): AuditHead | null {
  try {
    return HeadRow.parse(JSON.parse(value))
  } catch {
    return null
  }
}

export function appendAuditRow(writer: Writer, { seq, atMicros, kind, accountId, intentId, body, mac }: AuditRow): void {
  writer.run(sql`
    INSERT INTO audit_log (seq, at, kind, account_id, intent_id, body, mac) VALUES (${seq}, ${atMicros}, ${kind}, ${accountId}, ${intentId}, ${body}, ${mac})`)
}

/** The newest row; null in an empty log. */
export function lastAuditRow(reader: Reader): AuditRow | null {
  return toRow(reader.get(sql`SELECT * FROM audit_log ORDER BY seq DESC LIMIT 1`))
}

export function auditRowAt(reader: Reader, seq: number): AuditRow | null {
  return toRow(reader.get(sql`SELECT * FROM audit_log WHERE seq = ${seq}`))
}

/** The newest row of one of these kinds. */
export function lastAuditRowOf(reader: Reader, kinds: readonly string[]): AuditRow | null {
  return toRow(reader.get(sql`SELECT * FROM audit_log WHERE kind IN (${sql.list(kinds)}) ORDER BY seq DESC LIMIT 1`))
}

/** The next rows in the order they were written. */
export function auditRowsAfter(reader: Reader, seq: number, limit: number): AuditRow[] {
  return reader.all(sql`SELECT * FROM audit_log WHERE seq > ${seq} ORDER BY seq LIMIT ${limit}`).map(readRow)
}

/** Rows newest first, below `seq` when given. */
export function auditRowsBefore(reader: Reader, seq: number | null, limit: number): AuditRow[] {
  return reader
    .all(sql`SELECT * FROM audit_log WHERE seq < ${seq ?? Number.MAX_SAFE_INTEGER} ORDER BY seq DESC LIMIT ${limit}`)
    .map(readRow)
}

/** The head as the database has it; null when it has none that can be read. */
export function readAuditHead(reader: Reader): AuditHead | null {
  const row = reader.get(sql`SELECT value FROM meta WHERE name = ${HEAD}`)
  return row ? parseHead(text(row, 'value')) : null
}

export function writeAuditHead(writer: Writer, head: AuditHead): void {
  writer.run(sql`
    INSERT INTO meta (name, value) VALUES (${HEAD}, ${JSON.stringify(head)}) ON CONFLICT (name) DO UPDATE SET value = excluded.value`)
}

function toRow(row: Row | undefined): AuditRow | null {
  return row === undefined ? null : readRow(row)
}

function readRow(row: Row): AuditRow {
  return {
    seq: integer(row, 'seq'),
    atMicros: integer(row, 'at'),
    kind: text(row, 'kind'),
    accountId: textOrNull<AccountId>(row, 'account_id'),
    intentId: textOrNull(row, 'intent_id'),
    body: text(row, 'body'),
    mac: bytes(row, 'mac'),
  }
}
