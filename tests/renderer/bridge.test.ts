import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { type WebSocket as ServerSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import { type Bridge, createBridge } from '../../renderer/bridge/bridge.ts'
import { BridgeError } from '../../renderer/bridge/error.ts'
import { createIpcTransport } from '../../renderer/bridge/ipc.ts'
import { createSocketTransport, retryDelay } from '../../renderer/bridge/socket.ts'
import { ClientMessageSchema } from '../../shared/contract/envelope.ts'

type Message = z.infer<typeof ClientMessageSchema>

interface Host {
  readonly url: string
  readonly server: WebSocketServer
  readonly messages: Message[]
  /** Resolves with the next message that fits. */
  next(fits: (message: Message) => boolean): Promise<Message>
  send(value: unknown): void
  drop(): void
}

const cleanups: (() => void)[] = []
afterEach(() => cleanups.splice(0).forEach(cleanup => cleanup()))

async function startHost(port = 0, answer: (message: Message) => unknown = () => undefined): Promise<Host> {
  const server = new WebSocketServer({ port, host: '127.0.0.1', path: '/ws' })
  await once(server, 'listening')
  const address = z.object({ port: z.number() }).parse(server.address() satisfies AddressInfo | string | null)
  const messages: Message[] = []
  const waiting: { fits: (message: Message) => boolean; resolve: (message: Message) => void }[] = []
  const sockets = new Set<ServerSocket>()
  server.on('connection', socket => {
    sockets.add(socket)
    socket.on('message', data => {
      const message = ClientMessageSchema.parse(JSON.parse(z.instanceof(Buffer).parse(data).toString()))
      messages.push(message)
      waiting.filter(({ fits }) => fits(message)).forEach(({ resolve }) => resolve(message))
      const envelope = answer(message)
      if (envelope !== undefined && message.type === 'request')
        socket.send(JSON.stringify({ type: 'reply', id: message.request.id, envelope }))
    })
  })
  const close = () => {
    sockets.forEach(socket => socket.terminate())
    server.close()
  }
  cleanups.push(close)
  return {
    url: `ws://127.0.0.1:${address.port}/ws`,
    server,
    messages,
    next: fits => new Promise(resolve => waiting.push({ fits, resolve })),
    send: value => sockets.forEach(socket => socket.send(JSON.stringify(value))),
    drop: () => sockets.forEach(socket => socket.terminate()),
  }
}

function openBridge(url: string, after = (_ms: number, fn: () => void) => stopper(setTimeout(fn, 1))): Bridge {
  let count = 0
  const bridge = createBridge(
    createSocketTransport({ url, open: address => new WebSocket(address), after, random: () => 0.5 }),
    () => `t${(count += 1)}`,
  )
  cleanups.push(() => bridge.close())
  return bridge
}

const stopper = (timer: ReturnType<typeof setTimeout>) => () => clearTimeout(timer)
const opened = (bridge: Bridge) =>
  new Promise<void>(resolve => {
    if (bridge.status().kind === 'open') return resolve()
    const stop = bridge.onStatus(status => {
      if (status.kind !== 'open') return
      stop()
      resolve()
    })
  })
const isRequest = (message: Message) => message.type === 'request'

describe('the bridge over a WebSocket', () => {
  test('matches replies to requests by id, in any order', async () => {
    const held: string[] = []
    const host = await startHost(0, message => {
      if (message.type === 'request') held.push(message.request.id)
      return undefined
    })
    const bridge = openBridge(host.url)
    const first = bridge.request('sync.schedule', {})
    const second = bridge.request('sync.pause', { paused: true })
    await opened(bridge)
    await Promise.all(held.length === 2 ? [] : [host.next(message => isRequest(message) && host.messages.length === 2)])
    host.send({ type: 'reply', id: held[1], envelope: { ok: true, data: { paused: true } } })
    host.send({ type: 'reply', id: held[0], envelope: { ok: true, data: { paused: false, nextAt: null, quiet: null } } })
    expect(await second).toEqual({ paused: true })
    expect(await first).toEqual({ paused: false, nextAt: null, quiet: null })
  })

  test('carries a failure with its code, sentence and way out', async () => {
    const error = { code: 'net/offline', message: 'Keelson cannot reach it.', action: 'Check the network.' }
    const host = await startHost(0, () => ({ ok: false, error }))
    await expect(openBridge(host.url).request('sync.schedule', {})).rejects.toMatchObject({ view: error })
  })

  test('refuses an answer of the wrong shape', async () => {
    const host = await startHost(0, () => ({ ok: true, data: { paused: 'maybe' } }))
    await expect(openBridge(host.url).request('sync.schedule', {})).rejects.toMatchObject({ view: { code: 'app/unknown-route' } })
  })

  test('tells the core to stop when the caller gives up', async () => {
    const host = await startHost()
    const bridge = openBridge(host.url)
    const stop = new AbortController()
    const arrived = host.next(isRequest)
    const canceled = host.next(message => message.type === 'cancel')
    const request = bridge.request('sync.schedule', {}, { signal: stop.signal })
    const sent = await arrived
    stop.abort()
    await expect(request).rejects.toMatchObject({ view: { code: 'app/canceled' } })
    expect(await canceled).toEqual({ type: 'cancel', id: sent.type === 'request' ? sent.request.id : '' })
  })

  test('passes events on and ignores what it does not understand', async () => {
    const host = await startHost()
    const bridge = openBridge(host.url)
    const seen = new Promise(resolve => bridge.subscribe(resolve))
    await opened(bridge)
    host.send({ type: 'event', event: { type: 'from.the.future', revision: 1 } })
    host.send({ type: 'event', event: { type: 'brokers.changed', revision: 2 } })
    expect(await seen).toEqual({ type: 'brokers.changed', revision: 2 })
  })

  test('fails what was on its way when the link drops, comes back, and sends what waited', async () => {
    const host = await startHost(0, message =>
      message.type === 'request' && message.request.route === 'sync.pause' ? { ok: true, data: { paused: true } } : undefined,
    )
    const retries: (() => void)[] = []
    const bridge = openBridge(host.url, (_ms, fn) => {
      retries.push(fn)
      return () => undefined
    })
    const arrived = host.next(isRequest)
    const lost = bridge.request('sync.schedule', {})
    await arrived
    host.drop()
    await expect(lost).rejects.toMatchObject({ view: { code: 'app/disconnected' } })
    expect(bridge.status()).toEqual({ kind: 'connecting', attempt: 1 })
    const waited = bridge.request('sync.pause', { paused: true })
    retries.forEach(retry => retry())
    expect(await waited).toEqual({ paused: true })
    expect(bridge.status()).toEqual({ kind: 'open' })
  })

  test('keeps trying a host that is not there yet', async () => {
    const first = await startHost()
    const port = Number(new URL(first.url).port)
    await new Promise(resolve => first.server.close(resolve))
    const bridge = openBridge(first.url)
    const tried = new Promise<void>(resolve =>
      bridge.onStatus(status => (status.kind === 'connecting' && status.attempt >= 2 ? resolve() : undefined)),
    )
    await tried
    await startHost(port, () => ({ ok: true, data: { paused: true } }))
    expect(await bridge.request('sync.pause', { paused: true })).toEqual({ paused: true })
  })

  test('waits longer with every try, ten seconds at most, never all windows at once', () => {
    expect([1, 2, 3, 20].map(attempt => retryDelay(attempt, 1))).toEqual([250, 500, 1000, 10_000])
    expect(retryDelay(1, 0)).toBe(125)
  })

  test('rejects everything once it is closed', async () => {
    const host = await startHost()
    const bridge = openBridge(host.url)
    await opened(bridge)
    const request = bridge.request('sync.schedule', {})
    bridge.close()
    await expect(request).rejects.toBeInstanceOf(BridgeError)
    await expect(bridge.request('sync.schedule', {})).rejects.toBeInstanceOf(BridgeError)
  })
})

test('the bridge over IPC speaks the same JSON', async () => {
  const canceled: string[] = []
  const listeners: ((json: string) => void)[] = []
  const transport = createIpcTransport({
    request: json => Promise.resolve(json.includes('sync.pause') ? '{"ok":true,"data":{"paused":true}}' : 'not json'),
    cancel: id => canceled.push(id),
    onScreen: () => () => undefined,
    onEvent: listener => {
      listeners.push(listener)
      return () => undefined
    },
  })
  const bridge = createBridge(transport, () => 'one')
  expect(await bridge.request('sync.pause', { paused: true })).toEqual({ paused: true })
  await expect(bridge.request('sync.schedule', {})).rejects.toMatchObject({ view: { code: 'app/internal' } })
  const seen: unknown[] = []
  bridge.subscribe(event => seen.push(event))
  listeners.forEach(listener => listener('{"type":"schedule.changed","revision":3}'))
  expect(seen).toEqual([{ type: 'schedule.changed', revision: 3 }])
  expect(bridge.status()).toEqual({ kind: 'open' })
})
