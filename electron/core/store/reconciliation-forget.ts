import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'

/** Deletes what was kept beside the history of a connection's accounts: values of days, prices, differences and their fixes. */
export function forgetReconciliation(writer: Writer, id: ConnectionId): void {
  const accounts = sql`SELECT n FROM accounts WHERE connection_id = ${id}`
  writer.run(sql`DELETE FROM worth_days WHERE account IN (${accounts})`)
  writer.run(sql`DELETE FROM price_marks WHERE account IN (${accounts})`)
  writer.run(sql`DELETE FROM drifts WHERE account IN (${accounts})`)
  writer.run(sql`DELETE FROM reconciled WHERE account IN (${accounts})`)
  writer.run(sql`DELETE FROM reconciliation_fixes WHERE account IN (${accounts})`)
}
