import { createHash } from 'node:crypto'
import { hostname, userInfo } from 'node:os'
import path from 'node:path'
import { AppError, type ErrorCode } from '../../shared/contract/errors.ts'
import type { SecretBox } from '../core/ports.ts'
import { readIfThere, writePrivateFile } from './private-file.ts'

/** What guards the data key of a folder, so that the next start knows what to ask for. It is no secret. */
export interface ProtectionNote {
  readonly protection: SecretBox['protection']
  readonly backend: string
  /** The name the app had: stores keep the keys of each name apart. Older notes lack it. */
  readonly app?: string
  /** Tells this user, computer and place from others, without naming them. Older notes lack it. */
  readonly home?: string
}

/** Who opens a folder, and where. */
export type Home = Pick<Required<ProtectionNote>, 'app' | 'home'>

const PROTECTIONS: readonly string[] = ['keyring', 'passphrase', 'os'] satisfies readonly SecretBox['protection'][]
/** A key that is not there, or another: that is how a copied folder and a renamed app look to a store. */
const LOST: readonly ErrorCode[] = ['vault/key-missing', 'vault/key-changed']

export function homeOf(dataDir: string, app: string): Home {
  const place = [userInfo().username, hostname(), path.resolve(dataDir)].join('\n')
  return { app, home: createHash('sha256').update(place).digest('hex').slice(0, 16) }
}

/** The note of a data folder; null for a folder that has no wrapped key yet. */
export function readProtectionNote(dataDir: string): ProtectionNote | null {
  const text = readIfThere(noteFile(dataDir))
  if (text === null) return null
  try {
    const note: unknown = JSON.parse(text)
    return isNote(note) ? note : null
  } catch {
    return null
  }
}

/** The same box, leaving a note beside the data once it has wrapped or opened a key, and explaining a lost key by the note. */
export function withProtectionNote(box: SecretBox, dataDir: string, home: Home): SecretBox {
  const keepNote = (): void => {
    const { protection, backend } = box
    if (protection === 'memory') return
    const text = `${JSON.stringify({ protection, backend, ...home })}\n`
    if (readIfThere(noteFile(dataDir)) !== text) writePrivateFile(noteFile(dataDir), text)
  }
  return {
    get protection() {
      return box.protection
    },
    get backend() {
      return box.backend
    },
    get notice() {
      return box.notice
    },
    get shouldRewrap() {
      return box.shouldRewrap ?? false
    },
    get isWaitedFor() {
      return box.isWaitedFor ?? false
    },
    withPassphrase: (current, next) => box.withPassphrase?.(current, next) ?? null,
    async unwrap(wrapped, backend) {
      const key = await box.unwrap(wrapped, backend).catch((cause: unknown) => {
        throw explained(cause, readProtectionNote(dataDir), home)
      })
      // A folder that cannot be written to is still readable.
      try {
        keepNote()
      } catch {}
      return key
    },
    async wrap(key) {
      const wrapped = await box.wrap(key)
      keepNote()
      return wrapped
    },
  }
}

function explained(cause: unknown, note: ProtectionNote | null, { app, home }: Home): unknown {
  if (!(cause instanceof AppError) || !LOST.includes(cause.code) || note === null) return cause
  if (note.app !== undefined && note.app !== app) return new AppError('vault/app-renamed', { details: { before: note.app, now: app }, cause })
  return note.home !== undefined && note.home !== home ? new AppError('vault/other-home', { cause }) : cause
}

function noteFile(dataDir: string): string {
  return path.join(dataDir, 'protection.json')
}

function isNote(value: unknown): value is ProtectionNote {
  if (typeof value !== 'object' || value === null || !('protection' in value) || !('backend' in value)) return false
  return typeof value.protection === 'string' && PROTECTIONS.includes(value.protection) && typeof value.backend === 'string'
}
