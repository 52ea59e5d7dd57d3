import { join } from 'node:path'
import { expect, test } from 'vitest'
import { migrations } from '../../../electron/core/db/migrations/index.ts'
import { openDatabase } from '../../../electron/core/db/open.ts'
import { createLedgerWork } from '../../../electron/core/ledger/work.ts'
import { gaps } from '../../../electron/core/services/ledger-gaps.ts'
import { realizations } from '../../../electron/core/services/ledger-trips.ts'
import { createLedgerWords } from '../../../electron/core/services/ledger-words.ts'
import { setOverride } from '../../../electron/core/store/ledger-words.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { AT, tempFolder } from '../../support/data-folder.ts'
import { fakePorts } from '../../support/fake-ports.ts'
import { save, withAccounts } from '../store/support.ts'
import { buy, desk, sale } from './support/desk.ts'
import { settled } from './support/ledger-dump.ts'

const d = Dec.of
const BEFORE = 18
const { signal } = new AbortController()
const action = { kind: 'corporate-action', side: null, price: null } as const

function removed() {
  const { db, work, row } = desk()
  const rows = [
    buy('a', '2025-01-02'),
    buy('out', '2025-02-03', { ...action, brokerType: 'REORG', quantity: d('-10') }),
    buy('cil', '2025-02-03', { ...action, brokerType: 'Cash In Lieu', quantity: null, amount: d('30') }),
  ]
  save(db, rows.map(one => row(one)))
  settled(work)
  const words = createLedgerWords({
    db,
    clock: { now: () => AT, monotonicMs: () => 0, after: () => () => undefined },
    random: fakePorts('/nowhere').random,
    ledger: { settle: async () => void settled(work) },
    between: async run => run(),
  })
  return { db, words, results: () => realizations(db.reader, { environment: 'paper', limit: 9 }).rows }
}

test('shares that left beside cash in lieu alone are told as a gap, and their price settles it', async () => {
  const { db, words, results } = removed()
  const [gap, ...others] = gaps(db.reader)
  expect(others).toEqual([])
  expect(gap).toMatchObject({ kind: 'unknown-cost', lacksPrice: true, quantity: '-10', suggestions: [] })
  expect(gap?.sentence).toBe(
    '10 AAPL left on 3 Feb 2025 beside cash in place of a fraction, and no row says what else came for them. Until their price is told, what this made is not known.',
  )
  expect(results()).toMatchObject([{ quantity: '10', pnl: null }])
  if (!gap) throw new Error('no gap')
  const { accountId, symbol, currency, day, quantity, activityId } = gap
  await words['ledger.addOpeningLot']({ accountId, symbol, currency, day, quantity, price: d('3'), note: '', activityId }, { signal })
  expect(results()).toMatchObject([{ quantity: '10', pnl: '-20' }])
  expect(gaps(db.reader)).toEqual([])
})

test('shares that came by a corporate action are asked for lot by lot, as before', () => {
  const { db, work, row } = desk()
  save(db, [row(buy('in', '2025-02-03', { ...action, brokerType: 'SPIN', quantity: d('4') })), row(sale('s', '2025-02-04', { quantity: d('1') }))])
  settled(work)
  expect(gaps(db.reader)).toMatchObject([{ kind: 'unknown-cost', lacksPrice: false, quantity: '4' }])
})

test('what left for cash before is computed anew once, and nothing else is', () => {
  const file = join(tempFolder(), 'keelson.db')
  const before = openDatabase({ file, migrations: migrations.slice(0, BEFORE), now: () => AT })
  const [accountId] = withAccounts(before, { con_1: ['1001'] })
  if (accountId === undefined) throw new Error('no account')
  const told = [
    buy('a', '2025-01-02'),
    buy('cil', '2025-02-03', { ...action, brokerType: 'Cash In Lieu', quantity: null, amount: d('30') }),
    buy('said', '2025-02-03', { ...action, brokerType: 'REORG', symbol: 'KO', quantity: d('-10') }),
    buy('short', '2025-02-03', { ...action, brokerType: 'Corporate Action', description: 'CIL MSFT', symbol: 'MSFT', quantity: null, amount: d('30') }),
    buy('back', '2025-02-03', { ...action, brokerType: 'CIL', symbol: 'NKE', quantity: null, amount: d('-30') }),
    buy('paid', '2025-02-03', { ...action, brokerType: 'MA', symbol: 'PEP', quantity: null, amount: d('30') }),
  ]
  save(before, told.map(one => ({ ...desk().row(one), accountId })))
  setOverride(before.writer, 1, 'said', { price: d('4') }, AT)
  before.raw.exec('DELETE FROM ledger_dirty; DELETE FROM ledger_dirty_days')
  before.close()
  const opened = openDatabase({ file, now: () => AT })
  expect(opened.raw.prepare('SELECT symbol FROM ledger_dirty ORDER BY symbol').pluck().all()).toEqual(['AAPL', 'KO', 'MSFT', 'NKE'])
  expect(settled(createLedgerWork(opened.writer))).toEqual([])
  opened.close()
})
