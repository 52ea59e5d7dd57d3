import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../../../shared/contract/errors.ts'
import { type HttpsOptions, openHttps } from './https.ts'
import type { UpdateFile } from './manifest.ts'

export interface DownloadOptions extends HttpsOptions {
  /** From 0 to 1. */
  readonly onProgress: (part: number) => void
}

/**
 * Loads a file to a place on the disk, written through. Rejects with update/damaged when it is not byte for byte the one described
 * (as soon as it is longer), update/cut-off when it ends early, update/no-room, and as `openHttps`.
 */
export async function download(url: URL, place: string, file: UpdateFile, options: DownloadOptions): Promise<void> {
  const response = await openHttps(url, options)
  const meter = createMeter(file, options.onProgress)
  try {
    await pipeline(response, meter.stream, createWriteStream(place, { flags: 'w', mode: 0o600, flush: true }), { signal: options.signal })
  } catch (cause) {
    throw cause instanceof AppError ? cause : new AppError(codeOf(cause) === 'ENOSPC' ? 'update/no-room' : 'update/cut-off', { cause })
  }
  meter.end()
}

/** Rejects with update/damaged unless the file on the disk is the one described. */
export async function assertIntact(place: string, file: UpdateFile): Promise<void> {
  const meter = createMeter(file, () => undefined)
  try {
    for await (const part of createReadStream(place, { highWaterMark: 1024 * 1024 })) meter.take(Buffer.from(part))
  } catch (cause) {
    throw cause instanceof AppError ? cause : new AppError('update/damaged', { cause })
  }
  meter.end()
}

function createMeter(file: UpdateFile, onProgress: (part: number) => void) {
  const hash = createHash('sha512')
  let size = 0
  function take(part: Uint8Array): void {
    size += part.length
    if (size > file.size) throw new AppError('update/damaged')
    hash.update(part)
    onProgress(size / file.size)
  }
  const stream = new Transform({
    transform(part: Buffer, _encoding, done) {
      try {
        take(part)
        done(null, part)
      } catch (error) {
        done(error instanceof Error ? error : new AppError('update/damaged'))
      }
    },
  })
  function end(): void {
    if (size < file.size) throw new AppError('update/cut-off')
    if (hash.digest('base64') !== file.sha512) throw new AppError('update/damaged')
  }
  return { stream, take, end }
}

function codeOf(cause: unknown): unknown {
  return cause instanceof Error && 'code' in cause ? cause.code : undefined
}
