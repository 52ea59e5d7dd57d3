import { expect, test } from 'vitest'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { save } from '../store/support.ts'
import { buy, desk } from './support/desk.ts'
import { ledgerDump, recomputed, settled } from './support/ledger-dump.ts'

test('a split told in the middle of a day that turns out to be a purchase is one, and no split any more', () => {
  const { db, work, row } = desk()
  const executedAt = Instant.parse('2025-03-03T15:00:00Z')
  for (const [kind, side] of [['split', null], ['trade', 'buy']] as const) {
    save(db, [row(buy('a', '2025-03-03', { kind, side, executedAt, quantity: Dec.of('4') }))])
    settled(work)
  }
  const before = ledgerDump(db)
  recomputed(db)
  expect(ledgerDump(db)).toEqual(before)
  expect(db.raw.prepare('SELECT quantity, events FROM ledger_books').all()).toEqual([{ quantity: '4', events: 1 }])
})
