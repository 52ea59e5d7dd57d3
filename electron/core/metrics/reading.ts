import type { BrokerId, Environment } from '../../../shared/domain/broker.ts'
import type { RunKind, RunOutcome } from '../../../shared/domain/metric-run.ts'
import { Instant, type LocalDate, toLocalDate } from '../../../shared/domain/time.ts'
import type { Reader } from '../db/open.ts'
import type { Clock } from '../ports.ts'
import { callHours, type CallHour, type CallKey } from '../store/metric-calls.ts'
import { countFailures, countRuns, countWhole, durationAt, type RunCount, type RunFilter, rowsByDay } from '../store/metric-runs.ts'
import { addHistograms, type BandedMs, quantile } from './histogram.ts'
import { hourOf } from './metrics.ts'
import type { RateOf } from './sla.ts'

/** Which runs a figure is about; everything when left out. */
export interface Scope {
  readonly kinds?: readonly RunKind[] | undefined
  readonly broker?: BrokerId | undefined
  readonly environments?: readonly Environment[] | undefined
}

/** How runs went. Those that were given up are counted apart and in nothing else. */
export interface RunStats {
  readonly runs: number
  readonly succeeded: number
  readonly partial: number
  readonly failed: number
  readonly canceled: number
  /** The share that came back whole, 0 to 1; null when nothing ran. */
  readonly rate: number | null
  readonly averageMs: number | null
  /** Exact, by nearest rank. */
  readonly p95Ms: number | null
  readonly rows: number
}

export interface CallStats {
  readonly calls: number
  readonly failed: number
  readonly limited: number
  readonly bytes: number
  /** Read from bands: the true figure lies between `fromMs` and `toMs`. */
  readonly p50: BandedMs | null
  readonly p95: BandedMs | null
}

export interface MetricsReading {
  /** The share of refreshes and syncs (or of what the scope names) of the last hours that came back whole, 0 to 1; null when nothing ran. */
  getSuccessRate(hours: number, scope?: Scope): number | null
  /** The same with how many runs it is about. */
  rateOver(hours: number, scope?: Scope): RateOf
  /** The same runs with their durations. */
  stats(hours: number, scope?: Scope): RunStats
  /** By broker and environment. */
  brokers(hours: number): BrokerStats[]
  /** Why runs were not whole, most frequent first. */
  failures(hours: number): { readonly kind: RunKind; readonly class: string; readonly runs: number }[]
  calls(hours: number): { readonly all: CallStats; readonly hosts: (CallKey & CallStats)[] }
  /** By day in UTC, oldest first; days without anything are left out. */
  volume(days: number): { readonly day: LocalDate; readonly bytes: number; readonly calls: number; readonly rows: number }[]
}

export interface BrokerStats {
  readonly broker: BrokerId
  readonly environment: Environment
  readonly refresh: RunStats
  readonly sync: RunStats
  /** Sign-ins and tests. */
  readonly connect: RunStats
}

/** What Keelson does by itself. */
export const BY_ITSELF: readonly RunKind[] = ['refresh', 'sync']
export const CONNECTING: readonly RunKind[] = ['sign-in', 'test']
const HOUR_MS = 3_600_000

/** Figures from what was saved. Flush first to have the last minute in them. */
export function createReading({ reader, clock }: { readonly reader: Reader; readonly clock: Pick<Clock, 'now'> }): MetricsReading {
  const filterOf = (hours: number, scope: Scope): RunFilter => {
    const until = clock.now()
    return { kinds: BY_ITSELF, ...scope, since: Instant.plus(until, -hours * HOUR_MS), until }
  }

  function statsOf(filter: RunFilter, counts: readonly RunCount[]): RunStats {
    const of = (outcome: RunOutcome): number => sum(counts.filter(count => count.outcome === outcome).map(({ runs }) => runs))
    const ended = counts.filter(({ outcome }) => outcome !== 'canceled')
    const runs = sum(ended.map(count => count.runs))
    const succeeded = of('success')
    return {
      runs,
      succeeded,
      partial: of('partial'),
      failed: of('failed'),
      canceled: of('canceled'),
      rate: runs === 0 ? null : succeeded / runs,
      averageMs: runs === 0 ? null : sum(ended.map(({ totalMs }) => totalMs)) / runs,
      p95Ms: runs === 0 ? null : durationAt(reader, filter, Math.ceil(runs * 0.95)),
      rows: sum(counts.map(({ rows }) => rows)),
    }
  }

  function stats(hours: number, scope: Scope = {}): RunStats {
    const filter = filterOf(hours, scope)
    return statsOf(filter, countRuns(reader, filter))
  }

  function rateOver(hours: number, scope: Scope = {}): RateOf {
    const { runs, whole } = countWhole(reader, filterOf(hours, scope))
    return { runs, rate: runs === 0 ? null : whole / runs }
  }

  function brokers(hours: number): BrokerStats[] {
    const all = filterOf(hours, { kinds: [...BY_ITSELF, ...CONNECTING] })
    const counts = countRuns(reader, all)
    const pairs = new Map(counts.map(({ broker, environment }) => [`${broker} ${environment}`, { broker, environment }]))
    return [...pairs.values()].map(({ broker, environment }) => {
      const part = (kinds: readonly RunKind[]): RunStats =>
        statsOf(
          { ...all, kinds, broker, environments: [environment] },
          counts.filter(count => count.broker === broker && count.environment === environment && kinds.includes(count.kind)),
        )
      return { broker, environment, refresh: part(['refresh']), sync: part(['sync']), connect: part(CONNECTING) }
    })
  }

  function hoursBack(hours: number): CallHour[] {
    const last = hourOf(clock.now())
    return callHours(reader, last - hours + 1, last)
  }

  return {
    getSuccessRate: (hours, scope) => rateOver(hours, scope).rate,
    rateOver,
    stats,
    brokers,
    failures: hours => countFailures(reader, filterOf(hours, { kinds: undefined })),
    calls(hours) {
      const rows = hoursBack(hours)
      const hosts = Map.groupBy(rows, ({ broker, environment, host }) => `${broker} ${environment} ${host}`)
      return {
        all: callStats(rows),
        hosts: [...hosts.values()].flatMap(group => {
          const [first] = group
          return first ? [{ broker: first.broker, environment: first.environment, host: first.host, ...callStats(group) }] : []
        }),
      }
    },
    volume(days) {
      const until = clock.now()
      const since = Instant.plus(until, -days * 24 * HOUR_MS)
      const rows = new Map(rowsByDay(reader, { since, until }).map(one => [one.day, one.rows]))
      const calls = Map.groupBy(hoursBack(days * 24), ({ hour }) => toLocalDate(Instant.fromEpochMs(hour * HOUR_MS), 'UTC'))
      return [...new Set([...rows.keys(), ...calls.keys()])].toSorted().map(day => {
        const hours = calls.get(day) ?? []
        return { day, bytes: sum(hours.map(({ bytes }) => bytes)), calls: sum(hours.map(hour => hour.calls)), rows: rows.get(day) ?? 0 }
      })
    },
  }
}

function callStats(rows: readonly CallHour[]): CallStats {
  const histogram = rows.reduce<readonly number[]>((all, row) => addHistograms(all, row.histogram), [])
  return {
    calls: sum(rows.map(({ calls }) => calls)),
    failed: sum(rows.map(({ failed }) => failed)),
    limited: sum(rows.map(({ limited }) => limited)),
    bytes: sum(rows.map(({ bytes }) => bytes)),
    p50: quantile(histogram, 0.5),
    p95: quantile(histogram, 0.95),
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
