import { describe, expect, test } from 'vitest'
import { accruedOf } from '../../../../electron/core/ledger/lots/accrued.ts'
import { lotRow } from './support/row.ts'

type Told = Omit<Parameters<typeof lotRow>[0], 'id'>

/** Of 10,000 of a bond at 98 %, fees of 10 beside the price. */
const accrued = (side: 'buy' | 'sell', amount: string, more: Told = {}): string =>
  accruedOf(lotRow({ id: 1, assetClass: 'bond', side, quantity: '10000', price: '98', amount, fees: '10', ...more }))

describe('interest that accrued on a bond', () => {
  test('is received by a sale and paid by a purchase, whatever sign the quantity has', () => {
    expect(accrued('sell', '9910')).toBe('120')
    expect(accrued('sell', '9910', { quantity: '-10000' })).toBe('120')
    expect(accrued('buy', '-9930')).toBe('-120')
    expect(accrued('buy', '-9930', { quantity: '-10000' })).toBe('-120')
  })

  test('is none of the other side: more cash for a purchase and less for a sale belong to the price', () => {
    expect([accrued('sell', '9700'), accrued('buy', '-9700')]).toEqual(['0', '0'])
  })

  test('is none as far as a price was rounded to three decimals', () => {
    expect([accrued('sell', '9790.05'), accrued('sell', '9790.051')]).toEqual(['0', '0.051'])
    expect([accrued('buy', '-9810.05'), accrued('buy', '-9810.051')]).toEqual(['0', '-0.051'])
  })

  test('is none of what is no bond, whose price is no percentage, or which lacks a figure', () => {
    expect(accrued('sell', '9910', { assetClass: 'equity' })).toBe('0')
    expect(accrued('sell', '980120', { price: '98' })).toBe('0')
    expect(accrued('sell', '9910', { kind: 'transfer' })).toBe('0')
    const { quantity, price, amount, ...rest } = {
      quantity: '10000',
      price: '98',
      amount: '9910',
      assetClass: 'bond',
      side: 'sell',
      fees: '10',
    } as const
    for (const told of [
      { price, amount },
      { quantity, amount },
      { quantity, price },
    ])
      expect(accruedOf(lotRow({ id: 1, ...rest, ...told }))).toBe('0')
  })
})
