import { expect, test } from 'vitest'
import { lotPlace, sortLotRows } from '../../../../electron/core/ledger/lots/place.ts'
import { lotRow } from './support/row.ts'

const bought = lotRow({ id: 1, side: 'buy', quantity: '10', price: '5', at: '2026-03-02T15:00:00.000Z' })
const order = (at: string): string[] => sortLotRows([bought, lotRow({ id: 2, kind: 'split', quantity: '10', at })]).map(({ kind }) => kind)

test('a split told in the middle of a day was there before anything was traded on it, because none happens while the exchange is open', () => {
  expect(order('2026-03-02T20:59:59.999Z')).toEqual(['split', 'trade'])
  expect(order('2026-03-02T05:00:00.000Z')).toEqual(['split', 'trade'])
})

test('one told after the close is of the next session: what was traded before it is divided', () => {
  expect(order('2026-03-02T21:00:00.000Z')).toEqual(['trade', 'split'])
  expect(lotPlace(lotRow({ id: 2, kind: 'split', quantity: '10', at: '2026-07-02T20:00:00.000Z' }))).toBe(Date.parse('2026-07-02T20:00:00.000Z') * 1000)
})
