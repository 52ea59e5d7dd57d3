import type { BridgeEnd, makeBridgeEnd as MakeBridgeEnd } from './bridge.ts'
import type { Coded, makeCodec as MakeCodec } from './codec.ts'

/** What both worlds of a page are told. The names are random for each launch. */
export interface WorldConfig {
  readonly binding: string
  readonly inbox: string
  readonly toIsolated: string
  readonly toMain: string
  readonly process: {
    readonly platform: string
    readonly arch: string
    readonly versions: Readonly<Record<string, string>>
    readonly argv: readonly string[]
    readonly env: object
  }
}

type FromPreload =
  { t: 'loaded' } | { t: 'failed'; message: string; stack: string } | { t: 'send' | 'invoke'; id: number; channel: string; args: Coded }
export type ToPreload = { t: 'reply'; id: number; ok: boolean; value: Coded } | { t: 'message'; channel: string; args: Coded }
export type PreloadMessage = FromPreload

type Listener = ((event: unknown, ...args: unknown[]) => void) & { of?: Listener }
type RunPreload = (require: (id: string) => unknown, module: object, exports: object, process: object, global: object) => void

/** The page's own world: only the far end of the bridge. */
export function mainWorld(
  config: Pick<WorldConfig, 'toIsolated' | 'toMain'>,
  makeCodec: typeof MakeCodec,
  makeBridgeEnd: typeof MakeBridgeEnd,
): void {
  if (window === window.top) makeBridgeEnd(makeCodec(), config.toIsolated, config.toMain)
}

/** The world of a sandboxed preload script, in Chromium's own isolated world. As text it refers to nothing outside itself. */
export function isolatedWorld(
  config: WorldConfig,
  makeCodec: typeof MakeCodec,
  makeBridgeEnd: typeof MakeBridgeEnd,
  runPreload: RunPreload,
): void {
  // A preload script does not run in frames inside the page.
  if (window !== window.top) return
  const own = globalThis as unknown as Record<string, unknown>
  const codec = makeCodec()
  const bridge: BridgeEnd = makeBridgeEnd(codec, config.toMain, config.toIsolated)
  const toHost = own[config.binding] as (json: string) => void
  delete own[config.binding]
  const send = (message: FromPreload): void => toHost(JSON.stringify(message))
  const missing = (what: string) => (): never => {
    throw new Error(`[standin] ${what} is not supported`)
  }
  const strictly = (name: string, members: object): object =>
    new Proxy(members, {
      get: (of, key, self: unknown): unknown =>
        key in of || typeof key === 'symbol' || key === 'then' ? Reflect.get(of, key, self) : missing(`${name}.${key}`)(),
    })

  const listeners = new Map<string, Listener[]>()
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (cause: Error) => void }>()
  let count = 0
  const add = (channel: string, listener: Listener): object => {
    listeners.set(channel, [...(listeners.get(channel) ?? []), listener])
    return ipcRenderer
  }
  const remove = (channel: string, listener: Listener): object => {
    const known = listeners.get(channel) ?? []
    const at = known.findLastIndex(one => one === listener || one.of === listener)
    listeners.set(
      channel,
      known.filter((_, index) => index !== at),
    )
    return ipcRenderer
  }
  const ipcRenderer = strictly('ipcRenderer', {
    invoke: (channel: string, ...args: unknown[]) =>
      new Promise((resolve, reject) => {
        const coded = codec.encode(args)
        const id = (count += 1)
        waiting.set(id, { resolve, reject })
        send({ t: 'invoke', id, channel, args: coded })
      }),
    send: (channel: string, ...args: unknown[]) => send({ t: 'send', id: 0, channel, args: codec.encode(args) }),
    on: add,
    addListener: add,
    off: remove,
    removeListener: remove,
    once(channel: string, listener: Listener) {
      const first: Listener = (...args) => {
        remove(channel, first)
        listener(...args)
      }
      first.of = listener
      return add(channel, first)
    },
    removeAllListeners(channel: string) {
      listeners.delete(channel)
      return ipcRenderer
    },
  })
  own[config.inbox] = (json: string): void => {
    const message = JSON.parse(json) as ToPreload
    if (message.t === 'message') {
      for (const listener of listeners.get(message.channel) ?? [])
        listener({ sender: ipcRenderer, ports: [] }, ...(codec.decode(message.args) as unknown[]))
      return
    }
    const call = waiting.get(message.id)
    waiting.delete(message.id)
    const value = codec.decode(message.value)
    if (message.ok) call?.resolve(value)
    else call?.reject(new Error(String(value)))
  }

  const contextBridge = strictly('contextBridge', { exposeInMainWorld: (name: string, api: unknown) => bridge.expose(name, api) })
  const electron = strictly('electron', { contextBridge, ipcRenderer })
  // The modules a sandboxed preload script may require; Electron's own message for any other.
  const allowed: Record<string, unknown> = {
    electron,
    'electron/renderer': electron,
    timers: { setTimeout, clearTimeout, setInterval, clearInterval },
    url: { URL, URLSearchParams },
  }
  const require = (id: string): unknown => {
    const name = id.replace(/^node:/, '')
    if (Object.hasOwn(allowed, name)) return allowed[name]
    throw new Error(`module not found: ${id}`)
  }
  const process = strictly('process', { ...config.process, type: 'renderer', sandboxed: true, contextIsolated: true, isMainFrame: true })
  try {
    const module = { exports: {} }
    runPreload(require, module, module.exports, process, globalThis)
    send({ t: 'loaded' })
  } catch (cause) {
    const { message, stack = '' } = cause instanceof Error ? cause : new Error(String(cause))
    send({ t: 'failed', message, stack })
    console.error('Unable to load preload script:', cause)
  }
}
