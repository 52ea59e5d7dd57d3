import { expect, test } from 'vitest'
import { canonicalJson, hashOf } from '../../../electron/core/orders/canonical.ts'

test('The same values give the same text, in whatever order they were gathered', () => {
  const text = '{"a":[1,"x",null],"b":{"c":true,"d":null}}'
  expect(canonicalJson({ b: { d: null, c: true }, a: [1, 'x', null] })).toBe(text)
  expect(canonicalJson({ a: [1, 'x', null], b: { c: true, d: null } })).toBe(text)
  expect(hashOf({ quantity: '1', side: 'buy' })).toBe(hashOf({ side: 'buy', quantity: '1' }))
})

test('What is left out counts as nothing in an object, and as null by itself or in a list', () => {
  expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}')
  expect(canonicalJson([undefined, 1])).toBe('[null,1]')
  expect(canonicalJson(undefined)).toBe('null')
  expect(canonicalJson(null)).toBe('null')
})

test('The order of a list is part of it, and so is every name and value', () => {
  const hashes = [{ a: ['1', '2'] }, { a: ['2', '1'] }, { b: ['1', '2'] }, { a: ['1', 2] }, { a: '1,2' }].map(hashOf)
  expect(new Set(hashes).size).toBe(5)
})

test('A hash is SHA-256 of the text, in hex', () => {
  expect(hashOf({})).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a')
})
