import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { BrokerHttp, ClassifyFailure } from '../../../electron/core/brokers/adapter.ts'
import { never } from './support/client.ts'
import { desk } from './support/desk.ts'
import { html, json, type Scene } from './support/scripted-server.ts'

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
    ['500 page', html('Whitelabel Error Page', 500)],
    ['page without a type', response => response.writeHead(403).end('  <HTML>')],
    ['redirect', response => response.writeHead(302, { location: '/login' }).end()],
    ['500', json({}, 500)],
  ])('takes a %s for a passing problem and keeps the session', async (_, scene) => {
    await using it = await desk([scene], { renew: 'ended' })
    await expect(ask(it.http)).rejects.toMatchObject({ code: 'broker/unavailable' })
    expect(it.renewals).toEqual([])
  })

  test('takes a page with 200 for a page instead of data, and keeps the session', async () => {
    await using it = await desk([html('<!doctype html><p>Maintenance</p>', 200)], { renew: 'ended' })
    const page = {
      code: 'broker/page',
      message: 'Testbroker sent a web page instead of data, as for maintenance. Your tokens and history are safe.',
    }
    await expect(ask(it.http)).rejects.toMatchObject(page)
    expect(it.renewals).toEqual([])
  })

  test("asks the broker's own table first", async () => {
    const classify: ClassifyFailure = ({ status, body }) => (status === 403 && body.includes('scope') ? 'broker/scope-missing' : undefined)
    await using it = await desk([json({ message: 'scope' }, 403), json({ message: 'other' }, 403)], { classify })
    await expect(ask(it.http)).rejects.toMatchObject({ code: 'broker/scope-missing' })
    await expect(ask(it.http)).rejects.toMatchObject({ code: 'broker/refused', message: 'Testbroker refused this request (403).' })
  })

  test('believes a page that asks to slow down, and no page that ends a session', async () => {
    const classify: ClassifyFailure = ({ body }) => (body.includes('rate limit') ? 'broker/rate-limited' : 'auth/sign-in-needed')
    await using it = await desk([html('<html>exceeded the rate limit', 400), html('<html>', 400)], { classify })
    await expect(ask(it.http)).rejects.toMatchObject({ code: 'broker/rate-limited' })
    await expect(ask(it.http)).rejects.toMatchObject({ code: 'broker/unavailable' })
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

  test("quotes the broker's own words beside a refusal, without what could name an account", async () => {
    const words = ({ body }: { readonly body: string }): string => /"message":"([^"]*)"/.exec(body)?.[1] ?? ''
    await using it = await desk([json({ message: 'Account 123456789 may not   do <b>that</b>' }, 403), json({}, 403)], { words })
    await expect(ask(it.http)).rejects.toMatchObject({ code: 'broker/refused', brokerSays: 'Account … may not do that' })
    await expect(ask(it.http)).rejects.toMatchObject({ code: 'broker/refused', brokerSays: undefined })
  })

  test('takes headers of its own, but no other authorization', async () => {
    await using it = await desk([json({ cash: 1 })])
    const headers = { 'Accept-Version': '20251101', Authorization: 'Bearer mine' }
    await it.http.get({ base: 'trading', path: '/account', schema: Shape, signal: never, headers })
    expect(it.server.seen[0]?.headers).toMatchObject({ 'accept-version': '20251101', authorization: 'Bearer one' })
  })

  test('is signed anew for every try, over the whole address', async () => {
    let count = 0
    const signed: unknown[] = []
    const sign = (request: unknown): Record<string, string> => {
      signed.push(request)
      count += 1
      return { authorization: `OAuth ${count}` }
    }
    await using it = await desk([json({}, 500), json({ cash: 1 })], { sign })
    await it.http.get({ base: 'trading', path: '/account', query: { a: '1 2' }, schema: Shape, signal: never })
    expect(it.server.seen.map(({ headers }) => headers.authorization)).toEqual(['OAuth 1', 'OAuth 2'])
    expect(signed).toEqual(Array.from({ length: 2 }, () => ({ method: 'GET', url: `${it.server.origin}/v2/account?a=1+2` })))
  })

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
    const answer = await it.http.getRows({ base: 'trading', path: '/rows', schema: CountedRow, signal: never }).finally(() => (reading = false))
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

  test.each(['', ' \n', 'null'])('are none when the answer is %j', async body => {
    await using it = await desk([response => response.writeHead(200).end(body)])
    const answer = await it.http.getRows({ base: 'trading', path: '/rows', at: ['data', 'items'], schema: Row, signal: never })
    expect(answer).toMatchObject({ rows: [], envelope: undefined })
  })

  test('are none when nothing was found (204)', async () => {
    await using it = await desk([response => response.writeHead(204).end()])
    expect((await rows(it.http)).rows).toEqual([])
    expect((await it.http.getHistory({ base: 'trading', path: '/rows', schema: Row, signal: never })).rows).toEqual([])
  })

  test('inside an answer keep their own text, and the rest of it is read beside them', async () => {
    const [first, second] = ['{"id":"1", "n":[{"items":[0]}]}', '{ "id" : "2" }']
    const text = `{"items":[9],"data":{"x":"\\"items","items":[ ${first} ,${second}\n]},"pagination":{"total":2}}`
    await using it = await desk([response => response.writeHead(200).end(text)])
    const envelope = z.object({ pagination: z.object({ total: z.number() }) })
    const answer = await it.http.getRows({ base: 'trading', path: '/rows', at: ['data', 'items'], schema: Row, envelope, signal: never })
    expect(answer.rows).toEqual([
      { data: { id: '1' }, raw: first },
      { data: { id: '2' }, raw: second },
    ])
    expect(answer.envelope.pagination.total).toBe(2)
  })

  test('do not come from an answer whose other parts are odd', async () => {
    await using it = await desk([json({ data: [{ id: '1' }], total: 'many' })])
    const envelope = z.object({ total: z.number() })
    await expect(
      it.http.getHistory({ base: 'trading', path: '/rows', at: ['data'], schema: Row, envelope, signal: never }),
    ).rejects.toMatchObject({ code: 'broker/unreadable' })
  })

  test('of history survive an odd one among them', async () => {
    await using it = await desk([json({ data: [{ id: 1 }, { id: '2' }] })])
    const answer = await it.http.getHistory({ base: 'trading', path: '/rows', at: ['data'], schema: Row, signal: never })
    expect(answer.rows).toEqual([
      { data: null, raw: '{"id":1}' },
      { data: { id: '2' }, raw: '{"id":"2"}' },
    ])
  })

  test.each(['{"data":"none"}', '{"data":7}', '"data"', '3'])('are not looked for in %s', async body => {
    await using it = await desk([response => response.writeHead(200).end(body)])
    const answer = it.http.getRows({ base: 'trading', path: '/rows', at: ['data'], schema: Row, signal: never })
    await expect(answer).rejects.toMatchObject({ code: 'broker/unreadable' })
  })

  test('must come as an array', async () => {
    await using it = await desk([json({ rows: [] })])
    await expect(rows(it.http)).rejects.toMatchObject({ code: 'broker/unreadable' })
  })
})

describe('a text', () => {
  const text = (http: BrokerHttp) => http.getText({ base: 'trading', path: '/statement', signal: never })
  const xml = '<?xml version="1.0"?>\n<FlexQueryResponse type="AF"><a/></FlexQueryResponse>'

  test('may be XML, whatever it is labelled', async () => {
    await using it = await desk([response => response.writeHead(200, { 'content-type': 'text/html' }).end(xml)])
    expect((await text(it.http)).data).toBe(xml)
    expect(it.server.seen[0]?.headers.accept).toBe('*/*')
  })

  test.each([
    '<!DOCTYPE html><p>Maintenance</p>',
    '<html lang="en">',
    '<!-- edge -->\n<HTML>',
    '<?xml version="1.0"?><!DOCTYPE html><html/>',
  ])('is not the page %j', async page => {
    await using it = await desk([response => response.writeHead(200, { 'content-type': 'text/xml' }).end(page)])
    await expect(text(it.http)).rejects.toMatchObject({ code: 'broker/page' })
  })

  test('that is a refusal in XML is classified', async () => {
    const classify: ClassifyFailure = ({ body }) => (body.includes('<code>100</code>') ? 'broker/unavailable' : undefined)
    await using it = await desk([response => response.writeHead(400).end('<Error><code>100</code></Error>'), json({}, 400)], { classify })
    await expect(text(it.http)).rejects.toMatchObject({ code: 'broker/unavailable' })
    await expect(text(it.http)).rejects.toMatchObject({ code: 'broker/refused' })
  })
})
