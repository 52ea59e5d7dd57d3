import { expect, test } from 'vitest'
import { replacePositions } from '../../../electron/core/store/positions.ts'
import { addFixes } from '../../../electron/core/store/reconciliation-fixes.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { AT } from '../../support/data-folder.ts'
import { save } from '../store/support.ts'
import { buy, desk, word } from './support/desk.ts'
import { ledgerDump, recomputed, settled } from './support/ledger-dump.ts'

const d = Dec.of
const LOTS = "SELECT group_concat(coalesce(unit, '?')) FROM ledger_lots"

test('a lot from before the history costs what it did as soon as its position is read, not only once a row comes', () => {
  const { db, work, row } = desk()
  const { accountId } = row({ externalId: 'any' })
  const symbol = '912828ABC'
  db.writer.tx(w => addFixes(w, [{ id: 'fix_1/0', accountId, word: 'lot', symbol, currency: 'USD', amount: d('10000'), day: LocalDate.of('2025-01-02'), detail: { label: 'Add it', assetClass: null, price: d('98') }, at: AT }]))
  settled(work)
  expect(word(db, LOTS)).toBe('?')
  const held = { symbol, assetClass: 'bond', quantity: d('10000'), averagePrice: d('98'), marketValue: d('9850'), unrealized: d('50'), currency: 'USD', asOf: AT } as const
  replacePositions(db.writer, accountId, [held], AT)
  settled(work)
  expect(word(db, LOTS)).toBe('0.98')
  // Read again, it has nothing more to say.
  replacePositions(db.writer, accountId, [held], AT)
  expect(word(db, 'SELECT count(*) FROM ledger_dirty')).toBe(0)
  const before = ledgerDump(db)
  recomputed(db)
  expect(ledgerDump(db)).toEqual(before)
})

test('what a row that moves nothing states of a contract changes no lot, whenever it comes', () => {
  const { db, work, row } = desk()
  const future = { symbol: '/QQM25', assetClass: 'future' } as const
  save(db, [row(buy('b', '2025-03-03', { ...future, quantity: d('1'), price: d('100') }))])
  settled(work)
  save(db, [{ ...row(buy('paid', '2025-03-04', { ...future, kind: 'dividend', side: null, quantity: null, price: null, amount: d('1') })), raw: '{"multiplier":"50"}' }])
  settled(work)
  const before = ledgerDump(db)
  recomputed(db)
  expect(ledgerDump(db)).toEqual(before)
  save(db, [{ ...row(buy('c', '2025-03-05', { ...future, quantity: d('1'), price: d('100') })), raw: '{"multiplier":"50"}' }])
  settled(work)
  expect(word(db, LOTS)).toBe('5000,5000')
})
