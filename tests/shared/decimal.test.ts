import Big from 'big.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Dec } from '../../shared/domain/decimal.ts'

const digits = (max: number) => fc.stringMatching(new RegExp(`^\\d{1,${max}}$`))
const literal = fc.tuple(fc.constantFrom('', '-', '+'), digits(18), fc.option(digits(12), { nil: undefined }))
  .map(([sign, whole, fraction]) => `${sign}${whole}${fraction === undefined ? '' : `.${fraction}`}`)
const dec = literal.map(Dec.of)
const same = (a: Dec, b: Big): boolean => new Big(a).eq(b)

describe('a decimal', () => {
  test.each([
    ['10.50', '10.5'], ['-0', '0'], ['-0.00', '0'], ['+7', '7'], ['007', '7'], ['.5', '0.5'], ['5.', '5'], ['1e3', '1000'], ['2.5E-4', '0.00025'], [' 12 ', '12'],
  ])('reads %s as %s', (text, expected) => expect(Dec.of(text)).toBe(expected))

  test.each(['', ' ', 'abc', '1,000', '0x10', 'NaN', 'Infinity', '1e999', '1.2.3', '--1', '1'.repeat(65), '1e41'])('refuses %j', text => {
    expect(() => Dec.of(text)).toThrow(RangeError)
  })

  test('has one spelling for each value', () => {
    fc.assert(fc.property(literal, literal, (a, b) => {
      expect(Dec.of(a) === Dec.of(b)).toBe(new Big(a.replace('+', '')).eq(new Big(b.replace('+', ''))))
    }))
    fc.assert(fc.property(literal, text => {
      const value = Dec.of(text)
      expect(Dec.isCanonical(value)).toBe(true)
      expect(Dec.of(value)).toBe(value)
    }))
  })

  test('adds, subtracts and multiplies exactly, whatever the size', () => {
    fc.assert(fc.property(dec, dec, (a, b) => {
      expect(same(Dec.add(a, b), new Big(a).plus(b))).toBe(true)
      expect(same(Dec.sub(a, b), new Big(a).minus(b))).toBe(true)
      expect(same(Dec.mul(a, b), new Big(a).times(b))).toBe(true)
      expect(Dec.isCanonical(Dec.add(a, b)) && Dec.isCanonical(Dec.mul(a, b))).toBe(true)
    }), { numRuns: 2000 })
  })

  test('keeps the laws of arithmetic', () => {
    fc.assert(fc.property(dec, dec, dec, (a, b, c) => {
      expect(Dec.add(a, Dec.neg(a))).toBe('0')
      expect(Dec.add(Dec.add(a, b), c)).toBe(Dec.add(a, Dec.add(b, c)))
      expect(Dec.mul(a, Dec.add(b, c))).toBe(Dec.add(Dec.mul(a, b), Dec.mul(a, c)))
      expect(Dec.sum([a, b, c])).toBe(Dec.add(a, Dec.add(b, c)))
    }))
  })

  test('orders like the numbers it stands for', () => {
    fc.assert(fc.property(dec, dec, (a, b) => {
      expect(Dec.cmp(a, b)).toBe(new Big(a).cmp(b))
      expect(Dec.isNegative(a)).toBe(new Big(a).lt('0'))
      expect(Dec.cmp(Dec.abs(a), Dec.zero)).toBeGreaterThanOrEqual(0)
    }))
  })

  test('orders what differs in its last digit alone, whatever its size', () => {
    const step = fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: 0, max: 20 })).map(([digit, places]) => Dec.ofScaled(digit, places))
    fc.assert(fc.property(dec, step, (a, by) => {
      const b = Dec.add(a, by)
      expect(Dec.cmp(a, b)).toBe(new Big(a).cmp(b))
      expect(Dec.cmp(b, a)).toBe(new Big(b).cmp(a))
    }), { numRuns: 2000 })
    expect(Dec.cmp(Dec.of('900719925474099.3'), Dec.of('900719925474099.2'))).toBe(1)
    expect(Dec.cmp(Dec.of('999999999999999'), Dec.of('99999999999999.9'))).toBe(1)
    expect(Dec.cmp(Dec.of('-0.0000000000001'), Dec.zero)).toBe(-1)
    // A text that has no business being one: what another version wrote, say.
    expect(Dec.cmp('1.50' as Dec, Dec.of('1.5'))).toBe(0)
  })

  test('rounds half to even, for display', () => {
    expect(Dec.round(Dec.of('2.345'), 2)).toBe('2.34')
    expect(Dec.round(Dec.of('2.355'), 2)).toBe('2.36')
    expect(Dec.round(Dec.of('-0.004'), 2)).toBe('0')
  })

  test('stays exact where a double would not', () => {
    expect(Dec.add(Dec.of('0.1'), Dec.of('0.2'))).toBe('0.3')
    expect(Dec.mul(Dec.of('9007199254740993'), Dec.of('3'))).toBe('27021597764222979')
  })
})
