import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { baseString, sign } from '../../../electron/core/sandbox/etrade/signature.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { FRIDAY, openBench, rowOf, text } from './client.ts'
import type { Bench, Json, Row } from './client.ts'
import { accessFor, allRows, call, keysOf, listIn, pairOf, requestToken, signedIn, verifierFor } from './etrade-client.ts'
import type { Caller } from './etrade-client.ts'
import { PAYLOADS, addValue, readPayload, strangers } from './shape.ts'
import type { Shape } from './shape.ts'

const START = Instant.toEpochMs(FRIDAY)
const open = (options = {}) => openBench({ stands: ['etrade'], ...options })
const enter = (bench: Bench) => signedIn(bench, () => FRIDAY)
const dec = (value: Json | undefined) => Dec.of(text(value ?? '0'))
const control = (bench: Bench) => bench.sandbox.control('etrade')

test('the signature is that of the published example', () => {
  const parameters = [
    ['oauth_consumer_key', 'c5bb4dcb7bd6826c7c4340df3f791188'],
    ['oauth_nonce', '0bba225a40d1bbac2430aa0c6163ce44'],
    ['oauth_signature_method', 'HMAC-SHA1'],
    ['oauth_timestamp', '1344885636'],
    ['oauth_token', 'VbiNYl63EejjlKdQM6FeENzcnrLACrZ2JYD6NQROfVI='],
  ] as const
  const base = baseString('GET', 'https://api.etrade.com/v1/accounts/list', parameters)
  const secrets = ['7d30246211192cda43ede3abd9b393b9', 'XCF9RzyQr4UEPloA+WlC06BnTfYC1P0Fwr3GUw/B0Es='] as const
  expect(sign(base, ...secrets)).toBe('UOnPVdzExTAgHkcGWLLfeTaaMSM=')
})

test('the base string is that of RFC 5849', () => {
  const parameters = [
    ['b5', '=%3D'],
    ['a3', 'a'],
    ['c@', ''],
    ['a2', 'r b'],
    ['oauth_consumer_key', '9djdj82h48djs9d2'],
    ['oauth_token', 'kkk9d7dh3k39sjv7'],
    ['oauth_signature_method', 'HMAC-SHA1'],
    ['oauth_timestamp', '137131201'],
    ['oauth_nonce', '7d8f3e4a'],
    ['c2', ''],
    ['a3', '2 q'],
  ] as const
  expect(baseString('post', 'http://example.com/request', parameters)).toBe(
    'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
  )
})

describe('signing in', () => {
  const said = async (response: Response) => `${response.status} ${await response.text()}`

  test('the code of the page opens the accounts, and only once', async () => {
    await using bench = await open()
    const request = await requestToken(bench, START)
    const oauth_verifier = await verifierFor(bench, request.token)
    expect(oauth_verifier).toMatch(/^[A-Z0-9]{5,7}$/)
    const wrong = await call(bench, '/oauth/access_token', START, { ...request, more: { oauth_verifier: 'WRONG' } })
    expect(await said(wrong)).toBe('401 oauth_problem=token_rejected')
    const access = await pairOf(await call(bench, '/oauth/access_token', START, { ...request, more: { oauth_verifier } }))
    expect(access.token).toMatch(/=|[A-Za-z0-9+/]{40}/)
    expect((await call(bench, '/v1/accounts/list.json', START, access)).status).toBe(200)
    const again = await call(bench, '/oauth/access_token', START, { ...request, more: { oauth_verifier } })
    expect(await said(again)).toBe('401 oauth_problem=token_rejected')
  })

  test('a request token ends after five minutes', async () => {
    await using bench = await open()
    const request = await requestToken(bench, START)
    bench.pass(300_000)
    await expect(verifierFor(bench, request.token)).rejects.toThrow('the consent page answered 400')
  })

  test('a request token needs the callback oob', async () => {
    await using bench = await open()
    expect((await call(bench, '/oauth/request_token', START)).status).toBe(401)
  })

  test('two idle hours put a token to sleep until it is renewed', async () => {
    await using bench = await open()
    let at = START - 6 * 3_600_000
    bench.pass(-6 * 3_600_000)
    const access = await accessFor(bench, at)
    const step = (ms: number) => {
      at += ms
      bench.pass(ms)
    }
    step(7_199_999)
    expect((await call(bench, '/v1/accounts/list.json', at, access)).status).toBe(200)
    step(7_200_000)
    expect(await said(await call(bench, '/v1/accounts/list.json', at, access))).toBe('401 oauth_problem=token_expired')
    expect(await said(await call(bench, '/oauth/renew_access_token', at, access))).toBe('200 Access Token has been renewed')
    expect((await call(bench, '/v1/accounts/list.json', at, access)).status).toBe(200)
  })

  test('everything ends at midnight in New York and no renewal helps', async () => {
    await using bench = await open()
    const access = await accessFor(bench, START)
    const midnight = Date.parse('2026-11-21T05:00:00Z')
    bench.pass(midnight - START - 1)
    expect((await call(bench, '/oauth/renew_access_token', midnight - 1, access)).status).toBe(200)
    bench.pass(1)
    expect(await said(await call(bench, '/v1/accounts/list.json', midnight, access))).toBe('401 oauth_problem=token_expired')
    expect(await said(await call(bench, '/oauth/renew_access_token', midnight, access))).toBe('401 oauth_problem=token_rejected')
  })

  test('a revoked token is rejected', async () => {
    await using bench = await open()
    const access = await accessFor(bench, START)
    expect(await said(await call(bench, '/oauth/revoke_access_token', START, access))).toBe('200 Revoked Access Token')
    expect(await said(await call(bench, '/v1/accounts/list.json', START, access))).toBe('401 oauth_problem=token_rejected')
  })

  test('a sandbox started again with the same seed still knows the token', async () => {
    await using first = await open()
    const access = await accessFor(first, START)
    await using second = await open()
    expect((await call(second, '/v1/accounts/list.json', START, access)).status).toBe(200)
  })

  test('wrong signatures, clocks, keys and repeated nonces are told apart', async () => {
    await using bench = await open()
    const access = await accessFor(bench, START)
    const list = (oauth: Record<string, string>, at = START) => call(bench, '/v1/accounts/list.json', at, { ...access, oauth })
    expect(await said(await list({ oauth_signature: 'wrong' }))).toBe('401 oauth_problem=signature_invalid')
    expect(await said(await list({ oauth_consumer_key: 'unknown' }))).toBe('401 oauth_problem=consumer_key_rejected')
    expect(await said(await list({ oauth_token: 'unknown' }))).toBe('401 oauth_problem=token_rejected')
    expect((await list({ oauth_nonce: 'once' })).status).toBe(200)
    expect(await said(await list({ oauth_nonce: 'once' }))).toBe('401 oauth_problem=nonce_used')
    const seconds = START / 1000
    const late = await list({}, START - 360_000)
    expect(late.headers.get('www-authenticate')).toContain('oauth_problem="timestamp_refused')
    expect(await said(late)).toBe(`401 oauth_problem=timestamp_refused,oauth_acceptable_timestamps=${seconds - 300}-${seconds + 300}`)
    control(bench).knobs.set('consumer-key', 'rejected')
    expect(await said(await list({}))).toBe('401 oauth_problem=consumer_key_rejected')
  })

  test('the query is signed, and a call without a signature is refused', async () => {
    await using bench = await open()
    const get = await enter(bench)
    const [key = ''] = await keysOf(get)
    expect((await get(`/v1/accounts/${key}/transactions.json?count=2&startDate=01012026&endDate=11202026`)).status).toBe(200)
    expect((await fetch(`${bench.sandbox.urls.etrade}/v1/accounts/list.json`)).status).toBe(401)
  })
})

const SIDES: Readonly<Record<string, 1 | -1>> = { Bought: 1, 'Bought To Cover': 1, Sold: -1, 'Sold Short': -1 }

/** A name for what a row moves: the share, or the contract. */
function nameOf(product: Row, display: Json | undefined): string {
  if (product['securityType'] !== 'OPTN') return text(product['symbol'] ?? display).trim()
  const year = Number(product['expiryYear']) % 100
  return [product['symbol'], product['callPut'], year, product['expiryMonth'], product['expiryDay'], product['strikePrice']]
    .map(part => text(part))
    .join(' ')
}

async function expectBalance(get: Caller, key: string): Promise<number> {
  const rows = await allRows(get, key)
  const held = new Map<string, Dec>()
  for (const row of [...rows].reverse()) {
    const brokerage = row['brokerage'] as Row
    const qty = Dec.abs(dec(brokerage['quantity']))
    const name = nameOf(brokerage['product'] as Row, brokerage['displaySymbol'])
    const type = text(row['transactionType'])
    const side = SIDES[type]
    const before = held.get(name) ?? Dec.zero
    if (side !== undefined) held.set(name, Dec.add(before, side === 1 ? qty : Dec.neg(qty)))
    else if (type === 'Stock Split' || type === 'Dividend Reinvestment') held.set(name, Dec.add(before, qty))
    else if (type.startsWith('Option ')) held.set(name, Dec.isNegative(before) ? Dec.add(before, qty) : Dec.sub(before, qty))
  }
  const portfolio = await get(`/v1/accounts/${key}/portfolio.json`)
  const pages = portfolio.status === 204 ? [] : listIn(((await rowOf(portfolio))['PortfolioResponse'] as Row)['AccountPortfolio'])
  const positions = pages
    .flatMap(page => listIn(page['Position']))
    .map((row): [string, Dec] => [nameOf(row['Product'] as Row, ''), dec(row['quantity'])])
  const sorted = (list: [string, Dec][]) => list.sort(([a], [b]) => (a < b ? -1 : 1))
  expect(sorted([...held].filter(([, qty]) => !Dec.isZero(qty)))).toEqual(sorted(positions))
  const balance = (await rowOf(await get(`/v1/accounts/${key}/balance.json?instType=BROKERAGE&realTimeNAV=true`)))['BalanceResponse'] as Row
  expect(Dec.sum(rows.map(row => dec(row['amount'])))).toEqual(dec((balance['Computed'] as Row)['cashBalance']))
  return rows.length
}

test.each([1, 7, 42])('the books of seed %i balance in every account', async seed => {
  await using bench = await open({ seed })
  const get = await enter(bench)
  const counts: number[] = []
  for (const key of await keysOf(get)) counts.push(await expectBalance(get, key))
  expect([counts[0], counts[2]]).toEqual([expect.toSatisfy((count: number) => count > 400), 0])
})

test('the books of a large history balance, and a later start only adds rows', async () => {
  await using bench = await open({ size: { activities: 4000 } })
  const get = await enter(bench)
  const [key = ''] = await keysOf(get)
  expect(await expectBalance(get, key)).toBeGreaterThan(2000)
  const early = Instant.parse('2026-10-14T16:20:00Z')
  await using before = await openBench({ stands: ['etrade'] }, early)
  await using after = await open()
  const rows = async (bench: Bench, now: Instant) => (await allRows(await signedIn(bench, () => now), key)).map(row => JSON.stringify(row))
  const known = new Set(await rows(after, FRIDAY))
  expect((await rows(before, early)).filter(row => !known.has(row))).toEqual([])
})

describe('transactions', () => {
  test('the history holds every kind of row a reader must know', async () => {
    await using bench = await open()
    const get = await enter(bench)
    const rows = (await Promise.all((await keysOf(get)).map(key => allRows(get, key)))).flat()
    const types = new Set(rows.map(row => row['transactionType']))
    for (const type of [
      'Bought',
      'Sold',
      'Sold Short',
      'Option Expired',
      'Qualified Dividend',
      'Interest Income',
      'Transfer',
      'Stock Split',
      'Dividend Reinvestment',
    ])
      expect(types).toContain(type)
    const bare = rows.filter(row => JSON.stringify((row['brokerage'] as Row)['product']) === '{}' && row['transactionType'] === 'Sold')
    expect(bare.every(row => text((row['brokerage'] as Row)['displaySymbol']).trim() !== '')).toBe(true)
    expect(bare.length).toBeGreaterThan(3)
    expect(new Set(rows.map(row => row['transactionId'])).size).toBe(rows.length)
  })

  test('pages are marked until the last one, which has no marker', async () => {
    await using bench = await open()
    const get = await enter(bench)
    const [key = ''] = await keysOf(get)
    const page = async (query: string) =>
      (await rowOf(await get(`/v1/accounts/${key}/transactions.json?${query}`)))['TransactionListResponse'] as Row
    const first = await page('count=50')
    expect([first['moreTransactions'], first['transactionCount'], listIn(first['Transaction']).length]).toEqual([true, 50, 50])
    expect(text(first['next'])).toContain(`marker=${text(first['marker'])}`)
    const all = await allRows(get, key)
    expect(first['totalCount']).toBe(all.length)
    const day = '11202025'
    const ranged = await allDays(get, key, `startDate=${day}&endDate=11202026`)
    expect(ranged.map(row => row['transactionId'])).toEqual(
      all.filter(row => Number(row['transactionDate']) >= Date.parse('2025-11-20T05:00:00Z')).map(row => row['transactionId']),
    )
  })

  const allDays = async (get: Caller, key: string, query: string): Promise<Row[]> => {
    const rows: Row[] = []
    for (let marker = ''; ;) {
      const page = (await rowOf(await get(`/v1/accounts/${key}/transactions.json?${query}${marker}`)))['TransactionListResponse'] as Row
      rows.push(...listIn(page['Transaction']))
      if (page['marker'] === '') return rows
      marker = `&marker=${text(page['marker'])}`
    }
  }

  test('a single row stands alone, and no row is no body', async () => {
    await using bench = await open()
    const get = await enter(bench)
    const [key = ''] = await keysOf(get)
    const one = (await rowOf(await get(`/v1/accounts/${key}/transactions.json?count=1`)))['TransactionListResponse'] as Row
    expect(Array.isArray(one['Transaction'])).toBe(false)
    const empty = () => get(`/v1/accounts/${key}/transactions.json?startDate=01012020&endDate=01022020`)
    const none = await empty()
    expect([none.status, await none.text()]).toEqual([204, ''])
    control(bench).knobs.set('empty', '200')
    const blank = await empty()
    expect([blank.status, await blank.text()]).toEqual([200, ''])
  })

  test('times come in seconds when the broker likes', async () => {
    await using bench = await open()
    const get = await enter(bench)
    const [key = ''] = await keysOf(get)
    const newest = async () => Number((await allRows(get, key))[0]?.['transactionDate'])
    const ms = await newest()
    control(bench).knobs.set('times', 'seconds')
    expect(await newest()).toBe(ms / 1000)
  })

  test('bad days, counts, markers and accounts have codes', async () => {
    await using bench = await open()
    const get = await enter(bench)
    const [key = ''] = await keysOf(get)
    const code = async (path: string) => {
      const answer = await get(`/v1/accounts/${path}`)
      return [answer.status, ((await rowOf(answer))['Error'] as Row)['code']]
    }
    expect(await code(`${key}/transactions.json?startDate=2026-01-01`)).toEqual([400, 2001])
    expect(await code(`${key}/transactions.json?count=51`)).toEqual([400, 2005])
    expect(await code(`${key}/transactions.json?marker=nothing`)).toEqual([400, 2006])
    expect(await code('unknown/transactions.json')).toEqual([400, 102])
  })

  test('the detail names the order', async () => {
    await using bench = await open()
    const get = await enter(bench)
    const [key = ''] = await keysOf(get)
    const sold = (await allRows(get, key)).find(row => row['transactionType'] === 'Sold')
    const detail = (await rowOf(await get(`/v1/accounts/${key}/transactions/${text(sold?.['transactionId'])}.json`)))[
      'TransactionDetailsResponse'
    ] as Row
    expect(detail).toMatchObject({ amount: sold?.['amount'], Brokerage: { transactionType: 'Sold' } })
    expect((detail['Brokerage'] as Row)['orderNo']).toBeGreaterThan(0)
  })
})

describe('faults', () => {
  const list = '/v1/accounts/list.json'

  test('tokens fall asleep, are revoked, and one 401 is one 401', async () => {
    await using bench = await open()
    const get = await enter(bench)
    control(bench).fault({ name: 'unauthorized-once' })
    expect([(await get(list)).status, (await get(list)).status]).toEqual([401, 200])
    control(bench).fault({ name: 'expired' })
    expect(await (await get(list)).text()).toBe('oauth_problem=token_expired')
    expect((await get('/oauth/renew_access_token')).status).toBe(200)
    expect((await get(list)).status).toBe(200)
    control(bench).fault({ name: 'revoked' })
    expect(await (await get(list)).text()).toBe('oauth_problem=token_rejected')
  })

  test('a renewal can fail for the moment or for good', async () => {
    await using bench = await open()
    const get = await enter(bench)
    control(bench).fault({ name: 'refresh-failing', status: 503, times: 1 })
    expect([(await get('/oauth/renew_access_token')).status, (await get('/oauth/renew_access_token')).status]).toEqual([503, 200])
    control(bench).fault({ name: 'refresh-invalid' })
    expect((await get('/oauth/renew_access_token')).status).toBe(401)
  })

  test("too many calls, broken servers and failing accounts speak the broker's words", async () => {
    await using bench = await open()
    const get = await enter(bench)
    const [key = '', other = ''] = await keysOf(get)
    control(bench).fault({ name: 'rate-limited', retryAfter: 2 })
    const limited = await get(list)
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '2'])
    control(bench).knobs.set('rate-limit', '400')
    expect((await get(list)).status).toBe(400)
    control(bench).fault({ name: 'server-error' })
    expect(((await rowOf(await get(list)))['Error'] as Row)['code']).toBe(100)
    control(bench).fault({ name: 'account-failing', account: 1 })
    const status = async (id: string) => (await get(`/v1/accounts/${id}/portfolio.json`)).status
    expect([await status(key), await status(other)]).toEqual([200, 500])
  })

  test('a repeated row and a corrected one', async () => {
    await using bench = await open()
    const get = await enter(bench)
    const [key = ''] = await keysOf(get)
    const before = await allRows(get, key)
    control(bench).fault({ name: 'duplicates', times: 1 })
    const page = (await rowOf(await get(`/v1/accounts/${key}/transactions.json`)))['TransactionListResponse'] as Row
    expect(listIn(page['Transaction']).slice(0, 2)).toEqual([before[0], before[0]])
    const id = control(bench).addFill()
    expect(control(bench).correct(id)).toBe(id)
    await expectBalance(get, key)
  })
})

describe.skipIf(!existsSync(PAYLOADS))('against the captured payloads', () => {
  const shapeOf = (...files: string[]): Shape =>
    files.reduce((shape, file) => addValue(shape, readPayload(`etrade/${file}.json`)), new Map() as Shape)

  test('accounts and positions', async () => {
    await using bench = await open()
    const get = await enter(bench)
    const [key = ''] = await keysOf(get)
    expect(strangers(shapeOf('sandbox_account_list'), await rowOf(await get('/v1/accounts/list.json')))).toEqual([])
    const shape = shapeOf('sandbox_portfolio')
    shape.set('$.PortfolioResponse.AccountPortfolio[].Position[].Product.callPut', new Set(['string']))
    expect(strangers(shape, await rowOf(await get(`/v1/accounts/${key}/portfolio.json`)))).toEqual([])
  })

  test('the balance, with the keys of the reference example', async () => {
    await using bench = await open()
    const get = await enter(bench)
    const [key = ''] = await keysOf(get)
    const shape = shapeOf('sandbox_balance')
    for (const name of ['marginBuyingPower', 'cashBuyingPower']) shape.set(`$.BalanceResponse.Computed.${name}`, new Set(['number']))
    expect(strangers(shape, await rowOf(await get(`/v1/accounts/${key}/balance.json?instType=BROKERAGE&realTimeNAV=true`)))).toEqual([])
  })

  test('transactions', async () => {
    await using bench = await open()
    const get = await enter(bench)
    const [key = ''] = await keysOf(get)
    const shape = shapeOf('cli_activity_response_sandbox', 'cli_transactions_response')
    const list = '$.TransactionListResponse.Transaction[]'
    for (const row of await allRows(get, key)) expect(strangers(shape, { TransactionListResponse: { Transaction: [row] } })).toEqual([])
    expect(shape.has(`${list}.transactionId`)).toBe(true)
  })
})
