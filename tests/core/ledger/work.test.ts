import { describe, expect, test } from 'vitest'
import type { Db } from '../../../electron/core/db/open.ts'
import { createLedgerWork } from '../../../electron/core/ledger/work.ts'
import { dirtyMarks, markSymbol, markWhole } from '../../../electron/core/store/ledger-dirty.ts'
import { setOverride } from '../../../electron/core/store/ledger-words.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { AT } from '../../support/data-folder.ts'
import { save } from '../store/support.ts'
import { buy, type Desk, desk, sale, watched, word } from './support/desk.ts'
import { ledgerDump, recomputed, settled } from './support/ledger-dump.ts'

const dec = Dec.of
const waiting = (db: Db): unknown[] => dirtyMarks(db.writer, 100).map(({ account, symbol }) => `${account} ${symbol}`)
const daysWaiting = (db: Db): unknown => word(db, 'SELECT count(*) FROM ledger_dirty_days')
const dayAt = (at: number): string => LocalDate.plusDays(LocalDate.of('2025-03-03'), at)
const DONE = { changed: 0, more: false, failed: [] }
const some = (changed: number) => ({ changed, more: true, failed: [] })

/** Both accounts hold AAPL, and nothing waits. */
function settledDesk(): Desk {
  const own = desk()
  save(own.db, [own.row(buy('first', '2025-01-02')), own.row(buy('other', '2025-01-02'), 2)])
  settled(own.work)
  return own
}

function expectCurrent({ db }: Desk): void {
  const kept = ledgerDump(db)
  recomputed(db)
  expect(kept).toEqual(ledgerDump(db))
}

describe('a step of the ledger', () => {
  test('of a new fill is one, and takes its day along', () => {
    const { db, work, row } = settledDesk()
    save(db, [row(buy('a', dayAt(0), { amount: dec('-50') }))])
    expect(work.step(0)).toEqual(some(1))
    expect([waiting(db), daysWaiting(db), word(db, 'SELECT cash FROM ledger_days')]).toEqual([[], 0, '-50'])
    expect(work.step(0)).toEqual(DONE)
  })

  test('takes up to 20 days along with their fills; more wait for steps of their own, a hundred each', () => {
    const { db, work, row } = settledDesk()
    const fills = (from: number, count: number) => Array.from({ length: count }, (_, at) => row(buy(`a${from + at}`, dayAt(from + at), { amount: dec('-50') })))
    save(db, fills(0, 20))
    expect(work.step(0)).toEqual(some(1))
    expect(daysWaiting(db)).toBe(0)
    save(db, fills(20, 21))
    expect(work.step(0)).toEqual(some(1))
    expect(daysWaiting(db)).toBe(21)
    expect([work.step(0), work.step(0)]).toEqual([some(21), DONE])
    save(db, fills(41, 101))
    expect([work.step(0), work.step(0), work.step(0), work.step(0)]).toEqual([some(1), some(100), some(1), DONE])
    expect(word(db, "SELECT count(*) FROM ledger_days WHERE cash = '-50'")).toBe(142)
  })

  test('takes the marks of one account, and no day of another', () => {
    const { db, work, row } = settledDesk()
    save(db, [row(buy('a', dayAt(0), { amount: dec('-50') })), row(buy('b', dayAt(0), { amount: dec('-50') }), 2)])
    expect(waiting(db)).toEqual(['1 AAPL', '2 AAPL'])
    expect(work.step(0)).toEqual(some(1))
    expect([waiting(db), daysWaiting(db)]).toEqual([['2 AAPL'], 1])
    expect([work.step(0), work.step(0)]).toEqual([some(1), DONE])
    expect(db.raw.prepare('SELECT account, cash FROM ledger_days').raw().all()).toEqual([[1, '-50'], [2, '-50']])
  })

  test('takes up to 40 instruments', () => {
    const { db, work, row } = settledDesk()
    save(db, Array.from({ length: 50 }, (_, at) => row(buy(`a${at}`, dayAt(0), { symbol: `S${at}` }))))
    expect([work.step(0), work.step(0), work.step(0)]).toEqual([some(40), some(10), DONE])
  })

  test('of days counts what the user said of the rows of each account', () => {
    const own = settledDesk()
    const { db, work, row } = own
    const dividend = (id: string, account: number) => row(buy(id, dayAt(0), { symbol: null, kind: 'dividend', brokerType: 'DIV', side: null, price: null, quantity: null, amount: dec('4') }), account)
    db.writer.tx(w => setOverride(w, 2, 'd2', { ignored: true }, AT))
    save(db, [dividend('d1', 1), dividend('d2', 2), dividend('d3', 2)])
    expect([work.step(0), work.step(0)]).toEqual([some(2), DONE])
    expect(db.raw.prepare('SELECT account, dividends FROM ledger_days').raw().all()).toEqual([[1, '4'], [2, '4']])
    expectCurrent(own)
  })

  test('an account is computed whole where that was begun and never ended', () => {
    const own = settledDesk()
    const { db, row } = own
    save(db, [row(buy('a', dayAt(0))), row(sale('s', dayAt(1)))])
    settled(own.work)
    db.writer.tx(w => markWhole(w, 1))
    const interrupted = createLedgerWork(db.writer)
    expect([interrupted.step(0), interrupted.step(0)]).toEqual([some(0), some(1)])
    expect(waiting(db)).toEqual(['1 **'])
    db.raw.exec('DELETE FROM ledger_days')
    expect(settled(createLedgerWork(db.writer))).toEqual([])
    expect(waiting(db)).toEqual([])
    expect(word(db, 'SELECT realized FROM ledger_days')).toBe('30')
    expectCurrent(own)
  })

  test('that cannot be written is told, undone, and done again', () => {
    const own = settledDesk()
    const { db, work, row } = own
    save(db, [row(buy('a', dayAt(0))), row(sale('s', dayAt(1)))])
    settled(work)
    db.writer.tx(w => markWhole(w, 1))
    db.raw.exec("CREATE TRIGGER broken BEFORE INSERT ON ledger_days BEGIN SELECT RAISE(ABORT, 'broken'); END")
    expect([work.step(0), work.step(0)]).toEqual([some(0), some(1)])
    expect(() => work.step(0)).toThrow('broken')
    expect(word(db, 'SELECT realized FROM ledger_days')).toBe('30')
    db.raw.exec('DROP TRIGGER broken')
    expect(settled(work)).toEqual([])
    expectCurrent(own)
  })

  test('names why an instrument could not be computed, leaves it alone in this run and tries it again in the next', () => {
    const { db, work, row } = settledDesk()
    db.raw.exec("CREATE TRIGGER broken BEFORE UPDATE ON ledger_books WHEN NEW.account = 1 AND NEW.symbol = 'AAPL' BEGIN SELECT RAISE(ABORT, 'broken'); END")
    save(db, [row(buy('a', dayAt(0))), row(buy('b', dayAt(0)), 2)])
    expect(work.step(0)).toEqual({ changed: 1, more: true, failed: ['app/internal'] })
    expect([work.step(0), work.step(0)]).toEqual([some(1), DONE])
    expect(waiting(db)).toEqual(['1 AAPL'])
    expect(work.step(0)).toEqual({ changed: 1, more: true, failed: ['app/internal'] })
    expect(work.step(0)).toEqual(DONE)
  })
})

describe('instruments that became others', () => {
  const change = (symbol: string, quantity: string, externalId: string, more = {}) =>
    buy(externalId, '2025-03-05', { kind: 'corporate-action', brokerType: 'NAME CHANGE', side: null, price: null, symbol, quantity: dec(quantity), ...more })
  const held = (db: Db, symbol: string): unknown => db.raw.prepare('SELECT l.key, l.quantity, l.principal FROM ledger_lots l JOIN ledger_books b ON b.id = l.book WHERE symbol = ?').raw().all(symbol)

  test('by another row than before have nothing any more of what they got', () => {
    const own = desk()
    const { db, work, row } = own
    save(db, [row(buy('a', '2025-03-03')), row(change('AAPL', '-10', 'out')), row(change('NEWX', '20', 'in'))])
    settled(work)
    expect(held(db, 'NEWX')).toEqual([['in', '20', '50']])
    save(db, [row(change('GONE', '-10', 'out', { status: 'corrected' }))])
    settled(work)
    expect([held(db, 'NEWX'), held(db, 'AAPL')]).toEqual([[['in', '20', null]], [['a', '10', null]]])
    expectCurrent(own)
  })

  test('told in two parts give what they had, though the first part alone said it was split', () => {
    const own = desk()
    const { db, work, row } = own
    const split = { kind: 'split', brokerType: 'REVERSE SPLIT' }
    save(db, [row(buy('a', '2025-03-03')), row(change('AAPL', '-9', 'out', split))])
    settled(work)
    expect(held(db, 'AAPL')).toEqual([['a', '1', '50']])
    save(db, [row(change('NEWX', '3', 'in', split))])
    settled(work)
    expect([held(db, 'AAPL'), held(db, 'NEWX')]).toEqual([[['a', '1', null]], [['in', '3', '45']]])
    expectCurrent(own)
  })

  test('and back again by splits of nothing come to an end', () => {
    const { db, work, row } = desk()
    const split = (symbol: string, quantity: string, externalId: string, day: string) => row(change(symbol, quantity, externalId, { kind: 'split', brokerType: 'SPLIT', tradeDate: LocalDate.of(day) }))
    save(db, [split('A', '-10', 'out1', '2025-03-05'), split('B', '10', 'in1', '2025-03-05'), split('B', '-10', 'out2', '2025-03-07'), split('A', '10', 'in2', '2025-03-07')])
    settled(work)
    db.writer.tx(w => ['A', 'B'].forEach(symbol => markSymbol(w, 1, symbol)))
    expect(work.step(0)).toEqual(some(2))
    expect(work.step(0)).toEqual(DONE)
  })

  test('are left alone by what changes beside them', () => {
    const { db, work, row } = desk()
    save(db, [row(buy('a', '2025-03-03')), row(change('AAPL', '-10', 'out')), row(change('NEWX', '20', 'in'))])
    settled(work)
    const written = watched(db)
    db.writer.tx(w => markSymbol(w, 1, 'XYZ'))
    save(db, [row(buy('x', '2025-03-06', { symbol: 'XYZ' }))])
    settled(work)
    expect(written().filter(one => one.startsWith('no') || one.startsWith('mark'))).toEqual(['mark XYZ'])
  })
})
