import { describe, expect, test } from 'vitest'
import { CHANNELS } from '../../electron/shell/channels.ts'
import { isOwnAddress, START_PAGE } from '../../electron/shell/origin.ts'
import { createTransport, type Ipc, type Sender } from '../../electron/shell/transport.ts'
import { AppError } from '../../shared/contract/errors.ts'
import { type FakeCore, fakeCore } from '../headless/support/fake-core.ts'

interface Window {
  readonly heard: unknown[]
  destroy(): void
}

/** Electron's channels between a main process and its windows, without either. */
function ipcDouble() {
  const handlers = new Map<string, (event: Sender, ...args: unknown[]) => Promise<string>>()
  const takers = new Map<string, (event: Sender, ...args: unknown[]) => void>()
  const ipc: Ipc = {
    handle: (channel, answer) => void handlers.set(channel, answer),
    on: (channel, take) => void takers.set(channel, take),
  }
  return {
    ipc,
    invoke: async (event: Sender, ...args: unknown[]): Promise<unknown> =>
      JSON.parse((await handlers.get(CHANNELS.request)?.(event, ...args)) ?? 'null'),
    cancel: (event: Sender, ...args: unknown[]) => takers.get(CHANNELS.cancel)?.(event, ...args),
  }
}

async function shell(core: FakeCore = fakeCore()) {
  const double = ipcDouble()
  const transport = createTransport({
    ipc: double.ipc,
    core: Promise.resolve(core),
    isQuery: route => route === 'activities.page',
    isOwnAddress,
  })
  const open = async (id: number): Promise<Window> => {
    const heard: unknown[] = []
    let end = (): void => undefined
    let gone = false
    transport.admit({
      id,
      isDestroyed: () => gone,
      send: (channel, json) => void heard.push([channel, JSON.parse(json)]),
      once: (_event, run) => (end = run),
    })
    await new Promise(resolve => setImmediate(resolve))
    return {
      heard,
      destroy: () => {
        gone = true
        end()
      },
    }
  }
  return { ...double, core, open }
}

const from = (id: number, url = START_PAGE, parent: unknown = null): Sender => ({ sender: { id }, senderFrame: { url, parent } })
const ask = (id: string, route: string): string => JSON.stringify({ id, route, input: {} })

describe('the window transport', () => {
  test('carries requests and events as JSON text', async () => {
    const { open, invoke, core } = await shell(fakeCore({ 'app.status': () => ({ version: '1' }) }))
    const window = await open(1)
    expect(await invoke(from(1), ask('a', 'app.status'))).toEqual({ ok: true, data: { version: '1' } })
    core.emit({ type: 'vault.changed', revision: 3 })
    expect(window.heard).toEqual([[CHANNELS.event, { type: 'vault.changed', revision: 3 }]])
  })

  test.each([
    ['a window that was never let in', from(2)],
    ['a frame inside the page', from(1, START_PAGE, { url: START_PAGE })],
    ['a page of another origin', from(1, 'https://evil.example/index.html')],
    ['a look-alike host', from(1, 'app://keelson.evil/index.html')],
    ['a file', from(1, 'file:///index.html')],
    ['the developer tools', from(1, 'devtools://devtools/bundled/inspector.html')],
    ['a frame that is gone', { sender: { id: 1 }, senderFrame: null }],
  ])('refuses %s', async (_name, sender) => {
    const { open, invoke, cancel, core } = await shell(fakeCore({ 'app.status': () => ({}) }))
    await open(1)
    await expect(invoke(sender, ask('a', 'app.status'))).rejects.toThrow('refused')
    cancel(sender, 'a')
    expect(core.asked).toEqual([])
  })

  test('survives a frame that goes while it is looked at', async () => {
    const { open, invoke, cancel } = await shell()
    await open(1)
    const gone: Sender = {
      sender: { id: 1 },
      get senderFrame(): Sender['senderFrame'] {
        throw new Error('Render frame was disposed before WebFrameMain could be accessed')
      },
    }
    expect(() => cancel(gone, 'a')).not.toThrow()
    await expect(invoke(gone, ask('a', 'app.status'))).rejects.toThrow('refused')
  })

  test('has nothing to stop in a core that did not open', async () => {
    const { ipc, cancel, invoke } = ipcDouble()
    const unhandled: unknown[] = []
    const hear = (cause: unknown): void => void unhandled.push(cause)
    process.on('unhandledRejection', hear)
    const core = Promise.reject(new AppError('app/data-newer'))
    const transport = createTransport({ ipc, core, isQuery: () => true, isOwnAddress })
    transport.admit({ id: 1, isDestroyed: () => false, send: () => undefined, once: () => undefined })
    cancel(from(1), 'a')
    expect(await invoke(from(1), ask('a', 'app.status'))).toMatchObject({ ok: false, error: { code: 'app/data-newer' } })
    await new Promise(resolve => setImmediate(resolve))
    process.off('unhandledRejection', hear)
    expect(unhandled).toEqual([])
  })

  test.each([[{ id: 'a' }], [null], [7], [undefined]])('refuses what is not text: %j', async payload => {
    const { open, invoke } = await shell()
    await open(1)
    await expect(invoke(from(1), payload)).rejects.toThrow('refused')
  })

  test('answers text that is no request with an envelope', async () => {
    const { open, invoke } = await shell()
    await open(1)
    expect(await invoke(from(1), '{')).toMatchObject({ ok: false, error: { code: 'app/invalid-request' } })
    expect(await invoke(from(1), '{"id":1}')).toMatchObject({ ok: false, error: { code: 'app/invalid-request' } })
  })

  test('stops a request of the window that asks, not of another', async () => {
    const { open, invoke, cancel, core } = await shell()
    await open(1)
    await open(2)
    const answer = invoke(from(1), ask('a', 'sync.run'))
    const { signal } = await core.untilAsked('sync.run')
    cancel(from(2), 'a')
    await new Promise(resolve => setImmediate(resolve))
    expect(signal.aborted).toBe(false)
    cancel(from(1), 'a')
    expect(await answer).toMatchObject({ ok: false, error: { code: 'app/canceled' } })
  })

  test('stops the queries of a window that closes, and its events, but not its commands', async () => {
    const { open, invoke, core } = await shell()
    const window = await open(1)
    const page = invoke(from(1), ask('a', 'activities.page'))
    void invoke(from(1), ask('b', 'sync.run'))
    const command = await core.untilAsked('sync.run')
    window.destroy()
    expect(await page).toMatchObject({ ok: false, error: { code: 'app/canceled' } })
    expect(command.signal.aborted).toBe(false)
    expect(core.listeners()).toBe(0)
    await expect(invoke(from(1), ask('c', 'app.status'))).rejects.toThrow('refused')
  })
})
