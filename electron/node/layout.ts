import path from 'node:path'
import { pathToFileURL } from 'node:url'

/** Where the parts of Keelson lie on this disk. */
export interface Layout {
  readonly root: string
  readonly rendererDir: string
  readonly preload: string
  readonly writerScript: URL
}

/**
 * The layout around an entry file, two folders below the root both as source (`electron/headless/keelson.ts`)
 * and built (`out/headless/keelson.js`, with its writer thread beside it).
 */
export function layoutAround(entry: string): Layout {
  const folder = path.dirname(entry)
  const root = path.resolve(folder, '../..')
  const writer = entry.endsWith('.ts') ? path.join(root, 'electron/core/sync/writer-worker.ts') : path.join(folder, 'writer-worker.js')
  return {
    root,
    rendererDir: path.join(root, 'out/renderer'),
    preload: path.join(root, 'out/preload/preload.cjs'),
    get writerScript() {
      return pathToFileURL(writer)
    },
  }
}
