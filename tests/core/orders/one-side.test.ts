import { describe, expect, test } from 'vitest'
import type { BrokerHttp } from '../../../electron/core/brokers/adapter.ts'
import { readQuotes } from '../../../electron/core/brokers/schwab/quotes.ts'
import { guard } from '../../../electron/core/orders/guardrails.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { OrderDraft } from '../../../shared/domain/order.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { orderDesk, positionOf } from './support/order-desk.ts'
import { type FactChanges, factsWith, longAgo, NOW, quoteAt } from './support/order-facts.ts'

const d = Dec.of
const CALL = 'AAPL261218C00450000'
const at = (price: string): Partial<OrderDraft> => ({ type: 'limit', limitPrice: d(price) })
const said = (changes: FactChanges): unknown[] => {
  const { stops, needs, offMarket } = guard(factsWith(changes))
  return [stops.map(({ stop }) => stop), needs, offMarket && [offMarket.price, offMarket.market]]
}
const GOES = [[], [], null]

describe('an option nobody bids for', () => {
  const option = (held: string, quote: FactChanges['quote'], draft: Partial<OrderDraft>): FactChanges => ({
    held: d(held),
    multiplier: d('100'),
    quote,
    draft: { symbol: CALL, assetClass: 'option', positionEffect: 'close', quantity: d('2'), ...draft },
  })
  const buying = (quote: FactChanges['quote'], draft: Partial<OrderDraft> = {}): unknown[] => said(option('-2', quote, draft))
  const selling = (quote: FactChanges['quote'], draft: Partial<OrderDraft> = {}): unknown[] =>
    said(option('2', quote, { side: 'sell', ...draft }))
  const unbid = longAgo(null, '0.05', '0.05')

  test('is bought by what is asked now, whenever it traded', () => {
    expect(buying(unbid, at('0.05'))).toEqual(GOES)
    expect(buying(unbid)).toEqual(GOES)
    expect(buying({ ...unbid, asOf: Instant.plus(NOW, -5_001) })).toEqual([['stale-price'], [], null])
    const opening = { ...option('0', unbid, at('0.05')).draft, positionEffect: 'open' } as const
    expect(said({ multiplier: d('100'), quote: unbid, draft: opening })).toEqual(GOES)
  })

  test('is sold with a limit and a yes that says the price to compare is old, and at the market by none', () => {
    expect(selling(unbid, at('0.05'))).toEqual([[], ['off-market'], ['0.05', '0.05']])
    expect(guard(factsWith(option('2', unbid, { side: 'sell', ...at('0.05') }))).offMarket).toMatchObject({ isOld: true })
    expect(said({ ...option('2', unbid, { side: 'sell', ...at('0.05') }), confirmed: ['off-market'] })[1]).toEqual([])
    expect(selling(unbid)).toEqual([['stale-price'], ['off-market'], [null, '0.05']])
    // Old is also what is of the future, and bid and ask beside a new last one.
    expect(selling({ ...unbid, lastAsOf: Instant.plus(NOW, 5_001) }, at('0.05'))[1]).toEqual(['off-market'])
    expect(selling({ ...unbid, asOf: Instant.plus(NOW, -5_001), lastAsOf: NOW }, at('0.05'))[1]).toEqual(['off-market'])
    expect(selling({ ...unbid, lastAsOf: NOW }, at('0.05'))).toEqual(GOES)
    expect(selling({ ...unbid, ask: null, asOf: Instant.plus(NOW, -5_001), lastAsOf: NOW }, at('0.05'))).toEqual(GOES)
  })

  test('is not sold to open by a price of hours ago', () => {
    expect(said({ ...option('0', unbid, { side: 'sell', ...at('0.05'), positionEffect: 'open' }) })[0]).toEqual(['stale-price'])
  })

  test('is sold by what others ask where it never traded, with a limit', () => {
    expect(selling(quoteAt(null, '0.05'), at('0.05'))).toEqual(GOES)
    expect(selling(quoteAt(null, '5'), at('4.7'))[0]).toEqual(['price-off-market'])
    expect(selling(quoteAt(null, '0.05'))[0]).toEqual(['price-unsure'])
    expect(said({ ...option('0', quoteAt(null, '0.05'), { side: 'sell', ...at('0.05'), positionEffect: 'open' }) })[0]).toEqual([
      'price-unsure',
    ])
    const cover = { type: 'limit', limitPrice: d('5'), positionEffect: 'close' } as const
    expect(said({ held: d('-10'), quote: quoteAt('5', null), draft: cover })).toEqual([[], ['off-market'], ['5', '5']])
    expect(said({ held: d('-10'), quote: quoteAt('5', '4'), draft: cover })[0]).toEqual(['price-unsure'])
  })

  test('is bought back and sold through Schwab, which sends a bid of zero and when it traded last', async () => {
    const desk = await orderDesk('live')
    const stop = { signal: new AbortController().signal }
    const now = Instant.toEpochMs(desk.clock.now())
    const quote = { bidPrice: 0, askPrice: 0.05, lastPrice: 0.05, closePrice: 0.05, quoteTime: now - 500, tradeTime: now - 10_800_000 }
    const get = ({ schema }: { readonly schema: { parse(value: unknown): unknown } }): Promise<unknown> =>
      Promise.resolve({ data: schema.parse({ 'AAPL  261218C00450000': { quote, realtime: true } }), asOf: desk.clock.now() })
    desk.says.quotes = await readQuotes({ get } as unknown as BrokerHttp, [CALL], stop)
    const review = async (held: string, action: 'buy-to-close' | 'sell-to-close'): Promise<unknown> => {
      desk.says.positions = [{ ...positionOf(CALL, held), assetClass: 'option' }]
      const wanted = desk.ticket({ symbol: CALL, assetClass: 'option', action, quantity: d('2'), limitPrice: d('0.05') })
      const { stops, needs } = await desk.reviews.review(wanted, stop)
      return [stops.map(({ code }) => code), needs.map(({ confirmation }) => confirmation)]
    }
    expect(await review('-2', 'buy-to-close')).toEqual([['order/stopped-digits'], []])
    expect(await review('2', 'sell-to-close')).toEqual([['order/stopped-digits'], ['off-market']])
  })
})

describe('a limit that closes', () => {
  const selling = (bid: string | null, ask: string | null, last: string | null, limit: string): unknown[] =>
    said({ session: 'extended', held: d('10'), draft: { side: 'sell', extendedHours: true, ...at(limit) }, quote: quoteAt(bid, ask, last) })
  const covering = (bid: string | null, ask: string | null, last: string | null, limit: string): unknown[] =>
    said({
      session: 'extended',
      held: d('-10'),
      draft: { positionEffect: 'close', extendedHours: true, ...at(limit) },
      quote: quoteAt(bid, ask, last),
    })

  test('may be at what the other side says, however far from the last price, with a yes that names both', () => {
    expect(selling('150', '185', '190', '150')).toEqual([[], ['off-market'], ['150', '190']])
    expect(selling('175', '195', '190', '175')).toEqual([[], ['off-market'], ['175', '190']])
    expect(covering('195', '230', '200', '230')).toEqual([[], ['off-market'], ['230', '200']])
  })

  test('is stopped further than the collar beyond that', () => {
    expect(selling('150', '185', '190', '142.5')[0]).toEqual([])
    expect(selling('150', '185', '190', '142.49')[0]).toEqual(['price-off-market'])
    expect(covering('195', '230', '200', '241.5')[0]).toEqual([])
    expect(covering('195', '230', '200', '241.51')[0]).toEqual(['price-off-market'])
  })

  test('may be at the worse of what there is where the other side says nothing', () => {
    expect(selling(null, '178', '190', '178')).toEqual([[], ['off-market'], ['178', '190']])
    expect(selling(null, '178', '190', '169.09')[0]).toEqual(['price-off-market'])
    expect(covering('212', null, '200', '212')).toEqual([[], ['off-market'], ['212', '200']])
  })

  test('is stopped at the same price where it opens', () => {
    expect(said({ draft: { side: 'sell', positionEffect: 'open', ...at('150') }, quote: quoteAt('150', '185', '190') })[0]).toEqual([
      'price-off-market',
    ])
  })
})

describe('a limit that opens where prices tell no market', () => {
  const opening = (side: 'buy' | 'sell', quote: FactChanges['quote'], limit: string, draft: Partial<OrderDraft> = {}): unknown[] =>
    said({ quote, draft: { side, positionEffect: side === 'sell' ? 'open' : null, ...at(limit), ...draft } })
  const UNSURE = [['price-unsure'], [], null]

  test('goes with a yes up to the middle, where nobody gets it for more than it is worth to others', () => {
    expect(opening('buy', quoteAt('9', '11'), '9.5')).toEqual([[], ['off-market'], ['9.5', '9']])
    expect(opening('buy', quoteAt('9', '11'), '10')[0]).toEqual([])
    expect(opening('buy', quoteAt('9', '11'), '10.01')).toEqual(UNSURE)
    expect(opening('sell', quoteAt('9', '11'), '10')).toEqual([[], ['off-market'], ['10', '11']])
    expect(opening('sell', quoteAt('9', '11'), '9.99')).toEqual(UNSURE)
  })

  test('goes at its own side where that is alone', () => {
    expect(opening('buy', quoteAt('160', null, '190'), '160')).toEqual([[], ['off-market'], ['160', '190']])
    expect(opening('buy', quoteAt('160', null, '190'), '160.01')).toEqual(UNSURE)
    expect(opening('sell', quoteAt(null, '220', '190'), '220')).toEqual([[], ['off-market'], ['220', '190']])
    expect(opening('sell', quoteAt(null, '220', '190'), '219.99')).toEqual(UNSURE)
    expect(opening('buy', quoteAt(null, '9'), '1')).toEqual(UNSURE)
    // A bid without an ask and a last price is no price to buy by.
    expect(opening('buy', quoteAt('9', null), '9')).toEqual(UNSURE)
  })

  test('is no further from the bid than three times that, and not off the last price', () => {
    const option = { symbol: CALL, assetClass: 'option', positionEffect: 'open', quantity: d('2') } as const
    expect(opening('buy', quoteAt('1', '5'), '2', option)).toEqual([[], ['off-market'], ['2', '1']])
    expect(opening('buy', quoteAt('1', '50'), '3', option)[0]).toEqual([])
    expect(opening('buy', quoteAt('1', '50'), '3.01', option)).toEqual(UNSURE)
    expect(opening('buy', quoteAt('0.01', '199999'), '1000', { quantity: d('1') })).toEqual(UNSURE)
    expect(opening('buy', quoteAt('20', '40', '15'), '15.75')[0]).toEqual([])
    expect(opening('buy', quoteAt('20', '40', '15'), '15.76')).toEqual(UNSURE)
    expect(opening('sell', quoteAt('160', '178', '190'), '180.5')[0]).toEqual([])
    expect(opening('sell', quoteAt('160', '178', '190'), '180.49')).toEqual(UNSURE)
  })

  test('waits for no stop, and an order at the market is none', () => {
    expect(opening('buy', quoteAt('9', '11'), '9.5', { type: 'stop-limit', stopPrice: d('11') })[0]).toEqual(['price-unsure'])
    expect(said({ quote: quoteAt('9', '11') })[0]).toEqual(['price-unsure'])
  })
})
