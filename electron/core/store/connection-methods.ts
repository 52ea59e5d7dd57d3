import type { ErrorView } from '../../../shared/contract/errors.ts'
import type { Method } from '../../../shared/domain/broker.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { Reader, Row, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { instant, instantOrNull, json, micros, microsOrNull, text } from './cells.ts'

/** What was typed for a way in that is no secret, by field name. */
export type MethodSettings = Readonly<Record<string, string>>

/** One way in of a connection. */
export interface StoredMethod {
  readonly method: Method
  readonly settings: MethodSettings
  readonly addedAt: Instant
  /** Why this way in does not work at present; null when it does, as far as known. */
  readonly trouble: ErrorView | null
  /** When what was typed stops working; null when nobody said. */
  readonly expiresAt: Instant | null
}

/** The ways in of a connection, in the order they were added. */
export function methodsOf(reader: Reader, id: ConnectionId): StoredMethod[] {
  return reader.all(sql`SELECT * FROM connection_methods WHERE connection_id = ${id} ORDER BY added_at, method`).map(toMethod)
}

/** Adds a way in, or renews it: settings and end are replaced, its trouble is over. */
export function putMethod(writer: Writer, id: ConnectionId, { method, settings, addedAt, expiresAt }: Omit<StoredMethod, 'trouble'>): void {
  writer.run(sql`
    INSERT INTO connection_methods (connection_id, method, settings, added_at, expires_at)
    VALUES (${id}, ${method}, ${JSON.stringify(settings)}, ${micros(addedAt)}, ${microsOrNull(expiresAt)})
    ON CONFLICT (connection_id, method) DO UPDATE SET settings = excluded.settings, expires_at = excluded.expires_at, trouble = NULL`)
}

export function setMethodSettings(writer: Writer, id: ConnectionId, method: Method, settings: MethodSettings): void {
  writer.run(sql`UPDATE connection_methods SET settings = ${JSON.stringify(settings)} WHERE connection_id = ${id} AND method = ${method}`)
}

/** Notes why a way in does not work, or that it does (null). */
export function setMethodTrouble(writer: Writer, id: ConnectionId, method: Method, trouble: ErrorView | null): void {
  const stored = trouble === null ? null : JSON.stringify(trouble)
  writer.run(sql`UPDATE connection_methods SET trouble = ${stored} WHERE connection_id = ${id} AND method = ${method}`)
}

export function deleteMethod(writer: Writer, id: ConnectionId, method: Method): void {
  writer.run(sql`DELETE FROM connection_methods WHERE connection_id = ${id} AND method = ${method}`)
}

function toMethod(row: Row): StoredMethod {
  return {
    method: text<Method>(row, 'method'),
    settings: json<Record<string, string>>(row, 'settings'),
    addedAt: instant(row, 'added_at'),
    trouble: row['trouble'] === null ? null : json<ErrorView>(row, 'trouble'),
    expiresAt: instantOrNull(row, 'expires_at'),
  }
}
