import { describe, expect, test } from 'vitest'
import { orderBody as alpacaBody } from '../../../electron/core/brokers/alpaca/trading.ts'
import { orderBody as tdaBody } from '../../../electron/core/brokers/tdameritrade/order-body.ts'
import { orderBody as schwabBody } from '../../../electron/core/brokers/schwab/order-body.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { OrderDraft } from '../../../shared/domain/order.ts'
import { draftOf } from './support/drafts.ts'

const price = Dec.of
const option: Partial<OrderDraft> = { symbol: 'AAPL270115C00190000', assetClass: 'option', quantity: Dec.of('3') }

describe('an order for Alpaca', () => {
  const clientOrderId = draftOf().clientOrderId

  test.each<[string, Partial<OrderDraft>, Record<string, unknown>]>([
    ['market', {}, { qty: '10', side: 'buy', type: 'market', time_in_force: 'day' }],
    [
      'limit',
      { type: 'limit', limitPrice: price('187.5'), timeInForce: 'gtc' },
      { qty: '10', side: 'buy', type: 'limit', limit_price: '187.50', time_in_force: 'gtc' },
    ],
    [
      'stop',
      { side: 'sell', type: 'stop', stopPrice: price('180') },
      { qty: '10', side: 'sell', type: 'stop', stop_price: '180.00', time_in_force: 'day', position_intent: 'sell_to_close' },
    ],
    [
      'stop-limit',
      { side: 'sell', type: 'stop-limit', stopPrice: price('180'), limitPrice: price('179.5') },
      {
        qty: '10',
        side: 'sell',
        type: 'stop_limit',
        stop_price: '180.00',
        limit_price: '179.50',
        time_in_force: 'day',
        position_intent: 'sell_to_close',
      },
    ],
    [
      'trailing stop by percent',
      { side: 'sell', type: 'trailing-stop', trail: { kind: 'percent', value: price('1.5') } },
      { qty: '10', side: 'sell', type: 'trailing_stop', trail_percent: '1.5', time_in_force: 'day', position_intent: 'sell_to_close' },
    ],
    [
      'trailing stop by amount',
      { side: 'sell', type: 'trailing-stop', trail: { kind: 'amount', value: price('2') } },
      { qty: '10', side: 'sell', type: 'trailing_stop', trail_price: '2', time_in_force: 'day', position_intent: 'sell_to_close' },
    ],
    [
      'amount of money',
      { quantity: null, notional: price('500.25') },
      { notional: '500.25', side: 'buy', type: 'market', time_in_force: 'day' },
    ],
    ['fraction', { quantity: price('0.123456789') }, { qty: '0.123456789', side: 'buy', type: 'market', time_in_force: 'day' }],
    [
      'short sale',
      { side: 'sell', positionEffect: 'open' },
      { qty: '10', side: 'sell', type: 'market', time_in_force: 'day', position_intent: 'sell_to_open' },
    ],
    [
      'buy to cover',
      { positionEffect: 'close' },
      { qty: '10', side: 'buy', type: 'market', time_in_force: 'day', position_intent: 'buy_to_close' },
    ],
    [
      'limit before the opening',
      { type: 'limit', limitPrice: price('0.1234'), extendedHours: true },
      { qty: '10', side: 'buy', type: 'limit', limit_price: '0.1234', time_in_force: 'day', extended_hours: true },
    ],
  ])('is a %s order', (_, changes, body) => {
    expect(alpacaBody(draftOf(changes))).toEqual({ symbol: 'AAPL', client_order_id: clientOrderId, ...body })
  })

  test('says of no pair of crypto what it does to a position, because it would be refused', () => {
    const draft = draftOf({ symbol: 'BTC/USD', assetClass: 'crypto', side: 'sell', quantity: price('0.01') })
    expect(alpacaBody(draft)).not.toHaveProperty('position_intent')
  })

  test('names options without padding and crypto as a pair', () => {
    expect(alpacaBody(draftOf({ ...option, positionEffect: 'open' }))).toMatchObject({
      symbol: 'AAPL270115C00190000',
      qty: '3',
      position_intent: 'buy_to_open',
    })
    expect(alpacaBody(draftOf({ symbol: 'BTC/USD', assetClass: 'crypto', quantity: price('0.01'), timeInForce: 'gtc' }))).toMatchObject({
      symbol: 'BTC/USD',
      qty: '0.01',
    })
  })
})

describe('an order for Schwab', () => {
  const leg = (instruction: string, instrument = { symbol: 'AAPL', assetType: 'EQUITY' }, quantity = 10) => ({
    orderLegCollection: [{ instruction, quantity, instrument }],
  })
  const plain = { session: 'NORMAL', duration: 'DAY', orderStrategyType: 'SINGLE' }

  test.each<[string, Partial<OrderDraft>, Record<string, unknown>]>([
    ['market', {}, { ...plain, orderType: 'MARKET', ...leg('BUY') }],
    [
      'limit',
      { type: 'limit', limitPrice: price('10'), timeInForce: 'gtc' },
      { ...plain, duration: 'GOOD_TILL_CANCEL', orderType: 'LIMIT', price: '10.00', ...leg('BUY') },
    ],
    ['stop', { side: 'sell', type: 'stop', stopPrice: price('9.5') }, { ...plain, orderType: 'STOP', stopPrice: '9.50', ...leg('SELL') }],
    [
      'stop-limit',
      { side: 'sell', type: 'stop-limit', stopPrice: price('9.5'), limitPrice: price('9.4') },
      { ...plain, orderType: 'STOP_LIMIT', stopPrice: '9.50', price: '9.40', ...leg('SELL') },
    ],
    [
      'trailing stop',
      { side: 'sell', type: 'trailing-stop', trail: { kind: 'amount', value: price('2') } },
      { ...plain, orderType: 'TRAILING_STOP', stopPriceLinkBasis: 'BID', stopPriceLinkType: 'VALUE', stopPriceOffset: '2', ...leg('SELL') },
    ],
    [
      'limit below a dollar',
      { type: 'limit', limitPrice: price('0.1234') },
      { ...plain, orderType: 'LIMIT', price: '0.1234', ...leg('BUY') },
    ],
    ['short sale', { side: 'sell', positionEffect: 'open' }, { ...plain, orderType: 'MARKET', ...leg('SELL_SHORT') }],
    ['cover', { positionEffect: 'close' }, { ...plain, orderType: 'MARKET', ...leg('BUY_TO_COVER') }],
    [
      'sale of options to open',
      { ...option, side: 'sell', positionEffect: 'open', type: 'limit', limitPrice: price('1') },
      { ...plain, orderType: 'LIMIT', price: '1.00', ...leg('SELL_TO_OPEN', { symbol: 'AAPL  270115C00190000', assetType: 'OPTION' }, 3) },
    ],
    [
      'limit around the clock',
      { type: 'limit', limitPrice: price('10'), extendedHours: true },
      { ...plain, session: 'SEAMLESS', orderType: 'LIMIT', price: '10.00', ...leg('BUY') },
    ],
  ])('is a %s order', (_, changes, body) => {
    expect(schwabBody(draftOf(changes))).toEqual(body)
  })

  test.each<[string, Partial<OrderDraft>]>([
    ['a fraction of a share', { quantity: price('1.5') }],
    ['a price finer than a cent', { type: 'limit', limitPrice: price('10.001') }],
    ['a validity Schwab does not have', { timeInForce: 'opg' }],
  ])('is refused for %s before anything is sent', (_, changes) => {
    expect(() => schwabBody(draftOf(changes))).toThrow(expect.objectContaining({ code: 'order/invalid' }))
  })
})

describe('a fund', () => {
  const typeOf = (symbol: string, assetClass: OrderDraft['assetClass']): unknown[] => {
    const draft = draftOf({ symbol, assetClass, side: 'sell' })
    return [schwabBody(draft).orderLegCollection[0].instrument.assetType, JSON.stringify(tdaBody(draft)).match(/"assetType":"(\w+)"/)?.[1]]
  }

  test('is a mutual one by its symbol alone: positions call those that trade like shares a fund too', () => {
    expect(typeOf('VTSAX', 'fund')).toEqual(['MUTUAL_FUND', 'MUTUAL_FUND'])
    expect(typeOf('VTI', 'fund')).toEqual(['EQUITY', 'EQUITY'])
    expect(typeOf('ABCDX', 'equity')).toEqual(['EQUITY', 'EQUITY'])
  })
})
