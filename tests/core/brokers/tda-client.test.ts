import { describe, expect, test } from 'vitest'
import { tdameritrade } from '../../../electron/core/brokers/tdameritrade/index.ts'
import { orderBody } from '../../../electron/core/brokers/tdameritrade/order-body.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { OrderDraft } from '../../../shared/domain/order.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { never } from '../net/support/client.ts'
import { draftOf } from './support/drafts.ts'
import { fixture } from './support/fixtures.ts'
import { json, restBroker, type RestAnswer, type RestCall } from './support/rest-broker.ts'

const stop = { signal: never }
const ACCOUNT = '700300417'
const price = Dec.of
const range = { from: LocalDate.of('2024-01-01'), to: LocalDate.of('2026-01-15') }

describe('TD Ameritrade', () => {
  test('is closed: nothing but the sandbox can be connected, and Schwab took it over', () => {
    expect(Object.keys(tdameritrade.environments)).toEqual(['sandbox'])
    expect(tdameritrade.closed).toMatchObject({ successor: 'schwab' })
  })

  test('has history, a year a call, newest first, in whole days without a gap', async () => {
    const { adapter, calls } = restBroker(tdameritrade, () => ({ body: '[]' }))
    const cursors: (string | null)[] = []
    for (let cursor: string | null = null; ;) {
      const { next } = await adapter.activities(ACCOUNT, range, cursor, stop)
      cursors.push(next)
      if (next === null) break
      cursor = next
    }
    expect(calls.map(({ query }) => [query['startDate'], query['endDate']])).toEqual([
      ['2025-01-16', '2026-01-15'],
      ['2024-01-17', '2025-01-15'],
      ['2024-01-01', '2024-01-16'],
    ])
    expect(calls[0]).toMatchObject({ path: `/v1/accounts/${ACCOUNT}/transactions`, query: { type: 'ALL' } })
    expect(cursors).toEqual(['d1.2025-01-15', 'd1.2024-01-16', null])
  })

  test('keeps rows as sent, and one that cannot be read beside the others', async () => {
    const { adapter } = restBroker(tdameritrade, () => ({
      body: fixture('tdameritrade', 'transactions').replace('"netAmount":5000.0', '"netAmount":"much"'),
    }))
    const { rows } = await adapter.activities(ACCOUNT, { from: LocalDate.of('2024-01-01'), to: LocalDate.of('2024-12-30') }, null, stop)
    expect(rows).toHaveLength(7)
    expect(rows.find(({ facts }) => facts.externalId === '50100000004')).toMatchObject({
      facts: { externalId: '50100000004', kind: 'other', brokerType: 'WIRE_IN', tradeDate: '2024-01-10' },
    })
    expect(rows.at(-1)?.raw).toContain('"price":6.25')
  })

  test('hands on the rows of one second by their numbers, whatever order a page has them in', async () => {
    const body = JSON.stringify(
      [12, 9, 10, 11].map(id => ({
        transactionId: 24_000_000_000 + id,
        type: 'JOURNAL',
        netAmount: 1,
        transactionDate: '2024-03-01T06:00:01+0000',
      })),
    )
    const { adapter } = restBroker(tdameritrade, () => ({ body }))
    const { rows } = await adapter.activities(ACCOUNT, { from: LocalDate.of('2024-01-01'), to: LocalDate.of('2024-12-30') }, null, stop)
    expect(rows.map(({ facts }) => facts.externalId.slice(-2))).toEqual(['09', '10', '11', '12'])
  })

  test.each(['', 'd1.', 'd1.2024-02-30', 's1.1.1'])('refuses the cursor %j', async cursor => {
    await expect(restBroker(tdameritrade, () => ({})).adapter.activities(ACCOUNT, range, cursor, stop)).rejects.toMatchObject({
      code: 'app/invalid-request',
    })
  })

  test('has accounts, balances, positions and orders', async () => {
    const account = {
      securitiesAccount: {
        accountId: ACCOUNT,
        type: 'CASH',
        currentBalances: { liquidationValue: 10, cashBalance: 4 },
        positions: [
          {
            longQuantity: 0,
            shortQuantity: 2,
            averagePrice: 3,
            marketValue: -500,
            instrument: { symbol: 'F_021626C12', assetType: 'OPTION' },
          },
        ],
      },
    }
    const order = (id: number, status: string, enteredTime: string) => ({
      orderId: id,
      status,
      enteredTime,
      quantity: 3,
      filledQuantity: status === 'WORKING' ? 1 : 0,
      orderLegCollection: [{ instruction: 'BUY', instrument: { symbol: 'F' } }],
    })
    const { adapter, calls } = restBroker(tdameritrade, ({ path }) => {
      if (path === '/v1/accounts') return json([account])
      if (path.endsWith('/orders'))
        return json([
          order(2, 'WORKING', '2026-01-02T15:00:00+0000'),
          order(1, 'CANCELED', '2026-01-01T15:00:00+0000'),
          order(3, 'NOVA', '2026-01-20T15:00:00+0000'),
        ])
      return path.endsWith('/orders/2')
        ? json(order(2, 'NOVA', '2026-01-02T15:00:00+0000'))
        : path.includes('/orders/')
          ? json({ error: 'none' }, 404)
          : json(account)
    })
    expect(await adapter.testConnection(stop)).toEqual({ accounts: 1 })
    expect(await adapter.accounts(stop)).toMatchObject([{ key: ACCOUNT, name: 'TD Ameritrade cash account' }])
    expect(await adapter.balances(ACCOUNT, stop)).toMatchObject([{ netLiquidation: '10', cash: '4', buyingPower: null }])
    expect(await adapter.positions(ACCOUNT, stop)).toMatchObject([{ symbol: 'F260216C00012000', quantity: '-2', unrealized: '100' }])
    expect(await adapter.orders(ACCOUNT, { status: 'all', range }, stop)).toMatchObject([
      { externalId: '2', status: 'partially-filled' },
      { externalId: '1', status: 'canceled' },
    ])
    expect(await adapter.orders(ACCOUNT, { status: 'closed', range }, stop)).toHaveLength(1)
    expect(await adapter.orderStatus(ACCOUNT, '2', stop)).toMatchObject({ status: 'other' })
    await expect(adapter.orderStatus(ACCOUNT, '9', stop)).rejects.toMatchObject({ code: 'order/not-found' })
    expect(calls.find(call => call.query['fields'] === 'positions')?.path).toBe(`/v1/accounts/${ACCOUNT}`)
  })

  test("has quotes by Keelson's symbols", async () => {
    const quote = {
      bidPrice: 1,
      askPrice: 0,
      lastPrice: 0,
      nAV: 72.6,
      closePrice: 72,
      quoteTimeInLong: 1795186799000,
      tradeTimeInLong: 1795186798000,
      delayed: true,
    }
    const { adapter, calls } = restBroker(tdameritrade, () => json({ AAPL_051724P190: quote }))
    expect(await adapter.quotes(['AAPL240517P00190000', '$SPX'], stop)).toEqual([
      {
        symbol: 'AAPL240517P00190000',
        bid: '1',
        ask: null,
        last: '72.6',
        previousClose: '72',
        currency: 'USD',
        delayed: true,
        asOf: '2026-11-20T14:59:58.000Z',
        times: { quoted: '2026-11-20T14:59:59.000Z', traded: '2026-11-20T14:59:58.000Z' },
      },
    ])
    expect(calls[0]?.query).toEqual({ symbol: 'AAPL_051724P190,$SPX.X' })
    expect(await adapter.quotes([], stop)).toEqual([])
  })

  test.each<[number, string, string, string | undefined]>([
    [
      401,
      '{"error":"The access token being passed has expired or is invalid."}',
      'auth/sign-in-needed',
      'The access token being passed has expired or is invalid.',
    ],
    [400, '{"error":"Bad request."}', 'broker/refused', 'Bad request.'],
    [503, '', 'broker/unavailable', undefined],
  ])('%i %s is %s', async (status, body, code, brokerSays) => {
    await expect(restBroker(tdameritrade, () => ({ status, body })).adapter.balances(ACCOUNT, stop)).rejects.toMatchObject({
      code,
      brokerSays,
    })
  })
})

describe('an order for TD Ameritrade', () => {
  const stock = { symbol: 'AAPL', assetType: 'EQUITY' }
  test.each<[string, Partial<OrderDraft>, object, object]>([
    ['market', {}, { orderType: 'MARKET', session: 'NORMAL', duration: 'DAY' }, { instruction: 'BUY', quantity: 10, instrument: stock }],
    [
      'limit short',
      { type: 'limit', limitPrice: price('187.5'), timeInForce: 'gtc', side: 'sell', positionEffect: 'open', extendedHours: true },
      { orderType: 'LIMIT', session: 'SEAMLESS', duration: 'GOOD_TILL_CANCEL', price: '187.50' },
      { instruction: 'SELL_SHORT', quantity: 10, instrument: stock },
    ],
    [
      'stop-limit cover',
      { type: 'stop-limit', stopPrice: price('180'), limitPrice: price('179.5'), positionEffect: 'close', timeInForce: 'fok' },
      { orderType: 'STOP_LIMIT', session: 'NORMAL', duration: 'FILL_OR_KILL', price: '179.50', stopPrice: '180.00' },
      { instruction: 'BUY_TO_COVER', quantity: 10, instrument: stock },
    ],
    [
      'option',
      { symbol: 'AAPL240517P00190000', assetClass: 'option', positionEffect: 'open', quantity: price('2') },
      { orderType: 'MARKET', session: 'NORMAL', duration: 'DAY' },
      { instruction: 'BUY_TO_OPEN', quantity: 2, instrument: { symbol: 'AAPL_051724P190', assetType: 'OPTION' } },
    ],
    [
      'option sold',
      { symbol: 'AAPL240517P00190000', assetClass: 'option', positionEffect: 'close', side: 'sell' },
      { orderType: 'MARKET', session: 'NORMAL', duration: 'DAY' },
      { instruction: 'SELL_TO_CLOSE', quantity: 10, instrument: { symbol: 'AAPL_051724P190', assetType: 'OPTION' } },
    ],
    [
      'fund',
      { symbol: 'VTSAX', assetClass: 'fund', side: 'sell' },
      { orderType: 'MARKET', session: 'NORMAL', duration: 'DAY' },
      { instruction: 'SELL', quantity: 10, instrument: { symbol: 'VTSAX', assetType: 'MUTUAL_FUND' } },
    ],
  ])('of the kind %s has exactly this body', (_, changes, terms, leg) => {
    expect(orderBody(draftOf(changes))).toEqual({ orderStrategyType: 'SINGLE', ...terms, orderLegCollection: [leg] })
  })

  const limit = draftOf({ type: 'limit', limitPrice: price('187.5') })
  const leg = { instruction: 'BUY', instrument: { symbol: 'AAPL', assetType: 'EQUITY' } }
  const shown = (status: string, changes: object = {}, orderId = 77) =>
    json({ orderId, status, enteredTime: '2026-11-20T15:00:00+0000', orderLegCollection: [leg], quantity: 10, ...changes })
  const taken: RestAnswer = { status: 201, headers: { location: `https://api.tdameritrade.com/v1/accounts/${ACCOUNT}/orders/77` } }
  const desk = (sent: RestAnswer, order: RestAnswer = shown('WORKING')) =>
    restBroker(tdameritrade, ({ method, path }: RestCall) =>
      method !== 'GET' ? sent : path.endsWith('/76') ? shown('WORKING', {}, 76) : order,
    )

  test('is worked out, placed once, changed and canceled', async () => {
    const { trading, calls } = desk(taken)
    expect(await trading.previewOrder(ACCOUNT, limit, stop)).toMatchObject({ estimatedValue: '-1875', refusals: [] })
    expect(await trading.previewOrder(ACCOUNT, draftOf({ side: 'sell' }), stop)).toMatchObject({ estimatedValue: null })
    expect(calls).toEqual([])
    const working = { externalId: '77', status: 'working', statusText: 'WORKING' }
    expect(await trading.placeOrder(ACCOUNT, limit, stop)).toEqual(working)
    expect(await trading.replaceOrder(ACCOUNT, '76', limit, stop)).toEqual(working)
    expect(await trading.cancelOrder(ACCOUNT, '77', stop)).toEqual(working)
    expect(calls.filter(call => call.method !== 'GET').map(({ method, path }) => `${method} ${path}`)).toEqual([
      `POST /v1/accounts/${ACCOUNT}/orders`,
      `PUT /v1/accounts/${ACCOUNT}/orders/76`,
      `DELETE /v1/accounts/${ACCOUNT}/orders/77`,
    ])
    expect(await desk(taken, { status: 500 }).trading.placeOrder(ACCOUNT, limit, stop)).toMatchObject({ statusText: 'ACCEPTED' })
    expect(await desk({ status: 200 }, { status: 500 }).trading.cancelOrder(ACCOUNT, '77', stop)).toMatchObject({
      statusText: 'PENDING_CANCEL',
    })
  })

  test.each<[string, RestAnswer, RestAnswer, string]>([
    ['a refusal', json({ error: 'No funds' }, 400), shown('WORKING'), 'order/rejected'],
    ['an order that ends rejected', taken, shown('REJECTED'), 'order/rejected'],
    ['an answer without a place', { status: 201 }, shown('WORKING'), 'order/unknown'],
    ['an outage', { status: 502 }, shown('WORKING'), 'order/unknown'],
  ])('tells %s from an order taken', async (_, sent, order, code) => {
    await expect(desk(sent, order).trading.placeOrder(ACCOUNT, limit, stop)).rejects.toMatchObject({ code })
  })

  test.each<[string, RestAnswer, RestAnswer, string]>([
    ['that is done', json({ error: 'no' }, 400), shown('FILLED'), 'order/not-open'],
    ['that still works', json({ error: 'no' }, 400), shown('WORKING'), 'order/rejected'],
    ['nobody knows', json({ error: 'no' }, 404), { status: 404 }, 'order/not-found'],
    ['nobody finds', json({ error: 'no' }, 400), { status: 404 }, 'order/not-found'],
  ])('%s says why it cannot be changed', async (_, sent, order, code) => {
    await expect(desk(sent, order).trading.cancelOrder(ACCOUNT, '77', stop)).rejects.toMatchObject({ code })
    await expect(desk(sent, order).trading.replaceOrder(ACCOUNT, '77', limit, stop)).rejects.toMatchObject({ code })
  })

  test('that cannot be seen is not called done, and not changed', async () => {
    const { trading, calls } = desk(json({ error: 'no' }, 400), { status: 500 })
    await expect(trading.cancelOrder(ACCOUNT, '77', stop)).rejects.toMatchObject({ code: 'order/rejected' })
    await expect(trading.replaceOrder(ACCOUNT, '77', limit, stop)).rejects.toMatchObject({ code: 'broker/unavailable' })
    expect(calls.map(({ method }) => method)).not.toContain('PUT')
  })

  test('filled between the look and the change says so', async () => {
    const states = [shown('WORKING'), shown('FILLED')]
    const { trading } = restBroker(tdameritrade, ({ method }) => (method === 'GET' ? (states.shift() ?? {}) : json({ error: 'no' }, 400)))
    await expect(trading.replaceOrder(ACCOUNT, '77', limit, stop)).rejects.toMatchObject({ code: 'order/not-open' })
  })

  test('is not sent twice: where nobody can tell, it stays in doubt', async () => {
    const placed = desk(taken)
    const first = await placed.trading.placeOrder(ACCOUNT, limit, stop)
    expect(await placed.trading.placeOrder(ACCOUNT, limit, stop)).toEqual(first)
    const lost = desk({ status: 502 })
    for (const _attempt of [1, 2])
      await expect(lost.trading.placeOrder(ACCOUNT, limit, stop)).rejects.toMatchObject({ code: 'order/unknown' })
    expect([placed, lost].map(({ calls }) => calls.filter(({ method }) => method === 'POST').length)).toEqual([1, 1])
  })

  test.each([
    `https://api.tdameritrade.com/v1/accounts/${ACCOUNT}/orders/76`,
    'https://api.tdameritrade.com/v1/accounts/999/orders/77',
    `https://api.tdameritrade.com/v1/accounts/${ACCOUNT}/savedorders/orders/77`,
  ])('is in doubt after a change that names %s', async location => {
    const { trading } = desk({ status: 201, headers: { location } })
    await expect(trading.replaceOrder(ACCOUNT, '76', limit, stop)).rejects.toMatchObject({ code: 'order/unknown' })
  })

  test.each<[string, RestAnswer, object, string]>([
    ['of another symbol', shown('WORKING'), { symbol: 'MSFT' }, 'order/invalid'],
    ['of the other side', shown('WORKING'), { side: 'sell' }, 'order/invalid'],
    ['of another effect', shown('WORKING'), { positionEffect: 'close' }, 'order/invalid'],
    ['of several legs', shown('WORKING', { orderLegCollection: [leg, leg] }), {}, 'order/invalid'],
    ['with an order behind it', shown('WORKING', { childOrderStrategies: [{}] }), {}, 'order/invalid'],
    ['partly filled, whose rest would be bought twice', shown('WORKING', { filledQuantity: 4 }), {}, 'order/invalid'],
    ['that is done', shown('FILLED'), {}, 'order/not-open'],
    ['being canceled', shown('PENDING_CANCEL'), {}, 'order/not-open'],
    ['being replaced', shown('PENDING_REPLACE'), {}, 'order/not-open'],
  ])('does not take the place of one %s', async (_, order, changes, code) => {
    const { trading, calls } = desk(taken, order)
    await expect(trading.replaceOrder(ACCOUNT, '77', { ...limit, ...changes }, stop)).rejects.toMatchObject({ code })
    expect(calls.filter(({ method }) => method !== 'GET')).toEqual([])
  })

  test('that was turned down says why, and names no account', async () => {
    const says = { statusDescription: 'Account 123456789 may not sell short.' }
    await expect(desk(taken, shown('REJECTED', says)).trading.placeOrder(ACCOUNT, limit, stop)).rejects.toMatchObject({
      code: 'order/rejected',
      brokerSays: 'Account … may not sell short.',
    })
  })

  test('with a quantity that a number cannot hold is not sent', async () => {
    const { trading, calls } = desk(taken)
    const large = { ...limit, quantity: price('9007199254740993') }
    await expect(trading.placeOrder(ACCOUNT, large, stop)).rejects.toMatchObject({ code: 'order/invalid' })
    expect(calls).toEqual([])
  })

  test('is not known when another comes back', async () => {
    await expect(desk(taken).adapter.orderStatus(ACCOUNT, '78', stop)).rejects.toMatchObject({ code: 'order/not-found' })
  })

  test('outside the rules is not sent', async () => {
    const { trading, calls } = desk(taken)
    await expect(trading.placeOrder(ACCOUNT, draftOf({ quantity: price('1.5') }), stop)).rejects.toMatchObject({ code: 'order/invalid' })
    await expect(trading.previewOrder(ACCOUNT, draftOf({ timeInForce: 'ioc' }), stop)).rejects.toMatchObject({ code: 'order/invalid' })
    expect(calls).toEqual([])
  })
})
