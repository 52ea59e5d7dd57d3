import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterEach, describe, expect, test } from 'vitest'
import { createCertificate } from '../../../electron/core/oauth/certificate.ts'
import { type Loopback, openLoopback } from '../../../electron/core/oauth/loopback.ts'
import { RECEIVED_PAGE, STRAY_PAGE } from '../../../electron/core/oauth/pages.ts'
import { fakePorts } from '../../support/fake-ports.ts'
import { closed, dial, isListening, placeOf, sendRaw, visit } from './support/visitor.ts'

const { clock, random } = fakePorts('unused')
const STATE = 'a-state-of-43-characters-0123456789abcdefgh'
const PATH = '/callback/alpaca'
const open: Loopback[] = []

async function listen(
  redirect: { scheme?: 'http' | 'https'; port?: number | null } = {},
): Promise<Loopback & { place: ReturnType<typeof placeOf> }> {
  const loopback = await openLoopback({
    redirect: { scheme: 'http', port: null, path: PATH, ...redirect },
    state: STATE,
    clock,
    random,
    signal: new AbortController().signal,
  })
  open.push(loopback)
  return { ...loopback, place: placeOf(loopback.redirectUri, loopback.certificatePem) }
}

afterEach(async () => {
  for (const loopback of open.splice(0)) await loopback.close()
})

const good = (code = 'the-code'): string => `${PATH}?code=${encodeURIComponent(code)}&state=${STATE}`

describe('the loopback listener', () => {
  test('takes the answer of the browser and gives a page that can be closed', async () => {
    const { place, result } = await listen()
    const answer = await visit(place, good('C0.abc@'))
    expect(answer.status).toBe(200)
    expect(answer.body).toBe(RECEIVED_PAGE.toString())
    const params = await result
    expect(params.kind === 'code' && params.code.reveal()).toBe('C0.abc@')
  })

  test('takes the answer of a program that follows the redirect for its user', async () => {
    const { redirectUri, result } = await listen()
    // Node's fetch names a mode but no site, unlike every browser.
    const answer = await fetch(`${redirectUri}?code=the-code&state=${STATE}`)
    expect(answer.status).toBe(200)
    expect((await result).kind).toBe('code')
  })

  test('survives 300 stray requests and takes the real answer while 50 slow sockets are open', async () => {
    const { place, result } = await listen()
    const slow = await Promise.all(Array.from({ length: 50 }, () => dial(place)))
    for (const socket of slow) socket.write('GET /callback/alpaca?code=x')
    const strays = [
      () => visit(place, '/favicon.ico'),
      () => visit(place, good(), { method: 'HEAD' }),
      () => visit(place, good(), { method: 'OPTIONS', headers: { origin: 'https://evil.example' } }),
      () => visit(place, good(), { method: 'POST' }),
      () => visit(place, good(), { headers: { 'sec-purpose': 'prefetch;prerender' } }),
      () => visit(place, good(), { headers: { purpose: 'prefetch' } }),
      () => visit(place, good(), { headers: { 'x-moz': 'prefetch' } }),
      () => visit(place, good().replace('alpaca', 'schwab')),
      () => visit(place, `${PATH}/?code=x&state=${STATE}`),
      () => visit(place, `${PATH}?code=x&state=wrong`),
      () => visit(place, `${PATH}?code=x`),
      () => visit(place, `${PATH}?code=x&state=${STATE}&state=${STATE}`),
      () => visit(place, `${PATH}?code=x&code=y&state=${STATE}`),
      () => visit(place, `${PATH}?state=${STATE}`),
      () => visit(place, good(), { headers: { host: 'keelson.evil.example' } }),
      () => visit(place, good(), { headers: { host: `localhost:${place.port}` } }),
      () => visit(place, good(), { headers: { origin: 'https://evil.example' } }),
      () => visit(place, good(), { headers: { origin: 'null' } }),
      () => visit(place, good(), { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' } }),
      () => visit(place, good(), { headers: { 'sec-fetch-dest': 'iframe' } }),
      () => visit(place, good(), { headers: { upgrade: 'websocket', connection: 'upgrade' } }),
      () => visit(place, `http://127.0.0.1:${place.port}${good()}`),
      () => visit(place, `${PATH}?state=${STATE}&code=${'x'.repeat(7000)}`),
      () => sendRaw(place, `GET ${good()} HTTP/1.1\r\nhost: 127.0.0.1:${place.port}\r\nhost: 127.0.0.1:${place.port}\r\n\r\n`),
      () => sendRaw(place, `GET ${good()} HTTP/1.0\r\n\r\n`),
      () => sendRaw(place, `GET ${good()} HTTP/1.1\r\nhost: 127.0.0.1:${place.port}\r\nx: ${'y'.repeat(9000)}\r\n\r\n`),
      () => sendRaw(place, '\u0016\u0003\u0001 not http at all \u0000\r\n\r\n'),
    ]
    for (let at = 0; at < 300; at += 10) {
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, step) => (strays[(at + step) % strays.length] ?? (() => visit(place, '/')))()),
      )
      for (const answer of answers) expect([0, 204, 400, 404, 405]).toContain(answer.status)
    }
    expect((await visit(place, good())).status).toBe(200)
    expect(await result).toMatchObject({ kind: 'code' })
    for (const socket of slow) socket.destroy()
  })

  test('lets no crowd of idle sockets keep the answer waiting', async () => {
    const { place, result } = await listen()
    const idle = await Promise.all(Array.from({ length: 200 }, () => dial(place)))
    expect((await visit(place, good())).status).toBe(200)
    await result
    await Promise.all(idle.map(closed))
  })

  test('stays up under 500 requests of random bytes', async () => {
    const { place, result } = await listen()
    for (let at = 0; at < 500; at += 20) {
      const start = at % 40 === 0 ? '' : `GET ${PATH}?`
      await Promise.all(
        Array.from({ length: 20 }, () => sendRaw(place, `${start}${Buffer.from(random.bytes(200)).toString('latin1')}\r\n\r\n`)),
      )
    }
    expect((await visit(place, good())).status).toBe(200)
    await result
  })

  test('listens on 127.0.0.1 alone', async () => {
    const { place } = await listen()
    expect(await isListening('127.0.0.1', place.port)).toBe(true)
    const others = Object.values(networkInterfaces())
      .flatMap(list => list ?? [])
      .map(({ address }) => address)
      .filter(address => address !== '127.0.0.1')
    for (const host of ['::1', '127.0.0.2', ...others]) expect(await isListening(host, place.port)).toBe(false)
  })

  test.skipIf(process.platform !== 'linux')('shows the kernel one IPv4 loopback socket and no IPv6 one', async () => {
    const { place } = await listen()
    const hex = place.port.toString(16).toUpperCase().padStart(4, '0')
    const listeners = (file: string): string[] =>
      readFileSync(file, 'utf8')
        .split('\n')
        .map(line => line.trim().split(/\s+/))
        .filter(cells => cells[3] === '0A')
        .flatMap(cells => cells[1] ?? [])
    expect(listeners('/proc/net/tcp').filter(local => local.endsWith(`:${hex}`))).toEqual([`0100007F:${hex}`])
    expect(listeners('/proc/net/tcp6').filter(local => local.endsWith(`:${hex}`))).toEqual([])
  })

  test('is closed once the answer is in, and a replay finds nobody', async () => {
    const { place, result, close } = await listen()
    await visit(place, good())
    await result
    expect(await isListening('127.0.0.1', place.port)).toBe(false)
    await close()
    await expect(visit(place, good())).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  test('takes one answer when two arrive together', async () => {
    const { place, result } = await listen()
    const [a, b] = await Promise.all([dial(place), dial(place)])
    const head = `HTTP/1.1\r\nhost: 127.0.0.1:${place.port}\r\n\r\n`
    a.write(`GET ${good('first')} ${head}`)
    b.write(`GET ${good('second')} ${head}`)
    const params = await result
    expect(params.kind === 'code' && ['first', 'second'].includes(params.code.reveal())).toBe(true)
    await Promise.all([a, b].map(closed))
  })

  test('passes on a refusal by its word alone', async () => {
    const { place, result } = await listen()
    expect(
      (await visit(place, `${PATH}?error=access_denied&error_description=${encodeURIComponent('<b>no</b>')}&state=${STATE}`)).status,
    ).toBe(200)
    expect(await result).toEqual({ kind: 'error', error: 'access_denied' })
  })

  test('rejects with app/canceled and frees the port when it is closed or its signal fires', async () => {
    const stop = new AbortController()
    const loopback = await openLoopback({
      redirect: { scheme: 'http', port: null, path: PATH },
      state: STATE,
      clock,
      random,
      signal: stop.signal,
    })
    const { port } = placeOf(loopback.redirectUri)
    stop.abort()
    await expect(loopback.result).rejects.toMatchObject({ code: 'app/canceled' })
    await loopback.close()
    expect(await isListening('127.0.0.1', port)).toBe(false)
    await expect(
      openLoopback({ redirect: { scheme: 'http', port: null, path: PATH }, state: STATE, clock, random, signal: stop.signal }),
    ).rejects.toMatchObject({ code: 'app/canceled' })
  })

  test('names a port that another program holds', async () => {
    const squatter = createServer().listen(0, '127.0.0.1')
    await once(squatter, 'listening')
    const address = squatter.address()
    const port = address !== null && typeof address === 'object' ? address.port : 0
    await expect(listen({ port })).rejects.toMatchObject({ code: 'auth/port-taken', details: { port } })
    squatter.close()
  })
})

describe('the answer pages', () => {
  const payloads = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    '%3Csvg/onload=alert(1)%3E',
    'javascript:alert(1)',
    '\u0000',
    '%00',
    '%0d%0aset-cookie:a=b',
    '{{7*7}}',
    '${7*7}',
    '../../etc/passwd',
    '%ff%fe',
    '\u202e',
    'é',
    'a'.repeat(2000),
  ]
  const spots = [
    (p: string) => visitBytes(`${PATH}?code=${encodeURIComponent(p)}&state=wrong`),
    (p: string) => visitBytes(`${PATH}?error=${encodeURIComponent(p)}&state=wrong`),
    (p: string) => visitBytes(`${PATH}?state=${encodeURIComponent(p)}&code=x`),
    (p: string) => visitBytes(`${PATH}?error_description=${encodeURIComponent(p)}`),
    (p: string) => visitBytes(`${PATH}?${encodeURIComponent(p)}=1`),
    (p: string) =>
      visitBytes(`${PATH}?code=x&state=wrong`, {
        referer: encodeURIComponent(p),
        'user-agent': encodeURIComponent(p),
        cookie: `a=${encodeURIComponent(p)}`,
      }),
  ]
  let place: ReturnType<typeof placeOf>
  const visitBytes = async (target: string, headers: Record<string, string> = {}): Promise<string> =>
    (await visit(place, target, { headers })).raw

  test('are byte for byte the same whatever is sent', async () => {
    place = (await listen()).place
    const plain = await visitBytes(`${PATH}?code=x&state=wrong`)
    for (const payload of payloads) for (const spot of spots) expect(await spot(payload)).toBe(plain)
    const missing = await visitBytes('/nothing')
    for (const payload of payloads) expect(await visitBytes(`/${encodeURIComponent(payload)}`)).toBe(missing)
  })

  test('are the same for every code and every refusal', async () => {
    const answers = new Set<string>()
    for (const query of ['code=one', 'code=two%40', 'error=access_denied', 'error=%3Cscript%3E&error_description=%3Cscript%3E']) {
      const loopback = await listen()
      answers.add((await visit(loopback.place, `${PATH}?${query}&state=${STATE}`)).raw)
      await loopback.result
    }
    expect(answers.size).toBe(1)
  })

  test('allow nothing but their own style, are never stored, framed or passed on', async () => {
    place = (await listen()).place
    const { head, body, status } = await visit(place, '/')
    expect(status).toBe(404)
    expect(body).toBe(STRAY_PAGE.toString())
    expect(head).toMatch(
      /content-security-policy: default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]{44}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'/,
    )
    for (const line of [
      'x-content-type-options: nosniff',
      'cache-control: no-store',
      'referrer-policy: no-referrer',
      'x-frame-options: DENY',
      'connection: close',
    ]) {
      expect(head).toContain(line)
    }
    expect(head).not.toMatch(/set-cookie|access-control|location|date:/i)
    expect(`${body}${RECEIVED_PAGE.toString()}`).not.toMatch(/<script|https?:|<form|<a /i)
  })
})

describe('the https loopback', () => {
  test('answers for 127.0.0.1 with its own certificate, under the same rules', async () => {
    const { place, result, redirectUri } = await listen({ scheme: 'https' })
    expect(redirectUri).toBe(`https://127.0.0.1:${place.port}${PATH}`)
    expect((await visit(place, '/favicon.ico')).status).toBe(404)
    const plain = await sendRaw({ port: place.port }, `GET ${good()} HTTP/1.1\r\nhost: 127.0.0.1:${place.port}\r\n\r\n`)
    expect(plain.status).toBe(0)
    const idle = await Promise.all(Array.from({ length: 50 }, () => dial({ port: place.port })))
    expect((await visit(place, good())).status).toBe(200)
    expect(await result).toMatchObject({ kind: 'code' })
    for (const socket of idle) socket.destroy()
  })

  test('uses the certificate of the run when it is given one', async () => {
    const certificate = await createCertificate(clock.now())
    const loopback = await openLoopback({
      redirect: { scheme: 'https', port: null, path: PATH },
      state: STATE,
      clock,
      random,
      signal: new AbortController().signal,
      certificate,
    })
    expect(loopback.certificatePem).toBe(certificate.certificatePem)
    await loopback.close()
  })
})
