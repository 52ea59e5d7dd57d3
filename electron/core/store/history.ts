import type { AccountId, ConnectionId } from '../../../shared/domain/ids.ts'
import type { Instant, LocalDate } from '../../../shared/domain/time.ts'
import type { Reader, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { instant, integer, micros, text, textOrNull } from './cells.ts'

/** How far the reading of one account's history has come. */
export interface StoredHistory {
  /** The range last begun; trade dates, both included. */
  readonly from: LocalDate
  readonly to: LocalDate
  /** Where that range goes on; null at its start and at its end. */
  readonly cursor: string | null
  readonly done: boolean
  /** The stretch of which every row was read once; null until the first range is done. */
  readonly completeFrom: LocalDate | null
  readonly completeTo: LocalDate | null
}

/** What history an account has, for the user. */
export interface Coverage {
  readonly accountId: AccountId
  readonly from: LocalDate
  readonly to: LocalDate
  /** False while the first reading of these days is under way. */
  readonly complete: boolean
  readonly fetchedAt: Instant
}

/** The state of an account's history; null before the first page was saved. */
export function readHistory(reader: Reader, accountId: AccountId): StoredHistory | null {
  const row = reader.get(sql`SELECT * FROM history_ranges WHERE account_id = ${accountId}`)
  if (!row) return null
  return {
    from: text<LocalDate>(row, 'from_date'),
    to: text<LocalDate>(row, 'to_date'),
    cursor: textOrNull(row, 'cursor'),
    done: integer(row, 'done') === 1,
    completeFrom: textOrNull<LocalDate>(row, 'complete_from'),
    completeTo: textOrNull<LocalDate>(row, 'complete_to'),
  }
}

/** Saves the state; to be called in the transaction that saves the rows it speaks of. */
export function writeHistory(writer: Writer, accountId: AccountId, history: StoredHistory, at: Instant): void {
  writer.run(sql`
    INSERT OR REPLACE INTO history_ranges (account_id, from_date, to_date, cursor, done, complete_from, complete_to, updated_at)
    VALUES (${accountId}, ${history.from}, ${history.to}, ${history.cursor}, ${history.done ? 1 : 0}, ${history.completeFrom},
      ${history.completeTo}, ${micros(at)})`)
}

/** Forgets how far the reading of a connection's accounts has come, so that the next run reads them from the start. No row is lost. */
export function forgetHistory(writer: Writer, connectionId: ConnectionId): void {
  writer.run(sql`DELETE FROM history_ranges WHERE account_id IN (SELECT id FROM accounts WHERE connection_id = ${connectionId})`)
}

/** What history every account has: the complete stretch where there is one, else what is being read. */
export function coverage(reader: Reader): Coverage[] {
  const rows = reader.all(sql`
    SELECT account_id, coalesce(complete_from, from_date) AS first, coalesce(complete_to, to_date) AS last, complete_from IS NOT NULL AS complete,
      updated_at FROM history_ranges ORDER BY account_id`)
  return rows.map(row => ({
    accountId: text<AccountId>(row, 'account_id'),
    from: text<LocalDate>(row, 'first'),
    to: text<LocalDate>(row, 'last'),
    complete: integer(row, 'complete') === 1,
    fetchedAt: instant(row, 'updated_at'),
  }))
}
