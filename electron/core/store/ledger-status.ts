import type { Instant } from '../../../shared/domain/time.ts'
import type { Reader } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { instantOrNull, integer } from './cells.ts'
import { pendingMarks } from './ledger-dirty.ts'
import { TO_FILL } from './ledger-gaps.ts'

/** How current the ledger is. */
export function ledgerStatus(reader: Reader): { pending: number; computedAt: Instant | null; gaps: number; books: number; unread: number } {
  const row = reader.get(sql`
    SELECT (SELECT max(computed_at) FROM ledger_books) AS computed_at, (SELECT count(*) FROM ledger_books) AS books,
      (SELECT count(*) FROM ledger_gaps g JOIN ledger_books b ON b.id = g.book JOIN accounts c ON c.n = b.account WHERE c.excluded = 0 AND ${TO_FILL}) AS gaps,
      (SELECT count(*) FROM accounts a JOIN connections c ON c.id = a.connection_id WHERE a.excluded = 0 AND c.removed_at IS NULL AND c.method <> 'file'
        AND NOT EXISTS (SELECT 1 FROM history_ranges h WHERE h.account_id = a.id AND h.complete_from IS NOT NULL)) AS unread`)
  return {
    pending: pendingMarks(reader),
    computedAt: row ? instantOrNull(row, 'computed_at') : null,
    gaps: row ? integer(row, 'gaps') : 0,
    books: row ? integer(row, 'books') : 0,
    unread: row ? integer(row, 'unread') : 0,
  }
}
