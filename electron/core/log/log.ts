import type { Clock, LogLevel, LogSink } from '../ports.ts'
import type { Secret } from '../vault/secret.ts'
import { createRedactor, type Redactor } from './redact.ts'

export type LogFields = Readonly<Record<string, unknown>>

/** Events with fields. Everything passes the redactor before it reaches the sink; a failing sink never fails the caller. */
export interface Log {
  debug(event: string, fields?: LogFields): void
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
  /** Registers a live secret: its value shows as `[secret]` from now on, whatever field or sentence it turns up in. */
  guard(secret: Secret | string): void
}

/** A log that writes redacted records to `sink`. Field values may be anything; they arrive as text, numbers, booleans or null. */
export function createLog(sink: LogSink, clock: Pick<Clock, 'now'>, redactor: Redactor = createRedactor()): Log {
  const write =
    (level: LogLevel) =>
    (event: string, fields: LogFields = {}): void => {
      try {
        sink({ at: clock.now(), level, event, fields: redactor.fields(fields) })
      } catch {
        // Losing a line is better than losing the work it describes.
      }
    }
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error'), guard: secret => redactor.guard(secret) }
}
