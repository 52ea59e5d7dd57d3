import { describe, expect, test } from 'vitest'
import { highestPrice, middlePrice, most, referencePrice, referenceTimes } from '../../../electron/core/orders/worst-case.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { longAgo, NOW, quoteAt } from './support/order-facts.ts'

describe('the middle of a market', () => {
  test('is between what is bid and what is asked', () => {
    expect(middlePrice(quoteAt('4', '5'))).toBe('4.5')
  })

  test('is none without a price, or where one side has none', () => {
    expect([null, quoteAt(null, '5'), quoteAt('4', null), quoteAt('0', '5')].map(middlePrice)).toEqual([null, null, null, null])
  })
})

test('An order is measured by no price where nobody gave one', () => {
  expect([referencePrice('buy', null), referencePrice('sell', null)]).toEqual([null, null])
})

test('Nothing is the highest of no prices', () => {
  expect([highestPrice(null), highestPrice(quoteAt('0', null)), highestPrice(quoteAt('5', '4', '6'))]).toEqual([null, null, null])
})

test('The largest of some values is one of them, however it is written', () => {
  expect(most(Dec.of('9'), Dec.of('10'), Dec.of('10.0'), Dec.of('-11'))).toBe('10')
})

test('Nobody sells for less than others bid: what was paid last is no price for a purchase then', () => {
  const at = (side: 'buy' | 'sell', bid: string | null, ask: string | null, last: string | null): string | null =>
    referencePrice(side, quoteAt(bid, ask, last))
  expect(at('buy', '100', null, '50')).toBe('100')
  expect(at('buy', '100', '0', '50')).toBe('100')
  expect(at('buy', '100', null, '120')).toBe('120')
  expect(at('buy', '100', null, null)).toBeNull()
  expect(at('buy', '100', null, '0')).toBeNull()
  expect(at('buy', '0', null, '50')).toBe('50')
  expect(at('buy', '100', '101', '50')).toBe('101')
  // What nobody bids for is sold for what was paid last, however much is asked.
  expect(at('sell', null, '50', '100')).toBe('100')
  expect(at('sell', null, '200', '100')).toBe('100')
  expect(at('sell', null, '50', null)).toBeNull()
})

test('The times that count are those of the prices an order is measured by', () => {
  const old = longAgo('1', null, '2').lastAsOf
  expect(referenceTimes('buy', longAgo('1', '2', '2'))).toEqual([NOW])
  expect(referenceTimes('buy', longAgo('1', null, '2'))).toEqual([NOW, old])
  expect(referenceTimes('sell', longAgo(null, '2', '2'))).toEqual([NOW, old])
  expect(referenceTimes('buy', longAgo(null, '0', '2'))).toEqual([old])
  expect(referenceTimes('buy', longAgo('1', null, '0'))).toEqual([NOW])
})
