import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Delivery, matchLots } from '../../../../electron/core/ledger/lots/engine.ts'
import { arrivalsOf, exchangesOf } from '../../../../electron/core/ledger/lots/exchanges.ts'
import { lotEvents, type LotRow } from '../../../../electron/core/ledger/lots/lot-rows.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import { lotRow } from './support/row.ts'

const dec = Dec.of
const DAY = LocalDate.of('2026-03-10')
const action = (id: number, symbol: string, quantity: string, more: Partial<Parameters<typeof lotRow>[0]> = {}): LotRow =>
  lotRow({ kind: 'corporate-action', brokerType: 'NC', day: '2026-03-10', ...more, id, symbol, quantity })
const buy = (id: number, quantity: string, amount: string, day: string): LotRow =>
  lotRow({ id, symbol: 'OLD', side: 'buy', quantity, price: '10', amount, day })

/** Both books of an exchange, as whoever keeps them computes them. */
function across(rows: readonly LotRow[]) {
  const exchanges = exchangesOf(rows)
  const [exchange] = exchanges
  const own = (symbol: string): LotRow[] => rows.filter(row => row.symbol === symbol)
  const old = matchLots(lotEvents(own('OLD'), { exchanged: new Set(exchanges.map(({ outId }) => outId)) }).events, 'fifo')
  const arrivals = new Map(exchange ? [[exchange.inId, arrivalsOf(exchange, old.deliveries)]] : [])
  return { exchanges, old, next: matchLots(lotEvents(own('NEW'), { arrivals }).events, 'fifo') }
}

describe('one instrument that becomes another', () => {
  test('takes its lots along, each with its own day and cost', () => {
    const { old, next } = across([buy(1, '10', '-101', '2026-03-01'), buy(2, '5', '-51', '2026-03-02'), action(3, 'OLD', '-15'), action(4, 'NEW', '30')])
    expect(old).toMatchObject({ lots: [], gaps: [], realizations: [] })
    expect(next.lots).toMatchObject([
      { key: 'r4', day: '2026-03-01', quantity: dec('20'), principal: dec('101') },
      { key: 'r4~2', day: '2026-03-02', quantity: dec('10'), principal: dec('51') },
    ])
  })

  test('is not guessed where several left or came together, where money was paid, or on different days', () => {
    expect(exchangesOf([action(1, 'OLD', '-10'), action(2, 'NEW', '5'), action(3, 'OTHER', '5')])).toEqual([])
    expect(exchangesOf([action(1, 'OLD', '-10', { amount: '500' }), action(2, 'NEW', '5')])).toEqual([])
    expect(exchangesOf([action(1, 'OLD', '-10'), action(2, 'NEW', '5', { day: '2026-03-11' })])).toEqual([])
    expect(exchangesOf([action(1, 'OLD', '-10', { status: 'canceled' }), action(2, 'NEW', '5')])).toEqual([])
    expect(exchangesOf([action(1, 'OLD', '-10'), action(2, 'NEW', '5'), action(3, 'NEW', '5')])).toEqual([])
    expect(exchangesOf([action(1, 'OLD', '-10'), action(2, 'NEW', '-5')])).toEqual([])
    expect(exchangesOf([action(1, 'OLD', '10'), action(2, 'NEW', '5')])).toEqual([])
  })

  test('is neither two moves between accounts nor a split of one instrument', () => {
    expect(exchangesOf([action(1, 'OLD', '-10', { kind: 'transfer' }), action(2, 'NEW', '5', { kind: 'transfer' })])).toEqual([])
    expect(exchangesOf([action(1, 'OLD', '-10', { kind: 'split' }), action(2, 'OLD', '20', { kind: 'split' })])).toEqual([])
  })

  test('is found beside rows that move nothing or name nothing', () => {
    const pair = [action(1, 'OLD', '-10', { amount: '0' }), action(2, 'NEW', '5')]
    const note = lotRow({ id: 3, kind: 'corporate-action', brokerType: 'NC', day: '2026-03-10', symbol: 'NEW' })
    expect(exchangesOf([...pair, note, { ...note, symbol: null, quantity: dec('5') }, { ...note, quantity: dec('0') }])).toEqual([
      { outId: 'r1', inId: 'r2', fromSymbol: 'OLD', toSymbol: 'NEW', quantity: dec('5'), split: undefined },
    ])
  })

  test('what came of a cost nobody knows goes on as that', () => {
    const { next } = across([lotRow({ id: 1, symbol: 'OLD', kind: 'transfer', quantity: '10', day: '2026-03-01' }), action(2, 'OLD', '-10'), action(3, 'NEW', '10')])
    expect(next.lots).toMatchObject([{ quantity: dec('10'), unit: null, principal: null }])
  })

  test('what the old instrument never held comes at a cost nobody knows, and is missing there', () => {
    const { old, next } = across([action(2, 'OLD', '-10'), action(3, 'NEW', '10')])
    expect(old.gaps).toMatchObject([{ key: 'r2', quantity: dec('-10') }])
    expect(next.lots).toMatchObject([{ key: 'r3', quantity: dec('10'), principal: null }])
  })

  test('a reverse split told by a name for the old shares is a split of what is held', () => {
    const rows = [
      lotRow({ id: 1, symbol: 'NEW', side: 'buy', quantity: '1000', price: '0.5', amount: '-500', day: '2026-03-01' }),
      action(2, 'OLD', '-1000', { kind: 'split' }),
      action(3, 'NEW', '100', { kind: 'split' }),
    ]
    const { old, next } = across(rows)
    expect(old).toMatchObject({ lots: [], gaps: [] })
    expect(next).toMatchObject({ lots: [{ key: 'r1', quantity: dec('100'), principal: dec('500') }], gaps: [] })
  })

  test('a split out of an instrument that was held takes its lots along', () => {
    const { old, next } = across([buy(1, '10', '-100', '2026-03-01'), action(2, 'OLD', '-10', { kind: 'split' }), action(3, 'NEW', '1', { kind: 'split' })])
    expect(old).toMatchObject({ lots: [], gaps: [] })
    expect(next.lots).toMatchObject([{ key: 'r3', quantity: dec('1'), principal: dec('100'), day: '2026-03-01' }])
  })

  const exchange = (quantity: string) => ({ outId: 'out', inId: 'in', fromSymbol: 'OLD', toSymbol: 'NEW', quantity: dec(quantity) })
  const gone = (quantity: string, cost: string | null, key = 'out'): Delivery => ({ openKey: 'b', key, openDay: DAY, day: DAY, quantity: dec(quantity), cost: cost === null ? null : dec(cost) })
  const shared = (quantity: string, ...lots: readonly Delivery[]): (string | null)[][] => arrivalsOf(exchange(quantity), lots).map(each => [each.quantity, each.cost])

  test('only what left at the exchange goes on, not what left before', () => {
    expect(shared('10', gone('4', '40', 'moved'), gone('5', '50'))).toEqual([['10', '50']])
  })

  test('whole shares become whole shares, and fractions are cut at nine decimals; the last lot gets the rest', () => {
    const three = [gone('1', '1'), gone('1', '2'), gone('1', '3')]
    expect(shared('10', ...three)).toEqual([['3', '1'], ['3', '2'], ['4', '3']])
    expect(shared('1.5', ...three.slice(1))).toEqual([['0.75', '2'], ['0.75', '3']])
    expect(shared('4', gone('0.5', '1'), gone('1', '2'))).toEqual([['1.333333333', '1'], ['2.666666667', '2']])
    expect(shared('0.0000000001', gone('3', '7'))).toEqual([['0.0000000001', '7']])
  })

  test('the cost of a lot too small to become a share goes on with the next one', () => {
    expect(shared('3', gone('1', '9'), gone('29', '261'))).toEqual([['3', '270']])
  })

  test('a cost nobody knows stays with its own lot, unless that lot became nothing', () => {
    expect(shared('20', gone('5', null), gone('5', '50'))).toEqual([['10', null], ['10', '50']])
    expect(shared('3', gone('1', null), gone('29', '261'))).toEqual([['3', null]])
    expect(shared('3', gone('1', '9'), gone('29', null))).toEqual([['3', null]])
  })

  test('no share and no cent is lost on the way, whatever the ratio', () => {
    const size = fc.integer({ min: 1, max: 500 })
    fc.assert(fc.property(fc.array(fc.tuple(size, size), { minLength: 1, maxLength: 8 }), size, (lots, came) => {
      const rows = lots.map(([quantity, cost], at) => buy(at + 1, String(quantity), `-${cost}.37`, `2026-03-0${at + 1}`))
      const held = lots.reduce((total, [quantity]) => total + quantity, 0)
      const { next } = across([...rows, action(20, 'OLD', `-${held}`), action(21, 'NEW', String(came))])
      expect(Dec.sum(next.lots.map(({ quantity }) => quantity))).toBe(dec(String(came)))
      expect(Dec.sum(next.lots.map(({ principal }) => principal ?? Dec.zero))).toBe(Dec.sum(rows.map(({ amount }) => Dec.neg(amount ?? Dec.zero))))
    }), { numRuns: 200 })
  })
})
