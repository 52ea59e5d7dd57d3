import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Db } from '../../../electron/core/db/open.ts'
import { createLedgerWork } from '../../../electron/core/ledger/work.ts'
import { removeActivities } from '../../../electron/core/store/activities-remove.ts'
import { markDay, markSymbol, markWhole } from '../../../electron/core/store/ledger-dirty.ts'
import { addOpening, setMethod, setOverride, setPicks } from '../../../electron/core/store/ledger-words.ts'
import { LOT_METHODS } from '../../../shared/domain/lot-method.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { AT, tempDatabase } from '../../support/data-folder.ts'
import { save, withAccounts } from '../store/support.ts'
import { historyRow, openingDay, SYMBOLS } from './support/histories.ts'
import { ledgerDump, recomputed, settled } from './support/ledger-dump.ts'

type Stored = { id: number; account: number; external_id: string; symbol: string | null; trade_date: string }
const stored = (db: Db, at: number): Stored | undefined => {
  const rows = db.raw.prepare('SELECT id, account, external_id, symbol, trade_date FROM activities ORDER BY id').all() as Stored[]
  return rows.length === 0 ? undefined : rows[at % rows.length]
}

const small = fc.integer({ min: 1, max: 9 }).map(n => Dec.of(String(n)))
const UNITS = [{}, {}, { assetClass: 'option', multiplier: Dec.of('150') }, { assetClass: 'bond', multiplier: Dec.of('0.01') }, { assetClass: 'other' }] as const

/** Something that changes what the ledger must say. */
const change = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), at: fc.nat(1000) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('override' as const), at: fc.nat(1000), said: fc.constantFrom({ ignored: true }, { price: Dec.of('7') }, { multiplier: Dec.of('10') }, { fees: Dec.of('1') }, { quantity: Dec.of('3') }, null) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('opening' as const), symbol: fc.constantFrom(...SYMBOLS), day: fc.nat(20), quantity: small, price: fc.option(small), units: fc.constantFrom(...UNITS) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('picks' as const), at: fc.nat(1000), lot: fc.integer({ min: 1, max: 60 }), quantity: fc.oneof(small, fc.constantFrom(Dec.of('0.5'), Dec.of('2.125'))) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('method' as const), method: fc.constantFrom(...LOT_METHODS) }) },
)
type Change = typeof change extends fc.Arbitrary<infer C> ? C : never

function apply(db: Db, one: Change, number: number): void {
  db.writer.tx(w => {
    if (one.kind === 'method') {
      setMethod(w, 1, one.method)
      return markWhole(w, 1)
    }
    if (one.kind === 'opening') {
      addOpening(w, 1, { id: `lot_${number}`, symbol: one.symbol, currency: 'USD', day: openingDay(one.day), quantity: one.quantity, price: one.price, note: '', createdAt: AT, ...one.units })
      return markSymbol(w, 1, one.symbol)
    }
    const row = stored(db, one.at)
    if (!row) return
    if (one.kind === 'remove') return removeActivities(w, [row.id])
    if (one.kind === 'override') setOverride(w, row.account, row.external_id, one.said, AT)
    else setPicks(w, row.account, row.external_id, [{ lot: `row-${one.lot}`, quantity: one.quantity }])
    if (row.symbol !== null) markSymbol(w, row.account, row.symbol)
    markDay(w, row.account, LocalDate.of(row.trade_date))
  })
}

describe('a ledger kept up to date', () => {
  test('is what computing everything anew comes to, whatever came in whatever order', () => {
    const steps = fc.array(fc.tuple(fc.array(historyRow(['a', 'b'] as never), { maxLength: 14 }), fc.option(change)), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(steps, batches => {
        const db = tempDatabase()
        const accounts = withAccounts(db, { con_1: ['1001', '2002'] })
        const work = createLedgerWork(db.writer)
        batches.forEach(([rows, more], at) => {
          save(db, rows.map(row => ({ ...row, accountId: accounts[String(row.accountId) === 'a' ? 0 : 1] ?? row.accountId })))
          if (more) apply(db, more, at)
          expect(settled(work)).toEqual([])
        })
        const kept = ledgerDump(db)
        recomputed(db)
        expect(kept).toEqual(ledgerDump(db))
        db.close()
      }),
      { numRuns: 60, endOnFailure: true },
    )
  })
})
