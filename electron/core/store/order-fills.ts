import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { Order } from '../../../shared/domain/order.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { Reader } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { micros, text, textOrNull } from './cells.ts'
import { OVER, toOrder } from './orders.ts'

/** What of an order filled since a moment. */
export interface OrderFill {
  readonly externalId: string
  readonly symbol: string
  readonly side: 'buy' | 'sell'
  /** Never negative. */
  readonly quantity: Dec
}

/**
 * What orders of an account filled since a moment, as far as it is known: by the broker's own time (`told`), or because more of it was
 * filled when it was read since then (`read`, our time) and no broker says that it had filled before `dated`. An order first read after
 * some of it had filled counts with all of that.
 */
export function fillsSince(
  reader: Reader,
  accountId: AccountId,
  { told, read, dated }: { readonly told: Instant; readonly read: Instant; readonly dated: Instant },
): OrderFill[] {
  const from = micros(dated)
  const filled = sql`e.account_id = o.account_id AND e.external_id = o.external_id AND e.kind = 'filled'`
  return reader
    .all(
      sql`
      SELECT o.external_id, o.symbol, o.side, o.filled_quantity,
        (SELECT json_extract(e.detail, '$.filledQuantity') FROM order_events e WHERE ${filled} AND e.at < ${micros(read)} ORDER BY e.at DESC, e.id DESC LIMIT 1) AS before
      FROM orders o
      WHERE o.account_id = ${accountId} AND o.filled_quantity <> '0' AND o.symbol IS NOT NULL AND o.side IS NOT NULL
        AND (o.updated_at >= ${micros(told)} OR EXISTS (
          SELECT 1 FROM order_events e
          WHERE ${filled} AND e.at >= ${micros(read)} AND coalesce(json_extract(e.detail, '$.filledBy'), ${from}) >= ${from}))`,
    )
    .map(row => ({
      externalId: text(row, 'external_id'),
      symbol: text(row, 'symbol'),
      side: text<'buy' | 'sell'>(row, 'side'),
      quantity: Dec.sub(text<Dec>(row, 'filled_quantity'), textOrNull<Dec>(row, 'before') ?? Dec.zero),
    }))
}

/** The orders for a symbol that still worked when they were read last, the newest first. */
export function openOrdersFor(reader: Reader, accountId: AccountId, symbol: string, most: number): Order[] {
  return reader
    .all(
      sql`
      SELECT * FROM orders WHERE account_id = ${accountId} AND symbol = ${symbol} AND status NOT IN ${OVER}
      ORDER BY submitted_at DESC, external_id LIMIT ${most}`,
    )
    .map(toOrder)
}
