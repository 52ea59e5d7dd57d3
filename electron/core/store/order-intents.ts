import type { ErrorView } from '../../../shared/contract/errors.ts'
import type { OUTCOMES, Ticket } from '../../../shared/contract/orders.ts'
import type { Environment } from '../../../shared/domain/broker.ts'
import type { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId, ConnectionId } from '../../../shared/domain/ids.ts'
import type { OrderDraft } from '../../../shared/domain/order.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Reader, Row, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { dropTradingSwitch } from './trading-switches.ts'
import { instant, instantOrNull, integer, json, micros, microsOrNull, text, textOrNull } from './cells.ts'

const DAY_MS = 86_400_000

/** What `noteYearRead` of the orders keeps begins with this, before the id of an account. */
export const YEAR_READ = 'orders.year-read:'

export type Outcome = (typeof OUTCOMES)[number]
export type IntentKind = 'place' | 'replace' | 'cancel'

/** What was about to be sent, written down before it was, and what became of it. */
export interface Intent {
  readonly id: string
  readonly accountId: AccountId
  readonly connectionId: ConnectionId
  readonly environment: Environment
  readonly kind: IntentKind
  readonly clientOrderId: string
  /** Null for a cancellation. */
  readonly draft: OrderDraft | null
  readonly ticket: Ticket | null
  /** Of exactly what was reviewed. */
  readonly hash: string
  /** The broker's id of the order that is replaced or canceled. */
  readonly target: string | null
  readonly outcome: Outcome
  readonly externalId: string | null
  readonly status: string | null
  readonly error: ErrorView | null
  readonly createdAt: Instant
  readonly sentAt: Instant | null
  readonly settledAt: Instant | null
  /** How many times in a row the broker's full history did not have it. */
  readonly looks: number
  readonly nextLookAt: Instant | null
  /** What was held of its symbol for sure when it was written down; null, or left out, where nobody noted that. */
  readonly held?: Dec | null
  /** Of a change: nothing its broker tells of the order says whether it arrived. */
  readonly isUnseen?: boolean
}

/** Whether its broker refused it: then there is its answer, or the error it refused with. What the user saw of one in doubt has neither. */
export function isRefusedByBroker({ outcome, status, error }: Pick<Intent, 'outcome' | 'status' | 'error'>): boolean {
  return outcome === 'rejected' && (status !== null || error !== null)
}

export type NewIntent = Omit<Intent, 'outcome' | 'externalId' | 'status' | 'error' | 'settledAt' | 'looks' | 'nextLookAt'>

/** Writes an intent down as being sent. The client order id is unique: a second one with it throws. */
export function insertIntent(writer: Writer, intent: NewIntent): void {
  const {
    id,
    accountId,
    connectionId,
    environment,
    kind,
    clientOrderId,
    draft,
    ticket,
    hash,
    target,
    createdAt,
    sentAt,
    held = null,
    isUnseen = false,
  } = intent
  writer.run(sql`
    INSERT INTO order_intents (id, account_id, connection_id, environment, kind, client_order_id, draft, hash, target, outcome, created_at, sent_at)
    VALUES (${id}, ${accountId}, ${connectionId}, ${environment}, ${kind}, ${clientOrderId}, ${JSON.stringify({ draft, ticket, held, isUnseen })}, ${hash}, ${target},
      'sending', ${micros(createdAt)}, ${microsOrNull(sentAt)})`)
}

export interface Settlement {
  readonly outcome: Outcome
  readonly externalId: string | null
  readonly status: string | null
  readonly error: ErrorView | null
  readonly at: Instant
}

/** Notes what became of an intent. */
export function settleIntent(writer: Writer, id: string, { outcome, externalId, status, error, at }: Settlement): void {
  const isOpen = outcome === 'unknown' || outcome === 'sending'
  writer.run(sql`
    UPDATE order_intents SET outcome = ${outcome}, external_id = ${externalId}, status = ${status}, error = ${error === null ? null : JSON.stringify(error)},
      settled_at = ${isOpen ? null : micros(at)}, next_look_at = ${isOpen ? micros(at) : null}
    WHERE id = ${id}`)
}

/** Notes a look that did not settle it. */
export function noteLook(
  writer: Writer,
  id: string,
  { looks, nextLookAt }: { readonly looks: number; readonly nextLookAt: Instant },
): void {
  writer.run(sql`UPDATE order_intents SET looks = ${looks}, next_look_at = ${micros(nextLookAt)} WHERE id = ${id}`)
}

export function getIntent(reader: Reader, id: string): Intent | null {
  const row = reader.get(sql`SELECT * FROM order_intents WHERE id = ${id}`)
  return row ? toIntent(row) : null
}

/** Those of which nobody knows what became of them, oldest first. */
export function openIntents(reader: Reader): Intent[] {
  return reader.all(sql`SELECT * FROM order_intents WHERE outcome IN ('sending', 'unknown') ORDER BY created_at`).map(toIntent)
}

/** New and changed orders of one account or of all that may have reached a broker, from a moment on. */
export function sentSince(reader: Reader, from: Instant, accountId?: AccountId): Intent[] {
  const where = accountId === undefined ? sql`` : sql`AND account_id = ${accountId}`
  return reader
    .all(
      sql`SELECT * FROM order_intents WHERE kind <> 'cancel' AND outcome <> 'not-sent' AND created_at >= ${micros(from)} ${where} ORDER BY created_at`,
    )
    .map(toIntent)
}

/** The intent that made an order; null for an order of somebody else's. */
export function intentOfOrder(reader: Reader, accountId: AccountId, externalId: string): Intent | null {
  const row = reader.get(sql`
    SELECT * FROM order_intents WHERE account_id = ${accountId} AND external_id = ${externalId} AND kind <> 'cancel' ORDER BY created_at DESC LIMIT 1`)
  return row ? toIntent(row) : null
}

export function intentByClientId(reader: Reader, clientOrderId: string): Intent | null {
  const row = reader.get(sql`SELECT * FROM order_intents WHERE client_order_id = ${clientOrderId}`)
  return row ? toIntent(row) : null
}

/**
 * Forgets what is shown of the orders of a connection's accounts, entered before a moment and more than a day before its last one. What was sent since goes on counting, what is in
 * doubt goes on being in doubt, limits hold on, and the log of orders keeps its own. To be called before the accounts get other ids.
 */
export function forgetOrders(
  writer: Writer,
  connectionId: ConnectionId,
  { before, at }: { readonly before: Instant; readonly at: Instant },
): void {
  const accounts = sql`SELECT id FROM accounts WHERE connection_id = ${connectionId}`
  writer.run(sql`DELETE FROM order_events WHERE account_id IN (${accounts})`)
  writer.run(sql`DELETE FROM meta WHERE name IN (SELECT ${YEAR_READ} || id FROM (${accounts}))`)
  // By a clock that was set ahead all of the day would be old: a day before the newest of them is not.
  const newest = writer.get(sql`SELECT max(created_at) AS at FROM order_intents WHERE connection_id = ${connectionId}`)
  const last = newest ? instantOrNull(newest, 'at') : null
  const until = last === null ? before : Instant.earliest(before, Instant.plus(last, -DAY_MS))
  writer.run(
    sql`DELETE FROM order_intents WHERE connection_id = ${connectionId} AND outcome NOT IN ('sending', 'unknown') AND created_at < ${micros(until)}`,
  )
  dropTradingSwitch(writer, connectionId, at)
}

function toIntent(row: Row): Intent {
  const { draft, ticket, held = null, isUnseen = false } = json<Pick<Intent, 'draft' | 'ticket' | 'held' | 'isUnseen'>>(row, 'draft')
  return {
    id: text(row, 'id'),
    accountId: text<AccountId>(row, 'account_id'),
    connectionId: text<ConnectionId>(row, 'connection_id'),
    environment: text<Environment>(row, 'environment'),
    kind: text<IntentKind>(row, 'kind'),
    clientOrderId: text(row, 'client_order_id'),
    draft,
    ticket,
    hash: text(row, 'hash'),
    target: textOrNull(row, 'target'),
    outcome: text<Outcome>(row, 'outcome'),
    externalId: textOrNull(row, 'external_id'),
    status: textOrNull(row, 'status'),
    error: row['error'] === null ? null : json<ErrorView>(row, 'error'),
    createdAt: instant(row, 'created_at'),
    sentAt: instantOrNull(row, 'sent_at'),
    settledAt: instantOrNull(row, 'settled_at'),
    looks: integer(row, 'looks'),
    nextLookAt: instantOrNull(row, 'next_look_at'),
    held,
    ...(isUnseen ? { isUnseen } : {}),
  }
}
