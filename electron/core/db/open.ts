import { statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { AppError } from '../../../shared/contract/errors.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { snapshotBefore } from './backup.ts'
import { createDb, type Db } from './connection.ts'
import { sqliteCode, translate } from './failure.ts'
import { inspectFile } from './inspect.ts'
import { migrate } from './migrate.ts'
import type { Migration } from './migration.ts'
import { migrations as everyStep } from './migrations/index.ts'
import { applyJournal, applySettings } from './pragmas.ts'
import { privateFile, privateFolder } from './private-files.ts'
import { noteChecked, verifyAtStart } from './verify.ts'

export type { Db, Reader, Row, Writer } from './connection.ts'

export interface OpenOptions {
  /** Path of the database; its folder is made when missing. */
  readonly file: string
  readonly migrations?: readonly Migration[]
  /** Where the copy made before a migration goes; `backups` beside the file by default. */
  readonly backupDir?: string
  readonly now: () => Instant
}

const LARGE_WAL = 64 * 1024 * 1024

/**
 * Opens the database as its owner: private folder and files, asserted settings, a health check, a backup when a migration
 * is due, then the migration. Throws app/data-newer and app/data-damaged before anything is written: such files stay
 * byte for byte as they were.
 */
export function openDatabase(options: OpenOptions): Db {
  const { file, migrations = everyStep, now } = options
  const newest = migrations.at(-1)?.version ?? 0
  privateFolder(dirname(file))
  const found = inspectFile(file)
  if (found.version > newest) throw new AppError('app/data-newer', { cause: new Error(`version ${found.version}, known ${newest}`) })
  privateFile(file)
  const db = openConnection(file, { first: unchanged => verifyAtStart(unchanged, { size: found.size, clean: found.clean, now: now() }) })
  try {
    if (found.version < newest) {
      if (found.version > 0) snapshotBefore(db, options.backupDir ?? join(dirname(file), 'backups'), found.version, now())
      asDamage(() => migrate(db, migrations, found.version))
      if (found.version === 0) noteChecked(db, now())
    }
    if (walSize(file) > LARGE_WAL) db.raw.pragma('wal_checkpoint(TRUNCATE)')
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** A step that meets another schema than the version promises has changed nothing: the file is not what it says. */
function asDamage(run: () => void): void {
  try {
    run()
  } catch (error) {
    throw sqliteCode(error) === 'SQLITE_ERROR' ? new AppError('app/data-damaged', { cause: error }) : error
  }
}

export interface ConnectionOptions {
  readonly readonly?: boolean
  /** Runs before the first setting that is written into the file itself. */
  readonly first?: (db: Db) => void
}

/** Another connection to a database that `openDatabase` has opened: same settings, no checks, no migration. */
export function openConnection(file: string, options: ConnectionOptions = {}): Db {
  return translate(() => {
    const raw = new Database(file, { readonly: options.readonly ?? false, fileMustExist: true })
    try {
      applySettings(raw)
      options.first?.(createDb(raw))
      if (!options.readonly) applyJournal(raw)
    } catch (error) {
      raw.close()
      throw error
    }
    return createDb(raw)
  })
}

function walSize(file: string): number {
  return statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0
}
