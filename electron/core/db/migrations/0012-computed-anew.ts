import { migration } from '../migration.ts'

/**
 * Results follow from the history and from rules; some rules were wrong (options that settle in cash, evening fills of futures, losses at
 * average cost, shares a fee names). Every account waits to be computed anew, so that no figure of the old rules stays.
 */
export const step0012 = migration(12, 'results computed anew', db => {
  db.exec(`
    INSERT OR REPLACE INTO ledger_dirty (account, symbol, from_sort_at, from_id) SELECT n, '*', 0, 0 FROM accounts
      WHERE EXISTS (SELECT 1 FROM activities a WHERE a.account = n) OR EXISTS (SELECT 1 FROM ledger_books b WHERE b.account = n);
  `)
})
