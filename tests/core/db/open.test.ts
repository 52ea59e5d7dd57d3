import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { migration } from '../../../electron/core/db/migration.ts'
import { migrations } from '../../../electron/core/db/migrations/index.ts'
import { type Db, openConnection, openDatabase } from '../../../electron/core/db/open.ts'
import { sql } from '../../../electron/core/db/sql.ts'
import { AT, fingerprint, modeOf, openToOthers, tempDatabase, tempFolder } from '../../support/data-folder.ts'

const now = () => AT
const NEWEST = migrations.at(-1)?.version ?? 0
const next = migration(NEWEST + 1, 'a note beside each connection', db => void db.exec('ALTER TABLE connections ADD COLUMN note TEXT'))

describe('a data folder', () => {
  test.skipIf(process.platform === 'win32')('belongs to its owner alone: folder 0700, every file 0600', () => {
    const before = process.umask(0o022)
    try {
      const dir = join(tempFolder(), 'new', 'data')
      const db = openDatabase({ file: join(dir, 'keelson.db'), now })
      db.writer.run(sql`INSERT INTO meta (name, value) VALUES ('a', 'b')`)
      expect(modeOf(dir)).toBe(0o700)
      expect(readdirSync(dir).toSorted()).toEqual(['keelson.db', 'keelson.db-shm', 'keelson.db-wal'])
      expect(openToOthers(dir)).toEqual([])
      db.close()
    } finally {
      process.umask(before)
    }
  })

  test.skipIf(process.platform === 'win32')('is narrowed when it was left open to others', () => {
    const dir = join(tempFolder(), 'data')
    mkdirSync(dir, { mode: 0o755 })
    const file = join(dir, 'keelson.db')
    openDatabase({ file, now }).close()
    expect(modeOf(dir)).toBe(0o700)
    chmodSync(file, 0o644)
    openDatabase({ file, now }).close()
    expect(modeOf(file)).toBe(0o600)
  })
})

describe('every connection', () => {
  const settings = (db: Db) =>
    Object.fromEntries(
      [
        'synchronous',
        'journal_mode',
        'foreign_keys',
        'trusted_schema',
        'secure_delete',
        'cell_size_check',
        'busy_timeout',
        'temp_store',
      ].map(name => [name, db.raw.pragma(name, { simple: true })]),
    )
  const expected = {
    synchronous: 2,
    journal_mode: 'wal',
    foreign_keys: 1,
    trusted_schema: 0,
    secure_delete: 1,
    cell_size_check: 1,
    busy_timeout: 5000,
    temp_store: 2,
  }

  test('writes through to the disk and trusts no schema: the owner, a second one and a reader', () => {
    const db = tempDatabase()
    const second = openConnection(db.file)
    const reader = openConnection(db.file, { readonly: true })
    for (const each of [db, second, reader]) expect(settings(each)).toEqual(expected)
    expect(() => reader.writer.run(sql`DELETE FROM meta`)).toThrow('readonly')
    second.close()
    reader.close()
  })

  test('refuses to be made for a file that is not there', () => {
    expect(() => openConnection(join(tempFolder(), 'none.db'))).toThrow('unable to open')
  })
})

describe('a database of a newer Keelson', () => {
  test('is refused and left as it was, byte for byte', () => {
    const dir = tempFolder()
    const file = join(dir, 'keelson.db')
    openDatabase({ file, migrations: [...migrations, next], now }).close()
    const before = fingerprint(dir)
    expect(() => openDatabase({ file, now })).toThrow(expect.objectContaining({ code: 'app/data-newer' }))
    expect(fingerprint(dir)).toEqual(before)
  })

  test('is refused too when only its log says so, after a crash', () => {
    const from = tempFolder()
    const db = openDatabase({ file: join(from, 'keelson.db'), now })
    db.raw.pragma(`user_version = ${NEWEST + 1}`)
    const dir = tempFolder()
    for (const name of ['keelson.db', 'keelson.db-wal']) copyFileSync(join(from, name), join(dir, name))
    db.close()
    const before = fingerprint(dir)
    expect(() => openDatabase({ file: join(dir, 'keelson.db'), now })).toThrow(expect.objectContaining({ code: 'app/data-newer' }))
    expect(fingerprint(dir)).toMatchObject(before)
  })
})

describe('a damaged data file', () => {
  const PAGE = 4096
  const good = (dir: string): string => {
    const file = join(dir, 'keelson.db')
    const db = openDatabase({ file, now })
    db.writer.tx(w => {
      for (let i = 0; i < 500; i += 1) w.run(sql`INSERT INTO meta (name, value) VALUES (${`name ${i}`}, ${'x'.repeat(200)})`)
    })
    db.close()
    return file
  }
  const overwrite = (file: string, from: number, bytes: Buffer): void => {
    const content = readFileSync(file)
    bytes.copy(content, from)
    writeFileSync(file, content)
  }
  const damages: Record<string, (file: string) => void> = {
    'text instead of a database': file => writeFileSync(file, 'dear diary'),
    'zeros instead of a header': file => overwrite(file, 0, Buffer.alloc(100)),
    'a torn header': file => truncateSync(file, 60),
    'half a page missing': file => truncateSync(file, statSync(file).size - PAGE / 2),
    'the last pages missing': file => truncateSync(file, statSync(file).size - 4 * PAGE),
    'a form nobody writes': file => overwrite(file, 18, Buffer.from([9])),
    'a schema of a form nobody writes': file => overwrite(file, 44, Buffer.from([0, 0, 0, 99])),
    'a version lost from under its tables': file => overwrite(file, 60, Buffer.alloc(4)),
    'an older version than its tables have': file => overwrite(file, 60, Buffer.from([0, 0, 0, 3])),
    'noise in a restored copy, which has no log yet': file => {
      overwrite(file, 18, Buffer.from([1, 1]))
      overwrite(file, Math.floor(statSync(file).size / PAGE / 2) * PAGE, Buffer.alloc(PAGE, 0xa5))
    },
    "another program's mark": file => overwrite(file, 68, Buffer.from('GARM')),
    'noise in the schema': file => overwrite(file, 100, Buffer.alloc(300, 0x5a)),
    'noise in the middle': file => overwrite(file, Math.floor(statSync(file).size / PAGE / 2) * PAGE, Buffer.alloc(PAGE, 0xa5)),
  }

  test.each(Object.entries(damages))('is refused and left as it was: %s', (_, damage) => {
    const dir = tempFolder()
    const file = good(dir)
    damage(file)
    const before = readFileSync(file)
    expect(() => openDatabase({ file, now })).toThrow(expect.objectContaining({ code: 'app/data-damaged' }))
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  test('is also a log whose database is gone: both are left as they are', () => {
    const from = tempDatabase()
    from.writer.run(sql`INSERT INTO meta (name, value) VALUES ('last', 'words')`)
    const dir = tempFolder()
    copyFileSync(`${from.file}-wal`, join(dir, 'keelson.db-wal'))
    const before = fingerprint(dir)
    expect(() => openDatabase({ file: join(dir, 'keelson.db'), now })).toThrow(expect.objectContaining({ code: 'app/data-damaged' }))
    expect(fingerprint(dir)).toEqual(before)
  })

  test("may be a folder, a link or another program's database; none is touched", () => {
    const dir = tempFolder()
    const folder = join(dir, 'folder')
    mkdirSync(folder)
    const elsewhere = join(dir, 'elsewhere.db')
    const other = new Database(elsewhere)
    other.exec('CREATE TABLE theirs (a)')
    other.close()
    const link = join(dir, 'link.db')
    symlinkSync(elsewhere, link)
    const before = fingerprint(dir)
    for (const file of [folder, elsewhere, link]) {
      expect(() => openDatabase({ file, now })).toThrow(expect.objectContaining({ code: 'app/data-damaged' }))
    }
    expect(fingerprint(dir)).toEqual(before)
  })
})

describe('an unfinished first start', () => {
  test('is begun again from an empty file', () => {
    const file = join(tempFolder(), 'keelson.db')
    writeFileSync(file, '')
    const db = openDatabase({ file, now })
    expect(db.raw.pragma('user_version', { simple: true })).toBe(NEWEST)
    db.close()
  })

  test('is begun again from a file that has only its journal mode', () => {
    const file = join(tempFolder(), 'keelson.db')
    const raw = new Database(file)
    raw.pragma('journal_mode = WAL')
    raw.close()
    expect(statSync(file).size).toBeGreaterThan(0)
    openDatabase({ file, now }).close()
    openDatabase({ file, now }).close()
  })
})

describe('a migration', () => {
  test('keeps a copy of the database as it was before', () => {
    const dir = tempFolder()
    const file = join(dir, 'keelson.db')
    const db = openDatabase({ file, now })
    db.writer.run(sql`INSERT INTO meta (name, value) VALUES ('kept', 'yes')`)
    db.close()
    const backupDir = join(dir, 'copies')
    const moved = openDatabase({ file, migrations: [...migrations, next], backupDir, now })
    expect(moved.raw.pragma('user_version', { simple: true })).toBe(NEWEST + 1)
    moved.close()
    const [copy = ''] = readdirSync(backupDir)
    expect(openToOthers(backupDir)).toEqual([])
    const old = openDatabase({ file: join(backupDir, copy), now })
    expect(old.raw.pragma('user_version', { simple: true })).toBe(NEWEST)
    expect(old.reader.get(sql`SELECT value FROM meta WHERE name = 'kept'`)).toEqual({ value: 'yes' })
    old.close()
  })

  test('that fails leaves the version it came from, whole', () => {
    const file = join(tempFolder(), 'keelson.db')
    openDatabase({ file, now }).close()
    const broken = migration(NEWEST + 2, 'broken', db => {
      db.exec('DROP TABLE meta')
      throw new Error('power cut')
    })
    expect(() => openDatabase({ file, migrations: [...migrations, next, broken], now })).toThrow('power cut')
    const db = openDatabase({ file, now })
    expect(db.raw.pragma('user_version', { simple: true })).toBe(NEWEST)
    expect(db.reader.get(sql`SELECT count(*) AS n FROM pragma_table_info('connections') WHERE name = 'note'`)).toEqual({ n: 0 })
    expect(db.reader.get(sql`SELECT 1 AS there FROM meta`)).toEqual({ there: 1 })
    db.close()
  })

  test('is not run, and no copy is made, when there is nothing to do', () => {
    const dir = tempFolder()
    const file = join(dir, 'keelson.db')
    openDatabase({ file, now }).close()
    openDatabase({ file, now }).close()
    expect(existsSync(join(dir, 'backups'))).toBe(false)
  })
})
