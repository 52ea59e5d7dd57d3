import type { ErrorView } from '../../../shared/contract/errors.ts'
import type { BrokerId, Environment, Method } from '../../../shared/domain/broker.ts'
import type { Connection, ConnectionState, SignInReason } from '../../../shared/domain/connection.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { Reader, Row, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { instant, instantOrNull, integer, json, micros, microsOrNull, text } from './cells.ts'
import { putMethod } from './connection-methods.ts'

export interface StoredConnection extends Connection {
  /** The user's own name for it; empty for none. */
  readonly label: string
  /** The one that comes first everywhere. */
  readonly primary: boolean
}

/** Connections that were not removed: the primary one first, then the oldest. */
export function listConnections(reader: Reader): StoredConnection[] {
  return reader.all(sql`SELECT * FROM connections WHERE removed_at IS NULL ORDER BY is_primary DESC, created_at, id`).map(toConnection)
}

/** One connection; null when it does not exist or was removed. */
export function getConnection(reader: Reader, id: ConnectionId): StoredConnection | null {
  const row = reader.get(sql`SELECT * FROM connections WHERE id = ${id} AND removed_at IS NULL`)
  return row ? toConnection(row) : null
}

/** Saves a new connection with the way in it was made by. */
export function insertConnection(writer: Writer, connection: Connection): void {
  const { id, state, method, createdAt } = connection
  writer.tx(() => {
    writer.run(sql`
      INSERT INTO connections (id, broker, environment, method, state, state_reason, state_since, scopes, consented_at, created_at)
      VALUES (${id}, ${connection.broker}, ${connection.environment}, ${method}, ${state.kind}, ${reasonOf(state)},
        ${sinceOf(state)}, ${JSON.stringify(connection.scopes)}, ${microsOrNull(connection.consentedAt)}, ${micros(createdAt)})`)
    putMethod(writer, id, { method, settings: {}, addedAt: createdAt, expiresAt: null })
  })
}

/** Names the way in that comes first. */
export function setFirstMethod(writer: Writer, id: ConnectionId, method: Method): void {
  writer.run(sql`UPDATE connections SET method = ${method} WHERE id = ${id}`)
}

export function setLabel(writer: Writer, id: ConnectionId, label: string): void {
  writer.run(sql`UPDATE connections SET label = ${label} WHERE id = ${id}`)
}

/** Makes one connection the primary one and every other not. */
export function setPrimary(writer: Writer, id: ConnectionId): void {
  writer.run(sql`UPDATE connections SET is_primary = CASE WHEN id = ${id} THEN 1 ELSE 0 END WHERE is_primary = 1 OR id = ${id}`)
}

export function setConnectionState(writer: Writer, id: ConnectionId, state: ConnectionState): void {
  writer.run(
    sql`UPDATE connections SET state = ${state.kind}, state_reason = ${reasonOf(state)}, state_since = ${sinceOf(state)} WHERE id = ${id}`,
  )
}

/** Notes a passing problem, or that it has passed (null). */
export function setTrouble(writer: Writer, id: ConnectionId, trouble: ErrorView | null): void {
  writer.run(sql`UPDATE connections SET trouble = ${trouble === null ? null : JSON.stringify(trouble)} WHERE id = ${id}`)
}

/** The passing problem of a connection; null when there is none. */
export function getTrouble(reader: Reader, id: ConnectionId): ErrorView | null {
  const row = reader.get(sql`SELECT trouble FROM connections WHERE id = ${id}`)
  return row && row['trouble'] !== null ? json<ErrorView>(row, 'trouble') : null
}

/** Notes what the user agreed to and when. */
export function setConsent(writer: Writer, id: ConnectionId, consent: { readonly scopes: readonly string[]; readonly at: Instant }): void {
  writer.run(sql`UPDATE connections SET scopes = ${JSON.stringify(consent.scopes)}, consented_at = ${micros(consent.at)} WHERE id = ${id}`)
}

/** Takes a connection off the list. Its accounts and their history stay. */
export function removeConnection(writer: Writer, id: ConnectionId, at: Instant): void {
  writer.run(sql`UPDATE connections SET removed_at = ${micros(at)}, trouble = NULL, is_primary = 0 WHERE id = ${id} AND removed_at IS NULL`)
}

function reasonOf(state: ConnectionState): string | null {
  return state.kind === 'needs-sign-in' ? state.because : null
}

function sinceOf(state: ConnectionState): number | null {
  return state.kind === 'needs-sign-in' ? micros(state.since) : null
}

function toConnection(row: Row): StoredConnection {
  const state: ConnectionState =
    text(row, 'state') === 'connected'
      ? { kind: 'connected' }
      : { kind: 'needs-sign-in', because: text<SignInReason>(row, 'state_reason'), since: instant(row, 'state_since') }
  return {
    id: text<ConnectionId>(row, 'id'),
    broker: text<BrokerId>(row, 'broker'),
    environment: text<Environment>(row, 'environment'),
    method: text<Method>(row, 'method'),
    state,
    createdAt: instant(row, 'created_at'),
    consentedAt: instantOrNull(row, 'consented_at'),
    scopes: json<string[]>(row, 'scopes'),
    label: text(row, 'label'),
    primary: integer(row, 'is_primary') === 1,
  }
}
