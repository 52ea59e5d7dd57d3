import { once } from 'node:events'
import { createServer as createPlain, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createSecure } from 'node:https'
import { createServer as createSocket, type Server, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { generate } from 'selfsigned'
import type { Clock } from '../../../electron/core/ports.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Dice } from './dice.ts'

/** What a token endpoint answers. */
export interface Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** One request, to be treated badly. */
export interface Victim {
  readonly response: ServerResponse
  readonly socket: Socket
  /** What a broker in order would say. */
  readonly good: Reply
  readonly next: Dice
  /** The time all waits are counted in. */
  readonly clock: Clock
  answer(reply: Reply): void
}

export interface FaultServer extends AsyncDisposable {
  /** By what is wrong there: nothing, a certificate nobody vouches for, a TLS alert, nobody listening. */
  readonly origins: Readonly<Record<'plain' | 'self-signed' | 'alert' | 'closed', string>>
  /** Requests of the token endpoint, ever. */
  readonly requests: number
  /** Requests that came before the broker had said they might. */
  readonly undercut: number
  /** Counts everything that happens on a line. */
  readonly activity: number
  /** Treats all requests like this from now on; well, when left out. */
  treat(how?: (victim: Victim) => void): void
  /** A fresh start: nothing was asked to wait. */
  forget(): void
}

export interface FaultServerOptions {
  readonly clock: Clock
  readonly next: Dice
  readonly good: () => Reply
}

const ALERT = Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28])
const LONGEST_ASKED_MS = 86_400_000

/** A token endpoint that can do everything a line and a broker have ever done to one. */
export async function startFaultServer({ clock, next, good }: FaultServerOptions): Promise<FaultServer> {
  let how: (victim: Victim) => void = victim => victim.answer(victim.good)
  let [requests, undercut, activity, notBefore] = [0, 0, 0, 0]

  function answer(response: ServerResponse, { status = 200, headers = {}, body = '' }: Reply): void {
    const asked = askedMs(headers, clock)
    if (asked !== null) notBefore = Math.max(notBefore, clock.monotonicMs() + Math.min(asked, LONGEST_ASKED_MS))
    const date = new Date(Instant.toEpochMs(clock.now())).toUTCString()
    response.writeHead(status, { 'content-type': 'application/json', date, ...headers }).end(body)
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    activity += 1
    await text(request)
    if (request.url?.includes('.well-known') === true) return void response.writeHead(404).end()
    requests += 1
    if (clock.monotonicMs() < notBefore) undercut += 1
    response.on('close', () => (activity += 1))
    how({ response, socket: request.socket, good: good(), next, clock, answer: reply => answer(response, reply) })
  }

  const listener: RequestListener = (request, response) => void serve(request, response).catch(() => request.socket.destroy())
  const pem = await generate([{ name: 'commonName', value: '127.0.0.1' }], { keySize: 2048 })
  const servers = {
    plain: createPlain(listener),
    'self-signed': createSecure({ key: pem.private, cert: pem.cert }, listener),
    alert: createSocket(socket => socket.on('error', () => undefined).once('data', () => socket.end(ALERT))),
  }
  const sockets = new Set<Socket>()
  for (const server of Object.values(servers)) {
    server.on('connection', (socket: Socket) => {
      activity += 1
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.once('close', () => sockets.delete(socket))
    })
  }
  const [plain, secure, alert] = await Promise.all([listen(servers.plain), listen(servers['self-signed']), listen(servers.alert)])
  return {
    origins: {
      plain: `http://127.0.0.1:${plain}`,
      'self-signed': `https://127.0.0.1:${secure}`,
      alert: `https://127.0.0.1:${alert}`,
      closed: 'http://127.0.0.1:9',
    },
    get requests() {
      return requests
    },
    get undercut() {
      return undercut
    },
    get activity() {
      return activity
    },
    treat: (next = victim => victim.answer(victim.good)) => {
      how = next
    },
    forget() {
      notBefore = 0
      undercut = 0
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await Promise.all(Object.values(servers).map(server => new Promise(resolve => server.close(resolve))))
    },
  }
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return address !== null && typeof address === 'object' ? address.port : 0
}

/** RFC 9110 section 10.2.3, read without any of the code under test: whole seconds, or a date; null for anything else. */
function askedMs(headers: Readonly<Record<string, string>>, clock: Clock): number | null {
  const value = headers['retry-after']
  if (value === undefined) return null
  if (/^\d+$/.test(value)) return Number(value) * 1000
  const at = value.endsWith('GMT') ? Date.parse(value) : Number.NaN
  // A date has whole seconds only.
  return Number.isNaN(at) ? null : Math.max(0, at - Math.floor(Instant.toEpochMs(clock.now()) / 1000) * 1000)
}
