import path from 'node:path'
import type { ConnectionView } from '../../shared/contract/schemas.ts'
import { isOwnHost } from './brokers/own-host.ts'
import type { Handlers } from './bus/router.ts'
import type { Access } from './create-access.ts'
import type { Counting } from './create-counting.ts'
import type { Db } from './db/open.ts'
import { integrityOf, storageState } from './db/state.ts'
import { readLogTail, type RecentLog } from './log/recent.ts'
import type { Redactor } from './log/redact.ts'
import type { Breakers } from './net/breaker.ts'
import type { LogRecord, Ports } from './ports.ts'
import type { Backups } from './services/backups.ts'
import { connectionView, type ConnectionViewDeps } from './services/connection-views.ts'
import { createDiagnostics } from './services/diagnostics.ts'
import { createHealth, type Health } from './services/health.ts'
import { knownHosts } from './services/known-hosts.ts'
import { cleanerOf, ownNames, privateTexts } from './services/private-texts.ts'
import { listConnections } from './store/connections.ts'
import { driftsOf, isAccepted } from './store/drifts.ts'
import { lastRuns } from './store/metric-runs.ts'
import { listRevocations } from './store/revocations.ts'
import { settingNames } from './store/setting-names.ts'
import type { Vault } from './vault/vault.ts'

export interface HealthPartsDeps {
  readonly ports: Ports
  readonly db: Db
  readonly vault: Pick<Vault, 'status'>
  readonly counting: Counting
  readonly backups: Pick<Backups, 'now'>
  readonly redactor: Redactor
  readonly recent: RecentLog
  /** Paths of the database and of its backups. */
  readonly files: { readonly file: string; readonly backupDir: string }
  readonly views: ConnectionViewDeps
  readonly isPaused: () => boolean
  /** What is wrong with the record of orders; null while nothing is known to be. */
  readonly recordProblem: () => string | null
  readonly access: Pick<Access, 'desk' | 'skew' | 'breakers'>
}

export interface HealthParts {
  readonly handlers: Pick<Handlers, 'health.summary' | 'storage.backup' | 'diagnostics.preview'>
  readonly findings: Health['findings']
  readonly connections: () => ConnectionView[]
}

/** How many lines of the log are handed on. */
export const LOG_LINES = 200
const RUNS = 100

/** How Keelson is doing, and what to hand on when asking for help. */
export function createHealthParts(deps: HealthPartsDeps): HealthParts {
  const { ports, db, vault, counting } = deps
  const { desk, skew, breakers } = deps.access
  const connections = (): ConnectionView[] => listConnections(db.reader).map(connection => connectionView(deps.views, connection))
  const storage = () => storageState(db, deps.files)
  const health = createHealth({
    clock: ports.clock,
    metrics: counting.metrics,
    reading: counting.reading,
    connections,
    brokerName: id => desk.broker(id).name,
    standings: desk.standings,
    drift: skew.current,
    vault,
    storage,
    openedAt: ports.clock.now(),
    isPaused: deps.isPaused,
    recordProblem: deps.recordProblem,
    pending: () => listRevocations(db.reader),
    resting: () => restingHosts(breakers),
    drifts: () => driftsOf(db.reader).filter(drift => drift.reason !== 'pending' && !isAccepted(drift)),
    backup: deps.backups.now,
  })
  const diagnostics = createDiagnostics({
    clock: ports.clock,
    about: ports,
    summarize: health.summarize,
    connections,
    integrity: () => integrityOf(db, storage().bytes),
    lastRuns: () => lastRuns(db.reader, RUNS),
    settings: () => settingNames(db.reader),
    knownHosts,
    records: () => newest(deps.recent.records(), path.join(ports.paths.dataDir, 'logs', 'keelson.log')),
    cleaner: () => cleanerOf(deps.redactor, [...privateTexts(db.reader), ...ownNames(), ports.paths.dataDir]),
  })
  return { handlers: { ...health.handlers, ...diagnostics }, findings: health.findings, connections }
}

/** The hosts that are left alone; those of the user's own go by one name. */
function restingHosts(breakers: Pick<Breakers, 'standing'>): { readonly host: string; readonly leftMs: number }[] {
  const open = breakers.standing().filter(({ state }) => state === 'open')
  const named = open.map(({ host, leftMs }) => ({
    host: isOwnHost(URL.parse(`http://${host}`)?.hostname ?? host) ? 'local' : host,
    leftMs,
  }))
  return [...Map.groupBy(named, ({ host }) => host)].map(([host, same]) => ({ host, leftMs: Math.max(...same.map(one => one.leftMs)) }))
}

/** This run's records, and before them those the file has of earlier runs. */
function newest(ours: readonly LogRecord[], file: string): readonly LogRecord[] {
  const [first] = ours
  const before = readLogTail(file, LOG_LINES).filter(({ at }) => first === undefined || at < first.at)
  return [...before, ...ours].slice(-LOG_LINES)
}
