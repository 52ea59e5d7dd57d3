import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Db } from '../../../electron/core/db/open.ts'
import { sql } from '../../../electron/core/db/sql.ts'
import { createLedgerWork } from '../../../electron/core/ledger/work.ts'
import { closingPage, closingsOfTrip } from '../../../electron/core/store/ledger-closings.ts'
import { forgetBooks } from '../../../electron/core/store/ledger-forget.ts'
import { markWhole } from '../../../electron/core/store/ledger-dirty.ts'
import { CLOSINGS_A_ROW, closingsWhere, type PlacedClosing } from '../../../electron/core/store/ledger-realizations.ts'
import { everyAccount } from '../../../electron/core/store/ledger-scope.ts'
import { setMethod } from '../../../electron/core/store/ledger-words.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { LOT_METHODS } from '../../../shared/domain/lot-method.ts'
import { tempDatabase } from '../../support/data-folder.ts'
import { type Row, save, withAccounts } from '../store/support.ts'
import { FILLS, fills } from './support/fills.ts'
import { ledgerDump, recomputed, settled } from './support/ledger-dump.ts'

const closings = (db: Db): PlacedClosing[] => [...closingsWhere(db.reader, { where: sql`TRUE` })].flatMap(({ closings: some }) => some)

/** Every page after the other. */
function pages(db: Db, limit: number, scope = {}): PlacedClosing[] {
  const found: PlacedClosing[] = []
  for (let after: string | undefined; ; ) {
    const { rows, next } = closingPage(db.reader, everyAccount(db.reader), scope, { limit, after })
    found.push(...rows)
    if (next === null) return found
    after = next
  }
}

const nameOf = ({ book, place, closeDay }: PlacedClosing): string => `${closeDay} ${String(book).padStart(6)} ${String(place).padStart(6)}`

/** How many are in each row; books come by their name, since a late first fill gives them other numbers. */
const IN_ROWS = 'SELECT r.count FROM ledger_closings r JOIN ledger_books b ON b.id = r.book ORDER BY b.symbol, b.currency, r.first'

/** What happens to a row that is in a full row of closings. */
const change = fc.record({ kind: fc.constantFrom('corrected' as const, 'canceled' as const, 'method' as const), at: fc.nat(FILLS - 1), method: fc.constantFrom(...LOT_METHODS) })

test('closings over many rows stay what computing everything anew comes to, with fills one by one, late ones, corrections, cancellations and another method', { timeout: 120_000 }, () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 3, maxLength: 9 })
  fc.assert(
    fc.property(fc.nat(1000), fc.nat(3), sizes, fc.array(fc.nat(FILLS - 1), { maxLength: 4 }), fc.array(change, { maxLength: 3 }), (seed, places, batches, late, changes) => {
      const db = tempDatabase()
      const [account] = withAccounts(db, { con_1: ['1001'] })
      if (!account) throw new Error('no account')
      const rows = fills(account, seed, places)
      const work = createLedgerWork(db.writer)
      const take = (some: readonly Row[]): void => {
        save(db, some)
        expect(settled(work)).toEqual([])
      }
      const onTime = rows.filter((_, at) => !late.includes(at))
      let from = 0
      for (const size of batches) take(onTime.slice(from, (from += size)))
      take(onTime.slice(from, -3))
      for (const row of onTime.slice(-3)) take([row])
      for (const at of new Set(late)) take(rows.slice(at, at + 1))
      for (const { kind, at, method } of changes) {
        if (kind === 'method') {
          db.writer.tx(w => {
            setMethod(w, 1, method)
            markWhole(w, 1)
          })
          take([])
        } else take(rows.slice(at, at + 1).map(row => ({ ...row, facts: { ...row.facts, price: Dec.of('77.7'), status: kind } })))
      }
      const kept = ledgerDump(db)
      const inRows = db.raw.prepare(IN_ROWS).pluck().all()
      recomputed(db)
      expect(kept).toEqual(ledgerDump(db))
      expect(inRows).toEqual(db.raw.prepare(IN_ROWS).pluck().all())
      expect(Math.max(...inRows.map(Number))).toBe(CLOSINGS_A_ROW)
      db.close()
    }),
    { numRuns: 4, endOnFailure: true },
  )
})

test('pages of closings, newest first, are all of them once, whatever their size and rows', () => {
  const db = tempDatabase()
  const accounts = withAccounts(db, { con_1: ['1001', '2002'] })
  accounts.forEach((account, at) => save(db, fills(account, 7 + at, 0)))
  settled(createLedgerWork(db.writer))
  const all = closings(db).toSorted((a, b) => (nameOf(a) < nameOf(b) ? 1 : -1))
  expect(all.length).toBeGreaterThan(6 * CLOSINGS_A_ROW)
  for (const limit of [37, 64, 1000]) expect(pages(db, limit, { environment: 'paper' }).map(nameOf)).toEqual(all.map(nameOf))
  const days = all.map(({ closeDay }) => closeDay)
  const [to, from] = [days[50], days[200]]
  if (!to || !from) throw new Error('too few days')
  const within = all.filter(({ closeDay }) => closeDay >= from && closeDay <= to)
  expect(pages(db, 23, { environment: 'paper', from, to }).map(nameOf)).toEqual(within.map(nameOf))
  const [one] = all
  if (!one) throw new Error('no closings')
  const own = closings(db).filter(({ book, trip }) => book === one.book && trip === one.trip)
  expect(closingsOfTrip(db.reader, one.book, one.trip).map(nameOf)).toEqual(own.map(nameOf))
  db.close()
})

test('an account that is forgotten leaves no closings behind', () => {
  const db = tempDatabase()
  const [account] = withAccounts(db, { con_1: ['1001'] })
  if (!account) throw new Error('no account')
  save(db, fills(account, 3, 2))
  settled(createLedgerWork(db.writer))
  expect(closings(db).length).toBeGreaterThan(CLOSINGS_A_ROW)
  db.writer.tx(w => forgetBooks(w, 'con_1' as ConnectionId, 100))
  expect(db.raw.prepare('SELECT count(*) FROM ledger_closings').pluck().get()).toBe(0)
  db.close()
})
