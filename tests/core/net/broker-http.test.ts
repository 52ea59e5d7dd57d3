import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { BrokerHttp, ClassifyFailure } from '../../../electron/core/brokers/adapter.ts'
import { createLog } from '../../../electron/core/log/log.ts'
import { createBrokerHttp } from '../../../electron/core/net/broker-http.ts'
import type { Authorization, Credentials } from '../../../electron/core/net/credentials.ts'
import type { LogRecord } from '../../../electron/core/ports.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { never, type TestClient, testClient } from './support/client.ts'
import { html, json, type Scene, scriptedServer, type ScriptedServer } from './support/scripted-server.ts'

interface Desk {
  readonly server: ScriptedServer
  readonly client: TestClient
  readonly http: BrokerHttp
  readonly records: LogRecord[]
  readonly renewals: number[]
  [Symbol.asyncDispose](): Promise<void>
}

interface Settings {
  readonly renew?: 'once' | 'never' | 'ended'
  readonly classify?: ClassifyFailure
}

/** A broker's calls over a real server, with credentials that can be renewed or not. */
async function desk(scenes: readonly Scene[], { renew = 'once', classify = () => undefined }: Settings = {}): Promise<Desk> {
  const server = await scriptedServer(...scenes)
  const client = testClient([server.origin], { fraction: 0 })
  const records: LogRecord[] = []
  const renewals: number[] = []
  const credentials: Credentials = {
    authorize: () => Promise.resolve({ headers: { authorization: 'Bearer one' }, generation: 1 }),
    renew({ after }): Promise<Authorization | null> {
      renewals.push(after.generation)
      if (renew === 'ended') return Promise.reject(new AppError('auth/sign-in-needed', { details: { broker: 'Testbroker' } }))
      return Promise.resolve(renew === 'once' ? { headers: { authorization: 'Bearer two' }, generation: 2 } : null)
    },
  }
  const log = createLog(record => void records.push(record), client.clock)
  const http = createBrokerHttp({
    http: client.http,
    bases: { trading: `${server.origin}/v2` },
    credentials,
    classify,
    clock: client.clock,
    log,
    brokerName: 'Testbroker',
  })
  return {
    server,
    client,
    http,
    records,
    renewals,
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}

const Shape = z.object({ cash: z.unknown() })
const ask = (http: BrokerHttp, path = '/account') => http.get({ base: 'trading', path, schema: Shape, signal: never })

describe('an authorized call', () => {
  test("adds base, path and query, and answers with the broker's own time", async () => {
    await using it = await desk([json({ cash: 1 }, 200, { date: 'Fri, 20 Nov 2026 14:59:50 GMT' })])
    const answer = await it.http.get({
      base: 'trading',
      path: '/account',
      query: { after: '2026-01-01', symbol: 'BRK.B & co', none: undefined },
      schema: Shape,
      signal: never,
    })
    expect(answer).toEqual({ data: { cash: 1 }, asOf: '2026-11-20T14:59:50.000Z' })
    expect(it.server.seen[0]).toMatchObject({
      url: '/v2/account?after=2026-01-01&symbol=BRK.B+%26+co',
      headers: { authorization: 'Bearer one' },
    })
  })

  test("keeps our own time when the broker's is days away", async () => {
    await using it = await desk([json({ cash: 1 }, 200, { date: 'Thu, 01 Jan 1970 00:00:00 GMT' })])
    expect((await ask(it.http)).asOf).toBe('2026-11-20T15:00:00.000Z')
  })

  test('keeps every digit of a number', async () => {
    await using it = await desk([response => response.writeHead(200).end('{"cash":12345678901234.56789}')])
    expect((await ask(it.http)).data).toEqual({ cash: '12345678901234.56789' })
  })

  test('renews once after a 401 and tries the call again', async () => {
    await using it = await desk([json({}, 401), json({ cash: 2 })])
    expect((await ask(it.http)).data).toEqual({ cash: 2 })
    expect(it.server.seen.map(request => request.headers.authorization)).toEqual(['Bearer one', 'Bearer two'])
    expect(it.renewals).toEqual([1])
  })

  test('asks for a sign-in when a renewed token is refused as well', async () => {
    await using it = await desk([json({}, 401)])
    await expect(ask(it.http)).rejects.toMatchObject({ code: 'auth/sign-in-needed', details: { broker: 'Testbroker' } })
    expect(it.server.seen).toHaveLength(2)
  })

  test('asks for a sign-in when there is nothing to renew with', async () => {
    await using it = await desk([json({}, 401)], { renew: 'never' })
    await expect(ask(it.http)).rejects.toMatchObject({ code: 'auth/sign-in-needed' })
    expect(it.server.seen).toHaveLength(1)
  })

  test('passes on that the session ended', async () => {
    await using it = await desk([json({}, 401)], { renew: 'ended' })
    await expect(ask(it.http)).rejects.toMatchObject({ code: 'auth/sign-in-needed' })
    expect(it.server.seen).toHaveLength(1)
  })

  test.each<[string, Scene]>([
    ['403 page', html('<html>Access Denied</html>', 403)],
    ['401 page', html('<html>Sign in to continue</html>', 401)],
    ['200 page', html('<!doctype html><p>Maintenance</p>', 200)],
    ['500 page', html('Whitelabel Error Page', 500)],
    ['page without a type', response => response.writeHead(403).end('  <HTML>')],
    ['redirect', response => response.writeHead(302, { location: '/login' }).end()],
    ['500', json({}, 500)],
  ])('takes a %s for a passing problem and keeps the session', async (_, scene) => {
    await using it = await desk([scene], { renew: 'ended' })
    await expect(ask(it.http)).rejects.toMatchObject({ code: 'broker/unavailable' })
    expect(it.renewals).toEqual([])
  })

  test("asks the broker's own table first", async () => {
    const classify: ClassifyFailure = ({ status, body }) => (status === 403 && body.includes('scope') ? 'broker/scope-missing' : undefined)
    await using it = await desk([json({ message: 'scope' }, 403), json({ message: 'other' }, 403)], { classify })
    await expect(ask(it.http)).rejects.toMatchObject({ code: 'broker/scope-missing' })
    await expect(ask(it.http)).rejects.toMatchObject({ code: 'broker/refused', message: 'Testbroker refused this request (403).' })
  })

  test.each(['{"cash":', '', 'null', '[]', '"text"'])('refuses %j without showing it', async body => {
    await using it = await desk([response => response.writeHead(200).end(body)])
    await expect(ask(it.http)).rejects.toMatchObject({ code: 'broker/unreadable', details: { broker: 'Testbroker' } })
  })

  test('asks once more for an answer that was cut off', async () => {
    await using it = await desk([response => response.writeHead(200).end('{"cash":'), json({ cash: 3 })])
    expect((await ask(it.http)).data).toEqual({ cash: 3 })
  })

  test('says where an answer differs, never what it holds', async () => {
    await using it = await desk([json({ cash: 'CANARY-VALUE' })])
    const strict = z.object({ cash: z.number(), equity: z.object({ value: z.number() }) })
    await expect(it.http.get({ base: 'trading', path: '/account', schema: strict, signal: never })).rejects.toMatchObject({
      code: 'broker/unreadable',
    })
    expect(it.records).toMatchObject([{ event: 'broker.unreadable', fields: { because: 'cash invalid_type, equity invalid_type' } }])
    expect(JSON.stringify([it.records, it.client.records])).not.toContain('CANARY')
  })

  test.each(['/../oauth/token', '/a/../b', '//evil.test/x', 'account', '/account?x=1', '/account#x', '/a\\b', '/./a'])(
    'does not go to %s',
    async path => {
      await using it = await desk([json({ cash: 1 })])
      await expect(ask(it.http, path)).rejects.toMatchObject({ code: 'net/blocked' })
      expect(it.server.seen).toHaveLength(0)
    },
  )

  test('does not know bases nobody configured', async () => {
    await using it = await desk([json({ cash: 1 })])
    await expect(it.http.get({ base: 'data', path: '/x', schema: Shape, signal: never })).rejects.toMatchObject({ code: 'net/blocked' })
  })
})

describe('rows', () => {
  const Row = z.object({ id: z.string() })
  const rows = (http: BrokerHttp) => http.getRows({ base: 'trading', path: '/rows', schema: Row, signal: never })

  test('keep the text they were sent as', async () => {
    const [first, second] = ['{"id":"1", "price":1.10}', '{ "id":"2]", "n":[1,{"a":"}"}] }']
    await using it = await desk([response => response.writeHead(200).end(`[\n ${first},\n ${second}\n]`)])
    expect((await rows(it.http)).rows).toEqual([
      { data: { id: '1' }, raw: first },
      { data: { id: '2]' }, raw: second },
    ])
  })

  test('in thousands are read with pauses, so that others get their turn', async () => {
    await using it = await desk([json(Array.from({ length: 1000 }, (_, id) => ({ id: String(id) })))])
    let turns = 0
    let reading = true
    const CountedRow = Row.refine(() => {
      if (turns === 0 && reading) setImmediate(count)
      return true
    })
    function count(): void {
      turns += 1
      if (reading) setImmediate(count)
    }
    const answer = await it.http.getRows({ base: 'trading', path: '/rows', schema: CountedRow, signal: never })
    reading = false
    expect(answer.rows).toHaveLength(1000)
    expect(turns).toBeGreaterThanOrEqual(3)
  })

  test('are all or nothing', async () => {
    await using it = await desk([json([{ id: '1' }, { id: 2 }])])
    await expect(rows(it.http)).rejects.toMatchObject({ code: 'broker/unreadable' })
    expect(it.records).toMatchObject([{ fields: { because: 'row 1: id invalid_type' } }])
  })

  test('may be none', async () => {
    await using it = await desk([json([])])
    expect((await rows(it.http)).rows).toEqual([])
  })

  test('must come as an array', async () => {
    await using it = await desk([json({ rows: [] })])
    await expect(rows(it.http)).rejects.toMatchObject({ code: 'broker/unreadable' })
  })
})
