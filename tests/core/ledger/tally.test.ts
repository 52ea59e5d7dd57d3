import { describe, expect, it } from 'vitest'
import { addTo, newTally, totalOf } from '../../../electron/core/ledger/tally.ts'
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
})
