import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  dayOf,
  durationWords,
  formatAge,
  formatClock,
  formatColumnPrice,
  formatCountdown,
  formatDate,
  formatDecimal,
  formatDuration,
  formatExact,
  formatFees,
  formatInstrument,
  formatMoment,
  formatMoney,
  formatMoneys,
  formatPrice,
  formatQuantity,
  formatRange,
  formatTime,
  MINUS,
  plural,
} from '../../renderer/lib/format/index.ts'
import { Dec } from '../../shared/domain/decimal.ts'
import { Instant, LocalDate } from '../../shared/domain/time.ts'

const at = (text: string) => Instant.parse(text)
const day = (text: string) => LocalDate.of(text)

const decimals = fc
  .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 24n }), fc.integer({ min: 0, max: 12 }))
  .map(([negative, digits, scale]) => {
    const text = digits.toString().padStart(scale + 1, '0')
    const plain = scale === 0 ? text : `${text.slice(0, -scale)}.${text.slice(-scale)}`
    return Dec.of(negative ? `-${plain}` : plain)
  })

const readBack = (text: string) => Dec.of(text.replaceAll(',', '').replace(MINUS, '-'))

describe('decimals at the glass', () => {
  test('lose and gain nothing, whatever their size', () => {
    fc.assert(
      fc.property(decimals, value => {
        expect(readBack(formatDecimal(value))).toBe(value)
      }),
    )
  })

  test('keep their value when zeros fill up the fraction', () => {
    fc.assert(
      fc.property(decimals, fc.integer({ min: 0, max: 8 }), (value, min) => {
        const text = formatDecimal(value, { min })
        expect(readBack(text)).toBe(value)
        expect((text.split('.')[1] ?? '').length).toBeGreaterThanOrEqual(min)
      }),
    )
  })

  test('round exactly as Dec does when places are limited', () => {
    fc.assert(
      fc.property(decimals, fc.integer({ min: 0, max: 6 }), (value, max) => {
        expect(readBack(formatDecimal(value, { max }))).toBe(Dec.round(value, max))
      }),
    )
  })

  test('are grouped by threes from the point', () => {
    fc.assert(
      fc.property(decimals, value => {
        expect(formatDecimal(value).replace(MINUS, '').split('.')[0]).toMatch(/^\d{1,3}(,\d{3})*$/)
      }),
    )
  })

  test('carry a sign only where a change is shown, and never on zero', () => {
    expect(formatDecimal(Dec.of('3'), { sign: 'always' })).toBe('+3')
    expect(formatDecimal(Dec.of('3'))).toBe('3')
    expect(formatDecimal(Dec.of('0'), { sign: 'always' })).toBe('0')
    expect(formatDecimal(Dec.of('-0.004'), { max: 2, sign: 'always' })).toBe('0')
  })

  test('show quantities and prices as traded', () => {
    expect(formatQuantity(Dec.of('0.018250417'))).toBe('0.018250417')
    expect(formatPrice(Dec.of('97412.5'))).toBe('97,412.50')
    expect(formatPrice(Dec.of('188.42105'))).toBe('188.42105')
  })
})

describe('money', () => {
  test('has its currency and a true minus sign before it', () => {
    expect(formatMoney(Dec.of('-1234.5'), 'USD')).toBe('−$1,234.50')
    expect(formatMoney(Dec.of('41905.66'), 'EUR')).toBe('€41,905.66')
    expect(formatMoney(Dec.of('12'), 'CHF')).toBe('CHF\u00a012.00')
    expect(formatMoney(Dec.of('1500'), 'JPY')).toBe('¥1,500')
  })

  test('is rounded to the currency in lists and not at all in the detail', () => {
    expect(formatMoney(Dec.of('1777.818734'), 'USD')).toBe('$1,777.82')
    expect(formatMoney(Dec.of('1777.818734'), 'USD', { exact: true })).toBe('$1,777.818734')
    expect(formatMoney(Dec.of('5'), 'USD', { exact: true, sign: 'always' })).toBe('+$5.00')
  })

  test('of several currencies is never added together', () => {
    expect(
      formatMoneys([
        { amount: Dec.of('1'), currency: 'EUR' },
        { amount: Dec.of('2'), currency: 'USD' },
      ]),
    ).toBe('€1.00 and $2.00')
  })
})

describe('what nobody states', () => {
  test('is no fee of nothing', () => {
    expect([formatFees(Dec.of('0'), 'USD'), formatFees(Dec.of('1.3'), 'USD'), formatFees(Dec.of('0.0125'), 'EUR', { exact: true })]).toEqual(['none stated', '$1.30', '€0.0125'])
  })
})

describe('a price that was worked out', () => {
  test.each([
    ['230.424', '230.4240'], ['66.0725123', '66.0725'], ['54321', '54,321.0000'], ['0.00001234', '0.00001234'], ['0.000012345678', '0.00001235'], ['0.5', '0.5000'],
    ['-0.0312345', '−0.03123'], ['0', '0.0000'],
  ])('of %s has the decimals of its column, and of a small one enough to tell it: %s', (value, words) => {
    expect(formatColumnPrice(Dec.of(value))).toBe(words)
  })
})

describe('times', () => {
  test('are the exchange\u2019s, with the zone named, in winter and in summer', () => {
    expect(formatTime(at('2026-11-20T20:59:58.214Z'))).toBe('15:59:58 ET')
    expect(formatTime(at('2026-07-01T19:59:58Z'))).toBe('15:59:58 ET')
    expect(formatClock(at('2026-11-20T05:00:00Z'))).toBe('00:00:00')
  })

  test('name a day by the exchange\u2019s calendar', () => {
    expect(dayOf(at('2026-11-21T02:30:00Z'))).toBe('2026-11-20')
    expect(formatDate(day('2026-11-03'))).toBe('3 Nov 2026')
  })

  test('are exact to the last known digit in tooltips', () => {
    expect(formatExact(at('2026-11-20T20:59:58.214Z'))).toBe('Fri 20 Nov 2026 15:59:58.214 ET')
    expect(formatExact(at('2026-11-20T20:59:58.214512Z'))).toBe('Fri 20 Nov 2026 15:59:58.214512 ET')
    expect(formatExact(at('2026-11-20T20:59:58Z'))).toBe('Fri 20 Nov 2026 15:59:58 ET')
  })

  test('are as short as they can be without doubt', () => {
    const now = at('2026-11-20T21:05:00Z')
    expect(formatMoment(at('2026-11-20T21:02:48Z'), now)).toBe('16:02:48 ET')
    expect(formatMoment(at('2026-11-20T04:45:00Z'), now)).toBe('yesterday 23:45 ET')
    expect(formatMoment(at('2026-11-22T00:40:00Z'), now)).toBe('Sat 21 Nov, 19:40 ET')
    expect(formatMoment(at('2025-11-22T00:40:00Z'), now)).toBe('Fri 21 Nov 2025, 19:40 ET')
  })

  test('form ranges that repeat nothing', () => {
    expect(formatRange(day('2026-11-01'), day('2026-11-20'))).toBe('1–20 Nov 2026')
    expect(formatRange(day('2026-10-28'), day('2026-11-03'))).toBe('28 Oct – 3 Nov 2026')
    expect(formatRange(day('2025-12-28'), day('2026-01-03'))).toBe('28 Dec 2025 – 3 Jan 2026')
    expect(formatRange(day('2026-11-03'), day('2026-11-03'))).toBe('3 Nov 2026')
    expect(formatRange(day('2026-11-03'), undefined)).toBe('since 3 Nov 2026')
    expect(formatRange(undefined, day('2026-11-03'))).toBe('until 3 Nov 2026')
  })
})

describe('durations', () => {
  test('say the two largest units', () => {
    expect(formatDuration(27 * 3_600_000 + 240_000)).toBe('1 d 3 h')
    expect(formatDuration(42 * 60_000)).toBe('42 min')
    expect(formatDuration(30_000)).toBe('under 1 min')
    expect(durationWords(27 * 3_600_000)).toBe('1 day 3 hours')
    expect(durationWords(61 * 60_000)).toBe('1 hour 1 minute')
  })

  test('count down to zero and no further', () => {
    expect(formatCountdown(252_000)).toBe('04:12')
    expect(formatCountdown(3_852_000)).toBe('1:04:12')
    expect(formatCountdown(-5)).toBe('00:00')
    expect(formatCountdown(90_000_000)).toBe('1 d 1 h')
  })

  test('say how old a figure is', () => {
    const now = at('2026-11-20T21:05:00Z')
    expect(formatAge(at('2026-11-20T21:04:30Z'), now)).toBe('just now')
    expect(formatAge(at('2026-11-20T21:02:00Z'), now)).toBe('3 min ago')
  })
})

test('options lead with the underlying, then expiry, strike and right', () => {
  expect(formatInstrument('SPY261219C00690000')).toEqual({ symbol: 'SPY', terms: '19 Dec 26 690 C' })
  expect(formatInstrument('BRK.B')).toEqual({ symbol: 'BRK.B', terms: '' })
  expect(formatInstrument('/ESZ26_P5900:XCME')).toEqual({ symbol: '/ESZ26', terms: 'Dec 26 5,900 P' })
  expect(formatInstrument('./ESU24 EW4Q24 240823C5750')).toEqual({ symbol: '/ESU24', terms: '23 Aug 24 5,750 C' })
  expect(formatInstrument('/ESZ26:XCME')).toEqual({ symbol: '/ESZ26', terms: '' })
  expect(formatInstrument('/odd one')).toEqual({ symbol: '/odd one', terms: '' })
})

test('counts agree with their noun', () => {
  expect([plural(1, 'account'), plural(0, 'account'), plural(18204, 'activity', 'activities')]).toEqual([
    '1 account',
    '0 accounts',
    '18,204 activities',
  ])
})
