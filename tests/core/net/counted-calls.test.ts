import { describe, expect, test } from 'vitest'
import { createLog } from '../../../electron/core/log/log.ts'
import { type CallFacts, createHttp, type HttpClient } from '../../../electron/core/net/http.ts'
import { createLimiter } from '../../../electron/core/net/limiter.ts'
import { never } from './support/client.ts'
import { drip, html, json, reset, type Scene, scriptedServer, type ScriptedServer } from './support/scripted-server.ts'
import { type StepClock, stepClock } from './support/step-clock.ts'

interface Counting {
  readonly server: ScriptedServer
  readonly http: HttpClient
  readonly calls: CallFacts[]
  readonly clock: StepClock
  [Symbol.asyncDispose](): Promise<void>
}

/** A client over a real server, with what it tells of each try. */
async function counting(...scenes: readonly Scene[]): Promise<Counting> {
  const server = await scriptedServer(...scenes)
  const clock = stepClock()
  const calls: CallFacts[] = []
  const limiter = createLimiter({ requests: 200, perMs: 60_000, clock })
  const http = createHttp({
    broker: 'Testbroker',
    allow: [server.origin],
    limiter,
    clock,
    random: { fraction: () => 0 },
    log: createLog(() => undefined, clock),
    onCall: call => void calls.push(call),
    slowsDown: ({ body }) => body.includes('slow down'),
  })
  return {
    server,
    http,
    calls,
    clock,
    async [Symbol.asyncDispose]() {
      await http.close()
      await server[Symbol.asyncDispose]()
    },
  }
}

describe('each try of a call', () => {
  test('is told with its host, status and size, whatever it was for', async () => {
    await using app = await counting(json({ name: 'ü' }), json({}, 404))
    await app.http.request({ method: 'GET', url: `${app.server.origin}/v2/account?secret=1`, signal: never })
    await app.http.request({ method: 'POST', url: app.server.origin, signal: never })
    const told = { host: '127.0.0.1', ms: 0, limited: false, failed: false }
    expect(app.calls).toEqual([
      { ...told, status: 200, bytes: 13 },
      { ...told, status: 404, bytes: 2 },
    ])
  })

  test('counts as failed when the broker has a problem or does not answer, once for each try', async () => {
    await using app = await counting(json({}, 500), reset, json({ ok: true }))
    await app.http.request({ method: 'GET', url: app.server.origin, signal: never })
    expect(app.calls.map(({ status, failed, limited }) => [status, failed, limited])).toEqual([
      [500, true, false],
      [null, true, false],
      [200, false, false],
    ])
  })

  test('counts as put off when the broker asks to slow down, in its own words too', async () => {
    await using app = await counting(json({}, 429, { 'retry-after': '0' }), html('slow down', 400), json({ ok: true }))
    await app.http.request({ method: 'GET', url: app.server.origin, signal: never })
    expect(app.calls.map(({ status, failed, limited }) => [status, failed, limited])).toEqual([
      [429, false, true],
      [400, false, true],
      [200, false, false],
    ])
  })

  test('is not told when it was given up', async () => {
    await using app = await counting(drip)
    const stop = new AbortController()
    const asked = app.http.request({ method: 'GET', url: app.server.origin, signal: stop.signal })
    await app.server.arrived(1)
    stop.abort()
    await expect(asked).rejects.toMatchObject({ code: 'app/canceled' })
    expect(app.calls).toEqual([])
  })
})

describe('the standing of a pace', () => {
  test('says what is left and who waits, and asking takes nothing', async () => {
    const clock = stepClock()
    const limiter = createLimiter({ requests: 3, perMs: 1000, clock })
    expect(limiter.standing()).toEqual({ requests: 3, perMs: 1000, left: 3, waiting: 0, pausedMs: 0 })
    const turns = [1, 2, 3, 4].map(() => limiter.take({ signal: never }))
    expect(limiter.standing()).toMatchObject({ left: 0, waiting: 1 })
    clock.advance(1500)
    await Promise.all(turns)
    expect(limiter.standing()).toMatchObject({ left: 2, waiting: 0 })
  })

  test('says how long a broker asked to wait', () => {
    const clock = stepClock()
    const limiter = createLimiter({ requests: 3, perMs: 1000, clock })
    limiter.pause(5000)
    clock.advance(1000)
    expect(limiter.standing()).toMatchObject({ left: 0, pausedMs: 4000 })
    clock.advance(4000)
    expect(limiter.standing()).toMatchObject({ left: 3, pausedMs: 0 })
  })
})
