import type { Dispatcher } from 'undici'

const CONNECT_TIMEOUT_MS = 10_000
const SILENCE_TIMEOUT_MS = 60_000
const KEEP_ALIVE_MS = 20_000
const CONNECTIONS_PER_ORIGIN = 8
const MAX_HEADER_BYTES = 32_768

/**
 * The connection pool all brokers share. No redirects, no retries, no cookies: what happens to a request is decided in http.ts
 * alone. Loaded on the first call, so that starting up does not pay for it.
 */
export async function createAgent(): Promise<Dispatcher> {
  const { Agent } = await import('undici')
  return new Agent({
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: SILENCE_TIMEOUT_MS,
    bodyTimeout: SILENCE_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    connections: CONNECTIONS_PER_ORIGIN,
    pipelining: 1,
    maxHeaderSize: MAX_HEADER_BYTES,
    allowH2: false,
  })
}
