import type { BrokerId, Environment } from '../../../shared/domain/broker.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { EXCHANGE_ZONE, Instant, LocalDate, startOfDay } from '../../../shared/domain/time.ts'
import type { Reader, Row, Writer } from '../db/connection.ts'
import { sql, type Sql } from '../db/sql.ts'
import type { Told } from '../ledger/fingerprint.ts'
import type { ActivityFacts, ActivityKind, Side } from '../../../shared/domain/activity.ts'
import type { Dec } from '../../../shared/domain/decimal.ts'
import { removeActivities } from './activities-remove.ts'
import { instant, instantOrNull, integer, micros, text, textOrNull } from './cells.ts'

/** A file that was imported. */
export interface StoredImport {
  readonly id: string
  readonly accountId: AccountId
  readonly broker: BrokerId
  readonly format: string
  readonly fileName: string
  /** SHA-256 of its text. */
  readonly fileHash: string
  readonly createdAt: Instant
  readonly undoneAt: Instant | null
  /** Rows in the file and rows it added. */
  readonly rows: number
  readonly added: number
  /** Whether taking it back would change anything: it added rows, or is the last to hold some. */
  readonly undoable: boolean
  /** Counts by verdict and notes, as JSON text. */
  readonly report: string
}

/** What an account has on a day, for comparing. */
export interface ComparableRow extends Told {
  readonly id: number
  readonly externalId: string
  readonly status: ActivityFacts['status']
  /** The format of the import a row came with; null for a row the broker sent. */
  readonly source: string | null
}

const IMPORTS = sql`
  SELECT i.*, i.undone_at IS NULL AND (i.added > 0 OR EXISTS (
    SELECT 1 FROM import_rows r JOIN activities a ON a.id = r.activity_id WHERE r.import_id = i.id AND a.import_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM import_rows o WHERE o.activity_id = r.activity_id AND o.import_id <> i.id)
  )) AS undoable FROM imports i`

/** Imports, newest first; undone ones too. */
export function listImports(reader: Reader): StoredImport[] {
  return reader.all(sql`${IMPORTS} ORDER BY i.created_at DESC, i.id`).map(toImport)
}

export function getImport(reader: Reader, id: string): StoredImport | null {
  const row = reader.get(sql`${IMPORTS} WHERE i.id = ${id}`)
  return row ? toImport(row) : null
}

export function insertImport(
  writer: Writer,
  { id, accountId, broker, format, fileName, fileHash, createdAt, rows, added, report }: Omit<StoredImport, 'undoneAt' | 'undoable'>,
): void {
  writer.run(sql`
    INSERT INTO imports (id, account_id, broker, format, file_name, file_hash, created_at, rows, added, report)
    VALUES (${id}, ${accountId}, ${broker}, ${format}, ${fileName}, ${fileHash}, ${micros(createdAt)}, ${rows}, ${added}, ${report})`)
}

/** Marks rows of an account as brought by an import: that stays the source of them, also when only other imports hold them. */
export function markImported(writer: Writer, accountId: AccountId, importId: string, externalIds: readonly string[]): void {
  writer.run(sql`
    UPDATE activities SET import_id = ${importId} WHERE account = (SELECT n FROM accounts WHERE id = ${accountId})
    AND external_id IN (SELECT value FROM json_each(${JSON.stringify(externalIds)}))`)
}

/** A row of the history that a file told, and the id it told it under; null for none. */
export interface ToldRow {
  readonly externalId: string
  readonly ownId: string | null
}

/** Notes which rows of an account an import told, whichever import or broker brought them. */
export function markTold(writer: Writer, accountId: AccountId, importId: string, rows: readonly ToldRow[]): void {
  writer.run(sql`
    INSERT OR IGNORE INTO import_rows (activity_id, import_id, own_id)
    SELECT a.id, ${importId}, j.value ->> 'ownId' FROM json_each(${JSON.stringify(rows)}) j CROSS JOIN activities a
    WHERE a.account = (SELECT n FROM accounts WHERE id = ${accountId}) AND a.external_id = j.value ->> 'externalId'`)
}

/**
 * Takes an import back: every row that it alone told goes, with its words in the index. Rows another import told as well stay with
 * that one, and rows a broker has sent since are the broker's and stay. Answers how many went. Call it inside a transaction.
 */
export function undoImport(writer: Writer, id: string, at: Instant): number {
  const alone = writer.all(sql`
    SELECT a.id FROM import_rows r JOIN activities a ON a.id = r.activity_id WHERE r.import_id = ${id} AND a.import_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM import_rows o WHERE o.activity_id = a.id AND o.import_id <> ${id})`)
  const ids = alone.map(row => integer(row, 'id'))
  removeActivities(writer, ids)
  writer.run(sql`DELETE FROM import_rows WHERE import_id = ${id}`)
  writer.run(sql`UPDATE imports SET undone_at = ${micros(at)} WHERE id = ${id}`)
  return ids.length
}

/** The broker and environment of an account; null for an unknown one. */
export function homeOf(reader: Reader, id: AccountId): { readonly broker: BrokerId; readonly environment: Environment } | null {
  const row = reader.get(sql`SELECT broker, environment FROM accounts WHERE id = ${id}`)
  return row ? { broker: text<BrokerId>(row, 'broker'), environment: text<Environment>(row, 'environment') } : null
}

/** Whether an account has any history. */
export function hasActivities(reader: Reader, id: AccountId): boolean {
  return reader.get(sql`SELECT 1 AS found FROM activities WHERE account = (SELECT n FROM accounts WHERE id = ${id}) LIMIT 1`) !== undefined
}

export function hasImports(reader: Reader, id: AccountId): boolean {
  return reader.get(sql`SELECT 1 AS found FROM imports WHERE account_id = ${id} AND undone_at IS NULL LIMIT 1`) !== undefined
}

/** The rows of an account with a trade date from `from` to `to`, both included, oldest first. */
export function comparableRows(reader: Reader, accountId: AccountId, from: LocalDate, to: LocalDate): ComparableRow[] {
  return reader.all(sql`${comparable(accountId)} AND ${within(from, to)} ORDER BY a.sort_at, a.id`).map(toComparable)
}

/** The rows of an account with these ids, of any day. */
export function rowsWithIds(reader: Reader, accountId: AccountId, externalIds: readonly string[]): ComparableRow[] {
  const list = JSON.stringify(externalIds)
  return reader.all(sql`${comparable(accountId)} AND a.external_id IN (SELECT value FROM json_each(${list}))`).map(toComparable)
}

/** Which rows of an account imports of a format that stand told under these ids: each row by its number, with the id. */
export function toldUnder(
  reader: Reader,
  accountId: AccountId,
  format: string,
  ownIds: readonly string[],
): { readonly row: ComparableRow; readonly ownId: string }[] {
  return reader
    .all(
      sql`
      SELECT c.*, r.own_id FROM imports f JOIN import_rows r ON r.import_id = f.id JOIN (${comparable(accountId)}) c ON c.id = r.activity_id
      WHERE f.account_id = ${accountId} AND f.format = ${format} AND f.undone_at IS NULL
      AND r.own_id IN (SELECT value FROM json_each(${JSON.stringify(ownIds)}))`,
    )
    .map(row => ({ row: toComparable(row), ownId: text(row, 'own_id') }))
}

function comparable(accountId: AccountId): Sql {
  return sql`
    SELECT a.id, a.external_id, a.kind, a.trade_date, a.symbol, a.side, a.quantity, a.price, a.amount, a.executed_at, a.status, a.import_id, i.format AS source
    FROM activities a LEFT JOIN imports i ON i.id = a.import_id WHERE a.account = (SELECT n FROM accounts WHERE id = ${accountId})`
}

/** Rows stand inside their trade date, so days are a stretch of the order. */
function within(from: LocalDate, to: LocalDate): Sql {
  const start = (day: LocalDate): number => Instant.toEpochMicros(startOfDay(day, EXCHANGE_ZONE))
  return sql`a.sort_at >= ${start(from)} AND a.sort_at < ${start(LocalDate.plusDays(to, 1))}`
}

function toComparable(row: Row): ComparableRow {
  return {
    id: integer(row, 'id'),
    externalId: text(row, 'external_id'),
    kind: text<ActivityKind>(row, 'kind'),
    tradeDate: text<LocalDate>(row, 'trade_date'),
    symbol: textOrNull(row, 'symbol'),
    side: textOrNull<Side>(row, 'side'),
    quantity: textOrNull<Dec>(row, 'quantity'),
    price: textOrNull<Dec>(row, 'price'),
    amount: textOrNull<Dec>(row, 'amount'),
    executedAt: instantOrNull(row, 'executed_at'),
    status: text<ActivityFacts['status']>(row, 'status'),
    source: textOrNull(row, 'source'),
  }
}

function toImport(row: Row): StoredImport {
  return {
    id: text(row, 'id'),
    accountId: text<AccountId>(row, 'account_id'),
    broker: text<BrokerId>(row, 'broker'),
    format: text(row, 'format'),
    fileName: text(row, 'file_name'),
    fileHash: text(row, 'file_hash'),
    createdAt: instant(row, 'created_at'),
    undoneAt: instantOrNull(row, 'undone_at'),
    rows: integer(row, 'rows'),
    added: integer(row, 'added'),
    undoable: integer(row, 'undoable') === 1,
    report: text(row, 'report'),
  }
}

/** When the last file an account still has rows of was imported; null without one. */
export function lastImportAt(reader: Reader, accountId: AccountId): Instant | null {
  const row = reader.get(
    sql`SELECT created_at FROM imports WHERE account_id = ${accountId} AND undone_at IS NULL ORDER BY created_at DESC LIMIT 1`,
  )
  return row ? instant(row, 'created_at') : null
}
