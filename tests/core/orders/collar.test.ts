import { describe, expect, test } from 'vitest'
import { guard } from '../../../electron/core/orders/guardrails.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { OrderDraft } from '../../../shared/domain/order.ts'
import { type FactChanges, factsWith, longAgo, quoteAt } from './support/order-facts.ts'

const d = Dec.of
const said = (changes: FactChanges): unknown[] => {
  const { stops, needs, offMarket } = guard(factsWith(changes))
  return [stops.map(({ stop }) => stop), needs, offMarket && [offMarket.price, offMarket.market]]
}
const CALL = 'AAPL261218C00450000'
const GOES = [[], [], null]
const stopAt = (stopPrice: string, limitPrice?: string): Partial<OrderDraft> =>
  limitPrice === undefined
    ? { type: 'stop', stopPrice: d(stopPrice) }
    : { type: 'stop-limit', stopPrice: d(stopPrice), limitPrice: d(limitPrice) }
const at = (price: string): Partial<OrderDraft> => ({ type: 'limit', limitPrice: d(price) })

describe('an order beyond the collar', () => {
  test('is stopped, and not asked about the last price too', () => {
    expect(said({ quote: quoteAt('189.98', '190.02', '190'), draft: at('199.6') })).toEqual([['price-off-market'], [], null])
  })

  test('is none where it is a stop-limit order: that is measured by its stop, whatever was paid last', () => {
    expect(said({ quote: quoteAt('189.98', '190.02', '150'), draft: stopAt('195', '196') })).toEqual(GOES)
  })
})

describe('where prices tell no market', () => {
  const unsure = quoteAt('9', '11')

  test('a stop-limit order still hears of a limit far from its stop and of a stop that was passed', () => {
    expect(said({ quote: unsure, draft: stopAt('10', '12') })[0]).toEqual(['price-unsure', 'price-off-market', 'stop-on-wrong-side'])
    expect(said({ quote: unsure, draft: stopAt('11', '11.5') })[0]).toEqual(['price-unsure'])
  })

  test('a stop-limit order that closes is asked about by what is bid, not by its limit', () => {
    const draft = { side: 'sell', ...stopAt('8.9', '8.5') } as const
    expect(said({ held: d('10'), quote: unsure, draft })).toEqual([[], ['off-market'], ['9', '11']])
  })

  test('an order at the market that nobody would take is stopped and asked about nothing', () => {
    expect(said({ held: d('10'), quote: quoteAt(null, '9'), draft: { side: 'sell' } })).toEqual([['price-unsure'], [], null])
  })
})

describe('the stop of an option', () => {
  const option = { symbol: CALL, assetClass: 'option', positionEffect: 'open', quantity: d('1') } as const
  const buying = (bid: string, ask: string, last: string | null, draft: Partial<OrderDraft>): unknown =>
    said({ multiplier: d('100'), quote: quoteAt(bid, ask, last), draft: { ...option, ...draft } })[0]

  test('was passed where others ask more, as long as bid and ask tell a market', () => {
    expect(buying('4', '6', null, stopAt('5.5', '5.6'))).toEqual(['stop-on-wrong-side'])
    expect(buying('4', '6', null, stopAt('6', '6.1'))).toEqual([])
  })

  test('is held against the last price where they lie too far apart for that', () => {
    expect(buying('1', '5', '2', stopAt('3', '3.1'))).toEqual([])
    expect(buying('1', '5', '2', stopAt('1.9', '2'))).toEqual(['stop-on-wrong-side'])
  })
})

describe('the time of the last price', () => {
  test('counts where nobody bids and nobody asks', () => {
    expect(said({ quote: longAgo(null, null, '190') })[0]).toEqual(['stale-price'])
    expect(said({ quote: { ...quoteAt(null, null, '190', 6_000), lastAsOf: factsWith().now } })).toEqual(GOES)
  })

  test('does not count where there is none', () => {
    const quote = { ...longAgo(null, null, '190'), ...quoteAt(null, '0.05') }
    const draft = { ...at('0.05'), symbol: CALL, assetClass: 'option', side: 'sell', positionEffect: 'close', quantity: d('2') } as const
    expect(said({ held: d('2'), multiplier: d('100'), quote, draft })).toEqual(GOES)
  })
})
