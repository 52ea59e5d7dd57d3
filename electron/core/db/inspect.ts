import { closeSync, lstatSync, openSync, readSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { AppError } from '../../../shared/contract/errors.ts'
import { sqliteCode } from './failure.ts'
import { APPLICATION_ID } from './pragmas.ts'

/** What is known of a database file before it is opened for writing. */
export interface Found {
  /** The schema version; 0 for a file that is new or empty. */
  readonly version: number
  readonly size: number
  /** True when the last owner closed it in order. */
  readonly clean: boolean
}

const MAGIC = 'SQLite format 3\0'
/** How the header names a rollback journal and a write-ahead log. */
const FORMATS: readonly number[] = [1, 2]
const NEWEST_SCHEMA_FORMAT = 4
const NEW: Found = { version: 0, size: 0, clean: true }

/**
 * Reads who a file belongs to and which version it has without writing to it.
 * Throws app/data-damaged for anything that is not a Keelson database: a folder, a link, another program's file, a torn header.
 */
export function inspectFile(file: string): Found {
  const stat = lstatSync(file, { throwIfNoEntry: false })
  if (stat && !stat.isFile()) throw damaged('not a regular file')
  const waiting = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0
  if (!stat || stat.size === 0) {
    // SQLite would delete a log that has lost its database, and with it perhaps the last of the data.
    if (waiting > 0) throw damaged('missing beside its log')
    return NEW
  }
  const version = waiting > 0 ? versionThroughWal(file, stat.size) : versionInHeader(file, stat.size)
  return { version, size: stat.size + waiting, clean: waiting === 0 }
}

function versionInHeader(file: string, size: number): number {
  const header = Buffer.alloc(100)
  const descriptor = openSync(file, 'r')
  try {
    readSync(descriptor, header, 0, 100, 0)
  } finally {
    closeSync(descriptor)
  }
  if (header.toString('latin1', 0, 16) !== MAGIC) throw damaged('not a SQLite file')
  const pageSize = header.readUInt16BE(16)
  if (size % (pageSize === 1 ? 65_536 : pageSize) !== 0) throw damaged('not a whole number of pages')
  // SQLite opens a file of a form it does not know for reading only, and says nothing of damage.
  const isKnown = [18, 19].every(at => FORMATS.includes(header.readUInt8(at))) && header.readUInt32BE(44) <= NEWEST_SCHEMA_FORMAT
  if (!isKnown) throw damaged('in a form nobody writes')
  return owned(header.readUInt32BE(68), header.readUInt32BE(60), header.readUInt32BE(28))
}

/** After a crash the newest header may still be in the log; a read-only connection sees it and does not fold it in. */
function versionThroughWal(file: string, size: number): number {
  if (size < 100) throw damaged('shorter than a header')
  try {
    const raw = new Database(file, { readonly: true, fileMustExist: true })
    try {
      const number = (name: string): number => Number(raw.pragma(name, { simple: true }))
      return owned(number('application_id'), number('user_version'), number('page_count'))
    } finally {
      raw.close()
    }
  } catch (error) {
    if (sqliteCode(error)) throw damaged('cannot be read', error)
    throw error
  }
}

function owned(applicationId: number, version: number, pages: number): number {
  // A first start that was killed leaves a database without tables and without a mark.
  if (applicationId === 0 && version === 0 && pages <= 1) return 0
  if (applicationId !== APPLICATION_ID) throw damaged('belongs to another program')
  // The mark and the first version are written together.
  if (version === 0) throw damaged('without its version')
  return version
}

function damaged(what: string, cause?: unknown): AppError {
  return new AppError('app/data-damaged', { cause: new Error(`The data file is ${what}`, { cause }) })
}
