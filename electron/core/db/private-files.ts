import { chmodSync, closeSync, existsSync, lstatSync, mkdirSync, openSync, readdirSync } from 'node:fs'

const windows = process.platform === 'win32'

/**
 * Makes a folder only its owner may enter (0700). One that exists is narrowed when it is empty; a folder in use is the
 * user's own affair (it may be shared on purpose), and the files in it are private by themselves.
 */
export function privateFolder(dir: string): void {
  const made = mkdirSync(dir, { recursive: true, mode: 0o700 })
  if (windows || made !== undefined) return
  if ((lstatSync(dir).mode & 0o077) !== 0 && readdirSync(dir).length === 0) chmodSync(dir, 0o700)
}

/** Makes an empty file only its owner may read (0600), or narrows the one that is there. SQLite gives its side files the same mode. */
export function privateFile(file: string): void {
  if (!existsSync(file)) {
    closeSync(openSync(file, 'a', 0o600))
    return
  }
  if (!windows && (lstatSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600)
}
