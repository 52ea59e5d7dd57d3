import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type LotBook, matchLots } from '../../../../electron/core/ledger/lots/engine.ts'
import type { LotEvent } from '../../../../electron/core/ledger/lots/lot-event.ts'
import { LOT_METHODS } from '../../../../shared/domain/lot-method.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import { plainFifo } from './support/plain-fifo.ts'
import { costOfLot } from './support/sums.ts'

const DAY = LocalDate.of('2026-03-02')
const ONE = Dec.of('1')
const digits = (most: number, places: number): fc.Arbitrary<Dec> =>
  fc.tuple(fc.integer({ min: 1, max: most }), fc.integer({ min: 0, max: places })).map(([whole, scale]) => Dec.ofDigits(String(whole), false, scale))

/** Whole shares, fractions of nine decimals, contracts, and amounts beyond what a double holds. */
const quantities = fc.oneof(digits(500, 0), digits(10_000, 4), digits(2 ** 31, 9), digits(2 ** 50, 2))
const prices = fc.oneof(digits(99_999, 2), digits(9_999_999, 4), digits(2 ** 45, 6))
const money = fc.oneof(fc.constant(Dec.zero), digits(999, 2), digits(999_999, 5), digits(99, 2).map(Dec.neg))

const fills = fc
  .array(fc.record({ isSale: fc.boolean(), quantity: quantities, price: prices, costs: money, multiplier: fc.constantFrom(ONE, ONE, Dec.of('100')) }), { minLength: 1, maxLength: 40 })
  .map(list => list.map(({ isSale, quantity, ...rest }, at): LotEvent => ({ key: `e${at}`, kind: 'fill', day: DAY, quantity: isSale ? Dec.neg(quantity) : quantity, effect: 'open', ...rest })))

/** Everything that can happen, also what makes no sense. */
const anything = fc
  .array(
    fc.record({
      kind: fc.constantFrom('fill', 'fill', 'fill', 'split', 'receive', 'deliver'), isSale: fc.boolean(), quantity: fc.oneof(digits(50, 0), digits(5000, 3)),
      price: fc.option(prices, { freq: 6 }), costs: money, effect: fc.constantFrom('open', 'close', null), pick: fc.nat(40),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map(list =>
    list.map(({ isSale, quantity, pick, ...rest }, at): LotEvent => ({
      key: `e${at}`, day: DAY, multiplier: ONE, quantity: isSale ? Dec.neg(quantity) : quantity, picks: pick < at ? [{ lot: `e${pick}`, quantity: Dec.of('2') }] : [], ...rest,
    })),
  )

const cashOf = ({ quantity, price, multiplier, costs }: LotEvent): Dec => Dec.neg(Dec.add(Dec.mul(Dec.mul(quantity, price ?? Dec.zero), multiplier), costs))
const openCost = (book: LotBook): Dec => Dec.sum(book.lots.map(lot => (Dec.isNegative(lot.quantity) ? Dec.neg(costOfLot(lot) ?? Dec.zero) : (costOfLot(lot) ?? Dec.zero))))

describe('the lot engine', () => {
  test('agrees with plain decimal arithmetic to the last digit', () => {
    fc.assert(fc.property(fills, events => {
      const book = matchLots(events, 'fifo')
      const plain = plainFifo(events)
      expect(book.realizations.map(({ pnl }) => pnl)).toEqual(plain.pnl.map(Dec.of))
      expect(Dec.sum(book.lots.map(({ quantity }) => quantity))).toBe(Dec.of(plain.left))
      expect(openCost(book)).toBe(Dec.of(plain.cost))
    }), { numRuns: 500 })
  })

  test.each(LOT_METHODS)('by %s, all cash is what was made less what is still held', method => {
    fc.assert(fc.property(fills, events => {
      const book = matchLots(events, method)
      expect(book.gaps).toEqual([])
      const made = Dec.sum(book.realizations.map(({ pnl }) => pnl ?? Dec.zero))
      expect(Dec.sub(made, openCost(book))).toBe(Dec.sum(events.map(cashOf)))
      expect(Dec.sum(book.lots.map(({ quantity }) => quantity))).toBe(Dec.sum(events.map(({ quantity }) => quantity)))
    }), { numRuns: 300 })
  })

  test.each(LOT_METHODS)('by %s, going on from where it stood equals doing everything again, wherever it is cut', method => {
    fc.assert(fc.property(anything, fc.nat(40), (events, at) => {
      const whole = matchLots(events, method)
      const before = matchLots(events.slice(0, at), method)
      const after = matchLots(events.slice(at), method, before)
      expect({
        ...after, realizations: [...before.realizations, ...after.realizations], deliveries: [...before.deliveries, ...after.deliveries], gaps: [...before.gaps, ...after.gaps],
      }).toEqual(whole)
    }), { numRuns: 300 })
  })

  test.each(LOT_METHODS)('by %s, a holding is what came less what went, and nothing is ever short that nobody sold short', method => {
    fc.assert(fc.property(anything, events => {
      const book = matchLots(events, method)
      const held = Dec.sum(book.lots.map(({ quantity }) => quantity))
      expect(Dec.add(held, Dec.sum(book.gaps.map(({ quantity }) => quantity)))).toBe(Dec.sum(events.map(({ quantity }) => quantity)))
      const opened = new Map(events.map(event => [event.key, event]))
      for (const { key, quantity } of book.lots) {
        const event = opened.get(key)
        if (Dec.isNegative(quantity) && event?.kind === 'fill' && Dec.isNegative(event.quantity)) expect(event.effect).toBe('open')
      }
    }), { numRuns: 300 })
  })
})
