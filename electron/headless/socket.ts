import { type WebSocket, WebSocketServer } from 'ws'
import { ClientMessageSchema, type Request } from '../../shared/contract/envelope.ts'
import { isRouteName, routes } from '../../shared/contract/routes.ts'
import { createClientSession } from '../node/client-session.ts'
import { type Guest, refusalTo } from './guests.ts'
import type { HostCore } from './host-core.ts'
import type { TakeSocket } from './server.ts'

/** A file to import comes as one message. */
const MAX_MESSAGE_BYTES = 40 * 1024 * 1024
/** A client that does not read is let go before its unread messages fill the memory. */
const MAX_UNSENT_BYTES = 16 * 1024 * 1024
const POLICY_VIOLATION = 1008
const GOING_AWAY = 1001

export interface SocketDoor {
  readonly takeSocket: TakeSocket
  close(): void
}

/** Speaks the contract over WebSockets: JSON text frames, a request or a cancel in, a reply or an event out. */
export function createSocketDoor(core: HostCore): SocketDoor {
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false, clientTracking: true })
  return {
    takeSocket: (request, socket, head, guest) => server.handleUpgrade(request, socket, head, client => serveClient(core, client, guest)),
    close() {
      for (const client of server.clients) client.close(GOING_AWAY)
      server.close()
    },
  }
}

export function isQuery(route: string): boolean {
  return isRouteName(route) && routes[route].kind === 'query'
}

function serveClient(core: HostCore, client: WebSocket, guest: Guest): void {
  const session = createClientSession({ core, isQuery })
  const send = (message: object): void => {
    if (client.readyState !== client.OPEN) return
    if (client.bufferedAmount > MAX_UNSENT_BYTES) client.terminate()
    else client.send(JSON.stringify(message))
  }
  const answer = async (request: Request): Promise<unknown> => refusalTo(guest, request) ?? session.run(request)
  const stopEvents = core.subscribe(event => send({ type: 'event', event }))

  client.on('message', (data, isBinary) => {
    const message = !isBinary && Buffer.isBuffer(data) ? readMessage(data.toString('utf8')) : null
    if (message === null) client.close(POLICY_VIOLATION)
    else if (message.type === 'cancel') session.cancel(message.id)
    else void answer(message.request).then(envelope => send({ type: 'reply', id: message.request.id, envelope }))
  })
  // ws closes the socket itself after a protocol error; without a listener the error would end the process.
  client.on('error', () => undefined)
  client.on('close', () => {
    stopEvents()
    session.end()
  })
}

function readMessage(text: string) {
  try {
    return ClientMessageSchema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
