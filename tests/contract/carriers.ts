import type { AddressInfo } from 'node:net'
import type { Core } from '../../electron/core/create-core.ts'
import { createDoorkeeper } from '../../electron/headless/doorkeeper.ts'
import { connectToHost } from '../../electron/headless/remote-core.ts'
import { createServer, openDoor } from '../../electron/headless/server.ts'
import { createSocketDoor } from '../../electron/headless/socket.ts'
import { createTransport, type Ipc, type Sender } from '../../electron/shell/transport.ts'
import { CHANNELS } from '../../electron/shell/channels.ts'
import { type AppEvent, EventSchema } from '../../shared/contract/events.ts'
import type { Envelope } from '../../shared/contract/envelope.ts'
import { isRouteName, routes } from '../../shared/contract/routes.ts'

/** One way from a user interface to the core. */
export interface Carrier {
  dispatch(request: unknown, signal: AbortSignal): Promise<Envelope<unknown>>
  subscribe(listener: (event: AppEvent) => void): () => void
  close(): Promise<void>
}

const isQuery = (route: string): boolean => isRouteName(route) && routes[route].kind === 'query'

/** No carrier at all: what the others are measured against. */
export function inMemory(core: Core): Promise<Carrier> {
  return Promise.resolve({
    dispatch: (request, signal) => core.dispatch(request, { signal }),
    subscribe: core.subscribe,
    close: () => Promise.resolve(),
  })
}

/** The desktop's transport over a double of Electron's IPC that copies every message as Electron does. */
export function overIpc(core: Core): Promise<Carrier> {
  const answers = new Map<string, (event: Sender, ...args: unknown[]) => Promise<string>>()
  const takers = new Map<string, (event: Sender, ...args: unknown[]) => void>()
  const listeners = new Set<(event: AppEvent) => void>()
  let destroyed = (): void => undefined
  const ipc: Ipc = { handle: (channel, answer) => void answers.set(channel, answer), on: (channel, take) => void takers.set(channel, take) }
  const transport = createTransport({ ipc, core: Promise.resolve(core), isQuery, isOwnAddress: url => url.startsWith('app://keelson/') })
  transport.admit({
    id: 1,
    isDestroyed: () => false,
    send(channel, json) {
      if (channel !== CHANNELS.event) throw new Error(`unknown channel ${channel}`)
      for (const listener of listeners) listener(EventSchema.parse(JSON.parse(structuredClone(json))))
    },
    once: (_event, run) => (destroyed = run),
  })
  const from: Sender = { sender: { id: 1 }, senderFrame: { url: 'app://keelson/index.html', parent: null } }
  return Promise.resolve({
    async dispatch(request, signal) {
      const id = String(Reflect.get(Object(request), 'id'))
      signal.addEventListener('abort', () => takers.get(CHANNELS.cancel)?.(from, id), { once: true })
      const reply = await answers.get(CHANNELS.request)?.(from, structuredClone(JSON.stringify(request)))
      return JSON.parse(structuredClone(reply ?? '')) as Envelope<unknown>
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => Promise.resolve(destroyed()),
  })
}

/** The headless host's door on a real port, and a real WebSocket to it. */
export async function overWebSocket(core: Core): Promise<Carrier> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const doorkeeper = createDoorkeeper({ port, monotonicMs: () => performance.now() })
  const sockets = createSocketDoor({ dispatch: core.dispatch, subscribe: core.subscribe, close: () => Promise.resolve() })
  openDoor(server, { port, doorkeeper, files: () => undefined, about: () => ({}), givesLinks: false, takeSocket: sockets.takeSocket })
  const remote = await connectToHost({ pid: process.pid, port, token: doorkeeper.bearer, startedAt: '' })
  return {
    dispatch: (request, signal) => remote.dispatch(request, { signal }),
    subscribe: remote.subscribe,
    async close() {
      await remote.close()
      sockets.close()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
