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

  it('counts short values as a number, because adding text costs many times as much', () => {
    const after = (value: string) => {
      const tally = newTally()
      addTo(tally, Dec.of(value))
      return tally
    }
    expect(after('9999999.12345678')).toEqual({ digits: 999_999_912_345_678, rest: '0' })
    expect(after('-999999.5')).toEqual({ digits: -99_999_950_000_000, rest: '0' })
    expect(after('1234567')).toEqual({ digits: 123_456_700_000_000, rest: '0' })
    for (const value of ['12345678', '-1234567', '12345678.5', '0.123456789', '1234567.123456789']) expect(after(value)).toEqual({ digits: 0, rest: value })
  })

  it('counts whole hundred-millionths as a number, up to what is read so', () => {
    const after = (value: number, scale = 8) => {
      const tally = newTally()
      addScaled(tally, value, scale)
      return tally
    }
    expect([after(1e15), after(-1e15)]).toEqual([{ digits: 1e15, rest: '0' }, { digits: -1e15, rest: '0' }])
    expect([after(1e15 + 1), after(-1e15 - 1)]).toEqual([{ digits: 0, rest: '10000000.00000001' }, { digits: 0, rest: '-10000000.00000001' }])
    expect(after(12_345_678_5, 1)).toEqual({ digits: 0, rest: '12345678.5' })
  })

  it.each([1, -1])('moves the number to the rest before another step could be too large (%d)', sign => {
    const tally = newTally()
    for (let times = 0; times < 4; times += 1) addScaled(tally, sign * 1e15, 8)
    expect(tally).toEqual({ digits: sign * 4e15, rest: '0' })
    addScaled(tally, sign * 1e15, 8)
    expect(tally).toEqual({ digits: 0, rest: String(sign * 50_000_000) })
    addScaled(tally, sign, 8)
    expect(totalOf(tally)).toBe(sign > 0 ? '50000000.00000001' : '-50000000.00000001')
  })
})
