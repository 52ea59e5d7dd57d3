import { describe, expect, test } from 'vitest'
import { alpaca } from '../../../electron/core/brokers/alpaca/index.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { never } from '../net/support/client.ts'
import { fixture } from './support/fixtures.ts'
import { always, type Call, scriptedBroker } from './support/scripted-broker.ts'

const range = { from: LocalDate.of('2026-11-01'), to: LocalDate.of('2026-11-20') }
const stop = { signal: never }
const day = (number: number) => String(number).padStart(2, '0')

interface Row {
  readonly id: string
  readonly activity_type: string
  readonly date: string
}

/** A history of rows, newest first, served the way Alpaca pages: after the row whose id is the token. */
function history(rows: readonly Row[]) {
  return ({ query }: Call) => {
    const start = query['page_token'] === undefined ? 0 : rows.findIndex(row => row.id === query['page_token']) + 1
    return { body: JSON.stringify(rows.slice(start, start + Number(query['page_size']))) }
  }
}

const rowsOf = (count: number): Row[] =>
  Array.from({ length: count }, (_, at) => ({
    id: `2026111${at % 10}000000000::${at}`,
    activity_type: 'CSD',
    date: `2026-11-${day(20 - (at % 20))}`,
  }))

async function readAll(rows: readonly Row[]) {
  const { adapter, calls } = scriptedBroker(alpaca, history(rows))
  const ids: string[] = []
  for (let cursor: string | null = null; ;) {
    const page = await adapter.activities('key', range, cursor, stop)
    ids.push(...page.rows.map(row => row.facts.externalId))
    if (page.next === null) return { ids, calls }
    cursor = page.next
  }
}

describe('Alpaca history', () => {
  test.each([0, 1, 99, 100, 101, 250, 300])('of %i rows is read once, in order, to its end', async count => {
    const rows = rowsOf(count)
    const { ids, calls } = await readAll(rows)
    expect(ids).toEqual(rows.map(row => row.id))
    expect(calls).toHaveLength(Math.floor(count / 100) + 1)
  })

  test("asks for the exchange's days with one to spare on both sides, a hundred rows at a time", async () => {
    const { calls } = await readAll([])
    expect(calls).toEqual([
      {
        path: '/v2/account/activities',
        query: { after: '2026-10-31T04:00:00.000Z', until: '2026-11-22T05:00:00.000Z', direction: 'desc', page_size: '100' },
      },
    ])
  })

  test('leaves out what lies outside the range and still pages on', async () => {
    const rows = rowsOf(150).map((row, at) => ({ ...row, date: at < 100 ? '2026-11-21' : '2026-11-20' }))
    const { ids } = await readAll(rows)
    expect(ids).toEqual(rows.slice(100).map(row => row.id))
  })

  test('gives the same rows again for the same cursor', async () => {
    const { adapter } = scriptedBroker(alpaca, history(rowsOf(250)))
    const first = await adapter.activities('key', range, null, stop)
    const again = await adapter.activities('key', range, first.next, stop)
    expect(await adapter.activities('key', range, first.next, stop)).toEqual(again)
    expect(again.rows[0]?.facts.externalId).toContain('::100')
  })

  test('goes on past rows that cannot be read, and keeps them as they came', async () => {
    const good = rowsOf(250)
    const odd = [{ ...good[40], net_amount: 'abc' }, { activity_type: 'FILL', net_amount: 'abc' }]
    const rows = [...good.slice(0, 98), ...odd, ...good.slice(98)]
    const { adapter } = scriptedBroker(alpaca, ({ query }) => {
      const start = query['page_token'] === undefined ? 0 : rows.findLastIndex(row => row.id === query['page_token']) + 1
      return { body: JSON.stringify(rows.slice(start, start + 100)) }
    })
    const seen = new Map<string, string>()
    for (let cursor: string | null = null, pages = 0; pages < 10; pages += 1) {
      const page = await adapter.activities('key', range, cursor, stop)
      for (const row of page.rows) seen.set(row.facts.externalId, row.facts.kind)
      cursor = page.next
      if (cursor === null) break
    }
    expect([...seen.keys()].filter(id => !id.startsWith('odd-')).sort()).toEqual(good.map(row => row.id).sort())
    expect([...seen].filter(([id]) => id.startsWith('odd-')).map(([, kind]) => kind)).toEqual(['other'])
    expect(seen.get(good[40]?.id ?? '')).toBe('other')
  })

  test('ends when a broker keeps sending the same page', async () => {
    const rows = rowsOf(100)
    const { adapter } = scriptedBroker(alpaca, always(rows))
    const page = await adapter.activities('key', range, `a1.${rows.at(-1)?.id}`, stop)
    expect(page.next).toBeNull()
  })

  test.each(['', 'a1.', 's1.1.2.3', '../x'])('refuses the cursor %j', async cursor => {
    const { adapter, calls } = scriptedBroker(alpaca, always([]))
    await expect(adapter.activities('key', range, cursor, stop)).rejects.toMatchObject({ code: 'app/invalid-request' })
    expect(calls).toEqual([])
  })

  test('keeps each row as the text it was sent as', async () => {
    const raw = '{"id":"1::a", "activity_type":"CSD","date":"2026-11-03","net_amount":10.50}'
    const { adapter } = scriptedBroker(alpaca, () => ({ body: `[ ${raw} ]` }))
    expect((await adapter.activities('key', range, null, stop)).rows).toMatchObject([{ raw, facts: { amount: '10.5' } }])
  })
})

describe('Alpaca orders', () => {
  interface Sent {
    readonly id: string
    readonly submitted_at: string
  }
  const order = (at: number): Sent & Record<string, string> => ({
    id: `o${at}`,
    status: 'filled',
    symbol: 'AAPL',
    side: 'buy',
    type: 'limit',
    time_in_force: 'day',
    qty: '1',
    filled_qty: '1',
    limit_price: '10.50',
    created_at: '2026-11-01T15:00:00Z',
    updated_at: '2026-11-03T00:00:00Z',
    // Five orders share each moment, so that pages end inside one.
    submitted_at: new Date(Date.UTC(2026, 10, 2) + Math.floor(at / 5) * 1000).toISOString(),
  })

  test('are paged by time without losing or repeating those of the same moment', async () => {
    const all = Array.from({ length: 1203 }, (_, at) => order(at)).reverse()
    const { adapter, calls } = scriptedBroker(alpaca, ({ query }) => ({
      body: JSON.stringify(all.filter(row => row.submitted_at < (query['until'] ?? '')).slice(0, Number(query['limit']))),
    }))
    const orders = await adapter.orders('key', { status: 'all', range }, stop)
    expect(orders.map(row => row.externalId)).toEqual(all.map(row => row.id))
    expect(calls).toHaveLength(3)
    expect(calls[0]?.query).toMatchObject({ status: 'all', limit: '500', direction: 'desc', nested: 'false' })
  })

  test('are read for what they are', async () => {
    const { adapter } = scriptedBroker(alpaca, () => ({ body: fixture('alpaca', 'orders') }))
    expect(await adapter.orders('key', { status: 'all', range }, stop)).toEqual([
      {
        externalId: '8d0c6c1f-0001',
        symbol: 'AAPL',
        side: 'buy',
        type: 'limit',
        timeInForce: 'gtc',
        status: 'partially-filled',
        statusText: 'partially_filled',
        quantity: '10',
        filledQuantity: '4',
        limitPrice: '187.5',
        stopPrice: null,
        averageFillPrice: '187.42',
        submittedAt: '2026-11-17T14:30:00.250Z',
        updatedAt: '2026-11-17T14:31:00.000Z',
        clientOrderId: 'c1',
      },
      expect.objectContaining({
        externalId: '8d0c6c1f-0002',
        quantity: null,
        status: 'working',
        statusText: 'pending_new',
        submittedAt: '2026-11-18T14:30:00.000Z',
      }),
      expect.objectContaining({ externalId: '8d0c6c1f-0003', symbol: null, side: null, status: 'other', statusText: 'levitating' }),
    ])
  })
})

describe('an Alpaca account', () => {
  const account = {
    id: 'acc-uuid',
    account_number: '010203ABCD',
    currency: 'USD',
    equity: '103820.56',
    cash: '-23140.2',
    buying_power: '262113.632',
    multiplier: '4',
    daytrade_count: '0',
  }

  test('is one per sign-in', async () => {
    const { adapter } = scriptedBroker(alpaca, always(account))
    expect(await adapter.testConnection(stop)).toEqual({ accounts: 1 })
    expect(await adapter.accounts(stop)).toEqual([
      { key: 'acc-uuid', number: '010203ABCD', name: 'Alpaca account', type: 'Margin', currency: 'USD' },
    ])
    expect(await adapter.balances('acc-uuid', stop)).toEqual([
      { currency: 'USD', netLiquidation: '103820.56', cash: '-23140.2', buyingPower: '262113.632', asOf: '2026-11-20T15:00:00.000Z' },
    ])
  })

  test('is never mistaken for another', async () => {
    const { adapter } = scriptedBroker(alpaca, always({ ...account, id: 'somebody-else' }))
    await expect(adapter.balances('acc-uuid', stop)).rejects.toMatchObject({ code: 'app/not-found' })
  })

  test('has positions', async () => {
    const { adapter } = scriptedBroker(
      alpaca,
      always([
        {
          symbol: 'TSLA',
          asset_class: 'us_equity',
          qty: '-3',
          side: 'short',
          avg_entry_price: '200',
          market_value: '-660',
          unrealized_pl: '-60',
        },
      ]),
    )
    expect(await adapter.positions('acc-uuid', stop)).toMatchObject([{ symbol: 'TSLA', quantity: '-3', marketValue: '-660' }])
  })

  test('that is revoked needs a sign-in', async () => {
    const { adapter } = scriptedBroker(alpaca, () => ({ status: 401, body: '{"code":40110000,"message":"request is not authorized."}' }))
    await expect(adapter.accounts(stop)).rejects.toMatchObject({ code: 'auth/sign-in-needed', details: { broker: 'Alpaca' } })
  })
})
