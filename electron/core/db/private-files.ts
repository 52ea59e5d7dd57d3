import { chmodSync, closeSync, existsSync, lstatSync, mkdirSync, openSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { AppError } from '../../../shared/contract/errors.ts'

const windows = process.platform === 'win32'

/**
 * Makes a folder only its owner may enter (0700). One that exists is narrowed when it is empty; a folder in use is the
 * user's own affair (it may be shared on purpose), and the files in it are private by themselves. Throws app/folder-unusable.
 */
export function privateFolder(dir: string): void {
  try {
    if (makeFolder(dir) || windows) return
    if ((lstatSync(dir).mode & 0o077) !== 0 && readdirSync(dir).length === 0) chmodSync(dir, 0o700)
  } catch (cause) {
    throw folderTrouble(cause, 'it cannot be made')
  }
}

/** Why a folder cannot be used, by what the system said: app/folder-unusable, for `otherwise` when it says little, or app/disk-full. */
export function folderTrouble(cause: unknown, otherwise: string): AppError {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : ''
  if (code === 'ENOSPC' || code === 'EDQUOT') return new AppError('app/disk-full', { cause })
  const isClosed = ['EACCES', 'EPERM', 'EROFS'].includes(code) || code.startsWith('SQLITE_READONLY')
  const reason = isClosed ? 'it may not be written' : cause instanceof TypeError && code === '' ? cause.message : otherwise
  return new AppError('app/folder-unusable', { details: { reason }, cause })
}

/**
 * Makes a folder and its parents, each 0700; false when it was there. One step at a time, because Node's own recursive way
 * never ends below folders that refuse new ones with "no such file", as /proc does.
 */
function makeFolder(dir: string): boolean {
  if (isFolder(dir)) return false
  if (path.dirname(dir) !== dir) makeFolder(path.dirname(dir))
  try {
    mkdirSync(dir, { mode: 0o700 })
    return true
  } catch (cause) {
    // Another process may have made it since we looked.
    if (isFolder(dir)) return false
    throw cause
  }
}

function isFolder(dir: string): boolean {
  if (!existsSync(dir)) return false
  if (!statSync(dir).isDirectory()) throw new TypeError('it is a file')
  return true
}

/** Makes an empty file only its owner may read (0600), or narrows the one that is there. SQLite gives its side files the same mode. */
export function privateFile(file: string): void {
  if (!existsSync(file)) {
    closeSync(openSync(file, 'a', 0o600))
    return
  }
  if (!windows && (lstatSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600)
}
