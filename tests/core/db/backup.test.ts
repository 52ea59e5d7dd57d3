import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { backupDaily, snapshotBefore } from '../../../electron/core/db/backup.ts'
import { openConnection, openDatabase } from '../../../electron/core/db/open.ts'
import { sql } from '../../../electron/core/db/sql.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { AT, openToOthers, tempDatabase, tempFolder } from '../../support/data-folder.ts'

const DAY_MS = 86_400_000

test('a backup is made once a day, private, and the newest seven are kept', async () => {
  const db = tempDatabase()
  const dir = join(tempFolder(), 'backups')
  for (let day = 0; day < 9; day += 1) {
    const at = Instant.plus(AT, day * DAY_MS)
    expect(await backupDaily(db, dir, at)).toBe(join(dir, `keelson-${at.slice(0, 10)}.db`))
    expect(await backupDaily(db, dir, Instant.plus(at, 3_600_000))).toBeNull()
  }
  const days = Array.from({ length: 7 }, (_, i) => `keelson-${Instant.plus(AT, (i + 2) * DAY_MS).slice(0, 10)}.db`)
  expect(readdirSync(dir).toSorted()).toEqual(days)
  expect(openToOthers(dir)).toEqual([])
})

test('a backup taken while others write is whole and opens as a database of its own', async () => {
  const db = tempDatabase()
  const other = openConnection(db.file)
  other.writer.tx(w => {
    for (let i = 0; i < 20_000; i += 1) w.run(sql`INSERT INTO meta (name, value) VALUES (${`n${i}`}, ${'x'.repeat(200)})`)
  })
  const going = backupDaily(db, join(tempFolder(), 'backups'), AT)
  other.writer.run(sql`INSERT INTO meta (name, value) VALUES ('late', 'row')`)
  const file = await going
  other.close()
  const copy = openDatabase({ file: file ?? '', now: () => AT })
  expect(copy.raw.pragma('integrity_check', { simple: true })).toBe('ok')
  expect(copy.reader.get(sql`SELECT count(*) AS n FROM meta WHERE name LIKE 'n%'`)).toEqual({ n: 20_000 })
  copy.close()
})

test('a backup that cannot be written leaves no half copy', async () => {
  const db = tempDatabase()
  const dir = join(tempFolder(), 'backups')
  db.raw.close()
  await expect(backupDaily(db, dir, AT)).rejects.toThrow('database connection is not open')
  expect(readdirSync(dir)).toEqual([])
})

test('of the copies made before migrations the newest three are kept, whatever their versions are called', () => {
  const db = tempDatabase()
  const dir = join(tempFolder(), 'backups')
  const made = [8, 9, 10, 11].map((version, day) => snapshotBefore(db, dir, version, Instant.plus(AT, day * DAY_MS)))
  expect(
    readdirSync(dir)
      .map(name => join(dir, name))
      .toSorted(),
  ).toEqual(made.slice(1).toSorted())
})
