import { cpus, release, totalmem } from 'node:os'
import { isErrorCode } from '../../../shared/contract/errors.ts'
import type { HealthSummary } from '../../../shared/contract/health.ts'
import type { ConnectionView, SyncResult } from '../../../shared/contract/schemas.ts'
import { BROKER_IDS, ENVIRONMENTS, METHODS } from '../../../shared/domain/broker.ts'
import type { MetricRun } from '../../../shared/domain/metric-run.ts'
import type { Handlers } from '../bus/router.ts'
import { type PlainRecord, plainRecord } from '../log/plain-words.ts'
import type { LogField } from '../log/redact.ts'
import type { Clock, LogRecord, Ports } from '../ports.ts'
import type { Summarize } from './health.ts'

export interface DiagnosticsDeps {
  readonly clock: Pick<Clock, 'now'>
  readonly about: Pick<Ports, 'version' | 'host'>
  readonly summarize: Summarize
  readonly connections: () => readonly ConnectionView[]
  readonly integrity: () => 'ok' | 'damaged'
  readonly lastRuns: () => readonly MetricRun[]
  /** Settings by name, without what the user typed. */
  readonly settings: () => Readonly<Record<string, string>>
  /** The newest records, oldest first. */
  readonly records: () => readonly LogRecord[]
  /** Makes what takes known secrets, and whatever names the user, out of a text. */
  readonly cleaner: () => (text: string) => string
  /** Hosts of brokers. All others could name the user's own machines. */
  readonly knownHosts: () => ReadonlySet<string>
}

const KNOWN_PARTS: ReadonlySet<string> = new Set(['', ...BROKER_IDS, ...ENVIRONMENTS, ...METHODS])
const OWN_ID = /^(?:con|rev)_[0-9a-f-]{8,40}$/

/**
 * What to hand on when asking for help, as one JSON text that is shown and saved as it is. It is put together from codes, counts,
 * times and names Keelson itself gives; texts of users and brokers stay out, so that nothing has to be found in them and hidden.
 */
export function createDiagnostics(deps: DiagnosticsDeps): Pick<Handlers, 'diagnostics.preview'> {
  return {
    async 'diagnostics.preview'() {
      const summary = await deps.summarize(24)
      const clean = deps.cleaner()
      const hosts = deps.knownHosts()
      const bundle = {
        about: 'Diagnostics of Keelson. No secrets, account numbers, names, balances or trades are in here.',
        madeAt: summary.at,
        program: programOf(deps.about),
        storage: { ...summary.storage, integrity: deps.integrity() },
        vault: { state: summary.vault.state, protection: summary.vault.protection },
        settings: deps.settings(),
        connections: deps.connections().map(connectionPart),
        findings: summary.findings.map(({ id, severity, fix }) => ({ id: plainId(id, hosts), severity, fix: fix?.kind ?? null })),
        metrics: metricsPart(summary, hosts),
        lastRuns: deps.lastRuns().map(run => ({ ...run, class: plainCode(run.class) })),
        log: deps.records().map(record => cleaned(plainRecord(record), clean)),
      }
      const text = `${JSON.stringify(bundle, null, 2)}\n`
      return {
        name: `keelson-diagnostics-${deps.clock.now().slice(0, 19).replaceAll(':', '-')}.json`,
        text,
        bytes: Buffer.byteLength(text),
      }
    },
  }
}

function programOf({ version, host }: DiagnosticsDeps['about']) {
  const { node, v8 } = process.versions
  return {
    version,
    host,
    platform: process.platform,
    release: release(),
    arch: process.arch,
    node,
    v8,
    electron: process.versions['electron'] ?? null,
    cpus: cpus().length,
    memoryMb: Math.round(totalmem() / 1_048_576),
  }
}

function connectionPart(connection: ConnectionView) {
  const { id, broker, environment, methods, state, health, accounts, lastSync, syncing, nextSyncAt, createdAt, token } = connection
  const { kind, severity, badge, because, deadline, retryAt, dueAt, lastAttemptAt, lastError } = health
  return {
    id,
    broker,
    environment,
    createdAt,
    methods: methods.map(({ method, trouble, expiresAt }) => ({ method, trouble: plainCode(trouble?.code), expiresAt })),
    state: state.kind,
    health: { kind, severity, badge, because, deadline, retryAt, dueAt, lastAttemptAt, lastError: plainCode(lastError?.code) },
    token: { obtainedAt: token.obtainedAt, expiresAt: token.expiresAt, signInBy: token.signInBy, refreshable: token.refreshable },
    trouble: plainCode(connection.trouble?.code),
    accounts: { all: accounts.length, excluded: accounts.filter(({ excluded }) => excluded).length },
    lastSync: lastSync && syncPart(lastSync),
    syncing,
    nextSyncAt,
  }
}

function syncPart({ result, startedAt, finishedAt, error, accounts }: SyncResult) {
  return {
    result,
    startedAt,
    finishedAt,
    error: plainCode(error?.code),
    accounts: accounts.map(account => ({
      id: account.id,
      result: account.result,
      code: plainCode(account.code),
      fetched: account.fetched,
      new: account.new,
      updated: account.updated,
    })),
  }
}

function metricsPart(summary: HealthSummary, knownHosts: ReadonlySet<string>) {
  const { hours, sla, refreshes, syncs, connecting, brokers, failures, calls, limits, clock, volume } = summary
  const hosts = calls.hosts.map(one => ({ ...one, host: knownHosts.has(one.host) ? one.host : 'other' }))
  return {
    hours,
    sla,
    refreshes,
    syncs,
    connecting,
    brokers,
    limits,
    clock,
    volume,
    failures: failures.map(({ kind, code, runs }) => ({ kind, code: plainCode(code), runs })),
    calls: { ...calls, hosts },
  }
}

/** The id of a finding, without hosts that are no broker's. */
function plainId(id: string, knownHosts: ReadonlySet<string>): string {
  const [kind = '', ...parts] = id.split(':')
  return [kind, ...parts.map(part => (KNOWN_PARTS.has(part) || OWN_ID.test(part) || knownHosts.has(part) ? part : 'other'))].join(':')
}

/** A code of the list; anything else would be somebody's text. */
function plainCode(code: string | null | undefined): string | null {
  return code === null || code === undefined ? null : isErrorCode(code) ? code : 'other'
}

function cleaned({ at, level, event, fields }: PlainRecord, clean: (text: string) => string): PlainRecord {
  const safe = Object.entries(fields).map(([name, value]): [string, LogField] => [name, typeof value === 'string' ? clean(value) : value])
  return { at, level, event, fields: Object.fromEntries(safe) }
}
