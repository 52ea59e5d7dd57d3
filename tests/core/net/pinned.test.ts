import { createServer, type Server } from 'node:https'
import { createServer as createPlainServer, type AddressInfo } from 'node:net'
import { generate } from 'selfsigned'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createLog } from '../../../electron/core/log/log.ts'
import { createHttp, type HttpClient } from '../../../electron/core/net/http.ts'
import { createLimiter } from '../../../electron/core/net/limiter.ts'
import { readCertificate } from '../../../electron/core/net/peer-certificate.ts'
import { pinnedPool } from '../../../electron/core/net/pinned.ts'
import { never } from './support/client.ts'
import { stepClock } from './support/step-clock.ts'

interface Pair {
  readonly cert: string
  readonly key: string
}

const DAY_MS = 86_400_000
let one: Pair
let two: Pair
let ended: Pair
const closing: (() => Promise<void>)[] = []

/** A certificate nobody vouches for, for a name that is not the server's, valid until `days` from now. */
async function selfSigned(days: number, ca?: Pair): Promise<Pair> {
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - 30 * DAY_MS),
    notAfterDate: new Date(Date.now() + days * DAY_MS),
    ...(ca ? { ca } : {}),
  })
  return { cert: made.cert, key: made.private }
}

beforeAll(async () => {
  one = await selfSigned(30)
  two = await selfSigned(30)
  ended = await selfSigned(-1)
})
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

interface Gateway {
  readonly origin: string
  readonly port: number
  /** Requests that arrived. */
  readonly seen: string[]
  /** Shows another certificate from now on. */
  show(pair: Pair): void
  close(): Promise<void>
}

async function gateway(pair: Pair, port = 0): Promise<Gateway> {
  const seen: string[] = []
  const server: Server = createServer({ ...pair }, (request, response) => {
    seen.push(request.url ?? '')
    response.end('{"ok":true}')
  })
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
  closing.push(close)
  const bound = (server.address() as AddressInfo).port
  return {
    origin: `https://127.0.0.1:${bound}`,
    port: bound,
    seen,
    show(next) {
      server.setSecureContext({ ...next })
      server.closeAllConnections()
    },
    close,
  }
}

interface Client {
  readonly http: HttpClient
  readonly remembered: string[]
  get(): Promise<string>
}

function clientOf(origin: string, certificate?: string): Client {
  const clock = stepClock()
  const remembered: string[] = []
  const http = createHttp({
    broker: 'Testbroker',
    allow: [origin],
    limiter: createLimiter({ requests: 1000, perMs: 1000, clock }),
    clock,
    random: { fraction: () => 0 },
    log: createLog(() => undefined, clock),
    openPool: pinnedPool({ origin, program: 'Gateway', certificate, remember: pem => void remembered.push(pem) }),
  })
  closing.push(() => http.close())
  return { http, remembered, get: async () => (await http.request({ method: 'GET', url: `${origin}/v1/api`, signal: never })).body }
}

const changed = { code: 'local/certificate-changed', details: { program: 'Gateway' } }

describe('a certificate nobody vouches for', () => {
  test('is read without sending anything', async () => {
    const server = await gateway(one)
    const read = await readCertificate('127.0.0.1', server.port, { signal: never })
    expect(read.pem.replace(/\s/g, '')).toBe(one.cert.replace(/\s/g, ''))
    expect(read.fingerprint).toMatch(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/)
    expect(server.seen).toEqual([])
  })

  test('is refused where it is not pinned', async () => {
    const server = await gateway(one)
    const clock = stepClock()
    const limiter = createLimiter({ requests: 10, perMs: 1000, clock })
    const http = createHttp({
      broker: 'T',
      allow: [server.origin],
      limiter,
      clock,
      random: { fraction: () => 0 },
      log: createLog(() => undefined, clock),
    })
    closing.push(() => http.close())
    await readCertificate('127.0.0.1', server.port, { signal: never })
    await expect(http.request({ method: 'GET', url: server.origin, signal: never })).rejects.toMatchObject({ code: 'net/offline' })
    expect(server.seen).toEqual([])
  })

  test('is trusted on first use and remembered', async () => {
    const server = await gateway(one)
    const client = clientOf(server.origin)
    expect(await client.get()).toBe('{"ok":true}')
    expect(await client.get()).toBe('{"ok":true}')
    expect(client.remembered.map(pem => pem.replace(/\s/g, ''))).toEqual([one.cert.replace(/\s/g, '')])
  })

  test('is trusted when it is the one seen first', async () => {
    const server = await gateway(one)
    const client = clientOf(server.origin, one.cert)
    expect(await client.get()).toBe('{"ok":true}')
    expect(client.remembered).toEqual([])
  })

  test('is trusted by itself when an authority of its own issued it, and no other of that authority is', async () => {
    const [first, second] = await Promise.all([selfSigned(30, one), selfSigned(30, one)])
    const server = await gateway(first)
    const client = clientOf(server.origin)
    expect(await client.get()).toBe('{"ok":true}')
    server.show(second)
    await expect(client.get()).rejects.toMatchObject(changed)
    await expect(clientOf(server.origin, one.cert).get()).rejects.toMatchObject(changed)
  })

  test('is refused when it is another one, before anything is sent', async () => {
    const server = await gateway(two)
    const client = clientOf(server.origin, one.cert)
    await expect(client.get()).rejects.toMatchObject({ ...changed, details: { program: 'Gateway', address: `127.0.0.1:${server.port}` } })
    expect(server.seen).toEqual([])
  })

  test('is refused when it changes in the middle', async () => {
    const server = await gateway(one)
    const client = clientOf(server.origin)
    await client.get()
    server.show(two)
    await expect(client.get()).rejects.toMatchObject(changed)
    server.show(one)
    expect(await client.get()).toBe('{"ok":true}')
    expect(client.remembered).toHaveLength(1)
  })

  test('is refused once its days are over', async () => {
    const server = await gateway(ended)
    await expect(clientOf(server.origin).get()).rejects.toMatchObject({ code: 'local/certificate-expired' })
    expect(server.seen).toEqual([])
  })
})

describe('a gateway that is not there', () => {
  test('is said not to run, and is tried anew by the next call', async () => {
    const before = await gateway(one)
    await before.close()
    const client = clientOf(before.origin)
    await expect(client.get()).rejects.toMatchObject({ code: 'local/not-running', details: { program: 'Gateway' } })
    await gateway(one, before.port)
    expect(await client.get()).toBe('{"ok":true}')
  })

  test('is said not to run when its certificate is known as well', async () => {
    const server = await gateway(one)
    await server.close()
    await expect(clientOf(server.origin, one.cert).get()).rejects.toMatchObject({ code: 'local/not-running' })
  })

  test('but something else that speaks no TLS is not let in', async () => {
    const server = createPlainServer(
      socket =>
        void socket
          .on('error', () => undefined)
          .resume()
          .end('HTTP/1.1 403 Forbidden\r\n\r\n'),
    )
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    closing.push(async () => {
      await new Promise(resolve => server.close(resolve))
    })
    const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    await expect(clientOf(origin).get()).rejects.toMatchObject({ code: 'local/not-accepted' })
  })

  test('stops being waited for', async () => {
    const server = createPlainServer(socket => void socket.on('error', () => undefined).resume())
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    closing.push(async () => {
      await new Promise(resolve => server.close(resolve))
    })
    const stop = new AbortController()
    const read = readCertificate('127.0.0.1', (server.address() as AddressInfo).port, { signal: stop.signal })
    stop.abort()
    await expect(read).rejects.toMatchObject({ code: 'app/canceled' })
  })
})
