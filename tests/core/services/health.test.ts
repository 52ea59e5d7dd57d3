import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { openConnection } from '../../../electron/core/db/open.ts'
import { insertRun } from '../../../electron/core/store/metric-runs.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import type { MetricRun } from '../../../shared/domain/metric-run.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { testBox } from '../../support/fake-ports.ts'
import { type TestCore, testCore } from '../../support/test-core.ts'

/** Writes runs into the core's own database, as if they had happened. */
function addRuns(app: TestCore, count: number, differs: Partial<MetricRun>): void {
  const db = openConnection(path.join(app.ports.paths.dataDir, 'keelson.db'))
  try {
    const run: MetricRun = {
      at: Instant.plus(app.ports.clock.now(), -60_000),
      kind: 'sync',
      broker: 'alpaca',
      environment: 'sandbox',
      method: 'oauth',
      connectionId: null,
      outcome: 'success',
      class: null,
      durationMs: 100,
      rows: 1,
      ...differs,
    }
    db.writer.tx(w => {
      for (let made = 0; made < count; made += 1) insertRun(w, run)
    })
  } finally {
    db.close()
  }
}

describe('the summary', () => {
  test('of a fresh data folder finds nothing and claims nothing', async () => {
    await using app = await testCore()
    const summary = await app.call('health.summary', {})
    expect(summary).toMatchObject({ hours: 24, severity: 'good', findings: [], tokens: [], brokers: [], volume: [], failures: [] })
    expect(summary.sla).toMatchObject({ standing: 'unknown', day: { runs: 0, rate: null }, environments: null })
    expect(summary.clock).toEqual({ driftMs: null, asOf: null })
    expect(summary.storage).toMatchObject({ schemaVersion: expect.any(Number) as number, backups: 0, lastBackupAt: null })
    expect(summary.storage.bytes).toBeGreaterThan(0)
    expect(summary.storage.lastCheckAt).not.toBeNull()
  })

  test('counts the sign-in, the test, the sync with its rows, and every call', async () => {
    await using app = await testCore()
    const connectionId = await app.connect('schwab')
    const { accounts } = await app.call('sync.run', { connectionId })
    await app.call('connections.test', { connectionId })
    const summary = await app.call('health.summary', {})
    expect(summary.connecting).toMatchObject({ runs: 2, succeeded: 2, rate: 1 })
    expect(summary.syncs).toMatchObject({ runs: 1, succeeded: 1, rows: accounts.reduce((sum, { fetched }) => sum + fetched, 0) })
    expect(summary.syncs.p95Ms).toBe(summary.syncs.averageMs)
    expect(summary.calls.hosts.map(({ broker, environment, host, failed }) => [broker, environment, host, failed])).toEqual([
      ['schwab', 'sandbox', 'local', 0],
    ])
    expect(summary.calls.calls).toBeGreaterThan(5)
    expect(summary.calls.bytes).toBeGreaterThan(10_000)
    expect(summary.calls.p95?.toMs).toBeGreaterThan(0)
    expect(summary.limits).toMatchObject([{ broker: 'schwab', environment: 'sandbox', pausedUntil: null }])
    expect(summary.limits[0]?.left).toBeLessThan(summary.limits[0]?.requests ?? 0)
    expect(summary.tokens).toMatchObject([{ connectionId, name: 'Charles Schwab (sandbox)' }])
    expect(summary.sla).toMatchObject({ environments: ['sandbox'], day: { runs: 1, rate: 1 } })
    expect(summary.volume).toMatchObject([{ rows: summary.syncs.rows, calls: summary.calls.calls }])
  })

  test('counts a renewal, and keeps everything through a restart', async () => {
    await using before = await testCore()
    const connectionId = await before.connect('schwab')
    before.sandbox.control('schwab').expireAccessTokens()
    await before.call('sync.run', { connectionId })
    const { refreshes, calls } = await before.call('health.summary', {})
    expect(refreshes).toMatchObject({ runs: 1, succeeded: 1 })
    await using app = await before.restart()
    const after = await app.call('health.summary', {})
    expect(after.refreshes).toMatchObject({ runs: 1, succeeded: 1 })
    expect(after.calls.calls).toBeGreaterThanOrEqual(calls.calls)
  })

  test('says which sync fell short, and offers to sync again', async () => {
    await using app = await testCore()
    const connectionId = await app.connect('schwab')
    app.sandbox.control('schwab').fault({ name: 'account-failing' })
    expect(await app.call('sync.run', { connectionId })).toMatchObject({ result: 'partial' })
    const summary = await app.call('health.summary', {})
    expect(summary.syncs).toMatchObject({ runs: 1, partial: 1, rate: 0 })
    expect(summary.failures).toMatchObject([{ kind: 'sync', runs: 1 }])
    expect(summary.findings.filter(({ fix }) => fix !== null)).toMatchObject([
      { id: `sync:${connectionId}`, severity: 'warning', fix: { kind: 'sync', route: 'sync.run', connectionId } },
    ])
    expect(summary.severity).toBe('warning')
  })

  test('is a danger while the vault is locked, and offers to unlock it', async () => {
    await using before = await testCore()
    await before.connect('alpaca')
    const shut = testBox({ unwrap: () => Promise.reject(new AppError('vault/locked')) })
    await using app = await before.restart({ secretBox: shut })
    const { severity, findings } = await app.call('health.summary', {})
    expect(severity).toBe('danger')
    expect(findings.map(({ id, fix }) => [id, fix?.route])).toEqual([['vault-locked', 'vault.unlock']])
  })

  test('says that syncing is paused', async () => {
    await using app = await testCore()
    await app.call('sync.pause', { paused: true })
    expect((await app.call('health.summary', {})).findings).toMatchObject([{ id: 'sync-paused', fix: { route: 'sync.pause' } }])
  })

  test('raises the alarm when less than nine in ten worked, over the environments that are connected', async () => {
    await using app = await testCore()
    await app.connect('alpaca')
    addRuns(app, 8, {})
    addRuns(app, 4, { outcome: 'failed', class: 'net/offline' })
    addRuns(app, 50, { outcome: 'canceled', class: 'app/canceled' })
    const { severity, findings, sla, failures } = await app.call('health.summary', {})
    expect(sla).toMatchObject({ standing: 'alert', day: { runs: 12 } })
    expect([severity, findings[0]?.id]).toEqual(['danger', 'sla-alert'])
    expect(failures).toEqual([
      { kind: 'sync', code: 'net/offline', message: 'Keelson cannot reach the broker. Your tokens and history are safe.', runs: 4 },
    ])
    addRuns(app, 90, { environment: 'live' })
    expect((await app.call('health.summary', {})).sla).toMatchObject({ standing: 'alert', environments: ['sandbox'] })
  })

  test('is no danger any more once it works again', async () => {
    await using app = await testCore()
    addRuns(app, 12, { at: Instant.plus(app.ports.clock.now(), -5 * 3_600_000), outcome: 'failed', class: 'net/offline' })
    expect(await app.call('health.summary', {})).toMatchObject({ severity: 'danger', sla: { standing: 'alert' } })
    addRuns(app, 2, {})
    expect(await app.call('health.summary', {})).toMatchObject({ severity: 'warning', sla: { standing: 'alert' } })
  })

  test('takes hours from 1 to 90 days', async () => {
    await using app = await testCore()
    addRuns(app, 1, { at: Instant.plus(app.ports.clock.now(), -3 * 3_600_000) })
    expect((await app.call('health.summary', { hours: 2 })).syncs.runs).toBe(0)
    expect((await app.call('health.summary', { hours: 4 })).syncs.runs).toBe(1)
    await expect(app.call('health.summary', { hours: 0 })).rejects.toMatchObject({ view: { code: 'app/invalid-request' } })
    await expect(app.call('health.summary', { hours: 24 * 90 + 1 })).rejects.toMatchObject({ view: { code: 'app/invalid-request' } })
  })
})

test('a backup is made once a day, also when asked for twice at once', async () => {
  await using app = await testCore()
  const made = await Promise.all([app.call('storage.backup', {}), app.call('storage.backup', {})])
  expect(made.map(one => one.made)).toEqual([true, false])
  expect(made[1]?.lastBackupAt).not.toBeNull()
  expect((await app.call('health.summary', {})).storage).toMatchObject({ backups: 1, lastBackupAt: made[1]?.lastBackupAt })
})
