import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'

export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly form: URLSearchParams
}

export interface Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** What the server does with a request; `drop` cuts the connection. */
export type Script = (request: Received) => Reply | 'drop' | Promise<Reply | 'drop'>

export interface TokenServer extends AsyncDisposable {
  readonly origin: string
  readonly requests: Received[]
  answer(script: Script): void
}

/** A real HTTP server that answers as scripted and records what it was asked. */
export async function startTokenServer(
  script: Script = () => json({ access_token: 'access-1', token_type: 'Bearer' }),
): Promise<TokenServer> {
  let current = script
  const requests: Received[] = []
  const sockets = new Set<Socket>()
  const reply = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const received = { path: request.url ?? '', headers: request.headers, form: new URLSearchParams(await text(request)) }
    requests.push(received)
    const told = await current(received)
    if (told === 'drop') request.socket.destroy()
    else response.writeHead(told.status ?? 200, { 'content-type': 'application/json', ...told.headers }).end(told.body ?? '{}')
  }
  const server = createServer((request, response) => void reply(request, response))
  server.on('connection', socket => sockets.add(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    origin: `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`,
    requests,
    answer: next => {
      current = next
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

export function json(value: unknown, status = 200): Reply {
  return { status, body: JSON.stringify(value) }
}
