import { sql, type Sql } from '../db/sql.ts'

/** Runs of `ledger_trips t` in which something was closed: one whose lots only went elsewhere, with their cost, is no trade. */
export const IS_TRADE: Sql = sql`
  NOT (t.realized IS NULL AND t.close_day IS NOT NULL AND (CASE WHEN t.is_short THEN t.bought ELSE t.sold END) = '0'
    AND EXISTS (SELECT 1 FROM ledger_deliveries d WHERE d.book = t.book AND d.day = t.close_day))`
