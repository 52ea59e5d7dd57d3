import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { AppError } from '../../../shared/contract/errors.ts'

const inflate = promisify(gunzip)

export interface BodyOptions {
  readonly headers: Readonly<Record<string, string>>
  readonly maxBytes: number
  readonly host: string
}

/**
 * Reads a body as UTF-8 text. `maxBytes` holds for what arrives and for what it unpacks to, and is enforced while it arrives.
 * Throws net/too-large; stream failures pass through.
 */
export async function readBody(stream: Readable, { headers, maxBytes, host }: BodyOptions): Promise<string> {
  const tooLarge = (): AppError => new AppError('net/too-large', { details: { host } })
  const chunks: Uint8Array[] = []
  let size = 0
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw discard(stream, tooLarge())
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) continue
    size += chunk.byteLength
    if (size > maxBytes) throw discard(stream, tooLarge())
    chunks.push(chunk)
  }
  const bytes = Buffer.concat(chunks, size)
  const encoding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  if (encoding === 'identity' || size === 0) return decode(bytes)
  if (encoding !== 'gzip' && encoding !== 'x-gzip') throw new AppError('broker/unreadable', { cause: 'content-encoding' })
  return decode(
    await inflate(bytes, { maxOutputLength: maxBytes }).catch((error: unknown) => {
      throw isTooLong(error) ? tooLarge() : new AppError('broker/unreadable', { cause: error })
    }),
  )
}

function decode(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

function discard(stream: Readable, error: AppError): AppError {
  stream.on('error', () => undefined)
  stream.destroy()
  return error
}

function isTooLong(error: unknown): boolean {
  return error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
}
