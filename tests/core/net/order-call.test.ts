import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { BrokerHttp, ClassifyFailure } from '../../../electron/core/brokers/adapter.ts'
import { withLastLook } from '../../../electron/core/net/last-look.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { never } from './support/client.ts'
import { desk } from './support/desk.ts'
import { drip, html, json, reset, type Scene, truncated } from './support/scripted-server.ts'

const Placed = z.object({ id: z.string() })
const place = (http: BrokerHttp, signal: AbortSignal = never) =>
  http.send({ method: 'POST', base: 'trading', path: '/orders', body: { symbol: 'AAPL', quantity: '1' }, schema: Placed, signal })
const words = ({ body }: { readonly body: string }): string => /"message":"([^"]*)"/.exec(body)?.[1] ?? ''
/** Listens at once, so that nothing is rejected unheard. */
const failureOf = (sent: Promise<unknown>): Promise<unknown> => sent.catch((error: unknown) => error)

describe('a sent order', () => {
  test('goes out once as JSON and answers what the broker said', async () => {
    await using it = await desk([json({ id: 'o-1' }, 201, { location: '/v2/orders/o-1' })])
    expect(await place(it.http)).toMatchObject({ status: 201, data: { id: 'o-1' }, headers: { location: '/v2/orders/o-1' } })
    expect(it.server.seen).toMatchObject([
      {
        method: 'POST',
        url: '/v2/orders',
        body: '{"symbol":"AAPL","quantity":"1"}',
        headers: { authorization: 'Bearer one', 'content-type': 'application/json' },
      },
    ])
  })

  test('may be answered by nothing but a place to look', async () => {
    await using it = await desk([response => response.writeHead(201, { location: '/orders/7' }).end()])
    expect(await place(it.http)).toMatchObject({ data: null, headers: { location: '/orders/7' } })
  })

  test('without a body names no type', async () => {
    await using it = await desk([response => response.writeHead(204).end()])
    await it.http.send({ method: 'DELETE', base: 'trading', path: '/orders/7', schema: Placed, signal: never })
    expect(it.server.seen[0]).toMatchObject({ method: 'DELETE', body: '' })
    expect(it.server.seen[0]?.headers['content-type']).toBeUndefined()
  })

  test.each([400, 403, 404, 409, 422])('refused with %i is not placed, in the words of the broker', async status => {
    await using it = await desk([json({ message: 'Account 123456789: no buying power' }, status)], { words })
    await expect(place(it.http)).rejects.toMatchObject({
      code: 'order/rejected',
      brokerSays: 'Account …: no buying power',
      details: { broker: 'Testbroker' },
    })
    expect(it.server.seen).toHaveLength(1)
  })

  test.each<[string, Scene]>([
    ['500', json({ message: 'oops' }, 500)],
    ['503 that asks to wait', json({}, 503, { 'retry-after': '1' })],
    ['502 page', html('<html>Bad gateway</html>', 502)],
    ['408', json({}, 408)],
    ['redirect', response => response.writeHead(302, { location: '/x' }).end()],
    ['200 page', html('<html>Sign in</html>', 200)],
    ['200 of another shape', json({ number: 1 })],
    ['200 that is not JSON', response => response.writeHead(200).end('ok')],
    ['connection that drops without a word', reset],
    ['answer that is cut off', truncated],
  ])('is in doubt after a %s, and is not sent again', async (_, scene) => {
    await using it = await desk([scene])
    await expect(place(it.http)).rejects.toMatchObject({ code: 'order/unknown', details: { broker: 'Testbroker' } })
    expect(it.server.seen).toHaveLength(1)
  })

  test('is in doubt when no answer comes in time', async () => {
    await using it = await desk([drip])
    const sent = failureOf(place(it.http))
    await it.server.arrived(1)
    it.client.clock.advance(30_000)
    expect(await sent).toMatchObject({ code: 'order/unknown' })
  })

  test('is looked at once more when its first byte is about to leave, and does not leave then', async () => {
    await using it = await desk([json({ id: 'o-1' })])
    const stop = new AbortController()
    const signal = withLastLook(stop.signal, () => stop.abort(new AppError('order/too-late')))
    expect(await failureOf(place(it.http, signal))).toMatchObject({ code: 'order/too-late' })
    expect(it.server.seen).toEqual([])
    expect(
      await place(
        it.http,
        withLastLook(new AbortController().signal, () => undefined),
      ),
    ).toMatchObject({ data: { id: 'o-1' } })
    expect(it.server.seen).toHaveLength(1)
  })

  test('on its way is not given up when the caller stops: the answer is worth more', async () => {
    const answer = Promise.withResolvers<() => void>()
    await using it = await desk([
      response => answer.resolve(() => json({ id: 'o-2' })(response, { method: 'POST', url: '', headers: {}, body: '' })),
    ])
    const stop = new AbortController()
    const sent = place(it.http, stop.signal)
    const say = await answer.promise
    stop.abort()
    say()
    expect(await sent).toMatchObject({ data: { id: 'o-2' } })
  })

  test('that was stopped before it left was not sent', async () => {
    await using it = await desk([json({ id: '1' })])
    await expect(place(it.http, AbortSignal.abort())).rejects.toMatchObject({ code: 'app/canceled' })
    expect(it.server.seen).toHaveLength(0)
  })

  test('that found nobody listening was not sent', async () => {
    const it = await desk([json({ id: '1' })])
    await it.server[Symbol.asyncDispose]()
    await expect(place(it.http)).rejects.toMatchObject({ code: 'net/offline' })
    await it.client[Symbol.asyncDispose]()
  })

  test('refused for its token renews it for the next one, and is not repeated', async () => {
    await using it = await desk([json({}, 401), json({ id: '1' })])
    await expect(place(it.http)).rejects.toMatchObject({ code: 'order/rejected' })
    expect(it.renewals).toEqual([1])
    expect(it.server.seen).toHaveLength(1)
  })

  test.each(['never', 'ended'] as const)('refused for its token needs a sign-in when it is renewed %s', async renew => {
    await using it = await desk([json({}, 401)], { renew })
    await expect(place(it.http)).rejects.toMatchObject({ code: 'auth/sign-in-needed' })
  })

  test('refused for its token is only refused when the renewal cannot be reached', async () => {
    await using it = await desk([json({}, 401)], { renew: 'offline' })
    await expect(place(it.http)).rejects.toMatchObject({ code: 'order/rejected' })
  })

  test('refused once for keys that nothing renews ends no session by itself: one refusal may be a slip', async () => {
    await using it = await desk([json({}, 401)], { renew: 'never', renewable: false })
    await expect(place(it.http)).rejects.toMatchObject({ code: 'auth/sign-in-needed' })
    expect(it.renewals).toEqual([])
    expect(it.server.seen).toHaveLength(1)
  })

  test('that came too fast was not taken', async () => {
    await using it = await desk([json({}, 429, { 'retry-after': '7' })])
    await expect(place(it.http)).rejects.toMatchObject({ code: 'broker/rate-limited', retryAfterMs: 7000 })
    expect(it.server.seen).toHaveLength(1)
  })

  test("follows the broker's own table where that knows another way out", async () => {
    const classify: ClassifyFailure = ({ status, body }) =>
      body.includes('done')
        ? 'order/not-open'
        : body.includes('scope')
          ? 'broker/scope-missing'
          : status === 400
            ? 'broker/unavailable'
            : undefined
    await using it = await desk(
      [json({ message: 'done' }, 422), json({ message: 'scope' }, 403), json({}, 400), json({ message: 'done' }, 500)],
      { classify, words },
    )
    await expect(place(it.http)).rejects.toMatchObject({ code: 'order/not-open', brokerSays: 'done' })
    await expect(place(it.http)).rejects.toMatchObject({ code: 'broker/scope-missing' })
    await expect(place(it.http)).rejects.toMatchObject({ code: 'order/rejected' })
    await expect(place(it.http)).rejects.toMatchObject({ code: 'order/not-open' })
  })
})

describe('a question that is posted', () => {
  const ask = (http: BrokerHttp) =>
    http.ask({ method: 'POST', base: 'trading', path: '/preview', body: '{"a": 1}', schema: Placed, signal: never })

  test('is repeated like a read, and renewed once', async () => {
    await using it = await desk([json({}, 500), json({}, 401), json({ id: '1' })])
    expect(await ask(it.http)).toMatchObject({ data: { id: '1' } })
    expect(it.server.seen.map(({ method, body }) => `${method} ${body}`)).toEqual(Array.from({ length: 3 }, () => 'POST {"a": 1}'))
  })

  test('is refused like a read', async () => {
    await using it = await desk([json({ message: 'No such symbol' }, 400), html('<html>', 200)], { words })
    await expect(ask(it.http)).rejects.toMatchObject({ code: 'broker/refused', brokerSays: 'No such symbol' })
    await expect(ask(it.http)).rejects.toMatchObject({ code: 'broker/page' })
  })
})
