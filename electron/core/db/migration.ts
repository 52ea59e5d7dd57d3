import type Database from 'better-sqlite3'

/** One numbered step forward. It runs inside a transaction with the version bump and imports no store code. */
export interface Migration {
  readonly version: number
  readonly title: string
  readonly up: (db: Database.Database) => void
}

export function migration(version: number, title: string, up: (db: Database.Database) => void): Migration {
  return { version, title, up }
}
