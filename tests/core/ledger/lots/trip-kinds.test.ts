import { describe, expect, test } from 'vitest'
import { matchLots } from '../../../../electron/core/ledger/lots/engine.ts'
import { lotEvents, type LotKnowledge, type LotRow } from '../../../../electron/core/ledger/lots/lot-rows.ts'
import { type Trips, tripsOf } from '../../../../electron/core/ledger/lots/trips.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { lotRow } from './support/row.ts'

const dec = Dec.of
const OPTION = { symbol: 'XYZ260320C00100000', assetClass: 'option' } as const

function tripsFrom(rows: readonly LotRow[], known: LotKnowledge = {}): Trips {
  const { events, places } = lotEvents(rows, known)
  return tripsOf(events, places, matchLots(events, 'fifo'))
}

/** The trips after the second part of a history, read on from the first. */
function inTwo(before: readonly LotRow[], after: readonly LotRow[]): Trips['trips'] {
  const one = lotEvents(before)
  const book = matchLots(one.events, 'fifo')
  const last = tripsOf(one.events, one.places, book).trips.at(-1)
  const two = lotEvents(after)
  return tripsOf(two.events, two.places, matchLots(two.events, 'fifo', book), { trip: book.trip, open: last?.closeDay === null ? last : null }).trips
}

const steps = (trips: Trips): (string | number | null)[][] => trips.steps.map(({ key, trip, quantity, position, realized }) => [key, trip, quantity, position, realized])
const buy = (id: number, quantity: string, price: string, more: Partial<Parameters<typeof lotRow>[0]> = {}): LotRow => lotRow({ side: 'buy', day: `2026-03-0${id}`, ...more, id, quantity, price })
const sell = (id: number, quantity: string, price: string, more: Partial<Parameters<typeof lotRow>[0]> = {}): LotRow => buy(id, quantity, price, { side: 'sell', ...more })

describe('a round trip', () => {
  test('of a short position sells first; its largest size is positive', () => {
    const trips = tripsFrom([sell(1, '10', '12', { positionEffect: 'open', fees: '1' }), sell(2, '5', '14', { positionEffect: 'open' }), buy(3, '15', '10', { positionEffect: 'close', fees: '2' })])
    expect(trips.trips).toEqual([{
      trip: 1, key: 'r1', isShort: true, openDay: '2026-03-01', openedAt: null, closeDay: '2026-03-03', closedAt: null, lastAt: Date.parse('2026-03-03T05:00:00Z') * 1000 + 5, fills: 3, held: '0', quantity: '15',
      bought: '15', boughtValue: '150', sold: '15', soldValue: '190', realized: '37', fees: '3',
    }])
    expect(steps(trips)).toEqual([['r1', 1, '-10', '-10', null], ['r2', 1, '-5', '-15', null], ['r3', 1, '15', '0', '37']])
  })

  test('of an option is worth a hundred shares a contract, and ends at 0', () => {
    const trips = tripsFrom([buy(1, '2', '1.5', { ...OPTION, fees: '1.3' }), lotRow({ id: 2, ...OPTION, kind: 'option-event', day: '2026-03-20' })])
    expect(trips.trips).toMatchObject([{ fills: 2, bought: '2', boughtValue: '300', sold: '2', soldValue: '0', realized: '-301.3', fees: '1.3', closeDay: '2026-03-20' }])
    expect(steps(trips)).toEqual([['r1', 1, '2', '2', null], ['r2', 1, '-2', '0', '-301.3']])
  })

  test('knows when it opened and closed where its broker says the time, and where its last event stands', () => {
    const [opened, closed] = ['2026-03-02T15:00:00.000Z', '2026-03-04T16:30:00.000Z']
    const micros = (at: string): number => Date.parse(at) * 1000
    expect(tripsFrom([buy(1, '1', '5', { at: opened }), sell(2, '1', '6', { at: closed })]).trips).toMatchObject([{ openedAt: micros(opened), closedAt: micros(closed), lastAt: micros(closed) }])
    expect(tripsFrom([buy(1, '2', '5', { at: opened }), sell(2, '1', '6', { at: closed })]).trips).toMatchObject([{ openedAt: micros(opened), closeDay: null, closedAt: null, lastAt: micros(closed), held: '1' }])
    const day = buy(3, '1', '5')
    expect(tripsFrom([day]).trips).toMatchObject([{ openedAt: null, lastAt: day.sortAt + 3 }])
  })

  test('that begins anew after it was flat has the next number', () => {
    const { trips } = tripsFrom([buy(1, '1', '5'), sell(2, '1', '6'), buy(3, '2', '7'), sell(4, '1', '6')])
    expect(trips).toMatchObject([{ trip: 1, key: 'r1', realized: '1', closeDay: '2026-03-02' }, { trip: 2, key: 'r3', realized: '-1', closeDay: null, held: '1', quantity: '2', fills: 2 }])
  })

  test('does not count more than there was to close, neither its units nor its price; what it made is known in part then, and as a whole unknown', () => {
    const trips = tripsFrom([buy(1, '6', '10'), sell(2, '10', '12', { fees: '5' })])
    expect(trips.trips).toMatchObject([{ held: '0', sold: '6', soldValue: '72', realized: null, fees: '3', closeDay: '2026-03-02' }])
    expect(steps(trips)).toEqual([['r1', 1, '6', '6', null], ['r2', 1, '-6', '0', null]])
    expect(tripsFrom([sell(1, '10', '12')])).toMatchObject({ trips: [], steps: [] })
  })

  test('without a price of one unit goes by what all of it came to, shared by quantity where it turns round', () => {
    const odd = { symbol: 'ODD', assetClass: 'other' } as const
    const row = (id: number, side: 'buy' | 'sell', quantity: string, amount: string): LotRow => lotRow({ id, ...odd, side, quantity, amount, positionEffect: 'open', day: `2026-03-0${id}` })
    const { trips } = tripsFrom([row(1, 'buy', '2', '-301'), row(2, 'sell', '3', '600')])
    expect(trips).toMatchObject([{ bought: '2', boughtValue: '301', sold: '2', soldValue: '400', realized: '99' }, { isShort: true, sold: '1', soldValue: '200', held: '-1' }])
  })

  test('with a purchase nobody knows the price of counts no units of it, so that averages are of what is known', () => {
    const { trips } = tripsFrom([buy(1, '10', '10'), lotRow({ id: 2, side: 'buy', quantity: '10', day: '2026-03-02' }), sell(3, '5', '12')])
    expect(trips).toMatchObject([{ bought: '10', boughtValue: '100', fills: 3, held: '15', realized: '10' }])
  })

  test('counts what came from elsewhere as held, and as bought once its price is known', () => {
    const rows = [lotRow({ id: 1, kind: 'transfer', quantity: '10', day: '2026-03-01' }), sell(2, '4', '12')]
    expect(tripsFrom(rows).trips).toMatchObject([{ fills: 1, bought: '0', boughtValue: '0', sold: '4', soldValue: '48', realized: null, held: '6', quantity: '10' }])
    expect(tripsFrom(rows, { overrides: new Map([['r1', { price: dec('9') }]]) }).trips).toMatchObject([{ fills: 1, bought: '10', boughtValue: '90', realized: '12' }])
  })

  test('keeps the result of what was sold before the rest went elsewhere, and counts that as no sale', () => {
    const trips = tripsFrom([buy(1, '10', '10'), sell(2, '4', '12'), lotRow({ id: 3, kind: 'transfer', quantity: '-6', day: '2026-03-03' })])
    expect(trips.trips).toMatchObject([{ fills: 2, sold: '4', soldValue: '48', realized: '8', closeDay: '2026-03-03', held: '0' }])
    expect(steps(trips)).toEqual([['r1', 1, '10', '10', null], ['r2', 1, '-4', '6', '8'], ['r3', 1, '-6', '0', null]])
  })

  test('is unknown from the first closing of unknown cost on, whatever is closed after it', () => {
    const trips = tripsFrom([lotRow({ id: 1, kind: 'transfer', quantity: '5', day: '2026-03-01' }), buy(2, '5', '10'), sell(3, '5', '12'), sell(4, '5', '13')])
    expect(trips.trips).toMatchObject([{ realized: null, sold: '10', soldValue: '125' }])
    expect(steps(trips).map(step => step[4])).toEqual([null, null, null, '15'])
  })

  test('that made nothing made 0, which is known', () => {
    expect(tripsFrom([buy(1, '5', '10'), sell(2, '5', '10')]).trips).toMatchObject([{ realized: '0' }])
  })

  test('through a split is told in today\'s units, and a split of nothing is no step', () => {
    const trips = tripsFrom([buy(1, '3', '90'), lotRow({ id: 2, kind: 'split', quantity: '3', day: '2026-03-02' }), sell(3, '6', '50')])
    expect(trips.trips).toMatchObject([{ bought: '6', boughtValue: '270', quantity: '6', sold: '6', soldValue: '300', realized: '30', fills: 2 }])
    expect(steps(trips)).toEqual([['r1', 1, '3', '3', null], ['r2', 1, '3', '6', null], ['r3', 1, '-6', '0', '30']])
    expect(tripsFrom([lotRow({ id: 1, kind: 'split', quantity: '3' })])).toMatchObject({ trips: [], steps: [] })
    expect(steps(tripsFrom([buy(1, '3', '90'), lotRow({ id: 2, kind: 'split', quantity: '-3', day: '2026-03-02' })]))).toEqual([['r1', 1, '3', '3', null]])
  })

  test('of a short position grows by a split as a long one does', () => {
    const { trips } = tripsFrom([sell(1, '4', '100', { positionEffect: 'open' }), lotRow({ id: 2, kind: 'split', quantity: '-4', day: '2026-03-02' }), buy(3, '8', '40', { positionEffect: 'close' })])
    expect(trips).toMatchObject([{ isShort: true, sold: '8', soldValue: '400', bought: '8', boughtValue: '320', quantity: '8', realized: '80' }])
  })

  test('shares the costs of a sale that turns it round over three lots as the lots do', () => {
    const { trips } = tripsFrom([buy(1, '1', '10'), buy(2, '1', '10'), buy(3, '1', '10'), sell(4, '7', '10', { positionEffect: 'open', fees: '1' })])
    expect(trips).toMatchObject([{ fees: '0.42857142', realized: '-0.42857142' }, { fees: '0.57142858', held: '-4' }])
  })

  test('goes on from where it stood: closed at 0 is known, gone without a sale is not', () => {
    const [opened, none, sold] = [buy(1, '10', '10'), lotRow({ id: 2, kind: 'transfer', quantity: '-10', day: '2026-03-03' }), sell(2, '4', '10')]
    const rest = lotRow({ id: 3, kind: 'transfer', quantity: '-6', day: '2026-03-04' })
    const short = [sell(1, '10', '10', { positionEffect: 'open' }), buy(2, '4', '10', { positionEffect: 'close' }), lotRow({ id: 3, kind: 'transfer', quantity: '6', day: '2026-03-04' })]
    expect(inTwo([opened], [none])).toMatchObject([{ realized: null, held: '0' }])
    expect(inTwo([opened, sold], [rest])).toMatchObject([{ realized: '0', held: '0', sold: '4' }])
    expect(inTwo([opened, sell(2, '4', '11')], [rest])).toMatchObject([{ realized: '4', held: '0' }])
    expect(inTwo(short.slice(0, 2), short.slice(2))).toMatchObject([{ isShort: true, realized: '0', held: '0', bought: '4' }])
    expect(inTwo([lotRow({ id: 1, kind: 'transfer', quantity: '10', day: '2026-03-01' }), sold], [sell(3, '6', '12')])).toMatchObject([{ realized: null, sold: '10' }])
  })

  test('of a future counts half a unit a point exactly', () => {
    const future = { symbol: '/MYMZ26', assetClass: 'future' } as const
    expect(tripsFrom([buy(1, '1', '40000.5', future), sell(2, '1', '40001.5', future)]).trips).toMatchObject([{ boughtValue: '20000.25', soldValue: '20000.75', realized: '0.5' }])
  })

  test('keeps amounts too large for a double exact', () => {
    const { trips } = tripsFrom([buy(1, '123456789012', '98765.4321'), sell(2, '123456789012', '98765.4322')])
    expect(trips).toMatchObject([{ boughtValue: '12193263112448712.0852', realized: '12345678.9012' }])
  })

  test('keeps its largest size when it grows again by less', () => {
    expect(tripsFrom([buy(1, '10', '5'), sell(2, '5', '6'), buy(3, '2', '5')]).trips).toMatchObject([{ quantity: '10', held: '7' }])
  })

  test('without a price of one unit keeps every decimal of what all of it came to', () => {
    const odd = (id: number, side: 'buy' | 'sell', amount: string): LotRow => lotRow({ id, symbol: 'ODD', assetClass: 'other', side, quantity: '3', amount, day: `2026-03-0${id}` })
    expect(tripsFrom([odd(1, 'buy', '-301.25'), odd(2, 'sell', '302')]).trips).toMatchObject([{ boughtValue: '301.25', soldValue: '302', realized: '0.75' }])
    expect(tripsFrom([odd(1, 'buy', '-301.0123456789'), odd(2, 'sell', '302.0123456788')]).trips).toMatchObject([{ boughtValue: '301.0123456789', soldValue: '302.0123456788', realized: '0.9999999999' }])
  })

  test('of an option that ended came to nothing at its end, whether its row says a price or none', () => {
    const { events, places } = lotEvents([buy(1, '2', '1.5', OPTION), lotRow({ id: 2, ...OPTION, kind: 'option-event', day: '2026-03-20' })])
    for (const price of [null, dec('9')]) {
      const told = events.map(event => (event.kind === 'end' ? { ...event, price } : event))
      expect(tripsOf(told, places, matchLots(told, 'fifo')).trips).toMatchObject([{ sold: '2', soldValue: '0', realized: '-300' }])
    }
  })

  test('goes on with costs and results of more decimals than what comes after', () => {
    const [fine, plain] = [buy(1, '1', '5', { fees: '0.0000000001' }), buy(2, '1', '5')]
    expect(inTwo([fine, plain, sell(3, '1', '6')], [sell(4, '1', '7')])).toMatchObject([{ fees: '0.0000000001', realized: '2.9999999999', held: '0' }])
    expect(inTwo([fine, plain], [sell(3, '2', '6')])).toMatchObject([{ fees: '0.0000000001', realized: '1.9999999999' }])
  })

  test('goes on with a split alone', () => {
    expect(inTwo([buy(1, '3', '90')], [lotRow({ id: 2, kind: 'split', quantity: '4', day: '2026-03-02' })])).toMatchObject([{ held: '7', bought: '7', boughtValue: '270', quantity: '7' }])
    expect(inTwo([buy(1, '3', '90'), sell(2, '1', '90')], [lotRow({ id: 3, kind: 'split', quantity: '5', day: '2026-03-03' })])).toMatchObject([{ held: '7', bought: '10.5', sold: '3.5', quantity: '10.5' }])
  })
})
