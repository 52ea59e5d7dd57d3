import path from 'node:path'
import { layoutAround } from '../../electron/node/layout.ts'
import { repoRoot } from './repo-root.ts'

/**
 * Where the gate says it has just built the command: programs and threads of the tests start from one file each and not from hundreds,
 * in half the processor's time. A run by itself takes the source.
 */
const built = process.env['KEELSON_BUILT']

/** What Node runs as the `keelson` command. */
export const keelsonEntry = built === undefined ? path.join(repoRoot, 'electron/headless/keelson.ts') : path.join(built, 'keelson.js')

/** What the writer thread runs. */
export const { writerScript } = layoutAround(keelsonEntry)
