import path from 'node:path'
import { readIfThere } from './private-file.ts'

/** Keelson's version, from the package.json at its root; `0.0.0` when it cannot be read. */
export function readVersion(root: string): string {
  const found: unknown = JSON.parse(readIfThere(path.join(root, 'package.json')) ?? '{}')
  const version: unknown = typeof found === 'object' && found !== null ? Reflect.get(found, 'version') : undefined
  return typeof version === 'string' ? version : '0.0.0'
}
