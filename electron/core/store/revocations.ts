import type { BrokerId, Environment } from '../../../shared/domain/broker.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { Reader, Row, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { instant, instantOrNull, integer, micros, microsOrNull, text, textOrNull } from './cells.ts'

/** An access that ended here and has still to be ended at its broker. */
export interface StoredRevocation {
  readonly id: string
  readonly connectionId: ConnectionId
  readonly broker: BrokerId
  readonly environment: Environment
  readonly createdAt: Instant
  readonly attempts: number
  /** When the broker is asked again; null while nothing is planned. */
  readonly nextAt: Instant | null
  /** The code of the last failure. */
  readonly lastError: string | null
}

export function insertRevocation(
  writer: Writer,
  { id, connectionId, broker, environment, createdAt }: Omit<StoredRevocation, 'attempts' | 'nextAt' | 'lastError'>,
): void {
  writer.run(sql`
    INSERT INTO revocations (id, connection_id, broker, environment, created_at, attempts, next_at)
    VALUES (${id}, ${connectionId}, ${broker}, ${environment}, ${micros(createdAt)}, 0, ${micros(createdAt)})`)
}

/** Those that are not over, the oldest first. */
export function listRevocations(reader: Reader): StoredRevocation[] {
  return reader.all(sql`SELECT * FROM revocations WHERE ended_at IS NULL ORDER BY created_at, id`).map(toRevocation)
}

/** Null for one that is over. */
export function readRevocation(reader: Reader, id: string): StoredRevocation | null {
  const row = reader.get(sql`SELECT * FROM revocations WHERE id = ${id} AND ended_at IS NULL`)
  return row ? toRevocation(row) : null
}

/** Notes a try that did not end it. */
export function noteRevocationTry(
  writer: Writer,
  id: string,
  { nextAt, error }: { readonly nextAt: Instant | null; readonly error: string | null },
): void {
  writer.run(sql`UPDATE revocations SET attempts = attempts + 1, next_at = ${microsOrNull(nextAt)}, last_error = ${error} WHERE id = ${id}`)
}

/** It is over: `done` at the broker, `stopped` by the user, or `given-up` after a week. */
export function endRevocation(writer: Writer, id: string, outcome: 'done' | 'stopped' | 'given-up', at: Instant): void {
  writer.run(sql`UPDATE revocations SET ended_at = ${micros(at)}, outcome = ${outcome}, next_at = NULL WHERE id = ${id}`)
}

function toRevocation(row: Row): StoredRevocation {
  return {
    id: text(row, 'id'),
    connectionId: text<ConnectionId>(row, 'connection_id'),
    broker: text<BrokerId>(row, 'broker'),
    environment: text<Environment>(row, 'environment'),
    createdAt: instant(row, 'created_at'),
    attempts: integer(row, 'attempts'),
    nextAt: instantOrNull(row, 'next_at'),
    lastError: textOrNull(row, 'last_error'),
  }
}
