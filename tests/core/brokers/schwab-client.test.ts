import { describe, expect, test } from 'vitest'
import { schwab } from '../../../electron/core/brokers/schwab/index.ts'
import type { ActivityPage } from '../../../electron/core/brokers/adapter.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { never } from '../net/support/client.ts'
import { fixture } from './support/fixtures.ts'
import { always, type Call, scriptedBroker } from './support/scripted-broker.ts'

const HASH = 'A1B2C3D4'.repeat(8)
const DAY_MS = 86_400_000
const stop = { signal: never }

/** A year of Schwab: rows at given moments, served for a window, at most 3000 and without a word about the rest. */
function ledger(moments: readonly number[]) {
  return ({ query }: Call) => {
    const from = Date.parse(query['startDate'] ?? '')
    const to = Date.parse(query['endDate'] ?? '')
    const rows = moments.filter(at => at >= from && at <= to).slice(0, 3000)
    return {
      body: `[${rows.map(at => `{"activityId":${at},"type":"WIRE_IN","time":"${new Date(at).toISOString()}","netAmount":1}`).join(',')}]`,
    }
  }
}

async function readAll(moments: readonly number[], from: string, to: string) {
  const { adapter, calls } = scriptedBroker(schwab, ledger(moments))
  const pages: ActivityPage[] = []
  for (let cursor: string | null = null; ;) {
    const page = await adapter.activities(HASH, { from: LocalDate.of(from), to: LocalDate.of(to) }, cursor, stop)
    pages.push(page)
    if (page.next === null) return { calls, pages, ids: pages.flatMap(read => read.rows.map(row => row.facts.externalId)) }
    cursor = page.next
  }
}

const windows = (calls: readonly Call[]) => calls.map(({ query }) => [query['startDate'], query['endDate']])

describe('Schwab history', () => {
  test('is read in slices of a year, newest first, in whole days of the exchange', async () => {
    const { calls } = await readAll([Date.UTC(2024, 5, 1)], '2024-01-15', '2026-01-15')
    expect(windows(calls)).toEqual([
      ['2025-01-16T05:00:00.000Z', '2026-01-16T04:59:59.999Z'],
      ['2024-01-17T05:00:00.000Z', '2025-01-16T04:59:59.999Z'],
      ['2024-01-15T05:00:00.000Z', '2024-01-17T04:59:59.999Z'],
    ])
    expect(calls[0]?.path).toBe(`/trader/v1/accounts/${HASH}/transactions`)
    expect(calls[0]?.query['types']?.split(',')).toHaveLength(15)
  })

  test('goes on over years with nothing to the first day asked for', async () => {
    const old = Date.UTC(2010, 1, 1)
    const { calls, ids } = await readAll([Date.UTC(2025, 10, 1), old], '2001-01-01', '2026-01-15')
    expect(ids).toEqual([String(Date.UTC(2025, 10, 1)), String(old)])
    expect(calls).toHaveLength(26)
    expect(calls.at(-1)?.query['startDate']).toBe('2001-01-01T05:00:00.000Z')
  })

  test('halves a slice that came back full, and loses and repeats nothing', async () => {
    const start = Date.UTC(2025, 0, 1)
    const moments = Array.from({ length: 10_000 }, (_, at) => start + at * 3_000_000 + (at % 7))
    const { ids, pages } = await readAll(moments, '2024-06-01', '2025-12-31')
    expect(new Set(ids).size).toBe(10_000)
    expect(ids).toHaveLength(10_000)
    expect(Math.max(...pages.map(page => page.rows.length))).toBeLessThan(3000)
  })

  test('hands on the rows of one second by their numbers: those of an order ascend, and pages have them in any order', async () => {
    const body = JSON.stringify(
      [91_106_713_849, 9_110_671_384, 91_176_753_940, 91_106_713_848].map(activityId => ({ activityId, type: 'JOURNAL', time: '2026-01-05T15:00:00+0000', netAmount: 1 })),
    )
    const { adapter } = scriptedBroker(schwab, () => ({ body }))
    const { rows } = await adapter.activities(HASH, { from: LocalDate.of('2026-01-01'), to: LocalDate.of('2026-01-31') }, null, stop)
    expect(rows.map(({ facts }) => facts.externalId)).toEqual(['9110671384', '91106713848', '91106713849', '91176753940'])
  })

  test('keeps a row that cannot be read beside those that can', async () => {
    const body = '[{"activityId":1,"type":"WIRE_IN","time":"2026-01-05T15:00:00+0000","netAmount":1},{"type":"TRADE","time":"2026-01-06T15:00:00+0000"},null]'
    const { adapter } = scriptedBroker(schwab, () => ({ body }))
    const { rows } = await adapter.activities(HASH, { from: LocalDate.of('2026-01-01'), to: LocalDate.of('2026-01-31') }, null, stop)
    expect(rows.map(row => [row.facts.kind, row.facts.tradeDate, row.raw === 'null'])).toEqual([
      ['transfer', '2026-01-05', false], ['other', '2026-01-06', false], ['other', '2026-01-31', true],
    ])
  })

  test('finds a day with thousands of rows', async () => {
    const start = Date.UTC(2025, 5, 2, 14)
    const moments = Array.from({ length: 5000 }, (_, at) => start + at * 4000)
    const { ids } = await readAll(moments, '2025-01-01', '2025-12-31')
    expect(new Set(ids).size).toBe(5000)
  })

  test('gives up halving where time cannot be told apart any more', async () => {
    const { ids } = await readAll(
      Array.from({ length: 3100 }, (_, at) => Date.UTC(2025, 5, 2, 14) + at),
      '2025-06-01',
      '2025-06-03',
    )
    expect(new Set(ids).size).toBeGreaterThanOrEqual(3000)
  })

  test('halves a slice whose answer is too big for the gateway', async () => {
    const serve = ledger([Date.UTC(2025, 5, 2)])
    const { adapter } = scriptedBroker(schwab, call => {
      const days = (Date.parse(call.query['endDate'] ?? '') - Date.parse(call.query['startDate'] ?? '')) / DAY_MS
      return days > 100
        ? { status: 500, body: '{"fault":{"faultstring":"Body buffer overflow","detail":{"errorcode":"protocol.http.TooBigBody"}}}' }
        : serve(call)
    })
    const page = await adapter.activities(HASH, { from: LocalDate.of('2025-05-01'), to: LocalDate.of('2026-04-30') }, null, stop)
    expect(page.next).not.toBeNull()
  })

  test('gives the same rows again for the same cursor', async () => {
    const moments = Array.from({ length: 4000 }, (_, at) => Date.UTC(2025, 0, 1) + at * 4_000_000)
    const { adapter } = scriptedBroker(schwab, ledger(moments))
    const range = { from: LocalDate.of('2024-06-01'), to: LocalDate.of('2025-12-31') }
    const first = await adapter.activities(HASH, range, null, stop)
    const again = await adapter.activities(HASH, range, first.next, stop)
    expect(await adapter.activities(HASH, range, first.next, stop)).toEqual(again)
  })

  test.each(['', 's1.', 's1.1', 's1.1.2.3', 'a1.x', 's1.-1.2', 's1.1e9.2'])('refuses the cursor %j', async cursor => {
    const { adapter, calls } = scriptedBroker(schwab, always([]))
    await expect(
      adapter.activities(HASH, { from: LocalDate.of('2025-01-01'), to: LocalDate.of('2025-12-31') }, cursor, stop),
    ).rejects.toMatchObject({ code: 'app/invalid-request' })
    expect(calls).toEqual([])
  })

  test('begins a quarter of a century back', () => {
    const { adapter } = scriptedBroker(schwab, always([]))
    expect(adapter.historyStart(LocalDate.of('2026-02-28'))).toBe('2001-01-01')
  })
})

describe('Schwab accounts', () => {
  const numbers = [{ accountNumber: '40017788', hashValue: HASH }]
  const answer = ({ path, query }: Call) => {
    if (path === '/trader/v1/accounts/accountNumbers') return { body: JSON.stringify(numbers) }
    const account = fixture('schwab', 'account')
    if (path === '/trader/v1/accounts') return { body: `[${account}]` }
    return { body: query['fields'] === 'positions' ? account : account.replace(/"positions":\[[\s\S]*?\],\n/, '') }
  }

  test('come with their hash, balances and positions', async () => {
    const { adapter, calls } = scriptedBroker(schwab, answer)
    expect(await adapter.testConnection(stop)).toEqual({ accounts: 1 })
    expect(await adapter.accounts(stop)).toMatchObject([{ key: HASH, number: '40017788', type: 'Margin' }])
    expect(await adapter.balances(HASH, stop)).toMatchObject([{ netLiquidation: '51434.86' }])
    expect(await adapter.positions(HASH, stop)).toHaveLength(3)
    expect(calls.slice(3)).toEqual([
      { path: `/trader/v1/accounts/${HASH}`, query: {} },
      { path: `/trader/v1/accounts/${HASH}`, query: { fields: 'positions' } },
    ])
  })

  test('have orders, a year at a time', async () => {
    const { adapter, calls } = scriptedBroker(schwab, ({ query }) => ({
      body: query['toEnteredTime']?.startsWith('2026') ? fixture('schwab', 'orders') : '[]',
    }))
    const orders = await adapter.orders(HASH, { status: 'all', range: { from: LocalDate.of('2025-10-01'), to: LocalDate.of('2026-11-20') } }, stop)
    expect(orders).toHaveLength(5)
    expect(calls.map(({ query }) => [query['fromEnteredTime'], query['toEnteredTime'], query['maxResults']])).toEqual([
      ['2025-11-21T05:00:00.000Z', '2026-11-21T04:59:59.999Z', '3000'],
      ['2025-10-01T04:00:00.000Z', '2025-11-21T04:59:59.999Z', '3000'],
    ])
  })

  test.each<[string, number, string, string]>([
    ['a session that is over', 401, '{"message":"expired"}', 'auth/sign-in-needed'],
    [
      'an app without the product',
      401,
      '{"errors":[{"id":"1","status":401,"title":"Unauthorized","detail":"Client not authorized"}]}',
      'auth/app-misconfigured',
    ],
    ['a stale hash', 404, '{"message":"Invalid account number"}', 'broker/refused'],
    ['an outage', 503, '<html>Access Denied</html>', 'broker/unavailable'],
    ['the front door', 403, '<HTML><HEAD><TITLE>Access Denied</TITLE>', 'broker/unavailable'],
  ])('tell %s from the others', async (_, status, body, code) => {
    const { adapter } = scriptedBroker(schwab, () => ({ status, body }))
    await expect(adapter.balances(HASH, stop)).rejects.toMatchObject({ code })
  })
})
