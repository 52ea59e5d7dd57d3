import { migration } from '../migration.ts'

/**
 * Lots from before the history keep what they are and how many units one is, as their broker's position says it: a price alone is no cost
 * of a bond. Rows that take a trade back are found without looking at every row. Some rules of results were wrong (prices of what nobody knows the units of, words about imported rows, canceled trades), so
 * every account waits to be computed anew.
 */
export const step0015 = migration(15, 'units of lots from before the history, results computed anew', db => {
  db.exec(`
    ALTER TABLE opening_lots ADD COLUMN asset_class TEXT;
    ALTER TABLE opening_lots ADD COLUMN multiplier TEXT;
    CREATE INDEX activities_cancels ON activities(account) WHERE broker_type = 'TradeCancel';
    INSERT OR REPLACE INTO ledger_dirty (account, symbol, from_sort_at, from_id) SELECT n, '*', 0, 0 FROM accounts
      WHERE EXISTS (SELECT 1 FROM activities a WHERE a.account = n) OR EXISTS (SELECT 1 FROM ledger_books b WHERE b.account = n);
  `)
})
