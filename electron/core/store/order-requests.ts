import type { PlacedView, Ticket } from '../../../shared/contract/orders.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { Reader, Row, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { instant, json, micros, text, textOrNull } from './cells.ts'

export type RequestState = 'waiting' | 'placed' | 'declined'

/** An order a program asks for. One that waits past its end has run out. */
export interface OrderRequest {
  readonly id: string
  /** What its program calls it: asked for again under it, it is the same request. Null where the program gave none. */
  readonly requestId: string | null
  readonly ticket: Ticket
  readonly from: string
  readonly createdAt: Instant
  readonly expiresAt: Instant
  readonly state: RequestState
  readonly intentId: string | null
  /** Of the order that answers it, written down before that can be sent. */
  readonly clientOrderId: string | null
  /** Why it was not sent, where something stood against it. */
  readonly notSent: PlacedView | null
}

export type NewRequest = Omit<OrderRequest, 'state' | 'intentId' | 'clientOrderId' | 'notSent'>

/** Throws where its `requestId` is taken. */
export function insertRequest(writer: Writer, { id, requestId, ticket, from, createdAt, expiresAt }: NewRequest): void {
  writer.run(sql`
    INSERT INTO order_requests (id, request_id, ticket, source, created_at, expires_at, state)
    VALUES (${id}, ${requestId}, ${JSON.stringify(ticket)}, ${from}, ${micros(createdAt)}, ${micros(expiresAt)}, 'waiting')`)
}

export type Answer =
  | { readonly state: 'placed'; readonly clientOrderId: string | null }
  | { readonly state: 'declined'; readonly notSent?: PlacedView }

/** Answers a request that still waits; false when somebody did before, or it ran out. */
export function answerRequest(writer: Writer, id: string, answer: Answer, now: Instant): boolean {
  const clientOrderId = answer.state === 'placed' ? answer.clientOrderId : null
  const notSent = answer.state === 'declined' ? answer.notSent : undefined
  return (
    writer.run(sql`
      UPDATE order_requests SET state = ${answer.state}, client_order_id = ${clientOrderId}, not_sent = ${notSent === undefined ? null : JSON.stringify(notSent)}
      WHERE id = ${id} AND state = 'waiting' AND expires_at > ${micros(now)}`).changes === 1
  )
}

/** Takes an answer back, of which nothing came: it waits on, or is over for this reason. One whose order was written down stays answered. */
export function reviseRequest(writer: Writer, id: string, notSent: PlacedView | null): void {
  writer.run(sql`
    UPDATE order_requests SET state = ${notSent === null ? 'waiting' : 'declined'}, client_order_id = NULL, not_sent = ${notSent && JSON.stringify(notSent)}
    WHERE id = ${id} AND intent_id IS NULL AND NOT EXISTS (SELECT 1 FROM order_intents i WHERE i.client_order_id = order_requests.client_order_id)`)
}

/**
 * After a crash: a request whose order was written down gets it, and one of which nothing was written down is over, as `notSent` says; so is
 * one that was on its way to go without the user, because its program asks again. To be called before anything is sent.
 */
export function recoverRequests(writer: Writer, notSent: PlacedView): void {
  const open = sql`state = 'placed' AND intent_id IS NULL AND client_order_id IS NOT NULL`
  writer.run(sql`
    UPDATE order_requests SET intent_id = (SELECT id FROM order_intents i WHERE i.client_order_id = order_requests.client_order_id) WHERE ${open}`)
  const direct = sql`SELECT a.id FROM accounts a JOIN trading_switches t ON t.connection_id = a.connection_id WHERE t.automation = 'direct'`
  writer.run(sql`
    UPDATE order_requests SET state = 'declined', not_sent = ${JSON.stringify(notSent)}
    WHERE ${open} OR (state = 'waiting' AND json_extract(ticket, '$.accountId') IN (${direct}))`)
}

export function linkRequest(writer: Writer, id: string, intentId: string): void {
  writer.run(sql`UPDATE order_requests SET intent_id = ${intentId} WHERE id = ${id}`)
}

/**
 * Forgets requests that ran out before a moment, answered or not. Of those with a `requestId` the last `ids` stay however old they look: a clock
 * that runs ahead for an hour would forget them all, and their programs could send the same orders again.
 */
export function pruneRequests(writer: Writer, before: Instant, { ids }: { readonly ids: number }): void {
  const last = sql`SELECT rowid FROM order_requests WHERE request_id IS NOT NULL ORDER BY rowid DESC LIMIT 1 OFFSET ${ids}`
  writer.run(sql`DELETE FROM order_requests WHERE expires_at < ${micros(before)} AND (request_id IS NULL OR rowid <= (${last}))`)
}

export function getRequest(reader: Reader, id: string): OrderRequest | null {
  const row = reader.get(sql`SELECT * FROM order_requests WHERE id = ${id}`)
  return row ? toRequest(row) : null
}

/** The request a program gave this id to. */
export function requestCalled(reader: Reader, requestId: string): OrderRequest | null {
  const row = reader.get(sql`SELECT * FROM order_requests WHERE request_id = ${requestId}`)
  return row ? toRequest(row) : null
}

/** The newest first. */
export function listRequests(reader: Reader, limit: number): OrderRequest[] {
  return reader.all(sql`SELECT * FROM order_requests ORDER BY created_at DESC, id LIMIT ${limit}`).map(toRequest)
}

/** Those that wait for the user and have not run out, the newest first. */
export function waitingRequests(reader: Reader, now: Instant): OrderRequest[] {
  return reader.all(sql`SELECT * FROM order_requests WHERE state = 'waiting' AND expires_at > ${micros(now)} ORDER BY created_at DESC, id`).map(toRequest)
}

function toRequest(row: Row): OrderRequest {
  return {
    id: text(row, 'id'),
    requestId: textOrNull(row, 'request_id'),
    ticket: json<Ticket>(row, 'ticket'),
    from: text(row, 'source'),
    createdAt: instant(row, 'created_at'),
    expiresAt: instant(row, 'expires_at'),
    state: text<RequestState>(row, 'state'),
    intentId: textOrNull(row, 'intent_id'),
    clientOrderId: textOrNull(row, 'client_order_id'),
    notSent: row['not_sent'] === null ? null : json<PlacedView>(row, 'not_sent'),
  }
}
