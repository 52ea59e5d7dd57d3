import { join } from 'node:path'
import { expect, test } from 'vitest'
import { migrations } from '../../../electron/core/db/migrations/index.ts'
import { type Db, openDatabase } from '../../../electron/core/db/open.ts'
import { sql } from '../../../electron/core/db/sql.ts'
import { createLedgerWork } from '../../../electron/core/ledger/work.ts'
import { markWhole } from '../../../electron/core/store/ledger-dirty.ts'
import { closingsWhere } from '../../../electron/core/store/ledger-realizations.ts'
import { setMethod } from '../../../electron/core/store/ledger-words.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { AT, tempFolder } from '../../support/data-folder.ts'
import { save, withAccounts } from '../store/support.ts'
import { fills } from './support/fills.ts'
import { buy, desk } from './support/desk.ts'
import { ledgerDump, settled } from './support/ledger-dump.ts'

const A_ROW_EACH = 9
const OLD_RULES = 11
const IN_LIEU_KEPT = 13
const COMPUTED = ['ledger_books', 'ledger_lots', 'ledger_trips', 'ledger_gaps', 'ledger_days'] as const

/** Two accounts with their history, one with a method of its own. */
function withHistory(db: Db): void {
  const accounts = withAccounts(db, { con_1: ['1001', '2002'] })
  accounts.forEach((account, at) => save(db, fills(account, 11 + at, 3)))
  db.writer.tx(w => {
    setMethod(w, 2, 'lifo')
    markWhole(w, 2)
  })
}

function copyComputed(file: string, to: Db, tables: readonly string[]): void {
  to.raw.prepare('ATTACH ? AS newer').run(file)
  for (const table of tables) {
    // Books have a column more since; what it holds is nothing that was computed.
    const columns = table === 'ledger_books' ? to.raw.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table).join(', ') : '*'
    to.raw.exec(`INSERT INTO ${table} SELECT ${columns} FROM newer.${table}`)
  }
  to.raw.exec('DETACH newer; DELETE FROM ledger_dirty; DELETE FROM ledger_dirty_days')
}

/** What this version computes, copied to how the version before kept it: a row for each closing, and nothing that waits. */
function keepAsBefore(now: Db, file: string, before: Db): void {
  copyComputed(file, before, COMPUTED)
  const put = before.raw.prepare('INSERT INTO ledger_realizations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  for (const one of [...closingsWhere(now.reader, { where: sql`TRUE` })].flatMap(({ closings }) => closings)) {
    const { book, place, openKey, closeKey, openDay, closeDay, trip, isShort, quantity, proceeds, cost, pnl, fees } = one
    put.run(book, place, openKey, closeKey, openDay, closeDay, trip, isShort ? 1 : 0, quantity, proceeds, cost, pnl, fees)
  }
}

test('a data folder with a row for each closing computes its results anew, and they are the same', { timeout: 60_000 }, () => {
  const [newer, older] = [join(tempFolder(), 'keelson.db'), join(tempFolder(), 'keelson.db')]
  const now = openDatabase({ file: newer, now: () => AT })
  withHistory(now)
  expect(settled(createLedgerWork(now.writer))).toEqual([])
  const before = openDatabase({ file: older, migrations: migrations.slice(0, A_ROW_EACH), now: () => AT })
  withHistory(before)
  keepAsBefore(now, newer, before)
  expect(Number(before.raw.prepare('SELECT count(*) FROM ledger_realizations').pluck().get())).toBeGreaterThan(100)
  // A wrong figure of before does not live on.
  before.raw.exec("UPDATE ledger_days SET realized = '1'; UPDATE ledger_books SET realized = '2'")
  before.close()

  const opened = openDatabase({ file: older, now: () => AT })
  expect(opened.raw.prepare("SELECT name FROM sqlite_schema WHERE name LIKE 'ledger_realizations%'").all()).toEqual([])
  expect(opened.raw.prepare('SELECT account, symbol FROM ledger_dirty ORDER BY account').all()).toEqual([{ account: 1, symbol: '*' }, { account: 2, symbol: '*' }])
  expect(settled(createLedgerWork(opened.writer))).toEqual([])
  expect(ledgerDump(opened)).toEqual(ledgerDump(now))
  opened.close()
  now.close()
})

test('a data folder whose results were computed by rules since mended computes them anew', () => {
  const [newer, file] = [join(tempFolder(), 'keelson.db'), join(tempFolder(), 'keelson.db')]
  const now = openDatabase({ file: newer, now: () => AT })
  withHistory(now)
  expect(settled(createLedgerWork(now.writer))).toEqual([])
  const right = ledgerDump(now)
  now.close()
  const before = openDatabase({ file, migrations: migrations.slice(0, OLD_RULES), now: () => AT })
  withHistory(before)
  copyComputed(newer, before, [...COMPUTED, 'ledger_closings'])
  before.raw.exec("UPDATE ledger_days SET realized = '1'; UPDATE ledger_books SET realized = '2'")
  before.close()

  const opened = openDatabase({ file, now: () => AT })
  expect(ledgerDump(opened)).not.toEqual(right)
  expect(settled(createLedgerWork(opened.writer))).toEqual([])
  expect(ledgerDump(opened)).toEqual(right)
  opened.close()
})

test('a data folder in which cash in lieu was in no result computes those instruments anew, and no other', () => {
  const file = join(tempFolder(), 'keelson.db')
  const before = openDatabase({ file, migrations: migrations.slice(0, IN_LIEU_KEPT), now: () => AT })
  const [accountId] = withAccounts(before, { con_1: ['1001'] })
  if (accountId === undefined) throw new Error('no account')
  const cash = { symbol: 'XYZ', kind: 'corporate-action', side: null, quantity: null, price: null, amount: Dec.of('4') } as const
  const told = [
    buy('shares', '2025-03-03', { symbol: 'XYZ' }), buy('cil', '2025-03-05', { ...cash, brokerType: 'CIL' }),
    buy('words', '2025-03-05', { ...cash, symbol: 'KO', description: 'Cash In Lieu~KO' }), buy('merger', '2025-03-05', { ...cash, symbol: 'PEP' }),
  ]
  save(before, told.map(one => ({ ...desk().row(one), accountId })))
  before.raw.exec('DELETE FROM ledger_dirty; DELETE FROM ledger_dirty_days')
  before.close()
  const opened = openDatabase({ file, migrations: migrations.slice(0, IN_LIEU_KEPT + 1), now: () => AT })
  expect(opened.raw.prepare('SELECT symbol, from_sort_at FROM ledger_dirty ORDER BY symbol').all()).toEqual([{ symbol: 'KO', from_sort_at: 0 }, { symbol: 'XYZ', from_sort_at: 0 }])
  opened.close()
})
