import type { IncomingHttpHeaders } from 'node:http'

/** What a request shows of itself before anyone looks at its credentials. */
export interface Knock {
  readonly method: string
  /** The request target as sent. */
  readonly url: string
  /** Every Host line, in order: an honest client sends one. */
  readonly hosts: readonly string[]
  readonly headers: IncomingHttpHeaders
}

export type Refusal = 400 | 401 | 403 | 404 | 405 | 413 | 415

/** The names under which this machine may call the host, with the port: other names mean DNS rebinding. */
export function ownHosts(port: number): readonly string[] {
  return [`127.0.0.1:${port}`, `[::1]:${port}`, `localhost:${port}`]
}

/**
 * Whether a request may have come from our own page or a program of this machine; the status of the refusal otherwise.
 * Host and Origin are compared with a fixed list and never with each other: under DNS rebinding both are the attacker's.
 */
export function checkKnock({ method, url, hosts, headers }: Knock, port: number): Refusal | null {
  if (!url.startsWith('/') || url.startsWith('//')) return 400
  const own = ownHosts(port)
  const [host, ...more] = hosts
  if (host === undefined || more.length > 0 || !own.includes(host)) return 403
  if (headers.origin !== undefined && !own.some(name => headers.origin === `http://${name}`)) return 403
  return cameFromOwnSite(method, url, headers) ? null : 403
}

/** Whether a request that changes something was written by our own code: no form and no other site's script can send this. */
export function checkCommand(headers: IncomingHttpHeaders): Refusal | null {
  if (headers['x-keelson'] !== '1') return 403
  return /^application\/json(?:;\s*charset=utf-8)?$/i.test(headers['content-type'] ?? '') ? null : 415
}

/** The path without its query; null when it cannot be read. */
export function pathOf(url: string): string | null {
  const end = url.search(/[?#]/)
  try {
    return decodeURIComponent(end < 0 ? url : url.slice(0, end))
  } catch {
    return null
  }
}

/** One parameter of the query, or null. */
export function queryOf(url: string, name: string): string | null {
  const start = url.indexOf('?')
  return start < 0 ? null : new URLSearchParams(url.slice(start + 1)).get(name)
}

function cameFromOwnSite(method: string, url: string, headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin' || site === 'none') return true
  // A link on another page may lead here, as long as it replaces that page and only opens the front door.
  const topLevel = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
  return (site === 'cross-site' || site === 'same-site') && topLevel && method === 'GET' && pathOf(url) === '/'
}
