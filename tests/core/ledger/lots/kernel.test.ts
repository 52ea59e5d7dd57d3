import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bigs, doubles, TooLarge } from '../../../../electron/core/ledger/lots/kernel.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'

const whole = fc.oneof(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.maxSafeInteger(), fc.constantFrom(0, 1, -1, 10_000, 100_000_000, Number.MAX_SAFE_INTEGER))
const scales = fc.nat(17)

describe('exact arithmetic with doubles', () => {
  test('writes what BigInt writes, at every scale', () => {
    fc.assert(fc.property(whole, scales, (value, scale) => {
      expect(doubles.write(value, scale)).toBe(bigs.write(BigInt(value), scale))
    }), { numRuns: 2000 })
  })

  test('reads what it wrote, or says that it is too large', () => {
    fc.assert(fc.property(whole, scales, fc.nat(4), (value, scale, more) => {
      const text = bigs.write(BigInt(value), scale)
      const exact = bigs.read(text, scale + more)
      const read = ((): number | null => {
        try {
          return doubles.read(text, scale + more)
        } catch (error) {
          if (error instanceof TooLarge) return null
          throw error
        }
      })()
      expect(read === null || BigInt(read) === exact).toBe(true)
    }), { numRuns: 2000 })
  })

  test('reads zero at any scale', () => {
    expect(doubles.read(Dec.zero, 30)).toBe(0)
  })

  test('shares as BigInt shares: towards zero, to a step', () => {
    const small = fc.integer({ min: -90_000_000, max: 90_000_000 })
    fc.assert(fc.property(small, small, small.filter(value => value !== 0), fc.constantFrom(1, 10, 1000, 100_000), (a, b, c, step) => {
      expect(BigInt(doubles.share(a, b, c, step))).toBe(bigs.share(BigInt(a), BigInt(b), BigInt(c), BigInt(step)))
    }), { numRuns: 2000 })
  })
})
