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
 * and built (`out/headless/keelson.js`).
 */
export function layoutAround(entry: string): Layout {
  const root = path.resolve(path.dirname(entry), '../..')
  const writer = entry.endsWith('.ts') ? 'electron/core/sync/writer-worker.ts' : 'out/core/writer-worker.js'
  return {
    root,
    rendererDir: path.join(root, 'out/renderer'),
    preload: path.join(root, 'out/preload/preload.cjs'),
    writerScript: pathToFileURL(path.join(root, writer)),
  }
}
