import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Db, openConnection, openDatabase } from '../../../electron/core/db/open.ts'
import { verifyAtStart } from '../../../electron/core/db/verify.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { AT, tempFolder } from '../../support/data-folder.ts'

const LARGE = 2 ** 30
const DAY_MS = 86_400_000
const later = (days: number): Instant => Instant.plus(AT, days * DAY_MS)
const damaged: unknown = expect.objectContaining({ code: 'app/data-damaged' })

/** A sound database in which the first page of one table was overwritten with noise afterwards. */
function withDamage(table: string): Db {
  const file = join(tempFolder(), 'keelson.db')
  const db = openDatabase({ file, now: () => AT })
  const page = Number(db.raw.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(table))
  db.close()
  const content = readFileSync(file)
  content.fill(0x5a, (page - 1) * 4096, page * 4096)
  writeFileSync(file, content)
  return openConnection(file)
}

describe('the check at start', () => {
  test('reads all of a small file every time', () => {
    const db = withDamage('orders')
    expect(() => verifyAtStart(db, { size: 1_000_000, clean: true, now: later(1) })).toThrow(damaged)
    db.close()
  })

  test('reads of a large file closed in order what no broker can give again', () => {
    for (const table of ['secrets', 'tokens', 'connections', 'data_keys']) {
      const db = withDamage(table)
      expect(() => verifyAtStart(db, { size: LARGE, clean: true, now: later(1) })).toThrow(damaged)
      db.close()
    }
    const history = withDamage('orders')
    expect(() => verifyAtStart(history, { size: LARGE, clean: true, now: later(1) })).not.toThrow()
    history.close()
  })

  test('reads all of a large file after an unclean end and once a week', () => {
    const db = withDamage('orders')
    expect(() => verifyAtStart(db, { size: LARGE, clean: false, now: later(1) })).toThrow(damaged)
    expect(() => verifyAtStart(db, { size: LARGE, clean: true, now: later(8) })).toThrow(damaged)
    expect(() => verifyAtStart(db, { size: LARGE, clean: true, now: later(-30) })).toThrow(damaged)
    db.close()
  })
})
