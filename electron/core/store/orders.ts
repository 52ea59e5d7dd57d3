import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { Order, OrderStatus } from '../../../shared/domain/order.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { Reader, Row, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { instant, instantOrNull, integer, json, micros, text, textOrNull } from './cells.ts'
import { appendOrderEvent } from './order-events.ts'
import { intentByClientId, isRefusedByBroker, settleIntent, YEAR_READ } from './order-intents.ts'
import { isOlder, progress } from './order-progress.ts'

/** An order as it was just read; with our own id where the broker tells it back. */
export type ReadOrder = Omit<Order, 'accountId' | 'fetchedAt'> & { readonly clientOrderId?: string | null }

/**
 * Saves orders by the broker's own id; a later reading of the same order replaces the earlier one, and what changed between the two is
 * written down as events. What was filled stays filled, and an order that is done stays done: an older copy of an answer is passed over.
 */
export function upsertOrders(writer: Writer, accountId: AccountId, orders: readonly ReadOrder[], fetchedAt: Instant): void {
  writer.tx(() => {
    for (const read of orders) {
      const known = orderOf(writer, accountId, read.externalId)
      if (known && isOlder(known, read)) continue
      writeOrder(writer, accountId, read, fetchedAt)
      for (const { kind, detail } of progress(known, read))
        appendOrderEvent(writer, { accountId, externalId: read.externalId, intentId: null, at: fetchedAt, kind, detail })
      adoptByClientId(writer, accountId, read, fetchedAt)
    }
  })
}

function writeOrder(writer: Writer, accountId: AccountId, o: ReadOrder, fetchedAt: Instant): void {
  writer.run(sql`
    INSERT INTO orders (account_id, external_id, symbol, side, type, time_in_force, status, status_text, quantity, filled_quantity,
      limit_price, stop_price, average_fill_price, submitted_at, updated_at, fetched_at, first_seen_at)
    VALUES (${accountId}, ${o.externalId}, ${o.symbol}, ${o.side}, ${o.type}, ${o.timeInForce}, ${o.status}, ${o.statusText}, ${o.quantity},
      ${o.filledQuantity}, ${o.limitPrice}, ${o.stopPrice}, ${o.averageFillPrice}, ${micros(o.submittedAt)}, ${micros(o.updatedAt)},
      ${micros(fetchedAt)}, ${micros(fetchedAt)})
    ON CONFLICT (account_id, external_id) DO UPDATE SET symbol = excluded.symbol, side = excluded.side, type = excluded.type,
      time_in_force = excluded.time_in_force, status = excluded.status, status_text = excluded.status_text, quantity = excluded.quantity,
      filled_quantity = excluded.filled_quantity, limit_price = excluded.limit_price, stop_price = excluded.stop_price,
      average_fill_price = excluded.average_fill_price, submitted_at = excluded.submitted_at, updated_at = excluded.updated_at,
      fetched_at = excluded.fetched_at`)
}

/** An order with our id on it is ours, whatever we thought had become of it. A word nobody knows of a refused one says nothing more. */
function adoptByClientId(
  writer: Writer,
  accountId: AccountId,
  { clientOrderId, externalId, status, statusText, filledQuantity }: ReadOrder,
  at: Instant,
): void {
  const intent = clientOrderId ? intentByClientId(writer, clientOrderId) : null
  if (intent?.accountId !== accountId || intent.outcome === 'confirmed') return
  const isNothingNew = status === 'rejected' || (status === 'other' && Dec.isZero(filledQuantity))
  if (isRefusedByBroker(intent) && isNothingNew) {
    // It stays refused, and goes by its number from now on: one row, and not one that seems to work.
    if (intent.externalId === null) settleIntent(writer, intent.id, { ...intent, externalId, at: intent.settledAt ?? at })
    return
  }
  const outcome = status === 'rejected' ? 'rejected' : 'confirmed'
  settleIntent(writer, intent.id, { outcome, externalId, status: statusText, error: null, at })
  appendOrderEvent(writer, {
    accountId,
    externalId,
    intentId: intent.id,
    at,
    kind: 'settled',
    detail: { sentence: `Found at the broker under our own id: ${statusText}.` },
  })
}

/** Whether an order was there already when something was sent at `at`. */
export function wasSeenBefore(reader: Reader, accountId: AccountId, externalId: string, at: Instant): boolean {
  const row = reader.get(
    sql`SELECT coalesce(first_seen_at, 0) AS seen FROM orders WHERE account_id = ${accountId} AND external_id = ${externalId}`,
  )
  return row !== undefined && integer(row, 'seen') < micros(at)
}

/** One order of an account; null when it was never read. */
export function orderOf(reader: Reader, accountId: AccountId, externalId: string): Order | null {
  const row = reader.get(sql`SELECT * FROM orders WHERE account_id = ${accountId} AND external_id = ${externalId}`)
  return row ? toOrder(row) : null
}

/** The newest orders by the time they were submitted, of one account or of all. */
export function ordersPage(reader: Reader, { accountId, limit }: { readonly accountId?: AccountId; readonly limit: number }): Order[] {
  const where = accountId === undefined ? sql`` : sql`WHERE account_id = ${accountId}`
  return reader.all(sql`SELECT * FROM orders ${where} ORDER BY submitted_at DESC, account_id, external_id LIMIT ${limit}`).map(toOrder)
}

/** What an order that may still change is not. */
export const OVER = sql`('filled', 'canceled', 'replaced', 'rejected', 'expired', 'unlisted')`

/** Orders that worked when they were read last, before a moment; the one longest not read first. */
export function openOrdersBefore(reader: Reader, accountId: AccountId, before: Instant, most: number): Order[] {
  return reader
    .all(
      sql`
      SELECT * FROM orders WHERE account_id = ${accountId} AND status NOT IN ${OVER} AND fetched_at < ${micros(before)}
      ORDER BY fetched_at, external_id LIMIT ${most}`,
    )
    .map(toOrder)
}

/** When the oldest order that may still change was submitted; null when all are at their end. */
export function oldestOpenOrder(reader: Reader, accountId: AccountId): Instant | null {
  const row = reader.get(sql`
    SELECT min(submitted_at) AS oldest FROM orders
    WHERE account_id = ${accountId} AND status NOT IN ${OVER}`)
  return row ? instantOrNull(row, 'oldest') : null
}

/** When all orders of an account that still work were read last, however long ago they were entered; null when they never were. */
export function yearReadAt(reader: Reader, accountId: AccountId): Instant | null {
  const row = reader.get(sql`SELECT value FROM meta WHERE name = ${YEAR_READ + accountId}`)
  return row ? json<Instant>(row, 'value') : null
}

export function noteYearRead(writer: Writer, accountId: AccountId, at: Instant): void {
  writer.run(
    sql`INSERT INTO meta (name, value) VALUES (${YEAR_READ + accountId}, ${JSON.stringify(at)}) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
  )
}

export function toOrder(row: Row): Order {
  return {
    accountId: text<AccountId>(row, 'account_id'),
    externalId: text(row, 'external_id'),
    symbol: textOrNull(row, 'symbol'),
    side: textOrNull<'buy' | 'sell'>(row, 'side'),
    type: text(row, 'type'),
    timeInForce: text(row, 'time_in_force'),
    status: text<OrderStatus>(row, 'status'),
    statusText: text(row, 'status_text'),
    quantity: textOrNull<Dec>(row, 'quantity'),
    filledQuantity: text<Dec>(row, 'filled_quantity'),
    limitPrice: textOrNull<Dec>(row, 'limit_price'),
    stopPrice: textOrNull<Dec>(row, 'stop_price'),
    averageFillPrice: textOrNull<Dec>(row, 'average_fill_price'),
    submittedAt: instant(row, 'submitted_at'),
    updatedAt: instant(row, 'updated_at'),
    fetchedAt: instant(row, 'fetched_at'),
  }
}
