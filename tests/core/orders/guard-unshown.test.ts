import { describe, expect, test } from 'vitest'
import { guard, type Verdict } from '../../../electron/core/orders/guardrails.ts'
import type { Unshown } from '../../../electron/core/orders/order-facts.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { type FactChanges, factsWith, quoteAt } from './support/order-facts.ts'

const d = Dec.of
const verdict = (changes: FactChanges): Verdict => guard(factsWith(changes))
const stops = (changes: FactChanges): string[] => verdict(changes).stops.map(({ stop }) => stop)
const sold = (quantity: string): Unshown => ({ sold: d(quantity), bought: Dec.zero })
const bought = (quantity: string): Unshown => ({ sold: Dec.zero, bought: d(quantity) })

describe('fills that what is held may not show yet', () => {
  const sale: FactChanges = { held: d('15'), draft: { side: 'sell' }, lossToday: null }
  const cover: FactChanges = { held: d('-15'), draft: { side: 'buy', positionEffect: 'close' }, lossToday: null }

  test('leave only the rest to be closed; beyond it an order is measured as one that opens', () => {
    expect(verdict({ ...sale, unshown: sold('5') })).toMatchObject({ isClosing: true, waitsForFills: false, stops: [] })
    expect(verdict({ ...sale, unshown: sold('5.01') })).toMatchObject({ isClosing: false, waitsForFills: true })
    expect(stops({ ...sale, unshown: sold('5.01') })).toEqual(['loss-unknown'])
    expect(verdict({ ...cover, unshown: bought('5') })).toMatchObject({ isClosing: true, stops: [] })
    expect(verdict({ ...cover, unshown: bought('5.01') })).toMatchObject({ isClosing: false, waitsForFills: true })
  })

  test('of the other side take nothing away', () => {
    expect(verdict({ ...sale, unshown: bought('15') }).isClosing).toBe(true)
    expect(verdict({ ...cover, unshown: sold('15') }).isClosing).toBe(true)
  })

  test('take away besides what rests', () => {
    const working = [{ symbol: 'AAPL', side: 'sell' as const, quantity: d('3'), value: d('1') }]
    expect(verdict({ ...sale, working, unshown: sold('2') }).isClosing).toBe(true)
    expect(verdict({ ...sale, working, unshown: sold('2.01') })).toMatchObject({ isClosing: false, waitsForFills: true })
  })

  test('hold up nothing that would not close without them', () => {
    expect(verdict({ ...sale, held: d('9'), unshown: sold('1') })).toMatchObject({ isClosing: false, waitsForFills: false })
    expect(verdict({ ...sale, held: Dec.zero, unshown: sold('1') })).toMatchObject({ isClosing: false, waitsForFills: false })
  })
})

describe('a position with fills it may not show yet', () => {
  const at100 = { quote: quoteAt('100', '100') }
  const buy: FactChanges = { ...at100, draft: { type: 'limit', limitPrice: d('100'), quantity: d('50') } }
  const short: FactChanges = {
    ...at100,
    draft: { type: 'limit', limitPrice: d('105'), side: 'sell', positionEffect: 'open', quantity: d('40') },
  }

  test('is as large as they make it, for a purchase and for a short sale', () => {
    expect(stops({ ...buy, held: d('100'), unshown: bought('100') })).toEqual([])
    expect(stops({ ...buy, held: d('100'), unshown: bought('100.01') })).toEqual(['position'])
    expect(stops({ ...short, held: d('-100'), unshown: sold('108') })).toEqual([])
    expect(stops({ ...short, held: d('-100'), unshown: sold('108.01') })).toEqual(['position'])
    expect(stops({ ...buy, held: d('100'), unshown: sold('900') })).toEqual([])
  })

  test('may have been turned around by them', () => {
    // What says that it opens waits until the broker shows them.
    expect(stops({ ...short, held: d('100'), unshown: sold('308') })).toEqual(['held-other-way'])
    expect(stops({ ...short, held: d('100'), unshown: sold('308.01') })).toEqual(['held-other-way', 'position'])
    expect(stops({ ...buy, held: d('-100'), unshown: bought('300.01') })).toEqual(['position'])
    expect(stops({ ...buy, held: d('-100'), unshown: bought('300') })).toEqual([])
  })
})
