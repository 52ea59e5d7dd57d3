import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
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
  const encoding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  const plain = encoding === 'identity'
  const decoder = new StringDecoder('utf8')
  const chunks: Uint8Array[] = []
  let text = ''
  let size = 0
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw discard(stream, tooLarge())
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) continue
    size += chunk.byteLength
    if (size > maxBytes) throw discard(stream, tooLarge())
    // Read as it comes: the bytes of a long history need no second home.
    if (plain) text += decoder.write(chunk)
    else chunks.push(chunk)
  }
  if (plain || size === 0) return withoutMark(text + decoder.end())
  if (encoding !== 'gzip' && encoding !== 'x-gzip') throw new AppError('broker/unreadable', { cause: 'content-encoding' })
  const bytes = await inflate(Buffer.concat(chunks, size), { maxOutputLength: maxBytes }).catch((error: unknown) => {
    throw isTooLong(error) ? tooLarge() : new AppError('broker/unreadable', { cause: error })
  })
  return withoutMark(bytes.toString('utf8'))
}

function withoutMark(text: string): string {
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
