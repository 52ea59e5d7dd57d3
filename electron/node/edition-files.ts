import { readFileSync } from 'node:fs'
import path from 'node:path'

export interface EditionFiles {
  /** The build's own edition file. */
  readonly policy: string
  /** The licence in the data folder; null when there is none. */
  readonly licence: string | null
}

/** What a distributor's build and its user's licence say; null for the usual build, which includes everything. */
export function readEditionFiles(root: string, dataDir: string): EditionFiles | null {
  const policy = textOf(path.join(root, 'resources', 'entitlements.json'))
  return policy === null ? null : { policy, licence: textOf(path.join(dataDir, 'licence.key')) }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
