import { describe, expect, test } from 'vitest'
import { matchLots } from '../../../../electron/core/ledger/lots/engine.ts'
import { type LotKnowledge, lotEvents } from '../../../../electron/core/ledger/lots/lot-rows.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { lotRow } from './support/row.ts'

type Told = Parameters<typeof lotRow>[0]

const bought = (quantity: string, amount: string): Told => ({ id: 1, side: 'buy', quantity, price: '10', amount, day: '2026-03-01' })
const split = (quantity: string, more: Partial<Told> = {}): Told => ({ kind: 'split', quantity, day: '2026-03-10', ...more, id: 2 })
const cash = (amount: string, more: Partial<Told> = {}): Told => ({
  kind: 'corporate-action',
  brokerType: 'Cash In Lieu',
  amount,
  day: '2026-03-16',
  ...more,
  id: 3,
})

/** What is left and what was made, after one for ten of 105 shares of 1050 unless said otherwise. */
function made(rows: readonly Told[], known: LotKnowledge = {}) {
  const { lots, gaps, realizations } = matchLots(lotEvents(rows.map(lotRow), known).events, 'fifo')
  return {
    left: lots.map(({ quantity, principal, unit }) => [quantity, unit === null ? principal : Dec.mul(unit, quantity)]),
    sold: realizations.map(({ closeKey, quantity, proceeds, pnl }) => [closeKey, quantity, proceeds, pnl]),
    gaps,
  }
}

const SOLD = { left: [['10', '1000']], sold: [['r3', '0.5', '62.5', '12.5']], gaps: [] }

describe('cash in lieu of a fraction of a share', () => {
  test('sells the fraction a split left, by the ratio its row states, either way round', () => {
    for (const description of ['XYZ CORP 1 FOR 10 REVERSE SPLIT', 'XYZ 10:1', 'XYZ 1-for-10'])
      expect(made([bought('105', '-1050'), split('-95', { description }), cash('62.5')])).toEqual(SOLD)
    const three = made([bought('105', '-1050'), split('52', { description: 'Split 3 for 2' }), cash('4')])
    expect(three).toEqual({ left: [['157', '1046.66666667']], sold: [['r3', '0.5', '4', '0.66666667']], gaps: [] })
  })

  test('sells it by the only whole ratio of a reverse split that fits, where no row states one', () => {
    expect(made([bought('105', '-1050'), split('-95'), cash('62.5')])).toEqual(SOLD)
    expect(
      made([
        bought('105', '-1050'),
        split('-95', { description: 'EFF: 06/10/24' }),
        cash('62.5', { description: 'XYZ CASH IN LIEU', brokerType: 'CIL' }),
      ]),
    ).toEqual(SOLD)
  })

  test('sells what its own row says, or the user', () => {
    for (const quantity of ['0.25', '-0.25'])
      expect(made([bought('105', '-1050'), split('52'), cash('62.5', { quantity })])).toMatchObject({
        sold: [['r3', '0.25', '62.5', '60.83068363']],
      })
    const overrides = new Map([['r3', { quantity: Dec.of('-0.5') }]])
    expect(made([bought('105', '-1050'), split('-95', { description: '2 for 21' }), cash('62.5')], { overrides })).toEqual(SOLD)
  })

  test('sells what the split left in the account, where it came with its fraction', () => {
    expect(made([bought('105', '-1050'), split('-94.5'), cash('62.5', { quantity: '-0.5' })])).toEqual(SOLD)
    expect(made([bought('105', '-1050'), split('-94.5'), cash('62.5')])).toEqual(SOLD)
  })

  test('is cash of no result where nothing says what it was paid for', () => {
    const kept = (rows: readonly Told[], left: readonly string[]) => expect(made(rows)).toEqual({ left: [left], sold: [], gaps: [] })
    kept([bought('105', '-1050'), split('52'), cash('4')], ['157', '1050'])
    kept([bought('7', '-70'), split('-6'), cash('4')], ['1', '70'])
    kept([bought('100', '-1000'), split('-90'), cash('4')], ['10', '1000'])
    kept([bought('105', '-1050'), split('-95', { description: '1 for 100' }), cash('4')], ['10', '1050'])
    expect(made([bought('105', '-1050'), split('-95', { day: '2025-03-01' }), cash('4')])).toMatchObject({
      left: [['105', '1050']],
      sold: [],
    })
    kept([bought('105', '-1050'), cash('4')], ['105', '1050'])
  })

  test('brings no shares, whatever quantity stands beside it', () => {
    expect(made([bought('105', '-1050'), cash('4', { quantity: '0.5' })])).toEqual({ left: [['105', '1050']], sold: [], gaps: [] })
  })

  test('of a row taken out, or a bill for it, sells nothing', () => {
    const rows = [bought('105', '-1050'), split('-95')]
    for (const more of [cash('62.5', { status: 'canceled' }), cash('-62.5'), cash('62.5', { brokerType: 'Merger' })])
      expect(made([...rows, more]).sold).toEqual([])
  })

  test('sells nothing more than once, and comes before what is sold after it', () => {
    const again: Told = { ...cash('9'), id: 4, day: '2026-03-20' }
    const sale: Told = { id: 5, side: 'sell', quantity: '10', price: '130', amount: '1300', day: '2026-03-21' }
    expect(made([bought('105', '-1050'), split('-95'), cash('62.5'), again, sale])).toEqual({
      left: [],
      sold: [...SOLD.sold, ['r5', '10', '1300', '300']],
      gaps: [],
    })
  })

  const BEFORE = [bought('105', '-1050'), split('-94.5', { description: 'REVERSE SPLIT 1:10' })]
  const paid: Told = { ...cash('62.5'), id: 4 }

  test.each(['corporate-action', 'transfer', 'journal', 'split'] as const)('sells a fraction that leaves by a %s of its own for the cash, and not once more', kind => {
    for (const day of ['2026-03-11', '2026-03-16', '2026-03-17'])
      expect(made([...BEFORE, { id: 3, kind, brokerType: 'Removed', quantity: '-0.5', day }, paid])).toMatchObject({
        ...SOLD,
        sold: [[kind === 'corporate-action' && day === '2026-03-16' ? 'r3' : 'r4', '0.5', '62.5', '12.5']],
      })
  })

  test('is cash of no result where trades sold the fraction', () => {
    const sale = (id: number, quantity: string, amount: string): Told => ({ id, side: 'sell', quantity, price: '125', amount, day: '2026-03-12' })
    expect(made([...BEFORE, sale(5, '0.5', '62.5'), paid])).toEqual({ ...SOLD, sold: [['r5', '0.5', '62.5', '12.5']] })
    expect(made([...BEFORE, sale(5, '10.5', '1312.5'), paid])).toEqual({ left: [], sold: [['r5', '10.5', '1312.5', '262.5']], gaps: [] })
    expect(made([...BEFORE, sale(5, '0.25', '31.25'), sale(6, '0.25', '31.25'), paid]).left).toEqual([['10', '1000']])
  })

  test('sells a fraction beside another that was bought since', () => {
    const more: Told = { id: 5, side: 'buy', quantity: '0.5', price: '100', amount: '-50', day: '2026-03-12' }
    expect(made([...BEFORE, more, paid]).sold).toEqual([['r4', '0.5', '62.5', '12.5']])
  })

  test('sells it where the history sold what it never bought', () => {
    const never: Told = { id: 5, side: 'sell', quantity: '200', price: '10', amount: '2000', day: '2026-02-01' }
    expect(made([never, ...BEFORE, paid])).toMatchObject({ left: SOLD.left, sold: [['r4', '0.5', '62.5', '12.5']] })
  })
})
