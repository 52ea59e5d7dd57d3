import { describe, expect, test } from 'vitest'
import { matchLots } from '../../../../electron/core/ledger/lots/engine.ts'
import { lotEvents, type LotKnowledge, type LotRow } from '../../../../electron/core/ledger/lots/lot-rows.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import { lotRow } from './support/row.ts'

const DAY = '2026-03-10'
const bought = lotRow({ id: 1, side: 'buy', quantity: '100', price: '50' })
const sold = lotRow({ id: 9, side: 'sell', quantity: '100', price: '60', day: '2026-04-01' })
const action = (id: number, more: Parameters<typeof lotRow>[0] | object): LotRow => lotRow({ id, kind: 'corporate-action', brokerType: 'MA', day: DAY, ...more })

function bookOf(rows: readonly LotRow[], known: LotKnowledge = {}) {
  const { realizations, lots, deliveries, gaps } = matchLots(lotEvents(rows, known).events, 'fifo')
  return { made: realizations.map(({ openKey, quantity, pnl }) => [openKey, quantity, pnl]), lots: lots.map(({ key, quantity }) => [key, quantity]), gone: deliveries.length, gaps: gaps.length }
}

describe('cash in lieu beside a merger', () => {
  const out = action(2, { quantity: '-100' })
  const inLieu = action(3, { brokerType: 'CIL', amount: '12.34', description: 'cash in lieu of fractions' })

  test('never sells the whole holding for itself', () => {
    expect(bookOf([bought, out, inLieu])).toEqual({ made: [['r1', '100', null]], lots: [], gone: 0, gaps: 0 })
    expect(bookOf([bought, out, inLieu], { exchanged: new Set(['r2']) })).toEqual({ made: [], lots: [], gone: 1, gaps: 0 })
  })

  test('adds nothing to the cash that was paid for the shares', () => {
    expect(bookOf([bought, out, action(4, { amount: '5500' }), inLieu]).made).toEqual([['r1', '100', '500']])
  })
})

describe('shares that left and came back on one day', () => {
  const pair = (kind: 'journal' | 'transfer' | 'corporate-action', word = 'REORG'): LotRow[] => [
    lotRow({ id: 2, kind, brokerType: word, quantity: '-100', day: DAY }),
    lotRow({ id: 3, kind, brokerType: word, quantity: '100', day: DAY }),
  ]

  test.each(['journal', 'transfer', 'corporate-action'] as const)('keep their lots: a %s', kind => {
    expect(bookOf([bought, ...pair(kind), sold])).toEqual({ made: [['r1', '100', '1000']], lots: [], gone: 0, gaps: 0 })
  })

  test('keep them as often as that happens', () => {
    const again = pair('journal').map((row, at) => ({ ...row, id: 4 + at, externalId: `again-${at}` }))
    expect(bookOf([bought, ...pair('journal'), ...again, sold]).made).toEqual([['r1', '100', '1000']])
  })

  test.each([
    ['fewer came', { quantity: Dec.of('99') }],
    ['they came on another day', { tradeDate: LocalDate.of('2026-03-11') }],
    ['they came another way', { kind: 'transfer' as const }],
    ['they were paid for', { kind: 'corporate-action' as const, amount: Dec.of('-10') }],
  ])('go where %s', (_, more) => {
    const [out, into] = pair('journal')
    if (!out || !into) throw new Error('no pair')
    expect(bookOf([bought, out, { ...into, ...more }]).gone).toBe(1)
  })

  test('of one word come back by the same one', () => {
    const [out] = pair('corporate-action', 'TENDER')
    const [, into] = pair('corporate-action', 'RIGHTS')
    expect(bookOf([bought, ...(out && into ? [out, into] : [])]).gone).toBe(1)
  })

  test('are others where the user says what came', () => {
    const said = { lots: [{ id: 'l', day: LocalDate.of('2020-01-02'), quantity: Dec.of('100'), price: Dec.of('7'), note: '', at: 0 }] }
    expect(bookOf([bought, ...pair('journal')], { overrides: new Map([['r3', said]]) })).toMatchObject({ gone: 1, lots: [['r1', '100']] })
    expect(bookOf([bought, ...pair('journal')], { overrides: new Map([['r3', { price: Dec.of('7') }]]) }).gone).toBe(1)
  })

  test('of another instrument came for them: the exchange stays one', () => {
    expect(bookOf([bought, ...pair('corporate-action')], { exchanged: new Set(['r2']) }).gone).toBe(1)
    expect(bookOf([bought, ...pair('corporate-action')], { arrivals: new Map([['r3', []]]) }).gone).toBe(1)
  })
})
