import { describe, expect, test } from 'vitest'
import { matchLots } from '../../../../electron/core/ledger/lots/engine.ts'
import { lotEvents, type LotKnowledge, type LotRow } from '../../../../electron/core/ledger/lots/lot-rows.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import { lotRow } from './support/row.ts'

const came = (id: number, day: string, more: Partial<LotRow> = {}): LotRow => ({ ...lotRow({ id, kind: 'corporate-action', brokerType: 'SD', quantity: '5', day }), ...more })
const sold = (id: number, day: string, quantity: string): LotRow => lotRow({ id, side: 'sell', quantity, price: '60', day })
const bought = lotRow({ id: 1, side: 'buy', quantity: '100', price: '50', day: '2026-03-02' })

function bookOf(rows: readonly LotRow[], known: LotKnowledge = {}) {
  const { lots, realizations, gaps } = matchLots(lotEvents(rows, known).events, 'fifo')
  return {
    lots: lots.map(({ key, day, quantity, unit, principal }) => [key, day, quantity, unit ?? principal]), made: realizations.map(({ openKey, quantity, pnl }) => [openKey, quantity, pnl]),
    gaps: gaps.map(({ key, quantity }) => [key, quantity]),
  }
}

describe('a dividend in shares', () => {
  test.each([{ brokerType: 'SD' }, { brokerType: 'Stock Div Dist' }, { description: 'GOOGL Stock Dividend GOOG 1 for 1' }])('of which none are held came at a cost nobody knows: %j', more => {
    expect(bookOf([came(1, '2026-03-10', more)])).toEqual({ lots: [['r1', '2026-03-10', '5', null]], made: [], gaps: [] })
    expect(bookOf([came(1, '2026-03-10', more), sold(2, '2026-03-11', '5')])).toEqual({ lots: [], made: [['r1', '5', null]], gaps: [] })
  })

  test('of those that are held makes them more, at what was paid', () => {
    expect(bookOf([bought, came(2, '2026-03-10')])).toEqual({ lots: [['r1', '2026-03-02', '105', '5000']], made: [], gaps: [] })
  })

  test.each([{ brokerType: 'NSD' }, { brokerType: 'JRNL', description: 'OVERSTOCK DIVIDEND CO' }, { kind: 'transfer' as const }])('is none by another word or kind: %j', more => {
    expect(bookOf([bought, came(2, '2026-03-10', more)]).lots).toEqual([['r1', '2026-03-02', '100', '50'], ['r2', '2026-03-10', '5', null]])
  })

  test('is none of shares that left', () => {
    expect(bookOf([bought, came(2, '2026-03-10', { quantity: Dec.of('-5') })]).lots).toEqual([['r1', '2026-03-02', '95', '50']])
  })

  test('is a lot of its own where all of them were sold before it, and makes that more when the next one comes', () => {
    expect(bookOf([bought, sold(2, '2026-03-05', '100'), came(3, '2026-03-10'), came(4, '2026-03-20')])).toMatchObject({ lots: [['r3', '2026-03-10', '10', null]], gaps: [] })
  })

  test('goes by what was held at its time, whatever is bought or sold after it', () => {
    expect(bookOf([came(2, '2026-03-01'), bought])).toMatchObject({ lots: [['r2', '2026-03-01', '5', null], ['r1', '2026-03-02', '100', '50']], gaps: [] })
    expect(bookOf([bought, came(2, '2026-03-10'), sold(3, '2026-03-11', '105')])).toMatchObject({ lots: [], made: [['r1', '105', '1300']], gaps: [] })
  })

  test('that was paid for was bought, held or not', () => {
    const paid = came(2, '2026-03-10', { amount: Dec.of('-40') })
    expect(bookOf([paid]).lots).toEqual([['r2', '2026-03-10', '5', '40']])
    expect(bookOf([bought, paid]).lots).toEqual([['r1', '2026-03-02', '100', '50'], ['r2', '2026-03-10', '5', '40']])
  })

  test('makes more of what the user says was held before the history', () => {
    const openings = [{ id: 'o', day: LocalDate.of('2020-01-02'), quantity: Dec.of('20'), price: Dec.of('10') }]
    expect(bookOf([came(1, '2026-03-10')], { openings }).lots).toEqual([['o', '2020-01-02', '25', '200']])
  })

  test('of which none are held costs what the user says', () => {
    const lots = [{ id: 'x', day: LocalDate.of('2019-05-01'), quantity: Dec.of('2'), price: Dec.of('7'), note: '', at: 0 }]
    expect(bookOf([came(1, '2026-03-10')], { overrides: new Map([['r1', { price: Dec.of('30') }]]) }).lots).toEqual([['r1', '2026-03-10', '5', '30']])
    expect(bookOf([came(1, '2026-03-10')], { overrides: new Map([['r1', { lots }]]) }).lots).toMatchObject([[expect.any(String), '2019-05-01', '2', '7'], [expect.any(String), '2026-03-10', '3', null]])
  })
})
