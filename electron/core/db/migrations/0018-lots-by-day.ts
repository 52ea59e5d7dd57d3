import { migration } from '../migration.ts'

/**
 * Results follow from the history and from rules; some rules were wrong (lots that came from elsewhere, days at average cost, shares that came
 * back, cash in lieu beside a merger, interest of bonds), so every account waits to be computed anew. Splits and other actions that a file of
 * Schwab enters as of a day get the word for it that their rows get now, by which they count from the close of that day on.
 */
export const step0018 = migration(18, 'lots by their days', db => {
  db.exec(`
    UPDATE activities SET broker_type = broker_type || ' as of ' || trim(substr(told.day, instr(lower(told.day), ' as of ') + 7)) FROM (
      SELECT id, CASE WHEN json_valid(raw) THEN raw ->> 'Date' END AS day FROM activities WHERE kind IN ('split', 'corporate-action') AND kind <> 'trade'
    ) told WHERE told.id = activities.id AND told.day LIKE '% as of %' AND activities.broker_type NOT LIKE '% as of %';
    INSERT OR REPLACE INTO ledger_dirty (account, symbol, from_sort_at, from_id) SELECT n, '*', 0, 0 FROM accounts
      WHERE EXISTS (SELECT 1 FROM activities a WHERE a.account = n) OR EXISTS (SELECT 1 FROM ledger_books b WHERE b.account = n);
  `)
})
