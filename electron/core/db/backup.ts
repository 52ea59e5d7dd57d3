import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { AppError } from '../../../shared/contract/errors.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { Db } from './connection.ts'
import { translate } from './failure.ts'
import { privateFile, privateFolder } from './private-files.ts'

const KEEP_DAILY = 7
const KEEP_MIGRATION = 3
const PAGES_A_STEP = 2000

/**
 * Copies the database once a day while it is in use, checks the copy and keeps the newest seven.
 * Answers the new file, or null when today's copy exists. Throws app/disk-full and app/data-damaged; no half copy stays.
 */
export async function backupDaily(db: Db, dir: string, now: Instant): Promise<string | null> {
  privateFolder(dir)
  const file = join(dir, `keelson-${now.slice(0, 10)}.db`)
  if (readdirSync(dir).includes(`keelson-${now.slice(0, 10)}.db`)) return null
  const partial = `${file}.partial`
  rmSync(partial, { force: true })
  privateFile(partial)
  try {
    await db.raw.backup(partial, { progress: () => PAGES_A_STEP })
    accept(partial, file, dir)
  } catch (error) {
    rmSync(partial, { force: true })
    return translate(() => {
      throw error
    })
  }
  prune(dir, /^keelson-\d{4}-\d\d-\d\d\.db$/, KEEP_DAILY)
  return file
}

/** Copies the database before a migration changes it, at once, and checks the copy. Answers the copy's path. */
export function snapshotBefore(db: Db, dir: string, version: number, now: Instant): string {
  privateFolder(dir)
  const file = join(dir, `keelson-before-migration-v${version}-${now.slice(0, 19).replaceAll(':', '')}.db`)
  const partial = `${file}.partial`
  rmSync(partial, { force: true })
  privateFile(partial)
  try {
    translate(() => db.raw.prepare('VACUUM INTO ?').run(partial))
    accept(partial, file, dir)
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  }
  prune(dir, /^keelson-before-migration-v\d+-.*\.db$/, KEEP_MIGRATION)
  return file
}

/** A copy counts once it reads back whole and the disk has it. */
function accept(partial: string, file: string, dir: string): void {
  const copy = new Database(partial, { readonly: true, fileMustExist: true })
  try {
    const verdict = copy.pragma('quick_check(1)', { simple: true })
    if (verdict !== 'ok') throw new AppError('app/data-damaged', { cause: new Error(`backup: ${String(verdict)}`) })
  } finally {
    copy.close()
  }
  sync(partial)
  renameSync(partial, file)
  for (const side of ['-wal', '-shm']) rmSync(`${partial}${side}`, { force: true })
  if (process.platform !== 'win32') sync(dir)
}

function sync(path: string): void {
  const descriptor = openSync(path, process.platform === 'win32' ? 'r+' : 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function prune(dir: string, pattern: RegExp, keep: number): void {
  const files = readdirSync(dir)
    .filter(name => pattern.test(name))
    .toSorted()
  for (const name of files.slice(0, Math.max(0, files.length - keep))) rmSync(join(dir, name), { force: true })
}
