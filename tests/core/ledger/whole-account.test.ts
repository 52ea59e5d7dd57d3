import { describe, expect, test } from 'vitest'
import { markWhole } from '../../../electron/core/store/ledger-dirty.ts'
import { save } from '../store/support.ts'
import { buy, desk, sale } from './support/desk.ts'
import { ledgerDump, settled } from './support/ledger-dump.ts'

describe('an account computed whole', () => {
  test('with an instrument that fails keeps its days, and they are right once it can be computed again', () => {
    const { db, work, row } = desk()
    save(db, [row(buy('a', '2025-03-03')), row(sale('b', '2025-03-04')), row(buy('c', '2025-03-03', { symbol: 'XYZ' })), row(sale('d', '2025-03-04', { symbol: 'XYZ' }))])
    settled(work)
    const before = ledgerDump(db)
    db.raw.exec("CREATE TRIGGER broken BEFORE UPDATE ON ledger_books WHEN NEW.symbol = 'AAPL' BEGIN SELECT RAISE(ABORT, 'broken'); END")
    db.writer.tx(w => markWhole(w, 1))
    expect(settled(work)).toHaveLength(1)
    expect(ledgerDump(db)['days']).toEqual(before['days'])
    db.raw.exec('DROP TRIGGER broken')
    expect(settled(work)).toEqual([])
    expect(ledgerDump(db)).toEqual(before)
  })
})
