import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packRows, unpackRows } from '../../../electron/core/ledger/packed-rows.ts'

const value = fc.oneof(
  fc.constantFrom('', 'USD', 'trade', '\u001f', '\u0000', '😀', '\ud800'),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constant(null),
  fc.double({ noNaN: true }).map(number => number + 0),
  fc.maxSafeInteger(),
)

test('rows come out as they went in, whatever they hold', () => {
  const rows = fc
    .integer({ min: 1, max: 6 })
    .chain(width => fc.array(fc.array(value, { minLength: width, maxLength: width }), { maxLength: 12 }))
  fc.assert(
    fc.property(rows, some => {
      expect(unpackRows(structuredClone(packRows(some)))).toEqual(some)
    }),
    { numRuns: 500 },
  )
})

test('a value equal to the one above it travels once', () => {
  const rows = Array.from({ length: 100 }, (_, at) => ['acc_1', 'trade', at % 2 === 0 ? 'buy' : 'sell', null, 5])
  const { text, numbers } = packRows(rows)
  expect(text.length).toBeLessThan(400)
  expect(numbers).toHaveLength(1)
  expect(unpackRows(packRows(rows))).toEqual(rows)
})

test('no rows are no rows', () => {
  expect(unpackRows(packRows([]))).toEqual([])
})
