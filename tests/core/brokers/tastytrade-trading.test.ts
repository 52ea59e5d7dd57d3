import { describe, expect, test } from 'vitest'
import { tastytrade } from '../../../electron/core/brokers/tastytrade/index.ts'
import { orderBody } from '../../../electron/core/brokers/tastytrade/order-body.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { OrderDraft } from '../../../shared/domain/order.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { never } from '../net/support/client.ts'
import { draftOf } from './support/drafts.ts'
import { json, restBroker, type RestAnswer, type RestCall } from './support/rest-broker.ts'

const stop = { signal: never }
const ACCOUNT = '5KL40017'
const price = Dec.of
const near = LocalDate.of('2026-11-20')
const option: Partial<OrderDraft> = { symbol: 'AAPL261218C00250000', assetClass: 'option', quantity: Dec.of('3'), positionEffect: 'open' }
const limit = draftOf({ type: 'limit', limitPrice: price('187.5') })

describe('an order for tastytrade', () => {
  test.each<[string, Partial<OrderDraft>, object, object]>([
    [
      'market',
      {},
      { 'time-in-force': 'Day', 'order-type': 'Market' },
      { 'instrument-type': 'Equity', symbol: 'AAPL', quantity: 10, action: 'Buy to Open' },
    ],
    [
      'limit',
      { type: 'limit', limitPrice: price('187.5'), timeInForce: 'gtc', side: 'sell' },
      { 'time-in-force': 'GTC', 'order-type': 'Limit', price: '187.50', 'price-effect': 'Credit' },
      { 'instrument-type': 'Equity', symbol: 'AAPL', quantity: 10, action: 'Sell to Close' },
    ],
    [
      'limit in extended hours',
      { type: 'limit', limitPrice: price('187.5'), extendedHours: true },
      { 'time-in-force': 'Ext', 'order-type': 'Limit', price: '187.50', 'price-effect': 'Debit' },
      { 'instrument-type': 'Equity', symbol: 'AAPL', quantity: 10, action: 'Buy to Open' },
    ],
    [
      'stop',
      { type: 'stop', stopPrice: price('180'), side: 'sell' },
      { 'time-in-force': 'Day', 'order-type': 'Stop', 'stop-trigger': '180.00' },
      { 'instrument-type': 'Equity', symbol: 'AAPL', quantity: 10, action: 'Sell to Close' },
    ],
    [
      'stop-limit',
      { type: 'stop-limit', stopPrice: price('180'), limitPrice: price('179.5'), side: 'sell', positionEffect: 'open' },
      { 'time-in-force': 'Day', 'order-type': 'Stop Limit', 'stop-trigger': '180.00', price: '179.50', 'price-effect': 'Credit' },
      { 'instrument-type': 'Equity', symbol: 'AAPL', quantity: 10, action: 'Sell to Open' },
    ],
    [
      'amount of money',
      { quantity: null, notional: price('250') },
      { 'time-in-force': 'Day', 'order-type': 'Notional Market', value: '250.0', 'value-effect': 'Debit' },
      { 'instrument-type': 'Equity', symbol: 'AAPL', action: 'Buy to Open' },
    ],
    [
      'option',
      { ...option, type: 'limit', limitPrice: price('1.25'), positionEffect: 'close', side: 'sell' },
      { 'time-in-force': 'Day', 'order-type': 'Limit', price: '1.25', 'price-effect': 'Credit' },
      { 'instrument-type': 'Equity Option', symbol: 'AAPL  261218C00250000', quantity: 3, action: 'Sell to Close' },
    ],
    [
      'future',
      { symbol: '/MESZ26', assetClass: 'future', quantity: price('1'), type: 'limit', limitPrice: price('5750.25'), timeInForce: 'ioc' },
      { 'time-in-force': 'IOC', 'order-type': 'Limit', price: '5750.25', 'price-effect': 'Debit' },
      { 'instrument-type': 'Future', symbol: '/MESZ6', quantity: 1, action: 'Buy' },
    ],
    [
      'option on a future',
      {
        symbol: './MESZ26 EXX26 261113P5400',
        assetClass: 'future-option',
        quantity: price('1'),
        positionEffect: 'open',
        type: 'limit',
        limitPrice: price('12.25'),
      },
      { 'time-in-force': 'Day', 'order-type': 'Limit', price: '12.25', 'price-effect': 'Debit' },
      { 'instrument-type': 'Future Option', symbol: './MESZ6EXX6  261113P5400', quantity: 1, action: 'Buy to Open' },
    ],
    [
      'crypto',
      { symbol: 'BTC/USD', assetClass: 'crypto', quantity: price('0.05') },
      { 'time-in-force': 'Day', 'order-type': 'Market' },
      { 'instrument-type': 'Cryptocurrency', symbol: 'BTC/USD', quantity: '0.05', action: 'Buy to Open' },
    ],
  ])('of the kind %s has exactly this body', (_, changes, terms, leg) => {
    const draft = draftOf(changes)
    expect(orderBody(draft, near)).toEqual({
      ...terms,
      legs: [leg],
      'advanced-instructions': { 'strict-position-effect-validation': true },
      'external-identifier': draft.clientOrderId,
    })
  })

  test.each([
    ['/ESZ36', 'of other ten years'],
    ['/ESZ16', 'of ten years ago'],
  ])('for %s, a future %s, is refused', symbol => {
    const draft = draftOf({ symbol, assetClass: 'future', quantity: price('1') })
    expect(() => orderBody(draft, near)).toThrow(expect.objectContaining({ code: 'order/invalid' }))
  })

  test('for extended hours is refused where it would be sent without them', () => {
    const draft = draftOf({ type: 'limit', limitPrice: price('187.5'), extendedHours: true, timeInForce: 'ioc' })
    expect(() => orderBody(draft, near)).toThrow(expect.objectContaining({ code: 'order/invalid' }))
  })

  test('between two steps of the future is refused', () => {
    const draft = draftOf({ symbol: '/MESZ26', assetClass: 'future', type: 'limit', limitPrice: price('5750.3') })
    expect(() => orderBody(draft, near)).toThrow(expect.objectContaining({ code: 'order/invalid' }))
  })
})

const placed = {
  id: 68677,
  status: 'Routed',
  'received-at': '2026-11-20T15:00:00.000+00:00',
  'updated-at': 1795186800000,
  legs: [{ symbol: 'AAPL', 'instrument-type': 'Equity', quantity: 10, 'remaining-quantity': 10, action: 'Buy to Open', fills: [] }],
}
const terms = { ...placed, 'order-type': 'Limit', 'time-in-force': 'Day' }
const preflight = {
  error: {
    code: 'preflight_check_failure',
    message: 'One or more preflight checks failed',
    errors: [{ code: 'margin_check_failed', message: 'Account does not have sufficient buying power available for this order.' }],
  },
}
const desk = (respond: (call: RestCall) => RestAnswer) => restBroker(tastytrade, respond)

describe('tastytrade', () => {
  test('tries an order without placing it', async () => {
    const { trading, calls } = desk(() =>
      json(
        {
          data: {
            order: { ...placed, id: null, 'updated-at': 0 },
            warnings: [{ code: 'tif_next_valid_sesssion', message: 'Your order will begin working during next valid session.' }],
            'buying-power-effect': { 'change-in-buying-power': '1875.02', 'change-in-buying-power-effect': 'Debit' },
            'fee-calculation': { 'total-fees': '0.02', 'total-fees-effect': 'Debit' },
          },
        },
        201,
      ),
    )
    expect(await trading.previewOrder(ACCOUNT, limit, stop)).toEqual({
      estimatedValue: null,
      estimatedFees: '0.02',
      buyingPowerEffect: '-1875.02',
      currency: 'USD',
      warnings: ['Your order will begin working during next valid session.'],
      refusals: [],
    })
    expect(calls).toMatchObject([{ method: 'POST', path: `/accounts/${ACCOUNT}/orders/dry-run`, body: { 'order-type': 'Limit' } }])
  })

  test('says in a preview why it would refuse an order', async () => {
    const { trading } = desk(() => json(preflight, 422))
    expect(await trading.previewOrder(ACCOUNT, limit, stop)).toMatchObject({
      refusals: ['Account does not have sufficient buying power available for this order.'],
    })
    await expect(desk(() => json({ error: { message: 'x' } }, 401)).trading.previewOrder(ACCOUNT, limit, stop)).rejects.toMatchObject({
      code: 'auth/sign-in-needed',
    })
  })

  test.each<[string, Partial<OrderDraft>]>([
    ['a market order', {}],
    ['an option sold', { ...option, side: 'sell', type: 'limit', limitPrice: price('1.25') }],
    ['an amount', { quantity: null, notional: price('250') }],
  ])('states nothing of %s that a dry run does not say', async (_, changes) => {
    const { trading } = desk(() => json({ data: { 'fee-calculation': { 'total-fees': null } } }))
    expect(await trading.previewOrder(ACCOUNT, draftOf(changes), stop)).toMatchObject({
      estimatedValue: null,
      estimatedFees: null,
      buyingPowerEffect: null,
    })
  })

  test('places an order once', async () => {
    const { trading, calls } = desk(() => json({ data: { order: placed, warnings: [] } }, 201))
    expect(await trading.placeOrder(ACCOUNT, limit, stop)).toEqual({ externalId: '68677', status: 'working', statusText: 'Routed' })
    expect(calls).toMatchObject([
      { method: 'POST', path: `/accounts/${ACCOUNT}/orders`, body: { 'external-identifier': limit.clientOrderId } },
    ])
  })

  test('sends nothing that the rules do not allow', async () => {
    const { trading, calls } = desk(() => json({}))
    for (const changes of [
      { type: 'trailing-stop', trail: { kind: 'percent', value: price('5') } },
      { quantity: price('1.5') },
      { timeInForce: 'fok' },
      { symbol: '/ESV26', assetClass: 'future' },
      { symbol: '/ESZ36', assetClass: 'future' },
    ] as const) {
      await expect(trading.placeOrder(ACCOUNT, draftOf(changes), stop)).rejects.toMatchObject({ code: 'order/invalid' })
      await expect(trading.previewOrder(ACCOUNT, draftOf(changes), stop)).rejects.toMatchObject({ code: 'order/invalid' })
      await expect(trading.replaceOrder(ACCOUNT, '1', draftOf(changes), stop)).rejects.toMatchObject({ code: 'order/invalid' })
    }
    expect(calls).toEqual([])
  })

  test.each<[string, RestAnswer, string]>([
    ['a refusal', json(preflight, 422), 'order/rejected'],
    [
      'an order that ends rejected',
      json({ data: { order: { ...placed, status: 'Rejected', 'reject-reason': 'Symbol halted' } } }, 201),
      'order/rejected',
    ],
    ['an answer without an order', json({ data: {} }, 201), 'order/unknown'],
    ['an empty answer', { status: 201 }, 'order/unknown'],
    ['an outage', { status: 502, body: '<html></html>' }, 'order/unknown'],
    ['another answer', json({ data: 'soon' }, 201), 'order/unknown'],
  ])('tells %s from an order taken', async (_, answer, code) => {
    const { trading, calls } = desk(() => answer)
    await expect(trading.placeOrder(ACCOUNT, limit, stop)).rejects.toMatchObject({ code })
    expect(calls).toHaveLength(1)
  })

  test.each([
    ['that filled in part', { legs: placed.legs.map(leg => ({ ...leg, 'remaining-quantity': 6, fills: [{ 'fill-id': '1', quantity: 4, 'fill-price': '187', 'filled-at': '2026-11-20T15:00:00Z' }] })) }],
    ['that takes what the market asks', { 'order-type': 'Marketable Limit' }],
    ['that works until a date', { 'time-in-force': 'GTD' }],
    ['that works overnight', { 'time-in-force': 'GTC Ext Overnight' }],
  ])('does not change an order %s', async (_, told) => {
    const { trading, calls } = desk(({ method }) => (method === 'PUT' ? json({ data: { ...placed, id: 68680 } }) : json({ data: { ...terms, ...told } })))
    await expect(trading.replaceOrder(ACCOUNT, '68677', limit, stop)).rejects.toMatchObject({ code: 'order/invalid' })
    expect(calls.filter(call => call.method === 'PUT')).toEqual([])
  })

  test('changes the terms of an order, not its legs', async () => {
    const { trading, calls } = desk(({ method }) => (method === 'PUT' ? json({ data: { ...placed, id: 68680 } }) : json({ data: terms })))
    expect(await trading.replaceOrder(ACCOUNT, '68677', limit, stop)).toEqual({
      externalId: '68680',
      status: 'working',
      statusText: 'Routed',
    })
    expect(calls.at(-1)).toEqual({
      method: 'PUT',
      path: `/accounts/${ACCOUNT}/orders/68677`,
      query: {},
      body: { 'time-in-force': 'Day', 'order-type': 'Limit', price: '187.50', 'price-effect': 'Debit' },
    })
    await expect(trading.replaceOrder(ACCOUNT, '68677', { ...limit, quantity: price('11') }, stop)).rejects.toMatchObject({
      code: 'order/invalid',
    })
    expect(calls.filter(call => call.method === 'PUT')).toHaveLength(1)
  })

  test("does not call an order changed whose effect is another than the draft's", async () => {
    const shorted = { ...placed, legs: placed.legs.map(leg => ({ ...leg, action: 'Sell to Open' })) }
    const { trading, calls } = desk(({ method }) =>
      method === 'PUT' ? json({ data: { ...shorted, id: 68680 } }) : json({ data: shorted }),
    )
    const closing = { ...limit, side: 'sell' as const, positionEffect: 'close' as const }
    await expect(trading.replaceOrder(ACCOUNT, '68677', closing, stop)).rejects.toMatchObject({ code: 'order/invalid' })
    expect(calls.filter(call => call.method === 'PUT')).toEqual([])
  })

  test('cancels an order', async () => {
    const { trading, calls } = desk(() => json({ data: { ...placed, status: 'Cancel Requested' } }))
    expect(await trading.cancelOrder(ACCOUNT, '68677', stop)).toEqual({
      externalId: '68677',
      status: 'working',
      statusText: 'Cancel Requested',
    })
    expect(calls).toMatchObject([{ method: 'DELETE', path: `/accounts/${ACCOUNT}/orders/68677` }])
    expect(await desk(() => ({ status: 204 })).trading.cancelOrder(ACCOUNT, '68677', stop)).toMatchObject({
      statusText: 'Cancel Requested',
    })
  })

  test.each<[string, RestAnswer, RestAnswer, string]>([
    [
      'that is done',
      json({ error: { code: 'order_not_cancellable', message: 'no' } }, 422),
      json({ data: { ...placed, status: 'Filled' } }),
      'order/not-open',
    ],
    ['that still works', json({ error: { code: 'order_not_cancellable', message: 'no' } }, 422), json({ data: placed }), 'order/rejected'],
    ['nobody knows', json({ error: { code: 'not_found', message: 'no' } }, 404), json({}, 404), 'order/not-found'],
    ['nobody finds', json({ error: { code: 'invalid', message: 'no' } }, 422), json({}, 404), 'order/not-found'],
    ['that cannot be seen', json({ error: { code: 'invalid', message: 'no' } }, 422), { status: 500 }, 'order/rejected'],
  ])('says of an order %s why it cannot be canceled', async (_, refusal, found, code) => {
    const { trading } = desk(({ method }) => (method === 'DELETE' ? refusal : found))
    await expect(trading.cancelOrder(ACCOUNT, '68677', stop)).rejects.toMatchObject({ code })
  })

  test('does not change an order that is done', async () => {
    const { trading, calls } = desk(() => json({ data: { ...placed, status: 'Filled' } }))
    await expect(trading.replaceOrder(ACCOUNT, '68677', limit, stop)).rejects.toMatchObject({ code: 'order/not-open' })
    expect(calls.filter(call => call.method !== 'GET')).toEqual([])
  })

  test.each(['Cancel Requested', 'Replace Requested'])('does not change an order that is on its way out: %s', async status => {
    const { trading, calls } = desk(() => json({ data: { ...placed, status } }))
    await expect(trading.replaceOrder(ACCOUNT, '68677', limit, stop)).rejects.toMatchObject({ code: 'order/not-open' })
    expect(calls.filter(call => call.method !== 'GET')).toEqual([])
  })

  test('does not change an order for an amount of money, nor take another for the one asked for', async () => {
    const { trading, calls } = desk(() => json({ data: placed }))
    const amount = draftOf({ quantity: null, notional: price('250') })
    await expect(trading.replaceOrder(ACCOUNT, '68677', amount, stop)).rejects.toMatchObject({ code: 'order/invalid' })
    await expect(trading.replaceOrder(ACCOUNT, '68678', limit, stop)).rejects.toMatchObject({ code: 'order/not-found' })
    expect(calls.filter(call => call.method !== 'GET')).toEqual([])
  })

  test('names no account in what tastytrade says, and reads a dry run that was turned down as a refusal', async () => {
    const says = 'Account 5012345678 may not sell short.'
    const clean = 'Account … may not sell short.'
    const turnedDown = { ...placed, status: 'Rejected', 'reject-reason': says }
    const { trading } = desk(() => json({ data: { order: turnedDown, warnings: [{ message: says }], errors: [{ message: says }] } }, 201))
    expect(await trading.previewOrder(ACCOUNT, limit, stop)).toMatchObject({ warnings: [clean], refusals: [clean, clean] })
    await expect(trading.placeOrder(ACCOUNT, limit, stop)).rejects.toMatchObject({ code: 'order/rejected', brokerSays: clean })
  })

  test('sends no quantity that a number cannot hold', async () => {
    const { trading, calls } = desk(() => json({ data: { order: placed } }, 201))
    for (const quantity of ['9007199254740993', '1000000000000000000000']) {
      await expect(trading.placeOrder(ACCOUNT, { ...limit, quantity: price(quantity) }, stop)).rejects.toMatchObject({
        code: 'order/invalid',
      })
    }
    expect(calls).toEqual([])
  })
})

// tastytrade takes the same order twice: an external identifier is there to find an order by.
describe('an order tastytrade was sent before', () => {
  const mine = { ...placed, 'external-identifier': limit.clientOrderId }
  const desk2 = (list: RestAnswer, sent: RestAnswer = { status: 502 }) =>
    desk(({ method, path }) => (method === 'POST' ? sent : path.endsWith('/orders') ? list : json({ data: placed })))
  const posts = ({ calls }: { readonly calls: readonly RestCall[] }) => calls.filter(call => call.method === 'POST')
  const list = (...items: unknown[]) => json({ data: { items } })

  test('is found by its identifier and not sent again', async () => {
    const it = desk2(list({ ...mine, id: 1, 'external-identifier': 'x' }, mine))
    await expect(it.trading.placeOrder(ACCOUNT, limit, stop)).rejects.toMatchObject({ code: 'order/unknown' })
    expect(await it.trading.placeOrder(ACCOUNT, limit, stop)).toEqual({ externalId: '68677', status: 'working', statusText: 'Routed' })
    expect(posts(it)).toHaveLength(1)
  })

  test.each([
    ['is not listed', list()],
    ['is listed as another', list({ ...mine, legs: [{ ...placed.legs[0], action: 'Sell to Close' }] })],
    ['cannot be looked for', json({}, 403)],
  ])('stays in doubt when it %s, and is not sent again', async (_, found) => {
    const it = desk2(found)
    for (const _attempt of [1, 2, 3]) {
      await expect(it.trading.placeOrder(ACCOUNT, limit, stop)).rejects.toMatchObject({ code: 'order/unknown' })
    }
    expect(posts(it)).toHaveLength(1)
  })

  test('is answered as it stands when it was placed, and its identifier takes no other order', async () => {
    const it = desk2(list(), json({ data: { order: placed } }, 201))
    const [first, second] = [await it.trading.placeOrder(ACCOUNT, limit, stop), await it.trading.placeOrder(ACCOUNT, limit, stop)]
    expect(second).toEqual(first)
    const other = { ...limit, quantity: price('11') }
    await expect(it.trading.placeOrder(ACCOUNT, other, stop)).rejects.toMatchObject({ code: 'order/invalid' })
    expect(posts(it)).toHaveLength(1)
  })

  test('may be sent again when it was refused', async () => {
    const it = desk2(list(), json(preflight, 422))
    for (const _attempt of [1, 2]) {
      await expect(it.trading.placeOrder(ACCOUNT, limit, stop)).rejects.toMatchObject({ code: 'order/rejected' })
    }
    expect(posts(it)).toHaveLength(2)
  })
})
