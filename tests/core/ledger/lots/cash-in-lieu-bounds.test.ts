import { describe, expect, test } from 'vitest'
import { matchLots } from '../../../../electron/core/ledger/lots/engine.ts'
import { type LotKnowledge, lotEvents } from '../../../../electron/core/ledger/lots/lot-rows.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import { lotRow } from './support/row.ts'

type Told = Parameters<typeof lotRow>[0]

const bought = (quantity: string, amount: string, more: Partial<Told> = {}): Told => ({
  side: 'buy',
  quantity,
  price: '10',
  amount,
  day: '2026-03-01',
  ...more,
  id: 1,
})
const split = (quantity: string, more: Partial<Told> = {}): Told => ({ kind: 'split', quantity, day: '2026-03-10', id: 2, ...more })
const cash = (amount: string, more: Partial<Told> = {}): Told => ({
  kind: 'corporate-action',
  brokerType: 'Cash In Lieu',
  amount,
  day: '2026-03-16',
  id: 4,
  ...more,
})
const sale = (id: number, quantity: string, amount: string, more: Partial<Told> = {}): Told => ({
  side: 'sell',
  quantity,
  price: '125',
  amount,
  day: '2026-03-12',
  ...more,
  id,
})

function made(rows: readonly Told[], known: LotKnowledge = {}) {
  const { lots, realizations } = matchLots(lotEvents(rows.map(lotRow), known).events, 'fifo')
  return {
    left: lots.map(({ quantity }) => quantity),
    sold: realizations.map(({ closeKey, quantity, pnl }) => [closeKey, quantity, pnl]),
  }
}
const soldBy = (...rows: readonly Told[]) => made(rows).sold

const SHARES = bought('105', '-1050')
/** Ten and a half shares of what were 105 for 1050. */
const HALF = [SHARES, split('-94.5')]
const SOLD = { left: ['10'], sold: [['r4', '0.5', '12.5']] }

describe('what is cash in lieu', () => {
  test('is told by the words of either column', () => {
    for (const text of ['CASH IN LIEU OF FRACTIONAL SHARES', 'Paid in lieu of frac shares', 'in lieu of a fraction', 'CIL XYZ CORP']) {
      expect(soldBy(...HALF, cash('62.5', { brokerType: text }))).toEqual(SOLD.sold)
      expect(soldBy(...HALF, cash('62.5', { brokerType: 'JRNL', description: text }))).toEqual(SOLD.sold)
    }
  })

  test('is no word that ends alike, no dividend in lieu and nothing that was not paid', () => {
    for (const other of [{ brokerType: 'PENCIL INC' }, { brokerType: 'JRNL' }, { kind: 'dividend' as const }, { amount: '0' }])
      expect(soldBy(...HALF, { ...cash('62.5'), ...other })).toEqual([])
  })
})

describe('the ratio of a split', () => {
  const by = (description: string) => soldBy(SHARES, split('52', { description }), cash('4'))

  test('is read however it is written', () => {
    const half = [['r4', '0.5', '0.66666667']]
    for (const text of [
      '3 for 2',
      '3for2',
      '3-for-2',
      '3 - for - 2',
      '3 -  for  -  2',
      '3:2',
      '3 : 2',
      '3  :  2',
      '30 for 20',
      '1.50 : 1.00',
      '1.125 : 0.75',
      '0.15-FOR-0.10',
    ])
      expect([text, by(text)]).toEqual([text, half])
  })

  test('may stand in the row of the cash', () => {
    expect(soldBy(SHARES, split('52'), cash('4', { description: 'IN LIEU OF FRAC, 3 FOR 2' }))).toEqual([['r4', '0.5', '0.66666667']])
  })

  test('says nothing where one side is zero, it fits exactly or it leaves a whole share', () => {
    for (const text of ['0 for 2', '3:0', '4 for 3']) expect(by(text)).toEqual([])
    expect(soldBy(bought('100', '-1000'), split('-90', { description: '1 for 10' }), cash('4'))).toEqual([])
    expect(lotEvents([bought('100', '-1000'), split('-90', { description: '1 for 10' }), cash('4')].map(lotRow)).events.map(({ key }) => key)).toEqual(['r1', 'r2'])
    expect(soldBy(bought('110', '-1100'), split('-100', { description: '1 for 10' }), cash('4'))).toEqual([])
  })

  test('is found by the shares where they were and are whole', () => {
    expect(soldBy(bought('109', '-1090'), split('-99'), cash('90'))).toEqual([['r4', '0.9', '0']])
    expect(soldBy(bought('101', '-1010'), split('-91'), cash('10'))).toEqual([['r4', '0.1', '0']])
    expect(soldBy(bought('105.5', '-1055'), split('-95.5'), cash('4'))).toEqual([])
  })
})

describe('the split that cash in lieu is paid for', () => {
  test('is of its day or before, by sixty days at most', () => {
    const of = (day: string) => soldBy(bought('105', '-1050', { day: '2026-01-02' }), split('-94.5', { day }), cash('62.5'))
    expect(['2026-01-14', '2026-01-15', '2026-03-16', '2026-03-17'].map(day => of(day).length)).toEqual([0, 1, 1, 0])
  })

  test('is none of what was not held', () => {
    expect(soldBy(split('52', { day: '2026-02-20' }), SHARES, cash('4', { quantity: '0.5' }))).toEqual([])
  })

  describe('is all there is where less than one share was left, so all of the cost is in the result', () => {
    const few = [bought('5', '-50'), split('-5')]
    test.each([
      ['by the quantity of its row', cash('30', { quantity: '-0.5' }), [['r4', '0.5', '-20']]],
      ['by the quantity the user says', cash('30', { quantity: '0.5' }), [['r4', '0.5', '-20']]],
      ['by a ratio its row states', cash('30', { description: '1 for 10 reverse split' }), [['r4', '0.5', '-20']]],
      ['as the shares of before, where its row says a whole one', cash('30', { quantity: '-1' }), [['r4', '5', '-20']]],
      ['as the shares of before, where nothing says how small it was', cash('30'), [['r4', '5', '-20']]],
    ] as const)('%s', (_, told, sold) => {
      expect(made([...few, told])).toEqual({ left: [], sold })
    })

    test('on the day the cash came, after what was bought in between', () => {
      const rows = [...few, { ...bought('3', '-60', { price: '20', day: '2026-03-12' }), id: 3 }, cash('30')].map(lotRow)
      expect(lotEvents(rows).events.map(({ key, quantity }) => [key, quantity])).toEqual([['r1', '5'], ['r3', '3'], ['r4', '-5']])
      expect(matchLots(lotEvents(rows).events, 'lifo').lots.map(({ quantity }) => quantity)).toEqual(['3'])
    })

    test('once, however often cash came for it', () => {
      for (const first of [cash('30', { quantity: '-0.5' }), cash('30', { description: '1 for 10 reverse split' }), cash('30')])
        expect(made([...few, first, cash('31', { id: 5 })]).sold.map(([key]) => key)).toEqual(['r4'])
    })

    test('and is no gap', () => {
      expect(matchLots(lotEvents([...few, cash('30')].map(lotRow), {}).events, 'fifo').gaps).toEqual([])
    })
  })

  test('left a fraction though it took as much', () => {
    expect(made([bought('1', '-10'), split('-0.5'), cash('4')])).toEqual({ left: [], sold: [['r4', '0.5', '-6']] })
  })

  test('comes first where both are of the same moment, whatever their numbers', () => {
    const at = '2026-03-10T15:00:00Z'
    expect(made([SHARES, split('-94.5', { at, id: 5 }), cash('62.5', { at })])).toEqual(SOLD)
  })
})

describe('the quantity beside cash in lieu', () => {
  test('is sold without a split too', () => {
    expect(made([SHARES, cash('62.5', { quantity: '-0.5' })])).toEqual({ left: ['104.5'], sold: [['r4', '0.5', '57.5']] })
  })

  test('is no fraction from one share on', () => {
    for (const quantity of ['1', '1.5'])
      expect(made([SHARES, split('-94'), cash('62.5', { quantity })])).toEqual({ left: ['11'], sold: [] })
  })

  test('is sold beside as much that a trade sold', () => {
    for (const quantity of ['0.5', '-0.5'])
      expect(soldBy(...HALF, sale(3, '0.5', '62.5'), cash('62.5', { quantity }))).toEqual([
        ['r3', '0.5', '12.5'],
        ['r4', '0.5', '12.5'],
      ])
  })

  test('is not sold once more by a second row', () => {
    expect(soldBy(...HALF, cash('62.5', { quantity: '0.5' }), cash('62.5', { quantity: '0.5', day: '2026-03-18', id: 5 }))).toEqual(
      SOLD.sold,
    )
  })
})

describe('a fraction that left', () => {
  const gone = (more: Partial<Told>): Told => ({ kind: 'transfer', brokerType: 'Removed', quantity: '-0.5', ...more, id: 3 })

  test('by a row of its own is the one sold until five days after the cash', () => {
    expect(made([...HALF, gone({ day: '2026-03-21' }), cash('62.5')])).toEqual(SOLD)
    expect(made([...HALF, gone({ day: '2026-03-22' }), cash('62.5')])).toEqual({ ...SOLD, left: ['9.5'] })
  })

  test('before the split is another one', () => {
    const more = bought('105.5', '-1055')
    expect(made([more, gone({ day: '2026-03-05' }), split('-94.5'), cash('62.5')]).left).toEqual(['10'])
    expect(soldBy(more, sale(3, '0.5', '5', { day: '2026-03-05' }), split('-94.5'), cash('62.5')).map(([key]) => key)).toEqual(['r3', 'r4'])
  })

  test('for money of its own is not sold again until five days after the cash', () => {
    const paid = (day: string): Told => ({ kind: 'corporate-action', brokerType: 'Redemption', quantity: '-0.5', amount: '60', day, id: 5 })
    expect(soldBy(...HALF, cash('62.5'), paid('2026-03-21')).map(([key]) => key)).toEqual(['r5'])
    expect(soldBy(...HALF, cash('62.5'), paid('2026-03-22')).map(([key]) => key)).toEqual(['r4', 'r5'])
  })

  test('by a trade after the cash is another one', () => {
    expect(soldBy(...HALF, cash('62.5'), sale(5, '0.5', '62.5', { day: '2026-03-16' }))).toEqual([...SOLD.sold, ['r5', '0.5', '12.5']])
  })

  test('by a trade of just as much is not sold again, though another fraction was bought', () => {
    const more: Told = { side: 'buy', quantity: '0.25', price: '100', amount: '-25', day: '2026-03-11', id: 5 }
    expect(soldBy(...HALF, more, sale(3, '0.5', '62.5'), cash('62.5')).map(([key]) => key)).toEqual(['r3'])
  })

  test('only in part is sold in whole', () => {
    expect(soldBy(...HALF, sale(3, '0.25', '31.25'), cash('62.5')).map(([key, quantity]) => [key, quantity])).toEqual([
      ['r3', '0.25'],
      ['r4', '0.5'],
    ])
  })

  test('is sold whatever the user says was held only since', () => {
    const openings = [{ id: 'o1', day: LocalDate.of('2026-03-18'), quantity: Dec.of('5'), price: Dec.of('10') }]
    expect(made([...HALF, cash('62.5')], { openings })).toEqual({ ...SOLD, left: ['10', '5'] })
  })
})

test('Cash in lieu and a sale of the same moment go by the numbers of their rows', () => {
  const at = '2026-03-16T15:00:00Z'
  const dear: Told = { side: 'buy', quantity: '5', price: '200', amount: '-1000', day: '2026-03-11', id: 3 }
  const rows = [bought('50', '-500'), split('-44.5'), dear, cash('62.5', { at, id: 5 })]
  const order = (id: number) => soldBy(...rows, sale(id, '10', '1250', { at })).map(([key, quantity]) => `${key} ${quantity}`)
  expect(order(4)).toEqual(['r4 5.5', 'r4 4.5', 'r5 0.5'])
  expect(order(6)).toEqual(['r5 0.5', 'r6 5', 'r6 5'])
})
