import type { AccountId } from '../../../shared/domain/ids.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { Reader, Row, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { instant, json, micros, text, textOrNull } from './cells.ts'

/** One thing that happened to an order; events are only ever added. */
export interface OrderEvent {
  readonly accountId: AccountId
  readonly externalId: string | null
  readonly intentId: string | null
  readonly at: Instant
  readonly kind: 'intent' | 'outcome' | 'look' | 'settled' | 'status' | 'filled' | 'terms'
  readonly detail: OrderEventDetail
}

export interface OrderEventDetail {
  readonly sentence: string
  readonly brokerSays?: string | null
  readonly filledQuantity?: string
  /** Epoch microseconds: the last of it filled by then, where the broker dates that. */
  readonly filledBy?: number
}

export function appendOrderEvent(writer: Writer, { accountId, externalId, intentId, at, kind, detail }: OrderEvent): void {
  writer.run(sql`
    INSERT INTO order_events (account_id, external_id, intent_id, at, kind, detail)
    VALUES (${accountId}, ${externalId}, ${intentId}, ${micros(at)}, ${kind}, ${JSON.stringify(detail)})`)
}

/** The events of a broker's order and of the intent behind it, oldest first. */
export function orderEvents(
  reader: Reader,
  { accountId, externalId, intentId }: Pick<OrderEvent, 'accountId' | 'externalId' | 'intentId'>,
): OrderEvent[] {
  return reader
    .all(
      sql`
      SELECT * FROM order_events WHERE (account_id = ${accountId} AND external_id = ${externalId}) OR intent_id = ${intentId} ORDER BY at, id`,
    )
    .map(toEvent)
}

function toEvent(row: Row): OrderEvent {
  return {
    accountId: text<AccountId>(row, 'account_id'),
    externalId: textOrNull(row, 'external_id'),
    intentId: textOrNull(row, 'intent_id'),
    at: instant(row, 'at'),
    kind: text<OrderEvent['kind']>(row, 'kind'),
    detail: json<OrderEventDetail>(row, 'detail'),
  }
}
