import { AppError, toErrorView } from '../../../shared/contract/errors.ts'
import type { SyncResult } from '../../../shared/contract/schemas.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { Reader, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { instant, integer, json, micros, text } from './cells.ts'

/** Runs kept for each connection. */
const KEEP = 50

/** Notes that a sync begins; answers the run's number. Long past runs of the connection are dropped. */
export function startRun(writer: Writer, connectionId: ConnectionId, at: Instant): number {
  return writer.tx(() => {
    writer.run(sql`
      DELETE FROM sync_runs WHERE connection_id = ${connectionId} AND id NOT IN
        (SELECT id FROM sync_runs WHERE connection_id = ${connectionId} ORDER BY id DESC LIMIT ${KEEP - 1})`)
    const row = writer.get(sql`INSERT INTO sync_runs (connection_id, started_at) VALUES (${connectionId}, ${micros(at)}) RETURNING id`)
    return row ? integer(row, 'id') : 0
  })
}

/** Notes how a run ended. */
export function finishRun(writer: Writer, runId: number, result: SyncResult): void {
  writer.run(sql`
    UPDATE sync_runs SET finished_at = ${micros(result.finishedAt)}, result = ${result.result},
      error = ${result.error === null ? null : JSON.stringify(result.error)}, accounts = ${JSON.stringify(result.accounts)} WHERE id = ${runId}`)
}

/** The last run of a connection that ended; null when there is none. */
export function lastRun(reader: Reader, connectionId: ConnectionId): SyncResult | null {
  const row = reader.get(sql`
    SELECT * FROM sync_runs WHERE connection_id = ${connectionId} AND finished_at IS NOT NULL ORDER BY id DESC LIMIT 1`)
  if (!row) return null
  return {
    result: text<SyncResult['result']>(row, 'result'),
    connectionId: text<ConnectionId>(row, 'connection_id'),
    startedAt: instant(row, 'started_at'),
    finishedAt: instant(row, 'finished_at'),
    error: row['error'] === null ? null : json<SyncResult['error']>(row, 'error'),
    accounts: json<SyncResult['accounts']>(row, 'accounts'),
  }
}

/** Ends the runs a killed process left open. What they saved stays, and the next run goes on from there. Answers how many. */
export function abandonOpenRuns(writer: Writer, at: Instant): number {
  const error = JSON.stringify(toErrorView(new AppError('sync/interrupted')))
  return writer.run(sql`
    UPDATE sync_runs SET finished_at = ${micros(at)}, result = 'failed', error = ${error}, accounts = '[]' WHERE finished_at IS NULL`)
    .changes
}
