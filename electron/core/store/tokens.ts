import type { TokenLife } from '../../../shared/domain/connection.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { Reader, Row, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { instant, instantOrNull, integer, micros, microsOrNull, text } from './cells.ts'

/** A sign-in's life and how often its tokens were replaced. The tokens themselves are in the secrets. */
export interface StoredToken {
  readonly generation: number
  readonly life: TokenLife
}

/** A refresh that was begun and whose end is not known yet. */
export interface RefreshIntent {
  readonly connectionId: ConnectionId
  /** The generation of the refresh token that is presented. */
  readonly generation: number
  readonly startedAt: Instant
  readonly attempts: number
}

export function readToken(reader: Reader, connectionId: ConnectionId): StoredToken | null {
  const row = reader.get(
    sql`SELECT generation, obtained_at, expires_at, sign_in_by, refreshable FROM tokens WHERE connection_id = ${connectionId}`,
  )
  if (!row) return null
  const life = {
    obtainedAt: instant(row, 'obtained_at'),
    expiresAt: instantOrNull(row, 'expires_at'),
    signInBy: instantOrNull(row, 'sign_in_by'),
    refreshable: integer(row, 'refreshable') === 1,
  }
  return { generation: integer(row, 'generation'), life }
}

export function writeToken(writer: Writer, connectionId: ConnectionId, { generation, life }: StoredToken): void {
  writer.run(sql`
    INSERT INTO tokens (connection_id, generation, obtained_at, expires_at, sign_in_by, refreshable)
    VALUES (${connectionId}, ${generation}, ${micros(life.obtainedAt)}, ${microsOrNull(life.expiresAt)}, ${microsOrNull(life.signInBy)},
      ${life.refreshable ? 1 : 0})
    ON CONFLICT (connection_id) DO UPDATE SET generation = excluded.generation, obtained_at = excluded.obtained_at,
      expires_at = excluded.expires_at, sign_in_by = excluded.sign_in_by, refreshable = excluded.refreshable`)
}

export function deleteToken(writer: Writer, connectionId: ConnectionId): void {
  writer.run(sql`DELETE FROM tokens WHERE connection_id = ${connectionId}`)
}

/** The refresh under way on a connection; null when none is. */
export function readIntent(reader: Reader, connectionId: ConnectionId): RefreshIntent | null {
  const row = reader.get(sql`SELECT * FROM refresh_intents WHERE connection_id = ${connectionId}`)
  return row ? toIntent(row) : null
}

/** Every refresh whose end is not known, for recovery at start. */
export function listIntents(reader: Reader): RefreshIntent[] {
  return reader.all(sql`SELECT * FROM refresh_intents ORDER BY started_at, connection_id`).map(toIntent)
}

export function putIntent(writer: Writer, intent: RefreshIntent): void {
  writer.run(sql`
    INSERT OR REPLACE INTO refresh_intents (connection_id, generation, started_at, attempts)
    VALUES (${intent.connectionId}, ${intent.generation}, ${micros(intent.startedAt)}, ${intent.attempts})`)
}

export function deleteIntent(writer: Writer, connectionId: ConnectionId): void {
  writer.run(sql`DELETE FROM refresh_intents WHERE connection_id = ${connectionId}`)
}

function toIntent(row: Row): RefreshIntent {
  return {
    connectionId: text<ConnectionId>(row, 'connection_id'),
    generation: integer(row, 'generation'),
    startedAt: instant(row, 'started_at'),
    attempts: integer(row, 'attempts'),
  }
}
