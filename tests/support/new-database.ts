import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openDatabase } from '../../electron/core/db/open.ts'
import { sql } from '../../electron/core/db/sql.ts'
import { Instant } from '../../shared/domain/time.ts'

const NAME = 'keelson.db'

/** A data file as the first start leaves it, and where in it the one thing stands that no two have in common. */
interface Made {
  readonly bytes: Buffer
  readonly saltAt: number
}

let known: Made | undefined

/** Running every migration once serves all tests of a process. */
function make(): Made {
  const dir = mkdtempSync(path.join(tmpdir(), 'keelson-new-'))
  try {
    const file = path.join(dir, NAME)
    const db = openDatabase({ file, now: () => Instant.parse('2026-11-20T20:59:58Z') })
    const salt = db.reader.get(sql`SELECT value FROM meta WHERE name = 'account-salt'`)?.['value']
    db.close()
    const bytes = readFileSync(file)
    const saltAt = bytes.indexOf(String(salt))
    if (saltAt < 0 || bytes.lastIndexOf(String(salt)) !== saltAt) throw new TypeError('the salt does not stand in one place')
    return { bytes, saltAt }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Puts a new data file into a folder that has none, and answers its path. What the first start does is the affair of the tests of `db`. */
export function newDatabase(folder: string): string {
  const file = path.join(folder, NAME)
  if (existsSync(file)) return file
  const { bytes, saltAt } = (known ??= make())
  bytes.write(randomBytes(32).toString('hex'), saltAt, 'latin1')
  writeFileSync(file, bytes, { mode: 0o600 })
  return file
}
