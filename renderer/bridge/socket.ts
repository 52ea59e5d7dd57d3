import { z } from 'zod'
import type { ClientMessage, Request } from '../../shared/contract/envelope.ts'
import { bridgeFailure } from './error.ts'
import type { LinkStatus, Transport } from './transport.ts'

const ServerMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('reply'), id: z.string(), envelope: z.unknown() }),
  z.object({ type: z.literal('event'), event: z.unknown() }),
])

export interface SocketDeps {
  readonly url: string
  readonly open: (url: string) => WebSocket
  /** Runs `fn` after `ms`; the answer stops it. */
  readonly after: (ms: number, fn: () => void) => () => void
  /** 0 to 1. */
  readonly random: () => number
}

const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 10_000

/** How long to wait before try number `attempt` (from 1): doubling with jitter, ten seconds at most. */
export function retryDelay(attempt: number, random: number): number {
  const full = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (attempt - 1))
  return Math.round(full * (0.5 + random / 2))
}

interface Waiting {
  readonly request: Request
  readonly resolve: (envelope: unknown) => void
  readonly reject: (error: Error) => void
  sent: boolean
}

/**
 * The browser transport: one WebSocket that reconnects with backoff. Requests made while it is down wait for the link;
 * requests on their way when it drops fail, because nobody can know whether they arrived.
 */
export function createSocketTransport(deps: SocketDeps): Transport {
  const waiting = new Map<string, Waiting>()
  const eventListeners = new Set<(event: unknown) => void>()
  const statusListeners = new Set<(status: LinkStatus) => void>()
  let status: LinkStatus = { kind: 'connecting', attempt: 0 }
  let socket: WebSocket | undefined
  let stopTimer: (() => void) | undefined
  let closed = false

  function setStatus(next: LinkStatus) {
    status = next
    for (const listener of statusListeners) listener(next)
  }

  function post(message: ClientMessage) {
    socket?.send(JSON.stringify(message))
  }

  function send(entry: Waiting) {
    entry.sent = true
    post({ type: 'request', request: entry.request })
  }

  function receive(text: string) {
    const parsed = ServerMessageSchema.safeParse(readJson(text))
    if (!parsed.success) return
    if (parsed.data.type === 'event') {
      for (const listener of eventListeners) listener(parsed.data.event)
      return
    }
    const entry = waiting.get(parsed.data.id)
    waiting.delete(parsed.data.id)
    entry?.resolve(parsed.data.envelope)
  }

  function lost() {
    socket = undefined
    for (const [id, entry] of waiting) {
      if (!entry.sent && !closed) continue
      waiting.delete(id)
      entry.reject(bridgeFailure('app/disconnected'))
    }
    if (closed) return
    const attempt = status.kind === 'open' ? 1 : status.attempt + 1
    setStatus({ kind: 'connecting', attempt })
    stopTimer = deps.after(retryDelay(attempt, deps.random()), dial)
  }

  function dial() {
    const next = deps.open(deps.url)
    socket = next
    next.addEventListener('open', () => {
      setStatus({ kind: 'open' })
      for (const entry of waiting.values()) send(entry)
    })
    next.addEventListener('message', event => {
      if (typeof event.data === 'string') receive(event.data)
    })
    next.addEventListener('close', lost)
  }

  dial()
  return {
    call: request =>
      new Promise((resolve, reject) => {
        if (closed) return reject(bridgeFailure('app/disconnected'))
        const entry: Waiting = { request, resolve, reject, sent: false }
        waiting.set(request.id, entry)
        if (status.kind === 'open') send(entry)
      }),
    cancel(id) {
      const entry = waiting.get(id)
      waiting.delete(id)
      if (entry?.sent && status.kind === 'open') post({ type: 'cancel', id })
    },
    onEvent: listener => listen(eventListeners, listener),
    onStatus: listener => listen(statusListeners, listener),
    status: () => status,
    close() {
      closed = true
      stopTimer?.()
      if (socket) socket.close()
      else lost()
    },
  }
}

function listen<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

function readJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    return undefined
  }
}
