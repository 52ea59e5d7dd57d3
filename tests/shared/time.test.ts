import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EXCHANGE_ZONE, Instant, instantAt, LocalDate, startOfDay, toLocalDate } from '../../shared/domain/time.ts'

describe('an instant', () => {
  test.each([
    ['2022-03-04T18:54:20.903569Z', '2022-03-04T18:54:20.903569Z'],
    ['2025-01-17T17:19:49+0000', '2025-01-17T17:19:49.000Z'],
    ['2018-10-05T05:48:59.5-04:00', '2018-10-05T09:48:59.500Z'],
    ['2021-06-01T00:00:00.123456789Z', '2021-06-01T00:00:00.123456Z'],
    ['2021-06-01 00:00:00z', '2021-06-01T00:00:00.000Z'],
  ])('reads %s', (text, expected) => expect(Instant.parse(text)).toBe(expected))

  test.each(['2025-01-17', '2025-02-30T00:00:00Z', '2025-01-17T25:00:00Z', '2025-01-17T17:19:49', 'now', ''])('refuses %j', text => {
    expect(() => Instant.parse(text)).toThrow(RangeError)
  })

  test('survives the way to microseconds and back', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 4_000_000_000_000_000 }), micros => {
      const instant = Instant.fromEpochMicros(micros)
      expect(Instant.is(instant)).toBe(true)
      expect(Instant.toEpochMicros(instant)).toBe(micros)
      expect(Instant.parse(instant)).toBe(instant)
    }))
  })

  test('compares by time, also between milliseconds and microseconds', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 4e15 }), fc.integer({ min: 0, max: 4e15 }), (a, b) => {
      expect(Instant.isBefore(Instant.fromEpochMicros(a), Instant.fromEpochMicros(b))).toBe(a < b)
    }))
  })
})

describe('a trade date', () => {
  test.each([
    ['2025-01-17T04:59:59.000Z', '2025-01-16'],
    ['2025-01-17T05:00:00.000Z', '2025-01-17'],
    ['2025-07-17T03:59:59.999Z', '2025-07-16'],
    ['2025-07-17T04:00:00.000Z', '2025-07-17'],
    ['2026-11-01T05:30:00.000Z', '2026-11-01'],
  ])('of %s in New York is %s', (instant, day) => expect(toLocalDate(Instant.parse(instant), EXCHANGE_ZONE)).toBe(day))

  const zones = fc.constantFrom('America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Chatham', 'UTC', 'America/Chicago')
  test('begins at the start of its day in every zone, across every change of the clocks', () => {
    fc.assert(fc.property(zones, fc.integer({ min: 0, max: 12_000 }), (zone, offset) => {
      const day = LocalDate.plusDays(LocalDate.of('2000-01-01'), offset)
      const start = startOfDay(day, zone)
      expect(toLocalDate(start, zone)).toBe(day)
      expect(toLocalDate(Instant.plus(start, -1), zone)).toBe(LocalDate.plusDays(day, -1))
    }), { numRuns: 1500 })
  })

  test('is refused when it is not in the calendar', () => {
    expect(() => LocalDate.of('2025-02-29')).toThrow(RangeError)
    expect(LocalDate.of('2024-02-29')).toBe('2024-02-29')
  })
})

describe('a clock on the wall', () => {
  test.each([
    ['America/New_York', '2026-11-01', '2026-11-01T05:30:00.000Z'],
    ['Europe/Berlin', '2026-10-25', '2026-10-25T00:30:00.000Z'],
    ['Australia/Sydney', '2026-04-05', '2026-04-04T15:30:00.000Z'],
  ])('in %s shows an hour that comes twice first before it is put back', (zone, day, first) => {
    expect(instantAt(LocalDate.of(day), zone === 'America/New_York' ? '01:30:00' : '02:30:00', zone)).toBe(first)
  })

  test.each([
    ['America/New_York', '2026-03-08', '2026-03-08T07:30:00.000Z'],
    ['Europe/Berlin', '2026-03-29', '2026-03-29T01:30:00.000Z'],
    ['Australia/Sydney', '2026-10-04', '2026-10-03T16:30:00.000Z'],
  ])('in %s shows an hour that is left out never, so it is the one after it', (zone, day, later) => {
    expect(instantAt(LocalDate.of(day), '02:30:00', zone)).toBe(later)
  })

  test('begins a day that has no midnight with its first hour', () => {
    const start = startOfDay(LocalDate.of('2026-09-06'), 'America/Santiago')
    expect([start, toLocalDate(start, 'America/Santiago')]).toEqual(['2026-09-06T04:00:00.000Z', '2026-09-06'])
  })
})
