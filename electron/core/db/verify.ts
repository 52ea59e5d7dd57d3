import { AppError } from '../../../shared/contract/errors.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Db } from './connection.ts'
import { sql } from './sql.ts'

/** Checking this much takes about 10 ms. */
const SMALL = 8 * 1024 * 1024
const WEEK_MS = 7 * 86_400_000
/** The tables that cannot be read from a broker again. */
const VITAL = ['meta', 'data_keys', 'secrets', 'connections', 'tokens', 'refresh_intents', 'accounts'] as const

export interface StartState {
  readonly size: number
  readonly clean: boolean
  readonly now: Instant
}

/**
 * Looks for damage before anything is written; throws app/data-damaged. The whole file is checked while it is small, after
 * an unclean end and once a week; a large file closed in order has its vital tables checked, so that starting stays quick.
 */
export function verifyAtStart(db: Db, { size, clean, now }: StartState): void {
  if (size === 0) return
  verifyCopy(db, size)
  if (size <= SMALL) return
  const last = hasTable(db, 'meta') ? db.reader.get(sql`SELECT value FROM meta WHERE name = 'checked-at'`)?.['value'] : undefined
  if (clean && typeof last === 'string' && Instant.is(last) && Math.abs(Instant.msBetween(last, now)) < WEEK_MS) return
  check(db, 'quick_check(1)')
  noteChecked(db, now)
}

/** Looks for damage as far as it is quick: all of a small database, the vital tables of a large one. Throws app/data-damaged. */
export function verifyCopy(db: Db, size: number): void {
  if (size <= SMALL) check(db, 'quick_check(1)')
  else for (const table of VITAL) if (hasTable(db, table)) check(db, `quick_check(${table})`)
}

/** Notes that the whole file is sound at this time: it was just made, or just read. */
export function noteChecked(db: Db, now: Instant): void {
  if (hasTable(db, 'meta')) db.writer.run(sql`INSERT OR REPLACE INTO meta (name, value) VALUES ('checked-at', ${now})`)
}

function check(db: Db, pragma: string): void {
  let verdict: unknown
  try {
    verdict = db.raw.pragma(pragma, { simple: true })
  } catch (error) {
    throw new AppError('app/data-damaged', { cause: error })
  }
  if (verdict !== 'ok') throw new AppError('app/data-damaged', { cause: new Error(String(verdict)) })
}

function hasTable(db: Db, name: string): boolean {
  return db.reader.get(sql`SELECT 1 AS found FROM sqlite_schema WHERE type = 'table' AND name = ${name}`) !== undefined
}
