import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import type { Instant } from '../../../shared/domain/time.ts'
import { createDb, type Db } from './connection.ts'
import { translate } from './failure.ts'
import { privateFile, privateFolder } from './private-files.ts'
import { verifyCopy } from './verify.ts'

const KEEP_DAILY = 7
const KEEP_MIGRATION = 3
const PAGES_A_STEP = 2000
/** Kilobytes of the database kept in memory while it is copied; a full cache would stay for the rest of the run. */
const COPY_CACHE_KB = 1000

/**
 * Copies the database once a day while it is in use, checks the copy and keeps the newest seven.
 * Answers the new file, or null when today's copy exists. Throws app/disk-full and app/data-damaged; no half copy stays.
 */
export async function backupDaily(db: Db, dir: string, now: Instant): Promise<string | null> {
  privateFolder(dir)
  const file = join(dir, `keelson-${now.slice(0, 10)}.db`)
  if (readdirSync(dir).includes(`keelson-${now.slice(0, 10)}.db`)) return null
  const partial = `${file}.partial`
  discard(partial)
  privateFile(partial)
  try {
    await copyTo(db, partial)
    verify(partial)
    await accept(partial, file, dir)
  } catch (error) {
    return translate(() => {
      throw error
    })
  } finally {
    discard(partial)
  }
  prune(file, /^keelson-(?<at>\d{4}-\d\d-\d\d)\.db$/, KEEP_DAILY)
  return file
}

async function copyTo({ raw }: Db, partial: string): Promise<void> {
  const cacheSize = Number(raw.pragma('cache_size', { simple: true }))
  raw.pragma(`cache_size = -${COPY_CACHE_KB}`)
  try {
    await raw.backup(partial, { progress: () => PAGES_A_STEP })
  } finally {
    if (raw.open) raw.pragma(`cache_size = ${cacheSize}`)
  }
}

/** Copies the database before a migration changes it, at once, and checks the copy. Answers the copy's path. */
export function snapshotBefore(db: Db, dir: string, version: number, now: Instant): string {
  privateFolder(dir)
  const file = join(dir, `keelson-before-migration-v${version}-${now.slice(0, 19).replaceAll(':', '')}.db`)
  const partial = `${file}.partial`
  discard(partial)
  privateFile(partial)
  try {
    translate(() => db.raw.prepare('VACUUM INTO ?').run(partial))
    verify(partial)
    flushSync(partial)
    renameSync(partial, file)
  } finally {
    discard(partial)
  }
  prune(file, /^keelson-before-migration-v\d+-(?<at>.*)\.db$/, KEEP_MIGRATION)
  return file
}

/** A copy counts once it reads back and the disk has it. */
function verify(partial: string): void {
  const copy = createDb(new Database(partial, { readonly: true, fileMustExist: true }))
  try {
    verifyCopy(copy, statSync(partial).size)
  } finally {
    copy.close()
  }
}

// Waiting for the disk may take seconds for a large file, so it happens beside everything else.
async function accept(partial: string, file: string, dir: string): Promise<void> {
  await syncPath(partial)
  renameSync(partial, file)
  if (process.platform !== 'win32') await syncPath(dir)
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, process.platform === 'win32' ? 'r+' : 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function flushSync(path: string): void {
  const descriptor = openSync(path, 'r+')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function discard(partial: string): void {
  for (const side of ['', '-wal', '-shm']) rmSync(`${partial}${side}`, { force: true })
}

/** Keeps the copy just made and the newest others by the time in their names, which `pattern` calls `at`. */
function prune(made: string, pattern: RegExp, keep: number): void {
  const dir = dirname(made)
  const timeOf = (name: string): string => pattern.exec(name)?.groups?.['at'] ?? ''
  const others = readdirSync(dir)
    .filter(name => pattern.test(name) && name !== basename(made))
    .toSorted((a, b) => (timeOf(a) < timeOf(b) ? -1 : 1))
  for (const name of others.slice(0, Math.max(0, others.length + 1 - keep))) rmSync(join(dir, name), { force: true })
}
