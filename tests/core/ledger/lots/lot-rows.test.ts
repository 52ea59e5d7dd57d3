import { describe, expect, test } from 'vitest'
import { matchLots } from '../../../../electron/core/ledger/lots/engine.ts'
import { lotEvents, type RowOverride, toldRows } from '../../../../electron/core/ledger/lots/lot-rows.ts'
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

  test('what its cash differs by is no cost where that is more than all that was paid: then it is worth what was paid', () => {
    const { events } = lotEvents([lotRow({ id: 1, side: 'buy', quantity: '25000', price: '98', amount: '-24501', fees: '1' })])
    expect(events).toMatchObject([{ kind: 'fill', price: null, value: dec('24500'), costs: dec('1') }])
    expect(lotEvents([lotRow({ id: 1, side: 'buy', quantity: '10', price: '5', amount: '-100' })]).events).toMatchObject([{ price: dec('5'), costs: dec('50') }])
  })

  test('an option counts 100 shares, and its cash stays what it was', () => {
    const { events, multiplier } = lotEvents([lotRow({ id: 1, ...OPTION, side: 'sell', positionEffect: 'open', quantity: '2', price: '1.25', amount: '248.7', fees: '1.3' })])
    expect(multiplier).toBe(dec('100'))
    expect(events).toMatchObject([{ quantity: dec('-2'), price: dec('1.25'), multiplier: dec('100'), costs: dec('1.3'), effect: 'open' }])
  })

  test('the end of an option says what a contract is, also of a lot no trade tells of', () => {
    const opening = (id: string, quantity: string) => ({ id, day: LocalDate.of('2026-01-02'), quantity: dec(quantity), price: dec('2') })
    const { events, multiplier } = lotEvents([lotRow({ id: 1, ...OPTION, kind: 'option-event', day: '2026-03-20' })], { openings: [opening('lot_1', '1'), opening('lot_2', '3')] })
    expect(multiplier).toBe(dec('100'))
    expect(events).toMatchObject([{ key: 'lot_1', multiplier: '100' }, { key: 'lot_2', multiplier: '100' }, { key: 'r1', kind: 'end' }])
  })

  test('the lots the user says a transfer brought have keys of their own; the rest, or the first where none is left, has that of the row', () => {
    const lot = (quantity: string, price: string) => ({ id: 'l', day: LocalDate.of('2025-01-02'), quantity: dec(quantity), price: dec(price), note: '', at: 0 })
    const told = (...lots: ReturnType<typeof lot>[]) =>
      lotEvents([lotRow({ id: 1, kind: 'transfer', quantity: '10' })], { overrides: new Map([['r1', { lots }]]) }).events.map(({ key, day, quantity, price }) => [key, day, quantity, price])
    expect(told(lot('4', '5'), lot('3', '6'))).toEqual([['r1~2', '2025-01-02', '4', '5'], ['r1~3', '2025-01-02', '3', '6'], ['r1', '2026-03-02', '3', null]])
    expect(told(lot('4', '5'), lot('6', '6'))).toEqual([['r1', '2025-01-02', '4', '5'], ['r1~3', '2025-01-02', '6', '6']])
    expect(told(lot('4', '5'), lot('7', '6'))).toEqual([['r1', '2026-03-02', '10', null]])
    expect(told()).toEqual([['r1', '2026-03-02', '10', null]])
  })

  test('a lot no row tells of counts what its symbol says a contract is, and as one where it says nothing', () => {
    const openings = [{ id: 'lot_1', day: LocalDate.of('2026-01-02'), quantity: dec('1'), price: dec('2') }]
    const units = (symbol: string) => lotEvents([], { symbol, openings })
    expect(units(OPTION.symbol)).toMatchObject({ multiplier: '100', events: [{ multiplier: '100' }] })
    for (const symbol of ['XYZ', 'XYZ1260320C00100000']) expect(units(symbol)).toMatchObject({ multiplier: null, events: [{ multiplier: '1' }] })
  })

  test('rows that move nothing say nothing of what a contract is', () => {
    const [bought, future] = [lotRow({ id: 2, symbol: '/ESZ26', side: 'buy', quantity: '1', price: '5' }), { symbol: '/ESZ26', assetClass: 'future' } as const]
    for (const first of [lotRow({ id: 1, ...future, kind: 'fee' }), lotRow({ id: 1, ...future, quantity: '1' }), lotRow({ id: 1, ...future, side: 'buy' }), lotRow({ id: 1, ...future, kind: 'transfer', quantity: '0' })])
      expect(lotEvents([first, bought]).multiplier).toBe('1')
    expect(lotEvents([lotRow({ id: 1, ...future, kind: 'transfer', quantity: '1' }), bought]).multiplier).toBe('50')
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

  const bought = lotRow({ id: 1, side: 'buy', quantity: '100', price: '25', amount: '-2506', fees: '6', day: '2026-03-01' })
  const action = (id: number, more: Partial<Parameters<typeof lotRow>[0]>): ReturnType<typeof lotRow> => lotRow({ kind: 'corporate-action', ...more, id })

  test('shares taken for cash are a sale, in one row or in two', () => {
    const one = lotEvents([bought, action(2, { quantity: '-100', amount: '1000' })])
    const two = lotEvents([bought, action(2, { quantity: '-100' }), action(3, { amount: '1000' })])
    for (const { events } of [one, two]) expect(matchLots(events, 'fifo')).toMatchObject({ lots: [], gaps: [], realizations: [{ closeKey: 'r2', proceeds: dec('1000'), pnl: dec('-1506') }] })
  })

  test('what is delisted worthless is a loss of all of it', () => {
    const { events } = lotEvents([bought, action(2, { quantity: '-100', brokerType: 'DW', amount: '0' })])
    expect(matchLots(events, 'fifo').realizations).toMatchObject([{ proceeds: dec('0'), pnl: dec('-2506') }])
  })

  test('a stock dividend adds shares and no cost; a spin-off comes at a cost nobody knows', () => {
    expect(matchLots(lotEvents([bought, action(2, { quantity: '5', brokerType: 'Stock Div Dist' })]).events, 'fifo').lots).toMatchObject([{ quantity: dec('105'), principal: dec('2500') }])
    expect(matchLots(lotEvents([action(2, { quantity: '5', brokerType: 'SO' })]).events, 'fifo').lots).toMatchObject([{ quantity: dec('5'), unit: null, principal: null }])
  })

  test('shares a dividend bought cost the dividend', () => {
    const { events } = lotEvents([lotRow({ id: 2, kind: 'dividend', brokerType: 'Receive Deliver / Dividend', quantity: '0.5', amount: '-12.34' })])
    expect(matchLots(events, 'fifo').lots).toMatchObject([{ quantity: dec('0.5'), principal: dec('12.34') }])
  })

  test('a coin taken as a fee leaves without proceeds', () => {
    const rows = [
      lotRow({ id: 1, symbol: 'BTC/USD', assetClass: 'crypto', side: 'buy', quantity: '1', price: '50000', amount: '-50000' }),
      lotRow({ id: 2, symbol: 'BTC/USD', assetClass: 'crypto', kind: 'fee', quantity: '-0.0025', amount: '0', day: '2026-03-03' }),
    ]
    expect(matchLots(lotEvents(rows).events, 'fifo')).toMatchObject({ lots: [{ quantity: dec('0.9975') }], realizations: [{ quantity: dec('0.0025'), pnl: dec('-125') }] })
  })

  test('an option that ends by assignment closes at 0, and the shares behind it come at the strike', () => {
    const rows = [
      lotRow({ id: 1, ...OPTION, side: 'sell', positionEffect: 'open', quantity: '1', price: '2', amount: '199', fees: '1' }),
      lotRow({ id: 2, ...OPTION, kind: 'option-event', quantity: '1', day: '2026-03-20' }),
    ]
    expect(matchLots(lotEvents(rows).events, 'fifo')).toMatchObject({ lots: [], gaps: [], realizations: [{ closeKey: 'r2', pnl: dec('199') }] })
    const shares = lotRow({ id: 3, kind: 'option-event', quantity: '-100', price: '100', amount: '10000', description: 'Assignment' })
    expect(lotEvents([shares]).events).toMatchObject([{ kind: 'fill', quantity: dec('-100'), price: dec('100'), costs: dec('0'), effect: 'open' }])
  })

  test('an option that ended is closed whichever sign its broker gives the row, and no more of it than the row says', () => {
    const held = lotRow({ id: 1, ...OPTION, side: 'buy', positionEffect: 'open', quantity: '3', price: '2', amount: '-600' })
    for (const quantity of ['2', '-2']) {
      const { events } = lotEvents([held, lotRow({ id: 2, ...OPTION, kind: 'option-event', quantity, day: '2026-03-20' })])
      expect(matchLots(events, 'fifo')).toMatchObject({ lots: [{ quantity: dec('1') }], gaps: [], realizations: [{ quantity: dec('2'), pnl: dec('-400') }] })
    }
    expect(matchLots(lotEvents([lotRow({ id: 2, ...OPTION, kind: 'option-event', quantity: '2' })]).events, 'fifo').gaps).toMatchObject([{ quantity: dec('2') }])
  })

  test('fees the user says cost what they differ from the broker\'s, on the cash the broker stated', () => {
    const rows = [lotRow({ id: 1, side: 'buy', quantity: '10', price: '10', amount: '-100.01', fees: '0' })]
    expect(lotEvents(rows, { overrides: new Map([['r1', { fees: dec('1.5') }]]) }).events).toMatchObject([{ price: dec('10'), costs: dec('1.51') }])
    expect(lotEvents(rows, { overrides: new Map([['r1', { quantity: dec('9') }]]) }).events).toMatchObject([{ quantity: dec('9'), costs: dec('0') }])
  })

  test('a trade that costs as much beside its price as was paid has that price', () => {
    expect(lotEvents([lotRow({ id: 1, side: 'buy', quantity: '1', price: '200', amount: '-100' })]).events).toMatchObject([{ price: dec('200'), costs: dec('-100') }])
  })

  test('a lot from before the history comes before what happened as its day began', () => {
    const openings = [{ id: 'lot_1', day: LocalDate.of('2026-03-02'), quantity: dec('5'), price: dec('10') }]
    const { events } = lotEvents([lotRow({ id: 2, side: 'sell', quantity: '1', price: '20', amount: '20', at: '2026-03-02T05:00:00Z' })], { openings })
    expect(events.map(({ key }) => key)).toEqual(['lot_1', 'r2'])
  })

  test('what one is, is said by the first lot from before the history that says it', () => {
    const opening = { id: 'lot_1', day: LocalDate.of('2026-01-02'), quantity: dec('10000'), price: dec('98'), assetClass: 'bond' as const }
    const sale = lotRow({ id: 1, symbol: '912796ZX9', assetClass: 'bond', kind: 'transfer', quantity: '-10000' })
    const { events } = lotEvents([sale], { symbol: '912796ZX9', openings: [opening, { ...opening, id: 'lot_2', multiplier: dec('0.01') }] })
    expect(events).toMatchObject([{ key: 'lot_1' }, { key: 'lot_2', multiplier: dec('0.01') }, { key: 'r1', multiplier: dec('0.01') }])
  })

  test('what came or went on one side is no trade, whatever side its row names', () => {
    expect(lotEvents([lotRow({ id: 1, kind: 'transfer', side: 'buy', quantity: '5', price: '10' })]).events).toMatchObject([{ kind: 'receive', price: null }])
    expect(lotEvents([lotRow({ id: 1, kind: 'transfer', side: 'sell', quantity: '-5', price: '10' })]).events).toMatchObject([{ kind: 'deliver' }])
  })
})

describe('the price the user says', () => {
  const events = (row: Parameters<typeof lotRow>[0], key = 'r1') => lotEvents([lotRow(row)], { overrides: new Map([[key, { price: dec('50') }]]) }).events
  const TAKEN = { id: 1, kind: 'corporate-action', quantity: '-100' } as const

  test('is what shares were sold for that an action took, and opens where an option took them', () => {
    expect(events(TAKEN)).toMatchObject([{ kind: 'fill', price: dec('50'), effect: 'close' }])
    expect(events({ ...TAKEN, description: 'CALL ASN XYZ' })).toMatchObject([{ kind: 'fill', price: dec('50'), effect: 'open' }])
  })

  test('sells nothing that went elsewhere, nothing of another row and nothing of which nobody knows what one is', () => {
    expect(events({ ...TAKEN, kind: 'transfer' })).toMatchObject([{ kind: 'deliver', price: null }])
    expect(events(TAKEN, 'r2')).toMatchObject([{ kind: 'deliver', price: null }])
    expect(events({ ...TAKEN, symbol: 'ODD', assetClass: 'other' })).toMatchObject([{ kind: 'deliver', price: null }])
  })
})

test('Rows with what the user says are without those he takes out, and fees are told of trades alone', () => {
  const rows = [lotRow({ id: 1, side: 'buy', quantity: '1', price: '10', amount: '-10' }), lotRow({ id: 2, side: 'buy', quantity: '2' }), lotRow({ id: 3, kind: 'transfer', quantity: '5', amount: '100' })]
  const fees = { fees: dec('2') }
  const told = toldRows(rows, new Map<string, RowOverride>([['r1', fees], ['r2', { ignored: true }], ['r3', fees]]))
  expect(told.map(({ externalId, amount }) => [externalId, amount])).toEqual([['r1', '-12'], ['r3', '100']])
})
