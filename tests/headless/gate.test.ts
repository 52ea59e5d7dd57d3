import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type House, openHouse } from './support/open-house.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(async () => {
  await house[Symbol.asyncDispose]()
})

const P = 'PORT'
const fill = (text: string): string => text.replaceAll(P, String(house.port))

const HOSTS = [
  `127.0.0.1:${P}`,
  `localhost:${P}`,
  `[::1]:${P}`,
  '127.0.0.1',
  'localhost',
  '127.0.0.1:1',
  `evil.example:${P}`,
  `127.0.0.1.evil.example:${P}`,
  `LOCALHOST:${P}`,
  `127.1:${P}`,
  `0.0.0.0:${P}`,
  `user@127.0.0.1:${P}`,
]
const ORIGINS = [
  '',
  `http://127.0.0.1:${P}`,
  `http://localhost:${P}`,
  `http://[::1]:${P}`,
  'null',
  `https://127.0.0.1:${P}`,
  'http://127.0.0.1',
  'http://127.0.0.1:1',
  `http://evil.example:${P}`,
  `http://127.0.0.1:${P}.evil.example`,
]
const METHODS = ['GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']
const TYPES = ['application/json', 'text/plain', '']
const CREDENTIALS = ['cookie', 'bearer', 'none']

/** Everything that may come in, written out: own names only, reading with either credential, commands as JSON with the bearer only. */
const GOLDEN_HOSTS = [`127.0.0.1:${P}`, `localhost:${P}`, `[::1]:${P}`]
const GOLDEN_ORIGINS = ['', `http://127.0.0.1:${P}`, `http://localhost:${P}`, `http://[::1]:${P}`]
const GOLDEN_CALLS = [
  'GET application/json cookie',
  'GET application/json bearer',
  'GET text/plain cookie',
  'GET text/plain bearer',
  'GET  cookie',
  'GET  bearer',
  'POST application/json bearer',
]
const golden = GOLDEN_HOSTS.flatMap(host => GOLDEN_ORIGINS.flatMap(origin => GOLDEN_CALLS.map(call => `${host} ${origin} ${call}`)))

function credential(kind: string): Record<string, string> {
  if (kind === 'cookie') return { cookie: house.cookie }
  return kind === 'bearer' ? { authorization: `Bearer ${house.doorkeeper.bearer}` } : {}
}

describe('the gate', () => {
  test('admits exactly the golden set of hosts, origins, methods, types and credentials', async () => {
    const cases = HOSTS.flatMap(host =>
      ORIGINS.flatMap(origin =>
        METHODS.flatMap(method => TYPES.flatMap(type => CREDENTIALS.map(who => ({ host, origin, method, type, who })))),
      ),
    )
    expect(cases).toHaveLength(6480)
    const admitted: string[] = []
    await Promise.all(
      cases.map(async ({ host, origin, method, type, who }) => {
        const headers = {
          host: fill(host),
          'x-keelson': '1',
          ...(origin ? { origin: fill(origin) } : {}),
          ...(type ? { 'content-type': type } : {}),
          ...credential(who),
        }
        const { status, headers: answer } = await house.ask({ method, path: method === 'POST' ? '/link' : '/', headers })
        if (status < 400) admitted.push(`${host} ${origin} ${method} ${type} ${who}`)
        expect(Object.keys(answer).filter(name => name.startsWith('access-control-'))).toEqual([])
      }),
    )
    expect(admitted.sort()).toEqual(golden.sort())
  })

  test('admits sockets by the same rules', async () => {
    const cases = HOSTS.flatMap(host => ORIGINS.flatMap(origin => CREDENTIALS.map(who => ({ host, origin, who }))))
    const upgrade = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    }
    const admitted: string[] = []
    await Promise.all(
      cases.map(async ({ host, origin, who }) => {
        const headers = { host: fill(host), ...(origin ? { origin: fill(origin) } : {}), ...credential(who), ...upgrade }
        if ((await house.ask({ path: '/ws', headers })).status === 101) admitted.push(`${host} ${origin} ${who}`)
      }),
    )
    expect(admitted.sort()).toEqual(
      GOLDEN_HOSTS.flatMap(host => GOLDEN_ORIGINS.flatMap(origin => ['cookie', 'bearer'].map(who => `${host} ${origin} ${who}`))).sort(),
    )
  })

  test.each([
    ['none', 'navigate', 'document', '/', 200],
    ['same-origin', 'cors', 'empty', '/assets/app.js', 200],
    ['cross-site', 'navigate', 'document', '/', 200],
    ['same-site', 'navigate', 'document', '/', 200],
    ['cross-site', 'navigate', 'document', '/assets/app.js', 403],
    ['cross-site', 'navigate', 'iframe', '/', 403],
    ['cross-site', 'no-cors', 'image', '/', 403],
    ['same-site', 'cors', 'empty', '/', 403],
    ['cross-site, none', 'navigate', 'document', '/', 403],
    ['sideways', 'navigate', 'document', '/', 403],
  ])('lets a request from %s (%s, %s) to %s%s end with %i', async (site, mode, dest, path, status) => {
    const headers = { host: house.host, cookie: house.cookie, 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': dest }
    expect((await house.ask({ path, headers })).status).toBe(status)
  })

  test('wants the header no form can send before it looks at a command', async () => {
    const headers = { host: house.host, authorization: `Bearer ${house.doorkeeper.bearer}`, 'content-type': 'application/json' }
    expect((await house.ask({ method: 'POST', path: '/link', headers })).status).toBe(403)
  })

  test.each(['/ws/', '/ws?x=1', '/', '/link'])('takes no socket at %s', async path => {
    const socket = new WebSocket(`ws://${house.host}${path}`, { headers: { cookie: house.cookie } })
    const status = await new Promise(resolve => {
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode))
      socket.once('open', () => resolve('open'))
      socket.on('error', () => undefined)
    })
    socket.terminate()
    expect(status).toBe(404)
  })
})

describe('the headers', () => {
  test('forbid framing, guessing, referrers and foreign use on every kind of answer', async () => {
    const inside = { host: house.host, cookie: house.cookie }
    const answers = await Promise.all([
      house.ask({ headers: inside }),
      house.ask({ path: '/assets/app.js', headers: inside }),
      house.ask({ path: '/nothing', headers: inside }),
      house.ask({ headers: { host: house.host } }),
      house.ask({ headers: { host: 'evil.example' } }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 401, 403])
    for (const { headers } of answers) {
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
        'content-security-policy':
          "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; media-src 'none'; object-src 'none'; frame-src 'none'; worker-src 'none'; manifest-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default",
      })
    }
  })
})

describe('raw sockets', () => {
  const get = (target: string, ...lines: string[]): string => `GET ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`
  const status = (answer: string): string => answer.split('\r\n')[0] ?? ''

  test('a second Host line is refused', async () => {
    expect(status(await house.raw(get('/', `Host: ${house.host}`, 'Host: evil.example', `Cookie: ${house.cookie}`)))).toMatch(/ 40[03] /)
    expect(status(await house.raw(get('/', `Host: ${house.host}`, `Host: ${house.host}`, `Cookie: ${house.cookie}`)))).toMatch(/ 40[03] /)
  })

  test('an address in place of a path is refused', async () => {
    expect(status(await house.raw(get(`http://${house.host}/`, `Host: ${house.host}`, `Cookie: ${house.cookie}`)))).toMatch(/ 400 /)
    expect(status(await house.raw(get(`//evil.example/`, `Host: ${house.host}`, `Cookie: ${house.cookie}`)))).toMatch(/ 400 /)
  })

  test('no Host at all is refused, in the old protocol too', async () => {
    expect(status(await house.raw(`GET / HTTP/1.0\r\nCookie: ${house.cookie}\r\n\r\n`))).toMatch(/ 403 /)
    expect(status(await house.raw(get('/', `Cookie: ${house.cookie}`)))).toMatch(/ 400 /)
  })

  test('64 KiB of headers end the connection', async () => {
    expect(status(await house.raw(get('/', `Host: ${house.host}`, `Cookie: ${house.cookie}`, `X-Padding: ${'x'.repeat(65_536)}`)))).toMatch(
      / 4\d\d /,
    )
  })

  test('a tunnel is refused', async () => {
    expect(await house.raw(`CONNECT ${house.host} HTTP/1.1\r\nHost: ${house.host}\r\nCookie: ${house.cookie}\r\n\r\n`)).not.toMatch(/ 200 /)
  })

  test('200 sockets that never finish their request do not keep anyone out', async () => {
    const { connect } = await import('node:net')
    const idlers = await Promise.all(
      Array.from(
        { length: 200 },
        () =>
          new Promise<import('node:net').Socket>(resolve => {
            const socket = connect(house.port, '127.0.0.1', () => {
              socket.write(`GET / HTTP/1.1\r\nHost: ${house.host}\r\nX-Slow: `)
              resolve(socket)
            })
            socket.on('error', () => undefined)
          }),
      ),
    )
    expect((await house.ask({ headers: { host: house.host, cookie: house.cookie } })).status).toBe(200)
    for (const socket of idlers) socket.destroy()
  })

  test.each([
    '/../secret.json',
    '/%2e%2e/secret.json',
    '/..%2fsecret.json',
    '/assets/..%5c..%5csecret.json',
    '/assets/%00',
    '/%',
    '/ASSETS/app.js',
    '/assets/',
    '/assets/app.js.map',
    '/.//index.html',
  ])('%s names no file', async path => {
    const answer = await house.raw(get(path, `Host: ${house.host}`, `Cookie: ${house.cookie}`))
    expect(status(answer)).toMatch(/ 404 /)
    expect(answer).not.toContain('outside')
  })
})
