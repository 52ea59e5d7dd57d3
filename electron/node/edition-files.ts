import path from 'node:path'
import { readIfThere } from './private-file.ts'

export interface EditionFiles {
  /** The build's own edition file. */
  readonly policy: string
  /** Where that file is. */
  readonly file: string
  /** The licence in the data folder; null when there is none. */
  readonly licence: string | null
}

/** What a distributor's build and its user's licence say; null for the usual build, which includes everything. */
export function readEditionFiles(root: string, dataDir: string): EditionFiles | null {
  const file = path.join(root, 'resources', 'entitlements.json')
  const policy = readIfThere(file)
  return policy === null ? null : { policy, file, licence: readIfThere(path.join(dataDir, 'licence.key')) }
}
