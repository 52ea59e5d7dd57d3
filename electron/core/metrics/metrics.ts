import type { MetricRun } from '../../../shared/domain/metric-run.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Db } from '../db/open.ts'
import type { Log } from '../log/log.ts'
import type { CallFacts } from '../net/http.ts'
import type { Clock } from '../ports.ts'
import { addCalls, type CallHour, type CallKey, pruneCalls } from '../store/metric-calls.ts'
import { insertRun, pruneRuns } from '../store/metric-runs.ts'
import { addHistograms, bandOf } from './histogram.ts'

/** What refreshes, syncs, sign-ins, tests and calls cost. Recording takes memory only, never fails and never waits. */
export interface Metrics {
  ran(run: Omit<MetricRun, 'at'>): void
  called(key: CallKey, call: CallFacts): void
  /** Saves what was recorded, once nothing else is being saved. Never rejects. */
  flush(): Promise<void>
  /** Saves at once and for the last time. */
  stop(): void
}

export interface MetricsDeps {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  /** Runs a small write while no bulk write is under way. */
  readonly between: <T>(run: () => T) => Promise<T>
}

const FLUSH_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Some thousand rows go each time: more than come in an hour. */
const PRUNE_MS = HOUR_MS
const KEEP_RUNS_MS = 400 * DAY_MS
const KEEP_CALL_HOURS = 90 * 24
/** What is held while the disk refuses; the oldest runs go first. */
const MOST_HELD = 5000

type Bucket = { -readonly [K in keyof CallHour]: CallHour[K] } & { histogram: number[] }

/**
 * Holds what is recorded for a minute at most and saves it together: a crash loses that minute. The timer runs only while
 * something is held, so that an app at rest stays at rest.
 */
export function createMetrics({ db, clock, log, between }: MetricsDeps): Metrics {
  let runs: MetricRun[] = []
  let buckets = new Map<string, Bucket>()
  let stopTimer: (() => void) | undefined
  let prunedMs = Number.NEGATIVE_INFINITY
  let isStopped = false

  const hasNews = (): boolean => runs.length > 0 || buckets.size > 0

  /** Recording is beside the point for whoever is measured: whatever goes wrong here stays here. */
  function quietly(record: () => void): void {
    try {
      record()
      if (!isStopped) stopTimer ??= clock.after(FLUSH_MS, () => void flush())
    } catch (cause) {
      log.warn('metrics.not-recorded', { cause })
    }
  }

  function count({ broker, environment, host }: CallKey, { ms, bytes, limited, failed }: CallFacts): void {
    const hour = hourOf(clock.now())
    const key = `${hour} ${broker} ${environment} ${host}`
    const known = buckets.get(key)
    const bucket = known ?? { hour, broker, environment, host, calls: 0, failed: 0, limited: 0, bytes: 0, histogram: [] }
    if (!known) buckets.set(key, bucket)
    bucket.calls += 1
    bucket.failed += failed ? 1 : 0
    bucket.limited += limited ? 1 : 0
    bucket.bytes += bytes
    const band = bandOf(ms)
    while (bucket.histogram.length <= band) bucket.histogram.push(0)
    bucket.histogram[band] = (bucket.histogram[band] ?? 0) + 1
  }

  function save(): void {
    const nowMs = clock.monotonicMs()
    const isPruneDue = nowMs - prunedMs >= PRUNE_MS
    db.writer.tx(w => {
      for (const run of runs) insertRun(w, run)
      for (const bucket of buckets.values()) addCalls(w, bucket, addHistograms)
      if (!isPruneDue) return
      pruneRuns(w, Instant.plus(clock.now(), -KEEP_RUNS_MS))
      pruneCalls(w, hourOf(clock.now()) - KEEP_CALL_HOURS)
    })
    if (isPruneDue) prunedMs = nowMs
    runs = []
    buckets = new Map()
  }

  function saveIfAny(): void {
    stopTimer?.()
    stopTimer = undefined
    if (!hasNews()) return
    try {
      save()
    } catch (cause) {
      // It is tried again with the next record: a full disk is no reason to wake up for.
      log.warn('metrics.not-saved', { cause, runs: runs.length })
      runs = runs.slice(-MOST_HELD)
      if (buckets.size > MOST_HELD) buckets = new Map()
    }
  }

  async function flush(): Promise<void> {
    if (!isStopped && hasNews()) await between(saveIfAny)
  }

  return {
    ran: run => quietly(() => void runs.push({ ...run, at: clock.now(), durationMs: Math.max(0, Math.round(run.durationMs)) })),
    called: (key, call) => quietly(() => count(key, call)),
    flush,
    stop() {
      isStopped = true
      saveIfAny()
    },
  }
}

/** The number of an hour since 1970. */
export function hourOf(at: Instant): number {
  return Math.floor(Instant.toEpochMs(at) / HOUR_MS)
}
