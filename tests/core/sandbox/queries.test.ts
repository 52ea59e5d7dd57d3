import { describe, expect, test } from 'vitest'
import { Instant } from '../../../shared/domain/time.ts'
import { allActivities, hashesOf, openBench, rowOf, rowsOf, signedIn, text, transactionsPath } from './client.ts'
import type { Bench, Get, Row } from './client.ts'

const ids = (rows: readonly Row[]) => rows.map(row => text(row['id']))
const page = async (get: Get, query: string) => rowsOf(await get(`/v2/account/activities?${query}`))

describe('Alpaca activities', () => {
  const open = async (size?: number): Promise<{ bench: Bench; get: Get } & AsyncDisposable> => {
    const bench = await openBench({ brokers: ['alpaca'], ...(size === undefined ? {} : { size: { activities: size } }) })
    return { bench, get: await signedIn(bench, 'alpaca'), [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose]() }
  }

  test('both directions page through the same rows once', async () => {
    await using at = await open()
    const down = ids(await allActivities(at.get))
    const up = ids(await allActivities(at.get, '&direction=asc'))
    expect(up).toEqual([...down].reverse())
    expect(new Set(up).size).toBe(up.length)
  })

  test('a page holds 100 rows unless fewer are asked for, and never more', async () => {
    await using at = await open()
    expect(await page(at.get, '')).toHaveLength(100)
    expect(await page(at.get, 'page_size=7')).toHaveLength(7)
    const refused = await Promise.all(
      [
        'page_size=101',
        'page_size=0',
        'page_size=x',
        'direction=up',
        'page_token=none',
        'after=yesterday',
        'date=2026-02-30',
        'date=2026-02-02&after=2026-01-01',
      ].map(query => at.get(`/v2/account/activities?${query}`)),
    )
    expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 422))
    expect(await refused[0]?.json()).toMatchObject({ code: 40_010_001 })
  })

  test('a new row does not move the pages behind a token', async () => {
    await using at = await open()
    const token = ids(await page(at.get, '')).at(-1) ?? ''
    const before = ids(await page(at.get, `page_token=${token}`))
    at.bench.sandbox.control('alpaca').addFill()
    expect(ids(await page(at.get, `page_token=${token}`))).toEqual(before)
  })

  test('a day comes whole, however many rows it has', async () => {
    await using at = await open(400_000)
    const rows = await page(at.get, 'date=2025-03-12')
    expect(rows.length).toBeGreaterThan(300)
    expect(rows.every(row => text(row['transaction_time'] ?? row['date']).startsWith('2025-03-12'))).toBe(true)
  })

  test('after and until cut the range at both ends and leave their own moments out', async () => {
    await using at = await open()
    const [first, ...others] = (await allActivities(at.get, '&activity_types=FILL')).filter(row => row['type'] === 'fill')
    const last = others.at(40)
    const [until, after] = [text(first?.['transaction_time']).slice(0, 23), text(last?.['transaction_time']).slice(0, 23)]
    const rows = await allActivities(at.get, `&after=${after}Z&until=${until}Z`)
    expect(ids(rows)).not.toContain(first?.['id'])
    expect(ids(rows)).not.toContain(last?.['id'])
    expect(ids(rows)).toContain(others[0]?.['id'])
    expect(ids(rows)).toContain(others[39]?.['id'])
  })

  test('types filter by name, by path and by category', async () => {
    await using at = await open()
    const all = await allActivities(at.get)
    const kinds = (rows: readonly Row[]) => [...new Set(rows.map(row => row['activity_type']))]
    const dividends = all.filter(row => row['activity_type'] === 'DIV')
    expect(ids(await allActivities(at.get, '&activity_types=DIV'))).toEqual(ids(dividends))
    expect(kinds(await rowsOf(await at.get('/v2/account/activities/INT')))).toEqual(['INT'])
    expect(kinds(await allActivities(at.get, '&category=trade_activity'))).toEqual(['FILL'])
    expect(kinds(await allActivities(at.get, '&category=non_trade_activity'))).not.toContain('FILL')
  })

  test('a large history keeps its size, its order, its positions and its cash', async () => {
    await using at = await open(12_001)
    const rows = await allActivities(at.get)
    expect(Math.abs(rows.length - 12_001)).toBeLessThanOrEqual(1)
    expect(new Set(ids(rows)).size).toBe(rows.length)
    const prefixes = ids(rows).map(id => id.slice(0, 17))
    expect(prefixes).toEqual([...prefixes].sort().reverse())
    const net = new Map<string, number>()
    for (const row of rows)
      if (row['activity_type'] === 'FILL')
        net.set(text(row['symbol']), (net.get(text(row['symbol'])) ?? 0) + (row['side'] === 'buy' ? 1 : -1) * Number(row['qty']))
    for (const row of rows)
      if (['SPLIT', 'OPTRD'].includes(text(row['activity_type'])))
        net.set(text(row['symbol']), (net.get(text(row['symbol'])) ?? 0) + Number(row['qty']))
    const positions = await rowsOf(await at.get('/v2/positions'))
    const shares = positions.filter(row => row['asset_class'] === 'us_equity')
    expect(shares.map(row => (net.get(text(row['symbol'])) ?? 0).toFixed(6))).toEqual(shares.map(row => Number(row['qty']).toFixed(6)))
  })

  test('a small history is small', async () => {
    await using at = await open(200)
    const rows = await allActivities(at.get)
    expect(rows.length).toBeGreaterThan(100)
    expect(rows.length).toBeLessThan(320)
  })

  test('every answer counts the calls that are left and names itself', async () => {
    await using at = await open()
    const [one, two] = [await at.get('/v2/clock'), await at.get('/v2/clock')]
    expect(one.headers.get('x-ratelimit-limit')).toBe('200')
    expect(Number(one.headers.get('x-ratelimit-remaining'))).toBe(Number(two.headers.get('x-ratelimit-remaining')) + 1)
    expect(Number(one.headers.get('x-ratelimit-reset')) * 1000).toBeGreaterThan(Instant.toEpochMs(Instant.parse('2026-11-20T22:00:00Z')))
    expect(one.headers.get('x-request-id')).not.toBe(two.headers.get('x-request-id'))
  })

  test('orders filter by status and time, and the clock knows the weekend', async () => {
    await using at = await open()
    const states = async (query: string) => new Set((await rowsOf(await at.get(`/v2/orders?limit=500&${query}`))).map(row => row['status']))
    expect(await states('')).toEqual(new Set(['new']))
    expect(await states('status=closed')).toEqual(new Set(['filled', 'canceled']))
    const some = await rowsOf(await at.get('/v2/orders?status=closed&limit=3&direction=desc'))
    const next = await rowsOf(await at.get(`/v2/orders?status=closed&limit=1&until=${text(some[1]?.['submitted_at'])}`))
    expect(ids(next)).toEqual(ids(some.slice(2)))
    expect(await rowOf(await at.get('/v2/clock'))).toMatchObject({
      is_open: false,
      next_open: '2026-11-23T09:30:00-05:00',
      next_close: '2026-11-23T16:00:00-05:00',
    })
  })
})

describe('Schwab', () => {
  const open = async (activities = 1500) => {
    const bench = await openBench({ brokers: ['schwab'], size: { activities } })
    const get = await signedIn(bench, 'schwab')
    const [margin] = await hashesOf(get)
    return { get, hash: margin?.hash ?? '', number: margin?.number ?? '', [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose]() }
  }
  const status = async (get: Get, path: string) => (await get(path)).status

  test('transactions need both dates in one form, types, and at most a year', async () => {
    await using at = await open()
    const base = `/trader/v1/accounts/${at.hash}/transactions`
    const [from, to] = ['2026-01-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z']
    const good = transactionsPath(at.hash, from, to)
    expect(await status(at.get, good)).toBe(200)
    const bad = [
      `${base}?endDate=${to}&types=TRADE`,
      `${base}?startDate=${from}&types=TRADE`,
      `${base}?startDate=${from}&endDate=${to}`,
      transactionsPath(at.hash, '2026-01-01', to),
      transactionsPath(at.hash, '2026-01-01T00:00:00Z', to),
      transactionsPath(at.hash, '2026-01-01T00:00:00.000+00:00', to),
      transactionsPath(at.hash, to, from),
      transactionsPath(at.hash, '2024-12-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z'),
      transactionsPath(at.hash, from, to, 'TRADE,NONSENSE'),
    ]
    expect(await Promise.all(bad.map(path => status(at.get, path)))).toEqual(bad.map(() => 400))
  })

  test('a day asked for from midnight to midnight is empty, and whole with its end written out', async () => {
    await using at = await open(60_000)
    expect(await rowsOf(await at.get(transactionsPath(at.hash, '2026-03-11T00:00:00.000Z', '2026-03-11T00:00:00.000Z')))).toEqual([])
    const day = await rowsOf(await at.get(transactionsPath(at.hash, '2026-03-11T00:00:00.000Z', '2026-03-11T23:59:59.999Z')))
    expect(day.length).toBeGreaterThan(20)
    expect(day.every(row => /^2026-03-11T\d\d:\d\d:\d\d\+0000$/.test(text(row['time'])))).toBe(true)
  })

  test('an answer ends at 3000 rows, and halves of the range hold the rest', async () => {
    await using at = await open(60_000)
    const count = async (from: string, to: string) => (await rowsOf(await at.get(transactionsPath(at.hash, from, to)))).length
    expect(await count('2026-01-01T00:00:00.000Z', '2026-06-30T23:59:59.999Z')).toBe(3000)
    const month = await count('2026-02-01T00:00:00.000Z', '2026-02-28T23:59:59.999Z')
    const halves = [
      await count('2026-02-01T00:00:00.000Z', '2026-02-14T23:59:59.999Z'),
      await count('2026-02-15T00:00:00.000Z', '2026-02-28T23:59:59.999Z'),
    ]
    expect(month).toBeLessThan(3000)
    expect((halves[0] ?? 0) + (halves[1] ?? 0)).toBe(month)
  })

  test('types and symbol filter', async () => {
    await using at = await open()
    const rows = await rowsOf(
      await at.get(transactionsPath(at.hash, '2025-01-01T00:00:00.000Z', '2025-12-31T23:59:59.999Z', 'DIVIDEND_OR_INTEREST,JOURNAL')),
    )
    expect(new Set(rows.map(row => row['type']))).toEqual(new Set(['DIVIDEND_OR_INTEREST', 'JOURNAL']))
    const shares = await rowsOf(
      await at.get(`${transactionsPath(at.hash, '2025-01-01T00:00:00.000Z', '2025-12-31T23:59:59.999Z')}&symbol=AAPL`),
    )
    expect(shares.length).toBeGreaterThan(0)
    expect(shares.every(row => JSON.stringify(row).includes('"symbol":"AAPL"'))).toBe(true)
  })

  test('one transaction can be read by its id', async () => {
    await using at = await open()
    const [row] = await rowsOf(await at.get(transactionsPath(at.hash, '2026-01-01T00:00:00.000Z', '2026-11-20T23:59:59.999Z')))
    expect(await rowOf(await at.get(`/trader/v1/accounts/${at.hash}/transactions/${text(row?.['activityId'])}`))).toEqual(row)
    expect(await status(at.get, `/trader/v1/accounts/${at.hash}/transactions/1`)).toBe(404)
  })

  test('only the hash stands for an account in a path', async () => {
    await using at = await open()
    const plain = await at.get(`/trader/v1/accounts/${at.number}`)
    expect([plain.status, await plain.json()]).toEqual([400, { message: 'Invalid account number' }])
    expect(await status(at.get, `/trader/v1/accounts/${at.hash.replace(/./, 'X')}`)).toBe(404)
    expect(at.hash).toMatch(/^[0-9A-F]{64}$/)
  })

  test('orders of all accounts go back 60 days, those of one account a year at a time', async () => {
    await using at = await open()
    const range = (from: string) => `fromEnteredTime=${from}T00:00:00.000Z&toEnteredTime=2026-11-20T23:59:59.999Z`
    expect(await status(at.get, `/trader/v1/orders?${range('2026-10-01')}`)).toBe(200)
    expect(await status(at.get, `/trader/v1/orders?${range('2026-08-01')}`)).toBe(400)
    expect(await status(at.get, `/trader/v1/accounts/${at.hash}/orders?${range('2025-12-01')}`)).toBe(200)
    expect(await status(at.get, `/trader/v1/accounts/${at.hash}/orders?${range('2025-10-01')}`)).toBe(400)
    const canceled = await rowsOf(await at.get(`/trader/v1/accounts/${at.hash}/orders?${range('2025-12-01')}&status=CANCELED`))
    const kinds = canceled.flatMap(row => (row['orderActivityCollection'] as Row[]).map(item => item['executionType']))
    expect(new Set(kinds)).toEqual(new Set(['CANCELED']))
    expect(canceled.every(row => row['filledQuantity'] === 0 && typeof row['accountNumber'] === 'number')).toBe(true)
  })

  test('option symbols are padded to 21 characters and every answer names itself', async () => {
    await using at = await open()
    const answer = await at.get(transactionsPath(at.hash, '2025-01-01T00:00:00.000Z', '2025-12-31T23:59:59.999Z'))
    expect(answer.headers.get('schwab-client-correlid')).toMatch(/^[0-9a-f-]{36}$/)
    const body = await answer.text()
    expect(body).toMatch(/"symbol":"[A-Z]{1,6} +\d{6}[CP]\d{8}"/)
    for (const [, symbol = ''] of body.matchAll(/"symbol":"([A-Z]+ +\d+[CP]\d+)"/g)) expect(symbol).toHaveLength(21)
    expect(body).toContain('{"assetType":"CURRENCY","assetType":"CURRENCY",')
  })
})
