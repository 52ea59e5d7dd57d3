import type { Db } from './connection.ts'
import type { Migration } from './migration.ts'
import { APPLICATION_ID } from './pragmas.ts'

/** Runs every step after `from` in one transaction with the new version number: all of it happens or none. */
export function migrate(db: Db, migrations: readonly Migration[], from: number): void {
  db.writer.tx(() => {
    let version = from
    for (const step of migrations) {
      if (step.version <= version) continue
      step.up(db.raw)
      version = step.version
    }
    db.raw.pragma(`application_id = ${APPLICATION_ID}`)
    db.raw.pragma(`user_version = ${version}`)
  })
  // The header on disk says the new version at once, so an older Keelson can refuse without opening the file.
  db.raw.pragma('wal_checkpoint(TRUNCATE)')
}
