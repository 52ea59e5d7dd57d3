import { sql, type Sql } from '../db/sql.ts'

/** Rows of `activities` the user took out. */
export const LEFT_OUT: Sql = sql`
  EXISTS (SELECT 1 FROM row_overrides o WHERE o.account = activities.account AND o.external_id = activities.external_id AND o.said ->> 'ignored' = 1)`

/** Rows of `activities` whose cash counts as income or cost: not canceled, not taken out by the user, and no shares a dividend bought (see cashOf). */
export const CASH_COUNTS: Sql = sql`
  status <> 'canceled' AND NOT (kind = 'dividend' AND broker_type LIKE 'Receive Deliver%' AND coalesce(quantity, '0') <> '0')
  AND NOT ${LEFT_OUT}`

/** Cash that went into the account's own money market fund, or came back from it. The wildcard _ stands for a blank as well. */
const SWEPT: Sql = sql`
  (kind = 'journal' AND (broker_type || ' ' || coalesce(description, '') LIKE '%money_market%'
    OR broker_type || ' ' || coalesce(description, '') LIKE '%sweep%' OR broker_type || ' ' || coalesce(description, '') LIKE '%cash_alternatives%'))`

/**
 * Rows of `activities` by which money or holdings came or went. What futures settle each day was made inside, whatever row carries it,
 * and cash that is swept stays inside. What the user took out is in it; see LEFT_OUT.
 */
export const FROM_OUTSIDE: Sql = sql`
  kind IN ('transfer', 'journal') AND status <> 'canceled' AND broker_type NOT LIKE '%Mark to Market%' AND NOT ${SWEPT}`
