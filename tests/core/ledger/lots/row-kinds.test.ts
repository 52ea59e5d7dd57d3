import { describe, expect, test } from 'vitest'
import { matchLots } from '../../../../electron/core/ledger/lots/engine.ts'
import type { LotEvent } from '../../../../electron/core/ledger/lots/lot-event.ts'
import { canFollow, dealOf, lotEvents, type LotKnowledge, type LotRow, mayMove, type RowOverride } from '../../../../electron/core/ledger/lots/lot-rows.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import { lotRow } from './support/row.ts'

const dec = Dec.of
const DAY = LocalDate.of('2026-03-02')
const OPTION = { symbol: 'XYZ260320C00100000', assetClass: 'option' } as const
const events = (told: Partial<Parameters<typeof lotRow>[0]>, known: LotKnowledge = {}): readonly LotEvent[] => lotEvents([lotRow({ id: 1, ...told })], known).events
const bought = lotRow({ id: 1, side: 'buy', quantity: '100', price: '25', amount: '-2506', fees: '6', day: '2026-03-01' })
const action = (id: number, more: Partial<Parameters<typeof lotRow>[0]>): LotRow => lotRow({ kind: 'corporate-action', ...more, id })
const says = (override: RowOverride): LotKnowledge => ({ overrides: new Map([['r1', override]]) })

describe('a trade', () => {
  test('costs its fees alone where its cash is not told', () => {
    expect(events({ side: 'buy', quantity: '10', price: '20', fees: '1.5' })).toEqual([
      { key: 'r1', kind: 'fill', day: DAY, quantity: dec('10'), price: dec('20'), multiplier: dec('1'), costs: dec('1.5'), effect: null },
    ])
  })

  test('is a sale whichever sign its broker gives the quantity', () => {
    for (const quantity of ['10', '-10']) expect(events({ side: 'sell', quantity, price: '20', amount: '199.5' })).toMatchObject([{ quantity: dec('-10'), costs: dec('0.5') }])
  })

  test('that says neither side nor quantity moves nothing', () => {
    expect(events({ quantity: '10', price: '20' })).toEqual([])
    expect(events({ side: 'buy', price: '20' })).toEqual([])
    expect(events({ side: 'buy', quantity: '0', price: '20' })).toEqual([])
  })

  test('closes the lots the user picked, whether its price is known or not', () => {
    const picks = new Map([['r1', [{ lot: 'b', quantity: dec('3') }]]])
    expect(events({ side: 'sell', quantity: '3', price: '20' }, { picks })).toMatchObject([{ picks: [{ lot: 'b', quantity: '3' }] }])
    expect(events({ side: 'sell', quantity: '3' }, { picks })).toMatchObject([{ price: null, picks: [{ lot: 'b', quantity: '3' }] }])
    expect(events({ side: 'sell', quantity: '3' })[0]).not.toHaveProperty('picks')
    expect(events({ side: 'sell', quantity: '3', price: '20' })[0]).not.toHaveProperty('picks')
  })

  test('without a price came to what was paid before its fees', () => {
    expect(events({ side: 'buy', quantity: '3', amount: '-61', fees: '1' })).toMatchObject([{ price: null, value: dec('60'), costs: dec('1'), effect: null }])
    expect(events({ side: 'sell', quantity: '3', amount: '59', fees: '1' })).toMatchObject([{ price: null, value: dec('60'), costs: dec('1') }])
    expect(events({ side: 'buy', quantity: '3', fees: '1' })[0]).toMatchObject({ price: null, costs: dec('1') })
    expect(events({ side: 'buy', quantity: '3', fees: '1' })[0]?.value ?? null).toBeNull()
  })

  test('of a future without a price came to nothing anybody knows, whatever cash its day settled', () => {
    expect(events({ symbol: '/ESZ26', assetClass: 'future', side: 'buy', quantity: '1', amount: '250', fees: '2' })[0]).toMatchObject({ price: null, costs: dec('2') })
    expect(events({ symbol: '/ESZ26', assetClass: 'future', side: 'buy', quantity: '1', amount: '250', fees: '2' })[0]?.value ?? null).toBeNull()
  })

  test.each([
    ['option', { assetClass: 'option' }], ['future', { assetClass: 'future' }], ['future-option', { assetClass: 'future-option' }], ['currency', { assetClass: 'forex' }],
    ['share an option took, by its type', { brokerType: 'OPTRD' }], ['share an option took, by assignment', { description: 'Sold 100 XYZ, ASSIGNED' }], ['share an option took, by exercise', { description: 'Exercise of put' }],
  ] as const)('may sell short where nobody says so: %s', (_name, more) => {
    expect(events({ side: 'sell', quantity: '1', price: '2', ...more })).toMatchObject([{ effect: 'open' }])
    expect(events({ side: 'sell', quantity: '1', price: '2', ...more, positionEffect: 'close' })).toMatchObject([{ effect: 'close' }])
  })

  test.each([{}, { assetClass: null }, { assetClass: 'crypto' }, { description: 'Reassigned desk' }] as const)('may not sell short elsewhere: %j', more => {
    expect(events({ side: 'sell', quantity: '1', price: '2', ...more })).toMatchObject([{ effect: null }])
  })

  test('counts what the user says a contract counts, in his row alone', () => {
    const rows = [lotRow({ id: 1, ...OPTION, side: 'buy', quantity: '1', price: '2' }), lotRow({ id: 2, ...OPTION, side: 'buy', quantity: '1', price: '2' })]
    expect(lotEvents(rows, says({ multiplier: dec('10') }))).toMatchObject({ multiplier: dec('100'), events: [{ multiplier: dec('10') }, { multiplier: dec('100') }] })
  })

  test('goes on with the multiplier its book had', () => {
    expect(lotEvents([lotRow({ id: 1, ...OPTION, side: 'buy', quantity: '1', price: '2' })], { multiplier: dec('150') })).toMatchObject({ multiplier: dec('150'), events: [{ multiplier: dec('150') }] })
  })

  test('reads the multiplier from the first row that shows one', () => {
    const odd = { symbol: 'XYZ1260320C00100000', assetClass: 'option', side: 'buy', quantity: '1', price: '1' } as const
    expect(lotEvents([lotRow({ id: 1, ...odd }), lotRow({ id: 2, ...odd, amount: '-150' }), lotRow({ id: 3, ...odd, amount: '-100' })]).multiplier).toBe(dec('150'))
  })
})

describe('what the user says of a row', () => {
  const row = { side: 'buy', quantity: '10', price: '10', amount: '-101', fees: '1' } as const

  test('his price puts the broker\'s cash aside, and so does his quantity', () => {
    expect(events(row, says({ price: dec('9') }))).toMatchObject([{ quantity: dec('10'), price: dec('9'), costs: dec('1') }])
    expect(events(row, says({ quantity: dec('8') }))).toMatchObject([{ quantity: dec('8'), price: dec('10'), costs: dec('1') }])
  })

  test('his fees change the cash by what they differ, where there is any', () => {
    expect(events(row, says({ fees: dec('3') }))).toMatchObject([{ costs: dec('3') }])
    expect(events({ ...row, amount: '-101.5' }, says({ fees: dec('3') }))).toMatchObject([{ costs: dec('3.5') }])
    expect(lotEvents([lotRow({ id: 1, side: 'buy', quantity: '10', price: '10', fees: '1' })], says({ fees: dec('3') })).events).toMatchObject([{ costs: dec('3') }])
  })

  test('leaves the cash of what is no trade alone, but for other fees', () => {
    const settled = { ...OPTION, kind: 'option-event', amount: '500', quantity: '1' } as const
    expect(events(settled, says({ quantity: dec('2'), fees: dec('1') }))).toMatchObject([{ quantity: dec('2'), value: dec('500'), costs: dec('1') }])
  })

  test('says of a corporate action what it was paid, in place of its cash, and how many without a sign of his own', () => {
    const paid = { kind: 'corporate-action', quantity: '10', amount: '-50' } as const
    expect(events(paid, says({ price: dec('7') }))).toMatchObject([{ kind: 'receive', price: dec('7') }])
    expect(events({ ...paid, quantity: '-10', amount: '50' }, says({ price: dec('7') }))).toMatchObject([{ kind: 'fill', quantity: dec('-10'), price: dec('7'), effect: 'close' }])
    expect(events({ ...paid, quantity: '-10', amount: '50' }, says({ quantity: dec('4') }))).toMatchObject([{ kind: 'fill', quantity: dec('-4'), value: dec('50') }])
    expect(events({ kind: 'transfer', quantity: '-10' }, says({ quantity: dec('4') }))).toMatchObject([{ kind: 'deliver', quantity: dec('-4') }])
  })

  test('not ignored is as if he had said nothing', () => {
    expect(events(row, says({ ignored: false }))).toMatchObject([{ price: dec('10'), costs: dec('1') }])
    expect(events(row, says({ ignored: true }))).toEqual([])
  })
})

test.each(['CALL ASN UNSOLICITED TRADE', 'Assigned'])('shares a written call took are sold short where none are held: %s', description => {
  expect(events({ side: 'sell', quantity: '100', price: '19', amount: '1900', description })).toMatchObject([{ effect: 'open' }])
  expect(events({ side: 'sell', quantity: '100', price: '19', amount: '1900', description: 'CASNER CORP' })).toMatchObject([{ effect: null }])
})

describe('an option that ends', () => {
  test('settles for its cash, whatever price the user says', () => {
    expect(events({ ...OPTION, kind: 'option-event', quantity: '-1', amount: '300' }, says({ price: dec('2') }))).toMatchObject([{ kind: 'end', value: '300' }])
  })

  test('in cash makes that cash, less nothing else', () => {
    expect(events({ ...OPTION, kind: 'option-event', quantity: '-1', amount: '512.35', fees: '0.65' })).toMatchObject([{ kind: 'end', price: null, value: dec('513'), costs: dec('0.65'), effect: 'close', quantity: dec('-1') }])
  })

  test('without cash costs its fees', () => {
    for (const told of [{ fees: '0.65' }, { fees: '0.65', amount: '-0.65' }])
      expect(events({ ...OPTION, kind: 'option-event', ...told })).toMatchObject([{ kind: 'end', price: '0', costs: dec('0.65'), quantity: '0' }])
  })

  test('is an option on a future too, and what nobody classed', () => {
    for (const assetClass of ['future-option', null] as const) expect(events({ symbol: 'ODD', assetClass, kind: 'option-event', quantity: '1' })).toMatchObject([{ kind: 'end' }])
  })

  test('ends no shares, whatever it does not say of them', () => {
    expect(events({ kind: 'option-event', amount: '500' })).toEqual([])
    expect(events({ kind: 'option-event', quantity: '0', price: '50' })).toEqual([])
  })

  test('brings shares at the strike, bought or sold', () => {
    expect(events({ kind: 'option-event', quantity: '100', price: '50', amount: '-5001' })).toMatchObject([{ kind: 'fill', quantity: dec('100'), price: dec('50'), costs: dec('1'), effect: 'open' }])
    expect(events({ kind: 'option-event', quantity: '-100', price: '50', amount: '4999' })).toMatchObject([{ kind: 'fill', quantity: dec('-100'), costs: dec('1'), effect: 'open' }])
  })
})

describe('rows that move without a trade', () => {
  test('shares of a dividend that are taken back go for the cash that came back, whatever price the user says', () => {
    const row = { kind: 'dividend', brokerType: 'Receive Deliver / Dividend', quantity: '-0.5', amount: '12.34' } as const
    expect([events(row), events(row, says({ price: dec('30') }))]).toMatchObject([[{ kind: 'fill', value: '12.34' }], [{ kind: 'fill', value: '12.34' }]])
  })

  test.each(['transfer', 'journal', 'corporate-action'] as const)('a %s brings in at a cost nobody knows, and takes away without a sale', kind => {
    expect(events({ kind, quantity: '5' })).toMatchObject([{ kind: 'receive', quantity: dec('5'), price: null, costs: '0' }])
    expect(events({ kind, quantity: '-5' })).toMatchObject([{ kind: 'deliver', quantity: dec('-5') }])
    expect(events({ kind })).toEqual([])
    expect(events({ kind, quantity: '0' })).toEqual([])
  })

  test.each(['dividend', 'interest', 'tax', 'other'] as const)('%s moves nothing, whatever quantity it names', kind => {
    expect(events({ kind, quantity: '100', amount: '24' })).toEqual([])
    expect(mayMove(lotRow({ id: 1, kind, quantity: '100' }))).toBe(false)
  })

  test('a split of nothing is none', () => {
    expect(events({ kind: 'split' })).toEqual([])
  })

  test('money that comes in cost itself', () => {
    expect(events({ kind: 'transfer', symbol: 'EUR', assetClass: 'cash', quantity: '500' })).toMatchObject([{ kind: 'receive', price: '1' }])
  })

  test('a contract that comes in costs what the user says by what it counts, and nothing by what he says of other rows', () => {
    const came = { ...OPTION, kind: 'transfer', quantity: '2' } as const
    expect(matchLots(events(came, says({ price: dec('1.5') })), 'fifo').lots).toMatchObject([{ quantity: '2', unit: dec('150') }])
    expect(events(came, { overrides: new Map([['r2', { price: dec('1.5') }]]) })).toMatchObject([{ kind: 'receive', price: null }])
    const openings = [{ id: 'o1', day: DAY, quantity: dec('2'), price: dec('1.5') }]
    expect(matchLots(events({ ...OPTION, side: 'buy', quantity: '1', price: '3' }, { openings }), 'fifo').lots).toMatchObject([{ key: 'o1', unit: dec('150') }, { key: 'r1', unit: dec('300') }])
  })

  test('a transfer is no sale, whatever cash stands beside it', () => {
    expect(events({ kind: 'transfer', quantity: '-5', amount: '100' })).toMatchObject([{ kind: 'deliver' }])
    expect(events({ kind: 'transfer', quantity: '-5', description: 'worthless' })).toMatchObject([{ kind: 'deliver' }])
    expect(events({ kind: 'transfer', quantity: '5', brokerType: 'Stock Dividend' })).toMatchObject([{ kind: 'receive' }])
  })

  test('a coin taken as a fee is gone for nothing, since what its row says beside it is a fee of its day; one given back comes in for nothing', () => {
    const coin = { kind: 'fee', symbol: 'BTC/USD', assetClass: 'crypto' } as const
    expect(events({ ...coin, quantity: '-0.5', amount: '-1.25' })).toMatchObject([{ kind: 'fill', price: '0', costs: dec('0'), effect: 'close' }])
    expect(events({ ...coin, quantity: '-0.5' })).toMatchObject([{ costs: '0' }])
    expect(events({ ...coin, amount: '-1.25' })).toEqual([])
    expect(lotEvents([lotRow({ id: 1, ...coin, quantity: '-0.5' }), lotRow({ id: 2, ...coin, amount: '-3' })]).events).toMatchObject([{ key: 'r1', costs: '0' }])
    expect(matchLots(events({ ...coin, quantity: '0.5' }), 'fifo')).toMatchObject({ lots: [{ quantity: dec('0.5'), unit: '0' }], gaps: [] })
  })
})

describe('a corporate action', () => {
  test('for cash sells what went, and buys what came', () => {
    expect(events({ kind: 'corporate-action', quantity: '-5', amount: '100' })).toMatchObject([{ kind: 'fill', quantity: dec('-5'), price: null, value: dec('100'), effect: 'close' }])
    expect(events({ kind: 'corporate-action', quantity: '5', amount: '-100' })).toMatchObject([{ kind: 'fill', quantity: dec('5'), value: dec('100'), effect: 'open' }])
    expect(events({ ...OPTION, kind: 'corporate-action', quantity: '-5', amount: '100' })).toMatchObject([{ effect: 'open' }])
  })

  test('with cash that goes the same way sells and buys nothing', () => {
    expect(events({ kind: 'corporate-action', quantity: '-5', amount: '-3' })).toMatchObject([{ kind: 'deliver' }])
    expect(events({ kind: 'corporate-action', quantity: '5', amount: '3' })).toMatchObject([{ kind: 'receive', price: null }])
  })

  test.each([{ brokerType: 'SD' }, { description: 'XYZ Stock Dividend 5%' }] as const)('adds shares by a stock dividend: %j', more => {
    expect(lotEvents([bought, action(2, { quantity: '5', ...more })]).events).toMatchObject([{}, { kind: 'split', quantity: dec('5') }])
    expect(events({ kind: 'corporate-action', quantity: '-5', ...more })).toMatchObject([{ kind: 'deliver' }])
  })

  test.each([{ brokerType: 'DW' }, { description: 'Removed as Worthless' }] as const)('takes what is worthless for nothing: %j', more => {
    expect(events({ kind: 'corporate-action', quantity: '-5', ...more })).toMatchObject([{ kind: 'fill', price: '0', effect: 'close' }])
    expect(events({ kind: 'corporate-action', quantity: '5', ...more })).toMatchObject([{ kind: 'receive' }])
  })

  test.each(['DWX', 'XDW', 'SDX', 'TSD'])('takes no other code for one of these: %s', brokerType => {
    expect(events({ kind: 'corporate-action', brokerType, quantity: '-5' })).toMatchObject([{ kind: 'deliver' }])
    expect(events({ kind: 'corporate-action', brokerType, quantity: '5' })).toMatchObject([{ kind: 'receive' }])
  })

  test('in two rows is a sale only of shares that went, on the same day, without cash of their own', () => {
    const cash = action(3, { amount: '1000' })
    const sold = (...rows: LotRow[]): (string | undefined)[] => lotEvents([bought, ...rows]).events.slice(1).map(({ kind }) => kind)
    expect(sold(action(2, { quantity: '-100' }), cash)).toEqual(['fill'])
    expect(sold(action(2, { quantity: '-100', amount: '0' }), cash)).toEqual(['fill'])
    expect(lotEvents([bought, action(2, { quantity: '-100', amount: '5' }), cash]).events).toMatchObject([{ key: 'r1' }, { kind: 'fill', value: dec('5') }])
    expect(sold(action(2, { quantity: '100' }), cash)).toEqual(['receive'])
    expect(sold(action(2, { quantity: '100' }), action(3, { amount: '-1000' }))).toEqual(['receive'])
    expect(sold(action(2, { quantity: '-100', day: '2026-03-03' }), cash)).toEqual(['deliver'])
    expect(sold(action(2, { quantity: '-60' }), action(4, { quantity: '-40' }), cash)).toEqual(['deliver', 'deliver'])
    expect(sold(action(2, { quantity: '-100' }), action(3, { kind: 'dividend', amount: '1000' }))).toEqual(['deliver'])
    expect(sold(action(2, { quantity: '-100' }), action(3, { amount: '0' }))).toEqual(['deliver'])
  })

  test('in two rows of cash is a sale for both', () => {
    const { events: found } = lotEvents([bought, action(2, { quantity: '-100' }), action(3, { amount: '1000' }), action(4, { amount: '24.5' })])
    expect(found).toMatchObject([{ key: 'r1' }, { key: 'r2', kind: 'fill', value: dec('1024.5') }])
  })

  test('that takes an instrument into another one is no sale for the cash beside it', () => {
    const rows = [bought, action(2, { quantity: '-100' }), action(3, { amount: '12.5' })]
    expect(lotEvents(rows, { exchanged: new Set(['r2']) }).events).toMatchObject([{ key: 'r1' }, { key: 'r2', kind: 'exchange', quantity: dec('-100') }])
  })

  test('told as a split with its value in each row is a sale or a purchase for that value', () => {
    const rows = [bought, lotRow({ id: 2, kind: 'split', quantity: '-100', amount: '2600' })]
    expect(lotEvents(rows).events).toMatchObject([{ key: 'r1' }, { kind: 'fill', value: dec('2600'), effect: 'close' }])
    const both = [bought, lotRow({ id: 2, kind: 'split', quantity: '-100', amount: '2600' }), lotRow({ id: 3, kind: 'split', quantity: '200', amount: '-2600' })]
    expect(lotEvents(both).events).toMatchObject([{ key: 'r1' }, { kind: 'split', quantity: dec('100') }])
  })
})

describe('what came from another instrument', () => {
  const split = { kind: 'split', symbol: 'OLD', quantity: '-100' } as const

  test('a name that was only ever split away was never held, unless the user says that it was', () => {
    expect(events(split, { exchanged: new Set(['r1']) })).toEqual([])
    expect(events(split)).toMatchObject([{ kind: 'split' }])
    const openings = [{ id: 'o1', day: DAY, quantity: dec('100'), price: dec('3') }]
    expect(events(split, { exchanged: new Set(['r1']), openings })).toMatchObject([{ key: 'o1', kind: 'receive', price: dec('3'), costs: '0', effect: 'open' }, { kind: 'exchange' }])
    expect(lotEvents([bought, lotRow({ id: 2, ...split })], { exchanged: new Set(['r2']) }).events).toMatchObject([{ kind: 'fill' }, { kind: 'exchange' }])
  })

  test('what came beyond what went is of a cost nobody knows', () => {
    const arrivals = new Map([['r1', [{ day: LocalDate.of('2025-01-02'), quantity: dec('4'), cost: dec('40') }]]])
    expect(events({ kind: 'corporate-action', quantity: '10' }, { arrivals })).toMatchObject([
      { key: 'r1', kind: 'receive', day: '2025-01-02', quantity: dec('4'), value: dec('40') }, { key: 'r1~2', kind: 'receive', day: DAY, quantity: dec('6'), value: null },
    ])
    expect(events({ kind: 'split', quantity: '4' }, { arrivals })).toMatchObject([{ key: 'r1', kind: 'receive' }])
    expect(events({ kind: 'split', quantity: '4' }, { arrivals })).toHaveLength(1)
  })
})

describe('the order of a book', () => {
  test('has lots from before the history first, also where a row is of the very moment their day begins', () => {
    const openings = [{ id: 'o', day: DAY, quantity: dec('5'), price: dec('2') }]
    const rows = [lotRow({ id: 2, side: 'buy', quantity: '1', price: '4', at: '2026-03-02T05:00:01.000Z' }), lotRow({ id: 1, side: 'sell', quantity: '5', price: '3', at: '2026-03-02T05:00:00.000Z' })]
    for (const told of [rows, rows.toReversed()]) expect(lotEvents(told, { openings }).events.map(({ key }) => key)).toEqual(['o', 'r1', 'r2'])
  })

  test('a lot from before the history stands before a fill of the very same moment', () => {
    const row = lotRow({ id: 1, side: 'buy', quantity: '1', price: '2', at: '2026-03-02T05:00:00.000Z' })
    const { events: found, places } = lotEvents([row], { openings: [{ id: 'o1', day: DAY, quantity: dec('1'), price: null }] })
    expect(found.map(({ key }) => key)).toEqual(['o1', 'r1'])
    expect(places).toMatchObject([{ at: row.sortAt, row: null }, { at: row.sortAt, row }])
  })

  test('rows of one moment go by their number, whichever came first', () => {
    const at = '2026-03-02T15:00:00.000Z'
    const rows = [3, 1, 2].map(id => lotRow({ id, side: 'buy', quantity: '1', price: '2', at }))
    expect(lotEvents(rows).events.map(({ key }) => key)).toEqual(['r1', 'r2', 'r3'])
  })

  test('splits of one instrument on two days are two', () => {
    const rows = [bought, lotRow({ id: 2, kind: 'split', quantity: '100', day: '2026-03-03' }), lotRow({ id: 3, kind: 'split', quantity: '200', day: '2026-03-04' })]
    expect(lotEvents(rows).events.slice(1)).toMatchObject([{ key: 'r2', quantity: dec('100') }, { key: 'r3', quantity: dec('200') }])
  })

  test('a split told in two rows is one behind several fills, and what is traded on its day stays a trade', () => {
    const fills = [1, 2, 3].map(id => lotRow({ id, side: 'buy', quantity: '10', price: '9', day: '2026-03-01' }))
    const out = lotRow({ id: 4, kind: 'split', quantity: '-30' })
    const into = lotRow({ id: 5, kind: 'split', quantity: '60' })
    const sale = lotRow({ id: 6, side: 'sell', quantity: '60', price: '5', amount: '300' })
    const { events: found } = lotEvents([...fills, out, into, sale])
    expect(found.slice(3)).toMatchObject([{ key: 'r4', kind: 'split', quantity: dec('30') }, { key: 'r6', kind: 'fill', quantity: dec('-60') }])
    expect(matchLots(found, 'fifo')).toMatchObject({ lots: [], gaps: [], realizations: [{ pnl: dec('10') }, { pnl: dec('10') }, { pnl: dec('10') }] })
    expect(lotEvents([out, into]).events).toMatchObject([{ key: 'r4', kind: 'split', quantity: dec('30') }])
  })

  test('an option that was split ends without a quantity', () => {
    const rows = [lotRow({ id: 1, ...OPTION, side: 'buy', quantity: '1', price: '2', day: '2026-03-01' }), lotRow({ id: 2, ...OPTION, kind: 'split', quantity: '1' }), lotRow({ id: 3, ...OPTION, kind: 'option-event', day: '2026-03-20' })]
    expect(matchLots(lotEvents(rows).events, 'fifo')).toMatchObject({ lots: [], realizations: [{ closeKey: 'r3', quantity: '2', pnl: dec('-200') }] })
  })

  test('a split that takes out what it brings in is none', () => {
    expect(lotEvents([bought, lotRow({ id: 2, kind: 'split', quantity: '-100' }), lotRow({ id: 3, kind: 'split', quantity: '100' })]).events).toMatchObject([{ key: 'r1' }])
  })
})

describe('a short sale nobody said', () => {
  const sale = (id: number, day: string): LotRow => lotRow({ id, side: 'sell', quantity: '10', price: '12', day })
  const purchase = (id: number, day: string, positionEffect: 'open' | 'close' | null): LotRow => lotRow({ id, side: 'buy', quantity: '10', price: '10', day, positionEffect })
  const effects = (...rows: LotRow[]): (string | null)[] => lotEvents(rows).events.map(({ effect }) => effect)

  test('is found by the purchase that closes it, not by one that says nothing or opens', () => {
    expect(effects(sale(1, '2026-03-01'), purchase(2, '2026-03-02', 'close'))).toEqual(['open', 'close'])
    expect(effects(sale(1, '2026-03-01'), purchase(2, '2026-03-02', null))).toEqual([null, null])
    expect(effects(sale(1, '2026-03-01'), purchase(2, '2026-03-02', 'open'), sale(3, '2026-03-03'), purchase(4, '2026-03-04', 'close'))).toEqual([null, 'open', 'open', 'close'])
  })

  test('is none behind the purchase', () => {
    expect(effects(purchase(1, '2026-03-01', 'close'), sale(2, '2026-03-02'))).toEqual(['close', null])
  })

  test('stays what its broker says it is, and what is no fill stays what it is', () => {
    const closing = lotRow({ id: 1, side: 'sell', quantity: '10', price: '12', day: '2026-03-01', positionEffect: 'close' })
    expect(effects(closing, lotRow({ id: 2, kind: 'transfer', quantity: '-10' }), purchase(3, '2026-03-03', 'close'))).toEqual(['close', null, 'close'])
  })
})

describe('what a row by itself bought or sold', () => {
  test('is a trade, signed, and the shares of an option or a dividend', () => {
    expect(dealOf(lotRow({ id: 1, side: 'sell', quantity: '5', price: '2' }))).toMatchObject({ quantity: dec('-5'), effect: null })
    expect(dealOf(lotRow({ id: 1, kind: 'option-event', quantity: '100', price: '50' }))).toMatchObject({ quantity: dec('100'), effect: 'open' })
    expect(dealOf(lotRow({ id: 1, kind: 'dividend', brokerType: 'Receive Deliver', quantity: '2', amount: '-9' }))).toMatchObject({ quantity: dec('2') })
  })

  test('is nothing of what came without a price, of a canceled row and of one the user took out', () => {
    const row = lotRow({ id: 1, side: 'buy', quantity: '5', price: '2' })
    expect(dealOf(lotRow({ id: 1, kind: 'transfer', quantity: '5' }))).toBeNull()
    expect(dealOf({ ...row, status: 'canceled' })).toBeNull()
    expect(dealOf(row, { ignored: true })).toBeNull()
    expect(dealOf({ ...row, quantity: null })).toBeNull()
    expect(dealOf({ ...row, amount: dec('-11') })).toMatchObject({ quantity: dec('5') })
    expect(dealOf(row, { quantity: dec('4') })).toMatchObject({ quantity: dec('4') })
  })
})

describe('a row that may be read behind the others', () => {
  test('is a final trade; every other kind or state reads the book again', () => {
    expect(canFollow({ kind: 'trade', status: 'final' })).toBe(true)
    expect(canFollow({ kind: 'trade', status: 'corrected' })).toBe(false)
    expect(canFollow({ kind: 'split', status: 'final' })).toBe(false)
  })

  test('may move a holding unless it is money alone', () => {
    for (const kind of ['trade', 'option-event', 'split', 'transfer', 'journal', 'corporate-action', 'fee'] as const) expect(mayMove({ kind, brokerType: 'X', quantity: null })).toBe(true)
    expect(mayMove({ kind: 'dividend', brokerType: 'Receive Deliver / Dividend', quantity: dec('1') })).toBe(true)
    expect(mayMove({ kind: 'dividend', brokerType: 'Receive Deliver / Dividend', quantity: null })).toBe(false)
  })
})
