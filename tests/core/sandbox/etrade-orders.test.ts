import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { FRIDAY, openBench, partOf, rowOf, text } from './client.ts'
import type { Bench, Json, Row } from './client.ts'
import { allRows, keysOf, listIn, signedIn } from './etrade-client.ts'
import type { Caller } from './etrade-client.ts'
import { PAYLOADS, addValue, readPayload, strangers } from './shape.ts'
import type { Shape } from './shape.ts'

const open = () => openBench({ stands: ['etrade'] })

async function enter(bench: Bench, now: () => Instant = () => FRIDAY): Promise<{ call: Caller; key: string; orders: string }> {
  const call = await signedIn(bench, now)
  const [key = ''] = await keysOf(call)
  return { call, key, orders: `/v1/accounts/${key}/orders` }
}

const KO = { Product: { securityType: 'EQ', symbol: 'KO' }, orderAction: 'BUY', quantityType: 'QUANTITY', quantity: '3' }
const order = (more: object = {}, instrument: object = KO, clientOrderId = 'mine1') => ({
  orderType: 'EQ',
  clientOrderId,
  Order: [
    {
      allOrNone: 'false',
      priceType: 'MARKET',
      orderTerm: 'GOOD_FOR_DAY',
      marketSession: 'REGULAR',
      stopPrice: '',
      limitPrice: '',
      ...more,
      Instrument: [instrument],
    },
  ],
})
const limit = (limitPrice: string, clientOrderId = 'mine1') => order({ priceType: 'LIMIT', limitPrice }, KO, clientOrderId)

const send = (call: Caller, method: string, path: string, body: object) => call(path, { method, body })

async function preview(call: Caller, path: string, body: object, method = 'POST'): Promise<Row> {
  return partOf(await rowOf(await send(call, method, `${path}/preview.json`, { PreviewOrderRequest: body })), 'PreviewOrderResponse')
}

function place(call: Caller, path: string, body: object, previewId: Json | undefined, method = 'POST'): Promise<Response> {
  return send(call, method, `${path}/place.json`, { PlaceOrderRequest: { ...body, PreviewIds: [{ previewId }] } })
}

const idIn = (row: Row, list: string, key: string) => listIn(row[list])[0]?.[key]

/** Previews and places an order; answers its id. */
async function placed(call: Caller, path: string, body: object, method = 'POST'): Promise<string> {
  const previewId = idIn(await preview(call, path, body, method), 'PreviewIds', 'previewId')
  return text(idIn(partOf(await rowOf(await place(call, path, body, previewId, method)), 'PlaceOrderResponse'), 'OrderIds', 'orderId'))
}

async function detailOf(call: Caller, orders: string, id: string): Promise<Row> {
  const [found] = listIn(partOf(await rowOf(await call(`${orders}/${id}.json`)), 'OrdersResponse')['Order'])
  return listIn(found?.['OrderDetail'])[0] ?? {}
}

async function codeOf(answer: Response): Promise<string> {
  return `${answer.status} ${text(partOf(await rowOf(answer), 'Error')['code'])}`
}

async function cashOf(call: Caller, key: string): Promise<Dec> {
  const balance = partOf(await rowOf(await call(`/v1/accounts/${key}/balance.json?instType=BROKERAGE`)), 'BalanceResponse')
  return Dec.of(text(partOf(balance, 'Computed')['cashBalance']))
}

test('an order is previewed, placed and executed, and moves cash and history', async () => {
  await using bench = await open()
  const { call, key, orders } = await enter(bench)
  const before = await cashOf(call, key)
  const count = (await allRows(call, key)).length
  const id = await placed(call, orders, order())
  const detail = await detailOf(call, orders, id)
  expect([detail['status'], detail['priceType'], listIn(detail['Instrument'])[0]?.['filledQuantity']]).toEqual(['EXECUTED', 'MARKET', 3])
  const rows = await allRows(call, key)
  const bought = rows.find(row => row['transactionType'] === 'Bought' && partOf(partOf(row, 'brokerage'), 'product')['symbol'] === 'KO')
  expect([rows.length, Dec.sub(await cashOf(call, key), before)]).toEqual([count + 1, Dec.of(text(bought?.['amount']))])
})

test('nothing is placed without its preview, after three minutes, changed, or twice', async () => {
  await using bench = await open()
  let now = FRIDAY
  const { call, orders } = await enter(bench, () => now)
  expect(await codeOf(await place(call, orders, order(), 1))).toBe('400 1033')
  const first = idIn(await preview(call, orders, order()), 'PreviewIds', 'previewId')
  expect(await codeOf(await place(call, orders, limit('5'), first))).toBe('400 1033')
  expect(await codeOf(await place(call, orders, order({}, KO, 'other'), first))).toBe('400 1033')
  expect((await place(call, orders, order(), first)).status).toBe(200)
  expect(await codeOf(await place(call, orders, order(), first))).toBe('400 1033')
  const second = idIn(await preview(call, orders, limit('5', 'mine2')), 'PreviewIds', 'previewId')
  now = Instant.plus(now, 180_000)
  bench.pass(180_000)
  expect(await codeOf(await place(call, orders, limit('5', 'mine2'), second))).toBe('400 1033')
})

test('a resting order is changed under a new id and cancelled once', async () => {
  await using bench = await open()
  const { call, orders } = await enter(bench)
  const first = await placed(call, orders, limit('1.5'))
  expect((await detailOf(call, orders, first))['status']).toBe('OPEN')
  const second = await placed(call, `${orders}/${first}/change`, limit('1.6', 'mine2'), 'PUT')
  expect(await detailOf(call, orders, first)).toMatchObject({ status: 'CANCELLED', replacedByOrderId: Number(second) })
  expect(await detailOf(call, orders, second)).toMatchObject({ status: 'OPEN', limitPrice: 1.6, replacesOrderId: Number(first) })
  const cancel = () => send(call, 'PUT', `${orders}/cancel.json`, { CancelOrderRequest: { orderId: Number(second) } })
  const answer = partOf(await rowOf(await cancel()), 'CancelOrderResponse')
  expect(listIn(partOf(answer, 'Messages')['Message'])[0]?.['code']).toBe(5011)
  expect((await detailOf(call, orders, second))['status']).toBe('CANCELLED')
  expect(await codeOf(await cancel())).toBe('400 5001')
})

test('stops, trailing stops and options keep their terms', async () => {
  await using bench = await open()
  const { call, orders } = await enter(bench)
  const stop = await placed(call, orders, order({ priceType: 'STOP_LIMIT', stopPrice: '900', limitPrice: '901' }, KO, 'a1'))
  expect(await detailOf(call, orders, stop)).toMatchObject({ priceType: 'STOP_LIMIT', stopPrice: 900, limitPrice: 901, status: 'OPEN' })
  const trail = await placed(call, orders, order({ priceType: 'TRAILING_STOP_PRCNT', offsetValue: '5' }, KO, 'a2'))
  expect(await detailOf(call, orders, trail)).toMatchObject({ priceType: 'TRAILING_STOP_PRCNT', stopPrice: 5 })
  const Product = {
    symbol: 'AAPL',
    securityType: 'OPTN',
    callPut: 'CALL',
    expiryYear: '2026',
    expiryMonth: '12',
    expiryDay: '18',
    strikePrice: '170',
  }
  const body = order({ priceType: 'LIMIT', limitPrice: '0.05' }, { Product, orderAction: 'BUY_OPEN', quantity: '1' }, 'a3')
  const option = listIn((await detailOf(call, orders, await placed(call, orders, body)))['Instrument'])[0]
  expect(option).toMatchObject({ orderAction: 'BUY_OPEN', Product: { expiryYear: 2026, productId: { symbol: 'AAPL--261218C00170000' } } })
})

test.each([
  [order({ priceType: 'ODD' }), 101],
  [order({ orderTerm: 'ODD' }), 101],
  [order({ priceType: 'LIMIT' }), 101],
  [order({ priceType: 'STOP' }), 101],
  [order({}, KO, 'not a good id'), 101],
  [order({}, KO, 'a123456789012345678901'), 101],
  [order({}, { ...KO, orderAction: 'BUY_OPEN' }), 101],
  [order({}, { ...KO, quantity: '1.5' }), 101],
  [order({}, { ...KO, Product: { securityType: 'EQ', symbol: 'NOTHING' } }), 1019],
  [order({}, { ...KO, quantity: '1000000' }), 3000],
  [order({}, { ...KO, orderAction: 'SELL', quantity: '900000' }), 3010],
])('%j is refused with %i', async (body, code) => {
  await using bench = await open()
  const { call, orders } = await enter(bench)
  expect(await codeOf(await send(call, 'POST', `${orders}/preview.json`, { PreviewOrderRequest: body }))).toBe(`400 ${code}`)
})

test('orders come by pages, status and day, and none is no body', async () => {
  await using bench = await open()
  const { call, orders } = await enter(bench)
  const ids: Json[] = []
  for (let marker = ''; ;) {
    const page = partOf(await rowOf(await call(`${orders}.json?count=100${marker}`)), 'OrdersResponse')
    ids.push(...listIn(page['Order']).map(row => row['orderId'] ?? ''))
    if (page['marker'] === undefined) break
    marker = `&marker=${text(page['marker'])}`
  }
  expect(ids.length).toBeGreaterThan(300)
  expect(new Set(ids).size).toBe(ids.length)
  const working = listIn(partOf(await rowOf(await call(`${orders}.json?status=OPEN`)), 'OrdersResponse')['Order'])
  expect(working.map(row => listIn(row['OrderDetail'])[0]?.['status'])).toEqual(['OPEN', 'OPEN'])
  const placedEvent = listIn(partOf(working[0], 'Events')['Event'])[0]
  expect(listIn(placedEvent?.['Instrument'])[0]?.['filledQuantity']).toBeGreaterThan(0)
  expect((await call(`${orders}.json?fromDate=01012020&toDate=01022020`)).status).toBe(204)
  expect(await codeOf(await call(`${orders}.json?fromDate=01012020`))).toBe('400 101')
})

test('a rejected order says so in its status', async () => {
  await using bench = await open()
  const { call, orders } = await enter(bench)
  bench.sandbox.control('etrade').knobs.set('reject-orders', 'Halted')
  expect((await detailOf(call, orders, await placed(call, orders, order())))['status']).toBe('REJECTED')
})

test('quotes of shares and options, and a message for what is unknown', async () => {
  await using bench = await open()
  const { call } = await enter(bench)
  const answer = partOf(
    await rowOf(await call('/v1/market/quote/AAPL,AAPL:2026:12:18:CALL:170,NOTHING.json?detailFlag=ALL')),
    'QuoteResponse',
  )
  const data = listIn(answer['QuoteData'])
  expect(data.map(row => partOf(row, 'Product')['securityType'])).toEqual(['EQ', 'OPTN'])
  expect(Number(partOf(data[0], 'All')['bid'])).toBeLessThan(Number(partOf(data[0], 'All')['ask']))
  expect(listIn(partOf(answer, 'Messages')['Message'])[0]?.['code']).toBe(1019)
  const many = Array.from({ length: 26 }, () => 'KO').join(',')
  expect((await call(`/v1/market/quote/${many}.json`)).status).toBe(400)
  expect((await call(`/v1/market/quote/${many}.json?overrideSymbolCount=true`)).status).toBe(200)
})

describe.skipIf(!existsSync(PAYLOADS))('against the captured payloads', () => {
  const shapeOf = (...files: string[]): Shape => {
    const shape: Shape = new Map()
    for (const file of files) addValue(shape, readPayload(`etrade/${file}.json`))
    return shape
  }

  test('previews, placings, changes and cancels', async () => {
    await using bench = await open()
    const { call, orders } = await enter(bench)
    const previews = shapeOf('sandbox_preview_order', 'lv_PreviewOrderResponseEquity')
    previews.set('$.PreviewOrderResponse.Order[].Instrument[].Product.productId', new Set(['object']))
    previews.set('$.PreviewOrderResponse.Order[].Instrument[].Product.productId.symbol', new Set(['string']))
    const answer = await rowOf(await send(call, 'POST', `${orders}/preview.json`, { PreviewOrderRequest: limit('1.5') }))
    expect(strangers(previews, answer)).toEqual([])
    const places = shapeOf('sandbox_place_order', 'lv_PlaceOrderResponseEquity')
    places.set('$.PlaceOrderResponse.Order[].Instrument[].Product.productId', new Set(['object']))
    places.set('$.PlaceOrderResponse.Order[].Instrument[].Product.productId.symbol', new Set(['string']))
    const previewId = idIn(partOf(answer, 'PreviewOrderResponse'), 'PreviewIds', 'previewId')
    const taken = await rowOf(await place(call, orders, limit('1.5'), previewId))
    expect(strangers(places, taken)).toEqual([])
    const orderId = Number(idIn(partOf(taken, 'PlaceOrderResponse'), 'OrderIds', 'orderId'))
    const gone = await rowOf(await send(call, 'PUT', `${orders}/cancel.json`, { CancelOrderRequest: { orderId } }))
    expect(strangers(shapeOf('lv_CancelOrderResponse'), gone)).toEqual([])
  })

  test('listed orders, beside the events that only live answers have', async () => {
    await using bench = await open()
    const { call, orders } = await enter(bench)
    const listed = shapeOf('sandbox_orders')
    const answer = await rowOf(await call(`${orders}.json?count=100`))
    expect(strangers(listed, answer).filter(line => !line.includes('.Events'))).toEqual([])
  })

  test('quotes', async () => {
    await using bench = await open()
    const { call } = await enter(bench)
    const answer = await rowOf(await call('/v1/market/quote/KO.json'))
    expect(strangers(shapeOf('sandbox_quote'), answer)).toEqual([])
  })
})
