import { z } from 'zod'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { Reader, Row, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'

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
  /**
   * Set where a cell is none of ours, as in a table somebody made anew: all cells as text, each with its kind. The fields then hold what could
   * be read, and else nothing.
   */
  readonly damage?: string
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

/** More than any log gets to. */
const MOST = 1_000_000_000_000
const MAC_BYTES = 32
const NUMBERED = sql`seq BETWEEN 1 AND ${MOST}`

/** The newest row; null in an empty log. */
export function lastAuditRow(reader: Reader): AuditRow | null {
  return toRow(reader.get(sql`SELECT * FROM audit_log WHERE ${NUMBERED} ORDER BY seq DESC LIMIT 1`))
}

export function auditRowAt(reader: Reader, seq: number): AuditRow | null {
  return toRow(reader.get(sql`SELECT * FROM audit_log WHERE seq = ${seq}`))
}

/** The newest row of one of these kinds. */
export function lastAuditRowOf(reader: Reader, kinds: readonly string[]): AuditRow | null {
  return toRow(reader.get(sql`SELECT * FROM audit_log WHERE kind IN (${sql.list(kinds)}) AND ${NUMBERED} ORDER BY seq DESC LIMIT 1`))
}

/** Rows that are in no place of the log, because their number is none; always in the same order. Their own number is told as 0. */
export function strayAuditRows(reader: Reader): AuditRow[] {
  return reader
    .all(sql`SELECT * FROM audit_log WHERE seq < 1 OR seq > ${MOST} OR seq IS NULL`)
    .map(row => ({ ...readRow(row), seq: 0, damage: cellsOf(row) }))
    .toSorted((a, b) => (a.damage < b.damage ? -1 : 1))
}

/** The next rows in the order they were written; `seq` is 0 or more. One bound a side: of two SQLite may take the wider, and read all before. */
export function auditRowsAfter(reader: Reader, seq: number, limit: number): AuditRow[] {
  return reader.all(sql`SELECT * FROM audit_log WHERE seq > ${seq} AND seq <= ${MOST} ORDER BY seq LIMIT ${limit}`).map(readRow)
}

/** Rows newest first, below `seq` when given. */
export function auditRowsBefore(reader: Reader, seq: number | null, limit: number): AuditRow[] {
  return reader.all(sql`SELECT * FROM audit_log WHERE seq < ${seq ?? MOST + 1} AND seq >= 1 ORDER BY seq DESC LIMIT ${limit}`).map(readRow)
}

/** The head as the database has it; null when it has none that can be read. */
export function readAuditHead(reader: Reader): AuditHead | null {
  const value = reader.get(sql`SELECT value FROM meta WHERE name = ${HEAD}`)?.['value']
  return typeof value === 'string' ? parseHead(value) : null
}

export function writeAuditHead(writer: Writer, head: AuditHead): void {
  writer.run(sql`
    INSERT INTO meta (name, value) VALUES (${HEAD}, ${JSON.stringify(head)}) ON CONFLICT (name) DO UPDATE SET value = excluded.value`)
}

function toRow(row: Row | undefined): AuditRow | null {
  return row === undefined ? null : readRow(row)
}

/** Any row is read: one of ours as it was written, any other as far as it goes, with its damage. */
function readRow(row: Row): AuditRow {
  const { seq, at, kind, account_id: accountId, intent_id: intentId, body, mac } = row
  const read = {
    seq: typeof seq === 'number' ? seq : 0,
    atMicros: typeof at === 'number' && Number.isSafeInteger(at) ? at : 0,
    kind: typeof kind === 'string' ? kind : 'log.unreadable',
    accountId: typeof accountId === 'string' ? (accountId as AccountId) : null,
    intentId: typeof intentId === 'string' ? intentId : null,
    body: typeof body === 'string' ? body : '',
    mac: mac instanceof Uint8Array && mac.length === MAC_BYTES ? mac : new Uint8Array(),
  }
  const isOurs =
    Number.isSafeInteger(seq) &&
    read.atMicros === at &&
    read.kind === kind &&
    read.accountId === accountId &&
    read.intentId === intentId &&
    read.body === body &&
    read.mac === mac
  return isOurs ? read : { ...read, damage: cellsOf(row) }
}

function cellsOf(row: Row): string {
  return JSON.stringify(
    Object.entries(row).map(([name, value]) =>
      value instanceof Uint8Array ? [name, 'bytes', Buffer.from(value).toString('hex')] : [name, typeof value, String(value)],
    ),
  )
}
