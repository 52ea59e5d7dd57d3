import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'

/** One request as the simulators see it. */
export interface Ask {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** One answer. A `null` body with `drop` closes the connection without a word; `cut` sends half of the body, then closes it. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly cut?: boolean
  readonly drop?: boolean
}

const MAX_BODY = 65_536

/** Reads a request whole. Undefined when its body is over 64 kB. */
export async function readAsk(request: IncomingMessage): Promise<Ask | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY) return undefined
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const body = request.method === 'GET' || request.method === 'HEAD' ? '' : (await buffer(request)).toString('utf8')
  if (body.length > MAX_BODY) return undefined
  return { method: request.method ?? 'GET', path: url.pathname, query: url.searchParams, headers: request.headers, body }
}

/** Sends an answer, spoiled when it says so. */
export function sendReply(response: ServerResponse, reply: Reply): void {
  if (reply.drop === true) {
    response.socket?.destroy()
    return
  }
  const bytes = Buffer.from(reply.body, 'utf8')
  response.writeHead(reply.status, { ...reply.headers, 'content-length': String(bytes.length) })
  if (reply.cut !== true) {
    response.end(bytes)
    return
  }
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.destroy())
}

/** A JSON answer from a value. */
export function jsonReply(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return textReply(status, JSON.stringify(value), headers)
}

/** A JSON answer from finished JSON text. */
export function textReply(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { 'content-type': 'application/json; charset=UTF-8', 'cache-control': 'no-store', ...headers }, body }
}

/** A form body, or undefined when the content type says something else. */
export function formOf(ask: Ask): URLSearchParams | undefined {
  const type = (ask.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  return type === 'application/x-www-form-urlencoded' ? new URLSearchParams(ask.body) : undefined
}
