import { readFileSync } from 'node:fs'
import path from 'node:path'
import vm from 'node:vm'
import { build } from 'vite'
import { beforeAll, describe, expect, test } from 'vitest'
import { CHANNELS } from '../../electron/shell/channels.ts'
import { repoRoot } from '../support/repo-root.ts'

let script = ''

beforeAll(async () => {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      ssr: true,
      minify: false,
      rolldownOptions: {
        input: path.join(repoRoot, 'electron/shell/preload.ts'),
        external: ['electron'],
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  })
  const [output] = [built].flat().flatMap(one => ('output' in one ? one.output : []))
  script = output?.type === 'chunk' ? output.code : ''
})

type Listener = (event: unknown, ...args: unknown[]) => void

/** Runs the preload as a sandboxed one runs: with `electron` alone to require. What it gives the page, and what it says to the main process. */
function run() {
  const said: unknown[][] = []
  const listeners = new Map<string, Listener[]>()
  const exposed: Record<string, unknown> = {}
  const required: string[] = []
  const electron = {
    contextBridge: { exposeInMainWorld: (name: string, value: unknown) => void (exposed[name] = value) },
    ipcRenderer: {
      invoke: (...args: unknown[]) => Promise.resolve(void said.push(['invoke', ...args])),
      send: (...args: unknown[]) => void said.push(['send', ...args]),
      on: (channel: string, listener: Listener) => void listeners.set(channel, [...(listeners.get(channel) ?? []), listener]),
      removeListener: (channel: string, listener: Listener) =>
        void listeners.set(
          channel,
          (listeners.get(channel) ?? []).filter(one => one !== listener),
        ),
    },
  }
  const module = { exports: {} }
  const load = (name: string): unknown => {
    required.push(name)
    if (name !== 'electron') throw new Error(`a sandboxed preload has no ${name}`)
    return electron
  }
  vm.runInNewContext(script, { require: load, module, exports: module.exports })
  const tell = (channel: string, ...args: unknown[]): void => {
    for (const listener of listeners.get(channel) ?? []) listener({ sender: electron.ipcRenderer, ports: [] }, ...args)
  }
  return { exposed, said, required, tell, listening: () => [...listeners.values()].flat().length }
}

/** Every name that can be reached in a value, with how many arguments its functions take. */
function shapeOf(value: unknown): unknown {
  if (typeof value === 'function') return `function/${value.length}`
  if (typeof value !== 'object' || value === null) return typeof value
  return Object.fromEntries(Reflect.ownKeys(value).map(key => [String(key), shapeOf(Reflect.get(value, key))]))
}

interface Api {
  request(json: unknown): Promise<unknown>
  cancel(id: unknown): unknown
  onEvent(listener: (...args: unknown[]) => void): () => unknown
  onScreen(listener: (...args: unknown[]) => void): () => unknown
}
const apiOf = ({ exposed }: ReturnType<typeof run>): Api => exposed['keelson'] as Api

describe('what a page can reach', () => {
  test('is these four functions and nothing else', () => {
    expect(shapeOf(run().exposed)).toEqual({
      keelson: { request: 'function/1', cancel: 'function/1', onEvent: 'function/1', onScreen: 'function/1' },
    })
  })

  test('needs nothing but Electron, and is one small file', () => {
    expect(run().required).toEqual(['electron'])
    expect(script.length).toBeLessThan(4_000)
  })

  test('is two channels, which no argument can change', async () => {
    const house = run()
    const api = apiOf(house)
    const odd = [{ toString: () => 'keelson:other' }, ['keelson:other', 'x'], 7, null, undefined, 'text']
    for (const one of odd) await api.request(one)
    for (const one of odd) api.cancel(one)
    expect(new Set(house.said.map(([how, channel]) => `${String(how)} ${String(channel)}`))).toEqual(
      new Set([`invoke ${CHANNELS.request}`, `send ${CHANNELS.cancel}`]),
    )
    expect(house.said.filter(args => args.length !== 3 || typeof args[2] !== 'string')).toEqual([])
  })

  test('hears text alone: no event of Electron, no object, no further argument', () => {
    const house = run()
    const heard: unknown[][] = []
    apiOf(house).onEvent((...args) => heard.push(args))
    apiOf(house).onScreen((...args) => heard.push(args))
    house.tell(CHANNELS.event, '{}', { secret: true })
    house.tell(CHANNELS.event, { type: 'object' })
    house.tell(CHANNELS.event)
    house.tell(CHANNELS.screen, '#/health', 'more')
    expect(heard).toEqual([['{}'], ['#/health']])
  })

  test('answers nothing of Electron, and stops listening when asked', () => {
    const house = run()
    const api = apiOf(house)
    const stop = api.onEvent(() => undefined)
    expect([house.listening(), api.cancel('a'), stop(), house.listening()]).toEqual([1, undefined, undefined, 0])
  })
})

test('the channels have names of their own', () => {
  expect(CHANNELS).toEqual({ request: 'keelson:request', cancel: 'keelson:cancel', event: 'keelson:event', screen: 'keelson:screen' })
  expect(readFileSync(path.join(repoRoot, 'electron/shell/channels.ts'), 'utf8')).not.toContain('import')
})
