import { ERRORS, isErrorCode } from '../../../shared/contract/errors.ts'
import type { FindingView, HealthSummary } from '../../../shared/contract/health.ts'
import type { ConnectionView } from '../../../shared/contract/schemas.ts'
import type { Environment } from '../../../shared/domain/broker.ts'
import { SEVERITIES, worstOf } from '../../../shared/domain/connection-health.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Handlers } from '../bus/router.ts'
import type { StorageState } from '../db/state.ts'
import { BAND_ERROR } from '../metrics/histogram.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { CONNECTING, type MetricsReading } from '../metrics/reading.ts'
import { ALERT_BELOW, countedEnvironments, ENOUGH_RUNS, type RateOf, slaStanding, TARGET } from '../metrics/sla.ts'
import type { Clock } from '../ports.ts'
import type { Vault } from '../vault/vault.ts'
import type { PaceStanding } from './broker-desk.ts'
import { connectionFindings } from './connection-findings.ts'
import { driftFindings, type OpenDrift } from './drift-findings.ts'
import { type BrokerName, nameOf } from './finding.ts'
import { machineFindings, type MachineFacts } from './machine-findings.ts'

export interface HealthDeps {
  readonly clock: Pick<Clock, 'now'>
  readonly metrics: Pick<Metrics, 'flush'>
  readonly reading: MetricsReading
  readonly connections: () => readonly ConnectionView[]
  readonly brokerName: BrokerName
  readonly standings: () => readonly PaceStanding[]
  /** How far this computer's clock is ahead of the brokers'. */
  readonly drift: () => HealthSummary['clock']
  readonly vault: Pick<Vault, 'status'>
  readonly storage: () => StorageState
  /** When the database was opened, and with it looked at. */
  readonly openedAt: Instant
  readonly isPaused: () => boolean
  readonly recordProblem: () => MachineFacts['recordProblem']
  readonly pending: () => MachineFacts['pending']
  readonly resting: () => MachineFacts['resting']
  /** Differences to the brokers that neither wait nor are accepted. */
  readonly drifts: () => readonly OpenDrift[]
  /** Makes today's backup; false when it is there already. */
  readonly backup: () => Promise<boolean>
}

/** Everything worth knowing about how Keelson is doing, the figures of the given hours and what to do about it. */
export type Summarize = (hours: number) => Promise<HealthSummary>

const DAY_HOURS = 24
const MONTH_DAYS = 30
/** What a month came to changes little meanwhile; reading it takes the longest of all that findings are made of. */
const MONTH_FRESH_MS = 3_600_000
/** An alert that these hours do not bear out any more is past its danger. */
const LATELY_HOURS = 3
/** Opening reads a database of this size as a whole. */
const READ_AT_START = 8 * 1024 * 1024

export interface Health {
  readonly summarize: Summarize
  /** What there is to do about the last 24 hours, without the figures nobody reads for it: it may be asked for at every change. */
  readonly findings: () => Promise<readonly FindingView[]>
  readonly handlers: Pick<Handlers, 'health.summary' | 'storage.backup'>
}

export function createHealth(deps: HealthDeps): Health {
  const { clock, reading } = deps
  let known: { readonly of: string; readonly until: Instant; readonly rate: RateOf } | null = null

  function monthOf(environments: readonly Environment[] | undefined, isFresh: boolean): RateOf {
    const of = environments?.join(' ') ?? ''
    if (!isFresh && known?.of === of && Instant.isBefore(clock.now(), known.until)) return known.rate
    known = { of, until: Instant.plus(clock.now(), MONTH_FRESH_MS), rate: reading.rateOver(MONTH_DAYS * DAY_HOURS, { environments }) }
    return known.rate
  }

  function sla(connections: readonly ConnectionView[], isFresh: boolean): { readonly sla: HealthSummary['sla']; readonly worksAgain: boolean } {
    // Files are imported, not reached.
    const reached = connections.filter(({ method }) => method !== 'file')
    const environments = countedEnvironments(reached.map(({ environment }) => environment))
    const over = (hours: number): { runs: number; rate: number | null } => ({ ...reading.rateOver(hours, { environments }) })
    const day = over(DAY_HOURS)
    const month = { ...monthOf(environments, isFresh) }
    const lately = over(LATELY_HOURS).rate
    const figures: HealthSummary['sla'] = {
      standing: slaStanding(day, month),
      day,
      month,
      alertBelow: ALERT_BELOW,
      target: TARGET,
      enoughRuns: ENOUGH_RUNS,
      environments: environments ? [...environments] : null,
    }
    return { sla: figures, worksAgain: lately !== null && lately >= ALERT_BELOW }
  }

  function storage(): HealthSummary['storage'] {
    const { bytes, freeBytes, schemaVersion, backups, lastBackupAt, notedCheckAt } = deps.storage()
    const wasReadWhole = bytes <= READ_AT_START && (notedCheckAt === null || Instant.isBefore(notedCheckAt, deps.openedAt))
    return { bytes, freeBytes, schemaVersion, backups, lastBackupAt, lastCheckAt: wasReadWhole ? deps.openedAt : notedCheckAt }
  }

  function limits(now: Instant): HealthSummary['limits'] {
    return deps.standings().map(({ pausedMs, ...pace }) => ({ ...pace, pausedUntil: pausedMs > 0 ? Instant.plus(now, pausedMs) : null }))
  }

  async function look(hours: number, isFresh: boolean) {
    await deps.metrics.flush()
    const now = clock.now()
    const connections = deps.connections()
    const { all, hosts } = reading.calls(hours)
    const { sla: figures, worksAgain } = sla(connections, isFresh)
    const facts = {
      sla: figures,
      calls: { ...all, bandError: BAND_ERROR, hosts },
      limits: limits(now),
      clock: deps.drift(),
      vault: deps.vault.status(),
      storage: storage(),
    }
    return { facts, now, connections, findings: findingsOf(deps, { ...facts, worksAgain, hours, now, connections }) }
  }

  async function summarize(hours: number): Promise<HealthSummary> {
    const { facts, now, connections, findings } = await look(hours, true)
    return {
      at: now,
      hours,
      severity: worstOf(findings),
      findings,
      ...facts,
      tokens: connections.filter(({ method }) => method !== 'file').map(connection => tokenHealth(connection, deps.brokerName)),
      refreshes: reading.stats(hours, { kinds: ['refresh'] }),
      syncs: reading.stats(hours, { kinds: ['sync'] }),
      connecting: reading.stats(hours, { kinds: CONNECTING }),
      brokers: reading.brokers(hours),
      failures: reading.failures(hours).map(({ kind, class: code, runs }) => ({ kind, code, message: messageOf(code), runs })),
      volume: reading.volume(MONTH_DAYS),
    }
  }

  return {
    summarize,
    findings: async () => (await look(DAY_HOURS, false)).findings,
    handlers: {
      'health.summary': ({ hours }) => summarize(hours),
      async 'storage.backup'() {
        const made = await deps.backup()
        return { made, lastBackupAt: deps.storage().lastBackupAt }
      },
    },
  }
}

type Gathered = Pick<HealthSummary, 'sla' | 'calls' | 'limits' | 'clock' | 'vault' | 'storage' | 'hours'> & {
  readonly now: Instant
  readonly worksAgain: boolean
  readonly connections: readonly ConnectionView[]
}

/** Worst first; alike ones stay in their order. */
function findingsOf({ brokerName, isPaused, recordProblem, pending, resting, drifts }: HealthDeps, { connections, ...facts }: Gathered): FindingView[] {
  const since = connections.reduce<Instant | null>(
    (first, { createdAt }) => (first === null ? createdAt : Instant.earliest(first, createdAt)),
    null,
  )
  const lockedOut = connections.filter(({ health }) => health.kind === 'locked').length
  const own = { brokerName, isPaused: isPaused(), recordProblem: recordProblem(), pending: pending(), resting: resting() }
  const found = [
    ...machineFindings({ ...facts, ...own, since, lockedOut }),
    ...connectionFindings({ connections, brokerName, now: facts.now, isVaultLocked: facts.vault.state === 'locked' }),
    ...driftFindings(connections, drifts(), brokerName),
  ]
  return found.toSorted((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity))
}

function tokenHealth(connection: ConnectionView, brokerName: BrokerName): HealthSummary['tokens'][number] {
  const { id: connectionId, broker, environment, health } = connection
  const { kind, severity, badge, deadline, retryAt, dueAt, lastAttemptAt, lastError } = health
  return {
    connectionId,
    broker,
    environment,
    name: nameOf(connection, brokerName),
    kind,
    severity,
    badge,
    deadline,
    retryAt,
    dueAt,
    lastAttemptAt,
    lastError,
  }
}

/** The sentence of a code, with words in place of what only the single failure knew. */
function messageOf(code: string): string {
  const words: Readonly<Record<string, string>> = { broker: 'The broker', host: 'the broker', status: 'no detail' }
  return isErrorCode(code) ? ERRORS[code].message.replace(/\{(\w+)\}/g, (_, name: string) => words[name] ?? '…') : code
}
