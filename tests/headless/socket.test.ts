import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { AppError } from '../../shared/contract/errors.ts'
import { connectToHost } from '../../electron/headless/remote-core.ts'
import { createClient } from '../../electron/headless/wire.ts'
import { type FakeCore, fakeCore } from './support/fake-core.ts'
import { type House, openHouse } from './support/open-house.ts'

const unstopped = new AbortController().signal

async function openSocket(house: House): Promise<WebSocket> {
  const socket = new WebSocket(`ws://${house.host}/ws`, { headers: { cookie: house.cookie } })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  return socket
}

function nextMessage(socket: WebSocket): Promise<unknown> {
  return new Promise(resolve => socket.once('message', data => resolve(JSON.parse(Buffer.isBuffer(data) ? data.toString('utf8') : ''))))
}

function whenClosed(socket: WebSocket): Promise<number> {
  return new Promise(resolve => socket.once('close', code => resolve(code)))
}

function callHost(house: House) {
  return connectToHost({ pid: process.pid, port: house.port, token: house.doorkeeper.bearer, startedAt: '2026-11-20T20:00:00.000Z' })
}

const status = {
  version: '0.1.0',
  host: 'headless',
  vault: { state: 'open', protection: 'memory', notice: null },
  sandbox: { running: false },
  now: '2026-11-20T20:59:58.000Z',
}

describe('a socket', () => {
  test('answers each request under its own id, whatever the order', async () => {
    const gate = Promise.withResolvers<string>()
    await using house = await openHouse(fakeCore({ slow: () => gate.promise, quick: () => 'quick answer' }))
    const socket = await openSocket(house)
    socket.send(JSON.stringify({ type: 'request', request: { id: 'a', route: 'slow', input: {} } }))
    socket.send(JSON.stringify({ type: 'request', request: { id: 'b', route: 'quick', input: {} } }))
    expect(await nextMessage(socket)).toEqual({ type: 'reply', id: 'b', envelope: { ok: true, data: 'quick answer' } })
    gate.resolve('slow answer')
    expect(await nextMessage(socket)).toEqual({ type: 'reply', id: 'a', envelope: { ok: true, data: 'slow answer' } })
    socket.terminate()
  })

  test('carries events', async () => {
    await using house = await openHouse()
    const socket = await openSocket(house)
    const event = { type: 'vault.changed', revision: 7 } as const
    house.core.emit(event)
    expect(await nextMessage(socket)).toEqual({ type: 'event', event })
    socket.terminate()
  })

  test('stops a request on cancel', async () => {
    await using house = await openHouse()
    const socket = await openSocket(house)
    socket.send(JSON.stringify({ type: 'request', request: { id: 'a', route: 'sync.run', input: {} } }))
    const asked = await house.core.untilAsked('sync.run')
    socket.send(JSON.stringify({ type: 'cancel', id: 'a' }))
    expect(await nextMessage(socket)).toMatchObject({ type: 'reply', id: 'a', envelope: { ok: false, error: { code: 'app/canceled' } } })
    expect(asked.signal.aborted).toBe(true)
    socket.terminate()
  })

  test('that drops stops the queries of its client and lets the commands go on', async () => {
    await using house = await openHouse()
    const socket = await openSocket(house)
    socket.send(JSON.stringify({ type: 'request', request: { id: 'a', route: 'activities.page', input: {} } }))
    socket.send(JSON.stringify({ type: 'request', request: { id: 'b', route: 'sync.run', input: {} } }))
    const query = await house.core.untilAsked('activities.page')
    const command = await house.core.untilAsked('sync.run')
    const stopped = new Promise(resolve => query.signal.addEventListener('abort', resolve))
    socket.terminate()
    await stopped
    expect(command.signal.aborted).toBe(false)
    expect(house.core.listeners()).toBe(0)
  })

  test.each([
    ['no JSON', 'hello'],
    ['an unknown kind', '{"type":"subscribe"}'],
    ['a request with more in it', '{"type":"request","request":{"id":"a","route":"app.status","input":{},"token":"x"}}'],
    ['an empty id', '{"type":"request","request":{"id":"","route":"app.status","input":{}}}'],
  ])('that sends %s is closed', async (_name, text) => {
    await using house = await openHouse()
    const socket = await openSocket(house)
    const closed = whenClosed(socket)
    socket.send(text)
    expect(await closed).toBe(1008)
    expect(house.core.asked).toEqual([])
  })

  test('that sends bytes or more than a file to import is closed', async () => {
    await using house = await openHouse()
    const bytes = await openSocket(house)
    const bytesClosed = whenClosed(bytes)
    bytes.send(Buffer.from('{"type":"cancel","id":"a"}'))
    expect(await bytesClosed).toBe(1008)
    const large = await openSocket(house)
    const largeClosed = whenClosed(large)
    large.send(JSON.stringify({ type: 'cancel', id: 'x'.repeat(42_000_000) }))
    expect(await largeClosed).toBe(1009)
  })

  test('refuses a second request under an id that is still running', async () => {
    await using house = await openHouse()
    const socket = await openSocket(house)
    const request = JSON.stringify({ type: 'request', request: { id: 'a', route: 'sync.run', input: {} } })
    socket.send(request)
    await house.core.untilAsked('sync.run')
    socket.send(request)
    expect(await nextMessage(socket)).toMatchObject({ id: 'a', envelope: { ok: false, error: { code: 'app/invalid-request' } } })
    expect(house.core.asked).toHaveLength(1)
    socket.terminate()
  })
})

describe('a command that calls a running host', () => {
  const connect = async (core: FakeCore) => {
    const house = await openHouse(core)
    return { house, remote: await callHost(house) }
  }

  test('asks and hears over the same contract', async () => {
    const { house, remote } = await connect(fakeCore({ 'app.status': () => status }))
    const client = createClient(remote)
    expect(await client.request('app.status', {}, unstopped)).toEqual(status)
    const heard = new Promise(resolve => client.subscribe(resolve))
    house.core.emit({ type: 'brokers.changed', revision: 2 })
    expect(await heard).toEqual({ type: 'brokers.changed', revision: 2 })
    await remote.close()
    await house[Symbol.asyncDispose]()
  })

  test('gets failures with their code and sentence', async () => {
    const failing = () => {
      throw new AppError('auth/port-taken', { details: { port: 8182, broker: 'Schwab' } })
    }
    const { house, remote } = await connect(fakeCore({ 'app.status': failing }))
    await expect(createClient(remote).request('app.status', {}, unstopped)).rejects.toMatchObject({
      failure: { code: 'auth/port-taken', message: 'Another program uses port 8182, where Schwab returns to after the sign-in.' },
    })
    await remote.close()
    await house[Symbol.asyncDispose]()
  })

  test('passes its own stop on', async () => {
    const { house, remote } = await connect(fakeCore())
    const stop = new AbortController()
    const answer = createClient(remote).request('app.status', {}, stop.signal)
    const asked = await house.core.untilAsked('app.status')
    stop.abort()
    await expect(answer).rejects.toMatchObject({ failure: { code: 'app/canceled' } })
    expect(asked.signal.aborted).toBe(true)
    await remote.close()
    await house[Symbol.asyncDispose]()
  })

  test('is told when the host goes away', async () => {
    const { house, remote } = await connect(fakeCore())
    const answer = createClient(remote).request('app.status', {}, unstopped)
    await house.core.untilAsked('app.status')
    await Promise.all([expect(answer).rejects.toMatchObject({ failure: { code: 'app/disconnected' } }), house[Symbol.asyncDispose]()])
  })

  test('is turned away without the token', async () => {
    await using house = await openHouse()
    await expect(connectToHost({ pid: 1, port: house.port, token: 'x'.repeat(43), startedAt: '' })).rejects.toMatchObject({
      code: 'app/disconnected',
    })
  })
})
