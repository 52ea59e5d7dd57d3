import { describe, expect, test } from 'vitest'
import type { Db } from '../../../electron/core/db/open.ts'
import { dirtyMarks, markWhole } from '../../../electron/core/store/ledger-dirty.ts'
import { addOpening } from '../../../electron/core/store/ledger-words.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { AT } from '../../support/data-folder.ts'
import { save } from '../store/support.ts'
import { buy, desk, sale, word } from './support/desk.ts'
import { ledgerDump, recomputed, settled } from './support/ledger-dump.ts'

const days = (db: Db): unknown[] => db.raw.prepare('SELECT currency, day, realized, cash FROM ledger_days ORDER BY 1, 2').raw().all()

describe('an account computed whole', () => {
  test('with an instrument that fails keeps its days, and they are right once it can be computed again', () => {
    const { db, work, row } = desk()
    save(db, [row(buy('a', '2025-03-03')), row(sale('b', '2025-03-04')), row(buy('c', '2025-03-03', { symbol: 'XYZ' })), row(sale('d', '2025-03-04', { symbol: 'XYZ' }))])
    settled(work)
    const before = ledgerDump(db)
    db.raw.exec("CREATE TRIGGER broken BEFORE UPDATE ON ledger_books WHEN NEW.symbol = 'AAPL' BEGIN SELECT RAISE(ABORT, 'broken'); END")
    db.writer.tx(w => markWhole(w, 1))
    expect([work.step(0).failed, work.step(0).failed]).toEqual([[], ['app/internal']])
    expect(settled(work)).toEqual([])
    expect(dirtyMarks(db.writer, 10)).toMatchObject([{ symbol: 'AAPL' }])
    expect(ledgerDump(db)['days']).toEqual(before['days'])
    db.raw.exec('DROP TRIGGER broken')
    expect(settled(work)).toEqual([])
    expect(ledgerDump(db)).toEqual(before)
  })

  test('keeps the days of an instrument that never was computed out of the others', () => {
    const { db, work, row } = desk()
    db.raw.exec("CREATE TRIGGER broken BEFORE INSERT ON ledger_books WHEN NEW.symbol = 'AAPL' BEGIN SELECT RAISE(ABORT, 'broken'); END")
    save(db, [row(buy('a', '2025-03-03')), row(sale('b', '2025-03-04')), row(buy('c', '2025-03-03', { symbol: 'XYZ' })), row(sale('d', '2025-03-04', { symbol: 'XYZ' }))])
    expect(settled(work)).toEqual(['app/internal'])
    expect(days(db)).toEqual([['USD', '2025-03-04', '30', '0']])
    expect(dirtyMarks(db.writer, 10)).toMatchObject([{ symbol: 'AAPL' }])
    db.raw.exec('DROP TRIGGER broken')
    expect(settled(work)).toEqual([])
    expect(days(db)).toEqual([['USD', '2025-03-04', '60', '0']])
  })

  test('holds lots from before the history, of instruments with rows and of those without', () => {
    const { db, work, row } = desk()
    db.writer.tx(w => ['AAPL', 'XYZ'].forEach(symbol => addOpening(w, 1, { id: `lot_${symbol}`, symbol, currency: 'USD', day: LocalDate.of('2025-02-25'), quantity: Dec.of('1'), price: Dec.of('2'), note: '', createdAt: AT })))
    save(db, [row(buy('a', '2025-03-03'))])
    settled(work)
    expect(db.raw.prepare('SELECT symbol, quantity FROM ledger_books ORDER BY 1').raw().all()).toEqual([['AAPL', '11'], ['XYZ', '1']])
  })

  test('forgets instruments and days nothing tells of any more', () => {
    const { db, work, row } = desk()
    save(db, [row(buy('a', '2025-03-03')), row(sale('b', '2025-03-04')), row(buy('c', '2025-03-05', { symbol: 'XYZ', amount: Dec.of('-50') }))])
    settled(work)
    db.writer.tx(w => {
      db.raw.exec("DELETE FROM activities WHERE symbol = 'AAPL'")
      markWhole(w, 1)
    })
    expect(settled(work)).toEqual([])
    expect(db.raw.prepare('SELECT symbol FROM ledger_books').pluck().all()).toEqual(['XYZ'])
    expect(days(db)).toEqual([['USD', '2025-03-05', '0', '-50']])
  })

  test('counts the cash of rows without an instrument, which have no book', () => {
    const { db, work, row } = desk()
    save(db, [row(buy('in', '2025-03-03', { symbol: null, kind: 'transfer', side: null, price: null, amount: Dec.of('1000') })), row(buy('a', '2025-03-03', { amount: Dec.of('-50') }))])
    expect(settled(work)).toEqual([])
    expect(db.raw.prepare('SELECT symbol FROM ledger_books').pluck().all()).toEqual(['AAPL'])
    expect(days(db)).toEqual([['USD', '2025-03-03', '0', '950']])
  })

  test('counts the cash of one day by its currency, also of one in which nothing was sold', () => {
    const { db, work, row } = desk()
    const came = (externalId: string, currency: string, amount: string) => row(buy(externalId, '2025-03-04', { symbol: null, kind: 'transfer', side: null, price: null, currency, amount: Dec.of(amount) }))
    save(db, [row(buy('a', '2025-03-03')), row(sale('b', '2025-03-04')), came('in', 'CAD', '1000'), came('more', 'USD', '7'), came('out', 'CAD', '-1')])
    expect(settled(work)).toEqual([])
    expect(days(db)).toEqual([['CAD', '2025-03-04', '0', '999'], ['USD', '2025-03-04', '30', '7']])
    db.writer.tx(w => markWhole(w, 1))
    expect(settled(work)).toEqual([])
    expect(days(db)).toEqual([['CAD', '2025-03-04', '0', '999'], ['USD', '2025-03-04', '30', '7']])
  })

  test('knows what became what, so that it notices when that is no more', () => {
    const { db, work, row } = desk()
    const change = (symbol: string, quantity: string, externalId: string, status: 'final' | 'canceled' = 'final') =>
      row(buy(externalId, '2025-03-05', { kind: 'corporate-action', brokerType: 'NAME CHANGE', side: null, price: null, symbol, quantity: Dec.of(quantity), status }))
    save(db, [row(buy('a', '2025-03-03')), change('AAPL', '-10', 'out'), change('NEWX', '20', 'in')])
    settled(work)
    const cost = (): unknown => word(db, "SELECT principal FROM ledger_lots l JOIN ledger_books b ON b.id = l.book WHERE symbol = 'NEWX'")
    expect(cost()).toBe('50')
    save(db, [change('AAPL', '-10', 'out', 'canceled')])
    settled(work)
    expect(cost()).toBeNull()
  })

  test('reads an instrument again that became another while it was computed', () => {
    const { db, work, row } = desk()
    const split = (symbol: string, quantity: string, externalId: string) =>
      row(buy(externalId, '2025-03-05', { kind: 'split', brokerType: 'REVERSE SPLIT', side: null, price: null, symbol, quantity: Dec.of(quantity) }))
    save(db, [row(buy('a', '2025-03-03')), split('AAPL', '-9', 'out')])
    expect([work.step(0).changed, work.step(0).changed]).toEqual([0, 1])
    save(db, [split('NEWX', '3', 'in')])
    expect(settled(work)).toEqual([])
    expect(word(db, "SELECT principal FROM ledger_lots l JOIN ledger_books b ON b.id = l.book WHERE symbol = 'NEWX'")).toBe('45')
    const kept = ledgerDump(db)
    recomputed(db)
    expect(kept).toEqual(ledgerDump(db))
  })

  test('is computed some thousands of rows at a time, instruments whole, and leaves room for other writes between', () => {
    const { db, work, row } = desk()
    const many = (symbol: string, count: number) => Array.from({ length: count }, (_, at) => row(buy(`${symbol}${at}`, '2025-03-03', { symbol, quantity: Dec.of('1') })))
    const steps = (): number[] => {
      const changed: number[] = []
      for (let step = work.step(0); step.more; step = work.step(0)) changed.push(step.changed)
      return changed
    }
    save(db, [...many('A', 4499), ...many('B', 4499)])
    expect(steps()).toEqual([0, 2, 0])
    save(db, many('C', 1))
    db.writer.tx(w => markWhole(w, 1))
    expect(steps()).toEqual([0, 2, 1, 0])
    db.writer.tx(w => markWhole(w, 1))
    expect([work.step(0).changed, work.step(0).changed]).toEqual([0, 2])
    save(db, [row(sale('s', '2025-03-04', { symbol: 'A', quantity: Dec.of('2') })), row(sale('t', '2025-03-04', { symbol: 'C', quantity: Dec.of('1') }))])
    expect(steps()).toEqual([1, 0, 2])
    expect(days(db)).toEqual([['USD', '2025-03-04', '9', '0']])
    const kept = ledgerDump(db)
    recomputed(db)
    expect(kept).toEqual(ledgerDump(db))
  })
})
