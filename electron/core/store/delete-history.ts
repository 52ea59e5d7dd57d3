import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { Reader, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { removeActivities } from './activities-remove.ts'
import { integer, text } from './cells.ts'
import { keepWords } from './kept-words.ts'
import { forgetBooks, forgetLedger, hideFromLedger } from './ledger-forget.ts'
import { unlinkNotes } from './journal-links.ts'
import { forgetReconciliation } from './reconciliation-forget.ts'

/** Taken out at once: a few milliseconds. */
const AT_ONCE = 500
const BOOKS_AT_ONCE = 20
const MARK = 'forgetting:'

/**
 * Begins to delete everything read of a connection's accounts, imports included: what is small goes now, the history with
 * `forgetSome`, also after a restart. The user's notes stay, about nothing in particular, and what he said about rows and lots is set aside until
 * the same account is there again. Its accounts count as others from now on, so that one that is connected again begins anew. Call it inside a transaction.
 */
export function beginForgetting(writer: Writer, id: ConnectionId): void {
  const accounts = sql`SELECT id FROM accounts WHERE connection_id = ${id}`
  writer.run(sql`DELETE FROM balances WHERE account_id IN (${accounts})`)
  writer.run(sql`DELETE FROM positions WHERE account_id IN (${accounts})`)
  writer.run(sql`DELETE FROM orders WHERE account_id IN (${accounts})`)
  writer.run(sql`DELETE FROM history_ranges WHERE account_id IN (${accounts})`)
  writer.run(sql`DELETE FROM sync_runs WHERE connection_id = ${id}`)
  keepWords(writer, id)
  unlinkNotes(writer, id)
  forgetReconciliation(writer, id)
  hideFromLedger(writer, id)
  // Both sides of a reference change: it is looked at when the transaction ends.
  writer.run(sql`PRAGMA defer_foreign_keys = ON`)
  for (const row of writer.all(sql`SELECT id, 'acc_' || lower(hex(randomblob(12))) AS other FROM accounts WHERE connection_id = ${id}`)) {
    const [before, other] = [text(row, 'id'), text(row, 'other')]
    writer.run(sql`UPDATE imports SET account_id = ${other} WHERE account_id = ${before}`)
    writer.run(sql`UPDATE accounts SET id = ${other}, number_hash = ${other} WHERE id = ${before}`)
  }
  writer.run(sql`INSERT OR REPLACE INTO meta (name, value) VALUES (${MARK + id}, '1')`)
}

/** Connections whose history is still to be deleted. */
export function forgettings(reader: Reader): ConnectionId[] {
  return reader
    .all(sql`SELECT substr(name, ${MARK.length + 1}) AS id FROM meta WHERE name >= ${MARK} AND name < ${`${MARK.slice(0, -1)};`}`)
    .map(row => text<ConnectionId>(row, 'id'))
}

/**
 * Deletes some more of a history that is being forgotten, in one transaction; answers whether there is more. With the last row go the
 * accounts; the connection's own row stays, for the statistics that name it.
 */
export function forgetSome(writer: Writer, id: ConnectionId): boolean {
  return writer.tx(w => {
    const rows = w
      .all(sql`SELECT id FROM activities WHERE account IN (SELECT n FROM accounts WHERE connection_id = ${id}) LIMIT ${AT_ONCE}`)
      .map(row => integer(row, 'id'))
    removeActivities(w, rows)
    if (rows.length === AT_ONCE || forgetBooks(w, id, BOOKS_AT_ONCE)) return true
    // What was written meanwhile.
    unlinkNotes(w, id)
    forgetLedger(w, id)
    w.run(sql`DELETE FROM imports WHERE account_id IN (SELECT id FROM accounts WHERE connection_id = ${id})`)
    w.run(sql`DELETE FROM accounts WHERE connection_id = ${id}`)
    w.run(sql`DELETE FROM meta WHERE name = ${MARK + id}`)
    return false
  })
}
