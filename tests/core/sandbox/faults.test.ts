import { describe, expect, test } from 'vitest'
import type { Fault } from '../../../electron/core/sandbox/faults.ts'
import {
  ACCOUNT,
  allActivities,
  allTransactions,
  askToken,
  codeFrom,
  exchange,
  hashesOf,
  openBench,
  rowOf,
  rowsOf,
  signedIn,
  text,
} from './client.ts'
import type { Bench, Get, OAuthStand } from './client.ts'

const BROKERS = ['alpaca', 'schwab', 'tastytrade', 'tdameritrade'] as const

/** A path that fails with the first account, and one that does not. */
async function pathsOf(broker: OAuthStand, get: Get): Promise<string[]> {
  if (broker === 'alpaca') return ['/v2/account', '/v2/clock']
  if (broker === 'schwab') return (await hashesOf(get)).map(({ hash }) => `/trader/v1/accounts/${hash}`)
  const answer = (await (await get(ACCOUNT[broker])).text()).matchAll(/"(?:account-number|accountId)":"(\w+)"/g)
  const [first = '', second = ''] = [...answer].map(([, number = '']) => number)
  return broker === 'tastytrade'
    ? [`/accounts/${first}/balances`, `/accounts/${second}/balances`]
    : [`/v1/accounts/${first}`, `/v1/accounts/${second}`]
}

describe.each(BROKERS)('%s', broker => {
  async function broken(bench: Bench, fault: Fault): Promise<Response> {
    const get = await signedIn(bench, broker)
    bench.sandbox.control(broker).fault(fault)
    return get(ACCOUNT[broker])
  }

  test('expired access tokens answer 401 until a new one comes', async () => {
    await using bench = await openBench({ stands: [broker] })
    const get = await signedIn(bench, broker)
    bench.sandbox.control(broker).expireAccessTokens()
    expect((await get(ACCOUNT[broker])).status).toBe(401)
    expect((await (await signedIn(bench, broker))(ACCOUNT[broker])).status).toBe(200)
  })

  test('one 401 is one 401', async () => {
    await using bench = await openBench({ stands: [broker] })
    const get = await signedIn(bench, broker)
    bench.sandbox.control(broker).fault({ name: 'unauthorized-once' })
    expect([(await get(ACCOUNT[broker])).status, (await get(ACCOUNT[broker])).status]).toEqual([401, 200])
  })

  test('a 403 can be a page of HTML', async () => {
    await using bench = await openBench({ stands: [broker] })
    const answer = await broken(bench, { name: 'forbidden-html' })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([403, 'text/html'])
    expect(await answer.text()).toContain('Access Denied')
  })

  test('a 429 comes with and without Retry-After', async () => {
    await using bench = await openBench({ stands: [broker] })
    const without = await broken(bench, { name: 'rate-limited' })
    expect([without.status, without.headers.get('retry-after')]).toEqual([429, null])
    const dated = await broken(bench, { name: 'rate-limited', retryAfter: 3 })
    expect([dated.status, dated.headers.get('retry-after')]).toEqual([429, '3'])
  })

  test('a fault can end after some answers and can be cleared', async () => {
    await using bench = await openBench({ stands: [broker] })
    const get = await signedIn(bench, broker)
    const status = async () => (await get(ACCOUNT[broker])).status
    bench.sandbox.control(broker).fault({ name: 'server-error', status: 502, times: 2 })
    expect([await status(), await status(), await status()]).toEqual([502, 502, 200])
    bench.sandbox.control(broker).fault({ name: 'server-error' })
    expect(await status()).toBe(500)
    bench.sandbox.control(broker).fault(null)
    expect(await status()).toBe(200)
  })

  test('a body can end too early and a connection can drop', async () => {
    await using bench = await openBench({ stands: [broker] })
    const cut = await broken(bench, { name: 'truncated', times: 1 })
    await expect(cut.text()).rejects.toThrow('terminated')
    await expect(broken(bench, { name: 'dropped', times: 1 })).rejects.toThrow('fetch failed')
    expect(bench.sandbox.control(broker).requests().at(-1)).toMatchObject({ path: ACCOUNT[broker], status: 0 })
  })

  test('a slow answer still arrives, and closing the sandbox does not wait for it', async () => {
    const bench = await openBench({ stands: [broker] })
    const get = await signedIn(bench, broker)
    bench.sandbox.control(broker).fault({ name: 'slow', ms: 20, times: 1 })
    expect((await get(ACCOUNT[broker])).status).toBe(200)
    bench.sandbox.control(broker).fault({ name: 'slow', ms: 86_400_000 })
    const [answer] = await Promise.allSettled([get(ACCOUNT[broker]), bench.sandbox.close()])
    expect(answer.status).toBe('rejected')
  })

  test('one account can fail', async () => {
    await using bench = await openBench({ stands: [broker] })
    const get = await signedIn(bench, broker)
    bench.sandbox.control(broker).fault({ name: 'account-failing', account: 0 })
    const paths = await pathsOf(broker, get)
    expect(await Promise.all(paths.map(async path => (await get(path)).status))).toEqual([500, 200])
  })

  test('every request is recorded without its query', async () => {
    await using bench = await openBench({ stands: [broker] })
    await (
      await signedIn(bench, broker)
    )(`${ACCOUNT[broker]}?fields=positions`)
    expect(bench.sandbox.control(broker).requests().at(-1)).toEqual({ method: 'GET', path: ACCOUNT[broker], status: 200 })
  })

  test('the control door opens to its header alone', async () => {
    await using bench = await openBench({ stands: [broker] })
    const door = (path: string, headers: Record<string, string>, body?: object) =>
      fetch(`${bench.sandbox.urls[broker]}/_sandbox/${path}`, body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers })
    const key = { 'x-keelson-sandbox': '1' }
    expect((await door('fault', {}, { name: 'server-error' })).status).toBe(404)
    expect((await door('fault', key, { name: 'nonsense' })).status).toBe(400)
    const get = await signedIn(bench, broker)
    expect((await door('fault', key, { name: 'server-error', status: 503, times: 1 })).status).toBe(200)
    expect([(await get(ACCOUNT[broker])).status, (await get(ACCOUNT[broker])).status]).toEqual([503, 200])
    expect((await rowsOf(await door('requests', key))).at(-2)).toMatchObject({ status: 503 })
    expect((await door('expire', key, {})).status).toBe(200)
    expect((await get(ACCOUNT[broker])).status).toBe(401)
  })

  test('a foreign Host header gets nothing', async () => {
    await using bench = await openBench({ stands: [broker] })
    const { request } = await import('node:http')
    const status = await new Promise(resolve => {
      request(`${bench.sandbox.urls[broker]}/_sandbox/requests`, { headers: { host: 'evil.example', 'x-keelson-sandbox': '1' } }, answer =>
        resolve(answer.statusCode),
      ).end()
    })
    expect(status).toBe(421)
  })
})

test('a repeated row stands in front, so that the page still ends with its last row', async () => {
  await using bench = await openBench({ stands: ['alpaca', 'schwab'] })
  const get = await signedIn(bench, 'alpaca')
  const plain = await rowsOf(await get('/v2/account/activities'))
  bench.sandbox.control('alpaca').fault({ name: 'duplicates' })
  const doubled = await rowsOf(await get('/v2/account/activities'))
  expect(doubled).toEqual([plain[0], ...plain])
})

test.each(['alpaca', 'schwab'] as const)('a corrected %s fill keeps its id and changes its facts and the cash', async broker => {
  await using bench = await openBench({ stands: ['alpaca', 'schwab'] })
  const control = bench.sandbox.control(broker)
  const get = await signedIn(bench, broker)
  const id = control.addFill()
  const read = async () => {
    const rows = broker === 'alpaca' ? await allActivities(get) : await allTransactions(get, (await hashesOf(get))[0]?.hash ?? '')
    return { count: rows.length, row: rows.find(row => text(row['id'] ?? row['activityId']) === id) }
  }
  const before = await read()
  expect(before.row).toBeDefined()
  expect(control.correct(id)).toBe(id)
  const after = await read()
  expect(after.count).toBe(before.count)
  expect(after.row).not.toEqual(before.row)
  expect(control.correct('no such row')).toBeUndefined()
})

test('revoking ends access and refresh at once', async () => {
  await using bench = await openBench({ stands: ['alpaca', 'schwab'] })
  const token = await rowOf(await exchange(bench, 'schwab', await codeFrom(bench, 'schwab')))
  bench.sandbox.control('schwab').fault({ name: 'revoked' })
  const renewed = await askToken(bench, 'schwab', { grant_type: 'refresh_token', refresh_token: text(token['refresh_token']) })
  expect([renewed.status, (await rowOf(renewed))['error']]).toEqual([400, 'unsupported_token_type'])
})

test('a refresh can fail for the moment or for good', async () => {
  await using bench = await openBench({ stands: ['alpaca', 'schwab'] })
  const token = await rowOf(await exchange(bench, 'schwab', await codeFrom(bench, 'schwab')))
  const renew = () => askToken(bench, 'schwab', { grant_type: 'refresh_token', refresh_token: text(token['refresh_token']) })
  bench.sandbox.control('schwab').fault({ name: 'refresh-failing', status: 503, times: 1 })
  expect([(await renew()).status, (await renew()).status]).toEqual([503, 200])
  bench.sandbox.control('schwab').fault({ name: 'refresh-invalid', times: 1 })
  expect((await renew()).status).toBe(400)
})
