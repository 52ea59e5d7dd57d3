import { describe, expect, test } from 'vitest'
import { exchangeDay } from '../../../electron/core/brokers/exchange-day.ts'
import { EXCHANGE_ZONE, Instant, LocalDate, startOfDay } from '../../../shared/domain/time.ts'

describe("the exchange's day of a fill", () => {
  test.each([
    ['the last second of a winter day', '2026-01-16T04:59:59.999Z', '2026-01-15'],
    ['the first of the next', '2026-01-16T05:00:00.000Z', '2026-01-16'],
    ['the last second of a summer day', '2026-07-16T03:59:59.999Z', '2026-07-15'],
    ['the first of the next in summer', '2026-07-16T04:00:00.000Z', '2026-07-16'],
    ['the evening before clocks go forward', '2026-03-08T04:59:59.000Z', '2026-03-07'],
    ['the night clocks go forward', '2026-03-08T05:00:00.000Z', '2026-03-08'],
    ['the evening after clocks went forward', '2026-03-09T03:59:59.000Z', '2026-03-08'],
    ['midnight after clocks went forward', '2026-03-09T04:00:00.000Z', '2026-03-09'],
    ['the evening before clocks go back', '2026-11-01T03:59:59.000Z', '2026-10-31'],
    ['the hour that comes twice', '2026-11-01T05:30:00.000Z', '2026-11-01'],
    ['the same hour again', '2026-11-01T06:30:00.000Z', '2026-11-01'],
    ['the evening after clocks went back', '2026-11-02T04:59:59.000Z', '2026-11-01'],
    ['after hours, when it is the next day in London and UTC', '2026-11-21T00:30:00.000Z', '2026-11-20'],
    ['before the opening', '2026-11-20T12:05:00.000Z', '2026-11-20'],
    ['a half-day, after its early close', '2026-11-27T21:10:00.000Z', '2026-11-27'],
    ['a coin on a Sunday evening', '2026-11-23T02:00:00.000Z', '2026-11-22'],
  ])('%s', (_name, at, day) => {
    expect(exchangeDay(Instant.parse(at))).toBe(day)
  })

  test('begins where the day before ends, all year', () => {
    for (let day = LocalDate.of('2026-01-01'); day < '2027-01-01'; day = LocalDate.plusDays(day, 1)) {
      const start = startOfDay(day, EXCHANGE_ZONE)
      expect([exchangeDay(start), exchangeDay(Instant.plus(start, -1))]).toEqual([day, LocalDate.plusDays(day, -1)])
    }
  })
})
