import path from 'node:path'
import { lockDataFolder } from './db/folder-lock.ts'
import { openDatabase } from './db/open.ts'
import { createLog } from './log/log.ts'
import type { Clock, LogSink, Paths } from './ports.ts'
import { deleteAppLock, readAppLock } from './store/app-lock.ts'

export interface ForgetAppLockDeps {
  readonly paths: Pick<Paths, 'dataDir'>
  readonly clock: Clock
  readonly log: LogSink
}

/**
 * Takes the app lock off without its passphrase; answers whether one was set. It needs the data folder for itself, so no running
 * Keelson can be unlocked this way. Throws app/busy, and what opening the database throws.
 */
export function forgetAppLock({ paths, clock, log }: ForgetAppLockDeps): boolean {
  const folder = lockDataFolder(paths.dataDir, { startedAt: clock.now() })
  try {
    const file = path.join(paths.dataDir, 'keelson.db')
    const db = openDatabase({ file, backupDir: path.join(paths.dataDir, 'backups'), now: () => clock.now() })
    try {
      if (readAppLock(db.reader) === null) return false
      deleteAppLock(db.writer)
      createLog(log, clock).warn('lock.forgotten')
      return true
    } finally {
      db.close()
    }
  } finally {
    folder.release()
  }
}
