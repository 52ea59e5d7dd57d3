import { expect, test } from 'vitest'
import { readTripId, tripId, tripName } from '../../../electron/core/store/trip-id.ts'

const OPENING = { account: 12, symbol: 'AAPL', currency: 'USD', key: '20260302::1' }

test('the id of a run is told by its account, book and opening alone, and stays what it was in every version', () => {
  expect(tripId(OPENING)).toBe('trp_12_91b368a0dd4ba849ca7f039f')
})

test('an id says where its run is looked for', () => {
  expect(readTripId(tripId(OPENING))).toEqual({ account: 12, name: tripName(OPENING) })
  expect(Number.isSafeInteger(tripName(OPENING))).toBe(true)
})

test.each(['', 'trp_12_', 'trp_12_7c5a2d3fc5e5f64d3ad0fa9', 'trp_x_7c5a2d3fc5e5f64d3ad0fa9a', 'trp_12_7C5A2D3FC5E5F64D3AD0FA9A', 'trp_12_7c5a2d3fc5e5f64d3ad0fa9a1'])('%j is no id of a run', id => {
  expect(readTripId(id)).toBeNull()
})
