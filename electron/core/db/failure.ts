import { AppError, type ErrorCode } from '../../../shared/contract/errors.ts'

/** Runs a database call; SQLite's own failures come out as AppError, everything else as it was. */
export function translate<T>(call: () => T): T {
  try {
    return call()
  } catch (error) {
    const code = codeOf(error)
    throw code ? new AppError(code, { cause: error }) : error
  }
}

/** SQLite's result code name (`SQLITE_BUSY`, `SQLITE_IOERR_WRITE`), or null for other errors. */
export function sqliteCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null
  return error.code.startsWith('SQLITE_') ? error.code : null
}

function codeOf(error: unknown): ErrorCode | null {
  const code = sqliteCode(error)
  if (code === null) return null
  if (code.startsWith('SQLITE_FULL') || code === 'SQLITE_IOERR_WRITE') return 'app/disk-full'
  if (code.startsWith('SQLITE_IOERR')) return 'app/disk-failed'
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return 'app/data-damaged'
  if (code.startsWith('SQLITE_BUSY')) return 'app/busy'
  return null
}
