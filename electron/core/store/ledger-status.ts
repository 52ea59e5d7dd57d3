import type { Instant } from '../../../shared/domain/time.ts'
import type { Reader } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { instantOrNull, integer } from './cells.ts'
import { pendingMarks } from './ledger-dirty.ts'
import { countedAccounts, isUnread } from './portfolio-accounts.ts'
import { TO_FILL } from './ledger-gaps.ts'

/** How current the ledger is. */
export function ledgerStatus(reader: Reader): { pending: number; computedAt: Instant | null; gaps: number; books: number; unread: number } {
  const row = reader.get(sql`
    SELECT (SELECT max(computed_at) FROM ledger_books) AS computed_at, (SELECT count(*) FROM ledger_books) AS books,
      (SELECT count(*) FROM ledger_gaps g JOIN ledger_books b ON b.id = g.book JOIN accounts c ON c.n = b.account WHERE c.excluded = 0 AND ${TO_FILL}) AS gaps`)
  return {
    pending: pendingMarks(reader),
    computedAt: row ? instantOrNull(row, 'computed_at') : null,
    gaps: row ? integer(row, 'gaps') : 0,
    books: row ? integer(row, 'books') : 0,
    unread: countedAccounts(reader).filter(account => isUnread(reader, account)).length,
  }
}
