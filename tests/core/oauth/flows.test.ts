import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { brokers } from '../../../electron/core/brokers/registry.ts'
import { challengeOf } from '../../../electron/core/oauth/authorize.ts'
import { RECEIVED_PAGE } from '../../../electron/core/oauth/pages.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import type { FlowView } from '../../../shared/contract/connections.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { testProfile } from './support/profile.ts'
import { type Desk, openDesk, redirected, schwab } from './support/sign-ins.ts'
import { json } from './support/token-server.ts'
import { isListening, placeOf, visit } from './support/visitor.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(() => desk[Symbol.asyncDispose]())

const FIVE_MINUTES = 300_000

/** Plays the browser coming back. */
async function come(flow: FlowView, answer?: Record<string, string>): Promise<FlowView> {
  const url = new URL(redirected(flow, answer))
  const page = await visit(placeOf(flow.redirectUri, desk.signIns.certificate(flow.flowId)), url.pathname + url.search)
  assert.equal(page.body, RECEIVED_PAGE.toString())
  return desk.ended(flow.flowId)
}

function codeOf(flow: FlowView): string {
  return flow.state.kind === 'failed' ? flow.state.error.code : flow.state.kind
}

/** Holds a port the way another program would. */
async function squat(): Promise<{ port: number; server: Server }> {
  const server = createServer(socket => socket.destroy()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return { port: address !== null && typeof address === 'object' ? address.port : 0, server }
}

describe('a sign-in', () => {
  test('opens the listener before the browser and ends connected with the tokens', async () => {
    let listening = false
    await using own = await openDesk({
      browser: {
        open: async url => {
          const { port } = placeOf(new URL(url).searchParams.get('redirect_uri') ?? '')
          listening = await isListening('127.0.0.1', port)
        },
      },
    })
    const flow = await own.start()
    expect(listening).toBe(true)
    expect(flow).toMatchObject({
      broker: 'alpaca',
      environment: 'sandbox',
      listening: true,
      certificateWarning: false,
      state: { kind: 'waiting' },
    })
    expect(Instant.msBetween(own.ports.clock.now(), flow.expiresAt)).toBeGreaterThan(FIVE_MINUTES - 5000)
  })

  test('exchanges the code once, with the verifier, the secret in the body and the exact redirect address', async () => {
    const flow = await desk.start()
    expect(codeOf(await come(flow))).toBe('connected')
    expect(desk.server.requests).toHaveLength(1)
    const form = Object.fromEntries(desk.server.requests[0]?.form ?? [])
    expect(form).toMatchObject({
      grant_type: 'authorization_code',
      code: 'C0.abc@',
      client_id: 'my-app',
      client_secret: 'canary-client-secret',
      redirect_uri: flow.redirectUri,
    })
    expect(challengeOf(form['code_verifier'] ?? '')).toBe(new URL(flow.authorizeUrl).searchParams.get('code_challenge'))
    expect(desk.saved[0]?.grant.access.reveal()).toBe('access-1')
    expect(await isListening('127.0.0.1', placeOf(flow.redirectUri).port)).toBe(false)
  })

  test('sends Basic where the broker wants it, with a hyphen left a hyphen, and no verifier where it takes none', async () => {
    const flow = await desk.start({ profile: testProfile(desk.server.origin, { clientAuth: 'basic', pkce: false }) })
    expect(new URL(flow.authorizeUrl).searchParams.has('code_challenge')).toBe(false)
    await come(flow)
    const { headers, form } = desk.server.requests[0] ?? { headers: {}, form: new URLSearchParams() }
    expect(headers.authorization).toBe(`Basic ${Buffer.from('my-app:canary-client-secret').toString('base64')}`)
    expect([...form.keys()].sort()).toEqual(['code', 'grant_type', 'redirect_uri'])
  })

  test('sends a public app its id and no secret, with what else the broker wants', async () => {
    const flow = await desk.start({
      profile: testProfile(desk.server.origin, { clientAuth: 'none', exchangeExtra: { access_type: 'offline' } }),
    })
    await come(flow)
    const { headers, form } = desk.server.requests[0] ?? { headers: {}, form: new URLSearchParams() }
    expect(headers.authorization).toBeUndefined()
    expect([...form.keys()].sort()).toEqual(['access_type', 'client_id', 'code', 'code_verifier', 'grant_type', 'redirect_uri'])
    expect(form.get('client_id')).toBe('my-app')
  })

  test('goes by the addresses the broker publishes', async () => {
    const { origin } = desk.server
    desk.server.answer(({ path }) =>
      path === '/.well-known/oauth-authorization-server'
        ? json({ issuer: origin, authorization_endpoint: `${origin}/v2/authorize`, token_endpoint: `${origin}/v2/token` })
        : json({ access_token: 'access-1', token_type: 'Bearer' }),
    )
    const flow = await desk.start({ profile: testProfile(origin, { discoveryUrl: `${origin}/.well-known/oauth-authorization-server` }) })
    expect(flow.authorizeUrl.startsWith(`${origin}/v2/authorize?`)).toBe(true)
    await come(flow)
    expect(desk.server.requests.map(({ path }) => path)).toEqual(['/.well-known/oauth-authorization-server', '/v2/token'])
  })

  test('works over https with a certificate of its own', async () => {
    const flow = await desk.start({
      broker: schwab,
      profile: testProfile(desk.server.origin, { redirect: { scheme: 'https', port: null, path: '/callback/schwab' } }),
    })
    expect(flow).toMatchObject({ certificateWarning: true, listening: true, broker: 'schwab' })
    expect(flow.redirectUri).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/callback\/schwab$/)
    expect(desk.signIns.certificate(flow.flowId)).toContain('BEGIN CERTIFICATE')
    expect(codeOf(await come(flow))).toBe('connected')
  })

  test('renews a connection in place when asked to reconnect', async () => {
    const first = await come(await desk.start())
    const id = first.state.kind === 'connected' ? first.state.connectionId : undefined
    const again = await come(await desk.start(id ? { reconnect: id } : {}))
    expect(again.state).toEqual({ kind: 'connected', connectionId: id })
  })

  test('leaves opening the address to the caller when told so, and survives a browser that does not open', async () => {
    await desk.start({ open: false })
    expect(desk.ports.opened).toEqual([])
    await using broken = await openDesk({ browser: { open: () => Promise.reject(new Error('no browser')) } })
    expect((await broken.start()).state.kind).toBe('waiting')
  })

  test('never writes a code, a token, a state or a secret to the log', async () => {
    desk.server.answer(() => json({ access_token: 'canary-access', refresh_token: 'canary-refresh', token_type: 'Bearer' }))
    const flow = await desk.start()
    await come(flow, { code: 'canary-code' })
    const text = JSON.stringify(desk.ports.records)
    expect(text).toContain('sign-in.changed')
    expect(text).not.toContain('canary')
    expect(text).not.toContain(new URL(flow.authorizeUrl).searchParams.get('state'))
  })
})

describe('a sign-in that fails says how, and saves nothing', () => {
  afterEach(() => {
    if (desk.saved.length > 0) throw new Error('something was saved')
  })

  test.each([
    ['access_denied', 'auth/denied'],
    ['server_error', 'broker/unavailable'],
    ['temporarily_unavailable', 'broker/unavailable'],
    ['invalid_scope', 'auth/app-misconfigured'],
    ['unauthorized_client', 'auth/app-misconfigured'],
    ['something_else', 'broker/refused'],
  ])('%s on the redirect is %s', async (error, code) => {
    const flow = await desk.start()
    expect(codeOf(await come(flow, { error, error_description: '<b>' }))).toBe(code)
    expect(desk.server.requests).toEqual([])
  })

  test('a refusal over https still gets its page', async () => {
    const flow = await desk.start({
      profile: testProfile(desk.server.origin, { redirect: { scheme: 'https', port: null, path: '/callback/alpaca' } }),
    })
    expect(codeOf(await come(flow, { error: 'access_denied' }))).toBe('auth/denied')
  })

  test.each([
    ['a code that was used or has expired', json({ error: 'invalid_grant' }, 400), 'auth/bad-code'],
    ["a refusal in the broker's own words", json({ code: 40010000, message: 'bad code' }, 400), 'auth/bad-code'],
    ['a 422 about the code', json({ code: 40010001, message: 'invalid code' }, 422), 'auth/bad-code'],
    ['a 422 about the redirect address', json({ code: 40010001, message: 'invalid redirect_uri' }, 422), 'auth/app-misconfigured'],
    ['a wrong client secret', json({ error: 'invalid_client' }, 401), 'auth/app-misconfigured'],
    [
      'a page from a proxy',
      { status: 403, body: '<html>Access Denied</html>', headers: { 'content-type': 'text/html' } },
      'broker/unavailable',
    ],
    ['a broken broker', { status: 500, body: '' }, 'broker/unavailable'],
    ['a busy broker', { status: 429, headers: { 'retry-after': '7' } }, 'broker/rate-limited'],
    ['a page instead of tokens', { status: 200, body: '<html>' }, 'broker/page'],
    ['a truncated answer', { status: 200, body: '{"access_token":"a' }, 'broker/unreadable'],
    ['a redirect', { status: 302, headers: { location: 'https://evil.example/token' } }, 'broker/unavailable'],
  ] as const)('%s', async (_, reply, code) => {
    desk.server.answer(() => reply)
    const { classifyTokenFailure } = brokers.alpaca.environments.live?.oauth ?? {}
    const profile = testProfile(desk.server.origin, classifyTokenFailure ? { classifyTokenFailure } : {})
    expect(codeOf(await come(await desk.start({ profile })))).toBe(code)
    expect(desk.server.requests).toHaveLength(1)
  })

  test('a network that is down', async () => {
    const flow = await desk.start()
    desk.server.answer(() => 'drop')
    expect(codeOf(await come(flow))).toBe('net/offline')
  })

  test('tokens that fail their first call', async () => {
    await using own = await openDesk({ onTokens: () => Promise.reject(new AppError('broker/no-accounts')) })
    const flow = await own.start()
    const url = new URL(redirected(flow))
    await visit(placeOf(flow.redirectUri), url.pathname + url.search)
    expect(codeOf(await own.ended(flow.flowId))).toBe('broker/no-accounts')
  })

  test('five minutes without an answer', async () => {
    const flow = await desk.start()
    desk.ports.clock.jump(FIVE_MINUTES - 2000)
    expect(codeOf(desk.signIns.view(flow.flowId))).toBe('waiting')
    desk.ports.clock.jump(2000)
    expect(codeOf(await desk.ended(flow.flowId))).toBe('auth/expired')
    await expect(desk.signIns.paste(flow.flowId, redirected(flow))).rejects.toMatchObject({ code: 'auth/expired' })
    await expect(visit(placeOf(flow.redirectUri), '/')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  test('a user who cancels', async () => {
    const flow = await desk.start()
    expect(codeOf(await desk.signIns.cancel(flow.flowId))).toBe('app/canceled')
    expect(await isListening('127.0.0.1', placeOf(flow.redirectUri).port)).toBe(false)
    await expect(desk.signIns.paste(flow.flowId, redirected(flow))).rejects.toMatchObject({ code: 'app/canceled' })
  })

  test('a user who cancels while the code is exchanged', async () => {
    const asked = Promise.withResolvers<void>()
    desk.server.answer(() => {
      asked.resolve()
      return new Promise(() => undefined)
    })
    const flow = await desk.start()
    const url = new URL(redirected(flow))
    await visit(placeOf(flow.redirectUri), url.pathname + url.search)
    await asked.promise
    expect(codeOf(desk.signIns.view(flow.flowId))).toBe('finishing')
    expect(codeOf(await desk.signIns.cancel(flow.flowId))).toBe('app/canceled')
  })
})

describe('a port that another program holds', () => {
  test('leaves pasting, with the address the broker knows', async () => {
    const { port, server } = await squat()
    const profile = testProfile(desk.server.origin, { redirect: { scheme: 'http', port, path: '/callback/alpaca' } })
    const flow = await desk.start({ profile })
    expect(flow).toMatchObject({
      listening: false,
      certificateWarning: false,
      redirectUri: `http://127.0.0.1:${port}/callback/alpaca`,
      state: { kind: 'waiting' },
    })
    expect(desk.ports.records).toContainEqual(expect.objectContaining({ event: 'sign-in.port-taken' }))
    expect(codeOf(await desk.signIns.paste(flow.flowId, redirected(flow)))).toBe('connected')
    server.close()
  })
})

describe('a pasted answer', () => {
  test('finishes like a redirect, as an address or as a code', async () => {
    for (const text of [(flow: FlowView) => redirected(flow), () => 'C0.abcdefgh%40']) {
      const flow = await desk.start()
      expect(codeOf(await desk.signIns.paste(flow.flowId, text(flow)))).toBe('connected')
    }
    expect(desk.server.requests.map(({ form }) => form.get('code'))).toEqual(['C0.abc@', 'C0.abcdefgh@'])
  })

  test('that cannot be right leaves the sign-in open', async () => {
    const flow = await desk.start()
    const wrong = [
      ['nonsense here', 'auth/bad-paste'],
      [`${redirected(flow)}x`, 'auth/wrong-state'],
      [redirected(flow).replace('alpaca', 'schwab'), 'auth/wrong-broker'],
    ] as const
    for (const [text, code] of wrong) await expect(desk.signIns.paste(flow.flowId, text)).rejects.toMatchObject({ code })
    expect(codeOf(desk.signIns.view(flow.flowId))).toBe('waiting')
    expect(codeOf(await come(flow))).toBe('connected')
  })

  test('is taken once', async () => {
    const flow = await desk.start()
    const [a, b] = await Promise.allSettled([
      desk.signIns.paste(flow.flowId, redirected(flow)),
      desk.signIns.paste(flow.flowId, redirected(flow)),
    ])
    expect([a.status, b.status].sort()).toEqual(['fulfilled', 'rejected'])
    await expect(desk.signIns.paste(flow.flowId, redirected(flow))).rejects.toMatchObject({ code: 'auth/flow-over' })
    expect(desk.server.requests).toHaveLength(1)
  })
})

describe('more sign-ins than one', () => {
  test('over https share one certificate, even when the clock of the app is far off', async () => {
    desk.ports.clock.jump(30 * 86_400_000)
    const profile = testProfile(desk.server.origin, { redirect: { scheme: 'https', port: null, path: '/callback/alpaca' } })
    const [first, second] = [await desk.start({ profile }), await desk.start({ broker: schwab, profile })]
    expect([first.listening, second.listening]).toEqual([true, true])
    expect(desk.signIns.certificate(first.flowId)).toBe(desk.signIns.certificate(second.flowId))
  })

  test('of the same broker leave the newest, on the same fixed port', async () => {
    const { port, server } = await squat()
    server.close()
    await once(server, 'close')
    const profile = testProfile(desk.server.origin, { redirect: { scheme: 'http', port, path: '/callback/alpaca' } })
    const flows = await Promise.all(Array.from({ length: 10 }, () => desk.start({ profile })))
    const ends = flows.map(({ flowId }) => codeOf(desk.signIns.view(flowId)))
    expect(ends).toEqual([...Array.from({ length: 9 }, () => 'auth/replaced'), 'waiting'])
    const newest = flows.at(-1) ?? assert.fail()
    expect(newest.listening).toBe(true)
    for (const old of flows.slice(0, 9))
      await expect(desk.signIns.paste(old.flowId, 'C0.abcdefgh')).rejects.toMatchObject({ code: 'auth/replaced' })
    expect(codeOf(await come(newest))).toBe('connected')
    expect(desk.server.requests).toHaveLength(1)
  })

  test("of different brokers do not take each other's answers", async () => {
    const profile = (id: string) => testProfile(desk.server.origin, { redirect: { scheme: 'http', port: null, path: `/callback/${id}` } })
    const flows = [await desk.start({ profile: profile('alpaca') }), await desk.start({ broker: schwab, profile: profile('schwab') })]
    for (const to of flows) {
      for (const from of flows.filter(flow => flow !== to)) {
        const stolen = new URL(redirected(from))
        const place = placeOf(to.redirectUri)
        expect((await visit(place, stolen.pathname + stolen.search)).status).toBe(404)
        expect((await visit(place, place.path + stolen.search)).status).toBe(400)
        await expect(desk.signIns.paste(to.flowId, redirected(from))).rejects.toMatchObject({ code: 'auth/wrong-broker' })
      }
    }
    expect(desk.server.requests).toEqual([])
    for (const flow of flows) expect(codeOf(await come(flow))).toBe('connected')
  })

  test('all end when the app closes, with their ports free', async () => {
    const flows = [await desk.start(), await desk.start({ broker: schwab })]
    await desk.signIns.close()
    for (const { flowId, redirectUri } of flows) {
      expect(codeOf(desk.signIns.view(flowId))).toBe('app/canceled')
      expect(await isListening('127.0.0.1', placeOf(redirectUri).port)).toBe(false)
    }
  })

  test('that nobody knows are not found', () => {
    const unknown = 'flw_unknown'
    expect(() => desk.signIns.view(unknown as FlowView['flowId'])).toThrow(expect.objectContaining({ code: 'app/not-found' }))
  })
})
