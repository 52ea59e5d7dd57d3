import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** Compiled code shared by all children of a run, so that each is up in a tenth of a second. */
export const COMPILED = path.join(import.meta.dirname, '../../../node_modules/.cache/compiled')

const open = new Set<string>()
process.once('exit', () => {
  for (const folder of open) rmSync(folder, { recursive: true, force: true })
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

export interface Folder extends Disposable {
  readonly path: string
}

const MEMORY = '/dev/shm'

/**
 * A folder that goes away with its scope, or with the run. `inMemory` where nothing is asked of the disk: a process that is killed
 * leaves the same bytes behind in memory as on a disk, only sooner.
 */
export function tortureFolder(name: string, { inMemory = false }: { readonly inMemory?: boolean } = {}): Folder {
  const made = mkdtempSync(path.join(inMemory && existsSync(MEMORY) ? MEMORY : tmpdir(), `keelson-torture-${name}-`))
  open.add(made)
  mkdirSync(COMPILED, { recursive: true })
  return {
    path: made,
    [Symbol.dispose]() {
      rmSync(made, { recursive: true, force: true })
      open.delete(made)
    },
  }
}
