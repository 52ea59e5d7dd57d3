import { describe, expect, test } from 'vitest'
import { matchLots } from '../../../../electron/core/ledger/lots/engine.ts'
import { type LotKnowledge, lotEvents } from '../../../../electron/core/ledger/lots/lot-rows.ts'
import { lotRow } from './support/row.ts'

type Told = Parameters<typeof lotRow>[0]

const NINE: Told = { id: 1, side: 'buy', quantity: '9', price: '10', amount: '-90', day: '2026-03-01' }
const out = (id: number, quantity: string, more: Partial<Told> = {}): Told => ({ kind: 'corporate-action', brokerType: 'REORG', quantity, day: '2026-03-10', ...more, id })
const CASH: Told = { kind: 'corporate-action', brokerType: 'Cash In Lieu', amount: '30', day: '2026-03-12', id: 9 }

/** What was sold, and for what result, and what merely went; both by row and quantity. */
function made(rows: readonly Told[], known: LotKnowledge = {}) {
  const { realizations, deliveries } = matchLots(lotEvents(rows.map(lotRow), known).events, 'fifo')
  return { sold: realizations.map(({ closeKey, quantity, pnl }) => [closeKey, quantity, pnl]), gone: deliveries.map(({ key, quantity }) => [key, quantity]) }
}

describe('of several rows by which shares left on a day beside cash in lieu', () => {
  const both = [NINE, out(2, '-5'), out(3, '-4'), CASH]

  test('none is sold for the cash, whatever ratio is stated: it may be for either', () => {
    expect(made([NINE, out(2, '-5', { description: '1 FOR 10' }), out(3, '-4', { description: '1 FOR 10' }), CASH])).toEqual({ sold: [['r2', '5', null], ['r3', '4', null]], gone: [] })
  })

  test('all went on where one became another instrument', () => {
    for (const row of ['r2', 'r3']) expect(made(both, { exchanged: new Set([row]) })).toEqual({ sold: [], gone: [['r2', '5'], ['r3', '4']] })
  })

  test('the others went on where one was paid for', () => {
    expect(made([NINE, out(2, '-5'), out(3, '-4', { amount: '44' }), CASH])).toEqual({ sold: [['r3', '4', '4']], gone: [['r2', '5']] })
  })
})

describe('the row by which shares left last before cash in lieu', () => {
  test('is found in whatever order rows come', () => {
    const rows = [NINE, out(2, '-5'), out(3, '-4', { day: '2026-03-12' }), CASH]
    for (const told of [rows, rows.toReversed()]) expect(made(told)).toEqual({ sold: [['r3', '4', null]], gone: [['r2', '5']] })
  })

  test.each([
    ['a trade', { id: 3, side: 'sell' as const, quantity: '2', price: '12', amount: '24', day: '2026-03-11' }],
    ['a transfer', { id: 3, kind: 'transfer' as const, quantity: '-2', day: '2026-03-11' }],
    ['a corporate action that moved nothing', { id: 3, kind: 'corporate-action' as const, brokerType: 'NAME CHANGE', day: '2026-03-11' }],
  ])('is no other one, such as %s', (_, other) => {
    expect(made([NINE, out(2, '-5'), other, CASH]).sold).toContainEqual(['r2', '5', null])
  })

  test('is none where a split came after it: the cash is for what that left', () => {
    expect(made([NINE, out(2, '-5'), out(3, '-3', { kind: 'split', day: '2026-03-12' }), CASH])).toMatchObject({ sold: [['r9', '0.333333333', '20.00000001']], gone: [['r2', '5']] })
  })
})

describe('others of the name count as come for shares that left beside cash in lieu', () => {
  const came = (day: string, more: Partial<Told> = {}) => made([NINE, out(2, '-5'), { ...out(3, '2', { day }), ...more }, CASH])

  test('within five days to either side', () => {
    for (const day of ['2026-03-05', '2026-03-15']) expect(came(day)).toEqual({ sold: [], gone: [['r2', '5']] })
    for (const day of ['2026-03-04', '2026-03-16']) expect(came(day)).toEqual({ sold: [['r2', '5', null]], gone: [] })
  })

  test('where they came by a corporate action or a split, and were not bought', () => {
    expect(came('2026-03-11', { kind: 'trade', side: 'buy', price: '10' })).toEqual({ sold: [['r2', '5', null]], gone: [] })
    expect(came('2026-03-11', { kind: 'split' })).toMatchObject({ gone: [['r2', '5']] })
  })
})
