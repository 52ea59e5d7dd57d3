import type { KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parseUpdateInfo } from 'electron-updater/out/providers/Provider.js'
import { z } from 'zod'
import { AppError } from '../../../shared/contract/errors.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { RunningCopy } from './copy.ts'
import { type HttpsOptions, HttpStatus, readHttps } from './https.ts'
import { type Manifest, manifestName, readManifest } from './manifest.ts'
import { assertSigned } from './signature.ts'

const LARGEST_MANIFEST = 256 * 1024
const LARGEST_SIGNATURE = 1024
const DAY_MS = 86_400_000

const ConfigSchema = z.object({
  provider: z.literal('generic'),
  url: z.url(),
  publisherName: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).optional(),
})

/** Where updates come from, and who signs the installers for Windows. */
export interface FeedConfig {
  readonly base: URL
  readonly publishers: readonly string[]
}

/** Reads the file electron-builder left beside the app. Throws update/no-feed, update/not-secure or, for Windows, update/no-publisher. */
export function readConfig(file: string, { platform }: RunningCopy): FeedConfig {
  const { url, publisherName = [] } = parseConfig(file)
  const base = new URL(url.endsWith('/') ? url : `${url}/`)
  if (base.protocol !== 'https:') throw new AppError('update/not-secure')
  if (platform === 'win32' && publisherName.length === 0) throw new AppError('update/no-publisher')
  return { base, publishers: [publisherName].flat() }
}

function parseConfig(file: string): z.infer<typeof ConfigSchema> {
  try {
    return ConfigSchema.parse(readYaml(readFileSync(file)))
  } catch (cause) {
    throw new AppError('update/no-feed', { cause })
  }
}

export interface Look {
  readonly config: FeedConfig
  readonly copy: RunningCopy
  readonly keys: readonly KeyObject[]
  readonly now: Instant
  /** When the newest manifest seen so far was signed. */
  readonly newest: Instant | null
}

/** Fetches what the feed says for this copy. Throws update/... unless it is signed, in force and no older than what was seen before. */
export async function fetchManifest({ config, copy, keys, now, newest }: Look, options: HttpsOptions): Promise<Manifest> {
  const name = manifestName(copy)
  const manifest = await readHttps(new URL(name, config.base), LARGEST_MANIFEST, options)
  const signature = (await fetchSignature(new URL(`${name}.sig`, config.base), options)).toString('latin1')
  assertSigned({ name, manifest, signature }, keys)
  const read = readManifest(readYaml(manifest), copy)
  assertInForce(read, now)
  if (newest !== null && Instant.isBefore(read.signedAt, newest)) throw new AppError('update/replayed')
  return read
}

/** Throws update/expired when a manifest is past its time, or of a time to come. */
export function assertInForce({ expires, signedAt }: Pick<Manifest, 'expires' | 'signedAt'>, now: Instant): void {
  if (!Instant.isBefore(now, expires) || Instant.isBefore(Instant.plus(now, DAY_MS), signedAt)) throw new AppError('update/expired')
}

async function fetchSignature(address: URL, options: HttpsOptions): Promise<Buffer> {
  try {
    return await readHttps(address, LARGEST_SIGNATURE, options)
  } catch (cause) {
    const isMissing = cause instanceof AppError && cause.cause instanceof HttpStatus && [403, 404, 410].includes(cause.cause.status)
    if (isMissing) throw new AppError('update/unsigned', { cause })
    throw cause instanceof AppError && cause.code === 'update/unreadable' ? new AppError('update/wrong-signature', { cause }) : cause
  }
}

/** By the reader electron-updater itself uses. */
function readYaml(bytes: Uint8Array): unknown {
  try {
    const value: unknown = parseUpdateInfo(Buffer.from(bytes).toString('utf8'), 'the feed', new URL('https://feed.invalid'))
    return value
  } catch (cause) {
    throw new AppError('update/unreadable', { cause })
  }
}
