import { migration } from '../migration.ts'

/**
 * Shares that left beside cash in lieu alone are a closing now, and the price the user tells of a corporate action counts in place of cash in
 * a row of its own. Instruments with such cash or such a price wait to be computed anew, so that no cost is gone without a word.
 */
export const step0019 = migration(19, 'shares that left for cash', db => {
  db.exec(`
    INSERT OR REPLACE INTO ledger_dirty (account, symbol, from_sort_at, from_id) SELECT DISTINCT account, symbol, 0, 0 FROM activities a
      WHERE kind = 'corporate-action' AND kind <> 'trade' AND symbol IS NOT NULL
      AND ((amount IS NOT NULL AND (broker_type LIKE '%in lieu%' OR broker_type LIKE 'CIL%' OR description LIKE '%in lieu%' OR description LIKE 'CIL%'))
        OR EXISTS (SELECT 1 FROM row_overrides o WHERE o.account = a.account AND o.external_id = a.external_id AND o.said ->> 'price' IS NOT NULL))
      AND account NOT IN (SELECT d.account FROM ledger_dirty d WHERE d.symbol = '*');
  `)
})
