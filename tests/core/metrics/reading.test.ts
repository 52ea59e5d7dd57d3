import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countedEnvironments, slaStanding } from '../../../electron/core/metrics/sla.ts'
import { aRun, counted } from './support.ts'

const HOUR = 3_600_000

describe('the success rate', () => {
  test('is null when nothing ran, and when all that ran was given up', async () => {
    const { metrics, reading } = counted()
    expect(reading.getSuccessRate(24)).toBeNull()
    metrics.ran(aRun({ outcome: 'canceled', class: 'app/canceled' }))
    await metrics.flush()
    expect(reading.getSuccessRate(24)).toBeNull()
    expect(reading.stats(24)).toMatchObject({ runs: 0, canceled: 1, rate: null, averageMs: null, p95Ms: null })
  })

  test('counts what came back whole among what ended by itself; a partial sync did not', async () => {
    const { metrics, reading } = counted()
    metrics.ran(aRun())
    metrics.ran(aRun({ kind: 'refresh' }))
    metrics.ran(aRun({ outcome: 'partial', class: 'broker/refused' }))
    metrics.ran(aRun({ outcome: 'failed', class: 'net/offline' }))
    metrics.ran(aRun({ outcome: 'canceled', class: 'app/canceled' }))
    await metrics.flush()
    expect(reading.getSuccessRate(24)).toBe(0.5)
    expect(reading.stats(24)).toMatchObject({ runs: 4, succeeded: 2, partial: 1, failed: 1, canceled: 1, rate: 0.5 })
    expect(reading.failures(24)).toEqual([
      { kind: 'sync', class: 'broker/refused', runs: 1 },
      { kind: 'sync', class: 'net/offline', runs: 1 },
    ])
  })

  test('is about the hours asked for, the broker and the environments', async () => {
    const { clock, metrics, reading } = counted()
    metrics.ran(aRun({ outcome: 'failed', class: 'net/timeout' }))
    clock.advance(2 * HOUR)
    metrics.ran(aRun())
    metrics.ran(aRun({ broker: 'schwab', environment: 'sandbox', outcome: 'failed', class: 'broker/refused' }))
    await metrics.flush()
    expect(reading.getSuccessRate(1)).toBe(0.5)
    expect(reading.getSuccessRate(3)).toBeCloseTo(1 / 3)
    expect(reading.getSuccessRate(1, { broker: 'alpaca' })).toBe(1)
    expect(reading.getSuccessRate(1, { environments: ['sandbox', 'paper'] })).toBe(0)
  })

  test('leaves sign-ins and tests to the rate of connecting', async () => {
    const { metrics, reading } = counted()
    metrics.ran(aRun({ kind: 'sign-in', outcome: 'failed', class: 'auth/bad-code' }))
    metrics.ran(aRun({ kind: 'test' }))
    await metrics.flush()
    expect(reading.getSuccessRate(24)).toBeNull()
    expect(reading.getSuccessRate(24, { kinds: ['sign-in', 'test'] })).toBe(0.5)
    expect(reading.brokers(24)).toMatchObject([{ broker: 'alpaca', connect: { runs: 2, rate: 0.5 }, sync: { runs: 0, rate: null } }])
  })
})

test('durations are exact: the average, and the 95th of a hundred by nearest rank', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 600_000 }), { minLength: 1, maxLength: 60 }), async durations => {
      const { db, metrics, reading } = counted()
      for (const durationMs of durations) metrics.ran(aRun({ durationMs }))
      metrics.ran(aRun({ durationMs: 9_000_000, outcome: 'canceled', class: 'app/canceled' }))
      await metrics.flush()
      const { averageMs, p95Ms } = reading.stats(1)
      expect(averageMs).toBeCloseTo(durations.reduce((a, b) => a + b, 0) / durations.length, 6)
      expect(p95Ms).toBe(durations.toSorted((a, b) => a - b)[Math.ceil(durations.length * 0.95) - 1])
      db.writer.exec('DELETE FROM metric_runs')
    }),
    { numRuns: 15 },
  )
})

test('the volume is told by day, with the rows that syncs read', async () => {
  const { clock, metrics, reading } = counted()
  const call = { host: 'x', status: 200, ms: 5, bytes: 700, limited: false, failed: false }
  metrics.ran(aRun({ rows: 12 }))
  metrics.called({ broker: 'alpaca', environment: 'live', host: 'x' }, call)
  clock.advance(24 * HOUR)
  metrics.ran(aRun({ rows: 3 }))
  await metrics.flush()
  expect(reading.volume(7)).toEqual([
    { day: '2026-11-20', bytes: 700, calls: 1, rows: 12 },
    { day: '2026-11-21', bytes: 0, calls: 0, rows: 3 },
  ])
})

describe('the standing of a service level', () => {
  const good = { runs: 500, rate: 1 }

  test('is an alert under 90 % of a day, once ten runs can say so', () => {
    expect(slaStanding({ runs: 10, rate: 0.899 }, good)).toBe('alert')
    expect(slaStanding({ runs: 10, rate: 0.9 }, good)).toBe('met')
    expect(slaStanding({ runs: 9, rate: 0 }, good)).toBe('met')
  })

  test('meets its target over 99 % of a month', () => {
    expect(slaStanding(good, { runs: 1000, rate: 0.991 })).toBe('met')
    expect(slaStanding(good, { runs: 1000, rate: 0.99 })).toBe('below-target')
    expect(slaStanding({ runs: 0, rate: null }, { runs: 0, rate: null })).toBe('unknown')
    expect(slaStanding({ runs: 3, rate: 0 }, { runs: 3, rate: 0 })).toBe('unknown')
  })

  test('is about real environments where there are any', () => {
    expect(countedEnvironments(['live', 'sandbox', 'paper', 'live'])).toEqual(['live', 'paper'])
    expect(countedEnvironments(['sandbox', 'sandbox'])).toEqual(['sandbox'])
    expect(countedEnvironments(['paper'])).toEqual(['paper'])
    expect(countedEnvironments([])).toBeUndefined()
  })
})
