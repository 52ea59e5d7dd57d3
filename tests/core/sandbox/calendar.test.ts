import { expect, test } from 'vitest'
import {
  dayOrderEndMs,
  isTradingDay,
  midnightMs,
  nextTradingDay,
  openMs,
  thirdFriday,
  tradingDays,
} from '../../../electron/core/sandbox/calendar.ts'
import { LocalDate } from '../../../shared/domain/time.ts'

const day = (text: string) => LocalDate.of(text)

test('the exchange is closed on its holidays, as it was', () => {
  const closed = [
    '2023-01-02',
    '2023-01-16',
    '2023-02-20',
    '2023-04-07',
    '2023-05-29',
    '2023-06-19',
    '2023-07-04',
    '2023-09-04',
    '2023-11-23',
    '2023-12-25',
    '2024-01-01',
    '2024-03-29',
    '2024-05-27',
    '2024-11-28',
    '2025-04-18',
    '2025-06-19',
    '2025-11-27',
    '2026-04-03',
    '2026-07-03',
  ]
  expect(closed.filter(text => isTradingDay(day(text)))).toEqual([])
})

test('a year has the number of trading days it had', () => {
  const count = (year: number) => tradingDays(day(`${year}-01-01`), day(`${year}-12-31`)).length
  expect([count(2022), count(2023), count(2024)]).toEqual([251, 250, 252])
})

test('the session opens at 09:30 in winter and in summer', () => {
  expect(new Date(openMs(day('2026-01-05'))).toISOString()).toBe('2026-01-05T14:30:00.000Z')
  expect(new Date(openMs(day('2026-07-06'))).toISOString()).toBe('2026-07-06T13:30:00.000Z')
  expect(new Date(midnightMs(day('2026-07-06'))).toISOString()).toBe('2026-07-06T04:00:00.000Z')
})

test.each([
  ['before the close, ends with it', '2026-11-20T15:00:00Z', false, '2026-11-20T21:00:00.000Z'],
  ['after the close, ends with the next one, over the weekend', '2026-11-20T21:00:00Z', false, '2026-11-23T21:00:00.000Z'],
  ['for the hours after too, ends at 20:00', '2026-11-20T21:00:00Z', true, '2026-11-21T01:00:00.000Z'],
  ['in summer, ends an hour earlier by UTC', '2026-07-06T13:30:00Z', false, '2026-07-06T20:00:00.000Z'],
  ['on a holiday, ends on the day after', '2026-11-26T15:00:00Z', false, '2026-11-27T21:00:00.000Z'],
])('an order for the day entered %s', (_, entered, extended, end) => {
  expect(new Date(dayOrderEndMs(Date.parse(entered), extended)).toISOString()).toBe(end)
})

test('monthly options end on the third Friday, or the day before a holiday', () => {
  expect([thirdFriday(2026, 12), thirdFriday(2025, 4)]).toEqual(['2026-12-18', '2025-04-17'])
  expect(nextTradingDay(day('2026-11-25'))).toBe('2026-11-27')
})
