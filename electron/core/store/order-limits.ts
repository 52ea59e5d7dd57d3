import type { AccountId } from '../../../shared/domain/ids.ts'
import type { OrderLimits } from '../../../shared/domain/order-limits.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { Reader, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { json, micros, text } from './cells.ts'

const EVERY_ACCOUNT = ''

/** The limits the user set: of one account, or (null) of all; null where none were. */
export function readLimits(reader: Reader, accountId: AccountId | null): OrderLimits | null {
  const row = reader.get(sql`SELECT limits FROM order_limits WHERE account_id = ${accountId ?? EVERY_ACCOUNT}`)
  return row ? json<OrderLimits>(row, 'limits') : null
}

/** Accounts with limits of their own. */
export function accountLimits(reader: Reader): { readonly accountId: AccountId; readonly limits: OrderLimits }[] {
  return reader
    .all(sql`SELECT account_id, limits FROM order_limits WHERE account_id <> ${EVERY_ACCOUNT} ORDER BY account_id`)
    .map(row => ({ accountId: text<AccountId>(row, 'account_id'), limits: json<OrderLimits>(row, 'limits') }))
}

/** Sets limits; null takes them away. */
export function writeLimits(writer: Writer, accountId: AccountId | null, limits: OrderLimits | null, at: Instant): void {
  const id = accountId ?? EVERY_ACCOUNT
  if (limits === null) writer.run(sql`DELETE FROM order_limits WHERE account_id = ${id}`)
  else
    writer.run(sql`
      INSERT INTO order_limits (account_id, limits, changed_at) VALUES (${id}, ${JSON.stringify(limits)}, ${micros(at)})
      ON CONFLICT (account_id) DO UPDATE SET limits = excluded.limits, changed_at = excluded.changed_at`)
}
