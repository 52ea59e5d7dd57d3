import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { averagePrice } from '../../../electron/core/brokers/average.ts'
import { Dec } from '../../../shared/domain/decimal.ts'

const fill = (quantity: string, price: string) => ({ quantity: Dec.of(quantity), price: Dec.of(price) })

describe('the average price of fills', () => {
  test('is weighted and rounded at the eighth decimal', () => {
    expect(averagePrice([fill('4', '10.05'), fill('6', '10.1')])).toBe('10.08')
    expect(averagePrice([fill('1', '1'), fill('2', '2')])).toBe('1.66666667')
    expect(averagePrice([fill('3', '-1'), fill('0.5', '2.25')])).toBe('-0.53571429')
    expect(averagePrice([fill('0.000000001', '91234.56')])).toBe('91234.56')
  })

  test('does not exist without a quantity', () => {
    expect([averagePrice([]), averagePrice([fill('0', '5')])]).toEqual([null, null])
  })

  test('lies between the lowest and the highest, and is the price when all agree', () => {
    const amount = fc.integer({ min: 1, max: 1_000_000 }).map(value => Dec.of(String(value / 1000)))
    fc.assert(
      fc.property(fc.array(fc.record({ quantity: amount, price: amount }), { minLength: 1, maxLength: 6 }), fills => {
        const average = averagePrice(fills) ?? Dec.zero
        const prices = fills.map(({ price }) => price).sort(Dec.cmp)
        expect(Dec.cmp(average, prices[0] ?? Dec.zero)).toBeGreaterThanOrEqual(0)
        expect(Dec.cmp(average, prices.at(-1) ?? Dec.zero)).toBeLessThanOrEqual(0)
      }),
      { numRuns: 200 },
    )
  })
})
