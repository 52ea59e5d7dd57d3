import { createLog } from '../../../electron/core/log/log.ts'
import { createMetrics, type Metrics } from '../../../electron/core/metrics/metrics.ts'
import { createReading, type MetricsReading } from '../../../electron/core/metrics/reading.ts'
import type { Db } from '../../../electron/core/db/open.ts'
import type { LogRecord } from '../../../electron/core/ports.ts'
import type { MetricRun } from '../../../shared/domain/metric-run.ts'
import { tempDatabase } from '../../support/data-folder.ts'
import { type StepClock, stepClock } from '../net/support/step-clock.ts'

export interface Counted {
  readonly db: Db
  readonly clock: StepClock
  readonly metrics: Metrics
  readonly reading: MetricsReading
  readonly records: LogRecord[]
}

/** Statistics over a real database, on a clock that stands still. */
export function counted(db: Db = tempDatabase(), clock: StepClock = stepClock()): Counted {
  const records: LogRecord[] = []
  const log = createLog(record => void records.push(record), clock)
  const metrics = createMetrics({ db, clock, log, between: run => Promise.resolve().then(run) })
  return { db, clock, metrics, records, reading: createReading({ reader: db.reader, clock }) }
}

/** A sync of Alpaca that came back whole, but for what is said. */
export function aRun(differs: Partial<MetricRun> = {}): Omit<MetricRun, 'at'> {
  return {
    kind: 'sync',
    broker: 'alpaca',
    environment: 'live',
    method: 'oauth',
    connectionId: null,
    outcome: 'success',
    class: null,
    durationMs: 1000,
    rows: 0,
    ...differs,
  }
}

/** Lets promises that are ready run. */
export const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
