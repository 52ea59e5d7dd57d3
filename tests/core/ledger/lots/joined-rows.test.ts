import { describe, expect, test } from 'vitest'
import { joinActions, joinSplits, withoutReturned } from '../../../../electron/core/ledger/lots/joined-rows.ts'
import { type LotKnowledge, lotEvents } from '../../../../electron/core/ledger/lots/lot-rows.ts'
import { lotRow } from './support/row.ts'

type Told = Parameters<typeof lotRow>[0]

const events = (rows: readonly Told[], known: LotKnowledge = {}) =>
  lotEvents(rows.map(lotRow), known).events.map(({ key, kind, quantity }) => `${key} ${kind} ${quantity}`)
const moved = (id: number, quantity: string, more: Partial<Told> = {}): Told => ({ kind: 'journal', quantity, ...more, id })

describe('shares that left and came back on one day', () => {
  test('were held all along, whatever each side is called, beside exchanges of others', () => {
    const rows = [moved(1, '-5', { brokerType: 'TO MARGIN' }), moved(2, '5', { brokerType: 'FROM CASH' })]
    expect(events(rows)).toEqual([])
    expect(events(rows, { arrivals: new Map([['r9', []]]), exchanged: new Set(['r9']) })).toEqual([])
    expect(events(rows.map(row => ({ ...row, kind: 'corporate-action' as const })))).toHaveLength(2)
  })

  test('came back once: what left twice is gone', () => {
    expect(events([moved(1, '-5'), moved(2, '-5'), moved(3, '5')])).toEqual(['r2 deliver -5'])
  })

  test('are no trades, and nothing that was paid', () => {
    expect(
      events([
        { id: 1, side: 'buy', quantity: '5', price: '10' },
        { id: 2, side: 'sell', quantity: '-5', price: '11' },
      ]),
    ).toHaveLength(2)
    expect(events([moved(1, '-5', { amount: '50' }), moved(2, '5', { amount: '-50' })])).toHaveLength(2)
  })
})

test('Cash in lieu pays for a fraction that leaves on its day, and for no whole share', () => {
  const cash: Told = { id: 2, kind: 'corporate-action', brokerType: 'Cash In Lieu', amount: '30' }
  const out = (quantity: string): Told => moved(1, quantity, { kind: 'corporate-action' })
  expect(events([out('-0.5'), cash])).toEqual(['r1 fill -0.5'])
  const [whole] = lotEvents([out('-1'), cash].map(lotRow)).events
  expect(whole).toMatchObject({ key: 'r1', kind: 'fill', price: null })
  expect(whole?.value).toBeUndefined()
})

describe('a history in which nothing is told in parts', () => {
  const rows = [{ id: 1, side: 'buy' as const, quantity: '5', price: '10' }, { id: 2, side: 'sell' as const, quantity: '2', price: '11' }, moved(3, '-1'), moved(4, '2')].map(lotRow)

  test('is not written anew for it', () => {
    expect(joinActions(rows)).toBe(rows)
    expect(withoutReturned(rows, {})).toBe(rows)
    const { events, places } = lotEvents(rows)
    const placed = places.flatMap(({ at, row }, number) => events.slice(number, number + 1).map(event => ({ at, row, event })))
    expect(joinSplits(placed)).toBe(placed)
  })

  test('is not asked for words of the user where he said none', () => {
    const asked: string[] = []
    class Noted<T> extends Map<string, T> {
      override get(key: string): T | undefined {
        asked.push(key)
        return super.get(key)
      }
    }
    expect(events([{ id: 1, side: 'buy', quantity: '5', price: '10' }], { overrides: new Noted(), picks: new Noted() })).toEqual(['r1 fill 5'])
    expect(asked).toEqual([])
    const picks = new Noted([['r9', []]])
    expect(events([{ id: 1, side: 'buy', quantity: '5', price: '10' }], { overrides: new Noted([['r9', {}]]), picks })).toEqual(['r1 fill 5'])
    expect(new Set(asked)).toEqual(new Set(['r1']))
  })
})
