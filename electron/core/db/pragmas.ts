import type Database from 'better-sqlite3'
import { AppError } from '../../../shared/contract/errors.ts'

/** Marks a file as Keelson's: "Keel" in ASCII. */
export const APPLICATION_ID = 0x4b65656c

const SETTINGS = [
  ['synchronous', 'FULL', 2],
  ['foreign_keys', 'ON', 1],
  ['trusted_schema', 'OFF', 0],
  ['secure_delete', 'ON', 1],
  ['cell_size_check', 'ON', 1],
  ['busy_timeout', '5000', 5000],
  ['temp_store', 'MEMORY', 2],
  ['mmap_size', '0', 0],
] as const

/**
 * Sets what every connection must have and reads each value back: a setting that did not take is a failure, not a surprise.
 * Throws app/internal naming the setting.
 */
export function applySettings(raw: Database.Database): void {
  for (const [name, value, expected] of SETTINGS) {
    raw.pragma(`${name} = ${value}`)
    expect(name, raw.pragma(name, { simple: true }), expected)
  }
  if (process.platform === 'darwin') raw.pragma('checkpoint_fullfsync = ON')
}

/** Turns the write-ahead log on, which is written into the file where it was off. */
export function applyJournal(raw: Database.Database): void {
  expect('journal_mode', raw.pragma('journal_mode = WAL', { simple: true }), 'wal')
}

function expect(name: string, actual: unknown, expected: string | number): void {
  // mmap_size answers nothing where memory mapping is compiled out.
  if (actual === expected || (name === 'mmap_size' && actual === undefined)) return
  throw new AppError('app/internal', { cause: new Error(`SQLite did not accept ${name}`) })
}
