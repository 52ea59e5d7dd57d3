import path from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../../../electron/core/db/open.ts'
import { createReading, type MetricsReading } from '../../../electron/core/metrics/reading.ts'
import { createHealth } from '../../../electron/core/services/health.ts'
import { insertRun } from '../../../electron/core/store/metric-runs.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { tempFolder } from '../../support/fake-ports.ts'
import { virtualClock } from '../../support/virtual-clock.ts'

const HOUR_MS = 3_600_000

test('findings are those of the summary, and what only the summary shows is not read for them, however often they are asked for', async () => {
  using folder = tempFolder()
  const clock = virtualClock({ start: '2026-11-16T15:00:00.000Z' })
  const db = openDatabase({ file: path.join(folder.path, 'keelson.db'), now: clock.now })
  const run = { kind: 'sync', broker: 'alpaca', environment: 'live', method: 'oauth', connectionId: null, durationMs: 100, rows: 1 } as const
  db.writer.tx(w => {
    for (let made = 0; made < 20; made += 1)
      insertRun(w, { ...run, at: Instant.plus(clock.now(), -5 * HOUR_MS), outcome: made < 10 ? 'failed' : 'success', class: made < 10 ? 'net/offline' : null })
  })
  const asked: string[] = []
  const reading = new Proxy(createReading({ reader: db.reader, clock }), {
    get: (real, name: keyof MetricsReading) => {
      const figure = real[name] as (...of: unknown[]) => unknown
      return (...of: unknown[]) => {
        asked.push(name === 'rateOver' ? `${name} ${String(of[0])}` : name)
        return figure(...of)
      }
    },
  })
  const health = createHealth({
    clock, reading,
    metrics: { flush: () => Promise.resolve() },
    connections: () => [],
    brokerName: id => id,
    standings: () => [],
    drift: () => ({ driftMs: null, asOf: null }),
    vault: { status: () => ({ state: 'open', protection: 'keyring', notice: null }) },
    storage: () => ({ bytes: 1, freeBytes: null, schemaVersion: 5, backups: 0, lastBackupAt: null, notedCheckAt: null }),
    openedAt: clock.now(),
    isPaused: () => false,
    recordProblem: () => null,
    pending: () => [],
    resting: () => [],
    drifts: () => [],
    backup: () => Promise.resolve(false),
  })
  const { findings } = await health.summarize(24)
  expect(findings.map(({ id }) => id)).toEqual(['sla-alert'])
  asked.length = 0
  for (let look = 0; look < 3; look += 1) expect(await health.findings()).toEqual(findings)
  expect(new Set(asked)).toEqual(new Set(['calls', 'rateOver 24', 'rateOver 3']))
  await clock.advance(2 * HOUR_MS)
  asked.length = 0
  await health.findings()
  expect(asked).toContain('rateOver 720')
  db.close()
})
