import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matchLots } from '../../../../electron/core/ledger/lots/engine.ts'
import type { LotEvent } from '../../../../electron/core/ledger/lots/lot-event.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import { fills } from './support/events.ts'
import { costOfLot } from './support/sums.ts'

const d = Dec.of
const event = (key: string, day: string, quantity: string, price: string | null, more: Partial<LotEvent> = {}): LotEvent => ({
  key, kind: 'fill', day: LocalDate.of(`2025-01-${day}`), quantity: d(quantity), price: price === null ? null : d(price), multiplier: d('1'), costs: d('0'), effect: null, ...more,
})
const BOUGHT = [event('a', '02', '10', '5'), event('b', '05', '10', '9')]

/** What was sold of which purchase at what cost and result, and what is left. */
function book(...events: LotEvent[]) {
  const { realizations, lots, deliveries } = matchLots(events, 'average')
  return {
    sold: realizations.map(({ openKey, openDay, quantity, cost, pnl }) => [openKey, openDay.slice(8), quantity, cost, pnl]),
    left: lots.map(lot => [lot.key, lot.day.slice(8), lot.quantity, costOfLot(lot)]),
    gone: deliveries.map(({ openKey, quantity, cost }) => [openKey, quantity, cost]),
  }
}

describe('at average cost', () => {
  test('what is sold was bought first, and has the day of that', () => {
    expect(book(...BOUGHT, event('s', '06', '-15', '8'), event('c', '07', '10', '20'))).toEqual({
      sold: [['a', '02', '10', '70', '10'], ['b', '05', '5', '35', '5']],
      left: [['b', '05', '5', '78.33333333'], ['c', '07', '10', '156.66666667']],
      gone: [],
    })
  })

  test('a purchase after all was sold bears its own cost alone', () => {
    expect(book(...BOUGHT, event('s', '06', '-20', '8'), event('c', '07', '1', '20')).left).toEqual([['c', '07', '1', '20']])
  })

  test('what came earlier than it was told of is sold by the day it was bought', () => {
    expect(book(event('b', '05', '10', '9'), event('in', '02', '10', '5', { kind: 'receive' }), event('s', '06', '-10', '8')).sold).toEqual([['in', '02', '10', '70', '10']])
  })

  test('a split shares out what there is, and nothing of the cost is lost', () => {
    expect(book(...BOUGHT, event('x', '06', '20', null, { kind: 'split' })).left).toEqual([['a', '02', '20', '70'], ['b', '05', '20', '70']])
    expect(book(event('a', '02', '1', '5'), event('b', '05', '10', '9'), event('x', '06', '-10', null, { kind: 'split' })).left).toEqual([['b', '05', '1', '95']])
  })

  test('what goes elsewhere takes the average with it, each with its day', () => {
    expect(book(...BOUGHT, event('out', '06', '-12', null, { kind: 'deliver' })).gone).toEqual([['a', '10', '70'], ['b', '2', '14']])
  })

  test('a short position is covered at the average of what it brought', () => {
    expect(book(event('a', '02', '-10', '9', { effect: 'open' }), event('b', '05', '-10', '5', { effect: 'open' }), event('c', '06', '15', '6')).sold).toEqual([['a', '02', '10', '60', '10'], ['b', '05', '5', '30', '5']])
  })
})

describe('a lot that is picked', () => {
  const picked = event('s', '06', '-5', '8', { picks: [{ lot: 'b', quantity: d('5') }] })

  test('is sold at its own cost, and is no part of the average', () => {
    expect(book(...BOUGHT, picked)).toEqual({ sold: [['b', '05', '5', '45', '-5']], left: [['a', '02', '10', '50'], ['b', '05', '5', '45']], gone: [] })
  })

  test('goes last where nothing is picked, after all of the average', () => {
    const early = event('s', '06', '-5', '8', { picks: [{ lot: 'a', quantity: d('5') }] })
    expect(book(...BOUGHT, early, event('t', '07', '-12', '8')).sold).toEqual([['a', '02', '5', '25', '15'], ['b', '05', '10', '90', '-10'], ['a', '02', '2', '10', '6']])
  })

  test('leaves the cost of all as it was, whatever is picked', () => {
    fc.assert(fc.property(fills, fc.array(fc.nat(40), { maxLength: 5 }), (list, chosen) => {
      const events = list.map((one, at): LotEvent => (Dec.isNegative(one.quantity) ? { ...one, picks: chosen.filter(pick => pick < at).map(pick => ({ lot: `e${pick}`, quantity: d('2') })) } : one))
      const { realizations, lots } = matchLots(events, 'average')
      const cash = Dec.neg(Dec.sum(events.map(({ quantity, price, multiplier, costs }) => Dec.add(Dec.mul(Dec.mul(quantity, price ?? d('0')), multiplier), costs))))
      const held = Dec.sum(lots.map(lot => (Dec.isNegative(lot.quantity) ? Dec.neg(costOfLot(lot) ?? d('0')) : (costOfLot(lot) ?? d('0')))))
      expect(Dec.sub(Dec.sum(realizations.map(({ pnl }) => pnl ?? d('0'))), held)).toBe(cash)
    }), { numRuns: 200 })
  })
})
