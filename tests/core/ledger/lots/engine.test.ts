import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { joinClosings, realizationsOf } from '../../../../electron/core/ledger/lots/closings.ts'
import { type LotBook, matchLots } from '../../../../electron/core/ledger/lots/engine.ts'
import type { LotEvent } from '../../../../electron/core/ledger/lots/lot-event.ts'
import { LOT_METHODS } from '../../../../shared/domain/lot-method.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import { anything, fills } from './support/events.ts'
import { plainFifo } from './support/plain-fifo.ts'
import { costOfLot } from './support/sums.ts'

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

  test.each(LOT_METHODS)('by %s, a split moves no money, and turns no lot round', method => {
    const several = fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 99 })), { minLength: 1, maxLength: 8 })
    fc.assert(fc.property(several, fc.integer({ min: 1, max: 200 }), fc.boolean(), fc.nat(2), (bought, after, isShort, places) => {
      const signed = (size: number): Dec => Dec.ofDigits(String(Math.abs(size)), size < 0 !== isShort, places)
      const day = LocalDate.of('2026-03-02')
      const plain = { day, price: null, multiplier: Dec.of('1'), costs: Dec.zero, effect: 'open' } as const
      const held = bought.reduce((total, [size]) => total + size, 0)
      const events = bought.map(([size, price], at): LotEvent => ({ ...plain, key: `b${at}`, kind: 'fill', quantity: signed(size), price: Dec.of(String(price)), costs: Dec.of('0.35') }))
      const split = matchLots([...events, { ...plain, key: 'p', kind: 'split', quantity: signed(after - held) }], method)
      expect(openCost(split)).toBe(openCost(matchLots(events, method)))
      expect(Dec.sum(split.lots.map(({ quantity }) => quantity))).toBe(signed(after))
      expect(split.lots.every(({ quantity }) => Dec.isNegative(quantity) === isShort && !Dec.isZero(quantity))).toBe(true)
    }), { numRuns: 200 })
  })

  test.each(LOT_METHODS)('by %s, going on from where it stood equals doing everything again, wherever it is cut', method => {
    // At average cost a pick takes its lot out of the average from the beginning, so what is picked is computed whole.
    const some = method === 'average' ? anything.map(list => list.map(event => ({ ...event, picks: [] }))) : anything
    fc.assert(fc.property(some, fc.nat(40), (events, at) => {
      const whole = matchLots(events, method)
      const before = matchLots(events.slice(0, at), method)
      const { lots, trip, ...after } = matchLots(events.slice(at), method, before)
      expect({ lots, trip, deliveries: [...before.deliveries, ...after.deliveries], gaps: [...before.gaps, ...after.gaps] }).toEqual({
        lots: whole.lots, trip: whole.trip, deliveries: whole.deliveries, gaps: whole.gaps,
      })
      expect([...before.realizations, ...after.realizations]).toEqual(whole.realizations)
      expect(realizationsOf(joinClosings(before.closings, after.closings))).toEqual(whole.realizations)
    }), { numRuns: 300 })
  })

  test.each(LOT_METHODS)('by %s, a holding is what came less what went, and nothing is ever short that nobody sold short', method => {
    fc.assert(fc.property(anything, events => {
      const book = matchLots(events, method)
      const held = Dec.sum(book.lots.map(({ quantity }) => quantity))
      const ended = new Set(events.filter(({ kind }) => kind === 'end').map(({ key }) => key))
      const gone = book.realizations.filter(({ closeKey }) => ended.has(closeKey)).map(({ quantity, isShort }) => (isShort ? quantity : Dec.neg(quantity)))
      const [missing, stated] = [book.gaps, events].map(list => list.filter(({ key }) => !ended.has(key)).map(({ quantity }) => quantity))
      expect(Dec.add(held, Dec.sum(missing ?? []))).toBe(Dec.sum([...(stated ?? []), ...gone]))
      const opened = new Map(events.map(event => [event.key, event]))
      const sold = book.lots.filter(({ quantity }) => Dec.isNegative(quantity)).flatMap(({ key }) => opened.get(key) ?? [])
      expect(sold.filter(({ kind, effect, quantity, shortUpTo }) => kind === 'fill' && Dec.isNegative(quantity) && effect !== 'open' && shortUpTo === undefined)).toEqual([])
    }), { numRuns: 300 })
  })
})
