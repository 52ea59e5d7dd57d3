import type { buildConnector, Dispatcher } from 'undici'

export const CONNECT_TIMEOUT_MS = 10_000
const SILENCE_TIMEOUT_MS = 60_000
const KEEP_ALIVE_MS = 20_000
const CONNECTIONS_PER_ORIGIN = 8
const MAX_HEADER_BYTES = 32_768

/**
 * The connection pool all brokers share; `connect` opens its sockets in another way. No redirects, no retries, no cookies: what happens to a request is decided in http.ts
 * alone. Loaded on the first call, so that starting up does not pay for it.
 */
export async function createAgent(
  // Said outright: by itself Node lets an environment variable switch certificate checks off.
  connect: buildConnector.connector | { timeout: number; rejectUnauthorized: true } = { timeout: CONNECT_TIMEOUT_MS, rejectUnauthorized: true },
): Promise<Dispatcher> {
  const { Agent } = await import('undici')
  return new Agent({
    connect,
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
