import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface SeenRequest {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export type Scene = (response: ServerResponse, request: SeenRequest) => void

export interface ScriptedServer {
  readonly origin: string
  readonly seen: readonly SeenRequest[]
  /** Resolves when request number `count` has arrived. */
  arrived(count: number): Promise<SeenRequest>
  [Symbol.asyncDispose](): Promise<void>
}

/** A real HTTP server that plays one scene a request; the last scene repeats. */
export async function scriptedServer(...scenes: readonly Scene[]): Promise<ScriptedServer> {
  const seen: SeenRequest[] = []
  const waiting = new Map<number, (request: SeenRequest) => void>()
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const entry = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(parts).toString(),
      }
      seen.push(entry)
      const scene = scenes[Math.min(seen.length, scenes.length) - 1]
      scene?.(response, entry)
      waiting.get(seen.length)?.(entry)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    seen,
    arrived(count) {
      const known = seen[count - 1]
      return known ? Promise.resolve(known) : new Promise(resolve => waiting.set(count, resolve))
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** Answers with a status, a JSON body and headers. */
export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Scene {
  return response => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))
}

export function html(text: string, status: number): Scene {
  return response => response.writeHead(status, { 'content-type': 'text/html' }).end(text)
}

/** Promises more than it sends, then hangs up. */
export const truncated: Scene = response => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
  response.write('[{"id":"1"', () => response.socket?.destroy())
}

/** Hangs up without a word. */
export const reset: Scene = response => void response.socket?.resetAndDestroy()

/** Begins to answer and never ends. */
export const drip: Scene = response => {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.write('[')
}
