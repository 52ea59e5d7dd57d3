import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Dec } from '../../../shared/domain/decimal.ts'
import { allTransactions, hashesOf, openBench, partOf, rowOf, rowsOf, sender, text } from './client.ts'
import type { Bench, Row, Send } from './client.ts'
import { PAYLOADS, addSchema, addValue, readPayload, readSchemas, strangers } from './shape.ts'

/** Where the two brokers with one order form differ. */
const BROKERS = {
  schwab: {
    find: async (send: Send) => `/trader/v1/accounts/${(await hashesOf(path => send('GET', path)))[0]?.hash ?? ''}`,
    quotes: '/marketdata/v1/quotes?symbols=',
  },
  tdameritrade: {
    find: async (send: Send) =>
      `/v1/accounts/${text(partOf((await rowsOf(await send('GET', '/v1/accounts')))[0], 'securitiesAccount')['accountId'])}`,
    quotes: '/v1/marketdata/quotes?symbol=',
  },
} as const

const order = (more: object = {}, leg: object = {}) => ({
  orderType: 'MARKET',
  session: 'NORMAL',
  duration: 'DAY',
  orderStrategyType: 'SINGLE',
  ...more,
  orderLegCollection: [{ instruction: 'BUY', quantity: 3, instrument: { symbol: 'KO', assetType: 'EQUITY' }, ...leg }],
})
const limit = (price: string) => order({ orderType: 'LIMIT', price, duration: 'GOOD_TILL_CANCEL' })

async function cashOf(send: Send, account: string): Promise<Dec> {
  const body = (await rowOf(await send('GET', account)))['securitiesAccount'] as Row
  return Dec.of(text((body['currentBalances'] as Row)['cashBalance']))
}

describe.each(['schwab', 'tdameritrade'] as const)('%s', broker => {
  const open = () => openBench({ stands: [broker] })
  const enter = async (bench: Bench) => {
    const send = await sender(bench, broker)
    return { send, account: await BROKERS[broker].find(send) }
  }
  const place = async (send: Send, account: string, body: object) => {
    const answer = await send('POST', `${account}/orders`, body)
    return { status: answer.status, body: await answer.text(), location: answer.headers.get('location') ?? '' }
  }

  test('an order is answered with its address and no body, and filled when read back', async () => {
    await using bench = await open()
    const { send, account } = await enter(bench)
    const before = await cashOf(send, account)
    const placed = await place(send, account, order())
    expect([placed.status, placed.body, new URL(placed.location).pathname.startsWith(`${account}/orders/`)]).toEqual([201, '', true])
    const read = await rowOf(await send('GET', placed.location))
    expect(read).toMatchObject({ status: 'FILLED', filledQuantity: 3, remainingQuantity: 0, orderType: 'MARKET' })
    const [execution] = read['orderActivityCollection'] as Row[]
    const [part] = (execution?.['executionLegs'] ?? []) as Row[]
    expect([execution?.['executionType'], part?.['quantity']]).toEqual(['FILL', 3])
    const paid = Dec.mul(Dec.of('3'), Dec.of(text(part?.['price'])))
    expect(await cashOf(send, account)).toEqual(Dec.sub(before, paid))
  })

  test('a resting order is replaced under a new address and canceled once', async () => {
    await using bench = await open()
    const { send, account } = await enter(bench)
    const first = await place(send, account, limit('1.50'))
    expect(await rowOf(await send('GET', first.location))).toMatchObject({ status: 'WORKING', price: 1.5, duration: 'GOOD_TILL_CANCEL' })
    const answer = await send('PUT', first.location, limit('1.60'))
    const second = answer.headers.get('location') ?? ''
    expect([answer.status, second === first.location]).toEqual([201, false])
    expect((await rowOf(await send('GET', first.location)))['status']).toBe('REPLACED')
    expect((await rowOf(await send('GET', second)))['price']).toBe(1.6)
    expect((await send('DELETE', second)).status).toBe(200)
    expect((await rowOf(await send('GET', second)))['status']).toBe('CANCELED')
    expect((await send('DELETE', second)).status).toBe(400)
    expect((await send('PUT', first.location, limit('1.70'))).status).toBe(400)
  })

  test('stops and trailing stops keep their prices', async () => {
    await using bench = await open()
    const { send, account } = await enter(bench)
    const read = async (body: object) => rowOf(await send('GET', (await place(send, account, body)).location))
    expect(await read(order({ orderType: 'STOP', stopPrice: '900' }))).toMatchObject({ status: 'WORKING', stopPrice: 900 })
    expect(await read(order({ orderType: 'STOP_LIMIT', stopPrice: '900', price: '901' }))).toMatchObject({ stopPrice: 900, price: 901 })
    const trail = { orderType: 'TRAILING_STOP', stopPriceLinkBasis: 'BID', stopPriceLinkType: 'PERCENT', stopPriceOffset: 2 }
    expect(await read(order(trail))).toMatchObject({ orderType: 'TRAILING_STOP', stopPriceLinkType: 'PERCENT', stopPriceOffset: 2 })
  })

  test('what the rules forbid is taken and then rejected with a sentence', async () => {
    await using bench = await open()
    const { send, account } = await enter(bench)
    const reason = async (body: object) => {
      const read = await rowOf(await send('GET', (await place(send, account, body)).location))
      return `${text(read['status'])} ${text(read['statusDescription'])}`
    }
    expect(await reason(limit('1.555'))).toMatch(/^REJECTED Orders at or above \$1/)
    expect(await reason(order({}, { quantity: 1_000_000 }))).toMatch(/^REJECTED You do not have enough available cash/)
    expect(await reason(order({}, { instruction: 'SELL', quantity: 900_000 }))).toMatch(/^REJECTED You do not hold enough/)
    bench.sandbox.control(broker).knobs.set('reject-orders', 'Trading is halted.')
    expect(await reason(order())).toBe('REJECTED Trading is halted.')
  })

  test.each([
    [order({ orderType: 'SOMETHING' })],
    [order({ duration: 'ALWAYS' })],
    [order({ orderType: 'LIMIT' })],
    [order({ requestedDestination: 'AUTO' })],
    [order({}, { instrument: { symbol: 'NOTHING', assetType: 'EQUITY' } })],
    [order({}, { quantity: 0 })],
    [order({}, { instruction: 'BUY_TO_OPEN' })],
  ])('%j is refused', async body => {
    await using bench = await open()
    const { send, account } = await enter(bench)
    expect((await place(send, account, body)).status).toBe(400)
  })

  test('half a fill shows in the quantities alone', async () => {
    await using bench = await open()
    const { send, account } = await enter(bench)
    bench.sandbox.control(broker).knobs.set('partial-fills', '1')
    const read = await rowOf(await send('GET', (await place(send, account, order({}, { quantity: 10 }))).location))
    expect(read).toMatchObject({ status: 'WORKING', filledQuantity: 5, remainingQuantity: 5 })
  })

  test('quotes by symbol', async () => {
    await using bench = await open()
    const { send } = await enter(bench)
    const answer = await rowOf(await send('GET', `${BROKERS[broker].quotes}AAPL,SPY,NOTHING`))
    expect(Object.keys(answer).slice(0, 2)).toEqual(['AAPL', 'SPY'])
    const aapl = (broker === 'schwab' ? (answer['AAPL'] as Row)['quote'] : answer['AAPL']) as Row
    expect(Number(aapl['bidPrice'])).toBeLessThan(Number(aapl['askPrice']))
    expect(answer['errors']).toEqual(broker === 'schwab' ? { invalidSymbols: ['NOTHING'] } : undefined)
  })
})

test('a Schwab order shows in the transactions, costs and all', async () => {
  await using bench = await openBench({ stands: ['schwab'] })
  const send = await sender(bench, 'schwab')
  const account = await BROKERS.schwab.find(send)
  const get = (path: string) => send('GET', path)
  const [position] = ((await rowOf(await send('GET', `${account}?fields=positions`)))['securitiesAccount'] as Row)['positions'] as Row[]
  const symbol = text(partOf(position, 'instrument')['symbol'])
  const before = await cashOf(send, account)
  const answer = await send(
    'POST',
    `${account}/orders`,
    order({}, { instruction: 'SELL', quantity: 1, instrument: { symbol, assetType: 'EQUITY' } }),
  )
  const id = (answer.headers.get('location') ?? '').split('/').at(-1)
  const rows = await allTransactions(get, account.split('/').at(-1) ?? '')
  const [trade, ...others] = rows.filter(row => text(row['orderId'] ?? '') === id)
  expect(others).toEqual([])
  expect(Dec.sub(await cashOf(send, account), before)).toEqual(Dec.of(text(trade?.['netAmount'])))
  const items = trade?.['transferItems'] as Row[]
  expect(Dec.sum(items.map(item => Dec.of(text(item['cost']))))).toEqual(Dec.of(text(trade?.['netAmount'])))
})

test('a placed Schwab order can come without its address', async () => {
  await using bench = await openBench({ stands: ['schwab'] })
  const send = await sender(bench, 'schwab')
  const account = await BROKERS.schwab.find(send)
  bench.sandbox.control('schwab').knobs.set('omit-location', '1')
  const answer = await send('POST', `${account}/orders`, order())
  expect([answer.status, answer.headers.get('location')]).toEqual([201, null])
})

describe.skipIf(!existsSync(PAYLOADS))('against the captured Schwab payloads', () => {
  test('previews, accepted and rejected', async () => {
    await using bench = await openBench({ stands: ['schwab'] })
    const send = await sender(bench, 'schwab')
    const account = await BROKERS.schwab.find(send)
    const shape = addValue(new Map(), readPayload('schwab/rb_preview_accepted.json'))
    addValue(shape, readPayload('schwab/rb_preview_rejected.json'))
    const fine = await rowOf(await send('POST', `${account}/previewOrder`, limit('1.50')))
    const bad = await rowOf(await send('POST', `${account}/previewOrder`, limit('1.555')))
    expect([...strangers(shape, fine), ...strangers(shape, bad)]).toEqual([])
    expect([(fine['orderStrategy'] as Row)['status'], (bad['orderStrategy'] as Row)['status']]).toEqual(['ACCEPTED', 'REJECTED'])
    expect((bad['orderValidationResult'] as Row)['rejects']).toHaveLength(1)
  })

  test('orders of every kind against the specification', async () => {
    await using bench = await openBench({ stands: ['schwab'] })
    const send = await sender(bench, 'schwab')
    const account = await BROKERS.schwab.find(send)
    const schemas = readSchemas('schwab/spec/trader_api.openapi.json')
    const shape = addSchema(new Map(), schemas, { $ref: '#/components/schemas/Order' })
    addValue(shape, (readPayload('schwab/rb_orders.json') as Row[])[0] ?? {})
    for (const body of [
      order(),
      limit('1.50'),
      limit('1.555'),
      order({ orderType: 'TRAILING_STOP', stopPriceOffset: 1, stopPriceLinkType: 'VALUE' }),
    ]) {
      const answer = await send('POST', `${account}/orders`, body)
      expect(strangers(shape, await rowOf(await send('GET', answer.headers.get('location') ?? '')))).toEqual([])
    }
  })

  test('quotes', async () => {
    await using bench = await openBench({ stands: ['schwab'] })
    const send = await sender(bench, 'schwab')
    const shape = addValue(new Map(), (readPayload('schwab/rb_quote_NVDA.json') as Row)['NVDA'] ?? {})
    const answer = await rowOf(await send('GET', '/marketdata/v1/NVDA/quotes'))
    expect(strangers(shape, answer['NVDA'] ?? null)).toEqual([])
    expect((await send('GET', '/marketdata/v1/NOTHING/quotes')).status).toBe(404)
  })
})

test.skipIf(!existsSync(PAYLOADS))('TD Ameritrade quotes against the captured ones', async () => {
  await using bench = await openBench({ stands: ['tdameritrade'] })
  const send = await sender(bench, 'tdameritrade')
  const shape = addValue(new Map(), (readPayload('tdameritrade/equity-quote-resp.json') as Row)['MSFT'] ?? {})
  const answer = await rowOf(await send('GET', '/v1/marketdata/MSFT/quotes'))
  expect(strangers(shape, answer['MSFT'] ?? null)).toEqual([])
})
