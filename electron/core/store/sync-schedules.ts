import type { ConnectionId } from '../../../shared/domain/ids.ts'
import {
  DEFAULT_SCHEDULE,
  isQuietHours,
  type QuietHours,
  type SyncInterval,
  type SyncSchedule,
} from '../../../shared/domain/sync-schedule.ts'
import type { Reader, Row, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { integer, json, text } from './cells.ts'

/** The schedules the user chose; connections without one follow the default. */
export function listSchedules(reader: Reader): Map<ConnectionId, SyncSchedule> {
  return new Map(reader.all(sql`SELECT * FROM sync_schedules`).map(row => [text<ConnectionId>(row, 'connection_id'), toSchedule(row)]))
}

export function scheduleOf(reader: Reader, connectionId: ConnectionId): SyncSchedule {
  const row = reader.get(sql`SELECT * FROM sync_schedules WHERE connection_id = ${connectionId}`)
  return row ? toSchedule(row) : DEFAULT_SCHEDULE
}

export function saveSchedule(writer: Writer, connectionId: ConnectionId, { every, marketHours }: SyncSchedule): void {
  writer.run(sql`
    INSERT INTO sync_schedules (connection_id, every, market_hours) VALUES (${connectionId}, ${every}, ${marketHours ? 1 : 0})
      ON CONFLICT (connection_id) DO UPDATE SET every = excluded.every, market_hours = excluded.market_hours`)
}

/** The quiet hours of all connections; null for none, and for some in a zone this machine does not know any more. */
export function readQuietHours(reader: Reader): QuietHours | null {
  const row = reader.get(sql`SELECT value FROM meta WHERE name = 'sync.quiet'`)
  const quiet = row ? json<QuietHours>(row, 'value') : null
  return quiet && isQuietHours(quiet) ? quiet : null
}

export function saveQuietHours(writer: Writer, quiet: QuietHours | null): void {
  if (quiet)
    writer.run(sql`
      INSERT INTO meta (name, value) VALUES ('sync.quiet', ${JSON.stringify(quiet)}) ON CONFLICT (name) DO UPDATE SET value = excluded.value`)
  else writer.run(sql`DELETE FROM meta WHERE name = 'sync.quiet'`)
}

function toSchedule(row: Row): SyncSchedule {
  return { every: text<SyncInterval>(row, 'every'), marketHours: integer(row, 'market_hours') === 1 }
}
