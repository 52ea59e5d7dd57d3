import type { Reader, Writer } from '../db/open.ts'
import { sql } from '../db/sql.ts'
import { text } from './cells.ts'

/** Whether background syncing is paused by the user. */
export function isSyncPaused(reader: Reader): boolean {
  const row = reader.get(sql`SELECT value FROM meta WHERE name = 'sync.paused'`)
  return row !== undefined && text(row, 'value') === '1'
}

export function setSyncPaused(writer: Writer, paused: boolean): void {
  const value = paused ? '1' : '0'
  writer.run(sql`INSERT INTO meta (name, value) VALUES ('sync.paused', ${value}) ON CONFLICT (name) DO UPDATE SET value = excluded.value`)
}
