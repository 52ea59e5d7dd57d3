import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dayFor, largest, monthBeside, monthsOf, strength, yearsOf } from '../../renderer/features/performance/calendar.ts'
import { changedResults } from '../../renderer/features/performance/filter.ts'
import { byMonth, dayText, monthText, resultText } from '../../renderer/features/performance/results.ts'
import { tripStamp } from '../../renderer/features/trips/stamp.ts'
import { axisTexts, formatChange, formatKnown, formatPercent, shortChange, toneOf } from '../../renderer/lib/format/index.ts'
import { placeFor } from '../../renderer/ui/charts/places.ts'
import type { AccountId } from '../../shared/domain/ids.ts'
import { LocalDate } from '../../shared/domain/time.ts'
import { connection, decimal, instant, NOW } from './examples.ts'
import { dayResult } from './ledger-examples.ts'

const day = LocalDate.of

describe('the calendar', () => {
  test('goes from month to month over the ends of a year', () => {
    expect(monthBeside('2026-12', 1)).toBe('2027-01')
    expect(monthBeside('2026-01', -1)).toBe('2025-12')
    expect(monthBeside('2026-06', -1)).toBe('2026-05')
  })

  test('has every day of a year once, in weeks that begin on Monday', () => {
    const months = monthsOf('2028')
    const days = months.flatMap(({ weeks }) => weeks.flat()).filter(one => one !== null)
    expect(days).toHaveLength(366)
    expect(days.toSorted()).toEqual(days)
    expect(months.every(({ weeks }) => weeks.every(week => week.length === 7))).toBe(true)
    // 1 November 2026 is a Sunday, the last day of its week.
    expect(monthsOf('2026')[10]?.weeks[0]).toEqual([null, null, null, null, null, null, '2026-11-01'])
  })

  test('offers the years there are results in and the one it is', () => {
    expect(yearsOf([dayResult({ day: '2024-02-01' }), dayResult({ day: '2024-03-01' })], day('2026-11-20'))).toEqual(['2026', '2024'])
  })

  test('moves by day, week and month, and stays inside its year', () => {
    expect(dayFor('ArrowRight', day('2026-11-30'))).toBe('2026-12-01')
    expect(dayFor('ArrowUp', day('2026-11-03'))).toBe('2026-10-27')
    expect(dayFor('ArrowLeft', day('2026-01-01'))).toBe('2026-01-01')
    expect(dayFor('ArrowDown', day('2026-12-29'))).toBe('2026-12-31')
    expect(dayFor('PageDown', day('2026-01-31'))).toBe('2026-02-28')
    expect(dayFor('PageUp', day('2026-01-31'))).toBe('2026-01-31')
    expect(dayFor('Home', day('2026-02-17'))).toBe('2026-02-01')
    expect(dayFor('End', day('2026-02-17'))).toBe('2026-02-28')
    expect(dayFor('a', day('2026-02-17'))).toBeUndefined()
  })

  test('colours a day by its share of the largest, and nothing where nothing was made or lost', () => {
    const days = [
      dayResult({ realized: '100' }),
      dayResult({ realized: '-200' }),
      dayResult({ realized: '0' }),
      dayResult({ realized: '5' }),
    ]
    const most = largest(days)
    expect(most).toBe('200')
    expect(days.map(one => strength(one, most))).toEqual([3, 4, 0, 1])
    expect(strength(undefined, most)).toBe(0)
    expect(strength(dayResult({ realized: '0' }), decimal('0'))).toBe(0)
  })
})

describe('results by month', () => {
  test('add up exactly, with the months in between', () => {
    const months = byMonth([
      dayResult({ day: '2025-12-30', realized: '0.1', closings: 1, unknown: 1 }),
      dayResult({ day: '2025-12-31', realized: '0.2', closings: 2, dividends: '3.07' }),
      dayResult({ day: '2026-02-01', realized: '-5' }),
    ])
    expect(months.map(({ month, realized }) => [month, realized])).toEqual([
      ['2025-12', '0.3'],
      ['2026-01', '0'],
      ['2026-02', '-5'],
    ])
    expect(months[0]).toMatchObject({ closings: 3, unknown: 1, dividends: '3.07', fees: '2.6' })
    expect(byMonth([])).toEqual([])
  })

  test('lose nothing of the days, whichever they are', () => {
    const cents = fc.array(fc.tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: -1_000_000, max: 1_000_000 })), { maxLength: 60 })
    fc.assert(
      fc.property(cents, pairs => {
        const days = pairs.map(([after, amount]) =>
          dayResult({ day: LocalDate.plusDays(day('2024-01-01'), after), realized: String(amount) }),
        )
        const sum = byMonth(days).reduce((total, { realized }) => total + Number(realized), 0)
        expect(sum).toBe(pairs.reduce((total, [, amount]) => total + amount, 0))
      }),
    )
  })
})

describe('words', () => {
  test('say a day whole: results, payments and what is unknown', () => {
    expect(dayText(day('2026-11-20'), undefined)).toBe('Fri 20 Nov 2026: nothing closed')
    expect(dayText(day('2026-11-20'), dayResult({ realized: '-12.3', closings: 1, dividends: '4', otherFees: '2', unknown: 2 }))).toBe(
      'Fri 20 Nov 2026: −$12.30 realised in 1 closing, +$4.00 dividends, $2.00 other fees, 2 closings of unknown cost',
    )
    expect(resultText(dayResult({ closings: 0, interest: '-1.5', currency: 'EUR' }))).toBe('nothing closed, −€1.50 interest')
    expect(resultText(dayResult({ closings: 0, realized: '0', unknown: 1 }))).toBe('1 closing of unknown cost')
    expect(monthText('2026-03')).toBe('Mar 2026')
  })

  test('never turn what nobody knows into an amount', () => {
    expect([formatChange(null, 'USD'), formatKnown(null, 'USD'), toneOf(null)]).toEqual(['unknown', 'unknown', ''])
    expect([formatChange(decimal('3'), 'USD'), toneOf(decimal('3'))]).toEqual(['+$3.00', 'good'])
    expect([formatKnown(decimal('-3'), 'USD'), toneOf(decimal('-3')), toneOf(decimal('0'))]).toEqual(['−$3.00', 'bad', ''])
  })

  test('write per cent and axes short', () => {
    expect(formatPercent(decimal('0.654'), { sign: 'always' })).toBe('+0.65 %')
    expect(formatPercent(decimal('52.44'), { places: 1 })).toBe('52.4 %')
    expect(formatPercent(decimal('-1'), { sign: 'always', places: 1 })).toBe('−1.0 %')
    expect(axisTexts([-186.06, -186.08, -186.1])).toEqual(['−186.06', '−186.08', '−186.1'])
    expect(axisTexts([186_060, 186_080])).toEqual(['186.06k', '186.08k'])
    expect(axisTexts([719_028.54, 719_028.56, 719_028.6])).toEqual(['719,028.54', '719,028.56', '719,028.60'])
    expect(axisTexts([-719_028, -719_029])).toEqual(['−719,028', '−719,029'])
    expect(axisTexts([0, 250, -1500, 12_000, -1_500_000, 2_000_000_000])).toEqual(['0', '250', '−1500', '12k', '−1.5m', '2b'])
    expect([0.42, -131.04, 999.4, 2602.86, -13_391.54, 1_500_000].map(shortChange)).toEqual([
      '+0.4',
      '−131',
      '+999',
      '+2.6k',
      '−13.4k',
      '+1.5m',
    ])
  })
})

test('keys lead through a chart and stop at its ends', () => {
  expect(placeFor('ArrowRight', 3, 9)).toBe(4)
  expect(placeFor('PageUp', 3, 9)).toBe(9)
  expect(placeFor('ArrowLeft', 0, 9)).toBe(0)
  expect(placeFor('Home', 5, 9)).toBe(0)
  expect(placeFor('End', 5, 9)).toBe(9)
  expect(placeFor('x', 5, 9)).toBeUndefined()
  expect(placeFor('End', -1, -1)).toBeUndefined()
})

test('a filter drops the parts that are taken away', () => {
  expect(changedResults({ symbol: 'NVDA', tag: 'swing' }, { symbol: undefined, broker: 'schwab' })).toEqual({
    tag: 'swing',
    broker: 'schwab',
  })
})

test('a round trip says when it was worked out and when its history was fetched, and nothing nobody knows', () => {
  const run = { requested: null, returned: null, fetched: 3, new: 1, updated: 0 }
  const synced = (result: 'success' | 'failed') =>
    connection({
      lastSync: { result: 'success', connectionId: 'con_1', startedAt: instant('2026-11-20T20:59:00.000Z'), finishedAt: instant('2026-11-20T21:00:00.000Z'), error: null, accounts: [{ id: 'acc_1', result, ...run }] },
    })
  const accountId = 'acc_1' as AccountId
  const computedAt = instant('2026-11-20T21:01:02.000Z')
  const said = (change: Partial<Parameters<typeof tripStamp>[0]>) => tripStamp({ computedAt, connection: synced('success'), accountId, ...change }, instant(NOW))
  expect(said({})).toBe('Worked out as of 16:01:02 ET, history fetched 16:00:00 ET.')
  expect(said({ connection: synced('failed') })).toBe('Worked out as of 16:01:02 ET.')
  expect(said({ computedAt: null })).toBe('History fetched 16:00:00 ET.')
  expect(said({ computedAt: null, connection: connection({ lastSync: null }) })).toBe('')
})
