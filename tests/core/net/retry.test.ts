import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { askedWaitMs, backoffMs } from '../../../electron/core/net/retry.ts'

const NOW = Date.parse('2026-11-20T15:00:00Z')

describe('the wait an answer asks for', () => {
  test.each<[Record<string, string>, number | undefined]>([
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': ' 1.5 ' }, 1500],
    [{ 'retry-after': 'Fri, 20 Nov 2026 15:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Fri, 20 Nov 2026 14:00:00 GMT' }, 0],
    [{ 'x-ratelimit-reset': '12' }, 12_000],
    [{ 'x-ratelimit-reset': String(NOW / 1000 + 20) }, 20_000],
    [{ 'x-ratelimit-reset': String(NOW / 1000 - 20) }, undefined],
    [{ 'retry-after': '3', 'x-ratelimit-reset': '60' }, 3000],
    [{ 'retry-after': 'soon', 'x-ratelimit-reset': '60' }, 60_000],
    [{ 'retry-after': '-5' }, undefined],
    [{ 'retry-after': '2026' }, 2_026_000],
    [{}, undefined],
  ])('%o is %s ms', (headers, ms) => {
    expect(askedWaitMs(headers, NOW)).toBe(ms)
  })

  test('is never negative, endless or not a number, whatever the headers say', () => {
    const value = fc.oneof(fc.string({ maxLength: 40 }), fc.double().map(String), fc.date().map(String), fc.bigInt().map(String))
    fc.assert(
      fc.property(value, value, value, (after, reset, date) => {
        const wait = askedWaitMs({ 'retry-after': after, 'x-ratelimit-reset': reset, date }, NOW)
        expect(wait === undefined || (Number.isFinite(wait) && wait >= 0)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})

test('the back-off is anywhere between nothing and a bound that doubles up to fifteen seconds', () => {
  expect([1, 2, 3, 9].map(failures => [backoffMs(failures, 0), backoffMs(failures, 0.999999)])).toEqual([
    [0, 999],
    [0, 1999],
    [0, 3999],
    [0, 14_999],
  ])
})
