import { AppError } from '../../../shared/contract/errors.ts'

const LOOPBACK = /^(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/
const OPAQUE_PART = /[0-9A-Fa-f]{16,}|\d{5,}|[\w-]{20,}/

/** True for a host that is a loopback address written as a number; names (even `localhost`) could lead elsewhere. */
export function isLoopback(hostname: string): boolean {
  return LOOPBACK.test(hostname)
}

/**
 * The address as a URL, if it is https (or http on the loopback), carries no user name, and its origin is one of `allow`.
 * Throws net/blocked otherwise.
 */
export function permittedUrl(address: string, allow: ReadonlySet<string>): URL {
  const url = URL.parse(address)
  const schemeFits = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
  if (!url || !schemeFits || url.username !== '' || url.password !== '' || !allow.has(url.origin)) throw new AppError('net/blocked')
  return url
}

/** A path for the log: no query, and parts that could name an account or an order are dots. */
export function loggedPath(url: URL): string {
  return url.pathname
    .split('/')
    .map(part => (OPAQUE_PART.test(part) ? '…' : part))
    .join('/')
}
