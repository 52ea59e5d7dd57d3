import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import path from 'node:path'

/** Makes a folder only its owner may enter (0700), with its parents, step by step. One that exists is left as its owner wants it. */
export function makePrivateFolder(folder: string): void {
  if (existsSync(folder)) return
  if (path.dirname(folder) !== folder) makePrivateFolder(path.dirname(folder))
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (cause) {
    // Another process may have made it since we looked.
    if (!existsSync(folder)) throw cause
  }
}

/** Replaces a file in one step, readable by its owner only (0600). A reader sees the old text or the new, never half. */
export function writePrivateFile(file: string, text: string): void {
  makePrivateFolder(path.dirname(file))
  const draft = `${file}.${process.pid}.new`
  rmSync(draft, { force: true })
  const fd = openSync(draft, 'wx', 0o600)
  try {
    writeSync(fd, text)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
  renameSync(draft, file)
}

/** The text of a small file, or null when there is none. */
export function readIfThere(file: string): string | null {
  // Asked first, because making an error costs more than the question and a missing file is the usual case.
  if (!existsSync(file)) return null
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    if (isMissing(cause)) return null
    throw cause
  }
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')
}
