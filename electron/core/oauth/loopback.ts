import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { Socket } from 'node:net'
import { AppError } from '../../../shared/contract/errors.ts'
import type { Clock, Random } from '../ports.ts'
import type { CallbackParams } from './callback.ts'
import { createCertificate, type LoopbackCertificate } from './certificate.ts'
import { judgeVisit } from './gate.ts'
import { PAGE_HEADERS, RECEIVED_PAGE, STRAY_PAGE } from './pages.ts'
import { probeLoopback } from './probe.ts'
import type { RedirectProfile } from './profile.ts'
import { guardSockets, listenOnLoopback, LOOPBACK_HOST, type Listener } from './sockets.ts'

// Node's own defaults are loose: 60 s, 300 s, 16 KiB, keep-alive.
const LIMITS = {
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 8_192,
  keepAliveTimeout: 1,
  requireHostHeader: false,
}
const FAREWELL_MS = 1_000
const TLS = { minVersion: 'TLSv1.2', handshakeTimeout: 5_000, ALPNProtocols: ['http/1.1'] } as const

export interface LoopbackOptions {
  readonly redirect: RedirectProfile
  readonly state: string
  readonly clock: Clock
  readonly random: Random
  readonly signal: AbortSignal
  /** For an https redirect; a fresh one is made when missing. */
  readonly certificate?: LoopbackCertificate
}

/** A listener for the one answer of a sign-in. */
export interface Loopback extends AsyncDisposable {
  readonly redirectUri: string
  /** The public certificate of an https listener, else null. */
  readonly certificatePem: string | null
  /** The first valid answer; from then on nothing listens. Rejects with app/canceled when closed before. */
  readonly result: Promise<CallbackParams>
  /** Resolves when the port is free again. */
  readonly close: () => Promise<void>
}

/**
 * Listens on 127.0.0.1 alone until the first valid answer; stray visits never end it.
 * Throws auth/port-taken when the port cannot be had or something else answers on it, and app/canceled on the signal.
 */
export async function openLoopback(options: LoopbackOptions): Promise<Loopback> {
  const { redirect, clock, random, signal } = options
  const certificate = redirect.scheme === 'https' ? (options.certificate ?? (await createCertificate(clock.now()))) : null
  if (signal.aborted) throw new AppError('app/canceled')
  const certificatePem = certificate?.certificatePem ?? null
  const waiting = createWaiting(certificate, options)
  const port = await listenOnLoopback(waiting.server, redirect.port ?? 0)
  waiting.expected.host = `${LOOPBACK_HOST}:${port}`
  signal.addEventListener('abort', () => void waiting.close(), { once: true })
  const reached = !signal.aborted && (await probeLoopback({ port, certificatePem, page: STRAY_PAGE, clock, random }))
  if (signal.aborted || !reached) {
    await waiting.close()
    throw signal.aborted ? new AppError('app/canceled') : new AppError('auth/port-taken', { details: { port } })
  }
  return {
    redirectUri: `${redirect.scheme}://${waiting.expected.host}${redirect.path}`,
    certificatePem,
    result: waiting.result,
    close: waiting.close,
    [Symbol.asyncDispose]: waiting.close,
  }
}

function createWaiting(certificate: LoopbackCertificate | null, { redirect: { path }, state, clock }: LoopbackOptions) {
  let answered: Promise<void> | null = null
  const expected = { host: '', path, state }
  const { promise: result, resolve, reject } = Promise.withResolvers<CallbackParams>()
  result.catch(() => undefined)
  const server = createListener(certificate, (request, response) => {
    const visit = judgeVisit(request, expected)
    if (visit.kind === 'stray') return answer(request, response, visit.status)
    sockets.retire()
    answered = leaves(request.socket, clock)
    void answered.then(() => sockets.drop())
    answer(request, response, 200)
    resolve(visit.params)
  })
  const sockets = guardSockets(server)
  const close = async (): Promise<void> => {
    reject(new AppError('app/canceled'))
    sockets.retire()
    await answered
    await sockets.drop()
  }
  return { server, expected, result, close }
}

/** Resolves when the page has gone out and the browser is done with it, or has had its time. */
function leaves(socket: Socket, clock: Clock): Promise<void> {
  return new Promise(resolve => {
    const stop = clock.after(FAREWELL_MS, resolve)
    socket.once('close', () => {
      stop()
      resolve()
    })
  })
}

function createListener(
  certificate: LoopbackCertificate | null,
  visit: (request: IncomingMessage, response: ServerResponse) => void,
): Listener {
  const total = (request: IncomingMessage, response: ServerResponse): void => {
    try {
      visit(request, response)
    } catch {
      request.destroy()
    }
  }
  const server: Listener = certificate
    ? createSecureServer({ ...LIMITS, ...TLS, key: certificate.keyPem, cert: certificate.certificatePem }, total)
    : createServer(LIMITS, total)
  server.maxRequestsPerSocket = 1
  server.on('clientError', (_, socket) => socket.destroy())
  return server
}

function answer(request: IncomingMessage, response: ServerResponse, status: 200 | 204 | 400 | 404 | 405): void {
  const page = status === 200 ? RECEIVED_PAGE : STRAY_PAGE
  response.sendDate = false
  response.writeHead(
    status,
    status === 204 ? PAGE_HEADERS : { ...PAGE_HEADERS, 'content-length': page.length, ...(status === 405 ? { allow: 'GET' } : {}) },
  )
  response.end(status === 204 || request.method === 'HEAD' ? undefined : page)
}
