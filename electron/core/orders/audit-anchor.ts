import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { type AuditHead, parseHead } from '../store/audit-log.ts'

/** The head of the log in a file of its own: it knows how far the log reached when the database has been cut or put back. */
export interface AuditAnchor {
  /** `missing` when there is no file, `unreadable` when there is one that says nothing. */
  read(): AuditHead | 'missing' | 'unreadable'
  /** Replaces it in one step, on disk when this returns; readable by its owner only. */
  write(head: AuditHead): void
}

export function createAuditAnchor(file: string): AuditAnchor {
  return {
    read: () => (existsSync(file) ? readHead(file) : 'missing'),
    write(head) {
      const draft = `${file}.new`
      rmSync(draft, { force: true, recursive: true })
      const descriptor = openSync(draft, 'wx', 0o600)
      try {
        writeSync(descriptor, JSON.stringify(head))
        fsyncSync(descriptor)
      } finally {
        closeSync(descriptor)
      }
      // What somebody put there is kept beside it: a folder would keep the new one out, and is evidence.
      if (existsSync(file) && readHead(file) === 'unreadable') renameSync(file, asideOf(file))
      renameSync(draft, file)
    },
  }
}

/** A file of another user's, as a run as root leaves it, is one that cannot be read. */
function readHead(file: string): AuditHead | 'unreadable' {
  try {
    return parseHead(readFileSync(file, 'utf8')) ?? 'unreadable'
  } catch {
    return 'unreadable'
  }
}

/** The first free name for what is put aside. */
function asideOf(file: string): string {
  for (let number = 1; ; number += 1) if (!existsSync(`${file}.aside-${number}`)) return `${file}.aside-${number}`
}
