import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isQuietHours, quietUntil } from '../../shared/domain/sync-schedule.ts'
import { Instant } from '../../shared/domain/time.ts'

const at = Instant.parse
const night = { from: '22:00', to: '07:00', zone: 'America/New_York' }

describe('quiet hours', () => {
  test('go over midnight, from their first minute up to their last', () => {
    const ends = [
      '2026-01-21T02:59:59Z',
      '2026-01-21T03:00:00Z',
      '2026-01-21T05:30:00Z',
      '2026-01-21T11:59:59Z',
      '2026-01-21T12:00:00Z',
    ].map(text => quietUntil(night, at(text)))
    expect(ends).toEqual([null, '2026-01-21T12:00:00.000Z', '2026-01-21T12:00:00.000Z', '2026-01-21T12:00:00.000Z', null])
  })

  test('may lie within one day', () => {
    const noon = { from: '12:00', to: '13:30', zone: 'UTC' }
    expect([
      quietUntil(noon, at('2026-01-21T11:59:59Z')),
      quietUntil(noon, at('2026-01-21T12:30:00Z')),
      quietUntil(noon, at('2026-01-21T13:30:00Z')),
    ]).toEqual([null, '2026-01-21T13:30:00.000Z', null])
  })

  test('end at 7 on the wall after the nights the clocks change', () => {
    expect(quietUntil(night, at('2026-03-08T04:00:00Z'))).toBe('2026-03-08T11:00:00.000Z')
    expect(quietUntil(night, at('2026-11-01T04:00:00Z'))).toBe('2026-11-01T12:00:00.000Z')
  })

  test('that begin or end in an hour left out or repeated are one stretch', () => {
    const odd = { from: '01:30', to: '02:30', zone: 'America/New_York' }
    expect(quietUntil(odd, at('2026-03-08T06:30:00Z'))).toBe('2026-03-08T07:30:00.000Z')
    expect(quietUntil(odd, at('2026-03-08T07:30:00Z'))).toBeNull()
    expect([
      quietUntil(odd, at('2026-11-01T05:29:59Z')),
      quietUntil(odd, at('2026-11-01T05:30:00Z')),
      quietUntil(odd, at('2026-11-01T06:15:00Z')),
    ]).toEqual([null, '2026-11-01T07:30:00.000Z', '2026-11-01T07:30:00.000Z'])
  })

  test('always end later than now and within 25 hours, wherever and whenever', () => {
    const time = fc
      .integer({ min: 0, max: 1439 })
      .map(minute => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`)
    const zone = fc.constantFrom(
      'America/New_York',
      'Europe/Berlin',
      'Asia/Kolkata',
      'Australia/Lord_Howe',
      'Pacific/Chatham',
      'America/Santiago',
      'UTC',
    )
    const moment = fc.integer({ min: 0, max: 400 * 96 }).map(quarter => Instant.plus(at('2026-01-01T00:00:00Z'), quarter * 900_000))
    fc.assert(
      fc.property(time, time, zone, moment, (from, to, where, now) => {
        fc.pre(from !== to)
        const end = quietUntil({ from, to, zone: where }, now)
        if (end === null) return
        expect(Instant.msBetween(now, end)).toBeGreaterThan(0)
        expect(Instant.msBetween(now, end)).toBeLessThanOrEqual(25 * 3_600_000)
        expect(quietUntil({ from, to, zone: where }, end)).toBeNull()
      }),
      { numRuns: 3000 },
    )
  })

  test('need two different times of day and a zone there is', () => {
    const tried = [
      night,
      { ...night, zone: 'Mars/Olympus' },
      { ...night, to: '22:00' },
      { ...night, from: '24:00' },
      { ...night, to: '7:00' },
    ]
    expect(tried.map(isQuietHours)).toEqual([true, false, false, false, false])
  })
})
