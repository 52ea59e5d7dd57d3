import { sql, type Sql } from '../db/sql.ts'

/** Rows of `activities` whose cash counts as income or cost: not canceled, not taken out by the user, and no shares a dividend bought (see cashOf). */
export const CASH_COUNTS: Sql = sql`
  status <> 'canceled' AND NOT (kind = 'dividend' AND broker_type LIKE 'Receive Deliver%' AND coalesce(quantity, '0') <> '0')
  AND NOT EXISTS (SELECT 1 FROM row_overrides o WHERE o.account = activities.account AND o.external_id = activities.external_id AND o.said ->> 'ignored' = 1)`

/** Rows of `activities` by which money or holdings came or went. What futures settle each day was made inside, whatever row carries it. */
export const FROM_OUTSIDE: Sql = sql`kind IN ('transfer', 'journal') AND status <> 'canceled' AND broker_type NOT LIKE '%Mark to Market%'`
