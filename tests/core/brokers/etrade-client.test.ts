import { describe, expect, test } from 'vitest'
import type { BrokerActivity, BrokerAdapter, DateRange } from '../../../electron/core/brokers/adapter.ts'
import { etrade } from '../../../electron/core/brokers/etrade/index.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { never } from '../net/support/client.ts'
import { fixture } from './support/fixtures.ts'
import { json, restBroker, type RestAnswer, type RestCall } from './support/rest-broker.ts'

const stop = { signal: never }
const KEY = 'dBZOKt9x_-Rk'
const range = { from: LocalDate.of('2026-11-01'), to: LocalDate.of('2026-11-20') }
const at = (day: string) => Date.parse(`${day}T05:00:00Z`)

/** Pages of transactions by mark, each naming the next. */
function pages(list: Readonly<Record<string, { readonly ids: readonly number[]; readonly marker?: string; readonly next?: string }>>) {
  return ({ query }: RestCall): RestAnswer => {
    const page = list[String(query['marker'] ?? '')]
    const rows = (page?.ids ?? []).map(id => ({
      transactionId: String(id),
      transactionDate: at('2026-11-12'),
      transactionType: 'Transfer',
      amount: 1,
    }))
    return json({
      TransactionListResponse: { Transaction: rows, marker: page?.marker ?? '', next: page?.next ?? '', moreTransactions: false },
    })
  }
}

async function readAll(serve: (call: RestCall) => RestAnswer) {
  const { adapter, calls } = restBroker(etrade, serve)
  const ids: string[] = []
  for (let cursor: string | null = null; ;) {
    const page = await adapter.activities(KEY, range, cursor, stop)
    ids.push(...page.rows.map(row => row.facts.externalId))
    if (page.next === null) return { ids, calls }
    cursor = page.next
  }
}

/** All rows, once each: a server that heeds no days tells some again. */
async function everyRow(adapter: Pick<BrokerAdapter, 'activities'>, days: DateRange): Promise<BrokerActivity[]> {
  const rows = new Map<string, BrokerActivity>()
  for (let cursor: string | null = null; ;) {
    const page = await adapter.activities(KEY, days, cursor, stop)
    for (const row of page.rows) rows.set(row.facts.externalId, row)
    if (page.next === null) return [...rows.values()]
    cursor = page.next
  }
}

describe('E*TRADE history', () => {
  test('is read mark by mark, whatever else says that there is more', async () => {
    const { ids, calls } = await readAll(
      pages({
        '': { ids: [6, 5], marker: '5_17' },
        '5_17': { ids: [4, 3], next: 'https://api.etrade.com/v1/x?count=50&marker=3%5F16' },
        '3_16': { ids: [2, 1] },
      }),
    )
    // In the order they happened, however many pages a day takes: a day is all their time, and of one day the first kept comes first.
    expect(ids).toEqual(['1', '2', '3', '4', '5', '6'])
    expect(calls.map(call => call.query)).toEqual([
      { startDate: '11012026', endDate: '11202026', count: '50', sortOrder: 'DESC' },
      { startDate: '11012026', endDate: '11202026', count: '50', sortOrder: 'DESC', marker: '5_17' },
      { startDate: '11012026', endDate: '11202026', count: '50', sortOrder: 'DESC', marker: '3_16' },
    ])
    expect(calls[0]?.path).toBe(`/v1/accounts/${KEY}/transactions.json`)
  })

  test('hands on whole days: one that a page cuts in two is left to the next call', async () => {
    const all = [9, 8, 7, 6, 5, 4, 3, 2, 1].map(id => ({ id, day: `2026-11-${String(10 + Math.ceil(id / 3))}` }))
    const { ids, calls } = await readAll(({ query }) => {
      const end = String(query['endDate'])
      const mine = all.filter(({ day }) => day <= `${end.slice(4)}-${end.slice(0, 2)}-${end.slice(2, 4)}`)
      const from = mine.findIndex(({ id }) => String(id) === query['marker'])
      const page = mine.slice(Math.max(0, from), Math.max(0, from) + 2)
      const next = mine[Math.max(0, from) + 2]
      const Transaction = page.map(({ id, day }) => ({ transactionId: String(id), transactionDate: at(day), transactionType: 'Transfer', amount: 1 }))
      return json({ TransactionListResponse: { Transaction, marker: next ? String(next.id) : '', moreTransactions: false } })
    })
    expect(ids).toEqual(['7', '8', '9', '4', '5', '6', '1', '2', '3'])
    expect(calls.map(({ query }) => [query['endDate'], query['marker']])).toEqual([
      ['11202026', undefined],
      ['11202026', '7'],
      ['11122026', undefined],
      ['11122026', '4'],
      ['11112026', undefined],
      ['11112026', '1'],
    ])
  })

  test('goes by the marks where a server heeds no days', async () => {
    const served = (marker: string): { readonly id: string; readonly day: string; readonly next: string }[] =>
      marker === 'b' ? [{ id: '1', day: '2026-11-11', next: '' }] : [{ id: '3', day: '2026-11-13', next: 'b' }, { id: '2', day: '2026-11-12', next: 'b' }]
    const { ids } = await readAll(({ query }) => {
      const rows = served(String(query['marker'] ?? ''))
      const Transaction = rows.map(({ id, day }) => ({ transactionId: id, transactionDate: at(day), transactionType: 'Transfer', amount: 1 }))
      return json({ TransactionListResponse: { Transaction, marker: rows[0]?.next ?? '', moreTransactions: false } })
    })
    expect(ids).toEqual(['3', '1', '2'])
  })

  test('ends where a mark repeats, or where a page is empty', async () => {
    expect((await readAll(pages({ '': { ids: [2], marker: 'a' }, a: { ids: [1], marker: 'a' } }))).ids).toEqual(['1', '2'])
    expect((await readAll(pages({ '': { ids: [2], marker: 'a' }, a: { ids: [], marker: 'b' } }))).calls).toHaveLength(2)
  })

  test.each<[string, RestAnswer]>([
    ['an empty body', { status: 200 }],
    ['no content', { status: 204 }],
    ['nothing in a list', json({ TransactionListResponse: { Transaction: null, marker: '' } })],
    ['an answer that is null', json({ TransactionListResponse: null })],
  ])('has no rows in %s', async (_, answer) => {
    const { adapter } = restBroker(etrade, () => answer)
    expect(await adapter.activities(KEY, range, null, stop)).toMatchObject({ rows: [], next: null })
  })

  test('of one row comes as that row', async () => {
    const { adapter } = restBroker(etrade, () =>
      json({
        TransactionListResponse: {
          Transaction: { transactionId: '7', transactionDate: at('2026-11-12'), transactionType: 'Fee', amount: -1 },
        },
      }),
    )
    const { rows } = await adapter.activities(KEY, range, null, stop)
    expect(rows).toMatchObject([{ facts: { externalId: '7', kind: 'fee', fees: '1' } }])
    expect(rows[0]?.raw).toContain('"transactionId":"7"')
  })

  test('keeps its rows as sent, and one that cannot be read beside the others', async () => {
    const { adapter } = restBroker(etrade, () => ({ body: fixture('etrade', 'transactions').replace('"amount":48.34', '"amount":"lots"') }))
    const rows = await everyRow(adapter, range)
    expect(rows).toHaveLength(8)
    expect(rows.find(({ facts }) => facts.externalId === '26118100000010')).toMatchObject({
      facts: { externalId: '26118100000010', kind: 'other', brokerType: 'Sold Short', tradeDate: '2026-11-20' },
    })
    for (const { raw } of rows) expect(raw).toMatch(/^\{"transactionId"/)
  })

  test('leaves out what lies beside the days, and asks no further back than two years', async () => {
    const { adapter, calls } = restBroker(etrade, () => ({ body: fixture('etrade', 'transactions') }))
    const rows = await everyRow(adapter, { from: LocalDate.of('2020-01-01'), to: LocalDate.of('2026-11-18') })
    expect(rows.map(row => row.facts.tradeDate)).toEqual(['2026-11-18', '2026-11-18', '2026-11-18', '2026-11-17'])
    expect(calls[0]?.query).toMatchObject({ startDate: '11212024', endDate: '11182026' })
    expect(adapter.historyStart(LocalDate.of('2028-02-29'))).toBe('2026-03-02')
  })

  test.each(['', 'e2.', 'e2.2026-02-30', 'e1.1.x', 't1.1.x'])('refuses the cursor %j', async cursor => {
    const { adapter, calls } = restBroker(etrade, () => ({}))
    await expect(adapter.activities(KEY, range, cursor, stop)).rejects.toMatchObject({ code: 'app/invalid-request' })
    expect(calls).toEqual([])
  })
})

describe('E*TRADE accounts', () => {
  const account = { accountId: '820100417', accountIdKey: KEY, accountMode: 'MARGIN', accountName: 'Mine', accountStatus: 'ACTIVE' }
  const position = (symbol: string) => ({ Product: { symbol, securityType: 'EQ' }, quantity: 1, positionType: 'LONG' })

  test('come single or listed, with real-time values', async () => {
    const { adapter, calls } = restBroker(etrade, ({ path }) =>
      path.endsWith('/list.json')
        ? json({ AccountListResponse: { Accounts: { Account: account } } })
        : json({ BalanceResponse: { Computed: { netCash: 5, RealTimeValues: { totalAccountValue: 9 } } } }),
    )
    expect(await adapter.testConnection(stop)).toEqual({ accounts: 1 })
    expect(await adapter.accounts(stop)).toMatchObject([{ key: KEY, number: '820100417', name: 'Mine' }])
    expect(await adapter.balances(KEY, stop)).toMatchObject([{ netLiquidation: '9', cash: '5' }])
    expect(calls.at(-1)).toMatchObject({ path: `/v1/accounts/${KEY}/balance.json`, query: { instType: 'BROKERAGE', realTimeNAV: 'true' } })
  })

  test('have positions, page by page; an empty answer is none', async () => {
    const { adapter, calls } = restBroker(etrade, ({ query }) =>
      json({
        PortfolioResponse: {
          AccountPortfolio: { totalPages: 2, Position: query['pageNumber'] === '1' ? [position('A'), position('B')] : position('C') },
        },
      }),
    )
    expect((await adapter.positions(KEY, stop)).map(held => held.symbol)).toEqual(['A', 'B', 'C'])
    expect(calls.map(call => call.query)).toEqual([
      { count: '50', pageNumber: '1' },
      { count: '50', pageNumber: '2' },
    ])
    expect(await restBroker(etrade, () => ({ status: 204 })).adapter.positions(KEY, stop)).toEqual([])
  })

  test('have a position once, though it comes twice, and two of one symbol where they are two', async () => {
    const lots = [
      { ...position('A'), positionId: 1 },
      { ...position('A'), positionId: 1 },
      { ...position('A'), positionId: 2, positionType: 'SHORT' },
    ]
    const { adapter } = restBroker(etrade, () => json({ PortfolioResponse: { AccountPortfolio: [{ totalPages: 1, Position: lots }] } }))
    expect((await adapter.positions(KEY, stop)).map(held => held.quantity)).toEqual(['1', '-1'])
  })

  test('have orders, mark by mark, of the days and the kind asked for', async () => {
    const { adapter, calls } = restBroker(etrade, ({ query }) =>
      query['marker'] === undefined
        ? { body: fixture('etrade', 'orders').replace('"OrdersResponse":{', '"OrdersResponse":{"marker":"m2",') }
        : json({ OrdersResponse: { marker: 'm2', Order: [] } }),
    )
    const ids = async (status: 'all' | 'open' | 'closed') =>
      (await adapter.orders(KEY, { status, range }, stop)).map(order => order.externalId)
    expect([await ids('all'), await ids('open'), await ids('closed')]).toEqual([
      ['96', '95', '94', '93.1', '93.2'],
      ['96', '93.2'],
      ['95', '94', '93.1'],
    ])
    expect(calls.slice(0, 2).map(call => call.query)).toEqual([
      { fromDate: '11012026', toDate: '11202026', count: '100' },
      { fromDate: '11012026', toDate: '11202026', count: '100', marker: 'm2' },
    ])
    expect(await adapter.orders(KEY, { status: 'all', range: { from: range.from, to: LocalDate.of('2026-11-18') } }, stop)).toHaveLength(2)
  })

  test('have single orders, or say that there is none', async () => {
    const { adapter, calls } = restBroker(etrade, ({ path }) =>
      path.includes('/93')
        ? { body: fixture('etrade', 'orders') }
        : path.includes('/1.')
          ? { status: 404, body: '{"Error":{"code":5,"message":"none"}}' }
          : { status: 204 },
    )
    expect(await adapter.orderStatus(KEY, '93.2', stop)).toMatchObject({ externalId: '93.2' })
    expect(calls[0]?.path).toBe(`/v1/accounts/${KEY}/orders/93.json`)
    await expect(adapter.orderStatus(KEY, '1', stop)).rejects.toMatchObject({ code: 'order/not-found' })
    await expect(adapter.orderStatus(KEY, '2', stop)).rejects.toMatchObject({ code: 'order/not-found' })
  })

  test("have quotes by Keelson's symbols, 25 a call, without what E*TRADE does not trade", async () => {
    const option = {
      symbol: 'TSLA',
      securityType: 'OPTN',
      callPut: 'CALL',
      expiryYear: 2026,
      expiryMonth: 10,
      expiryDay: 20,
      strikePrice: 230,
    }
    const quote = (product: object) => ({
      dateTimeUTC: 1795186798,
      quoteStatus: 'DELAYED',
      ahFlag: 'false',
      All: { lastTrade: 10, bid: 0, ask: 10.5, previousClose: 9 },
      Product: product,
    })
    const { adapter, calls } = restBroker(etrade, () =>
      json({
        QuoteResponse: {
          QuoteData: [
            quote({ symbol: 'GOOG', securityType: 'EQ' }),
            quote(option),
            quote({ symbol: 'SPX', securityType: 'INDX' }),
            quote({ symbol: 'ZZZ', securityType: 'EQ' }),
          ],
        },
      }),
    )
    expect(await adapter.quotes(['GOOG', 'TSLA261020C00230000', '$SPX', '/ESZ26', 'BTC/USD'], stop)).toEqual(
      ['GOOG', 'TSLA261020C00230000', '$SPX'].map(symbol => ({
        symbol,
        bid: null,
        ask: '10.5',
        last: '10',
        previousClose: '9',
        currency: 'USD',
        delayed: true,
        asOf: '2026-11-20T14:59:58.000Z',
      })),
    )
    expect(calls[0]).toMatchObject({ path: '/v1/market/quote/GOOG,TSLA:2026:10:20:CALL:230,SPX.json', query: { detailFlag: 'ALL' } })
    await adapter.quotes(
      Array.from({ length: 26 }, (_, number) => `S${number}`),
      stop,
    )
    expect(calls).toHaveLength(3)
    expect(await adapter.quotes([], stop)).toEqual([])
  })

  test.each<[string, number, string, string, string | undefined]>([
    ['a session of another day', 401, 'oauth_problem=token_rejected', 'auth/sign-in-needed', undefined],
    ['a lapsed key', 401, 'oauth_problem=consumer_key_rejected', 'auth/app-misconfigured', undefined],
    ['a clock that is off', 401, 'oauth_problem=timestamp_refused,oauth_acceptable_timestamps=1-2', 'auth/clock-off', undefined],
    [
      'a service that is away',
      400,
      '{"Error":{"code":100,"message":"The requested service is not currently available, please try after sometime."}}',
      'broker/unavailable',
      'The requested service is not currently available, please try after sometime.',
    ],
    ['the same in XML', 500, '<Error><code>100</code><message>Not available</message></Error>', 'broker/unavailable', 'Not available'],
    ['a bad request', 400, '<Error><code>2002</code><message>Invalid start date</message></Error>', 'broker/refused', 'Invalid start date'],
    [
      'too many calls',
      400,
      '{"Error":{"message":"Number of requests exceeded the rate limit set"}}',
      'broker/rate-limited',
      'Number of requests exceeded the rate limit set',
    ],
    [
      'the page of too many calls',
      400,
      '<html><body>Number of requests exceeded the rate limit set</body></html>',
      'broker/rate-limited',
      undefined,
    ],
  ])('tell %s from the others', async (_, status, body, code, brokerSays) => {
    const { adapter } = restBroker(etrade, () => ({ status, body }))
    await expect(adapter.balances(KEY, stop)).rejects.toMatchObject({ code, brokerSays })
  })
})
