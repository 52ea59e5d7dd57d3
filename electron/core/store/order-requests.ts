import type { Ticket } from '../../../shared/contract/orders.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { Reader, Row, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { instant, json, micros, text, textOrNull } from './cells.ts'

export type RequestState = 'waiting' | 'placed' | 'declined'

/** An order a program asks for. One that waits past its end has run out. */
export interface OrderRequest {
  readonly id: string
  readonly ticket: Ticket
  readonly from: string
  readonly createdAt: Instant
  readonly expiresAt: Instant
  readonly state: RequestState
  readonly intentId: string | null
}

export function insertRequest(writer: Writer, { id, ticket, from, createdAt, expiresAt }: Omit<OrderRequest, 'state' | 'intentId'>): void {
  writer.run(sql`
    INSERT INTO order_requests (id, ticket, source, created_at, expires_at, state)
    VALUES (${id}, ${JSON.stringify(ticket)}, ${from}, ${micros(createdAt)}, ${micros(expiresAt)}, 'waiting')`)
}

/** Answers a request that still waits; false when somebody did before, or it ran out. */
export function answerRequest(writer: Writer, id: string, state: Exclude<RequestState, 'waiting'>, now: Instant): boolean {
  return (
    writer.run(sql`UPDATE order_requests SET state = ${state} WHERE id = ${id} AND state = 'waiting' AND expires_at > ${micros(now)}`)
      .changes === 1
  )
}

/** Takes an answer back, of which nothing came. */
export function reviseRequest(writer: Writer, id: string, state: RequestState): void {
  writer.run(sql`UPDATE order_requests SET state = ${state} WHERE id = ${id} AND intent_id IS NULL`)
}

export function linkRequest(writer: Writer, id: string, intentId: string): void {
  writer.run(sql`UPDATE order_requests SET intent_id = ${intentId} WHERE id = ${id}`)
}

/** Forgets requests that ran out before a moment, answered or not. */
export function pruneRequests(writer: Writer, before: Instant): void {
  writer.run(sql`DELETE FROM order_requests WHERE expires_at < ${micros(before)}`)
}

export function getRequest(reader: Reader, id: string): OrderRequest | null {
  const row = reader.get(sql`SELECT * FROM order_requests WHERE id = ${id}`)
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
    ticket: json<Ticket>(row, 'ticket'),
    from: text(row, 'source'),
    createdAt: instant(row, 'created_at'),
    expiresAt: instant(row, 'expires_at'),
    state: text<RequestState>(row, 'state'),
    intentId: textOrNull(row, 'intent_id'),
  }
}
