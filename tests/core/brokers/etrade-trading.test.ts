import { describe, expect, test } from 'vitest'
import { etrade } from '../../../electron/core/brokers/etrade/index.ts'
import { clientIdOf, orderBody } from '../../../electron/core/brokers/etrade/order-body.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { OrderDraft } from '../../../shared/domain/order.ts'
import { never } from '../net/support/client.ts'
import { draftOf } from './support/drafts.ts'
import { json, restBroker, type RestAnswer, type RestCall } from './support/rest-broker.ts'

const stop = { signal: never }
const KEY = 'dBZOKt9x'
const price = Dec.of
const clientOrderId = '1fds311'
const option: Partial<OrderDraft> = { symbol: 'FB271221C00140000', assetClass: 'option', quantity: Dec.of('1'), positionEffect: 'open' }
const optionProduct = {
  securityType: 'OPTN',
  symbol: 'FB',
  callPut: 'CALL',
  expiryYear: '2027',
  expiryMonth: '12',
  expiryDay: '21',
  strikePrice: '140',
}
const limit = draftOf({ clientOrderId, type: 'limit', limitPrice: price('169'), symbol: 'FB', quantity: price('1') })

describe('an order for E*TRADE', () => {
  const stock = { securityType: 'EQ', symbol: 'AAPL' }

  test.each<[string, Partial<OrderDraft>, string, object, object]>([
    [
      'market',
      {},
      'EQ',
      { priceType: 'MARKET', orderTerm: 'GOOD_FOR_DAY', marketSession: 'REGULAR', stopPrice: '' },
      { Product: stock, orderAction: 'BUY', quantity: '10' },
    ],
    [
      'limit',
      { type: 'limit', limitPrice: price('187.5'), timeInForce: 'gtc', side: 'sell' },
      'EQ',
      { priceType: 'LIMIT', orderTerm: 'GOOD_UNTIL_CANCEL', marketSession: 'REGULAR', stopPrice: '', limitPrice: '187.50' },
      { Product: stock, orderAction: 'SELL', quantity: '10' },
    ],
    [
      'limit in extended hours',
      { type: 'limit', limitPrice: price('187.5'), extendedHours: true },
      'EQ',
      { priceType: 'LIMIT', orderTerm: 'GOOD_FOR_DAY', marketSession: 'EXTENDED', stopPrice: '', limitPrice: '187.50' },
      { Product: stock, orderAction: 'BUY', quantity: '10' },
    ],
    [
      'stop',
      { type: 'stop', stopPrice: price('180'), side: 'sell', positionEffect: 'open' },
      'EQ',
      { priceType: 'STOP', orderTerm: 'GOOD_FOR_DAY', marketSession: 'REGULAR', stopPrice: '180.00' },
      { Product: stock, orderAction: 'SELL_SHORT', quantity: '10' },
    ],
    [
      'stop-limit',
      { type: 'stop-limit', stopPrice: price('180'), limitPrice: price('179.5'), positionEffect: 'close', timeInForce: 'ioc' },
      'EQ',
      { priceType: 'STOP_LIMIT', orderTerm: 'IMMEDIATE_OR_CANCEL', marketSession: 'REGULAR', stopPrice: '180.00', limitPrice: '179.50' },
      { Product: stock, orderAction: 'BUY_TO_COVER', quantity: '10' },
    ],
    [
      'option to open',
      { ...option, type: 'limit', limitPrice: price('5'), timeInForce: 'fok' },
      'OPTN',
      { priceType: 'LIMIT', orderTerm: 'FILL_OR_KILL', marketSession: 'REGULAR', stopPrice: '', limitPrice: '5.00' },
      { Product: optionProduct, orderAction: 'BUY_OPEN', quantity: '1' },
    ],
    [
      'option to close',
      { ...option, side: 'sell', positionEffect: 'close' },
      'OPTN',
      { priceType: 'MARKET', orderTerm: 'GOOD_FOR_DAY', marketSession: 'REGULAR', stopPrice: '' },
      { Product: optionProduct, orderAction: 'SELL_CLOSE', quantity: '1' },
    ],
  ])('of the kind %s has exactly this body', (_, changes, orderType, terms, instrument) => {
    expect(orderBody(draftOf({ clientOrderId, ...changes }))).toEqual({
      orderType,
      clientOrderId,
      Order: [{ allOrNone: 'false', ...terms, Instrument: [{ ...instrument, quantityType: 'QUANTITY' }] }],
    })
  })

  test('has an id of 20 letters and digits at most, the same each time', () => {
    const uuid = draftOf().clientOrderId
    expect(clientIdOf(clientOrderId)).toBe(clientOrderId)
    expect(clientIdOf(uuid)).toMatch(/^[0-9a-f]{20}$/)
    expect(clientIdOf(uuid)).toBe(clientIdOf(uuid))
    expect(clientIdOf('a-b')).not.toBe(clientIdOf('ab'))
  })
})

const previewed = (messages: unknown = {}) =>
  json({
    PreviewOrderResponse: {
      Order: { estimatedCommission: '0', estimatedFees: 0.02, estimatedTotalAmount: '169.02', messages },
      PreviewIds: { previewId: 3429395279 },
      settled: { currentOrderImpact: '169.02' },
    },
  })
const order = (status: string) =>
  json({
    OrdersResponse: {
      Order: {
        orderId: 485,
        OrderDetail: {
          placedTime: 1795186800000,
          status,
          priceType: 'LIMIT',
          orderTerm: 'GOOD_FOR_DAY',
          Instrument: { Product: { symbol: 'FB', securityType: 'EQ' }, orderAction: 'BUY', orderedQuantity: 1, filledQuantity: 0 },
        },
      },
    },
  })
const error = (message: string, status = 400): RestAnswer => json({ Error: { code: 1033, message } }, status)

/** A desk that previews, places, cancels and shows one order; what a test names answers instead. */
function desk(changes: Readonly<Record<string, RestAnswer>> = {}) {
  const answers: Readonly<Record<string, RestAnswer>> = {
    preview: previewed(),
    place: json({ PlaceOrderResponse: { OrderIds: [{ orderId: 485 }] } }),
    cancel: json({
      CancelOrderResponse: {
        orderId: 485,
        Messages: { Message: { code: 5011, description: '200|Your request to cancel your order is being processed.', type: 'WARNING' } },
      },
    }),
    order: order('OPEN'),
    ...changes,
  }
  return restBroker(
    etrade,
    ({ method, path }: RestCall) => answers[method === 'GET' ? 'order' : (/(\w+)\.json$/.exec(path)?.[1] ?? '')] ?? { status: 500 },
  )
}
const steps = (calls: readonly RestCall[]) => calls.map(({ method, path }) => `${method} ${path.replace(`/v1/accounts/${KEY}/`, '')}`)

describe('E*TRADE', () => {
  test('previews an order, with its warnings and refusals', async () => {
    const messages = {
      Message: [
        { code: 9011, description: '200|A marketable limit order.', type: 'WARNING' },
        { code: 1, description: 'Not enough funds', type: 'ERROR' },
        { code: 2 },
      ],
    }
    const { trading, calls } = desk({ preview: previewed(messages) })
    expect(await trading.previewOrder(KEY, limit, stop)).toEqual({
      estimatedValue: '-169',
      estimatedFees: '0.02',
      buyingPowerEffect: '-169.02',
      currency: 'USD',
      warnings: ['A marketable limit order.'],
      refusals: ['Not enough funds'],
    })
    expect(calls).toMatchObject([
      { method: 'POST', path: `/v1/accounts/${KEY}/orders/preview.json`, body: { PreviewOrderRequest: orderBody(limit) } },
    ])
  })

  test.each<[Partial<OrderDraft>, string]>([
    [{}, '-169'],
    [{ side: 'sell' }, '169.04'],
  ])('works out the value of a market order with %o from the total', async (changes, value) => {
    expect(await desk().trading.previewOrder(KEY, draftOf(changes), stop)).toMatchObject({ estimatedValue: value })
  })

  test('states no value of a limit order that the preview does not say', async () => {
    expect(await desk({ preview: json({ PreviewOrderResponse: {} }) }).trading.previewOrder(KEY, limit, stop)).toMatchObject({
      estimatedValue: null,
    })
  })

  test('says in a preview why it would refuse an order', async () => {
    expect(await desk({ preview: error('You do not have enough available cash.') }).trading.previewOrder(KEY, limit, stop)).toMatchObject({
      refusals: ['You do not have enough available cash.'],
    })
    await expect(desk({ preview: error('x', 403) }).trading.previewOrder(KEY, limit, stop)).rejects.toMatchObject({
      code: 'broker/refused',
    })
    expect(await desk({ preview: json({ PreviewOrderResponse: {} }) }).trading.previewOrder(KEY, draftOf(), stop)).toMatchObject({
      estimatedValue: null,
      estimatedFees: null,
      buyingPowerEffect: null,
    })
  })

  test('places an order once, after a preview of the same body', async () => {
    const { trading, calls } = desk()
    expect(await trading.placeOrder(KEY, limit, stop)).toEqual({ externalId: '485', status: 'working', statusText: 'OPEN' })
    expect(steps(calls)).toEqual(['POST orders/preview.json', 'POST orders/place.json', 'GET orders/485.json'])
    expect(calls[1]?.body).toEqual({ PlaceOrderRequest: { ...orderBody(limit), PreviewIds: [{ previewId: 3429395279 }] } })
  })

  test('takes an order for placed when it cannot be read back', async () => {
    expect(await desk({ order: error('x', 500) }).trading.placeOrder(KEY, limit, stop)).toEqual({
      externalId: '485',
      status: 'working',
      statusText: 'OPEN',
    })
  })

  test.each<[string, Readonly<Record<string, RestAnswer>>, string, number]>([
    ['a preview that is refused', { preview: error('No funds') }, 'order/rejected', 1],
    ['a preview that holds a refusal', { preview: previewed({ Message: { description: 'No', type: 'ERROR' } }) }, 'order/rejected', 1],
    ['a preview in an outage', { preview: { status: 502, body: '<html></html>' } }, 'broker/unavailable', 1],
    ['a refusal', { place: error('No funds') }, 'order/rejected', 2],
    ['an answer without an id', { place: json({ PlaceOrderResponse: {} }) }, 'order/unknown', 2],
    ['an outage', { place: { status: 503 } }, 'order/unknown', 2],
    ['an order that ends rejected', { order: order('REJECTED') }, 'order/rejected', 3],
  ])('tells %s from an order taken', async (_, changes, code, count) => {
    const { trading, calls } = desk(changes)
    await expect(trading.placeOrder(KEY, limit, stop)).rejects.toMatchObject({ code })
    expect(calls).toHaveLength(count)
  })

  test('sends nothing that the rules do not allow', async () => {
    const { trading, calls } = desk()
    for (const changes of [
      { quantity: price('1.5') },
      { assetClass: 'crypto', symbol: 'BTC/USD' },
      { quantity: null, notional: price('5') },
    ] as const) {
      await expect(trading.placeOrder(KEY, draftOf(changes), stop)).rejects.toMatchObject({ code: 'order/invalid' })
      await expect(trading.previewOrder(KEY, draftOf(changes), stop)).rejects.toMatchObject({ code: 'order/invalid' })
      await expect(trading.replaceOrder(KEY, '1', draftOf(changes), stop)).rejects.toMatchObject({ code: 'order/invalid' })
    }
    expect(calls).toEqual([])
  })

  test('changes an order by a preview and a new order', async () => {
    const { trading, calls } = desk({ place: json({ PlaceOrderResponse: { OrderIds: { orderId: '826' } } }), order: order('OPEN') })
    expect(await trading.replaceOrder(KEY, '485', limit, stop)).toMatchObject({ externalId: '826', status: 'working' })
    expect(steps(calls).slice(0, 3)).toEqual([
      'GET orders/485.json',
      'PUT orders/485/change/preview.json',
      'PUT orders/485/change/place.json',
    ])
    await expect(desk({ order: order('EXECUTED') }).trading.replaceOrder(KEY, '485', limit, stop)).rejects.toMatchObject({
      code: 'order/not-open',
      details: { status: 'EXECUTED' },
    })
  })

  test('cancels an order and looks how it stands', async () => {
    const { trading, calls } = desk({ order: order('CANCEL_REQUESTED') })
    expect(await trading.cancelOrder(KEY, '485', stop)).toEqual({ externalId: '485', status: 'working', statusText: 'CANCEL_REQUESTED' })
    expect(calls[0]).toMatchObject({
      method: 'PUT',
      path: `/v1/accounts/${KEY}/orders/cancel.json`,
      body: { CancelOrderRequest: { orderId: 485 } },
    })
    expect(await desk({ order: error('x', 500) }).trading.cancelOrder(KEY, '485', stop)).toMatchObject({ statusText: 'CANCEL_REQUESTED' })
  })

  test.each<[string, Readonly<Record<string, RestAnswer>>, string]>([
    ['that is done', { cancel: error('Cannot be canceled'), order: order('EXECUTED') }, 'order/not-open'],
    ['that still works', { cancel: error('Cannot be canceled') }, 'order/rejected'],
    ['nobody knows', { cancel: error('No such order', 404) }, 'order/not-found'],
    ['nobody finds', { cancel: error('Cannot be canceled'), order: { status: 204 } }, 'order/not-found'],
    ['that cannot be seen', { cancel: error('Cannot be canceled'), order: { status: 500 } }, 'order/rejected'],
    ['in an outage', { cancel: { status: 500 } }, 'order/unknown'],
  ])('says of an order %s why it cannot be canceled', async (_, changes, code) => {
    await expect(desk(changes).trading.cancelOrder(KEY, '485', stop)).rejects.toMatchObject({ code })
  })
})

describe('an order E*TRADE was sent before', () => {
  const places = ({ calls }: { readonly calls: readonly RestCall[] }) => calls.filter(({ path }) => path.endsWith('/orders/place.json'))

  test('and may have taken is neither previewed nor placed again', async () => {
    const it = desk({ place: { status: 503 } })
    for (const _attempt of [1, 2]) await expect(it.trading.placeOrder(KEY, limit, stop)).rejects.toMatchObject({ code: 'order/unknown' })
    expect(it.calls).toHaveLength(2)
  })

  test('and took is answered as it stands', async () => {
    const it = desk()
    const first = await it.trading.placeOrder(KEY, limit, stop)
    expect(await it.trading.placeOrder(KEY, limit, stop)).toEqual(first)
    expect(places(it)).toHaveLength(1)
  })

  test('and refused may be sent again', async () => {
    const it = desk({ place: error('No funds') })
    for (const _attempt of [1, 2]) await expect(it.trading.placeOrder(KEY, limit, stop)).rejects.toMatchObject({ code: 'order/rejected' })
    expect(places(it)).toHaveLength(2)
  })

  // E*TRADE lists orders without our ids: which one used this id cannot be told.
  test.each([
    ['place', 'The clientOrderId has already been used.'],
    ['place', 'This is a duplicate order.'],
    ['preview', 'Client order id must be unique.'],
  ])('stays in doubt when %s refuses its id: %s', async (step, says) => {
    await expect(desk({ [step]: error(says) }).trading.placeOrder(KEY, limit, stop)).rejects.toMatchObject({ code: 'order/unknown' })
  })

  test('is in doubt when the service fails inside a refusal', async () => {
    const busy = json({ Error: { code: 100, message: 'The requested service is not currently available.' } }, 400)
    await expect(desk({ place: busy }).trading.placeOrder(KEY, limit, stop)).rejects.toMatchObject({ code: 'order/unknown' })
  })
})

describe('a preview of E*TRADE', () => {
  test('without its id is placed by no one', async () => {
    const preview = json({ PreviewOrderResponse: { Order: {} } })
    const it = desk({ preview })
    await expect(it.trading.placeOrder(KEY, limit, stop)).rejects.toMatchObject({ code: 'broker/unreadable' })
    expect(it.calls).toHaveLength(1)
  })

  test('names no account in what it says', async () => {
    const says = 'Account 12345678 may not sell short.'
    const clean = 'Account … may not sell short.'
    const messages = {
      Message: [
        { description: `200|${says}`, type: 'WARNING' },
        { description: says, type: 'ERROR' },
      ],
    }
    const { trading } = desk({ preview: previewed(messages) })
    expect(await trading.previewOrder(KEY, limit, stop)).toMatchObject({ warnings: [clean], refusals: [clean] })
    await expect(trading.placeOrder(KEY, limit, stop)).rejects.toMatchObject({ code: 'order/rejected', brokerSays: clean })
  })

  test('that refuses an order without a word still refuses it', async () => {
    const it = desk({ preview: previewed({ Message: { code: 1, type: 'ERROR' } }) })
    expect((await it.trading.previewOrder(KEY, limit, stop)).refusals).toHaveLength(1)
    await expect(it.trading.placeOrder(KEY, limit, stop)).rejects.toMatchObject({ code: 'order/rejected' })
    expect(it.calls).toHaveLength(2)
  })

  test('refused because the order to change was filled meanwhile says that it is done', async () => {
    const states = [order('OPEN'), order('EXECUTED')]
    const it = restBroker(etrade, ({ method }) => (method === 'GET' ? (states.shift() ?? { status: 500 }) : error('Order not open')))
    await expect(it.trading.replaceOrder(KEY, '485', limit, stop)).rejects.toMatchObject({ code: 'order/not-open' })
    expect(it.calls).toHaveLength(3)
  })
})

describe('an order of E*TRADE that cannot become the draft', () => {
  const partly = {
    placedTime: 1795186800000,
    status: 'OPEN',
    priceType: 'LIMIT',
    orderTerm: 'GOOD_FOR_DAY',
    Instrument: { Product: { symbol: 'FB', securityType: 'EQ' }, orderAction: 'BUY', orderedQuantity: 2, filledQuantity: 1 },
  }
  const whole = { ...partly, Instrument: { ...partly.Instrument, filledQuantity: 0 } }
  const withDetail = (OrderDetail: unknown) => json({ OrdersResponse: { Order: { orderId: 485, OrderDetail } } })

  test.each<[string, RestAnswer, string, OrderDraft, string]>([
    ['of another symbol', order('OPEN'), '485', { ...limit, symbol: 'MSFT' }, 'order/invalid'],
    ['of the other side', order('OPEN'), '485', { ...limit, side: 'sell' }, 'order/invalid'],
    ['of another effect', order('OPEN'), '485', { ...limit, positionEffect: 'close' }, 'order/invalid'],
    ['partly filled, whose rest would be counted twice', withDetail(partly), '485', limit, 'order/invalid'],
    ['of several legs', withDetail({ ...whole, Instrument: [whole.Instrument, whole.Instrument] }), '485', limit, 'order/invalid'],
    ['of several parts', withDetail([whole, whole]), '485.1', limit, 'order/invalid'],
    ['that trades at the close', withDetail({ ...whole, priceType: 'MARKET_ON_CLOSE' }), '485', limit, 'order/invalid'],
    ['that works outside the regular hours too', withDetail({ ...whole, marketSession: 'EXTENDED' }), '485', limit, 'order/invalid'],
    ['that fills whole or not at all', withDetail({ ...whole, allOrNone: 'true' }), '485', limit, 'order/invalid'],
    ['that works until a date', withDetail({ ...whole, orderTerm: 'GOOD_TILL_DATE' }), '485', limit, 'order/invalid'],
    ['being canceled', order('CANCEL_REQUESTED'), '485', limit, 'order/not-open'],
  ])('is left as it is: one %s', async (_, shown, id, draft, code) => {
    const { trading, calls } = desk({ order: shown })
    await expect(trading.replaceOrder(KEY, id, draft, stop)).rejects.toMatchObject({ code })
    expect(calls.filter(({ method }) => method !== 'GET')).toEqual([])
  })
})
