import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { SANDBOX_CLIENTS, SANDBOX_TASTYTRADE_GRANT } from '../../../electron/core/sandbox/client-keys.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { AGENT, askToken, codeFrom, exchange, openBench, rowOf, sender, signedIn, text } from './client.ts'
import type { Bench, Get, Json, Row } from './client.ts'
import { PAYLOADS, addValue, readPayload, strangers } from './shape.ts'
import type { Shape } from './shape.ts'

const open = (options = {}) => openBench({ stands: ['tastytrade'], ...options })
const dec = (value: Json | undefined) => Dec.of(text(value ?? '0'))

function signed(row: Row, key: string): Dec {
  const effect = row[`${key}-effect`]
  expect(effect, key).toMatch(/^(?:Credit|Debit|None)$/)
  return effect === 'Debit' ? Dec.neg(dec(row[key])) : dec(row[key])
}

async function dataOf(response: Response): Promise<Row> {
  return (await rowOf(response))['data'] as Row
}

async function itemsOf(response: Response): Promise<Row[]> {
  return (await dataOf(response))['items'] as Row[]
}

async function numbersOf(get: Get): Promise<string[]> {
  return (await itemsOf(await get('/customers/me/accounts'))).map(row => text((row['account'] as Row)['account-number']))
}

async function allRows(get: Get, number: string): Promise<Row[]> {
  const rows: Row[] = []
  for (let offset = 0; ; offset += 1) {
    const answer = await rowOf(await get(`/accounts/${number}/transactions?page-offset=${offset}`))
    rows.push(...((answer['data'] as Row)['items'] as Row[]))
    if (offset >= Number((answer['pagination'] as Row)['total-pages']) - 1) return rows
  }
}

/** Cash and holdings as the rows tell them, oldest first. */
function booksOf(rows: readonly Row[]): { cash: Dec; held: [string, Dec][] } {
  const held = new Map<string, Dec>()
  for (const row of [...rows].reverse()) {
    const symbol = text(row['symbol'] ?? '')
    const qty = dec(row['quantity'])
    if (row['transaction-sub-type'] === 'Expiration' || row['transaction-sub-type'] === 'Assignment') {
      const before = held.get(symbol) ?? Dec.zero
      held.set(symbol, Dec.isNegative(before) ? Dec.add(before, qty) : Dec.sub(before, qty))
    } else if (row['action'] !== undefined) {
      held.set(symbol, Dec.add(held.get(symbol) ?? Dec.zero, text(row['action']).startsWith('Buy') ? qty : Dec.neg(qty)))
    }
  }
  const kept = [...held].filter(([, qty]) => !Dec.isZero(qty)).sort(([a], [b]) => (a < b ? -1 : 1))
  return { cash: Dec.sum(rows.map(row => signed(row, 'net-value'))), held: kept }
}

async function expectBalance(get: Get, number: string): Promise<void> {
  const rows = await allRows(get, number)
  const told = booksOf(rows)
  const positions = (await itemsOf(await get(`/accounts/${number}/positions`))).map((row): [string, Dec] => [
    text(row['symbol']),
    row['quantity-direction'] === 'Short' ? Dec.neg(dec(row['quantity'])) : dec(row['quantity']),
  ])
  expect(told.held).toEqual(positions)
  expect(told.cash).toEqual(dec((await dataOf(await get(`/accounts/${number}/balances`)))['cash-balance']))
}

test.each([1, 7, 42])('the books of seed %i balance in every account', async seed => {
  await using bench = await open({ seed })
  const get = await signedIn(bench, 'tastytrade')
  const numbers = await numbersOf(get)
  expect(numbers).toHaveLength(3)
  for (const number of numbers) await expectBalance(get, number)
})

test('the books still balance in a large history and after orders of all kinds', async () => {
  await using bench = await open({ size: { activities: 4000 } })
  const send = await sender(bench, 'tastytrade', 'read trade')
  const get: Get = path => send('GET', path)
  const [number = ''] = await numbersOf(get)
  const option = (strike: string, action: string) => ({
    'instrument-type': 'Equity Option',
    symbol: `AAPL  261218P00${strike}000`,
    quantity: 1,
    action,
  })
  const share = { 'instrument-type': 'Equity', symbol: 'MSFT', action: 'Buy to Open' }
  for (const body of [
    { 'order-type': 'Market', legs: [option('150', 'Sell to Open'), option('140', 'Buy to Open')] },
    { 'order-type': 'Market', legs: [{ ...share, quantity: 2 }] },
    { 'order-type': 'Notional Market', value: '33.33', 'value-effect': 'Debit', legs: [share] },
  ])
    expect((await send('POST', `/accounts/${number}/orders`, { 'time-in-force': 'Day', ...body })).status).toBe(201)
  const [newest] = (await itemsOf(await get(`/accounts/${number}/orders?per-page=3&sort=Desc`))).filter(
    row => (row['legs'] as Row[]).length === 2,
  )
  expect(newest?.['status']).toBe('Filled')
  await expectBalance(get, number)
})

test('a trade is worth its value less its fees', async () => {
  await using bench = await open()
  const get = await signedIn(bench, 'tastytrade')
  const [number = ''] = await numbersOf(get)
  const trades = (await allRows(get, number)).filter(row => row['transaction-type'] === 'Trade')
  expect(trades.length).toBeGreaterThan(300)
  for (const row of trades) {
    const fees = ['commission', 'clearing-fees', 'regulatory-fees', 'proprietary-index-option-fees'].map(key => signed(row, key))
    expect(signed(row, 'net-value')).toEqual(Dec.add(signed(row, 'value'), Dec.sum(fees)))
  }
})

test('the history holds every kind of row a reader must know', async () => {
  await using bench = await open()
  const get = await signedIn(bench, 'tastytrade')
  const rows = (await Promise.all((await numbersOf(get)).map(number => allRows(get, number)))).flat()
  const kinds = new Set(rows.map(row => `${text(row['transaction-type'])}/${text(row['transaction-sub-type'])}`))
  for (const kind of [
    'Trade/Buy to Open',
    'Trade/Sell to Open',
    'Receive Deliver/Expiration',
    'Receive Deliver/Forward Split',
    'Money Movement/Deposit',
    'Money Movement/Dividend',
    'Money Movement/Credit Interest',
  ])
    expect(kinds).toContain(kind)
  expect(rows.some(row => row['transaction-sub-type'] === 'Dividend' && row['value-effect'] === 'Debit')).toBe(true)
  expect(rows.some(row => row['leg-count'] === 2)).toBe(true)
  expect(new Set(rows.map(row => row['id'])).size).toBe(rows.length)
})

test('fees are estimates on the day and final on the next one, under the same id', async () => {
  await using bench = await open()
  const get = await signedIn(bench, 'tastytrade')
  const [number = ''] = await numbersOf(get)
  const id = bench.sandbox.control('tastytrade').addFill()
  const read = async () => dataOf(await get(`/accounts/${number}/transactions/${id}`))
  const estimate = await read()
  expect(estimate['is-estimated-fee']).toBe(true)
  await expectBalance(get, number)
  bench.pass(86_400_000)
  const again = await signedIn(bench, 'tastytrade')
  const final = await dataOf(await again(`/accounts/${number}/transactions/${id}`))
  expect(final['is-estimated-fee']).toBe(false)
  expect([final['id'], Dec.sub(signed(final, 'net-value'), signed(estimate, 'net-value'))]).toEqual([estimate['id'], '0.01'])
  await expectBalance(again, number)
})

describe('paging and filters', () => {
  test('pages follow each other and say how many there are', async () => {
    await using bench = await open()
    const get = await signedIn(bench, 'tastytrade')
    const [number = ''] = await numbersOf(get)
    const all = await allRows(get, number)
    const page = await rowOf(await get(`/accounts/${number}/transactions?per-page=100&page-offset=2`))
    expect((page['data'] as Row)['items']).toEqual(all.slice(200, 300))
    expect(page['pagination']).toMatchObject({
      'per-page': 100,
      'item-offset': 200,
      'total-items': all.length,
      'total-pages': Math.ceil(all.length / 100),
    })
    const up = await itemsOf(await get(`/accounts/${number}/transactions?sort=Asc&per-page=1`))
    expect(up).toEqual(all.slice(-1))
  })

  test('a page over the limit is refused', async () => {
    await using bench = await open()
    const get = await signedIn(bench, 'tastytrade')
    const [number = ''] = await numbersOf(get)
    const answer = await get(`/accounts/${number}/transactions?per-page=5000`)
    expect([answer.status, (await rowOf(answer))['error']]).toEqual([
      400,
      {
        code: 'validation_error',
        message: 'Request validation failed',
        errors: [{ domain: 'per-page', reason: 'does not have a valid value' }],
      },
    ])
  })

  test('days and kinds narrow the answer', async () => {
    await using bench = await open()
    const get = await signedIn(bench, 'tastytrade')
    const [number = ''] = await numbersOf(get)
    const all = await allRows(get, number)
    const day = text(all[30]?.['transaction-date'])
    const path = `/accounts/${number}/transactions?per-page=2000&start-date=${day}&end-date=${day}`
    expect(await itemsOf(await get(path))).toEqual(all.filter(row => row['transaction-date'] === day))
    const kinds = await itemsOf(
      await get(`/accounts/${number}/transactions?per-page=2000&types[]=Money%20Movement&types[]=Receive%20Deliver`),
    )
    expect(kinds).toEqual(all.filter(row => row['transaction-type'] !== 'Trade'))
  })
})

describe('signing in', () => {
  const raw = (bench: Bench, headers: Record<string, string>) =>
    fetch(`${bench.sandbox.urls.tastytrade}/customers/me/accounts`, { headers })

  test('a call without a fitting User-Agent answers 401 as HTML, the token endpoint too', async () => {
    await using bench = await open()
    const token = text((await rowOf(await exchange(bench, 'tastytrade', await codeFrom(bench, 'tastytrade'))))['access_token'])
    const headers = { authorization: `Bearer ${token}` }
    expect((await raw(bench, { ...headers, ...AGENT })).status).toBe(200)
    const refused = await raw(bench, { ...headers, 'user-agent': 'node' })
    expect([refused.status, refused.headers.get('content-type')]).toEqual([401, 'text/html'])
    const body = new URLSearchParams({ grant_type: 'refresh_token' })
    expect(
      (await fetch(`${bench.sandbox.urls.tastytrade}/oauth/token`, { method: 'POST', body, headers: { 'user-agent': 'node' } })).status,
    ).toBe(401)
  })

  test('an access token ends after fifteen minutes and a refresh brings the next, years later too', async () => {
    await using bench = await open()
    const first = await rowOf(await exchange(bench, 'tastytrade', await codeFrom(bench, 'tastytrade')))
    expect(first['expires_in']).toBe(900)
    bench.pass(900_000)
    expect((await raw(bench, { ...AGENT, authorization: `Bearer ${text(first['access_token'])}` })).status).toBe(401)
    bench.pass(86_400_000 * 365)
    const next = await rowOf(
      await askToken(bench, 'tastytrade', { grant_type: 'refresh_token', refresh_token: text(first['refresh_token']) }),
    )
    expect((await raw(bench, { ...AGENT, authorization: `Bearer ${text(next['access_token'])}` })).status).toBe(200)
  })

  test('a personal grant needs its secret and refresh token alone, in JSON too', async () => {
    await using bench = await open()
    const { clientSecret, refreshToken } = SANDBOX_TASTYTRADE_GRANT
    const body = JSON.stringify({ grant_type: 'refresh_token', refresh_token: refreshToken, client_secret: clientSecret })
    const ask = () =>
      fetch(`${bench.sandbox.urls.tastytrade}/oauth/token`, {
        method: 'POST',
        body,
        headers: { ...AGENT, 'content-type': 'application/json' },
      })
    const token = await rowOf(await ask())
    expect({ ...token, access_token: '' }).toEqual({ access_token: '', token_type: 'Bearer', expires_in: 900 })
    expect((await raw(bench, { ...AGENT, authorization: `Bearer ${text(token['access_token'])}` })).status).toBe(200)
    bench.sandbox.control('tastytrade').revokeAll()
    const refused = await ask()
    expect([refused.status, (await rowOf(refused))['error_code']]).toEqual([400, 'invalid_grant'])
  })

  test('two sign-ins live side by side', async () => {
    await using bench = await open()
    const first = await rowOf(await exchange(bench, 'tastytrade', await codeFrom(bench, 'tastytrade')))
    await exchange(bench, 'tastytrade', await codeFrom(bench, 'tastytrade'))
    expect((await askToken(bench, 'tastytrade', { grant_type: 'refresh_token', refresh_token: text(first['refresh_token']) })).status).toBe(
      200,
    )
  })

  test('a wrong secret, code and refresh token are refused in the words of the token endpoint', async () => {
    await using bench = await open()
    const words = async (fields: Record<string, string>) => {
      const answer = await askToken(bench, 'tastytrade', fields)
      return [answer.status, await rowOf(answer)]
    }
    expect(await words({ client_secret: 'wrong', grant_type: 'refresh_token' })).toMatchObject([401, { error_code: 'invalid_client' }])
    expect(await words({ grant_type: 'authorization_code', code: 'unknown' })).toMatchObject([400, { error_code: 'invalid_grant' }])
    expect(await words({ grant_type: 'refresh_token', refresh_token: 'unknown' })).toEqual([
      400,
      { error_code: 'invalid_grant', error_description: 'Invalid JWT' },
    ])
    expect(SANDBOX_CLIENTS.tastytrade.clientSecret).toBe(SANDBOX_TASTYTRADE_GRANT.clientSecret)
  })
})

test('an unknown account is not found', async () => {
  await using bench = await open()
  const answer = await (await signedIn(bench, 'tastytrade'))('/accounts/5WX00000/balances')
  expect([answer.status, ((await rowOf(answer))['error'] as Row)['code']]).toEqual([404, 'record_not_found'])
})

describe.skipIf(!existsSync(PAYLOADS))('against the captured payloads', () => {
  const shapeOf = (file: string): Shape => addValue(new Map(), readPayload(`tastytrade/${file}.json`))

  test('accounts, balances and positions', async () => {
    await using bench = await open()
    const get = await signedIn(bench, 'tastytrade')
    const [number = ''] = await numbersOf(get)
    for (const [file, path] of [
      ['accounts', '/customers/me/accounts'],
      ['balances', `/accounts/${number}/balances`],
      ['positions', `/accounts/${number}/positions`],
    ] as const)
      expect(strangers(shapeOf(file), await rowOf(await get(path)))).toEqual([])
  })

  test('transactions, with every key of a captured trade', async () => {
    await using bench = await open()
    const get = await signedIn(bench, 'tastytrade')
    const [number = ''] = await numbersOf(get)
    const answer = await rowOf(await get(`/accounts/${number}/transactions?per-page=2000`))
    expect(strangers(shapeOf('transactions_paged'), answer)).toEqual([])
    const captured = Object.keys((readPayload('tastytrade/transaction_single.json') as Row)['data'] as Row)
    const trade = ((answer['data'] as Row)['items'] as Row[]).find(row => row['transaction-type'] === 'Trade')
    expect(Object.keys(trade ?? {}).sort()).toEqual(captured.sort())
  })

  test('the dead refresh token', async () => {
    await using bench = await open()
    const answer = await askToken(bench, 'tastytrade', { grant_type: 'refresh_token', refresh_token: 'gone' })
    expect(await rowOf(answer)).toEqual(readPayload('tastytrade/error_oauth_invalid_grant.json'))
  })
})
