import type { AccountId } from '../../../shared/domain/ids.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { Reader } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { instant } from './cells.ts'

/** When the history of an account was last read; null for one that never was, such as one of files alone. */
export function historyReadAt(reader: Reader, accountId: AccountId): Instant | null {
  const row = reader.get(sql`SELECT updated_at FROM history_ranges WHERE account_id = ${accountId}`)
  return row ? instant(row, 'updated_at') : null
}
