import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openDatabase } from '../../../electron/core/db/open.ts'
import type { CallFacts } from '../../../electron/core/net/http.ts'
import { lastRuns } from '../../../electron/core/store/metric-runs.ts'
import type { CallKey } from '../../../electron/core/store/metric-calls.ts'
import { AT, tempDatabase } from '../../support/data-folder.ts'
import { aRun, counted, settled } from './support.ts'

const key: CallKey = { broker: 'schwab', environment: 'live', host: 'api.schwabapi.com' }
const call: CallFacts = { host: 'api.schwabapi.com', status: 200, ms: 120, bytes: 1000, limited: false, failed: false }
const MINUTE = 60_000
const HOUR = 3_600_000
const DAY = 24 * HOUR

describe('recording', () => {
  test('saves within a minute, all at once, and leaves no timer behind when nothing is left to save', async () => {
    const { db, clock, metrics } = counted()
    expect(clock.pending()).toEqual([])
    metrics.ran(aRun())
    metrics.called(key, call)
    clock.advance(30_000)
    metrics.ran(aRun({ kind: 'refresh' }))
    expect(clock.pending()).toHaveLength(1)
    expect(lastRuns(db.reader, 10)).toEqual([])
    clock.advance(30_000)
    await settled()
    expect(lastRuns(db.reader, 10).map(({ kind }) => kind)).toEqual(['refresh', 'sync'])
    expect(clock.pending()).toEqual([])
    clock.advance(DAY)
    await settled()
    expect(clock.pending()).toEqual([])
  })

  test('notes when each run ended, not when it was saved', async () => {
    const { db, clock, metrics } = counted()
    metrics.ran(aRun())
    const ended = clock.now()
    clock.advance(MINUTE)
    await settled()
    expect(lastRuns(db.reader, 1)).toEqual([{ ...aRun(), at: ended }])
  })

  test('saves what is left when it stops, and nothing afterwards', () => {
    const { db, clock, metrics } = counted()
    metrics.ran(aRun())
    metrics.stop()
    expect(lastRuns(db.reader, 10)).toHaveLength(1)
    metrics.ran(aRun())
    expect(clock.pending()).toEqual([])
  })

  test('adds the calls of an hour together, over flushes and restarts', async () => {
    const db = tempDatabase()
    const first = counted(db)
    first.metrics.called(key, call)
    first.metrics.called(key, { ...call, status: 429, limited: true, ms: 40, bytes: 10 })
    await first.metrics.flush()
    first.metrics.called(key, { ...call, status: null, failed: true, ms: 30_000, bytes: 0 })
    await first.metrics.flush()
    const second = counted(db)
    second.metrics.called(key, call)
    second.metrics.stop()
    const { all, hosts } = first.reading.calls(1)
    expect(all).toMatchObject({ calls: 4, failed: 1, limited: 1, bytes: 2010 })
    expect(all.p50?.fromMs).toBeLessThanOrEqual(120)
    expect(all.p50?.toMs).toBeGreaterThan(120)
    expect(hosts).toHaveLength(1)
    expect(hosts[0]).toMatchObject({ ...key, calls: 4 })
  })

  test('keeps hours, hosts and environments apart', async () => {
    const { clock, metrics, reading } = counted()
    metrics.called(key, call)
    metrics.called({ ...key, environment: 'sandbox', host: 'local' }, call)
    clock.advance(HOUR)
    metrics.called(key, call)
    await metrics.flush()
    expect(reading.calls(1).hosts.map(({ host, calls }) => [host, calls])).toEqual([['api.schwabapi.com', 1]])
    expect(reading.calls(2).hosts.map(({ host, calls }) => [host, calls])).toEqual([
      ['api.schwabapi.com', 2],
      ['local', 1],
    ])
  })

  test('fails nobody when the database refuses, keeps what it holds and saves it with the next', async () => {
    const { db, clock, metrics, records } = counted()
    db.writer.exec('ALTER TABLE metric_runs RENAME TO elsewhere')
    metrics.ran(aRun())
    clock.advance(MINUTE)
    await settled()
    expect(records.map(({ event }) => event)).toEqual(['metrics.not-saved'])
    expect(clock.pending()).toEqual([])
    db.writer.exec('ALTER TABLE elsewhere RENAME TO metric_runs')
    metrics.ran(aRun({ kind: 'test' }))
    await metrics.flush()
    expect(lastRuns(db.reader, 10)).toHaveLength(2)
  })

  test('writes all or nothing: a run is not counted twice because its calls could not be saved', async () => {
    const { db, metrics } = counted()
    db.writer.exec('ALTER TABLE metric_calls RENAME TO elsewhere')
    metrics.ran(aRun())
    metrics.called(key, call)
    await metrics.flush()
    db.writer.exec('ALTER TABLE elsewhere RENAME TO metric_calls')
    await metrics.flush()
    expect(lastRuns(db.reader, 10)).toHaveLength(1)
  })
})

describe('what is kept', () => {
  test('old runs go as fast as those of many connections come', async () => {
    const { db, clock, metrics } = counted()
    // A hundred connections, every quarter of an hour.
    for (let run = 0; run < 9600; run += 1) metrics.ran(aRun())
    await metrics.flush()
    clock.advance(401 * DAY)
    for (let hour = 0; hour < 24; hour += 1) {
      metrics.ran(aRun())
      await metrics.flush()
      clock.advance(HOUR)
    }
    expect(lastRuns(db.reader, 10_000)).toHaveLength(24)
  })

  test('runs stay for 400 days and hours of calls for 90', async () => {
    const { db, clock, metrics, reading } = counted()
    metrics.ran(aRun())
    metrics.called(key, call)
    await metrics.flush()
    clock.advance(89 * DAY)
    metrics.ran(aRun())
    await metrics.flush()
    expect(reading.calls(90 * 24).all.calls).toBe(1)
    clock.advance(2 * DAY)
    metrics.ran(aRun())
    await metrics.flush()
    expect(reading.calls(100 * 24).all.calls).toBe(0)
    expect(lastRuns(db.reader, 10)).toHaveLength(3)
    clock.advance(310 * DAY)
    metrics.ran(aRun())
    await metrics.flush()
    expect(lastRuns(db.reader, 10)).toHaveLength(3)
  })

  test('a clock that is years ahead for a moment takes little away', async () => {
    const { db, clock, metrics } = counted()
    db.writer.tx(() => {
      for (let made = 0; made < 3000; made += 1) metrics.ran(aRun())
    })
    await metrics.flush()
    clock.advance(1000 * DAY)
    metrics.ran(aRun())
    await metrics.flush()
    expect(lastRuns(db.reader, 5000)).toHaveLength(1001)
  })

  test('survives closing and opening the database', () => {
    const db = tempDatabase()
    const { metrics } = counted(db)
    metrics.ran(aRun({ outcome: 'failed', class: 'net/offline' }))
    metrics.stop()
    db.close()
    const again = openDatabase({ file: db.file, now: () => AT })
    expect(lastRuns(again.reader, 1)).toMatchObject([{ outcome: 'failed', class: 'net/offline' }])
    again.close()
  })
})

const HIDE = 'ALTER TABLE metric_runs RENAME TO a; ALTER TABLE metric_calls RENAME TO b'
const SHOW = 'ALTER TABLE a RENAME TO metric_runs; ALTER TABLE b RENAME TO metric_calls'

test('whatever comes in which order, each run and call is counted once, and a crash loses only what was not saved yet', async () => {
  const steps = fc.array(fc.constantFrom('run', 'call', 'wait', 'flush', 'refuse', 'accept'), { maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(steps, fc.constantFrom('stop', 'crash'), async (before, end) => {
      const { db, clock, metrics, reading } = counted()
      const saved = { runs: 0, calls: 0 }
      const held = { runs: 0, calls: 0 }
      let isRefusing = false
      const settle = (): void => {
        if (isRefusing) return
        saved.runs += held.runs
        saved.calls += held.calls
        Object.assign(held, { runs: 0, calls: 0 })
      }
      const act: Readonly<Record<(typeof before)[number], () => void | Promise<void>>> = {
        run: () => (metrics.ran(aRun()), void (held.runs += 1)),
        call: () => (metrics.called(key, call), void (held.calls += 1)),
        async wait() {
          const isTimed = clock.pending().length > 0
          clock.advance(MINUTE)
          await settled()
          if (isTimed) settle()
        },
        flush: () => metrics.flush().then(settle),
        refuse() {
          if (!isRefusing) db.writer.exec(HIDE)
          isRefusing = true
        },
        accept() {
          if (isRefusing) db.writer.exec(SHOW)
          isRefusing = false
        },
      }
      for (const step of before) await act[step]()
      await act.accept()
      if (end === 'stop') metrics.stop()
      if (end === 'stop') settle()
      expect(lastRuns(db.reader, 1000)).toHaveLength(saved.runs)
      expect(reading.calls(48).all.calls).toBe(saved.calls)
    }),
    { numRuns: 20 },
  )
})
