import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { AppError } from '../../../shared/contract/errors.ts'
import { sqliteCode } from './failure.ts'
import { folderTrouble, privateFile, privateFolder } from './private-files.ts'

/** Who has a data folder open, for the user and for a command line that wants to talk to it. */
export interface FolderOwner {
  readonly pid: number
  readonly startedAt: string
  /** What it is doing, such as `keelson connect`; null when unknown. */
  readonly task: string | null
  /** Where the owner answers, when it serves. */
  readonly url: string | null
  /** Lets another program of the same user in; the file that holds it is 0600. */
  readonly key: string | null
}

export interface FolderLock {
  /** Says more about the owner once it is known, such as the address it serves. */
  describe(about: Partial<Omit<FolderOwner, 'pid'>>): void
  release(): void
}

const LOCK = 'owner.lock'
const OWNER = 'owner.json'
/** Long enough to outlast another program's glance at the lock. */
const PATIENCE_MS = 250
const UNWRITABLE = 'its files cannot be written'

/** Held until released: a lock nobody refers to any more would be let go with the memory it is in. */
const held = new Set<Database.Database>()

/**
 * Takes a data folder for this process, or throws app/busy naming the owner, app/folder-unusable or app/disk-full. The lock is a
 * file lock of the kernel (an exclusive SQLite transaction on a file of its own), so it ends with the process however it ends.
 */
export function lockDataFolder(dir: string, about: Partial<Omit<FolderOwner, 'pid'>> = {}): FolderLock {
  privateFolder(dir)
  const lock = takeLock(dir)
  let owner: FolderOwner = { pid: process.pid, startedAt: '', task: null, url: null, key: null, ...about }
  try {
    writeOwnerFile(dir, owner)
  } catch (cause) {
    lock.close()
    throw folderTrouble(cause, UNWRITABLE)
  }
  held.add(lock)
  return {
    describe: more => {
      owner = { ...owner, ...more }
      writeOwnerFile(dir, owner)
    },
    release: () => {
      if (!lock.open) return
      rmSync(join(dir, OWNER), { force: true })
      lock.exec('ROLLBACK')
      lock.close()
      held.delete(lock)
    },
  }
}

function takeLock(dir: string): Database.Database {
  let lock: Database.Database
  try {
    lock = openLock(join(dir, LOCK), PATIENCE_MS)
  } catch (cause) {
    throw folderTrouble(cause, UNWRITABLE)
  }
  try {
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (cause) {
    lock.close()
    if (!sqliteCode(cause)?.startsWith('SQLITE_BUSY')) throw folderTrouble(cause, UNWRITABLE)
    throw new AppError('app/busy', { details: { owner: describeOwner(readOwnerFile(dir)) }, cause })
  }
}

/** Who holds a data folder now; null when nobody does, whatever a killed owner left behind. */
export function folderOwner(dir: string): FolderOwner | null {
  const file = join(dir, LOCK)
  let lock: Database.Database
  try {
    lock = new Database(file, { timeout: 0, readonly: true, fileMustExist: true })
  } catch {
    return null
  }
  try {
    lock.prepare('SELECT 1 FROM sqlite_schema').get()
    return null
  } catch (error) {
    if (!sqliteCode(error)?.startsWith('SQLITE_BUSY')) throw error
    return readOwnerFile(dir)
  } finally {
    lock.close()
  }
}

/** A lock file: an empty SQLite database that is never written. */
export function openLock(file: string, patienceMs: number): Database.Database {
  privateFile(file)
  return new Database(file, { timeout: patienceMs })
}

function describeOwner(owner: FolderOwner | null): string {
  if (!owner) return 'another copy'
  const { pid, url, task } = owner
  return [`process ${pid}`, url && ` at ${url}`, task && `, ${task}`].filter(Boolean).join('')
}

function writeOwnerFile(dir: string, owner: FolderOwner): void {
  const partial = join(dir, `${OWNER}.partial`)
  rmSync(partial, { force: true })
  writeFileSync(partial, JSON.stringify(owner), { mode: 0o600 })
  renameSync(partial, join(dir, OWNER))
}

function readOwnerFile(dir: string): FolderOwner | null {
  try {
    const found: unknown = JSON.parse(readFileSync(join(dir, OWNER), 'utf8'))
    if (typeof found !== 'object' || found === null || !('pid' in found) || typeof found.pid !== 'number') return null
    const part = (name: string): string | null => {
      const value: unknown = Reflect.get(found, name)
      return typeof value === 'string' ? value : null
    }
    return { pid: found.pid, startedAt: part('startedAt') ?? '', task: part('task'), url: part('url'), key: part('key') }
  } catch {
    // Between taking the lock and writing the file there is nothing to read yet.
    return null
  }
}
