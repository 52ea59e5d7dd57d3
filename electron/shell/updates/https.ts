import type { IncomingMessage } from 'node:http'
import { get } from 'node:https'
import { AppError } from '../../../shared/contract/errors.ts'

const MOST_REDIRECTS = 5
/** How long a server may say nothing. */
const SILENCE_MS = 60_000

/** How long a small text may take as a whole. Without an end to it a byte a minute would hold up every look to come. */
const PATIENCE_MS = 120_000

export interface HttpsOptions {
  readonly signal: AbortSignal
  /** Certificates to trust in place of the system's. */
  readonly ca?: string | undefined
}

/**
 * Opens an address by HTTPS and follows redirects to other such addresses. Rejects with update/not-secure at the first address that is
 * none, before anything is sent to it, with update/unreachable when there is no answer, and with HttpStatus when it is not 200.
 */
export async function openHttps(address: URL, options: HttpsOptions): Promise<IncomingMessage> {
  let url = address
  for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
    const response = await ask(url, options)
    const status = response.statusCode ?? 0
    if (status === 200) return response
    response.destroy()
    const next = status >= 300 && status < 400 ? URL.parse(response.headers.location ?? '', url.href) : null
    if (!next) throw new AppError('update/unreachable', { details: { host: url.host }, cause: new HttpStatus(status) })
    url = next
  }
  throw new AppError('update/unreachable', { details: { host: address.host }, cause: new Error('too many redirects') })
}

/** A server answered with another status than 200. */
export class HttpStatus extends Error {
  readonly status: number
  constructor(status: number) {
    super(`status ${status}`)
    this.status = status
  }
}

/**
 * Reads a small text whole. Rejects as `openHttps`, with update/unreadable when it is larger than `most` bytes, with update/unreachable
 * when it is not there in `patienceMs`.
 */
export async function readHttps(address: URL, most: number, options: HttpsOptions, patienceMs = PATIENCE_MS): Promise<Buffer> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(patienceMs)])
  const response = await openHttps(address, { ...options, signal })
  const parts: Uint8Array[] = []
  let size = 0
  try {
    for await (const part of chunks(response)) {
      size += part.length
      if (size > most) throw new AppError('update/unreadable')
      parts.push(part)
    }
  } catch (cause) {
    throw cause instanceof AppError ? cause : new AppError('update/unreachable', { details: { host: address.host }, cause })
  }
  return Buffer.concat(parts)
}

function chunks(response: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return response
}

function ask(url: URL, { signal, ca }: HttpsOptions): Promise<IncomingMessage> {
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '') return Promise.reject(new AppError('update/not-secure'))
  return new Promise((resolve, reject) => {
    const fail = (cause: Error): void => reject(new AppError('update/unreachable', { details: { host: url.host }, cause }))
    const headers = { accept: '*/*', 'cache-control': 'no-cache', 'user-agent': 'Keelson' }
    // Said outright, because an environment variable could switch it off otherwise.
    const request = get(url, {
      agent: false,
      headers,
      signal,
      timeout: SILENCE_MS,
      rejectUnauthorized: true,
      ...(ca === undefined ? {} : { ca }),
    })
    request.on('timeout', () => request.destroy(new Error('the server fell silent')))
    request.on('error', fail)
    request.on('response', resolve)
  })
}
