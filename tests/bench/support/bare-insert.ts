import { ActivityWire } from '../../../electron/core/brokers/alpaca/wire.ts'
import { toActivity } from '../../../electron/core/brokers/alpaca/map.ts'
import { type Db, openDatabase } from '../../../electron/core/db/open.ts'
import { activityValues } from '../../../electron/core/ledger/values.ts'
import { adoptAccounts, numberHash } from '../../../electron/core/store/accounts.ts'
import { insertConnection } from '../../../electron/core/store/connections.ts'
import type { ActivityValues } from '../../../electron/core/store/activities-write.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { BENCH_CONNECTION, BENCH_NOW } from './bench-desk.ts'
import { type TradeOptions, wireRow } from './trades.ts'

const TX_ROWS = 5000

/** The rows a sync of this history stores, ready to bind: `count` of them, the newest first, beginning with row `from`. */
export function storedRows(account: AccountId, count: number, options: TradeOptions, from = 0): ActivityValues[] {
  const stamps = { asOf: BENCH_NOW, fetchedAt: Instant.plus(BENCH_NOW, 1000) }
  return Array.from({ length: count }, (_, at) => {
    const raw = wireRow(from + at, options).text
    return activityValues(account, { facts: toActivity(ActivityWire.parse(JSON.parse(raw))), raw }, stamps)
  })
}

/** A database with one account, set as the writer thread sets its own during a load. */
export function preparedDatabase(file: string): { db: Db; account: AccountId } {
  const db = openDatabase({ file, now: () => BENCH_NOW })
  insertConnection(db.writer, {
    id: BENCH_CONNECTION,
    broker: 'alpaca',
    environment: 'paper',
    method: 'api-key',
    state: { kind: 'connected' },
    createdAt: BENCH_NOW,
    consentedAt: BENCH_NOW,
    scopes: [],
  })
  const [account] = adoptAccounts(db.writer, {
    connectionId: BENCH_CONNECTION,
    broker: 'alpaca',
    environment: 'paper',
    accounts: [
      {
        numberHash: numberHash(db.reader, 'alpaca', 'paper', 'PA3BENCH0001'),
        brokerKey: 'aba134b6-217d-4fd2-b460-e3c80bbfb9b4',
        masked: '••••0001',
        name: 'Alpaca account',
        type: 'Margin',
        currency: 'USD',
      },
    ],
  })
  if (!account) throw new Error('no account')
  db.raw.pragma('wal_autocheckpoint = 16000')
  return { db, account: account.id }
}

/** The baseline: one prepared statement, values by position, 5,000 rows a transaction. The first value is replaced by the account's number. */
export function bareInsert(db: Db, rows: readonly ActivityValues[]): void {
  const columns = db.raw.prepare('SELECT name FROM pragma_table_info(?) WHERE name NOT IN (?, ?)').pluck().all('activities', 'id', 'import_id').map(String)
  const account = Number(db.raw.prepare('SELECT n FROM accounts').pluck().get())
  const insert = db.raw.prepare(`INSERT INTO activities (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`)
  const bound: unknown[] = []
  for (let start = 0; start < rows.length; start += TX_ROWS) {
    db.raw.exec('BEGIN IMMEDIATE')
    for (let at = start; at < Math.min(rows.length, start + TX_ROWS); at += 1) {
      const row = rows[at] ?? []
      for (let column = 0; column < columns.length; column += 1) bound[column] = row[column]
      bound[0] = account
      insert.run(bound)
    }
    db.raw.exec('COMMIT')
  }
}
