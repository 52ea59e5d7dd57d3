import { type Bridge, createBridge } from './bridge.ts'
import { createIpcTransport } from './ipc.ts'
import { createSocketTransport } from './socket.ts'

export type { Bridge, RequestOptions } from './bridge.ts'
export { BridgeError, errorViewOf, isCanceled } from './error.ts'
export type { LinkStatus } from './transport.ts'

/** The bridge of this window: through the preload script in the desktop app, through a WebSocket in a browser. */
export function openBridge(page: Window): Bridge {
  let count = 0
  const newId = () => `w${(count += 1)}`
  if (page.keelson) return createBridge(createIpcTransport(page.keelson), newId)
  const url = new URL('/ws', page.location.href)
  url.protocol = page.location.protocol === 'https:' ? 'wss:' : 'ws:'
  const transport = createSocketTransport({
    url: url.href,
    open: address => new WebSocket(address),
    after: (ms, fn) => {
      const timer = setTimeout(fn, ms)
      return () => clearTimeout(timer)
    },
    random: Math.random,
  })
  return createBridge(transport, newId)
}
