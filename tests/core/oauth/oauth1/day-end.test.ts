import { expect, test } from 'vitest'
import { nextMidnight } from '../../../../electron/core/oauth/oauth1/day-end.ts'
import { Instant } from '../../../../shared/domain/time.ts'

test.each([
  ['2026-11-20T15:00:00Z', '2026-11-21T05:00:00.000Z'],
  ['2026-07-01T15:00:00Z', '2026-07-02T04:00:00.000Z'],
  // Late in New York, early in London.
  ['2026-11-21T04:59:59Z', '2026-11-21T05:00:00.000Z'],
  ['2026-11-21T05:00:00Z', '2026-11-22T05:00:00.000Z'],
  // The clocks go forward at 2:00 on March 8: a day of 23 hours.
  ['2026-03-08T05:30:00Z', '2026-03-09T04:00:00.000Z'],
  ['2026-03-08T04:59:00Z', '2026-03-08T05:00:00.000Z'],
  // And back on November 1: a day of 25 hours.
  ['2026-11-01T04:30:00Z', '2026-11-02T05:00:00.000Z'],
])('after %s the day in New York ends at %s', (now, end) => {
  expect(nextMidnight(Instant.parse(now), 'America/New_York')).toBe(end)
})

test('every night of the year ends one day, at midnight on the wall in New York', () => {
  const wall = new Intl.DateTimeFormat('en-GB', { timeZone: 'America/New_York', timeStyle: 'medium', dateStyle: 'short' })
  let now = Instant.parse('2026-01-01T05:00:00Z')
  const nights = Array.from({ length: 365 }, () => (now = nextMidnight(now, 'America/New_York')))
  expect(nights.map(night => wall.format(new Date(night)).slice(-8))).toEqual(nights.map(() => '00:00:00'))
  expect(nights.at(-1)).toBe('2027-01-01T05:00:00.000Z')
  expect(nights.map(night => nextMidnight(Instant.plus(night, -1), 'America/New_York'))).toEqual(nights)
})
