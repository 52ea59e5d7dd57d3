import { readdirSync, statfsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { AppError } from '../../../shared/contract/errors.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Db } from './connection.ts'
import { sql } from './sql.ts'
import { verifyCopy } from './verify.ts'

/** What is on the disk. */
export interface StorageState {
  /** The database with its log. */
  readonly bytes: number
  readonly freeBytes: number | null
  readonly schemaVersion: number
  readonly backups: number
  readonly lastBackupAt: Instant | null
  /** When the whole file was last read and found sound, as far as it was noted. */
  readonly notedCheckAt: Instant | null
}

const DAILY = /^keelson-\d{4}-\d\d-\d\d\.db$/

/** Looks at a database's files and notes; what cannot be read counts as nothing there. */
export function storageState(db: Db, { file, backupDir }: { readonly file: string; readonly backupDir: string }): StorageState {
  const copies = namesIn(backupDir)
    .filter(name => DAILY.test(name))
    .map(name => statSync(join(backupDir, name), { throwIfNoEntry: false })?.mtimeMs ?? 0)
  const checked = db.reader.get(sql`SELECT value FROM meta WHERE name = 'checked-at'`)?.['value']
  return {
    bytes: sizeOf(file) + sizeOf(`${file}-wal`),
    freeBytes: freeAt(dirname(file)),
    schemaVersion: Number(db.raw.pragma('user_version', { simple: true })),
    backups: copies.length,
    lastBackupAt: copies.length === 0 ? null : Instant.fromEpochMs(Math.floor(Math.max(...copies))),
    notedCheckAt: typeof checked === 'string' && Instant.is(checked) ? checked : null,
  }
}

/** Reads a database for damage as far as it is quick: all of a small one, the vital tables of a large one. */
export function integrityOf(db: Db, bytes: number): 'ok' | 'damaged' {
  try {
    verifyCopy(db, bytes)
    return 'ok'
  } catch (error) {
    if (error instanceof AppError && error.code === 'app/data-damaged') return 'damaged'
    throw error
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

function freeAt(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  } catch {
    return null
  }
}

/** The version of SQLite, which is a part of the app. */
export function sqliteVersion({ reader }: Pick<Db, 'reader'>): string {
  return String(reader.get(sql`SELECT sqlite_version() AS version`)?.['version'])
}
