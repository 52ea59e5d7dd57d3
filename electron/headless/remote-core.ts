import { WebSocket } from 'ws'
import type { Envelope, Request } from '../../shared/contract/envelope.ts'
import { AppError, toErrorView } from '../../shared/contract/errors.ts'
import type { AppEvent } from '../../shared/contract/events.ts'
import type { HostCore } from './host-core.ts'
import type { HostFile } from './host-file.ts'
import { readHostMessage } from './wire.ts'

const OPEN_MS = 10_000

/** The core of a running host, over its WebSocket. Rejects with app/disconnected when the host does not take the call. */
export function connectToHost(host: HostFile): Promise<HostCore> {
  const socket = new WebSocket(`ws://127.0.0.1:${host.port}/ws`, {
    headers: { authorization: `Bearer ${host.token}` },
    handshakeTimeout: OPEN_MS,
    perMessageDeflate: false,
    followRedirects: false,
  })
  return new Promise((resolve, reject) => {
    socket.once('error', cause => reject(new AppError('app/disconnected', { cause })))
    socket.once('open', () => resolve(overSocket(socket)))
  })
}

function overSocket(socket: WebSocket): HostCore {
  const waiting = new Map<string, (envelope: Envelope<unknown>) => void>()
  const listeners = new Set<(event: AppEvent) => void>()

  socket.on('message', data => {
    const message = Buffer.isBuffer(data) ? readHostMessage(data.toString('utf8')) : null
    if (message?.type === 'event') for (const listener of listeners) listener(message.event)
    if (message?.type !== 'reply') return
    waiting.get(message.id)?.(message.envelope)
    waiting.delete(message.id)
  })
  socket.on('error', () => socket.terminate())
  const closed = new Promise<void>(resolve => {
    socket.once('close', () => {
      for (const answer of waiting.values()) answer(failure('app/disconnected'))
      waiting.clear()
      resolve()
    })
  })

  return {
    dispatch: (request, { signal }) => send(socket, waiting, request, signal),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      socket.close()
      await closed
    },
  }
}

function send(
  socket: WebSocket,
  waiting: Map<string, (envelope: Envelope<unknown>) => void>,
  request: unknown,
  signal: AbortSignal,
): Promise<Envelope<unknown>> {
  if (!isRequest(request)) return Promise.resolve(failure('app/invalid-request'))
  if (signal.aborted) return Promise.resolve(failure('app/canceled'))
  if (socket.readyState !== WebSocket.OPEN) return Promise.resolve(failure('app/disconnected'))
  const cancel = (): void => socket.send(JSON.stringify({ type: 'cancel', id: request.id }))
  signal.addEventListener('abort', cancel, { once: true })
  const answered = new Promise<Envelope<unknown>>(resolve => waiting.set(request.id, resolve))
  socket.send(JSON.stringify({ type: 'request', request }))
  return answered.finally(() => signal.removeEventListener('abort', cancel))
}

function isRequest(value: unknown): value is Request {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string'
}

function failure(code: 'app/disconnected' | 'app/canceled' | 'app/invalid-request'): Envelope<unknown> {
  return { ok: false, error: toErrorView(new AppError(code)) }
}
