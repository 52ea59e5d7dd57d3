import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { AppError } from '../../../shared/contract/errors.ts'
import { never, testClient } from './support/client.ts'
import { drip, html, json, reset, type Scene, scriptedServer, truncated } from './support/scripted-server.ts'

const OK = json({ ok: true })

async function failure(run: Promise<unknown>): Promise<AppError> {
  const error: unknown = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof AppError)) throw new Error('expected an AppError')
  return error
}

describe('a GET', () => {
  test('answers with status, body, headers in lower case and the time it took', async () => {
    await using server = await scriptedServer(json({ a: 1 }, 200, { 'X-Request-ID': 'r-1' }))
    await using client = testClient([server.origin])
    const answer = await client.http.request({
      method: 'GET',
      url: `${server.origin}/v2/account?x=1`,
      headers: { authorization: 'Bearer t' },
      signal: never,
    })
    expect(answer).toMatchObject({ status: 200, body: '{"a":1}', receivedAt: '2026-11-20T15:00:00.000Z', ms: 0 })
    expect(answer.headers['x-request-id']).toBe('r-1')
    expect(server.seen[0]).toMatchObject({
      method: 'GET',
      url: '/v2/account?x=1',
      headers: { authorization: 'Bearer t', 'user-agent': 'Keelson/1' },
    })
  })

  test('tries again after a 500, with full jitter', async () => {
    await using server = await scriptedServer(json({}, 500), json({}, 502), OK)
    await using client = testClient([server.origin], { fraction: 0.25 })
    const answer = client.http.request({ method: 'GET', url: server.origin, signal: never })
    await client.clock.scheduled(ms => ms === 250)
    client.clock.advance(250)
    await client.clock.scheduled(ms => ms === 500)
    client.clock.advance(500)
    expect((await answer).status).toBe(200)
    expect(server.seen).toHaveLength(3)
  })

  test('gives back the last answer when the broker stays down', async () => {
    await using server = await scriptedServer(json({ no: 1 }, 503))
    await using client = testClient([server.origin], { fraction: 0 })
    const answer = await client.http.request({ method: 'GET', url: server.origin, signal: never })
    expect(answer).toMatchObject({ status: 503, body: '{"no":1}' })
    expect(server.seen).toHaveLength(3)
  })

  test('waits as long as a 503 asks', async () => {
    await using server = await scriptedServer(json({}, 503, { 'retry-after': '4' }), OK)
    await using client = testClient([server.origin])
    const answer = client.http.request({ method: 'GET', url: server.origin, signal: never })
    await client.clock.scheduled(ms => ms === 4000)
    client.clock.advance(4000)
    expect((await answer).status).toBe(200)
  })

  test('is not repeated when the caller says so', async () => {
    await using server = await scriptedServer(json({}, 500), OK)
    await using client = testClient([server.origin])
    const answer = await client.http.request({ method: 'GET', url: server.origin, signal: never, idempotent: false })
    expect(answer.status).toBe(500)
    expect(server.seen).toHaveLength(1)
  })

  test.each([400, 401, 403, 404, 422])('is not repeated after a %i', async status => {
    await using server = await scriptedServer(json({}, status))
    await using client = testClient([server.origin])
    expect((await client.http.request({ method: 'GET', url: server.origin, signal: never })).status).toBe(status)
    expect(server.seen).toHaveLength(1)
  })

  test('hands an HTML refusal on as it is', async () => {
    await using server = await scriptedServer(html('<h1>Access Denied</h1>', 403))
    await using client = testClient([server.origin])
    expect(await client.http.request({ method: 'GET', url: server.origin, signal: never })).toMatchObject({
      status: 403,
      body: '<h1>Access Denied</h1>',
    })
  })

  test('does not follow a redirect', async () => {
    await using other = await scriptedServer(OK)
    await using server = await scriptedServer(response => response.writeHead(302, { location: `${other.origin}/steal` }).end())
    await using client = testClient([server.origin, other.origin])
    expect((await client.http.request({ method: 'GET', url: server.origin, signal: never })).status).toBe(302)
    expect(other.seen).toHaveLength(0)
  })
})

describe('anything but a GET', () => {
  test.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)('%s is sent once, whatever the answer', async method => {
    await using server = await scriptedServer(json({}, 503, { 'retry-after': '0' }))
    await using client = testClient([server.origin])
    const answer = await client.http.request({ method, url: server.origin, body: 'a=1', signal: never, idempotent: true })
    expect(answer.status).toBe(503)
    expect(server.seen).toHaveLength(1)
  })

  test('is sent once when the connection drops', async () => {
    await using server = await scriptedServer(reset)
    await using client = testClient([server.origin])
    expect(await failure(client.http.request({ method: 'POST', url: server.origin, body: 'a=1', signal: never }))).toMatchObject({
      code: 'net/offline',
    })
    expect(server.seen).toHaveLength(1)
  })

  test('says how long to wait after a 429, and everybody waits', async () => {
    await using server = await scriptedServer(json({}, 429, { 'retry-after': '5' }), OK)
    await using client = testClient([server.origin])
    const refused = await failure(client.http.request({ method: 'POST', url: server.origin, signal: never }))
    expect(refused).toMatchObject({ code: 'broker/rate-limited', retryAfterMs: 5000, message: 'Testbroker asks to slow down.' })
    const next = client.http.request({ method: 'GET', url: server.origin, signal: never })
    expect(server.seen).toHaveLength(1)
    client.clock.advance(5000)
    expect((await next).status).toBe(200)
  })
})

describe('a 429', () => {
  const cases: [string, Record<string, string>, number][] = [
    ['seconds', { 'retry-after': '7' }, 7000],
    [
      "an HTTP date, measured on the broker's clock",
      { 'retry-after': 'Fri, 20 Nov 2026 12:00:09 GMT', date: 'Fri, 20 Nov 2026 12:00:00 GMT' },
      9000,
    ],
    [
      'a reset time',
      { 'x-ratelimit-reset': String(Date.parse('2026-11-20T12:00:11Z') / 1000), date: 'Fri, 20 Nov 2026 12:00:00 GMT' },
      11_000,
    ],
  ]
  test.each(cases)('with %s pauses all callers exactly that long', async (_, headers, ms) => {
    await using server = await scriptedServer(json({}, 429, headers), OK)
    await using client = testClient([server.origin])
    const first = client.http.request({ method: 'GET', url: server.origin, signal: never })
    await client.clock.scheduled(delay => delay === ms)
    const second = client.http.request({ method: 'GET', url: server.origin, signal: never })
    client.clock.advance(ms - 1)
    expect(server.seen).toHaveLength(1)
    client.clock.advance(1)
    expect([(await first).status, (await second).status]).toEqual([200, 200])
    expect(server.seen).toHaveLength(3)
  })

  test('without a time backs off from one second with jitter', async () => {
    await using server = await scriptedServer(json({}, 429), OK)
    await using client = testClient([server.origin], { fraction: 0.6 })
    const answer = client.http.request({ method: 'GET', url: server.origin, signal: never })
    await client.clock.scheduled(delay => delay === 600)
    client.clock.advance(600)
    expect((await answer).status).toBe(200)
  })

  test('without a time waits a minute where the broker is known to want that', async () => {
    await using server = await scriptedServer(json({}, 429), OK)
    await using client = testClient([server.origin], { pauseMs: 60_000 })
    const answer = client.http.request({ method: 'GET', url: server.origin, signal: never })
    await client.clock.scheduled(delay => delay === 60_000)
    client.clock.advance(60_000)
    expect((await answer).status).toBe(200)
  })

  test('may be a 400 with a page that says so, where the broker is known to do that', async () => {
    await using server = await scriptedServer(html('<html>Number of requests exceeded the rate limit set', 400), OK, json({}, 400))
    const slowsDown = ({ body }: { readonly body: string }): boolean => body.includes('exceeded the rate limit')
    await using client = testClient([server.origin], { fraction: 0.6, slowsDown })
    const answer = client.http.request({ method: 'GET', url: server.origin, signal: never })
    await client.clock.scheduled(delay => delay === 600)
    client.clock.advance(600)
    expect((await answer).status).toBe(200)
    expect((await client.http.request({ method: 'GET', url: server.origin, signal: never })).status).toBe(400)
  })

  test('that asks for an hour fails at once, for everyone until it is over', async () => {
    await using server = await scriptedServer(json({}, 429, { 'retry-after': '3600' }), OK)
    await using client = testClient([server.origin])
    const ask = () => client.http.request({ method: 'GET', url: server.origin, signal: never })
    expect(await failure(ask())).toMatchObject({ code: 'broker/rate-limited', retryAfterMs: 3_600_000 })
    client.clock.advance(600_000)
    expect(await failure(ask())).toMatchObject({
      code: 'broker/rate-limited',
      retryAfterMs: 3_000_000,
      message: 'Testbroker asks to slow down.',
    })
    client.clock.advance(3_000_000)
    expect((await ask()).status).toBe(200)
  })

  test('that never ends gives up after three tries', async () => {
    await using server = await scriptedServer(json({}, 429))
    await using client = testClient([server.origin], { fraction: 0 })
    expect(await failure(client.http.request({ method: 'GET', url: server.origin, signal: never }))).toMatchObject({
      code: 'broker/rate-limited',
    })
    expect(server.seen).toHaveLength(3)
  })
})

describe('a broken network', () => {
  test.each<[string, Scene]>([
    ['drops', reset],
    ['is cut off in the middle of an answer', truncated],
  ])('that %s is tried again', async (_, scene) => {
    await using server = await scriptedServer(scene, OK)
    await using client = testClient([server.origin], { fraction: 0 })
    expect((await client.http.request({ method: 'GET', url: server.origin, signal: never })).body).toBe('{"ok":true}')
    expect(server.seen).toHaveLength(2)
  })

  test('that stays cut says so of its host, which was reached', async () => {
    await using server = await scriptedServer(truncated)
    await using client = testClient([server.origin], { fraction: 0 })
    const error = await failure(client.http.request({ method: 'GET', url: server.origin, signal: never }))
    expect(error).toMatchObject({ code: 'net/cut-off', details: { host: new URL(server.origin).host } })
    expect(server.seen).toHaveLength(3)
  })

  test('with nobody listening is offline', async () => {
    const server = await scriptedServer(OK)
    await server[Symbol.asyncDispose]()
    await using client = testClient([server.origin], { fraction: 0 })
    expect(await failure(client.http.request({ method: 'GET', url: server.origin, signal: never }))).toMatchObject({ code: 'net/offline' })
  })

  test('that drips forever ends at the time-out of each try', async () => {
    await using server = await scriptedServer(drip)
    await using client = testClient([server.origin], { fraction: 0 })
    const asked = failure(client.http.request({ method: 'GET', url: server.origin, signal: never, timeoutMs: 2000 }))
    for (const number of [1, 2, 3]) {
      await server.arrived(number)
      client.clock.advance(2000)
    }
    expect(await asked).toMatchObject({ code: 'net/timeout', message: `${new URL(server.origin).host} took too long to answer.` })
    expect(client.clock.pending()).toEqual([])
  })
})

describe('a size limit', () => {
  const big = 'x'.repeat(100_000)
  const endless: Scene = response => {
    response.writeHead(200)
    const pump = (): void => {
      while (!response.destroyed && response.write(big)) continue
    }
    response.on('drain', pump)
    pump()
  }
  const scenes: [string, Scene][] = [
    ['a body that announces itself', response => response.writeHead(200, { 'content-length': '100000' }).end(big)],
    ['a body that does not end', endless],
    [
      'a small body that unpacks to a huge one',
      response => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(big.repeat(100))),
    ],
  ]
  test.each(scenes)('stops %s', async (_, scene) => {
    await using server = await scriptedServer(scene)
    await using client = testClient([server.origin])
    const error = await failure(client.http.request({ method: 'GET', url: server.origin, signal: never, maxBytes: 50_000 }))
    expect(error.code).toBe('net/too-large')
    expect(server.seen).toHaveLength(1)
  })

  test('lets a packed body of the right size through', async () => {
    await using server = await scriptedServer(response =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"price":1.10}')),
    )
    await using client = testClient([server.origin])
    expect((await client.http.request({ method: 'GET', url: server.origin, signal: never })).body).toBe('{"price":1.10}')
  })

  test.each(['br', 'gzip'])('does not guess at a body that is not what %s says', async encoding => {
    await using server = await scriptedServer(response => response.writeHead(200, { 'content-encoding': encoding }).end('{"a":1}'))
    await using client = testClient([server.origin])
    expect(await failure(client.http.request({ method: 'GET', url: server.origin, signal: never }))).toMatchObject({
      code: 'broker/unreadable',
    })
  })
})

describe('the allow-list', () => {
  test("stops every address that is not the broker's before it is called", async () => {
    await using server = await scriptedServer(OK)
    const { port } = new URL(server.origin)
    await using client = testClient([server.origin, 'http://api.example.com', 'https://api.example.com'])
    const strangers = [
      `http://localhost:${port}/`,
      `http://127.0.0.2:${port}/`,
      `http://user:pass@127.0.0.1:${port}/`,
      `https://127.0.0.1:${port}/`,
      'https://api.example.com.evil.test/',
      'https://evil.test/?https://api.example.com',
      'http://api.example.com/',
      'file:///etc/passwd',
      'not an address',
      '',
    ]
    for (const url of strangers)
      expect(await failure(client.http.request({ method: 'GET', url, signal: never }))).toMatchObject({ code: 'net/blocked' })
    expect(server.seen).toHaveLength(0)
  })
})

describe('a signal', () => {
  test('fired before the call sends nothing', async () => {
    await using server = await scriptedServer(OK)
    await using client = testClient([server.origin])
    expect(await failure(client.http.request({ method: 'GET', url: server.origin, signal: AbortSignal.abort() }))).toMatchObject({
      code: 'app/canceled',
    })
    expect(server.seen).toHaveLength(0)
  })

  test('fired during the answer stops it and nothing is tried again', async () => {
    await using server = await scriptedServer(drip)
    await using client = testClient([server.origin])
    const stop = new AbortController()
    const asked = failure(client.http.request({ method: 'GET', url: server.origin, signal: stop.signal }))
    await server.arrived(1)
    stop.abort()
    expect(await asked).toMatchObject({ code: 'app/canceled' })
    expect(server.seen).toHaveLength(1)
    expect(client.clock.pending()).toEqual([])
  })

  test('fired during a wait for the next try ends the wait', async () => {
    await using server = await scriptedServer(json({}, 500, { 'retry-after': '60' }), OK)
    await using client = testClient([server.origin])
    const stop = new AbortController()
    const asked = failure(client.http.request({ method: 'GET', url: server.origin, signal: stop.signal }))
    await client.clock.scheduled(ms => ms === 60_000)
    stop.abort()
    expect(await asked).toMatchObject({ code: 'app/canceled' })
    expect(client.clock.pending()).toEqual([])
  })

  test('that timed out by itself says so', async () => {
    await using server = await scriptedServer(OK)
    await using client = testClient([server.origin])
    const signal = AbortSignal.abort(new DOMException('late', 'TimeoutError'))
    expect(await failure(client.http.request({ method: 'GET', url: server.origin, signal }))).toMatchObject({ code: 'net/timeout' })
  })
})

describe('the log', () => {
  test('has correlation ids and no secret, account, query string or body', async () => {
    const canary = 'CANARY-7f3a9b2c5d8e'
    await using server = await scriptedServer(
      json({ token: canary }, 200, { 'x-request-id': 'req-42', 'schwab-client-correlid': 'corr-43', 'set-cookie': canary }),
      json({ error: canary }, 400),
      reset,
    )
    await using client = testClient([server.origin], { fraction: 0 })
    const call = (method: 'GET' | 'POST') =>
      client.http.request({
        method,
        url: `${server.origin}/trader/v1/accounts/${'0123456789ABCDEF'.repeat(4)}/orders?code=${canary}`,
        signal: never,
        body: method === 'POST' ? `secret=${canary}` : undefined,
        headers: { authorization: `Bearer ${canary}` },
      })
    await call('GET')
    await call('POST')
    await failure(call('GET'))
    const text = JSON.stringify(client.records)
    expect(text).not.toContain(canary)
    expect(text).not.toContain('0123456789ABCDEF')
    expect(text).not.toContain('?')
    expect(client.records[0]).toMatchObject({
      event: 'http.answer',
      fields: { 'x-request-id': 'req-42', 'schwab-client-correlid': 'corr-43', path: '/trader/v1/accounts/…/orders', status: 200 },
    })
    expect(client.records.filter(record => record.event === 'http.failed').length).toBe(3)
  })
})
