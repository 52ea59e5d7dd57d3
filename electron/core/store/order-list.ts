import { Dec } from '../../../shared/domain/decimal.ts'
import type { BrokerId, Environment } from '../../../shared/domain/broker.ts'
import type { AccountId, ConnectionId } from '../../../shared/domain/ids.ts'
import type { Order } from '../../../shared/domain/order.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Reader } from '../db/connection.ts'
import { type Sql, sql } from '../db/sql.ts'
import { toActivityId } from './activity-rows.ts'
import { integer, micros, text } from './cells.ts'
import { OVER } from './orders.ts'

export interface OrderListQuery {
  readonly state: 'open' | 'done' | 'all'
  readonly accountId?: AccountId | undefined
  readonly symbol?: string | undefined
  readonly limit: number
  readonly after?: string | undefined
}

/** A broker's order, or one of ours that no broker has shown. */
export type OrderKey =
  | { readonly kind: 'order'; readonly accountId: AccountId; readonly externalId: string }
  | { readonly kind: 'intent'; readonly intentId: string }

const DAY_MS = 86_400_000

/** An order of ours that its broker refused and goes on listing in a status nobody knows, as `isRefusedAnyway` tells it of one. */
const REFUSED = sql`(o.status = 'other' AND o.filled_quantity = '0' AND (
  SELECT r.kind = 'place' AND r.outcome = 'rejected' AND coalesce(r.status, r.error) IS NOT NULL FROM order_intents r WHERE r.account_id = o.account_id AND r.external_id = o.external_id AND r.kind <> 'cancel'
  ORDER BY r.created_at DESC LIMIT 1))`

/** Which orders there are, newest first, of accounts that are not left out; of those that are, what is in doubt alone. `next` is where the next page goes on. */
export function orderKeys(
  reader: Reader,
  { state, accountId, symbol, limit, after }: OrderListQuery,
): { readonly keys: readonly OrderKey[]; readonly next: string | null } {
  const place = /^(\d{1,17})~(.{1,400})$/s.exec(after ?? '')
  const at = Number(place?.[1] ?? 0)
  const beyond = place ? sql`WHERE (at, id) < (${at}, ${place[2] ?? ''})` : sql``
  const orders = sql.join(
    [
      sql`o.account_id IN (SELECT id FROM accounts WHERE excluded = 0)`,
      ...stateOf(state, sql`o.status NOT IN ${OVER} AND ${REFUSED} IS NOT TRUE`, sql`(o.status IN ${OVER} OR ${REFUSED} IS TRUE)`),
      ...(accountId === undefined ? [] : [sql`o.account_id = ${accountId}`]),
      ...(symbol === undefined ? [] : [sql`o.symbol = ${symbol}`]),
    ],
    sql` AND `,
  )
  const intents = sql.join(
    [
      sql`i.kind <> 'cancel' AND i.account_id IN (SELECT id FROM accounts WHERE excluded = 0 OR i.outcome IN ('sending', 'unknown'))
      AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.account_id = i.account_id AND o.external_id = i.external_id)`,
      ...stateOf(
        state,
        sql`(i.outcome IN ('sending', 'unknown') OR (i.outcome = 'confirmed' AND i.external_id IS NOT NULL))`,
        sql`(i.outcome IN ('rejected', 'not-sent') OR (i.outcome = 'confirmed' AND i.external_id IS NULL))`,
      ),
      ...(accountId === undefined ? [] : [sql`i.account_id = ${accountId}`]),
      ...(symbol === undefined ? [] : [sql`json_extract(i.draft, '$.draft.symbol') = ${symbol}`]),
    ],
    sql` AND `,
  )
  const rows = reader.all(sql`
    SELECT * FROM (
      SELECT o.submitted_at AS at, 'o' || o.account_id || ' ' || o.external_id AS id FROM orders o WHERE ${orders}
      UNION ALL SELECT i.created_at AS at, 'i' || i.id AS id FROM order_intents i WHERE ${intents}
    ) ${beyond} ORDER BY at DESC, id DESC LIMIT ${limit + 1}`)
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    keys: shown.map(row => keyOf(text(row, 'id'))),
    next: last && rows.length > limit ? `${integer(last, 'at')}~${text(last, 'id')}` : null,
  }
}

function stateOf(state: OrderListQuery['state'], open: Sql, done: Sql): Sql[] {
  return state === 'all' ? [] : [state === 'open' ? open : done]
}

function keyOf(id: string): OrderKey {
  if (id.startsWith('i')) return { kind: 'intent', intentId: id.slice(1) }
  const space = id.indexOf(' ')
  return { kind: 'order', accountId: id.slice(1, space) as AccountId, externalId: id.slice(space + 1) }
}

/** The key in the id of a row; null for what is none. */
export function keyOfRow(id: string): OrderKey | null {
  if (id.startsWith('int_')) return { kind: 'intent', intentId: id }
  const [, accountId, externalId] = /^ord_(acc_[0-9a-f]{24})_(.+)$/s.exec(id) ?? []
  return accountId === undefined || externalId === undefined ? null : { kind: 'order', accountId: accountId as AccountId, externalId }
}

/** Whose account it is, also where its connection was removed. */
export function homeOf(
  reader: Reader,
  id: AccountId,
): { readonly broker: BrokerId; readonly environment: Environment; readonly connectionId: ConnectionId; readonly currency: string } | null {
  const row = reader.get(sql`SELECT broker, environment, connection_id, currency FROM accounts WHERE id = ${id}`)
  if (!row) return null
  const [broker, connectionId] = [text<BrokerId>(row, 'broker'), text<ConnectionId>(row, 'connection_id')]
  return { broker, environment: text(row, 'environment'), connectionId, currency: text(row, 'currency') }
}

/** What an account holds or last traded an instrument in; null where it did neither. */
export function currencyOf(reader: Reader, accountId: AccountId, symbol: string): string | null {
  const held = reader.get(sql`SELECT currency FROM positions WHERE account_id = ${accountId} AND symbol = ${symbol} ORDER BY place LIMIT 1`)
  const row =
    held ??
    reader.get(
      sql`
      SELECT a.currency FROM activities a JOIN accounts c ON c.n = a.account
      WHERE c.id = ${accountId} AND a.symbol = ${symbol} AND a.kind = 'trade' ORDER BY a.sort_at DESC LIMIT 1`,
    )
  return row ? text(row, 'currency') : null
}

/** How much of an order filled by the rows of the history. */
export function filledByHistory(
  reader: Reader,
  accountId: AccountId,
  { externalId, submittedAt }: Pick<Order, 'externalId' | 'submittedAt'>,
): Dec {
  const rows = reader.all(sql`
    SELECT a.quantity FROM activities a JOIN accounts c ON c.n = a.account
    WHERE c.id = ${accountId} AND a.sort_at >= ${micros(Instant.plus(submittedAt, -DAY_MS))} AND a.order_id = ${externalId}
      AND a.kind = 'trade' AND a.quantity IS NOT NULL`)
  return Dec.sum(rows.map(row => Dec.abs(text<Dec>(row, 'quantity'))))
}

/** The history rows an order became, by their ids. */
export function fillsOf(reader: Reader, accountId: AccountId, externalId: string, from: Instant): string[] {
  return reader
    .all(
      sql`
      SELECT a.id FROM activities a JOIN accounts c ON c.n = a.account
      WHERE c.id = ${accountId} AND a.sort_at >= ${micros(from)} AND a.order_id = ${externalId} ORDER BY a.sort_at, a.id LIMIT 500`,
    )
    .map(row => toActivityId(integer(row, 'id')))
}
