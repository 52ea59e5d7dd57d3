import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type LotBook, matchLots } from '../../../../electron/core/ledger/lots/engine.ts'
import type { LotEvent } from '../../../../electron/core/ledger/lots/lot-event.ts'
import { type EventPlace, lotEvents } from '../../../../electron/core/ledger/lots/lot-rows.ts'
import { type Trips, tripsOf } from '../../../../electron/core/ledger/lots/trips.ts'
import { LOT_METHODS } from '../../../../shared/domain/lot-method.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { anything } from './support/events.ts'
import { lotRow } from './support/row.ts'

const dec = Dec.of
const places = (events: readonly LotEvent[]): EventPlace[] => events.map((_, at) => ({ at, row: null }))

function tripsFrom(rows: Parameters<typeof lotEvents>[0]): Trips & { book: LotBook } {
  const { events, places: at } = lotEvents(rows)
  const book = matchLots(events, 'fifo')
  return { ...tripsOf(events, at, book), book }
}

describe('round trips', () => {
  test('go from flat to flat, with what went in, what came out, what it made and what it cost', () => {
    const { trips, steps } = tripsFrom([
      lotRow({ id: 1, side: 'buy', quantity: '10', price: '10', amount: '-101', fees: '1', at: '2026-03-02T15:00:00.000Z' }),
      lotRow({ id: 2, side: 'buy', quantity: '10', price: '12', amount: '-121', fees: '1', at: '2026-03-03T15:00:00.000Z' }),
      lotRow({ id: 3, side: 'sell', quantity: '20', price: '13', amount: '258', fees: '2', at: '2026-03-04T15:00:00.000Z' }),
    ])
    expect(trips).toMatchObject([{
      trip: 1, key: 'r1', isShort: false, openDay: '2026-03-02', closeDay: '2026-03-04', held: dec('0'), quantity: dec('20'), fills: 3, bought: dec('20'), boughtValue: dec('220'), sold: dec('20'),
      soldValue: dec('260'), realized: dec('36'), fees: dec('4'),
    }])
    expect(trips[0]?.closedAt).toBe(Date.parse('2026-03-04T15:00:00Z') * 1000)
    expect(steps.map(({ position, realized }) => [position, realized])).toEqual([[dec('10'), null], [dec('20'), null], [dec('0'), dec('36')]])
  })

  test('a sale that turns a position round ends one and opens the next, its costs shared by quantity', () => {
    const { trips } = tripsFrom([
      lotRow({ id: 1, side: 'buy', quantity: '10', price: '10', amount: '-100' }),
      lotRow({ id: 2, side: 'sell', positionEffect: 'open', quantity: '15', price: '12', amount: '177', fees: '3', day: '2026-03-03' }),
    ])
    expect(trips).toMatchObject([
      { trip: 1, isShort: false, closeDay: '2026-03-03', realized: dec('18'), fees: dec('2'), sold: dec('10'), soldValue: dec('120') },
      { trip: 2, key: 'r2', isShort: true, closeDay: null, held: dec('-5'), realized: dec('0'), fees: dec('1'), sold: dec('5'), soldValue: dec('60') },
    ])
  })

  test('units are those after splits, so averages compare', () => {
    const { trips } = tripsFrom([
      lotRow({ id: 1, side: 'buy', quantity: '20', price: '100', amount: '-2000', day: '2026-03-01' }),
      lotRow({ id: 2, side: 'sell', quantity: '10', price: '110', amount: '1100', day: '2026-03-02' }),
      lotRow({ id: 3, kind: 'split', quantity: '30', day: '2026-03-03' }),
      lotRow({ id: 4, side: 'sell', quantity: '40', price: '30', amount: '1200', day: '2026-03-04' }),
    ])
    expect(trips).toMatchObject([{ bought: dec('80'), boughtValue: dec('2000'), sold: dec('80'), soldValue: dec('2300'), quantity: dec('80'), realized: dec('300') }])
  })

  test('a result is unknown once something of unknown cost was closed, and where a holding went elsewhere whole', () => {
    const unknown = tripsFrom([
      lotRow({ id: 1, kind: 'transfer', quantity: '10' }),
      lotRow({ id: 2, side: 'sell', quantity: '10', price: '12', amount: '120', day: '2026-03-03' }),
    ])
    expect(unknown.trips).toMatchObject([{ realized: null, closeDay: '2026-03-03', bought: dec('0') }])
    const gone = tripsFrom([
      lotRow({ id: 1, side: 'buy', quantity: '10', price: '10', amount: '-100' }),
      lotRow({ id: 2, kind: 'transfer', quantity: '-10', day: '2026-03-03' }),
    ])
    expect(gone.trips).toMatchObject([{ realized: null, closeDay: '2026-03-03' }])
  })

  test.each(LOT_METHODS)('by %s, all that was realized is in the trips, and a position is what its trip holds', method => {
    fc.assert(fc.property(anything, events => {
      const book = matchLots(events, method)
      const { trips, steps } = tripsOf(events, places(events), book)
      expect(trips.map(({ trip }) => trip)).toEqual(Array.from({ length: book.trip }, (_, at) => at + 1))
      expect(Dec.sum(trips.map(({ held }) => held))).toBe(Dec.sum(book.lots.map(({ quantity }) => quantity)))
      for (const trip of trips) {
        const own = book.realizations.filter(each => each.trip === trip.trip)
        const isPart = own.some(({ closeKey }) => book.gaps.some(({ key }) => key === closeKey))
        const made = isPart || own.some(({ pnl }) => pnl === null) ? null : Dec.sum(own.map(({ pnl }) => pnl ?? Dec.zero))
        expect(trip.realized).toBe(trip.closeDay !== null && own.length === 0 ? null : made)
      }
      expect(steps.every(({ trip }) => trip >= 1 && trip <= book.trip)).toBe(true)
    }), { numRuns: 200 })
  })

  test.each(LOT_METHODS)('by %s, going on from where they stood equals doing everything again, wherever it is cut', method => {
    // See the same of lots.
    const some = method === 'average' ? anything.map(list => list.map(event => ({ ...event, picks: [] }))) : anything
    fc.assert(fc.property(some, fc.nat(40), (events, at) => {
      const whole = matchLots(events, method)
      const [before, after] = [matchLots(events.slice(0, at), method), matchLots(events.slice(at), method, matchLots(events.slice(0, at), method))]
      const all = tripsOf(events, places(events), whole)
      const first = tripsOf(events.slice(0, at), places(events).slice(0, at), before)
      const last = first.trips.at(-1)
      const open = last?.closeDay === null ? last : null
      const second = tripsOf(events.slice(at), places(events).slice(at), after, { trip: before.trip, open })
      expect([...(open ? first.trips.slice(0, -1) : first.trips), ...second.trips]).toEqual(all.trips)
      expect([...first.steps, ...second.steps]).toEqual(all.steps)
    }), { numRuns: 300 })
  })
})
