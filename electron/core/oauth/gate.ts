import type { IncomingMessage } from 'node:http'
import { type CallbackParams, readCallback } from './callback.ts'

/** What the loopback waits for. */
export interface Expected {
  /** `127.0.0.1:<port>`, exactly as a browser sends it. */
  readonly host: string
  readonly path: string
  readonly state: string
}

/** A visit's meaning: the answer waited for, or a status for a stray one, which never ends the sign-in. */
export type Visit =
  { readonly kind: 'result'; readonly params: CallbackParams } | { readonly kind: 'stray'; readonly status: 204 | 400 | 404 | 405 }

type Head = Pick<IncomingMessage, 'method' | 'url' | 'headers' | 'rawHeaders'>

const MAX_TARGET = 4096

/** Judges a request by its head alone; a body is never read. Total: it does not throw whatever is sent. */
export function judgeVisit(request: Head, expected: Expected): Visit {
  if (request.method !== 'GET') return stray(405)
  if (!isNavigation(request, expected.host)) return stray(400)
  const target = request.url ?? ''
  if (target.length > MAX_TARGET) return stray(400)
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  if (path !== expected.path) return stray(404)
  if (isPrefetch(request)) return stray(204)
  const params = readCallback(new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1)), expected.state)
  return params ? { kind: 'result', params } : stray(400)
}

function stray(status: 204 | 400 | 404 | 405): Visit {
  return { kind: 'stray', status }
}

/**
 * A browser following a redirect: our exact host (no rebinding), no Origin, a top-level document. A browser always says from
 * which site a request comes; a program that follows the redirect for its user (such as Node's fetch) says only a mode.
 */
function isNavigation({ headers, rawHeaders }: Head, host: string): boolean {
  const hosts = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length
  if (hosts !== 1 || headers.host !== host || headers.origin !== undefined || headers.upgrade !== undefined) return false
  if (headers['sec-fetch-site'] === undefined) return headers['sec-fetch-dest'] === undefined
  return (headers['sec-fetch-mode'] ?? 'navigate') === 'navigate' && (headers['sec-fetch-dest'] ?? 'document') === 'document'
}

/** A browser looking ahead must not use up the code. */
function isPrefetch({ headers }: Head): boolean {
  return ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'].some(name => /prefetch|prerender|preview/i.test(String(headers[name] ?? '')))
}
