import path from 'node:path'
import { migration, type Migration } from '../../../electron/core/db/migration.ts'
import { migrations } from '../../../electron/core/db/migrations/index.ts'
import { openDatabase } from '../../../electron/core/db/open.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { DATABASE } from '../support/sample.ts'
import { watchStatements } from '../support/statements.ts'

/**
 * Brings a data folder up to a schema version and ends itself before or after one of the statements on the way:
 * `migrator.ts <folder> <version> <statement>`, a negative number for none. It says how many statements there were when it comes
 * through, and `begun` as the first one is about to run.
 */
const [folder = '', version = '0', fatal = '-1'] = process.argv.slice(2)
let count = 0

function pass(): void {
  if (count === 0) process.send?.({ begun: true })
  if (count === Number(fatal)) process.kill(process.pid, 'SIGKILL')
  count += 1
}

const watched = migrations
  .filter(step => step.version <= Number(version))
  .map((step: Migration) => migration(step.version, step.title, raw => step.up(watchStatements(raw, pass))))

const db = openDatabase({ file: path.join(folder, DATABASE), migrations: watched, now: () => Instant.fromEpochMs(Date.now()) })
db.close()
process.send?.({ statements: count })
process.disconnect()
