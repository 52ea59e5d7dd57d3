import { describe, expect, test } from 'vitest'
import type { Db } from '../../../electron/core/db/open.ts'
import { sql } from '../../../electron/core/db/sql.ts'
import { removeActivities } from '../../../electron/core/store/activities-remove.ts'
import { markSymbol } from '../../../electron/core/store/ledger-dirty.ts'
import { closingsWhere } from '../../../electron/core/store/ledger-realizations.ts'
import { addOpening, setMethod, setOverride, setPicks } from '../../../electron/core/store/ledger-words.ts'
import type { LotMethod } from '../../../shared/domain/lot-method.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant, LocalDate } from '../../../shared/domain/time.ts'
import { AT } from '../../support/data-folder.ts'
import { save } from '../store/support.ts'
import { buy, type Desk, desk, sale, watched, word } from './support/desk.ts'
import { ledgerDump, recomputed, settled } from './support/ledger-dump.ts'

const dec = Dec.of
const lots = (db: Db, symbol = 'AAPL'): unknown[] =>
  db.raw.prepare('SELECT l.key, l.quantity FROM ledger_lots l JOIN ledger_books b ON b.id = l.book WHERE b.symbol = ? ORDER BY b.currency, l.place').raw().all(symbol)
const books = (db: Db, columns: string): unknown[] => db.raw.prepare(`SELECT ${columns} FROM ledger_books ORDER BY symbol, currency`).raw().all()
const opening = (id: string, more: Partial<Parameters<typeof addOpening>[2]> = {}) =>
  ({ id, symbol: 'AAPL', currency: 'USD', day: LocalDate.of('2025-02-25'), quantity: dec('1'), price: dec('2'), note: '', createdAt: AT, ...more })

type Told = ReturnType<typeof buy>

/** Saves rows one batch after the other, each computed before the next comes. */
function taken({ db, work, row }: Desk, ...batches: readonly (readonly Told[])[]): void {
  for (const batch of batches) {
    save(db, batch.map(told => row(told)))
    expect(settled(work)).toEqual([])
  }
}

/** What is kept equals what computing everything anew comes to. */
function expectCurrent({ db }: Desk): void {
  const kept = ledgerDump(db)
  recomputed(db)
  expect(kept).toEqual(ledgerDump(db))
}

function byMethod(method: LotMethod): Desk {
  const own = desk()
  own.db.writer.tx(w => setMethod(w, 1, method))
  return own
}

describe('a fill that follows', () => {
  test('a purchase writes its lot behind the others and the run it is in, and touches nothing else', () => {
    const own = desk()
    taken(own, [buy('a', '2025-03-03'), buy('b', '2025-03-04')])
    const written = watched(own.db)
    taken(own, [buy('c', '2025-03-05')])
    expect(written()).toEqual(['mark AAPL', 'lot c at 2', 'book AAPL in USD', 'trip 1'])
    expectCurrent(own)
  })

  test('a sale of a part writes the lot it took from, one of all of a lot only forgets it', () => {
    const own = desk()
    taken(own, [buy('a', '2025-03-03'), buy('b', '2025-03-04'), buy('c', '2025-03-04', { price: dec('6') })])
    const written = watched(own.db)
    taken(own, [sale('s', '2025-03-05', { quantity: dec('4') })])
    expect(written()).toEqual(['mark AAPL', 'lot a at 0', 'book AAPL in USD', 'trip 1'])
    taken(own, [sale('t', '2025-03-06', { quantity: dec('6') })])
    expect(written()).toEqual(['mark AAPL', 'no lot a', 'book AAPL in USD', 'trip 1'])
    taken(own, [sale('u', '2025-03-07', { quantity: dec('3') }), buy('d', '2025-03-08'), buy('e', '2025-03-09')])
    expect(written()).toEqual(['mark AAPL', 'lot b at 1', 'lot d at 3', 'lot e at 4', 'book AAPL in USD', 'trip 1'])
    expect(lots(own.db)).toEqual([['b', '7'], ['c', '10'], ['d', '10'], ['e', '10']])
    expectCurrent(own)
  })

  test('the first lot after a flat book stands first', () => {
    const own = desk()
    taken(own, [buy('a', '2025-03-03'), sale('b', '2025-03-04')])
    const written = watched(own.db)
    taken(own, [buy('c', '2025-03-05')])
    expect(written()).toEqual(['mark AAPL', 'lot c at 0', 'book AAPL in USD', 'trip 2'])
  })

  test('where the method puts a lot between others all are written in the new order, and the next sale goes by it', () => {
    const own = byMethod('hifo')
    taken(own, [buy('a', '2025-03-03', { price: dec('9') }), buy('b', '2025-03-03', { price: dec('3') })], [buy('c', '2025-03-04', { price: dec('6') })])
    expect(lots(own.db)).toEqual([['a', '10'], ['c', '10'], ['b', '10']])
    taken(own, [sale('s', '2025-03-05', { quantity: dec('20'), price: dec('10') })])
    expect([word(own.db, 'SELECT realized FROM ledger_books'), lots(own.db)]).toEqual(['50', [['b', '10']]])
    expectCurrent(own)
  })

  test('one that becomes the dearest of all stands before them', () => {
    const own = byMethod('hifo')
    taken(own, [buy('a', '2025-03-03', { price: dec('3') })], [buy('b', '2025-03-04', { price: dec('6') })])
    expect(lots(own.db)).toEqual([['b', '10'], ['a', '10']])
  })

  test('that stands between others leaves none of those behind that were sold with it', () => {
    const own = byMethod('hifo')
    taken(own, ['9', '7', '3', '2'].map((price, at) => buy(`a${at}`, '2025-03-03', { price: dec(price) })), [sale('s', '2025-03-04', { quantity: dec('20') }), buy('e', '2025-03-05', { price: dec('2.5') })])
    expect(lots(own.db)).toEqual([['a2', '10'], ['e', '10'], ['a3', '10']])
    expectCurrent(own)
  })

  test('of a later moment goes on though its broker numbers its rows, also behind a lot from before the history', () => {
    const own = desk()
    taken(own, [buy('101', '2025-03-03'), buy('102', '2025-03-04')])
    const written = watched(own.db)
    taken(own, [buy('103', '2025-03-05')])
    expect(written()).toEqual(['mark AAPL', 'lot 103 at 2', 'book AAPL in USD', 'trip 1'])
    const option = { symbol: 'XYZ251219C00050000', assetClass: 'option' as const }
    own.db.writer.tx(w => {
      addOpening(w, 1, opening('told', { symbol: option.symbol }))
      markSymbol(w, 1, option.symbol)
    })
    expect(settled(own.work)).toEqual([])
    written()
    taken(own, [buy('104', '2025-03-06', option)])
    expect(written()).toEqual([`mark ${option.symbol}`, 'lot 104 at 1', `book ${option.symbol} in USD`, 'trip 1'])
    expectCurrent(own)
  })

  test.each([{ fees: dec('3') }, { price: dec('6') }, { price: null }])('at average cost, writes the lots it makes cost something else though as much of each is there: %j', more => {
    const own = byMethod('average')
    taken(own, [buy('a', '2025-03-03'), buy('b', '2025-03-04')], [buy('c', '2025-03-05', more)])
    expectCurrent(own)
    const one = byMethod('average')
    taken(one, [buy('a', '2025-03-03')], [buy('c', '2025-03-05', more)])
    expectCurrent(one)
    expect([...settled(own.work), ...settled(one.work)], 'what is left to compute').toEqual([])
  })

  test('at average cost goes on too, and is read with all before it only where a lot is picked: that is out of the average from its beginning', () => {
    const own = byMethod('average')
    taken(own, [buy('a', '2025-03-03'), buy('b', '2025-03-03', { price: dec('7') })])
    const written = watched(own.db)
    taken(own, [buy('c', '2025-03-04', { price: dec('9') })])
    expect(written()).not.toContain('no trip 1')
    own.db.writer.tx(w => setPicks(w, 1, 's', [{ lot: 'b', quantity: dec('10') }]))
    taken(own, [sale('s', '2025-03-05')])
    expect(written()).toContain('no trip 1')
    expect(word(own.db, 'SELECT realized FROM ledger_books')).toBe('10')
    taken(own, [buy('d', '2025-03-06', { kind: 'dividend', brokerType: 'DIV', side: null, price: null, amount: dec('4') })])
    expect(written()).toEqual(['mark AAPL'])
    own.db.writer.tx(w => setPicks(w, 1, 'e', [{ lot: 'c', quantity: dec('10') }]))
    taken(own, [buy('f', '2025-03-07', { kind: 'dividend', brokerType: 'DIV', side: null, price: null, amount: dec('4') }), sale('e', '2025-03-07')])
    expect(word(own.db, 'SELECT realized FROM ledger_books')).toBe('0')
    expectCurrent(own)
  })

  test('bought in another currency leaves the book of the first alone', () => {
    const own = desk()
    taken(own, [buy('a', '2025-03-03'), buy('x', '2025-03-03', { currency: 'CAD' })])
    const written = watched(own.db)
    taken(own, [buy('y', '2025-03-04', { currency: 'CAD', quantity: dec('3') })])
    expect(written()).toEqual(['mark AAPL', 'lot y at 1', 'book AAPL in CAD', 'trip 1'])
    expect(books(own.db, 'currency, quantity, events')).toEqual([['CAD', '13', 2], ['USD', '10', 1]])
    expectCurrent(own)
  })

  test('in a currency of its own opens a book of its own', () => {
    const own = desk()
    taken(own, [buy('a', '2025-03-03')], [buy('x', '2025-03-04', { currency: 'CAD' })])
    expect(books(own.db, 'currency, quantity')).toEqual([['CAD', '10'], ['USD', '10']])
    expectCurrent(own)
  })

  test('behind the book of its own currency but before that of another, is read with its whole instrument', () => {
    const own = desk()
    taken(own, [buy('a', '2025-03-03'), buy('x', '2025-03-10', { currency: 'CAD' })])
    const written = watched(own.db)
    taken(own, [buy('b', '2025-03-05')])
    expect(written()).toContain('no trip 1')
    expectCurrent(own)
  })

  test('of the second at which the last one was made is told from it by its number', () => {
    const own = desk()
    const executedAt = Instant.parse('2025-03-03T15:00:00Z')
    taken(own, [buy('a', '2025-03-03', { executedAt })])
    const written = watched(own.db)
    taken(own, [buy('b', '2025-03-03', { executedAt })])
    expect(written()).toEqual(['mark AAPL', 'lot b at 1', 'book AAPL in USD', 'trip 1'])
    taken(own, [buy('a', '2025-03-03', { executedAt, price: dec('7'), status: 'corrected' })])
    expect(written()).toContain('no trip 1')
    expectCurrent(own)
  })

  test('of that second stands where its broker numbers it, and before all numbers where it has none', () => {
    const executedAt = Instant.parse('2025-03-03T15:00:00Z')
    const own = desk()
    taken(own, [buy('20', '2025-03-03', { executedAt })], [buy('9', '2025-03-03', { executedAt })], [buy('x', '2025-03-03', { executedAt })], [buy('100', '2025-03-03', { executedAt })])
    expect(lots(own.db)).toEqual([['x', '10'], ['9', '10'], ['20', '10'], ['100', '10']])
    expectCurrent(own)
  })

  test('of that second, said otherwise or taken away by its broker without a word, is counted once', () => {
    const own = desk()
    const executedAt = Instant.parse('2025-03-03T15:00:00Z')
    taken(own, [buy('a', '2025-03-03', { executedAt }), buy('b', '2025-03-03', { executedAt })], [buy('b', '2025-03-03', { executedAt, price: dec('6') })])
    expect([lots(own.db), books(own.db, 'quantity, events')]).toEqual([[['a', '10'], ['b', '10']], [['20', 2]]])
    own.db.writer.tx(w => removeActivities(w, [Number(word(own.db, "SELECT id FROM activities WHERE external_id = 'a'"))]))
    settled(own.work)
    expect([lots(own.db), books(own.db, 'quantity, events')]).toEqual([[['b', '10']], [['10', 1]]])
    expectCurrent(own)
  })

  test('that closes more than there is, or whose price nobody says, leaves its gap', () => {
    const own = desk()
    taken(own, [buy('a', '2025-03-03')], [sale('s', '2025-03-04', { quantity: dec('12') }), buy('b', '2025-03-05', { price: null })])
    expect(own.db.raw.prepare('SELECT key, quantity, kind FROM ledger_gaps ORDER BY key').raw().all()).toEqual([['b', '10', 'unknown-cost'], ['s', '-2', 'needs-opening-lot']])
    expectCurrent(own)
  })

  test('before a lot from before the history as the user told it, stands before it', () => {
    const own = desk()
    own.db.writer.tx(w => addOpening(w, 1, opening('told', { day: LocalDate.of('2025-03-10') })))
    taken(own, [buy('a', '2025-03-03')], [buy('b', '2025-03-05')])
    expect(lots(own.db)).toEqual([['a', '10'], ['b', '10'], ['told', '1']])
    expectCurrent(own)
  })

  test('after a closing whose cost nobody knows stands behind it', () => {
    const own = desk()
    const came = buy('in', '2025-03-03', { kind: 'transfer', side: null, price: null, quantity: dec('4') })
    taken(own, [came, buy('a', '2025-03-04'), sale('s', '2025-03-05', { quantity: dec('8') })], [sale('t', '2025-03-06', { quantity: dec('2') })])
    const closings = [...closingsWhere(own.db.reader, { where: sql`TRUE` })].flatMap(({ closings: some }) => some.map(({ place, openKey, closeKey, pnl }) => [place, openKey, closeKey, pnl]))
    expect(closings).toEqual([[0, 'in', 's', null], [1, 'a', 's', '12'], [2, 'a', 't', '6']])
    expect(books(own.db, 'closings, unknown, realized')).toEqual([[2, 1, '18']])
    expectCurrent(own)
  })

  test('takes the lot the user picked for it', () => {
    const own = desk()
    taken(own, [buy('a', '2025-03-03'), buy('b', '2025-03-04', { price: dec('7') })])
    own.db.writer.tx(w => setPicks(w, 1, 's', [{ lot: 'b', quantity: dec('10') }]))
    const written = watched(own.db)
    taken(own, [sale('s', '2025-03-05')])
    expect([word(own.db, 'SELECT realized FROM ledger_books'), lots(own.db)]).toEqual(['10', [['a', '10']]])
    expect(written()).toEqual(['mark AAPL', 'no lot b', 'book AAPL in USD', 'trip 1'])
  })

  test('counts as many units as the first ones showed, though it shows none itself', () => {
    const own = desk()
    const adjusted = { symbol: 'XYZ1261218C00050000', assetClass: 'option' as const, quantity: dec('1') }
    taken(own, [buy('a', '2025-03-03', { ...adjusted, amount: dec('-750') })], [buy('b', '2025-03-04', adjusted)])
    expect(books(own.db, 'multiplier')).toEqual([['150']])
    expect(own.db.raw.prepare('SELECT unit FROM ledger_lots ORDER BY place').pluck().all()).toEqual(['750', '750'])
    expectCurrent(own)
  })

  test('says of what kind its instrument is, unless it says nothing', () => {
    const own = desk()
    taken(own, [buy('a', '2025-03-03')], [buy('b', '2025-03-04', { assetClass: null })])
    expect(books(own.db, 'asset_class')).toEqual([['equity']])
    taken(own, [buy('c', '2025-03-05', { assetClass: 'fund' })])
    expect(books(own.db, 'asset_class')).toEqual([['fund']])
    expectCurrent(own)
  })
})

describe('a row after the last one that may change what was before it', () => {
  test('a purchase that closes what was sold beyond what there was makes that sale a short one', () => {
    const own = desk()
    taken(own, [sale('s', '2025-03-03')])
    expect(books(own.db, 'quantity, realized')).toEqual([['0', '0']])
    taken(own, [buy('b', '2025-03-04', { positionEffect: 'close', price: dec('6') })])
    expect(books(own.db, 'quantity, realized')).toEqual([['0', '20']])
    expectCurrent(own)
  })

  test('a purchase that says it closes and finds no such sale only follows, and so does one that says nothing of it', () => {
    const own = desk()
    taken(own, [buy('a', '2025-03-03')])
    const written = watched(own.db)
    taken(own, [buy('b', '2025-03-04', { positionEffect: 'close' })])
    expect(written()).not.toContain('no trip 1')
    const short = desk()
    taken(short, [sale('s', '2025-03-03', { symbol: 'XYZ' }), buy('a', '2025-03-04', { symbol: 'XYZ' })])
    const later = watched(short.db)
    taken(short, [buy('b', '2025-03-05', { symbol: 'XYZ' }), sale('t', '2025-03-06', { symbol: 'XYZ', positionEffect: 'close', quantity: dec('2') }), buy('c', '2025-03-07', { symbol: 'XYZ', positionEffect: 'open' })])
    expect(later()).not.toContain('no trip 1')
    expectCurrent(short)
  })

  test('one the user said something about counts as he said', () => {
    const own = desk()
    taken(own, [buy('a', '2025-03-03')])
    own.db.writer.tx(w => setOverride(w, 1, 'b', { price: dec('9') }, AT))
    taken(own, [buy('b', '2025-03-04')])
    expect(own.db.raw.prepare('SELECT unit FROM ledger_lots ORDER BY place').pluck().all()).toEqual(['5', '9'])
    own.db.writer.tx(w => setOverride(w, 1, 'd', { price: dec('9') }, AT))
    taken(own, [buy('c', '2025-03-05'), buy('d', '2025-03-06'), buy('e', '2025-03-07')])
    expect(own.db.raw.prepare('SELECT unit FROM ledger_lots ORDER BY place').pluck().all()).toEqual(['5', '9', '5', '9', '5'])
  })

  test('a purchase that says it closes, in a currency nothing was held in, is one of that currency', () => {
    const own = desk()
    taken(own, [buy('a', '2025-03-03')], [buy('b', '2025-03-04', { currency: 'CAD', positionEffect: 'close' })])
    expect(books(own.db, 'currency, quantity')).toEqual([['CAD', '0'], ['USD', '10']])
    expectCurrent(own)
  })

  test('under another method than before the whole book is read by it', () => {
    const own = desk()
    taken(own, [buy('a', '2025-03-03'), buy('b', '2025-03-04', { price: dec('7') })])
    own.db.writer.tx(w => setMethod(w, 1, 'lifo'))
    taken(own, [sale('s', '2025-03-05')])
    expect(books(own.db, 'method, realized')).toEqual([['lifo', '10']])
  })

  test('in an instrument whose units nothing said so far, says them of all', () => {
    const own = desk()
    const bond = { symbol: 'BOND', assetClass: 'bond' as const, quantity: dec('1000'), price: dec('98') }
    taken(own, [buy('a', '2025-03-03', bond)], [buy('b', '2025-03-04', { ...bond, amount: dec('-980') })])
    expect(books(own.db, 'multiplier')).toEqual([['0.01']])
    expect(own.db.raw.prepare('SELECT unit FROM ledger_lots ORDER BY place').pluck().all()).toEqual(['0.98', '0.98'])
    expectCurrent(own)
  })

  test('a row that is no trade is read with the others', () => {
    const own = desk()
    taken(own, [buy('a', '2025-03-03')], [buy('p', '2025-03-04', { kind: 'split', side: null, price: null, quantity: dec('30') })])
    expect(lots(own.db)).toEqual([['a', '40']])
    expectCurrent(own)
  })

  test('a dividend paid on shares changes no book', () => {
    const own = desk()
    taken(own, [buy('a', '2025-03-03')])
    const written = watched(own.db)
    taken(own, [buy('d', '2025-03-04', { kind: 'dividend', brokerType: 'DIV', side: null, price: null, amount: dec('4') })])
    expect(written()).toEqual(['mark AAPL'])
    expect(own.db.raw.prepare('SELECT day, dividends FROM ledger_days').raw().all()).toEqual([['2025-03-04', '4']])
    taken(own, [buy('b', '2025-03-05'), buy('e', '2025-03-05', { kind: 'dividend', brokerType: 'DIV', side: null, price: null, amount: dec('4') })])
    expect(written()).toEqual(['mark AAPL', 'lot b at 1', 'book AAPL in USD', 'trip 1'])
    expectCurrent(own)
  })
})

describe('books computed anew', () => {
  test('are one a currency, each with its own lots from before the history', () => {
    const own = desk()
    own.db.writer.tx(w => {
      addOpening(w, 1, opening('usd'))
      addOpening(w, 1, opening('cad', { currency: 'CAD', quantity: dec('2') }))
      addOpening(w, 1, opening('other', { symbol: 'XYZ', quantity: dec('3') }))
    })
    taken(own, [buy('a', '2025-03-03'), buy('b', '2025-03-03', { currency: 'CAD' })])
    own.db.writer.tx(w => markSymbol(w, 1, 'AAPL'))
    settled(own.work)
    expect(lots(own.db)).toEqual([['cad', '2'], ['b', '10'], ['usd', '1'], ['a', '10']])
    expect(lots(own.db, 'XYZ')).toEqual([['other', '3']])
    expectCurrent(own)
  })

  test('a row that moves to another currency takes its book along', () => {
    const own = desk()
    taken(own, [buy('a', '2025-03-03'), buy('b', '2025-03-04'), sale('c', '2025-03-05'), buy('d', '2025-03-03', { symbol: 'XYZ' })], [
      buy('a', '2025-03-03', { currency: 'CAD', status: 'corrected' }), buy('b', '2025-03-04', { currency: 'CAD', status: 'corrected' }), sale('c', '2025-03-05', { currency: 'CAD', status: 'corrected' }),
    ])
    expect(books(own.db, 'symbol, currency')).toEqual([['AAPL', 'CAD'], ['XYZ', 'USD']])
    expect(own.db.raw.prepare('SELECT currency, day, realized FROM ledger_days').raw().all()).toEqual([['CAD', '2025-03-05', '30']])
    expectCurrent(own)
  })

  test('a book without anything left goes, the other currency stays', () => {
    const own = desk()
    taken(own, [buy('a', '2025-03-03'), buy('b', '2025-03-04', { currency: 'CAD' })], [buy('a', '2025-03-03', { status: 'canceled' })])
    expect(books(own.db, 'currency, quantity')).toEqual([['CAD', '10']])
    expectCurrent(own)
    const later = desk()
    taken(later, [buy('b', '2025-03-03', { currency: 'CAD' }), buy('a', '2025-03-04')], [buy('a', '2025-03-04', { status: 'canceled' })])
    expect(books(later.db, 'currency, quantity')).toEqual([['CAD', '10']])
    expectCurrent(later)
  })

  test('what a dividend says of the kind of its instrument counts for nothing', () => {
    const own = desk()
    const dividend = (id: string, day: string, more = {}) => buy(id, day, { kind: 'dividend', brokerType: 'DIV', side: null, price: null, quantity: null, amount: dec('4'), ...more })
    taken(own, [buy('a', '2025-03-03', { assetClass: 'fund' })], [dividend('d', '2025-03-06'), dividend('e', '2025-03-06', { currency: 'CAD' })], [buy('b', '2025-03-01', { assetClass: 'fund' })])
    expect(books(own.db, 'currency, asset_class')).toEqual([['USD', 'fund']])
    expectCurrent(own)
  })

  const change = (symbol: string, quantity: string, externalId: string): Told =>
    buy(externalId, '2025-03-05', { kind: 'corporate-action', brokerType: `NAME CHANGE ${externalId.slice(-1)}`, side: null, price: null, symbol, quantity: dec(quantity) })

  test('only an instrument that got something from it is read again, and only where that changed', () => {
    const own = desk()
    const pairs = [change('AAPL', '-10', 'out1'), change('NEWX', '20', 'in1'), change('OLD2', '-10', 'out2'), change('NEW2', '20', 'in2')]
    taken(own, [buy('a', '2025-03-03'), buy('b', '2025-03-03', { symbol: 'OLD2' }), ...pairs])
    const written = watched(own.db)
    taken(own, [buy('c', '2025-03-01', { quantity: dec('3'), price: dec('9') })])
    expect(written().filter(one => one.startsWith('mark') || one.startsWith('no exchange'))).toEqual(['mark AAPL', 'mark NEWX'])
    taken(own, [buy('d', '2025-03-05', { quantity: dec('3'), executedAt: Instant.parse('2025-03-05T15:00:00Z') }), buy('d', '2025-03-06', { quantity: dec('3'), status: 'corrected' })])
    expect(written().filter(one => one.startsWith('mark') || one.startsWith('no exchange'))).toEqual(['mark AAPL'])
    expectCurrent(own)
  })

  test('days follow a result that is taken back, of that currency alone', () => {
    const own = desk()
    taken(own, [buy('a', '2025-03-03'), sale('s', '2025-03-04'), buy('b', '2025-03-03', { currency: 'CAD' }), sale('t', '2025-03-04', { currency: 'CAD', price: dec('6') })])
    taken(own, [sale('s', '2025-03-04', { price: dec('5'), status: 'corrected' })])
    expect(own.db.raw.prepare('SELECT currency, realized, closings FROM ledger_days ORDER BY 1').raw().all()).toEqual([['CAD', '10', 1], ['USD', '0', 1]])
    expectCurrent(own)
  })
})
