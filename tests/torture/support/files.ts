import { createHash } from 'node:crypto'
import { lstatSync, readFileSync, readlinkSync } from 'node:fs'

/** A name for what is at a path: its bytes, or that it is a folder, a link or nothing. */
export function fingerprint(file: string): string {
  const stat = lstatSync(file, { throwIfNoEntry: false })
  if (!stat) return 'nothing'
  if (stat.isSymbolicLink()) return `link to ${readlinkSync(file)}`
  if (!stat.isFile()) return 'no file'
  return `${stat.size} ${createHash('sha256').update(readFileSync(file)).digest('hex')}`
}

/** The same for a database and its log; an empty log is none. */
export function fingerprints(file: string): string {
  const log = fingerprint(`${file}-wal`)
  return `${fingerprint(file)} | ${log.startsWith('0 ') ? 'nothing' : log}`
}
