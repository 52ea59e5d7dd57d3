import path from 'node:path'
import type { SecretBox } from '../core/ports.ts'
import { readIfThere, writePrivateFile } from './private-file.ts'

/** What guards the data key of a folder, so that the next start knows what to ask for. It is no secret. */
export interface ProtectionNote {
  readonly protection: SecretBox['protection']
  readonly backend: string
}

const PROTECTIONS: readonly string[] = ['keyring', 'passphrase', 'os'] satisfies readonly SecretBox['protection'][]

function noteFile(dataDir: string): string {
  return path.join(dataDir, 'protection.json')
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

/** The same box, leaving a note beside the data once it has wrapped a key. */
export function withProtectionNote(box: SecretBox, dataDir: string): SecretBox {
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
    unwrap: (wrapped, backend) => box.unwrap(wrapped, backend),
    async wrap(key) {
      const wrapped = await box.wrap(key)
      writePrivateFile(noteFile(dataDir), `${JSON.stringify({ protection: box.protection, backend: box.backend })}\n`)
      return wrapped
    },
  }
}

function isNote(value: unknown): value is ProtectionNote {
  if (typeof value !== 'object' || value === null || !('protection' in value) || !('backend' in value)) return false
  return typeof value.protection === 'string' && PROTECTIONS.includes(value.protection) && typeof value.backend === 'string'
}
