import fc from 'fast-check'
import { expect, test } from 'vitest'
import { costsOf } from '../../../../electron/core/ledger/lots/fill-costs.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'

const dec = (most: number, decimals: number): fc.Arbitrary<Dec> =>
  fc.tuple(fc.integer({ min: -most, max: most }), fc.nat(decimals)).map(([value, places]) => Dec.ofScaled(value, places))

test('what a fill cost is what its cash is more than quantity by price by multiplier, whatever their decimals and size', () => {
  const multiplier = fc.constantFrom(Dec.of('1'), Dec.of('100'), Dec.of('0.01'), Dec.of('12.5'))
  const large = fc.constantFrom(Dec.of('123456789012345678.12345678'), Dec.of('-9007199254740993'), Dec.of('0.000000000001'))
  const value = fc.oneof({ weight: 9, arbitrary: dec(10 ** 9, 8) }, { weight: 1, arbitrary: large })
  fc.assert(
    fc.property(value, value, value, value, multiplier, fc.boolean(), (quantity, price, cash, fees, each, isStated) => {
      const paid = Dec.mul(Dec.mul(quantity, price), each)
      const amount = isStated ? Dec.neg(Dec.add(paid, fees)) : cash
      expect(costsOf({ quantity, price, amount, fees }, each)).toBe(Dec.neg(Dec.add(amount, paid)))
    }),
    { numRuns: 3000 },
  )
})

test.each([
  { quantity: '100', price: '10.25', amount: '-1026', fees: '1', multiplier: '1', costs: '1' },
  { quantity: '-100', price: '10.25', amount: '1024', fees: '1', multiplier: '1', costs: '1' },
  { quantity: '3', price: '0.333', amount: '-1', fees: '0', multiplier: '1', costs: '0.001' },
  { quantity: '2', price: '1.5', amount: '-301.3', fees: '1.3', multiplier: '100', costs: '1.3' },
  { quantity: '1', price: '10', amount: '-9.5', fees: '0', multiplier: '1', costs: '-0.5' },
  // A hundred times the fees, and the same digits.
  { quantity: '10', price: '0.25', amount: '-152.5', fees: '1.5', multiplier: '1', costs: '150' },
])('$quantity at $price for $amount cost $costs beside the price', ({ quantity, price, amount, fees, multiplier, costs }) => {
  expect(
    costsOf({ quantity: Dec.of(quantity), price: Dec.of(price), amount: Dec.of(amount), fees: Dec.of(fees) }, Dec.of(multiplier)),
  ).toBe(Dec.of(costs))
})

test.each([
  // More digits than a double holds: of both, of the product alone, and of a sum of two that fit.
  { quantity: '12345.6789', price: '9876.5431', amount: '-121932625', costs: '-4.75461059' },
  { quantity: '95367.431', price: '95420.129', amount: '-5000000000', costs: '-4099972568.418599' },
  { quantity: '-94906265', price: '94906265', amount: '-99999999999998', costs: '9107199136250223' },
  // Of one of two alone, where what they differ by has few.
  { quantity: '-95367.431', price: '95420.129', amount: '9000000000', costs: '99972568.418599' },
  { quantity: '-9000', price: '1', amount: '9100.000000000001', costs: '-100.000000000001' },
  // The largest that a double holds, on either side of nothing, and one more.
  { quantity: '69431', price: '129728784761', amount: '0', costs: '-9007199254740991' },
  { quantity: '-69431', price: '129728784761', amount: '0', costs: '9007199254740991' },
  { quantity: '-3', price: '3002399751580331', amount: '0', costs: '9007199254740993' },
])('$quantity at $price for $amount is exact, however many digits it takes', ({ quantity, price, amount, costs }) => {
  expect(costsOf({ quantity: Dec.of(quantity), price: Dec.of(price), amount: Dec.of(amount), fees: Dec.zero }, Dec.of('1'))).toBe(costs)
})
