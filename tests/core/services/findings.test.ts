import { describe, expect, test } from 'vitest'
import { connectionFindings } from '../../../electron/core/services/connection-findings.ts'
import { inWords } from '../../../electron/core/services/finding.ts'
import { machineFindings, type MachineFacts } from '../../../electron/core/services/machine-findings.ts'
import { AppError, type ErrorCode, toErrorView } from '../../../shared/contract/errors.ts'
import type { FindingView } from '../../../shared/contract/health.ts'
import { isRouteName } from '../../../shared/contract/routes.ts'
import type { ConnectionView, SyncResult } from '../../../shared/contract/schemas.ts'
import { newId } from '../../../shared/domain/ids.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { Instant } from '../../../shared/domain/time.ts'

const now = Instant.parse('2026-11-20T15:00:00Z')
const HOUR = 3_600_000
const DAY = 24 * HOUR
const id = newId.connection('1')
const problem = (code: ErrorCode) => toErrorView(new AppError(code, { details: { broker: 'Schwab' } }))

type Health = ConnectionView['health']
const healthy: Health = {
  kind: 'ok',
  severity: 'good',
  badge: 'no-expiry',
  because: null,
  deadline: null,
  retryAt: null,
  dueAt: null,
  lastAttemptAt: null,
  lastError: null,
  warnBeforeMs: [],
}

function aConnection(health: Partial<Health> = {}, differs: Partial<ConnectionView> = {}): ConnectionView {
  return {
    id,
    broker: 'schwab',
    environment: 'live',
    method: 'oauth',
    label: '',
    primary: false,
    methods: [],
    state: { kind: 'connected' },
    token: { obtainedAt: now, expiresAt: null, signInBy: null, refreshable: true, badge: 'no-expiry' },
    health: { ...healthy, ...health },
    trouble: null,
    consentedAt: null,
    scopes: [],
    createdAt: now,
    accounts: [],
    syncing: false,
    lastSync: null,
    nextSyncAt: null,
    schedule: { every: 'hourly', marketHours: false },
    ...differs,
  }
}

const connectionsFound = (connection: ConnectionView, isVaultLocked = false): FindingView[] =>
  connectionFindings({ connections: [connection], brokerName: () => 'Schwab', now, isVaultLocked })

const nothing = { runs: 0, rate: null }
const calls = { calls: 0, failed: 0, limited: 0, bytes: 0, p50: null, p95: null }
function machineFound(differs: Partial<MachineFacts>): FindingView[] {
  return machineFindings({
    now,
    hours: 24,
    brokerName: () => 'Schwab',
    isPaused: false,
    recordProblem: null,
    worksAgain: false,
    pending: [],
    resting: [],
    lockedOut: 0,
    since: null,
    sla: { standing: 'unknown', day: nothing, month: nothing, alertBelow: 0.9, target: 0.99, enoughRuns: 10, environments: null },
    calls: { ...calls, bandError: 0.09, hosts: [] },
    limits: [],
    clock: { driftMs: null, asOf: null },
    vault: { state: 'open', protection: 'keyring', notice: null },
    storage: { bytes: 1, freeBytes: null, schemaVersion: 3, backups: 0, lastBackupAt: null, lastCheckAt: null },
    ...differs,
  })
}

const short = ({ id: name, severity, fix }: FindingView): unknown[] => [name, severity, fix?.kind ?? null]

describe('what is said of a connection', () => {
  test('is nothing while all is well, due or being renewed', () => {
    for (const kind of ['ok', 'due', 'refreshing'] as const) expect(connectionsFound(aConnection({ kind }))).toEqual([])
  })

  test('is that it needs a sign-in, why, and a way to it', () => {
    for (const because of ['expired', 'revoked', 'lost', 'memory-only'] as const) {
      const [found] = connectionsFound(
        aConnection({ kind: because === 'revoked' ? 'revoked' : 'sign-in-needed', severity: 'danger', because }),
      )
      expect(found).toMatchObject({ id: `sign-in:${id}`, severity: 'danger', title: 'Schwab needs a sign-in' })
      expect(found?.fix).toEqual({ kind: 'reconnect', label: 'Reconnect', route: 'connections.signIn', connectionId: id })
    }
    const withForm = aConnection({ kind: 'sign-in-needed', severity: 'danger', because: 'expired' }, { method: 'flex' })
    expect(connectionsFound(withForm)[0]?.fix?.route).toBe('connections.withForm')
  })

  test('is the passing problem with its sentence, once, though a sync failed of it too', () => {
    const lastSync = syncOf('failed', 'net/offline')
    const found = connectionsFound(
      aConnection({ kind: 'transient', severity: 'notice', lastError: problem('broker/unavailable') }, { lastSync }),
    )
    expect(found.map(short)).toEqual([[`trouble:${id}`, 'notice', 'retry']])
    expect(found[0]?.sentence).toContain('Schwab has a problem on its side')
  })

  test('is that the end of a renewal is not known', () => {
    expect(connectionsFound(aConnection({ kind: 'ambiguous', severity: 'warning' })).map(short)).toEqual([
      [`ambiguous:${id}`, 'warning', 'retry'],
    ])
  })

  test('is left to the vault while that is locked', () => {
    const locked = aConnection({ kind: 'locked', severity: 'warning' })
    expect(connectionsFound(locked, true)).toEqual([])
    expect(connectionsFound(locked).map(short)).toEqual([[`locked:${id}`, 'warning', 'unlock']])
  })

  test('is when its sign-in ends, in time', () => {
    const [found] = connectionsFound(
      aConnection({ severity: 'warning', warnBeforeMs: [2 * HOUR], deadline: Instant.plus(now, 90 * 60_000) }, { label: 'Retirement' }),
    )
    expect(found).toMatchObject({ id: `ends-soon:${id}`, title: 'Retirement: the sign-in ends in 1 hour', fix: { kind: 'reconnect' } })
  })

  test('is how its last sync fell short, but not one that was stopped', () => {
    expect(connectionsFound(aConnection({}, { lastSync: syncOf('success') }))).toEqual([])
    expect(connectionsFound(aConnection({}, { lastSync: syncOf('failed', 'app/canceled') }))).toEqual([])
    // The locked vault is a finding of its own, and over when it opens.
    expect(connectionsFound(aConnection({}, { lastSync: syncOf('failed', 'vault/locked') }))).toEqual([])
    expect(connectionsFound(aConnection({}, { lastSync: syncOf('failed', 'net/offline') })).map(short)).toEqual([
      [`sync:${id}`, 'warning', 'sync'],
    ])
    const [partial] = connectionsFound(aConnection({}, { lastSync: syncOf('partial') }))
    expect(partial?.sentence).toBe('1 of 2 accounts did not come back whole: Trade history: refused.')
    expect(connectionsFound(aConnection({ kind: 'sign-in-needed', severity: 'danger' }, { lastSync: syncOf('partial') }))).toHaveLength(1)
  })

  test('is which of several ways in does not work', () => {
    const methods = [
      { method: 'tws' as const, trouble: null, expiresAt: null },
      { method: 'flex' as const, trouble: problem('flex/wrong-token'), expiresAt: null },
    ]
    expect(connectionsFound(aConnection({}, { methods })).map(short)).toEqual([[`way-in:${id}:flex`, 'notice', 'reconnect']])
  })
})

describe('what is said of Keelson and its computer', () => {
  test('is nothing while all is well', () => {
    expect(machineFound({})).toEqual([])
  })

  test('is a locked vault, and more so when it locks somebody out', () => {
    const vault = { state: 'locked', protection: 'keyring', notice: 'The keyring is locked.' } as const
    expect(machineFound({ vault }).map(short)).toEqual([['vault-locked', 'warning', 'unlock']])
    expect(machineFound({ vault, lockedOut: 2 }).map(short)).toEqual([['vault-locked', 'danger', 'unlock']])
    expect(machineFound({ vault: { state: 'open', protection: 'memory', notice: 'Kept in memory.' } }).map(short)).toEqual([
      ['vault-weak', 'warning', null],
    ])
  })

  test('is a service level that is not kept', () => {
    const sla = {
      day: { runs: 20, rate: 0.8 },
      month: { runs: 900, rate: 0.98 },
      alertBelow: 0.9,
      target: 0.99,
      enoughRuns: 10,
      environments: null,
    }
    expect(machineFound({ sla: { ...sla, standing: 'alert' } }).map(short)).toEqual([['sla-alert', 'danger', 'open']])
    expect(machineFound({ sla: { ...sla, standing: 'alert' } })[0]?.title).toBe('Only 80 % of the last 24 hours worked')
    expect(machineFound({ sla: { ...sla, standing: 'alert' }, worksAgain: true }).map(short)).toEqual([['sla-alert', 'warning', 'open']])
    expect(machineFound({ sla: { ...sla, standing: 'below-target' } }).map(short)).toEqual([['sla-target', 'notice', 'open']])
  })

  test('is a clock that is off, either way', () => {
    const drift = (driftMs: number) => machineFound({ clock: { driftMs, asOf: now } })
    expect(drift(29_999)).toEqual([])
    expect(drift(-30_000).map(short)).toEqual([['clock-off', 'warning', null]])
    expect(drift(300_000).map(short)).toEqual([['clock-off', 'danger', null]])
    expect(drift(-90_000)[0]?.sentence).toContain('1 minute behind')
  })

  test('is a disk that fills up and a backup that is missing', () => {
    const storage = { bytes: 1, freeBytes: 50 * 1024 * 1024, schemaVersion: 3, backups: 0, lastBackupAt: null, lastCheckAt: null }
    expect(machineFound({ storage }).map(short)).toEqual([['disk-low', 'danger', null]])
    const since = Instant.plus(now, -10 * DAY)
    const roomy = { ...storage, freeBytes: 1e12 }
    expect(machineFound({ storage: roomy, since }).map(short)).toEqual([['backup-old', 'warning', 'backup']])
    expect(machineFound({ storage: { ...roomy, lastBackupAt: Instant.plus(now, -DAY) }, since })).toEqual([])
    expect(machineFound({ storage: roomy, since: Instant.plus(now, -DAY) })).toEqual([])
  })

  test('is an access that its broker has still to end, and a host that is left alone', () => {
    const [pending] = machineFound({ pending: [{ id: 'rev_1', broker: 'schwab' }] })
    expect(pending).toMatchObject({
      id: 'end-access:rev_1',
      fix: { kind: 'end-access', route: 'revocations.retry', revocationId: 'rev_1' },
    })
    expect(isRouteName(pending?.fix?.route ?? '')).toBe(true)
    const resting = machineFound({
      resting: [
        { host: 'api.test', leftMs: 180_000 },
        { host: 'local', leftMs: 1 },
      ],
    })
    expect(resting.map(short)).toEqual([
      ['resting:api.test', 'notice', null],
      ['resting:local', 'notice', null],
    ])
    expect(resting[0]?.sentence).toContain('3 minutes')
    expect(resting[1]?.title).toBe('A program of yours is left alone for now')
  })

  test('is paused syncing, a broker that asked to slow down, and hosts that are hard to reach', () => {
    const pace = { broker: 'schwab', environment: 'live', method: null, requests: 120, perMs: 60_000, left: 0, waiting: 0 } as const
    const limits = [{ ...pace, pausedUntil: Instant.plus(now, 120_000) }]
    const at = (made: number, failed: number, limited: number) => ({
      ...calls,
      bandError: 0.09,
      hosts: [{ ...calls, broker: 'schwab' as const, environment: 'live' as const, host: 'api.test', calls: made, failed, limited }],
    })
    expect(machineFound({ isPaused: true, limits }).map(short)).toEqual([
      ['sync-paused', 'notice', 'resume'],
      ['paused:schwab:live:', 'notice', null],
    ])
    expect(machineFound({ calls: at(19, 19, 0) })).toEqual([])
    expect(machineFound({ calls: at(20, 5, 0) }).map(short)).toEqual([['calls:schwab:live:api.test', 'warning', null]])
    expect(machineFound({ calls: at(100, 0, 5) }).map(short)).toEqual([['limited:schwab:live:api.test', 'notice', null]])
  })
})

test('every button is a route', () => {
  const vault = { state: 'locked', protection: 'keyring', notice: null } as const
  const sla = {
    standing: 'alert' as const,
    day: { runs: 20, rate: 0.8 },
    month: nothing,
    alertBelow: 0.9,
    target: 0.99,
    enoughRuns: 10,
    environments: null,
  }
  const found = [
    ...machineFound({ vault, sla, isPaused: true, since: Instant.plus(now, -10 * DAY) }),
    ...(['sign-in-needed', 'revoked', 'locked', 'ambiguous', 'transient'] as const).flatMap(kind =>
      connectionsFound(aConnection({ kind })),
    ),
    ...connectionsFound(aConnection({}, { lastSync: syncOf('failed', 'net/timeout') })),
  ]
  const fixes = found.flatMap(({ fix }) => (fix ? [fix] : []))
  expect(new Set(fixes.map(({ kind }) => kind))).toEqual(new Set(['unlock', 'open', 'resume', 'backup', 'reconnect', 'retry', 'sync']))
  expect(fixes.filter(({ route }) => !isRouteName(route))).toEqual([])
})

test('stretches of time are said as people say them', () => {
  expect([0, 59_999, 60_000, 59 * 60_000, HOUR, 23 * HOUR, DAY, 10 * DAY].map(inWords)).toEqual([
    'less than a minute',
    'less than a minute',
    '1 minute',
    '59 minutes',
    '1 hour',
    '23 hours',
    '1 day',
    '10 days',
  ])
})

function syncOf(result: SyncResult['result'], code?: ErrorCode): SyncResult {
  const account = { id: 'acc_1' as AccountId, result: 'success' as const, fetched: 1, new: 0, updated: 0, requested: null, returned: null }
  const missing = { ...account, result: 'failed' as const, because: 'Trade history: refused.' }
  return {
    result,
    connectionId: id,
    startedAt: now,
    finishedAt: now,
    error: code ? problem(code) : null,
    accounts: result === 'partial' ? [account, missing] : [],
  }
}
