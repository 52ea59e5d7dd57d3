import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { closingsOf, joinClosings, type Realization, realizationsOf } from '../../../electron/core/ledger/lots/closings.ts'
import { numberOf, packClosings, unpackClosings } from '../../../electron/core/store/packed-closings.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'

const amount = fc.oneof(
  fc.tuple(fc.integer({ min: -9_000_000, max: 9_000_000 }), fc.nat(4)).map(([digits, scale]) => Dec.ofDigits(String(Math.abs(digits)), digits < 0, scale)),
  fc.constantFrom('0', '0.00000001', '-90071992547409.93', '12345678901234567890.123456789').map(Dec.of),
)
const day = fc.nat(9000).map(days => LocalDate.plusDays(LocalDate.of('2001-01-02'), days))
const key = fc.oneof(fc.constantFrom('a', '20260102::7f3e', ''), fc.string({ unit: 'grapheme', maxLength: 12 }))

const realization: fc.Arbitrary<Realization> = fc
  .record({
    openKey: key, closeKey: key, openDay: day, closeDay: day, trip: fc.integer({ min: 1, max: 2_000_000 }), isShort: fc.boolean(), quantity: amount.map(Dec.abs),
    proceeds: fc.option(amount, { freq: 6 }), cost: fc.option(amount, { freq: 6 }), fees: amount,
  })
  .map(one => ({ ...one, pnl: one.proceeds === null || one.cost === null ? null : Dec.sub(one.proceeds, one.cost) }))
const realizations = fc.array(realization, { minLength: 1, maxLength: 40 })

describe('packed closings', () => {
  test('are what they were before, to the last digit, wherever they are cut', () => {
    fc.assert(
      fc.property(realizations, fc.nat(40), (all, at) => {
        const closings = closingsOf(all)
        const cut = at % all.length
        const packed = cut === 0 ? [packClosings(closings, 0, all.length)] : [packClosings(closings, 0, cut), packClosings(closings, cut, all.length)]
        expect(packed.flatMap(one => realizationsOf(unpackClosings(one)))).toEqual(all)
      }),
      { numRuns: 60 },
    )
  })

  test('name the span of their days, whatever order they are in', () => {
    fc.assert(
      fc.property(realizations, all => {
        const days = all.map(({ closeDay }) => closeDay).toSorted()
        expect(packClosings(closingsOf(all), 0, all.length)).toMatchObject({ firstDay: days[0], lastDay: days.at(-1) })
        expect(days.map(numberOf)).toEqual(days.map(one => Number(one.replaceAll('-', ''))))
      }),
      { numRuns: 30 },
    )
  })

  test('go on with closings of other decimals and other sizes', () => {
    fc.assert(
      fc.property(realizations, realizations, (before, after) => {
        const joined = joinClosings(closingsOf(before), closingsOf(after))
        expect(realizationsOf(joined)).toEqual([...before, ...after])
        expect(realizationsOf(unpackClosings(packClosings(joined, 0, before.length + after.length)))).toEqual([...before, ...after])
      }),
      { numRuns: 60 },
    )
  })

  test('use doubles only where none rounds', () => {
    const one = (proceeds: string): Realization => ({
      openKey: 'a', closeKey: 'b', openDay: LocalDate.of('2026-01-02'), closeDay: LocalDate.of('2026-01-05'), trip: 1, isShort: false, quantity: Dec.of('1'), proceeds: Dec.of(proceeds), cost: Dec.of('-1'),
      pnl: Dec.add(Dec.of(proceeds), Dec.of('1')), fees: Dec.of('0'),
    })
    expect(closingsOf([one('9007199254740990')]).kind).toBe('doubles')
    expect(closingsOf([one('9007199254740991')]).kind).toBe('bigs')
  })

  test('of a form nobody knows yet are refused', () => {
    const packed = packClosings(closingsOf([{
      openKey: 'a', closeKey: 'b', openDay: LocalDate.of('2026-01-02'), closeDay: LocalDate.of('2026-01-05'), trip: 1, isShort: false, quantity: Dec.of('1'), proceeds: null, cost: null, pnl: null, fees: Dec.zero,
    }]), 0, 1)
    const figures = packed.figures.slice()
    figures[0] = 2
    expect(() => unpackClosings({ ...packed, figures })).toThrow(TypeError)
  })
})
