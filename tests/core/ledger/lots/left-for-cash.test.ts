import { describe, expect, test } from 'vitest'
import { matchLots } from '../../../../electron/core/ledger/lots/engine.ts'
import { type LotKnowledge, lotEvents } from '../../../../electron/core/ledger/lots/lot-rows.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { lotRow } from './support/row.ts'

type Told = Parameters<typeof lotRow>[0]

const bought = (quantity: string, amount: string): Told => ({ id: 1, side: 'buy', quantity, price: '10', amount, day: '2026-03-01' })
const out = (quantity: string, more: Partial<Told> = {}): Told => ({ kind: 'corporate-action', brokerType: 'REORG', quantity, day: '2026-03-10', ...more, id: 2 })
const cash = (more: Partial<Told> = {}): Told => ({ kind: 'corporate-action', brokerType: 'Cash In Lieu', amount: '30', day: '2026-03-10', id: 3, ...more })
const into = (quantity: string, day: string): Told => ({ id: 4, kind: 'corporate-action', brokerType: 'REORG', quantity, day })

function made(rows: readonly Told[], known: LotKnowledge = {}) {
  const { lots, realizations, deliveries, gaps } = matchLots(lotEvents(rows.map(lotRow), known).events, 'fifo')
  return {
    left: lots.map(({ quantity }) => quantity),
    sold: realizations.map(({ closeKey, quantity, pnl }) => [closeKey, quantity, pnl]),
    gone: deliveries.map(({ quantity }) => quantity),
    gaps: gaps.map(({ key }) => key),
  }
}

const FIVE = bought('5', '-50')
const UNKNOWN = { left: [], sold: [['r2', '5', null]], gone: [], gaps: [] }
const SOLD = { left: [], sold: [['r2', '5', '-20']], gone: [], gaps: [] }
const WENT = { sold: [], gone: ['5'], gaps: [] }

describe('shares that leave beside cash in lieu, with nothing told to come for them', () => {
  test('are a closing nobody knows the result of, and not nothing', () => {
    expect(made([FIVE, out('-5'), cash()])).toEqual(UNKNOWN)
  })

  test.each([
    ['the row of the shares', [FIVE, out('-5', { description: '1 FOR 10 REVERSE SPLIT' }), cash()]],
    ['the row of the cash', [FIVE, out('-5'), cash({ description: 'CASH IN LIEU, 1:10' })]],
    ['a row beside the quantity of the fraction', [FIVE, out('-5', { description: '1 FOR 10' }), cash({ quantity: '-0.5' })]],
    ['a row, and the cash comes days later', [FIVE, out('-5', { description: '1 FOR 10' }), cash({ day: '2026-03-16' })]],
  ])('were sold for it where a ratio that leaves less than one share stands in %s', (_, rows) => {
    expect(made(rows)).toEqual(SOLD)
  })

  test('are worth the price the user says', () => {
    expect(made([FIVE, out('-5'), cash()], { overrides: new Map([['r2', { price: Dec.of('6') }]]) })).toEqual(SOLD)
    const ratio = out('-5', { description: '1 FOR 10' })
    expect(made([FIVE, ratio, cash()], { overrides: new Map([['r2', { price: Dec.of('7') }]]) }).sold).toEqual([['r2', '5', '-15']])
  })

  test('are not sold for cash where the ratio leaves a share or more', () => {
    const ratio = out('-50', { description: '1 FOR 10 REVERSE SPLIT' })
    expect(made([bought('50', '-500'), ratio, cash()]).sold).toEqual([['r2', '50', null]])
  })

  test('may be followed by their cash until sixty days later where a ratio says it is for them, and until five days later else', () => {
    const due = (day: string) => made([FIVE, out('-5', { description: '1 FOR 10' }), cash({ day })])
    expect(due('2026-05-09')).toEqual(SOLD)
    expect(due('2026-05-10')).toEqual({ left: [], ...WENT })
    const of = (day: string) => made([FIVE, out('-5'), cash({ day })])
    expect(of('2026-03-15')).toEqual(UNKNOWN)
    expect(of('2026-03-16')).toEqual({ left: [], ...WENT })
    expect(of('2026-03-09')).toEqual({ left: [], ...WENT })
  })

  test('are all of a day', () => {
    const rows = [bought('9', '-90'), out('-5'), { ...out('-4'), id: 5 }, cash()]
    expect(made(rows)).toMatchObject({ left: [], sold: [['r2', '5', null], ['r5', '4', null]], gone: [] })
  })

  test('are the last that left before the cash', () => {
    const rows = [bought('12', '-120'), out('-5'), { ...out('-7', { day: '2026-03-12' }), id: 5 }, cash({ day: '2026-03-12' })]
    expect(made(rows)).toMatchObject({ sold: [['r5', '7', null]], gone: ['5'] })
  })
})

describe('shares that leave beside cash in lieu went on', () => {
  test('where they became another instrument', () => {
    expect(made([FIVE, out('-5'), cash()], { exchanged: new Set(['r2']) })).toEqual({ left: [], ...WENT })
  })

  test.each(['2026-03-10', '2026-03-11', '2026-03-15'])('where others of the name came, on %s', day => {
    expect(made([FIVE, out('-5'), cash(), into('2', day)])).toMatchObject({ left: ['2'], ...WENT })
  })

  test('where cash of another kind was paid for them on the day, or the cash counts as left out', () => {
    expect(made([FIVE, out('-5'), { ...cash({ brokerType: 'MA', amount: '55' }), id: 6 }, cash()]).sold).toEqual([['r2', '5', '5']])
    expect(made([FIVE, out('-5'), cash()], { overrides: new Map([['r3', { ignored: true }]]) })).toEqual({ left: [], ...WENT })
  })

  test('and are worth nothing where the row says so', () => {
    expect(made([FIVE, out('-5', { brokerType: 'WORTHLESS' }), cash()]).sold).toEqual([['r2', '5', '-50']])
  })
})

test('A price the user tells of shares that left counts in place of cash in a row of its own', () => {
  const paid: Told = { id: 3, kind: 'corporate-action', brokerType: 'MA', amount: '55', day: '2026-03-10' }
  expect(made([FIVE, out('-5'), paid]).sold).toEqual([['r2', '5', '5']])
  expect(made([FIVE, out('-5'), paid], { overrides: new Map([['r2', { price: Dec.of('6') }]]) }).sold).toEqual([['r2', '5', '-20']])
})
