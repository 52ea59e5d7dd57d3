import type { BrokerId, Environment, Method } from '../../../shared/domain/broker.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { MetricRun, RunKind, RunOutcome } from '../../../shared/domain/metric-run.ts'
import { Instant, type LocalDate, toLocalDate } from '../../../shared/domain/time.ts'
import type { Reader, Row, Writer } from '../db/connection.ts'
import { type Sql, sql } from '../db/sql.ts'
import { instant, integer, micros, text, textOrNull } from './cells.ts'

/** Which runs are meant; whatever is left out is not asked for. */
export interface RunFilter {
  readonly since: Instant
  readonly until: Instant
  readonly kinds?: readonly RunKind[] | undefined
  readonly broker?: BrokerId | undefined
  readonly environments?: readonly Environment[] | undefined
}

/** Runs that ended alike. */
export interface RunCount {
  readonly kind: RunKind
  readonly broker: BrokerId
  readonly environment: Environment
  readonly outcome: RunOutcome
  readonly runs: number
  readonly totalMs: number
  readonly rows: number
}

/** Old rows taken away at once: little enough for a wrong clock to do no harm that matters. */
const PRUNE_AT_ONCE = 2000

export function insertRun(writer: Writer, run: MetricRun): void {
  writer.run(sql`
    INSERT INTO metric_runs (at, kind, broker, environment, method, connection_id, outcome, class, duration_ms, rows)
    VALUES (${micros(run.at)}, ${run.kind}, ${run.broker}, ${run.environment}, ${run.method}, ${run.connectionId}, ${run.outcome},
      ${run.class}, ${run.durationMs}, ${run.rows})`)
}

/** Takes runs from before a moment away, some thousand at most. */
export function pruneRuns(writer: Writer, before: Instant): void {
  writer.run(
    sql`DELETE FROM metric_runs WHERE id IN (SELECT id FROM metric_runs WHERE at < ${micros(before)} ORDER BY at LIMIT ${PRUNE_AT_ONCE})`,
  )
}

/** How many runs ended how, by kind, broker and environment. */
export function countRuns(reader: Reader, filter: RunFilter): RunCount[] {
  return reader
    .all(
      sql`SELECT kind, broker, environment, outcome, COUNT(*) AS runs, SUM(duration_ms) AS total_ms, SUM(rows) AS rows
        FROM metric_runs WHERE ${within(filter)} GROUP BY kind, broker, environment, outcome ORDER BY broker, environment, kind, outcome`,
    )
    .map(row => ({
      kind: text<RunKind>(row, 'kind'),
      broker: text<BrokerId>(row, 'broker'),
      environment: text<Environment>(row, 'environment'),
      outcome: text<RunOutcome>(row, 'outcome'),
      runs: integer(row, 'runs'),
      totalMs: integer(row, 'total_ms'),
      rows: integer(row, 'rows'),
    }))
}

/** How many runs ended by themselves, and how many of them came back whole. */
export function countWhole(reader: Reader, filter: RunFilter): { readonly runs: number; readonly whole: number } {
  const row = reader.get(
    sql`SELECT COALESCE(SUM(outcome <> 'canceled'), 0) AS runs, COALESCE(SUM(outcome = 'success'), 0) AS whole FROM metric_runs WHERE ${within(filter)}`,
  )
  return row ? { runs: integer(row, 'runs'), whole: integer(row, 'whole') } : { runs: 0, whole: 0 }
}

/** The duration that many of the runs stayed within, counted from the shortest (1 is the shortest); canceled runs are left out. */
export function durationAt(reader: Reader, filter: RunFilter, rank: number): number | null {
  const row = reader.get(
    sql`SELECT duration_ms FROM metric_runs WHERE ${within(filter)} AND outcome <> 'canceled' ORDER BY duration_ms LIMIT 1 OFFSET ${rank - 1}`,
  )
  return row ? integer(row, 'duration_ms') : null
}

/** Why runs failed or were partial, the most frequent first. */
export function countFailures(
  reader: Reader,
  filter: RunFilter,
): { readonly kind: RunKind; readonly class: string; readonly runs: number }[] {
  return reader
    .all(
      sql`SELECT kind, class, COUNT(*) AS runs FROM metric_runs
        WHERE ${within(filter)} AND outcome IN ('failed', 'partial') AND class IS NOT NULL GROUP BY kind, class ORDER BY runs DESC, kind, class`,
    )
    .map(row => ({ kind: text<RunKind>(row, 'kind'), class: text(row, 'class'), runs: integer(row, 'runs') }))
}

/** History rows the brokers sent, by day (UTC). */
export function rowsByDay(reader: Reader, filter: RunFilter): { readonly day: LocalDate; readonly rows: number }[] {
  return reader
    .all(
      sql`SELECT at / 86400000000 AS day, SUM(rows) AS rows FROM metric_runs WHERE ${within(filter)} AND kind = 'sync' GROUP BY day ORDER BY day`,
    )
    .map(row => ({ day: dayOf(integer(row, 'day')), rows: integer(row, 'rows') }))
}

/** The last runs, newest first. */
export function lastRuns(reader: Reader, limit: number): MetricRun[] {
  return reader.all(sql`SELECT * FROM metric_runs ORDER BY at DESC, id DESC LIMIT ${limit}`).map(toRun)
}

/** A day in UTC by its number since 1970. */
function dayOf(number: number): LocalDate {
  return toLocalDate(Instant.fromEpochMs(number * 86_400_000), 'UTC')
}

function within({ since, until, kinds, broker, environments }: RunFilter): Sql {
  const parts = [sql`at >= ${micros(since)}`, sql`at <= ${micros(until)}`]
  if (kinds) parts.push(sql`kind IN (${sql.list(kinds)})`)
  if (broker !== undefined) parts.push(sql`broker = ${broker}`)
  if (environments) parts.push(sql`environment IN (${sql.list(environments)})`)
  return sql.join(parts, sql` AND `)
}

function toRun(row: Row): MetricRun {
  return {
    at: instant(row, 'at'),
    kind: text<RunKind>(row, 'kind'),
    broker: text<BrokerId>(row, 'broker'),
    environment: text<Environment>(row, 'environment'),
    method: text<Method>(row, 'method'),
    connectionId: textOrNull<ConnectionId>(row, 'connection_id'),
    outcome: text<RunOutcome>(row, 'outcome'),
    class: textOrNull(row, 'class'),
    durationMs: integer(row, 'duration_ms'),
    rows: integer(row, 'rows'),
  }
}
