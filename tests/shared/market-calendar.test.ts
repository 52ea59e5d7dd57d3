import { describe, expect, test } from 'vitest'
import {
  isHalfDay,
  isOpen,
  isTradingDay,
  lastCloseOf,
  marketHolidays,
  marketOf,
  sessionOf,
  tradingAt,
} from '../../shared/domain/market-calendar.ts'
import { isTradingDay as sandboxTradingDay } from '../../electron/core/sandbox/calendar.ts'
import { Instant, LocalDate } from '../../shared/domain/time.ts'

const at = Instant.parse

/** As the exchange publishes them: New Year, King, Washington, Good Friday, Memorial, Juneteenth, Independence, Labor, Thanksgiving, Christmas. */
const PUBLISHED: Record<number, string> = {
  2024: '01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25',
  2025: '01-01 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25',
  2026: '01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25',
  2027: '01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24',
  // January 1, 2028 is a Saturday: the exchange makes up for it on no other day.
  2028: '01-17 02-21 04-14 05-29 06-19 07-04 09-04 11-23 12-25',
}
const HALF_DAYS: Record<number, string> = {
  2024: '07-03 11-29 12-24',
  2025: '07-03 11-28 12-24',
  2026: '11-27 12-24',
  2027: '11-26',
  2028: '07-03 11-24',
}

function daysOf(year: number): LocalDate[] {
  const first = LocalDate.of(`${year}-01-01`)
  return Array.from({ length: 366 }, (_, offset) => LocalDate.plusDays(first, offset)).filter(day => day.startsWith(`${year}-`))
}

describe('the holidays of the US exchanges', () => {
  test.each(Object.keys(PUBLISHED).map(Number))('of %i are those that were published', year => {
    expect(
      marketHolidays(year)
        .map(({ day }) => day.slice(5))
        .join(' '),
    ).toBe(PUBLISHED[year])
  })

  test.each(Object.keys(HALF_DAYS).map(Number))('of %i leave the published days that end at 13:00', year => {
    expect(
      daysOf(year)
        .filter(isHalfDay)
        .map(day => day.slice(5))
        .join(' '),
    ).toBe(HALF_DAYS[year])
  })

  test('leave as many trading days as the exchange counted', () => {
    expect([2022, 2023, 2024, 2026].map(year => daysOf(year).filter(isTradingDay).length)).toEqual([251, 250, 252, 251])
  })

  test('make up for no New Year on a Saturday, and for one on a Sunday on the Monday', () => {
    expect(isTradingDay(LocalDate.of('2021-12-31'))).toBe(true)
    expect(isTradingDay(LocalDate.of('2023-01-02'))).toBe(false)
  })

  test('know Juneteenth from 2022 on', () => {
    expect([2021, 2022, 2023].map(year => marketHolidays(year).find(({ name }) => name === 'Juneteenth')?.day)).toEqual([
      undefined,
      '2022-06-20',
      '2023-06-19',
    ])
  })
})

test('two computations that know nothing of each other agree on every day of forty years', () => {
  const years = Array.from({ length: 40 }, (_, offset) => 2022 + offset)
  const differing = years.flatMap(daysOf).filter(day => isTradingDay(day) !== sandboxTradingDay(day))
  expect(differing).toEqual([])
})

describe('a session', () => {
  test.each([
    ['2026-01-20', '2026-01-20T14:30:00.000Z', '2026-01-20T21:00:00.000Z', false],
    ['2026-03-09', '2026-03-09T13:30:00.000Z', '2026-03-09T20:00:00.000Z', false],
    ['2026-11-27', '2026-11-27T14:30:00.000Z', '2026-11-27T18:00:00.000Z', true],
    ['2025-07-03', '2025-07-03T13:30:00.000Z', '2025-07-03T17:00:00.000Z', true],
  ])('of %s begins at 9:30 and ends at 16:00 or 13:00 in New York', (day, open, close, half) => {
    expect(sessionOf(LocalDate.of(day))).toEqual({ day, open, close, half })
  })

  test('is closed before it begins and from its end on', () => {
    const states = ['14:29:59.999', '14:30:00.000', '20:59:59.999', '21:00:00.000'].map(time => isOpen('us', at(`2026-01-20T${time}Z`)))
    expect(states).toEqual([false, true, true, false])
  })

  test('after a long weekend comes on Tuesday, and the last close was on Friday', () => {
    const monday = at('2026-01-19T16:00:00Z')
    expect(tradingAt('us', monday)?.open).toBe('2026-01-20T14:30:00.000Z')
    expect(lastCloseOf('us', monday)).toBe('2026-01-16T21:00:00.000Z')
    expect(lastCloseOf('us', at('2026-01-16T21:00:00Z'))).toBe('2026-01-16T21:00:00.000Z')
  })
})

describe('a market', () => {
  test('is the one that is open longest among what is held', () => {
    expect([marketOf([]), marketOf(['equity', 'option', 'other']), marketOf(['equity', 'future']), marketOf(['future', 'crypto'])]).toEqual(
      ['us', 'us', 'week', 'always'],
    )
  })

  test('of futures opens on Sunday evening, rests an hour a day, and closes on Friday afternoon', () => {
    const states = [
      '2026-11-15T22:59:59Z',
      '2026-11-15T23:00:00Z',
      '2026-11-16T21:59:00Z',
      '2026-11-16T22:30:00Z',
      '2026-11-16T23:00:00Z',
      '2026-11-20T21:59:00Z',
      '2026-11-20T22:00:00Z',
      '2026-11-21T15:00:00Z',
    ]
    expect(states.map(text => isOpen('week', at(text)))).toEqual([false, true, true, false, true, true, false, false])
  })

  test('of crypto never closes', () => {
    expect([
      isOpen('always', at('2026-12-25T03:00:00Z')),
      tradingAt('always', at('2026-12-25T03:00:00Z')),
      lastCloseOf('always', at('2026-12-25T03:00:00Z')),
    ]).toEqual([true, null, null])
  })
})
