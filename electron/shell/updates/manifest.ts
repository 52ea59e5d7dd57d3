import { z } from 'zod'
import { AppError } from '../../../shared/contract/errors.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { plainNotes } from './notes.ts'

const LARGEST_FILE = 1024 ** 3

const FileSchema = z.object({
  /** A plain name beside the manifest: no folder, no other server. */
  url: z
    .string()
    .max(128)
    .regex(/^\w[\w.+-]*$/),
  sha512: z.string().regex(/^[\w+/]{86}==$/),
  size: z.int().min(1).max(LARGEST_FILE),
})

const ManifestSchema = z.object({
  version: z.string().max(64),
  files: z.array(FileSchema).min(1).max(32),
  signed: z.string().refine(Instant.is),
  expires: z.string().refine(Instant.is),
  stagingPercentage: z.number().min(0).max(100).nullish(),
  releaseNotes: z.string().nullish(),
  minimumSystemVersion: z.string().max(64).nullish(),
})

/** A file of an update: its name beside the manifest, its SHA-512 in base64 and its size in bytes. */
export interface UpdateFile {
  readonly name: string
  readonly sha512: string
  readonly size: number
}

export interface Manifest {
  readonly version: string
  /** The file for this system and processor. */
  readonly file: UpdateFile
  readonly signedAt: Instant
  readonly expires: Instant
  /** From 0 to 100. */
  readonly staging: number
  readonly notes: string
  readonly minimumSystemVersion: string | null
}

export interface Target {
  readonly platform: NodeJS.Platform
  readonly arch: string
}

/** The manifest's name for a system, as electron-builder writes it. */
export function manifestName({ platform, arch }: Target): string {
  if (platform === 'win32') return 'latest.yml'
  if (platform === 'darwin') return 'latest-mac.yml'
  return arch === 'x64' ? 'latest-linux.yml' : `latest-linux-${arch}.yml`
}

/** Reads what the YAML of a manifest holds. Throws update/unreadable when it is another shape or has no file for the target. */
export function readManifest(value: unknown, target: Target): Manifest {
  const { data, error } = ManifestSchema.safeParse(value)
  const file = data && chooseFile(data.files, target)
  if (!data || !file) throw new AppError('update/unreadable', { cause: error })
  return {
    version: data.version,
    file: { name: file.url, sha512: file.sha512, size: file.size },
    signedAt: Instant.parse(data.signed),
    expires: Instant.parse(data.expires),
    staging: data.stagingPercentage ?? 100,
    notes: plainNotes(data.releaseNotes ?? ''),
    minimumSystemVersion: data.minimumSystemVersion ?? null,
  }
}

const ARCH_NAMES: Readonly<Record<string, RegExp>> = { x64: /(?:x64|x86_64|amd64)/i, arm64: /(?:arm64|aarch64)/i }
const ENDINGS: Partial<Record<NodeJS.Platform, string>> = { win32: '.exe', darwin: '.zip', linux: '.AppImage' }

/** The file of the target's processor, or the only one that names no processor: electron-builder leaves `x64` out of most names. */
function chooseFile(files: readonly z.infer<typeof FileSchema>[], { platform, arch }: Target): z.infer<typeof FileSchema> | undefined {
  const ending = ENDINGS[platform]
  if (ending === undefined) return undefined
  const fitting = files.filter(({ url }) => url.endsWith(ending) && !/portable/i.test(url))
  const named = fitting.filter(({ url }) => ARCH_NAMES[arch]?.test(url))
  const unnamed = fitting.filter(({ url }) => !Object.values(ARCH_NAMES).some(name => name.test(url)))
  const found = named.length > 0 ? named : unnamed
  return found.length === 1 ? found[0] : undefined
}
