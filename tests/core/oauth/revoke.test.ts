import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createLog } from '../../../electron/core/log/log.ts'
import { createHttp } from '../../../electron/core/net/http.ts'
import { createLimiter } from '../../../electron/core/net/limiter.ts'
import { type Revoked, revokeToken } from '../../../electron/core/oauth/revoke.ts'
import { Secret } from '../../../electron/core/vault/secret.ts'
import { fakePorts } from '../../support/fake-ports.ts'
import { testProfile } from './support/profile.ts'
import { json, startTokenServer, type TokenServer } from './support/token-server.ts'

const { clock, random, log: sink } = fakePorts('unused')
let server: TokenServer
let http: ReturnType<typeof createHttp>

beforeEach(async () => {
  server = await startTokenServer(() => ({ body: '' }))
  const limiter = createLimiter({ requests: 100, perMs: 1000, clock })
  http = createHttp({ broker: 'Test', allow: [server.origin], limiter, clock, random, log: createLog(sink, clock) })
})
afterEach(async () => {
  await http.close()
  await server[Symbol.asyncDispose]()
})

function revoke(revokeUrl: string | null = `${server.origin}/oauth/revoke`, signal = new AbortController().signal): Promise<Revoked> {
  const profile = testProfile(server.origin, { revokeUrl, clientAuth: 'basic' })
  return revokeToken({ http, profile, client: { id: 'my-app', secret: Secret.of('s') }, broker: 'Test' }, Secret.of('refresh-1'), {
    signal,
  })
}

describe('ending access at the broker', () => {
  test("sends the token once, with the client's own proof", async () => {
    expect(await revoke()).toBe('yes')
    expect(server.requests).toMatchObject([
      { path: '/oauth/revoke', headers: { authorization: `Basic ${Buffer.from('my-app:s').toString('base64')}` } },
    ])
    expect(server.requests[0]?.form.get('token')).toBe('refresh-1')
  })

  test('is not offered where the broker has no address for it', async () => {
    expect(await revoke(null)).toBe('not-offered')
    expect(server.requests).toEqual([])
  })

  test('counts as not done when the broker is busy, down, refusing or out of reach', async () => {
    for (const reply of [{ status: 503 }, { status: 429 }, json({ error: 'unsupported_token_type' }, 400), 'drop'] as const) {
      server.answer(() => reply)
      expect(await revoke()).toBe('no')
    }
    expect(await revoke('https://evil.example/revoke')).toBe('no')
  })

  test('counts as not done when time runs out', async () => {
    server.answer(() => new Promise(() => undefined))
    expect(await revoke(undefined, AbortSignal.timeout(50))).toBe('no')
  })

  test('stops on its signal', async () => {
    const stop = new AbortController()
    server.answer(() => {
      stop.abort()
      return new Promise(() => undefined)
    })
    await expect(revoke(undefined, stop.signal)).rejects.toMatchObject({ code: 'app/canceled' })
  })
})
