import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { Writer } from '../db/connection.ts'
import { sql, type Sql } from '../db/sql.ts'
import { integer } from './cells.ts'
import { dropBook } from './ledger-books.ts'

function accountsUnder(id: ConnectionId): Sql {
  return sql`SELECT n FROM accounts WHERE connection_id = ${id}`
}

/** From now on accounts that are being forgotten count nowhere. Call it in the transaction that begins to forget them. */
export function hideFromLedger(writer: Writer, id: ConnectionId): void {
  writer.run(sql`UPDATE accounts SET excluded = 1 WHERE connection_id = ${id}`)
  forgetMarks(writer, id)
}

function forgetMarks(writer: Writer, id: ConnectionId): void {
  writer.run(sql`DELETE FROM ledger_dirty WHERE account IN (${accountsUnder(id)})`)
  writer.run(sql`DELETE FROM ledger_dirty_days WHERE account IN (${accountsUnder(id)})`)
}

/** Forgets some books of accounts; answers whether there are more. */
export function forgetBooks(writer: Writer, id: ConnectionId, atOnce: number): boolean {
  const books = writer.all(sql`SELECT id FROM ledger_books WHERE account IN (${accountsUnder(id)}) LIMIT ${atOnce}`)
  for (const row of books) dropBook(writer, integer(row, 'id'))
  return books.length === atOnce
}

/** Forgets everything else the ledger holds of accounts, and what the user said about their rows. His notes stay, about nothing in particular. */
export function forgetLedger(writer: Writer, id: ConnectionId): void {
  const accounts = accountsUnder(id)
  forgetMarks(writer, id)
  writer.run(sql`DELETE FROM ledger_days WHERE account IN (${accounts})`)
  writer.run(sql`DELETE FROM ledger_exchanges WHERE account IN (${accounts})`)
  writer.run(sql`DELETE FROM ledger_methods WHERE account IN (${accounts})`)
  writer.run(sql`DELETE FROM opening_lots WHERE account IN (${accounts})`)
  writer.run(sql`DELETE FROM lot_picks WHERE account IN (${accounts})`)
  writer.run(sql`DELETE FROM row_overrides WHERE account IN (${accounts})`)
  writer.run(sql`DELETE FROM activity_versions WHERE account IN (${accounts})`)
  writer.run(sql`DELETE FROM worth_days WHERE account IN (${accounts})`)
  writer.run(sql`DELETE FROM price_marks WHERE account IN (${accounts})`)
  writer.run(sql`DELETE FROM drifts WHERE account IN (${accounts})`)
  writer.run(sql`DELETE FROM reconciled WHERE account IN (${accounts})`)
  writer.run(sql`DELETE FROM reconciliation_fixes WHERE account IN (${accounts})`)
  writer.run(sql`UPDATE journal_entries SET account = NULL, external_id = NULL WHERE account IN (${accounts})`)
}
