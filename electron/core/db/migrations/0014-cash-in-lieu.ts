import { migration } from '../migration.ts'

/**
 * Cash in lieu of a fraction of a share sells that fraction now. Instruments with such cash wait to be computed anew, so that no cost stays
 * where it was left before.
 */
export const step0014 = migration(14, 'cash in lieu sells the fraction', db => {
  db.exec(`
    INSERT OR REPLACE INTO ledger_dirty (account, symbol, from_sort_at, from_id) SELECT DISTINCT account, symbol, 0, 0 FROM activities
      WHERE kind = 'corporate-action' AND kind <> 'trade' AND symbol IS NOT NULL AND amount IS NOT NULL
      AND (broker_type LIKE '%in lieu%' OR broker_type LIKE 'CIL%' OR description LIKE '%in lieu%')
      AND account NOT IN (SELECT d.account FROM ledger_dirty d WHERE d.symbol = '*');
  `)
})
