import type { BrokerId, Environment } from '../../../shared/domain/broker.ts'
import type { Reader, Row, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { integer, json, text } from './cells.ts'

/** Whose calls are counted together. */
export interface CallKey {
  readonly broker: BrokerId
  readonly environment: Environment
  readonly host: string
}

export interface CallCounts {
  readonly calls: number
  readonly failed: number
  readonly limited: number
  readonly bytes: number
  /** Counts by bands of duration. */
  readonly histogram: readonly number[]
}

/** The calls of one hour, numbered from 1970 in UTC. */
export interface CallHour extends CallKey, CallCounts {
  readonly hour: number
}

const PRUNE_AT_ONCE = 2000

/** Adds the calls of an hour to what is stored of it. */
export function addCalls(writer: Writer, more: CallHour, merge: (a: readonly number[], b: readonly number[]) => readonly number[]): void {
  const { hour, broker, environment, host } = more
  const row = writer.get(
    sql`SELECT * FROM metric_calls WHERE hour = ${hour} AND broker = ${broker} AND environment = ${environment} AND host = ${host}`,
  )
  const before = row && toHour(row)
  writer.run(sql`
    INSERT OR REPLACE INTO metric_calls (hour, broker, environment, host, calls, failed, limited, bytes, histogram)
    VALUES (${hour}, ${broker}, ${environment}, ${host}, ${more.calls + (before?.calls ?? 0)}, ${more.failed + (before?.failed ?? 0)},
      ${more.limited + (before?.limited ?? 0)}, ${more.bytes + (before?.bytes ?? 0)},
      ${JSON.stringify(before ? merge(before.histogram, more.histogram) : more.histogram)})`)
}

/** The calls of a stretch of hours, both included. */
export function callHours(reader: Reader, from: number, to: number): CallHour[] {
  return reader
    .all(sql`SELECT * FROM metric_calls WHERE hour >= ${from} AND hour <= ${to} ORDER BY hour, broker, environment, host`)
    .map(toHour)
}

/** Takes hours from before one away, some thousand rows at most. */
export function pruneCalls(writer: Writer, before: number): void {
  writer.run(sql`
    DELETE FROM metric_calls WHERE (hour, broker, environment, host) IN
      (SELECT hour, broker, environment, host FROM metric_calls WHERE hour < ${before} ORDER BY hour LIMIT ${PRUNE_AT_ONCE})`)
}

function toHour(row: Row): CallHour {
  return {
    hour: integer(row, 'hour'),
    broker: text<BrokerId>(row, 'broker'),
    environment: text<Environment>(row, 'environment'),
    host: text(row, 'host'),
    calls: integer(row, 'calls'),
    failed: integer(row, 'failed'),
    limited: integer(row, 'limited'),
    bytes: integer(row, 'bytes'),
    histogram: json<number[]>(row, 'histogram'),
  }
}
