import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { migrations } from '../../../electron/core/db/migrations/index.ts'
import { type Db, openDatabase } from '../../../electron/core/db/open.ts'
import { sql } from '../../../electron/core/db/sql.ts'
import { AT, tempFolder } from '../../support/data-folder.ts'

const now = () => AT

/** A folder as the first version left it: two connections (one removed), an account and a row of history. */
function firstVersion(): { readonly file: string; readonly backupDir: string } {
  const dir = tempFolder()
  const file = join(dir, 'keelson.db')
  const db = openDatabase({ file, migrations: migrations.slice(0, 1), now })
  db.raw.exec(`
    INSERT INTO connections (id, broker, environment, method, state, scopes, created_at) VALUES ('con_a', 'alpaca', 'live', 'api-key', 'connected', '[]', 5);
    INSERT INTO connections (id, broker, environment, method, state, scopes, created_at, removed_at) VALUES ('con_b', 'schwab', 'live', 'oauth', 'connected', '["x"]', 7, 9);
    INSERT INTO accounts (id, connection_id, broker, environment, number_hash, broker_key, masked_number, name, type, currency, position)
      VALUES ('acc_1', 'con_a', 'alpaca', 'live', 'hash', 'key', '••••1234', 'Mine', 'margin', 'USD', 0);
    INSERT INTO activities (account, external_id, content_hash, sort_at, trade_date, kind, broker_type, fees, currency, status, as_of, fetched_at, raw)
      VALUES (1, 'row-1', 'c', 3, '2026-11-20', 'trade', 'FILL', '0', 'USD', 'final', 4, 5, '{"id":"row-1"}');
  `)
  db.close()
  return { file, backupDir: join(dir, 'backups') }
}

const all = (db: Db, table: 'connections' | 'accounts' | 'activities') =>
  table === 'connections'
    ? db.reader.all(sql`SELECT * FROM connections ORDER BY id`)
    : table === 'accounts'
      ? db.reader.all(sql`SELECT * FROM accounts`)
      : db.reader.all(sql`SELECT * FROM activities`)

describe('a data folder of the first version', () => {
  test('is brought up to date with everything in it, and a copy of it is kept', () => {
    const { file, backupDir } = firstVersion()
    const old = openDatabase({ file, migrations: migrations.slice(0, 1), now })
    const before = { connections: all(old, 'connections'), accounts: all(old, 'accounts'), activities: all(old, 'activities') }
    old.close()
    const db = openDatabase({ file, backupDir, now })
    expect(all(db, 'connections')).toEqual(before.connections.map(row => ({ ...row, label: '', is_primary: 0 })))
    expect(all(db, 'accounts')).toEqual(before.accounts.map(row => ({ ...row, excluded: 0 })))
    expect(all(db, 'activities')).toEqual(before.activities.map(row => ({ ...row, import_id: null, precedence: 0 })))
    db.close()
    const [copy = ''] = readdirSync(backupDir)
    expect(copy).toContain('before-migration-v1')
    const kept = openDatabase({ file: join(backupDir, copy), migrations: migrations.slice(0, 1), now })
    expect(all(kept, 'activities')).toEqual(before.activities)
    kept.close()
  })

  test('gets a way in for every connection it had: its own method', () => {
    const { file, backupDir } = firstVersion()
    const db = openDatabase({ file, backupDir, now })
    expect(db.reader.all(sql`SELECT * FROM connection_methods ORDER BY connection_id`)).toEqual([
      { connection_id: 'con_a', method: 'api-key', settings: '{}', added_at: 5, trouble: null, expires_at: null },
      { connection_id: 'con_b', method: 'oauth', settings: '{}', added_at: 7, trouble: null, expires_at: null },
    ])
    db.close()
  })

  test('can keep the files it is given from now on', () => {
    const { file, backupDir } = firstVersion()
    const db = openDatabase({ file, backupDir, now })
    db.writer.run(sql`INSERT INTO imports (id, account_id, created_at, rows, added) VALUES ('imp_1', 'acc_1', 1, 2, 2)`)
    db.writer.run(sql`UPDATE activities SET import_id = 'imp_1'`)
    expect(db.reader.get(sql`SELECT count(*) AS n FROM activities WHERE import_id = 'imp_1'`)).toEqual({ n: 1 })
    db.close()
  })
})
