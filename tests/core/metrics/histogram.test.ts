import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addHistograms, BAND_ERROR, bandOf, quantile } from '../../../electron/core/metrics/histogram.ts'

const histogramOf = (durations: readonly number[]): number[] =>
  durations.reduce<number[]>((all, ms) => addHistograms(all, [...Array.from({ length: bandOf(ms) }, () => 0), 1]), [])

describe('durations in bands', () => {
  test('give a share of them back within the stated error, as the exact nearest rank would', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1, max: 120_000, noNaN: true }), { minLength: 1, maxLength: 200 }),
        fc.constantFrom(0.5, 0.95, 0.99),
        (durations, share) => {
          const exact = durations.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(durations.length * share)) - 1] ?? 0
          const found = quantile(histogramOf(durations), share)
          if (!found) throw new Error('nothing found')
          expect(found.fromMs).toBeLessThanOrEqual(exact * (1 + 1e-9))
          expect(found.toMs).toBeGreaterThanOrEqual(exact * (1 - 1e-9))
          expect(Math.abs(found.ms - exact) / exact).toBeLessThanOrEqual(BAND_ERROR + 1e-9)
        },
      ),
    )
  })

  test('state an error of nine in a hundred', () => {
    expect(BAND_ERROR).toBeCloseTo(0.0905, 3)
  })

  test('keep what is below a millisecond and beyond all bands', () => {
    expect([bandOf(0), bandOf(0.99), bandOf(1), bandOf(1e9)]).toEqual([0, 0, 1, 69])
    expect(quantile(histogramOf([0.2]), 0.95)).toEqual({ ms: 1, fromMs: 0, toMs: 1 })
  })

  test('say nothing of nothing', () => {
    expect(quantile([], 0.95)).toBeNull()
    expect(quantile([0, 0], 0.5)).toBeNull()
  })

  test('add up however long they are', () => {
    expect(addHistograms([1, 2], [1, 0, 4])).toEqual([2, 2, 4])
    expect(addHistograms([], [3])).toEqual([3])
  })
})
