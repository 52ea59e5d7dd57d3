import { describe, expect, test } from 'vitest'
import { createBreakers, type Passage } from '../../../electron/core/net/breaker.ts'
import { neverLeft } from '../../../electron/core/net/failure.ts'
import { createHttp, type HttpOptions } from '../../../electron/core/net/http.ts'
import { createLimiter } from '../../../electron/core/net/limiter.ts'
import { createLog } from '../../../electron/core/log/log.ts'
import { never } from './support/client.ts'
import { json, reset, scriptedServer } from './support/scripted-server.ts'
import { stepClock } from './support/step-clock.ts'

const HOST = 'api.example.test'
const DOWN = { kind: 'down', status: 503 } as const
const WELL = { kind: 'well' } as const

function desk(fraction = 1) {
  const clock = stepClock()
  const breakers = createBreakers({ clock, random: { fraction: () => fraction } })
  const enter = (host = HOST): Promise<Passage> => breakers.enter(host, { broker: 'Test', signal: never })
  const fail = async (times: number): Promise<void> => {
    for (let time = 0; time < times; time += 1) (await enter()).end(DOWN)
  }
  return { clock, breakers, enter, fail, state: () => breakers.standing().find(({ host }) => host === HOST)?.state }
}

describe('a host that fails again and again', () => {
  test('is left alone after five failures in a row: callers wait through the first ten seconds', async () => {
    const { clock, enter, fail, state } = desk()
    await fail(4)
    expect(state()).toBe('closed')
    await fail(1)
    expect(state()).toBe('open')
    await expect(enter('other.example.test')).resolves.toBeDefined()
    let through = false
    const waiting = enter().then(passage => {
      through = true
      return passage
    })
    clock.advance(9_999)
    await Promise.resolve()
    expect(through).toBe(false)
    clock.advance(1)
    await expect(waiting).resolves.toBeDefined()
  })

  test('is left alone for longer when it is still not well, and callers are told for how long, with its last status', async () => {
    const { clock, enter, fail } = desk()
    await fail(5)
    clock.advance(10_000)
    ;(await enter()).end(DOWN)
    clock.advance(4_000)
    await expect(enter()).rejects.toMatchObject({
      code: 'broker/unavailable',
      details: { broker: 'Test', status: 503 },
      retryAfterMs: 16_000,
    })
  })

  test('is not, when one call in between was answered', async () => {
    const { enter, fail, state } = desk()
    await fail(4)
    ;(await enter()).end(WELL)
    await fail(4)
    expect(state()).toBe('closed')
  })

  test('is found out about by one call when the time is over; the others wait for it and follow it', async () => {
    const { clock, enter, fail, state } = desk()
    await fail(5)
    clock.advance(10_000)
    expect(state()).toBe('half-open')
    const probe = await enter()
    const others = [enter(), enter()]
    probe.end(WELL)
    expect(state()).toBe('closed')
    await expect(Promise.all(others)).resolves.toHaveLength(2)
  })

  test('refuses those who waited when it is still not well, or when nobody found out in time', async () => {
    const { clock, enter, fail } = desk()
    await fail(5)
    clock.advance(10_000)
    const probe = await enter()
    const other = enter()
    probe.end(DOWN)
    await expect(other).rejects.toMatchObject({ code: 'broker/unavailable', retryAfterMs: 20_000 })
    clock.advance(20_000)
    await enter()
    const late = enter()
    clock.advance(15_000)
    await expect(late).rejects.toMatchObject({ code: 'broker/unavailable' })
  })

  test('is left alone twice as long each time the probe fails, five minutes at most', async () => {
    const { clock, enter, fail, breakers } = desk()
    await fail(5)
    const waits: number[] = []
    for (let time = 0; time < 7; time += 1) {
      const left = breakers.standing()[0]?.leftMs ?? 0
      waits.push(left)
      clock.advance(left)
      ;(await enter()).end(DOWN)
    }
    expect(waits).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000])
  })

  test('is probed again when the probe said nothing: it never left, or was given up', async () => {
    const { clock, enter, fail } = desk()
    await fail(5)
    clock.advance(10_000)
    ;(await enter()).end({ kind: 'nothing' })
    ;(await enter()).end(WELL)
    await expect(enter()).resolves.toBeDefined()
  })

  test('holds back no order, and counts what became of it', async () => {
    const { breakers, fail, state } = desk()
    await fail(5)
    breakers.pass(HOST).end(WELL)
    expect(state()).toBe('closed')
  })

  test('refuses calls that have not left, so that nothing counts as presented', async () => {
    const { clock, enter, fail } = desk()
    await fail(5)
    clock.advance(10_000)
    ;(await enter()).end(DOWN)
    expect(neverLeft(await enter().catch((error: unknown) => error))).toBe(true)
  })
})

describe('a host that asks everybody to wait', () => {
  test('is waited for through a short pause', async () => {
    const { clock, breakers, enter } = desk()
    breakers.asked(HOST, 60_000, 503)
    let through = false
    const passage = enter().then(() => (through = true))
    clock.advance(59_999)
    await Promise.resolve()
    expect(through).toBe(false)
    clock.advance(1)
    await passage
  })

  test('is not asked before a long one is over', async () => {
    const { clock, breakers, enter } = desk()
    breakers.asked(HOST, 3_600_000, 503)
    clock.advance(3_000_000)
    await expect(enter()).rejects.toMatchObject({ code: 'broker/unavailable', retryAfterMs: 600_000 })
    clock.advance(600_000)
    await expect(enter()).resolves.toBeDefined()
  })

  test('is believed for a day at most', async () => {
    const { breakers, enter } = desk()
    breakers.asked(HOST, 1e12, 503)
    await expect(enter()).rejects.toMatchObject({ retryAfterMs: 86_400_000 })
  })
})

describe('the client', () => {
  const scene = (origin: string, options: Partial<HttpOptions> = {}) => {
    const clock = stepClock()
    const breakers = createBreakers({ clock, random: { fraction: () => 1 } })
    const log = createLog(() => undefined, clock)
    const limiter = createLimiter({ requests: 1000, perMs: 1000, clock })
    const http = createHttp({ broker: 'Test', allow: [origin], limiter, clock, random: { fraction: () => 0 }, log, breakers, ...options })
    const ask = (order = false) => http.request({ method: 'POST', url: origin, signal: never, order })
    return { http, clock, breakers, ask, [Symbol.asyncDispose]: () => http.close() }
  }

  test.each([
    ['5xx', json({}, 502)],
    ['a broken line', reset],
  ])('asks no more after five times %s, but sends an order', async (_, failure) => {
    await using server = await scriptedServer(failure)
    await using client = scene(server.origin)
    for (let time = 0; time < 5; time += 1) await client.ask().catch(() => undefined)
    client.clock.advance(10_000)
    await client.ask().catch(() => undefined)
    await expect(client.ask()).rejects.toMatchObject({ code: 'broker/unavailable' })
    expect(server.seen).toHaveLength(6)
    await client.ask(true).catch(() => undefined)
    expect(server.seen).toHaveLength(7)
  })

  test('counts neither refusals, nor what the broker means by a 5xx, nor a host out of reach', async () => {
    await using server = await scriptedServer(json({}, 403))
    await using client = scene(server.origin)
    for (let time = 0; time < 6; time += 1) expect((await client.ask()).status).toBe(403)

    await using meant = await scriptedServer(json({ error: 'Order not found' }, 503))
    await using knowing = scene(meant.origin, { isDown: ({ body }) => !body.includes('not found') })
    for (let time = 0; time < 6; time += 1) expect((await knowing.ask()).status).toBe(503)

    await using offline = scene('http://127.0.0.1:9')
    for (let time = 0; time < 6; time += 1) await expect(offline.ask()).rejects.toMatchObject({ code: 'net/offline' })
  })

  test('keeps a 503 with a time away from everybody until then', async () => {
    await using server = await scriptedServer(json({}, 503, { 'retry-after': '900' }), json({ ok: true }))
    await using client = scene(server.origin)
    expect((await client.ask()).status).toBe(503)
    await expect(client.ask()).rejects.toMatchObject({ code: 'broker/unavailable', retryAfterMs: 900_000 })
    client.clock.advance(900_000)
    expect((await client.ask()).status).toBe(200)
  })

  test('lets no order wait unseen for its turn', async () => {
    await using server = await scriptedServer(json({ ok: true }))
    const clock = stepClock()
    const limiter = createLimiter({ requests: 1000, perMs: 1000, clock })
    await using client = scene(server.origin, { limiter })
    limiter.pause(60_000)
    await expect(client.ask(true)).rejects.toMatchObject({ code: 'broker/rate-limited', retryAfterMs: 60_000 })
    expect(server.seen).toHaveLength(0)
  })
})
