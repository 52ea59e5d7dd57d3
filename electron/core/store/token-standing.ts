import { AppError, type ErrorDetails, isErrorCode, toErrorView } from '../../../shared/contract/errors.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { Reader, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { instantOrNull, integer, json, micros, microsOrNull, text } from './cells.ts'

/** How the renewal of a sign-in went last; it outlives the process. */
export interface StoredStanding {
  /** False once a sign-in is needed. */
  readonly isValid: boolean
  readonly lastAttemptAt: Instant | null
  /** Why the last attempt failed; null after one that worked. */
  readonly lastError: AppError | null
  /** Failures in a row. */
  readonly failures: number
  /** When the background may try again; null when nothing is waited for. */
  readonly retryAt: Instant | null
}

/** An error as it is kept: its sentence for whoever reads the file, its parts to say it again. */
interface KeptError {
  readonly code: string
  readonly message: string
  readonly details: ErrorDetails
  readonly retryAfterMs?: number
  readonly brokerSays?: string
}

/** Null when the connection has no tokens. */
export function readStanding(reader: Reader, connectionId: ConnectionId): StoredStanding | null {
  const row = reader.get(sql`
    SELECT is_valid, last_refresh_attempt, last_refresh_error, refresh_failures, retry_at FROM tokens WHERE connection_id = ${connectionId}`)
  if (!row) return null
  return {
    isValid: integer(row, 'is_valid') === 1,
    lastAttemptAt: instantOrNull(row, 'last_refresh_attempt'),
    lastError: row['last_refresh_error'] === null ? null : toError(json<KeptError>(row, 'last_refresh_error')),
    failures: integer(row, 'refresh_failures'),
    retryAt: instantOrNull(row, 'retry_at'),
  }
}

/** Notes an attempt that failed; `startedAt` is null when nothing was asked. */
export function noteFailure(
  writer: Writer,
  connectionId: ConnectionId,
  { startedAt, error, failures, retryAt }: { startedAt: Instant | null; error: AppError; failures: number; retryAt: Instant | null },
): void {
  writer.run(sql`
    UPDATE tokens SET last_refresh_attempt = coalesce(${microsOrNull(startedAt)}, last_refresh_attempt), last_refresh_error = ${keptText(error)},
      refresh_failures = ${failures}, retry_at = ${microsOrNull(retryAt)}
    WHERE connection_id = ${connectionId}`)
}

/** Notes that the sign-in works: after an attempt, or with new tokens (null). */
export function noteSuccess(writer: Writer, connectionId: ConnectionId, startedAt: Instant | null): void {
  writer.run(sql`
    UPDATE tokens SET is_valid = 1, last_refresh_attempt = coalesce(${microsOrNull(startedAt)}, last_refresh_attempt), last_refresh_error = NULL,
      refresh_failures = 0, retry_at = NULL
    WHERE connection_id = ${connectionId}`)
}

/** Notes that a sign-in is needed. */
export function noteEnd(writer: Writer, connectionId: ConnectionId): void {
  writer.run(sql`UPDATE tokens SET is_valid = 0, retry_at = NULL WHERE connection_id = ${connectionId}`)
}

/** Connections whose access token ends before a moment, the earliest first; those that cannot be renewed are left out. */
export function tokensEndingBefore(reader: Reader, end: Instant): ConnectionId[] {
  return reader
    .all(sql`SELECT connection_id FROM tokens WHERE refreshable = 1 AND expires_at <= ${micros(end)} ORDER BY expires_at, connection_id`)
    .map(row => text<ConnectionId>(row, 'connection_id'))
}

function keptText(error: AppError): string {
  const { code, message, retryAfterMs, brokerSays } = toErrorView(error)
  const kept: KeptError = {
    code,
    message,
    details: error.details,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(brokerSays === undefined ? {} : { brokerSays }),
  }
  return JSON.stringify(kept)
}

function toError({ code, details, retryAfterMs, brokerSays }: KeptError): AppError {
  const rest = { details, brokerSays, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
  return isErrorCode(code) ? new AppError(code, rest) : new AppError('app/internal')
}
