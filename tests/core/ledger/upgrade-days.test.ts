import { join } from 'node:path'
import { expect, test } from 'vitest'
import { migrations } from '../../../electron/core/db/migrations/index.ts'
import { openDatabase } from '../../../electron/core/db/open.ts'
import { createLedgerWork } from '../../../electron/core/ledger/work.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { AT, tempFolder } from '../../support/data-folder.ts'
import { save, withAccounts } from '../store/support.ts'
import { buy, desk, sale } from './support/desk.ts'
import { settled } from './support/ledger-dump.ts'

const d = Dec.of
const BEFORE_DAYS = 17
const dated = (cell: string): string => JSON.stringify({ Date: cell, Action: 'Stock Split' })

test('a split that was imported before with the day it is as of counts from its close on, and everything is computed anew', () => {
  const file = join(tempFolder(), 'keelson.db')
  const before = openDatabase({ file, migrations: migrations.slice(0, BEFORE_DAYS), now: () => AT })
  const [accountId] = withAccounts(before, { con_1: ['1001', '2002'] })
  if (accountId === undefined) throw new Error('no account')
  const split = (externalId: string, symbol: string, raw: string) => ({
    ...desk().row(buy(externalId, '2024-07-12', { symbol, kind: 'split', brokerType: 'Stock Split', side: null, price: null, quantity: d('9') })), accountId, raw,
  })
  const told = [buy('b', '2024-06-13', { quantity: d('2'), price: d('1500') }), sale('s', '2024-07-12', { quantity: d('1'), price: d('1690') }), buy('d', '2024-07-12', { kind: 'dividend', side: null, quantity: null, price: null, amount: d('1') })]
  save(before, [
    ...told.map(one => ({ ...desk().row(one), accountId, raw: dated('07/15/2024 as of 07/12/2024') })),
    split('as-of', 'AAPL', dated('07/15/2024 as of 07/12/2024')), split('plain', 'KO', dated('07/12/2024')), split('other', 'PEP', 'no json'), split('none', 'XOM', '{}'),
  ])
  before.raw.exec('DELETE FROM ledger_dirty; DELETE FROM ledger_dirty_days')
  before.close()

  const opened = openDatabase({ file, now: () => AT })
  const words = opened.raw.prepare('SELECT external_id, broker_type FROM activities ORDER BY id').raw().all()
  expect(words).toEqual([['b', 'FILL'], ['s', 'FILL'], ['d', 'FILL'], ['as-of', 'Stock Split as of 07/12/2024'], ['plain', 'Stock Split'], ['other', 'Stock Split'], ['none', 'Stock Split']])
  expect(opened.raw.prepare('SELECT account, symbol FROM ledger_dirty').all()).toEqual([{ account: 1, symbol: '*' }])
  expect(settled(createLedgerWork(opened.writer))).toEqual([])
  expect(opened.raw.prepare("SELECT realized, quantity FROM ledger_books WHERE symbol = 'AAPL'").get()).toEqual({ realized: '190', quantity: '10' })
  opened.close()
})
