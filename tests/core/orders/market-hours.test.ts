import { describe, expect, test } from 'vitest'
import { sessionAt } from '../../../electron/core/orders/session.ts'
import { Instant } from '../../../shared/domain/time.ts'

/** As the exchange published them: New York Stock Exchange, holidays and trading hours. */
const CLOSED = new Set([
  '2026-01-01',
  '2026-01-19',
  '2026-02-16',
  '2026-04-03',
  '2026-05-25',
  '2026-06-19',
  '2026-07-03',
  '2026-09-07',
  '2026-11-26',
  '2026-12-25',
  '2027-01-01',
  '2027-01-18',
  '2027-02-15',
  '2027-03-26',
  '2027-05-31',
  '2027-06-18',
  '2027-07-05',
  '2027-09-06',
  '2027-11-25',
  '2027-12-24',
  '2028-01-17',
  '2028-02-21',
  '2028-04-14',
  '2028-05-29',
  '2028-06-19',
  '2028-07-04',
  '2028-09-04',
  '2028-11-23',
  '2028-12-25',
])
const HALF = new Set(['2026-11-27', '2026-12-24', '2027-11-26', '2028-07-03', '2028-11-24'])
/** From 02:00 of the first day to 02:00 of the second New York is four hours behind, and not five. */
const SUMMER = [
  ['2026-03-08T07:00Z', '2026-11-01T06:00Z'],
  ['2027-03-14T07:00Z', '2027-11-07T06:00Z'],
  ['2028-03-12T07:00Z', '2028-11-05T06:00Z'],
].map(([from = '', to = '']) => [Date.parse(from), Date.parse(to)] as const)

const MINUTE = 60_000
const FROM = Date.parse('2026-01-01T00:00Z')
const TO = Date.parse('2029-01-01T00:00Z')

/** What the market of stocks does, by the tables above. */
function expected(ms: number): 'open' | 'extended' | 'closed' {
  const behind = SUMMER.some(([from, to]) => ms >= from && ms < to) ? 4 : 5
  const there = new Date(ms - behind * 3_600_000)
  const day = there.toISOString().slice(0, 10)
  const minute = there.getUTCHours() * 60 + there.getUTCMinutes()
  const weekday = there.getUTCDay()
  if (weekday === 0 || weekday === 6 || CLOSED.has(day)) return 'closed'
  const close = HALF.has(day) ? 13 * 60 : 16 * 60
  if (minute >= 570 && minute < close) return 'open'
  return minute >= 240 && minute < close + 240 ? 'extended' : 'closed'
}

describe('the hours of stocks over three years', () => {
  test('are those of the published calendar, looked at every thirteen minutes', () => {
    const wrong: string[] = []
    for (let ms = FROM; ms < TO && wrong.length < 5; ms += 13 * MINUTE) {
      const at = Instant.fromEpochMs(ms)
      if (sessionAt('equity', at) !== expected(ms)) wrong.push(`${at}: ${sessionAt('equity', at)} and not ${expected(ms)}`)
    }
    expect(wrong).toEqual([])
  })

  test('begin and end in the very millisecond', () => {
    const wrong: string[] = []
    for (let ms = FROM; ms < TO; ms += 30 * MINUTE) {
      if (expected(ms) === expected(ms - 1)) continue
      for (const near of [ms - 1, ms, ms + 1])
        if (sessionAt('equity', Instant.fromEpochMs(near)) !== expected(near)) wrong.push(Instant.fromEpochMs(near))
    }
    expect(wrong).toEqual([])
  })

  test('have as many sessions as the exchange counts', () => {
    const noons = Array.from({ length: 365 }, (_, day) => Date.parse('2026-01-01T17:00Z') + day * 86_400_000)
    expect(noons.filter(ms => sessionAt('equity', Instant.fromEpochMs(ms)) === 'open')).toHaveLength(251)
  })
})

describe('other markets', () => {
  test.each([
    ['crypto', '2026-12-25T08:00:00Z', 'open'],
    ['crypto', '2026-11-22T03:00:00Z', 'open'],
    // Sunday 18:00 in New York.
    ['future', '2026-11-22T22:59:59Z', 'closed'],
    ['future', '2026-11-22T23:00:00Z', 'open'],
    ['future', '2026-11-20T21:59:59Z', 'open'],
    ['future', '2026-11-20T22:00:00Z', 'closed'],
    ['fund', '2026-11-20T14:29:59Z', 'extended'],
    ['fund', '2026-11-20T14:30:00Z', 'open'],
    ['bond', '2026-11-20T14:29:59Z', 'closed'],
    ['option', '2026-11-20T14:29:59Z', 'closed'],
    ['option', '2026-11-20T14:30:00Z', 'open'],
    ['option', '2026-11-20T21:00:00Z', 'closed'],
    ['option', '2026-11-27T18:00:00Z', 'closed'],
  ] as const)('%s at %s: %s', (assetClass, at, session) => {
    expect(sessionAt(assetClass, Instant.parse(at))).toBe(session)
  })
})
