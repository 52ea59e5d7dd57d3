import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { Reader, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { removeActivities } from './activities-remove.ts'
import { integer } from './cells.ts'

const AT_ONCE = 5_000

/**
 * Deletes everything read of a connection's accounts, imports included, and the accounts themselves. Call it inside a transaction. The
 * connection's own row stays, for the statistics that name it.
 */
export function deleteHistory(writer: Writer, id: ConnectionId): void {
  for (let rows = someActivities(writer, id); rows.length > 0; rows = someActivities(writer, id)) removeActivities(writer, rows)
  const accounts = sql`SELECT id FROM accounts WHERE connection_id = ${id}`
  writer.run(sql`DELETE FROM imports WHERE account_id IN (${accounts})`)
  writer.run(sql`DELETE FROM balances WHERE account_id IN (${accounts})`)
  writer.run(sql`DELETE FROM positions WHERE account_id IN (${accounts})`)
  writer.run(sql`DELETE FROM orders WHERE account_id IN (${accounts})`)
  writer.run(sql`DELETE FROM history_ranges WHERE account_id IN (${accounts})`)
  writer.run(sql`DELETE FROM sync_runs WHERE connection_id = ${id}`)
  writer.run(sql`DELETE FROM accounts WHERE connection_id = ${id}`)
}

function someActivities(reader: Reader, id: ConnectionId): number[] {
  return reader
    .all(sql`SELECT id FROM activities WHERE account IN (SELECT n FROM accounts WHERE connection_id = ${id}) LIMIT ${AT_ONCE}`)
    .map(row => integer(row, 'id'))
}
