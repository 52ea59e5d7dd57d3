import type { FlowView } from '../../shared/contract/connections.ts'
import type { Db } from './db/open.ts'
import type { Log } from './log/log.ts'
import { createMetrics, type Metrics } from './metrics/metrics.ts'
import { createReading, type MetricsReading } from './metrics/reading.ts'
import { createRunRecorder, type RunRecorder } from './metrics/runs.ts'
import type { Clock } from './ports.ts'
import type { HistoryWriter } from './sync/writer.ts'

export interface CountingDeps {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  readonly writer: Pick<HistoryWriter, 'between'>
}

/** The statistics: what takes them down and what reads them. */
export interface Counting {
  readonly metrics: Metrics
  readonly record: RunRecorder
  readonly reading: MetricsReading
  /** A browser sign-in changed. Whatever goes wrong in here does not reach it. */
  flowChanged(view: () => FlowView): void
}

export function createCounting({ db, clock, log, writer }: CountingDeps): Counting {
  const metrics = createMetrics({ db, clock, log, between: writer.between })
  const record = createRunRecorder({ metrics, clock })
  return {
    metrics,
    record,
    reading: createReading({ reader: db.reader, clock }),
    flowChanged(view) {
      try {
        record.signIn(view())
      } catch (cause) {
        log.warn('metrics.not-recorded', { cause })
      }
    },
  }
}
