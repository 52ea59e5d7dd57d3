import { describe, expect, it } from 'vitest'
import { addScaled, addTo, newTally, totalOf } from '../../../electron/core/ledger/tally.ts'
import { Dec } from '../../../shared/domain/decimal.ts'

function tallyOf(values: readonly Dec[]): Dec {
  const tally = newTally()
  for (const value of values) addTo(tally, value)
  return totalOf(tally)
}

describe('a tally', () => {
  it('comes to zero without values', () => {
    expect(tallyOf([])).toBe('0')
    expect(tallyOf([Dec.of('0.1'), Dec.of('-0.1')])).toBe('0')
  })

  it('adds values too long or too fine for it', () => {
    const values = ['12345678901234.5', '0.000000000001', '-99999999', '9999999.12345678', '-9999999.00000001'].map(Dec.of)
    expect(tallyOf(values)).toBe(Dec.sum(values))
  })

  it('stays exact where a double would begin to round', () => {
    const values = Array.from({ length: 500 }, (_, at) => Dec.of(at % 7 === 0 ? '-1234567.00000001' : '9999999.99999999'))
    expect(tallyOf(values)).toBe(Dec.sum(values))
  })

  it('adds whole numbers at any scale, small and large, on both sides of 0', () => {
    const of = (...values: [number, number][]): Dec => {
      const tally = newTally()
      for (const [value, scale] of values) addScaled(tally, value, scale)
      return totalOf(tally)
    }
    expect(of([15_000, 4], [150_000_000, 8], [-5, 1], [25, 12])).toBe('2.500000000025')
    expect(of([Number.MAX_SAFE_INTEGER, 8], [Number.MAX_SAFE_INTEGER, 8])).toBe('180143985.09481982')
    expect(of([-Number.MAX_SAFE_INTEGER, 8], [-Number.MAX_SAFE_INTEGER, 8], [-1, 8])).toBe('-180143985.09481983')
    expect(of(...Array.from({ length: 50 }, (): [number, number] => [999_999_999_999_999, 8]))).toBe('499999999.9999995')
  })
})
