import type { Server } from 'node:http'
import type { Server as SecureServer } from 'node:https'
import type { Socket } from 'node:net'
import { AppError } from '../../../shared/contract/errors.ts'

export type Listener = Server | SecureServer

export const LOOPBACK_HOST = '127.0.0.1'
const MAX_SOCKETS = 16

/** The sockets of a listener: counted, and all gone when it ends. */
export interface Sockets {
  /** Stops listening at once. Sockets in use stay until `drop`. */
  retire(): void
  /** Stops listening and ends every socket. Resolves when the port is free. */
  drop(): Promise<void>
}

/**
 * Keeps at most 16 sockets: a newcomer pushes out the oldest, so idle and slow ones cannot keep the browser's answer waiting.
 */
export function guardSockets(server: Listener): Sockets {
  const open = new Set<Socket>()
  let closed: Promise<void> | null = null
  server.on('connection', (socket: Socket) => {
    socket.on('error', () => socket.destroy())
    socket.once('close', () => open.delete(socket))
    open.add(socket)
    const [oldest] = open
    if (open.size > MAX_SOCKETS) oldest?.destroy()
  })
  const retire = (): Promise<void> => (closed ??= new Promise(resolve => server.close(() => resolve())))
  return {
    retire: () => void retire(),
    drop: () => {
      const done = retire()
      for (const socket of open) socket.destroy()
      return done
    },
  }
}

/** Binds to 127.0.0.1 alone (port 0: any free one). Answers the port; throws auth/port-taken. */
export function listenOnLoopback(server: Listener, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error): void => reject(new AppError('auth/port-taken', { details: { port }, cause }))
    server.once('error', fail)
    server.listen({ host: LOOPBACK_HOST, port, exclusive: true, backlog: 128 }, () => {
      server.off('error', fail)
      server.on('error', () => undefined)
      const address = server.address()
      resolve(address !== null && typeof address === 'object' ? address.port : port)
    })
  })
}
