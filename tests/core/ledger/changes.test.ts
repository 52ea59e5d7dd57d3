import { describe, expect, test } from 'vitest'
import type { Db } from '../../../electron/core/db/open.ts'
import { removeActivities } from '../../../electron/core/store/activities-remove.ts'
import { versionsOf } from '../../../electron/core/store/activity-versions.ts'
import { toActivityId } from '../../../electron/core/store/activity-rows.ts'
import { dirtyMarks, markSymbol } from '../../../electron/core/store/ledger-dirty.ts'
import { addOpening, setOverride } from '../../../electron/core/store/ledger-words.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant, LocalDate } from '../../../shared/domain/time.ts'
import { AT } from '../../support/data-folder.ts'
import { type Row, save } from '../store/support.ts'
import { buy, type Desk, desk, sale, word } from './support/desk.ts'
import { ledgerDump, recomputed, settled } from './support/ledger-dump.ts'

const realized = (db: Db): unknown => word(db, "SELECT realized FROM ledger_books WHERE symbol = 'AAPL'")

describe('a change of the history', () => {
  test('is marked once for each instrument, and a first history with one mark', () => {
    const { db, work, row } = desk()
    save(db, Array.from({ length: 50 }, (_, at) => row(buy(`a${at}`, '2025-03-03', { symbol: `S${at % 7}` }))))
    expect(dirtyMarks(db.writer, 100).map(({ symbol }) => symbol)).toEqual(['*'])
    settled(work)
    expect(dirtyMarks(db.writer, 100)).toEqual([])
    save(db, Array.from({ length: 20 }, (_, at) => row(buy(`b${at}`, '2025-03-04', { symbol: `S${at % 2}` }))))
    expect(dirtyMarks(db.writer, 100).map(({ symbol }) => symbol)).toEqual(['S0', 'S1'])
    expect(word(db, 'SELECT count(*) FROM ledger_dirty_days')).toBe(1)
  })

  test('that changes nothing marks nothing', () => {
    const { db, work, row } = desk()
    const rows = [row(buy('a', '2025-03-03')), row(sale('b', '2025-03-04'))]
    save(db, rows)
    settled(work)
    save(db, rows)
    expect(dirtyMarks(db.writer, 10)).toEqual([])
  })

  test('back-dated, it moves what came after', () => {
    const { db, work, row } = desk()
    save(db, [row(buy('b', '2025-03-03')), row(sale('c', '2025-03-05'))])
    settled(work)
    expect(realized(db)).toBe('30')
    save(db, [row(buy('a', '2025-03-01', { price: Dec.of('1') }))])
    settled(work)
    expect(realized(db)).toBe('70')
    expect(word(db, "SELECT realized FROM ledger_days WHERE day = '2025-03-05'")).toBe('70')
  })

  test('a correction keeps what the row said before; a cancel takes its result away', () => {
    const { db, work, row } = desk()
    save(db, [row(buy('a', '2025-03-03')), row(sale('b', '2025-03-04'))])
    settled(work)
    save(db, [row(sale('b', '2025-03-04', { price: Dec.of('9'), status: 'corrected' }))])
    settled(work)
    expect(realized(db)).toBe('40')
    save(db, [row(sale('b', '2025-03-04', { price: Dec.of('9'), status: 'canceled' }))])
    settled(work)
    expect(realized(db)).toBe('0')
    expect(word(db, 'SELECT quantity FROM ledger_books')).toBe('10')
    const id = Number(word(db, "SELECT id FROM activities WHERE external_id = 'b'"))
    expect(versionsOf(db.reader, toActivityId(id)).map(({ status, price }) => [status, price])).toEqual([['corrected', '9'], ['final', '8']])
  })

  test('a correction that moves a row to another instrument and day is seen in both', () => {
    const { db, work, row } = desk()
    save(db, [row(buy('a', '2025-03-03')), row(buy('b', '2025-03-04', { amount: Dec.of('-50') }))])
    settled(work)
    save(db, [row(buy('b', '2025-03-06', { symbol: 'XYZ', amount: Dec.of('-50'), status: 'corrected' }))])
    settled(work)
    expect(db.raw.prepare('SELECT symbol, quantity FROM ledger_books ORDER BY symbol').all()).toEqual([{ symbol: 'AAPL', quantity: '10' }, { symbol: 'XYZ', quantity: '10' }])
    expect(db.raw.prepare('SELECT day, cash FROM ledger_days').all()).toEqual([{ day: '2025-03-06', cash: '-50' }])
  })

  test('a canceled row says nothing of what kind a book is, and everything once it is another', () => {
    const { db, work, row } = desk()
    db.writer.tx(w => addOpening(w, 1, { id: 'lot_1', symbol: 'AAPL', currency: 'USD', day: LocalDate.of('2025-02-25'), quantity: Dec.of('1'), price: null, note: '', createdAt: AT }))
    save(db, [row(buy('a', '2025-03-03', { status: 'canceled' }))])
    settled(work)
    expect(word(db, 'SELECT asset_class FROM ledger_books')).toBeNull()
    save(db, [row(buy('a', '2025-03-03', { symbol: 'XYZ', status: 'corrected' }))])
    settled(work)
    expect(db.raw.prepare('SELECT symbol, asset_class FROM ledger_books ORDER BY 1').raw().all()).toEqual([['AAPL', null], ['XYZ', 'equity']])
  })

  test('a row that moves nothing says nothing of what kind a book is, nor of its units, so that it may change', () => {
    const { db, work, row } = desk()
    const told = (kind: 'fee' | 'dividend' | 'trade', quantity: Dec | null = null) => row(buy('f', '2025-03-03', { kind, brokerType: kind, side: null, price: null, quantity, amount: Dec.zero }))
    db.writer.tx(w => addOpening(w, 1, { id: 'lot_1', symbol: 'AAPL', currency: 'USD', day: LocalDate.of('2025-02-25'), quantity: Dec.of('1'), price: null, note: '', createdAt: AT }))
    for (const one of [told('fee'), told('trade', Dec.of('10')), told('dividend', Dec.of('10'))]) {
      save(db, [one])
      settled(work)
      expect(db.raw.prepare('SELECT asset_class, multiplier, events FROM ledger_books').raw().all()).toEqual([[null, null, 1]])
    }
    const kept = ledgerDump(db)
    recomputed(db)
    expect(kept).toEqual(ledgerDump(db))
  })

  test('an option from before the history is a hundred shares a contract, whether a row tells of it or none does', () => {
    const symbol = 'SPY261218C00250000'
    const { db, work, row } = desk()
    const held = (): unknown => db.raw.prepare('SELECT unit, multiplier FROM ledger_lots l JOIN ledger_books b ON b.id = l.book WHERE symbol = ?').raw().all(symbol)
    db.writer.tx(w => {
      addOpening(w, 1, { id: 'lot_1', symbol, currency: 'USD', day: LocalDate.of('2025-02-25'), quantity: Dec.of('2'), price: Dec.of('5'), note: '', createdAt: AT })
      markSymbol(w, 1, symbol)
    })
    settled(work)
    expect(held()).toEqual([['500', '100']])
    save(db, [row(sale('s', '2025-03-04', { symbol, assetClass: 'option', quantity: Dec.of('1') }))])
    settled(work)
    expect(held()).toEqual([['500', '100']])
    expect(word(db, 'SELECT realized FROM ledger_books')).toBe('300')
    const kept = ledgerDump(db)
    recomputed(db)
    expect(kept).toEqual(ledgerDump(db))
  })

  test('a row without an event of its own that changes what another one comes to is one to read the book again for', () => {
    const { db, work, row } = desk()
    const told = (externalId: string, kind: 'corporate-action' | 'split' | 'dividend', quantity: Dec | null, amount: Dec | null = null) =>
      row(buy(externalId, '2025-03-05', { kind, brokerType: 'MERGER', side: null, price: null, quantity, amount }))
    const came = (): unknown => db.raw.prepare('SELECT quantity, realized FROM ledger_books').raw().all()
    const expectCurrent = (): void => {
      const kept = ledgerDump(db)
      recomputed(db)
      expect(kept).toEqual(ledgerDump(db))
    }
    save(db, [row(buy('a', '2025-03-03')), told('s1', 'split', Dec.of('10')), told('s2', 'split', Dec.of('-10'))])
    settled(work)
    expect(came()).toEqual([['10', '0']])
    save(db, [told('s2', 'dividend', null, Dec.of('3'))])
    settled(work)
    expect(came()).toEqual([['20', '0']])
    expectCurrent()
    save(db, [told('s1', 'corporate-action', Dec.of('-10')), told('s2', 'corporate-action', null, Dec.of('70'))])
    settled(work)
    expect(came()).toEqual([['0', '20']])
    save(db, [told('s2', 'dividend', null, Dec.of('70'))])
    settled(work)
    expect(came()).toEqual([['0', '0']])
    expectCurrent()
  })

  test('the last row of an instrument leaves no book behind', () => {
    const { db, work, row } = desk()
    save(db, [row(buy('a', '2025-03-03')), row(buy('b', '2025-03-03', { symbol: 'XYZ', amount: Dec.of('-50') }))])
    settled(work)
    db.writer.tx(w => removeActivities(w, [Number(word(db, "SELECT id FROM activities WHERE external_id = 'a'"))]))
    settled(work)
    expect(db.raw.prepare('SELECT symbol FROM ledger_books').pluck().all()).toEqual(['XYZ'])
  })

  const renamed = (symbol: string, quantity: string, externalId: string): ReturnType<typeof buy> =>
    buy(externalId, '2025-03-05', { kind: 'corporate-action', brokerType: 'NAME CHANGE', side: null, price: null, symbol, quantity: Dec.of(quantity) })

  test('a changed symbol takes day and cost along, in whatever order its rows come', () => {
    const rows = ({ row }: Desk): Row[] => [
      row(buy('a', '2025-03-03')), row(renamed('AAPL', '-10', 'out')), row(renamed('NEWX', '20', 'in')), row(sale('s', '2025-03-06', { symbol: 'NEWX', quantity: Dec.of('20') })),
    ]
    for (const order of [[0, 1, 2, 3], [3, 2, 1, 0], [2, 3, 0, 1], [0, 3, 2, 1]]) {
      const own = desk()
      const all = rows(own)
      for (const at of order) {
        const one = all[at]
        if (one) save(own.db, [one])
        expect(settled(own.work)).toEqual([])
      }
      expect(word(own.db, "SELECT realized FROM ledger_books WHERE symbol = 'NEWX'")).toBe('110')
      const kept = ledgerDump(own.db)
      recomputed(own.db)
      expect(kept).toEqual(ledgerDump(own.db))
      // A purchase corrected before the change moves what the new instrument made.
      save(own.db, [own.row(buy('a', '2025-03-03', { price: Dec.of('6'), status: 'corrected' }))])
      settled(own.work)
      expect(word(own.db, "SELECT realized FROM ledger_books WHERE symbol = 'NEWX'")).toBe('100')
    }
  })

  test('fills of one second count in the order of their broker\'s numbers, whichever came first', () => {
    const at = Instant.parse('2025-03-05T15:00:00Z')
    for (const order of [[0, 1, 2], [1, 0, 2], [2, 1, 0]]) {
      const { db, work, row } = desk()
      const rows = [row(buy('98', '2025-03-05', { executedAt: at, price: Dec.of('5') })), row(buy('101', '2025-03-05', { executedAt: at, price: Dec.of('6') })), row(sale('102', '2025-03-06'))]
      for (const one of order) {
        const next = rows[one]
        if (next) save(db, [next])
        expect(settled(work)).toEqual([])
      }
      expect(word(db, 'SELECT realized FROM ledger_books')).toBe('30')
    }
  })

  test('another quantity the user says came with a changed symbol keeps all of the cost', () => {
    const { db, work, row } = desk()
    save(db, [row(buy('a', '2025-03-03')), row(renamed('AAPL', '-10', 'out')), row(renamed('NEWX', '5', 'in'))])
    settled(work)
    db.writer.tx(w => {
      setOverride(w, 1, 'in', { quantity: Dec.of('4') }, AT)
      markSymbol(w, 1, 'NEWX')
    })
    settled(work)
    expect(db.raw.prepare("SELECT l.quantity, l.principal FROM ledger_lots l JOIN ledger_books b ON b.id = l.book WHERE b.symbol = 'NEWX'").all()).toEqual([{ quantity: '4', principal: '50' }])
    expect(word(db, 'SELECT count(*) FROM ledger_gaps')).toBe(0)
    const before = ledgerDump(db)
    recomputed(db)
    expect(ledgerDump(db)).toEqual(before)
  })

  test('a split told under an old name that is corrected there changes what is held under the new one', () => {
    const { db, work, row } = desk()
    const split = (externalId: string, symbol: string, quantity: string): Row =>
      row(buy(externalId, '2025-03-04', { kind: 'split', brokerType: 'SPLIT', side: null, price: null, symbol, quantity: Dec.of(quantity) }))
    save(db, [row(buy('a', '2025-03-03')), split('out', '037833100', '-10'), split('in', 'AAPL', '40')])
    settled(work)
    expect(word(db, 'SELECT quantity FROM ledger_books')).toBe('40')
    save(db, [split('out', '037833100', '-20')])
    settled(work)
    expect(word(db, 'SELECT quantity FROM ledger_books')).toBe('30')
    const kept = ledgerDump(db)
    recomputed(db)
    expect(kept).toEqual(ledgerDump(db))
  })

  test('a third row that makes a change doubtful parts the two again', () => {
    const own = desk()
    const { db, work, row } = own
    save(db, [row(buy('a', '2025-03-03')), row(renamed('AAPL', '-10', 'out')), row(renamed('NEWX', '20', 'in'))])
    settled(work)
    expect(word(db, "SELECT coalesce(principal, unit) FROM ledger_lots l JOIN ledger_books b ON b.id = l.book WHERE symbol = 'NEWX'")).not.toBeNull()
    save(db, [row(renamed('THIRD', '5', 'in2'))])
    settled(work)
    expect(db.raw.prepare("SELECT kind FROM ledger_gaps g JOIN ledger_books b ON b.id = g.book ORDER BY symbol").pluck().all()).toEqual(['unknown-cost', 'unknown-cost'])
    const kept = ledgerDump(db)
    recomputed(db)
    expect(kept).toEqual(ledgerDump(db))
  })

  test('shares a dividend brought are held after a first history as after one row more', () => {
    const { db, work, row } = desk()
    const shares = (externalId: string, day: string) => row(buy(externalId, day, { kind: 'dividend', brokerType: 'Receive Deliver / Dividend', side: null, price: null, quantity: Dec.of('2'), amount: Dec.of('-9') }))
    save(db, [row(buy('a', '2025-03-03')), shares('d', '2025-03-04')])
    settled(work)
    expect(word(db, 'SELECT quantity FROM ledger_books')).toBe('12')
    save(db, [shares('e', '2025-03-05')])
    settled(work)
    expect(word(db, 'SELECT quantity FROM ledger_books')).toBe('14')
    const kept = ledgerDump(db)
    recomputed(db)
    expect(kept).toEqual(ledgerDump(db))
  })

  test('an instrument that cannot be computed holds up no other, and waits', () => {
    const { db, work, row } = desk()
    save(db, [row(buy('a', '2025-03-03')), row(buy('b', '2025-03-03', { symbol: 'XYZ' }))])
    settled(work)
    db.raw.exec("CREATE TRIGGER broken BEFORE UPDATE ON ledger_books WHEN NEW.symbol = 'AAPL' BEGIN SELECT RAISE(ABORT, 'broken'); END")
    save(db, [row(buy('c', '2025-03-04')), row(buy('d', '2025-03-04', { symbol: 'XYZ' }))])
    expect(settled(work)).toHaveLength(1)
    expect(word(db, "SELECT quantity FROM ledger_books WHERE symbol = 'XYZ'")).toBe('20')
    expect(dirtyMarks(db.writer, 10).map(({ symbol }) => symbol)).toEqual(['AAPL'])
    db.raw.exec('DROP TRIGGER broken')
    expect(settled(work)).toEqual([])
    expect(word(db, "SELECT quantity FROM ledger_books WHERE symbol = 'AAPL'")).toBe('20')
  })
})
