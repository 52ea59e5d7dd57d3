import { describe, expect, test } from 'vitest'
import { matchLots } from '../../../../electron/core/ledger/lots/engine.ts'
import { lotEvents, type LotKnowledge, type LotRow } from '../../../../electron/core/ledger/lots/lot-rows.ts'
import { quantitiesHeld } from '../../../../electron/core/ledger/lots/quantity-held.ts'
import { shortsFound } from '../../../../electron/core/ledger/lots/shorts-found.ts'
import { tripsOf } from '../../../../electron/core/ledger/lots/trips.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import type { LotMethod } from '../../../../shared/domain/lot-method.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import { lotRow } from './support/row.ts'

let last = 0

const row = (more: Omit<Parameters<typeof lotRow>[0], 'id'>): LotRow => {
  last += 1
  return lotRow({ id: last, day: `2026-03-${String(last).padStart(2, '0')}`, ...more })
}
const sold = (quantity: string, price: string, effect: 'open' | 'close' | null = null, fees = '0'): LotRow => row({ side: 'sell', quantity, price, positionEffect: effect, fees })
const covered = (quantity: string, price: string): LotRow => row({ side: 'buy', quantity, price, positionEffect: 'close' })
const bought = (quantity: string, price: string): LotRow => row({ side: 'buy', quantity, price })

/** What a history comes to: results, what is open, and what is missing. */
function bookOf(tell: () => readonly LotRow[], method: LotMethod = 'fifo', known: LotKnowledge = {}) {
  last = 0
  const { events } = lotEvents(tell(), known)
  const { realizations, lots, gaps } = matchLots(events, method)
  expect(quantitiesHeld(events).at(-1)).toBe(Dec.sum(lots.map(({ quantity }) => quantity)))
  return {
    made: realizations.map(({ openKey, isShort, quantity, pnl }) => [openKey, isShort ? 'short' : 'long', quantity, pnl]),
    lots: lots.map(({ key, quantity }) => [key, quantity]), gaps: gaps.map(({ key, quantity }) => [key, quantity]),
  }
}

describe('a sale of what is not held, which does not say whether it was short', () => {
  test('was none where a short sale that says so is all that was covered', () => {
    expect(bookOf(() => [sold('1000', '75'), sold('10', '200', 'open'), covered('10', '150')])).toEqual({ made: [['r2', 'short', '10', '500']], lots: [], gaps: [['r1', '-1000']] })
  })

  test('was none either where it came after that one', () => {
    expect(bookOf(() => [sold('10', '200', 'open'), sold('1000', '75'), covered('10', '150')])).toEqual({ made: [['r1', 'short', '10', '500']], lots: [], gaps: [['r2', '-1000']] })
  })

  test('was short for what is covered beyond the short sales that say so', () => {
    expect(bookOf(() => [sold('5', '75'), sold('10', '200', 'open'), covered('15', '50')])).toEqual({ made: [['r1', 'short', '5', '125'], ['r2', 'short', '10', '1500']], lots: [], gaps: [] })
  })

  test.each(['fifo', 'lifo', 'hifo', 'average'] as const)('was short for as much as is covered and no more, with its part of the fees: %s', method => {
    expect(bookOf(() => [bought('10', '50'), sold('100', '75', null, '10'), covered('10', '60')], method)).toEqual({
      made: [['r1', 'long', '10', '249'], ['r2', 'short', '10', '149']], lots: [], gaps: [['r2', '-80']],
    })
  })

  test('has its part of the cash where only that is known', () => {
    const whole = (): LotRow => row({ side: 'sell', quantity: '100', amount: '7500' })
    expect(bookOf(() => [whole(), covered('10', '60')])).toMatchObject({ made: [['r1', 'short', '10', '150']], gaps: [['r1', '-90']] })
  })

  test('was short where several purchases cover it, and where several sales are covered by one', () => {
    expect(bookOf(() => [sold('10', '75'), covered('4', '60'), covered('6', '50')])).toMatchObject({ made: [['r1', 'short', '4', '60'], ['r1', 'short', '6', '150']], gaps: [] })
    expect(bookOf(() => [sold('10', '75'), sold('5', '80'), covered('15', '50')])).toMatchObject({ made: [['r1', 'short', '10', '250'], ['r2', 'short', '5', '150']], gaps: [] })
  })

  test('was short the later it was, because what is held is sold first', () => {
    expect(bookOf(() => [sold('100', '75'), sold('10', '80'), covered('10', '50')])).toEqual({ made: [['r2', 'short', '10', '300']], lots: [], gaps: [['r1', '-100']] })
  })

  test('closes what is held before it is short', () => {
    expect(bookOf(() => [bought('10', '50'), sold('15', '75'), covered('5', '60')])).toEqual({ made: [['r1', 'long', '10', '250'], ['r2', 'short', '5', '75']], lots: [], gaps: [] })
  })

  test('is told nothing by a purchase that closes nothing, nor by one before it', () => {
    expect(bookOf(() => [sold('10', '75'), bought('10', '50'), covered('10', '60')])).toMatchObject({ made: [], gaps: [['r1', '-10'], ['r3', '10']] })
    expect(bookOf(() => [covered('10', '60'), sold('10', '75')])).toMatchObject({ made: [], gaps: [['r1', '10'], ['r2', '-10']] })
  })

  test('was short before a split for what became of it', () => {
    const split = (quantity: string): LotRow => row({ kind: 'split', quantity })
    expect(bookOf(() => [sold('10', '80'), split('-10'), covered('20', '30')])).toMatchObject({ made: [['r1', 'short', '20', '200']], gaps: [] })
    expect(bookOf(() => [sold('100', '8'), split('90'), covered('10', '60')])).toMatchObject({ made: [['r1', 'short', '10', '200']], gaps: [] })
  })

  test('is short beside one that says so for no more than is covered beyond that', () => {
    expect(bookOf(() => [sold('5', '80', 'open'), sold('20', '75'), covered('15', '50')])).toEqual({ made: [['r1', 'short', '5', '150'], ['r2', 'short', '10', '250']], lots: [], gaps: [['r2', '-10']] })
  })

  test('is told nothing by what ended after it: that closes whichever side there is', () => {
    const ended = (): LotRow => row({ kind: 'option-event', assetClass: null, quantity: '10' })
    expect(bookOf(() => [sold('10', '75'), ended()])).toMatchObject({ made: [], lots: [], gaps: [['r1', '-10'], ['r2', '10']] })
  })

  test('is told nothing by a split after what was covered', () => {
    expect(bookOf(() => [sold('20', '75'), covered('10', '60'), row({ kind: 'split', quantity: '5' })])).toEqual({ made: [['r1', 'short', '10', '150']], lots: [], gaps: [['r1', '-10'], ['r3', '5']] })
  })

  test.each([
    ['nothing is covered', () => [sold('10', '75'), bought('10', '50')]],
    ['what was covered came before it', () => [covered('10', '60'), sold('10', '75')]],
    ['nothing was sold without a word', () => [sold('10', '75', 'open'), covered('10', '60')]],
  ] as const)('leaves the events as they are where %s', (_, tell) => {
    last = 0
    const { events, places } = lotEvents(tell())
    const placed = places.flatMap(({ at, row: own }, number) => events.slice(number, number + 1).map(event => ({ at, row: own, event })))
    expect(shortsFound(placed)).toBe(placed)
  })

  test('is explained no further where lots from before the history were short', () => {
    const openings = [{ id: 'o', day: LocalDate.of('2026-01-05'), quantity: Dec.of('-10'), price: Dec.of('80') }]
    expect(bookOf(() => [sold('100', '75'), covered('10', '60')], 'fifo', { openings })).toMatchObject({ made: [['o', 'short', '10', '200']], gaps: [['r1', '-100']] })
  })

  test('bears only its part of the fees in its round trip', () => {
    last = 0
    const { events, places } = lotEvents([sold('100', '75', null, '10'), covered('10', '60')])
    expect(tripsOf(events, places, matchLots(events, 'fifo')).trips).toMatchObject([{ isShort: true, sold: '10', soldValue: '750', bought: '10', fees: '1', realized: '149' }])
  })
})
