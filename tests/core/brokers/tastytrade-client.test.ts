import { describe, expect, test } from 'vitest'
import type { ActivityPage } from '../../../electron/core/brokers/adapter.ts'
import { tastytrade } from '../../../electron/core/brokers/tastytrade/index.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { never } from '../net/support/client.ts'
import { fixture } from './support/fixtures.ts'
import { json, restBroker, type RestCall } from './support/rest-broker.ts'

const stop = { signal: never }
const ACCOUNT = '5KL40017'
const range = { from: LocalDate.of('2026-09-01'), to: LocalDate.of('2026-11-20') }
const items = (list: readonly unknown[], pages = 1) => json({ data: { items: list }, pagination: { 'total-pages': pages } })

/** A history of numbered rows, one a day backwards from 19 November, served in pages of two. */
function ledger(count: number, changes: Readonly<Record<number, object>> = {}) {
  return ({ path, query }: RestCall) => {
    const single = /\/transactions\/(\d+)$/.exec(path)?.[1]
    const row = (id: number) => ({
      id,
      'transaction-type': 'Money Movement',
      'transaction-sub-type': 'Deposit',
      'transaction-date': LocalDate.plusDays(LocalDate.of('2026-11-19'), id - count),
      value: '1',
      'value-effect': 'Credit',
      ...changes[id],
    })
    if (single !== undefined)
      return Number(single) <= count ? json({ data: row(Number(single)) }) : json({ error: { code: 'not_found', message: 'none' } }, 404)
    const ids = Array.from({ length: count }, (_, at) => count - at)
    const page = Number(query['page-offset'])
    return items(ids.slice(page * 2, page * 2 + 2).map(row), Math.ceil(count / 2))
  }
}

async function readAll(serve: (call: RestCall) => ReturnType<typeof json>) {
  const { adapter, calls } = restBroker(tastytrade, serve)
  const pages: ActivityPage[] = []
  for (let cursor: string | null = null; ;) {
    const page = await adapter.activities(ACCOUNT, range, cursor, stop)
    pages.push(page)
    if (page.next === null) return { pages, calls, rows: pages.flatMap(read => read.rows) }
    cursor = page.next
  }
}

describe('tastytrade history', () => {
  test('is read page by page, newest first, each page in the order of its numbers, a day wider where that is not in the future', async () => {
    const { calls, rows } = await readAll(ledger(5))
    expect(rows.map(row => row.facts.externalId)).toEqual(['4', '5', '2', '3', '1'])
    expect(calls.map(call => call.query['page-offset'])).toEqual(['0', '1', '2'])
    expect(calls[0]).toMatchObject({
      method: 'GET',
      path: `/accounts/${ACCOUNT}/transactions`,
      query: { 'start-date': '2026-08-31', sort: 'Desc', 'per-page': '250' },
    })
    expect(calls[0]?.query).not.toHaveProperty('end-date')
  })

  test('names its last day where it is over', async () => {
    const { adapter, calls } = restBroker(tastytrade, () => items([]))
    await adapter.activities(ACCOUNT, { from: LocalDate.of('2026-01-01'), to: LocalDate.of('2026-03-31') }, null, stop)
    expect(calls[0]?.query).toMatchObject({ 'start-date': '2025-12-31', 'end-date': '2026-04-01' })
  })

  test('leaves out what lies beside the days asked for', async () => {
    const { rows } = await readAll(ledger(2, { 1: { 'transaction-date': '2026-08-31' } }))
    expect(rows.map(row => row.facts.externalId)).toEqual(['2'])
  })

  test('keeps each row as it was sent', async () => {
    const { adapter } = restBroker(tastytrade, () => ({ body: fixture('tastytrade', 'transactions') }))
    const { rows, next } = await adapter.activities(ACCOUNT, range, null, stop)
    expect(next).toBeNull()
    expect(rows).toHaveLength(9)
    for (const { raw } of rows) expect(fixture('tastytrade', 'transactions')).toContain(raw)
    for (const { facts, raw } of rows) expect(raw).toContain(`"id":${facts.externalId}`)
  })

  test('keeps a row that cannot be read beside those that can', async () => {
    const { adapter } = restBroker(tastytrade, () =>
      items([
        { id: 7, 'transaction-type': 'Trade', 'transaction-date': '2026-11-02', value: 'many' },
        null,
        { id: 6, 'transaction-date': '2026-11-01' },
      ]),
    )
    const { rows } = await adapter.activities(ACCOUNT, range, null, stop)
    expect(rows.map(row => [row.facts.kind, row.facts.brokerType, row.facts.tradeDate])).toEqual([
      ['other', '', '2026-11-01'],
      ['other', 'Trade', '2026-11-02'],
      ['other', 'unreadable', '2026-11-20'],
    ])
  })

  test('cancels a row that a newer one takes back, on whatever page it lies', async () => {
    const { rows } = await readAll(ledger(6, { 6: { 'reverses-id': 5 }, 4: { 'reverses-id': 1 } }))
    const states = new Map(rows.map(row => [row.facts.externalId, row.facts.status]))
    expect(states).toEqual(
      new Map([
        ['6', 'canceled'],
        ['5', 'canceled'],
        ['4', 'canceled'],
        ['1', 'canceled'],
        ['3', 'final'],
        ['2', 'final'],
      ]),
    )
  })

  test('goes on where a row that was taken back is gone', async () => {
    const { rows } = await readAll(ledger(1, { 1: { 'reverses-id': 999 } }))
    expect(rows.map(row => row.facts.status)).toEqual(['canceled'])
  })

  test.each(['', 't1.', 't1.x.', 'a1.1.', 't1.1.a', 't1.1.1,'])('refuses the cursor %j', async cursor => {
    const { adapter, calls } = restBroker(tastytrade, () => items([]))
    await expect(adapter.activities(ACCOUNT, range, cursor, stop)).rejects.toMatchObject({ code: 'app/invalid-request' })
    expect(calls).toEqual([])
  })

  test('begins with the first accounts and reads a week again', () => {
    const { adapter } = restBroker(tastytrade, () => items([]))
    expect([adapter.historyStart(LocalDate.of('2026-11-20')), adapter.overlapDays]).toEqual(['2017-01-01', 7])
  })
})

describe('tastytrade accounts', () => {
  test('come with balances, by currency, and positions with marks', async () => {
    const { adapter, calls } = restBroker(tastytrade, ({ path }) => {
      if (path === '/customers/me/accounts') return items([{ account: { 'account-number': ACCOUNT, nickname: 'Main' } }])
      if (path.includes('/balances')) return json({ data: { 'cash-balance': '10.0', currency: path.endsWith('/EUR') ? 'EUR' : 'USD' } })
      return items([{ symbol: 'AAPL', 'instrument-type': 'Equity', quantity: '1', 'quantity-direction': 'Long' }])
    })
    expect(await adapter.testConnection(stop)).toEqual({ accounts: 1 })
    expect(await adapter.accounts(stop)).toMatchObject([{ key: ACCOUNT, name: 'Main' }])
    expect(await adapter.balances(ACCOUNT, stop)).toMatchObject([{ currency: 'USD', cash: '10' }])
    expect(await adapter.balances(ACCOUNT, { ...stop, currency: 'EUR' })).toMatchObject([{ currency: 'EUR' }])
    expect(await adapter.positions(ACCOUNT, stop)).toMatchObject([{ symbol: 'AAPL', quantity: '1' }])
    expect(calls.map(call => call.path)).toEqual([
      '/customers/me/accounts',
      '/customers/me/accounts',
      `/accounts/${ACCOUNT}/balances`,
      `/accounts/${ACCOUNT}/balances/EUR`,
      `/accounts/${ACCOUNT}/positions`,
    ])
    expect(calls.at(-1)?.query).toEqual({ 'include-marks': 'true' })
  })

  const order = (id: number, status: string, day: string) => ({
    id,
    status,
    'order-type': 'Limit',
    'received-at': `${day}T15:00:00.000+00:00`,
    legs: [{ symbol: 'AAPL', 'instrument-type': 'Equity', quantity: 1, action: 'Buy to Open', fills: [] }],
  })

  test('have orders, page by page, of the days and the kind asked for', async () => {
    const pages = [
      [order(4, 'Live', '2026-11-20'), order(3, 'Filled', '2026-11-10')],
      [order(2, 'Contingent', '2026-10-01'), order(1, 'Filled', '2026-08-31')],
    ]
    const { adapter, calls } = restBroker(tastytrade, ({ query }) => items(pages[Number(query['page-offset'])] ?? [], 2))
    const ids = async (status: 'all' | 'open' | 'closed') =>
      (await adapter.orders(ACCOUNT, { status, range }, stop)).map(found => found.externalId)
    expect([await ids('all'), await ids('open'), await ids('closed')]).toEqual([['4', '3', '2'], ['4', '2'], ['3']])
    expect(calls[0]?.query).toEqual({ 'start-date': '2026-08-31', sort: 'Desc', 'per-page': '50', 'page-offset': '0' })
  })

  test('go on after a full page of which nobody says that it is the last', async () => {
    const pageOf = (from: number, count: number) => Array.from({ length: count }, (_, at) => order(from - at, 'Filled', '2026-11-10'))
    const read = async (pages: readonly object[][]) => {
      const { adapter, calls } = restBroker(tastytrade, ({ query }) => json({ data: { items: pages[Number(query['page-offset'])] ?? [] } }))
      return [(await adapter.orders(ACCOUNT, { status: 'all', range }, stop)).length, calls.length]
    }
    expect(await read([pageOf(500, 50), pageOf(450, 50), pageOf(400, 3)])).toEqual([103, 3])
    expect(await read([pageOf(500, 50)])).toEqual([50, 2])
    // A server that tells the same page again has no other.
    expect(await read([pageOf(500, 50), pageOf(500, 50), pageOf(500, 50)])).toEqual([50, 2])
  })

  test('have single orders, or say that there is none', async () => {
    const { adapter } = restBroker(tastytrade, ({ path }) =>
      path.endsWith('/4') ? json({ data: order(4, 'Live', '2026-11-20') }) : json({ error: { message: 'no' } }, 404),
    )
    expect(await adapter.orderStatus(ACCOUNT, '4', stop)).toMatchObject({ externalId: '4', status: 'working' })
    await expect(adapter.orderStatus(ACCOUNT, '5', stop)).rejects.toMatchObject({ code: 'order/not-found' })
  })

  test("have quotes by Keelson's symbols, a hundred a call", async () => {
    const quoted = ({ query }: RestCall) =>
      items(
        Object.values(query)
          .flat()
          .filter(symbol => symbol !== 'NONE')
          .map(symbol => ({ symbol, bid: '1.1', ask: '1.2', last: '1.15', 'prev-close': '1', 'updated-at': '2026-11-20T14:59:58.000Z' })),
      )
    const { adapter, calls } = restBroker(tastytrade, quoted)
    const asked = ['AAPL', 'NONE', 'AAPL261218C00250000', '/MESZ26', '/MESZ36', './MESZ26 EXX26 261113P5400', 'BTC/USD', '$SPX']
    expect((await adapter.quotes(asked, stop)).map(quote => quote.symbol)).toEqual([
      'AAPL',
      'AAPL261218C00250000',
      '/MESZ26',
      './MESZ26 EXX26 261113P5400',
      'BTC/USD',
      '$SPX',
    ])
    expect(calls[0]).toMatchObject({
      path: '/market-data/by-type',
      query: {
        equity: ['AAPL', 'NONE'],
        'equity-option': 'AAPL  261218C00250000',
        future: '/MESZ6',
        'future-option': './MESZ6EXX6  261113P5400',
        cryptocurrency: 'BTC/USD',
        index: 'SPX',
      },
    })
    await adapter.quotes(
      Array.from({ length: 150 }, (_, at) => `S${at}`),
      stop,
    )
    expect(calls.slice(1).map(call => call.query['equity']?.length)).toEqual([100, 50])
    expect(await adapter.quotes([], stop)).toEqual([])
  })

  test('have late quotes in the test environment', async () => {
    const { adapter } = restBroker(tastytrade, () => items([{ symbol: 'AAPL', last: '1' }]), 'paper')
    expect(await adapter.quotes(['AAPL'], stop)).toMatchObject([{ delayed: true, bid: null, asOf: null }])
  })

  test.each<[string, number, string, string, string | undefined]>([
    [
      'a session that is over',
      401,
      '{"error":{"code":"invalid_session","message":"Session user not present."}}',
      'auth/sign-in-needed',
      'Session user not present.',
    ],
    [
      'a missing permission',
      403,
      '{"error":{"code":"forbidden","message":"Insufficient scope"}}',
      'broker/scope-missing',
      'Insufficient scope',
    ],
    [
      'a bad request',
      400,
      '{"error":{"code":"validation_error","message":"x","errors":[{"domain":"end-date","reason":"is invalid"}]}}',
      'broker/refused',
      'end-date is invalid',
    ],
    ['an outage', 502, '<html>Bad Gateway</html>', 'broker/unavailable', undefined],
    ['the front door', 401, '<html><head><title>401 Authorization Required</title></head></html>', 'broker/unavailable', undefined],
  ])('tell %s from the others', async (_, status, body, code, brokerSays) => {
    const { adapter } = restBroker(tastytrade, () => ({ status, body }))
    await expect(adapter.balances(ACCOUNT, stop)).rejects.toMatchObject({ code, brokerSays })
  })
})
