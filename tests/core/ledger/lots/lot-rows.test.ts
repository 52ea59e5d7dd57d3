import { describe, expect, test } from 'vitest'
import { matchLots } from '../../../../electron/core/ledger/lots/engine.ts'
import { lotEvents } from '../../../../electron/core/ledger/lots/lot-rows.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import { lotRow } from './support/row.ts'

const dec = Dec.of
const OPTION = { symbol: 'XYZ260320C00100000', assetClass: 'option' } as const

describe('rows of history as events of lots', () => {
  test('a trade costs what its cash says beyond quantity times price', () => {
    const { events } = lotEvents([lotRow({ id: 1, side: 'buy', quantity: '10', price: '20.5', amount: '-206.01', fees: '1' })])
    expect(events).toMatchObject([{ key: 'r1', kind: 'fill', quantity: dec('10'), price: dec('20.5'), costs: dec('1.01'), effect: null }])
  })

  test('an option counts 100 shares, and its cash stays what it was', () => {
    const { events, multiplier } = lotEvents([lotRow({ id: 1, ...OPTION, side: 'sell', positionEffect: 'open', quantity: '2', price: '1.25', amount: '248.7', fees: '1.3' })])
    expect(multiplier).toBe(dec('100'))
    expect(events).toMatchObject([{ quantity: dec('-2'), price: dec('1.25'), multiplier: dec('100'), costs: dec('1.3'), effect: 'open' }])
  })

  test('an option that expires without a quantity ends all that is held, after the trades of its day', () => {
    const rows = [
      lotRow({ id: 1, ...OPTION, kind: 'option-event', day: '2026-03-20' }),
      lotRow({ id: 2, ...OPTION, side: 'sell', positionEffect: 'open', quantity: '2', price: '1', amount: '200', at: '2026-03-20T15:00:00.000Z' }),
    ]
    const book = matchLots(lotEvents(rows).events, 'fifo')
    expect(book.lots).toEqual([])
    expect(book.gaps).toEqual([])
    expect(book.realizations).toMatchObject([{ openKey: 'r2', closeKey: 'r1', pnl: dec('200') }])
  })

  test('of rows of one day without a time, what opens comes before what closes, whichever was told first', () => {
    const rows = [
      lotRow({ id: 1, side: 'sell', quantity: '10', price: '12', amount: '120' }),
      lotRow({ id: 2, side: 'buy', quantity: '10', price: '10', amount: '-100' }),
    ]
    expect(matchLots(lotEvents(rows).events, 'fifo')).toMatchObject({ lots: [], gaps: [], realizations: [{ pnl: dec('20') }] })
  })

  test('canceled rows and rows the user takes out say nothing, and his own figures come before the broker\'s', () => {
    const rows = [
      lotRow({ id: 1, side: 'buy', quantity: '10', price: '10', amount: '-100', status: 'canceled' }),
      lotRow({ id: 2, side: 'buy', quantity: '10', price: '10', amount: '-100' }),
      lotRow({ id: 3, side: 'buy', quantity: '10', price: '10', amount: '-100' }),
    ]
    const overrides = new Map([['r2', { ignored: true }], ['r3', { price: dec('9'), fees: dec('1') }]])
    expect(lotEvents(rows, { overrides }).events).toMatchObject([{ key: 'r3', price: dec('9'), costs: dec('1') }])
  })

  test('a lot from before the history comes first on its day', () => {
    const rows = [lotRow({ id: 1, side: 'sell', quantity: '5', price: '12', amount: '60' })]
    const openings = [{ id: 'o1', day: LocalDate.of('2026-03-02'), quantity: dec('5'), price: dec('10') }]
    expect(matchLots(lotEvents(rows, { openings }).events, 'fifo')).toMatchObject({ lots: [], gaps: [], realizations: [{ openKey: 'o1', pnl: dec('10') }] })
  })

  test('a split told as all out and all in is one', () => {
    const rows = [
      lotRow({ id: 1, side: 'buy', quantity: '10', price: '100', amount: '-1000', day: '2026-03-01' }),
      lotRow({ id: 2, kind: 'split', quantity: '-10' }),
      lotRow({ id: 3, kind: 'split', quantity: '40' }),
    ]
    const { events } = lotEvents(rows)
    expect(events.slice(1)).toMatchObject([{ key: 'r2', kind: 'split', quantity: dec('30') }])
    expect(matchLots(events, 'fifo').lots).toMatchObject([{ quantity: dec('40'), principal: dec('1000') }])
  })

  test('shares that come in from elsewhere have a cost nobody knows until the user says it', () => {
    const rows = [lotRow({ id: 1, kind: 'transfer', quantity: '10', price: '50', amount: '0' })]
    expect(lotEvents(rows).events).toMatchObject([{ kind: 'receive', price: null }])
    expect(lotEvents(rows, { overrides: new Map([['r1', { price: dec('42') }]]) }).events).toMatchObject([{ kind: 'receive', price: dec('42') }])
  })

  test('a future costs its fees alone, counts what its contract says, and may be sold without being held', () => {
    const rows = [lotRow({ id: 1, symbol: '/ESZ26', assetClass: 'future', side: 'sell', quantity: '1', price: '6000.25', amount: '-2.1', fees: '2.1' })]
    expect(lotEvents(rows)).toMatchObject({ multiplier: dec('50'), events: [{ costs: dec('2.1'), effect: 'open' }] })
  })

  test('what an adjusted option counts is read from its own cash', () => {
    const rows = [lotRow({ id: 1, symbol: 'XYZ1260320C00100000', assetClass: 'option', side: 'buy', positionEffect: 'open', quantity: '3', price: '1.2', amount: '-544.6', fees: '4.6' })]
    expect(lotEvents(rows)).toMatchObject({ multiplier: dec('150'), events: [{ costs: dec('4.6') }] })
  })

  test('a sale that says nothing opened a short position where the next purchase closes one', () => {
    const rows = [
      lotRow({ id: 1, side: 'sell', quantity: '10', price: '12', amount: '120', day: '2026-03-01' }),
      lotRow({ id: 2, side: 'buy', positionEffect: 'close', quantity: '10', price: '10', amount: '-100' }),
    ]
    expect(matchLots(lotEvents(rows).events, 'fifo')).toMatchObject({ lots: [], gaps: [], realizations: [{ isShort: true, pnl: dec('20') }] })
  })

  test('an option may be sold without being held, whatever its broker says of it; shares may not', () => {
    const sale = { side: 'sell', quantity: '1', price: '2', amount: '200' } as const
    expect(matchLots(lotEvents([lotRow({ id: 1, ...OPTION, ...sale })]).events, 'fifo')).toMatchObject({ lots: [{ quantity: dec('-1') }], gaps: [] })
    expect(matchLots(lotEvents([lotRow({ id: 1, ...sale })]).events, 'fifo')).toMatchObject({ lots: [], gaps: [{ quantity: dec('-1') }] })
  })
})
