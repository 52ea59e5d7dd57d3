import { describe, expect, test } from 'vitest'
import { held, readBook } from '../../../electron/core/ledger/book-reading.ts'
import type { Arrival, LotKnowledge } from '../../../electron/core/ledger/lots/lot-rows.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { lotRow } from './lots/support/row.ts'

const dec = Dec.of
const gaps = (rows: Parameters<typeof readBook>[0], known: LotKnowledge = {}): unknown[] => readBook(rows, known, 'fifo').gaps.map(({ key, quantity, kind }) => [key, quantity, kind])
const buy = (id: number, more = {}) => lotRow({ id, side: 'buy', quantity: '10', price: '5', day: `2026-03-0${id}`, ...more })

describe('what the rows of an instrument come to', () => {
  test('ends at the place of the last event, with the row behind it', () => {
    const rows = [buy(1, { at: '2026-03-01T15:00:00.000Z' }), buy(2, { at: '2026-03-02T15:00:00.000Z' })]
    expect(readBook(rows, {}, 'fifo')).toMatchObject({ events: 2, trip: 1, multiplier: '1', last: { at: Date.parse('2026-03-02T15:00:00Z') * 1000, id: 2 } })
    const openings = [{ id: 'lot_1', day: LocalDate.of('2026-02-02'), quantity: dec('3'), price: null }]
    expect(readBook([], { openings }, 'fifo')).toMatchObject({ events: 1, last: { at: Date.parse('2026-02-02T05:00:00Z') * 1000, id: 0 } })
    expect(readBook([], {}, 'fifo')).toMatchObject({ events: 0, last: null, assetClass: null })
  })

  test('ends behind every row that may change what others come to, though it has no event of its own', () => {
    const last = (...rows: Parameters<typeof readBook>[0]): number | undefined => readBook(rows, {}, 'fifo').last?.id
    const cash = (id: number, day: string) => lotRow({ id, kind: 'corporate-action', amount: '5', day })
    const split = (id: number, quantity: string) => lotRow({ id, kind: 'split', quantity, day: '2026-03-05' })
    expect(last(buy(2), cash(7, '2026-03-04'))).toBe(7)
    expect(readBook([buy(2), cash(7, '2026-03-04')], {}, 'fifo').last?.at).toBe(Date.parse('2026-03-04T05:00:00Z') * 1000 + 2)
    expect(last(cash(9, '2026-03-01'), buy(2))).toBe(2)
    expect(last(buy(2), split(8, '10'), split(6, '-5'))).toBe(8)
    expect(last(buy(2), split(6, '10'), split(8, '-5'))).toBe(8)
    expect(last(buy(2), lotRow({ id: 9, day: '2026-03-06', quantity: '1' }))).toBe(2)
  })

  test('is of the kind the last row says that says one', () => {
    expect(readBook([buy(1, { assetClass: 'equity' }), buy(2, { assetClass: 'fund' }), buy(3, { assetClass: null })], {}, 'fifo').assetClass).toBe('fund')
    expect(readBook([buy(1, { assetClass: null })], {}, 'fifo').assetClass).toBeNull()
    expect(readBook([buy(1, { symbol: '/ESM6', assetClass: null })], { symbol: '/ESM6' }, 'fifo').assetClass).toBeNull()
  })

  test('is, where no row says it, of the kind the first lot from before the history was told with, else what its symbol can only be', () => {
    const told = (assetClass: AssetClass | null, id: string) => ({ id, day: LocalDate.of('2026-02-02'), quantity: dec('3'), price: dec('2'), assetClass })
    const classOf = (symbol: string, ...classes: (AssetClass | null)[]): unknown => readBook([], { symbol, openings: classes.map((one, at) => told(one, `lot_${at}`)) }, 'fifo').assetClass
    expect([classOf('XYZ', null, 'fund', 'equity'), classOf('/ESM6', 'future-option'), classOf('/ESM6', null), classOf('XYZ', null)]).toEqual(['fund', 'future-option', 'future', null])
  })

  test('names the gap of what no lot is told of yet by its row, once, and by its own number where a lot told of the row is one itself', () => {
    const lot = (id: string, number: number, price: string) => ({ id, day: LocalDate.of('2026-01-05'), quantity: dec('2'), price: dec(price), note: '', at: 0, number })
    const came = lotRow({ id: 1, kind: 'transfer', quantity: '10', day: '2026-03-01' })
    const told = (lots: readonly ReturnType<typeof lot>[]) => gaps([came], { overrides: new Map([['r1', { lots }]]) })
    expect(told([lot('l1', 2, '5')])).toEqual([['r1', '8', 'unknown-cost']])
    expect(told([lot('l1', 1, '5')])).toEqual([['r1', '8', 'unknown-cost']])
    expect(told([lot('l1', 1, '5'), lot('l2', 2, '6')])).toEqual([['r1', '6', 'unknown-cost']])
    const future = lotRow({ id: 1, kind: 'transfer', symbol: '/XXM6', assetClass: 'future', quantity: '10', day: '2026-03-01' })
    expect(gaps([future], { symbol: '/XXM6', overrides: new Map([['r1', { lots: [lot('l1', 1, '5'), lot('l2', 2, '6')] }]]) })).toEqual([['r1', '2', 'unknown-cost'], ['r1~2', '2', 'unknown-cost'], ['r1~3', '6', 'unknown-cost']])
    const few = lotRow({ id: 1, kind: 'transfer', symbol: '/XXM6', assetClass: 'future', quantity: '4', day: '2026-03-01' })
    expect(gaps([few], { symbol: '/XXM6', overrides: new Map([['r1', { lots: [lot('l1', 2, '5'), lot('l2', 3, '6')] }]]) })).toEqual([['r1', '2', 'unknown-cost'], ['r1~3', '2', 'unknown-cost']])
    expect(gaps([future], { symbol: '/XXM6', overrides: new Map([['r1', { lots: [lot('l1', 3, '5'), lot('l2', 2, '6')] }]]) })).toEqual([['r1~3', '2', 'unknown-cost'], ['r1~2', '2', 'unknown-cost'], ['r1', '6', 'unknown-cost']])
  })

  test('what came or was bought at a price nobody says has a gap, what was closed without an opening another', () => {
    const came = lotRow({ id: 1, kind: 'transfer', quantity: '4', day: '2026-03-01' })
    expect(gaps([came, buy(2), lotRow({ id: 3, side: 'sell', quantity: '20', price: '6', day: '2026-03-03' })])).toEqual([['r3', '-6', 'needs-opening-lot'], ['r1', '4', 'unknown-cost']])
    expect(gaps([lotRow({ id: 1, side: 'buy', quantity: '10', day: '2026-03-01' })])).toEqual([['r1', '10', 'unknown-cost']])
    expect(gaps([lotRow({ id: 1, side: 'buy', quantity: '10', amount: '-50', day: '2026-03-01' })])).toEqual([])
    expect(gaps([buy(1), lotRow({ id: 2, kind: 'split', quantity: '10', day: '2026-03-02' }), lotRow({ id: 3, kind: 'transfer', quantity: '-5', day: '2026-03-03' })])).toEqual([])
  })

  test('what came from another instrument has its gap there, however many lots of it came', () => {
    const came = lotRow({ id: 1, kind: 'corporate-action', quantity: '24', day: '2026-03-02' })
    const lot = (): Arrival => ({ day: LocalDate.of('2026-01-02'), quantity: dec('2'), cost: null })
    const lots = Array.from({ length: 12 }, lot)
    const read = readBook([came], { arrivals: new Map([['r1', lots]]) }, 'fifo')
    expect(read.lots.map(({ key }) => key)).toEqual(['r1', ...Array.from({ length: 11 }, (_, at) => `r1~${at + 2}`)])
    expect(read.gaps).toEqual([])
    expect(gaps([came, lotRow({ id: 2, kind: 'transfer', quantity: '1', day: '2026-03-03', externalId: 'x~1~y' })], { arrivals: new Map([['r1', lots], ['x', []], ['x~y', []], ['x~1', []]]) })).toEqual([['x~1~y', '1', 'unknown-cost']])
  })

  test('goes on from where it stood', () => {
    const first = readBook([buy(1), buy(2)], {}, 'lifo')
    const open = first.trips.at(-1) ?? null
    const sale = lotRow({ id: 3, side: 'sell', quantity: '20', price: '7', day: '2026-03-03' })
    const more = readBook([sale], { multiplier: first.multiplier }, 'lifo', { lots: first.lots, trip: first.trip, open })
    expect(more.trips).toEqual(readBook([buy(1), buy(2), sale], {}, 'lifo').trips)
    expect(more).toMatchObject({ events: 1, lots: [], trip: 1 })
  })

  test('a holding is all lots together, short ones against long ones', () => {
    expect(held([{ quantity: dec('1.5') }, { quantity: dec('-0.25') }])).toBe('1.25')
    expect(held([])).toBe('0')
  })
})
