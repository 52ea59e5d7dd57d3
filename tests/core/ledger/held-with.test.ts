import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Writer } from '../../../electron/core/db/open.ts'
import { heldWith } from '../../../electron/core/ledger/held-with.ts'
import { markSymbol } from '../../../electron/core/store/ledger-dirty.ts'
import { addOpening, setMethod, setOverride, setPicks } from '../../../electron/core/store/ledger-words.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { AT } from '../../support/data-folder.ts'
import { save } from '../store/support.ts'
import { buy, type Desk, desk, sale } from './support/desk.ts'
import { ledgerDump, settled } from './support/ledger-dump.ts'

const dec = Dec.of
type Told = ReturnType<typeof buy>

function deskOf(...rows: readonly Told[]): Desk {
  const own = desk()
  save(own.db, rows.map(told => own.row(told)))
  settled(own.work)
  return own
}

/** What would be held with one more lot of February. */
function heldIn({ db }: Desk, quantity: string, { account = 1, symbol = 'AAPL', currency = 'USD', day = '2025-02-03' } = {}): string {
  return heldWith(db.writer, account)(symbol, currency)({ day: LocalDate.of(day), quantity: dec(quantity) }) ?? 'too much'
}

describe('what an account would hold with one more lot from before its history', () => {
  test('is that much more, and less what sales closed of it that found nothing', () => {
    expect(heldIn(deskOf(buy('a', '2025-03-03')), '4')).toBe('14')
    expect(heldIn(deskOf(buy('a', '2025-03-03'), sale('s', '2025-03-04', { quantity: dec('13') })), '4')).toBe('1')
    expect(heldIn(deskOf(sale('s', '2025-03-04', { quantity: dec('3') })), '4')).toBe('1')
    expect(heldIn(deskOf(buy('a', '2025-03-03')), '-4')).toBe('6')
  })

  test('is counted by the splits behind its day', () => {
    const own = deskOf(buy('a', '2025-03-03'), buy('p', '2025-03-05', { kind: 'split', side: null, price: null, quantity: dec('10') }))
    expect(heldIn(own, '10')).toBe('30')
    expect(heldIn(deskOf(buy('d', '2025-03-03', { kind: 'dividend', brokerType: 'DIV', side: null, price: null, amount: dec('4') })), '10')).toBe('10')
  })

  test('is of its instrument, currency and account alone, with the lots told of these before', () => {
    const own = deskOf(buy('a', '2025-03-03'), buy('x', '2025-03-03', { symbol: 'XYZ', quantity: dec('100') }), buy('c', '2025-03-03', { currency: 'CAD', quantity: dec('1000') }))
    const told = { symbol: 'AAPL', currency: 'USD', day: LocalDate.of('2025-01-02'), quantity: dec('2'), price: dec('1'), note: '', createdAt: AT }
    own.db.writer.tx(w => {
      for (const [id, more] of Object.entries({ o1: {}, o2: { symbol: 'XYZ', quantity: dec('30') }, o3: { currency: 'CAD', quantity: dec('500') } })) addOpening(w, 1, { ...told, id, ...more })
      addOpening(w, 2, { ...told, id: 'o4', quantity: dec('9000') })
    })
    expect([heldIn(own, '4'), heldIn(own, '4', { symbol: 'XYZ' }), heldIn(own, '4', { currency: 'CAD' }), heldIn(own, '4', { account: 2 })]).toEqual(['16', '134', '1504', '9004'])
  })

  test('goes by what the user says of rows', () => {
    const own = deskOf(buy('a', '2025-03-03'), sale('s', '2025-03-04'))
    own.db.writer.tx(w => setOverride(w, 1, 's', { quantity: dec('3') }, AT))
    expect(heldIn(own, '4')).toBe('11')
    own.db.writer.tx(w => setOverride(w, 1, 's', { ignored: true }, AT))
    expect(heldIn(own, '4')).toBe('14')
  })

  test('goes by the lots that went on in another instrument', () => {
    const change = (symbol: string, quantity: string, id: string): Told => buy(id, '2025-03-05', { kind: 'corporate-action', brokerType: 'NAME CHANGE', side: null, price: null, symbol, quantity: dec(quantity) })
    const own = deskOf(buy('a', '2025-03-03'), change('AAPL', '-10', 'out'), change('NEWX', '20', 'in'))
    expect([heldIn(own, '4'), heldIn(own, '4', { symbol: 'NEWX' })]).toEqual(['4', '24'])
  })

  test('is the same by each method and whatever is picked, and nothing is written for it', () => {
    const own = deskOf(buy('a', '2025-03-03'), sale('s', '2025-03-04', { quantity: dec('4') }))
    for (const method of ['fifo', 'lifo', 'hifo', 'average'] as const) {
      own.db.writer.tx(w => {
        setMethod(w, 1, method)
        setPicks(w, 1, 's', [{ lot: 'before', quantity: dec('4') }])
      })
      const before = ledgerDump(own.db)
      expect(heldIn(own, '4')).toBe('10')
      expect(ledgerDump(own.db)).toEqual(before)
    }
  })
})

/** A writer, and what it was asked for. */
function counting({ writer }: Desk['db']) {
  const asked: string[] = []
  const counted: Writer = { ...writer, all: query => (asked.push(query.text), writer.all(query)), prepare: text => (asked.push(text), writer.prepare(text)) }
  return { counted, reads: (word: string): number => asked.filter(text => text.includes(word)).length }
}

const MANY = Array.from({ length: 12 }, (_, at) => `S${at}`)
const lot = { day: LocalDate.of('2025-02-03'), quantity: dec('4') }
const moved = (symbol: string, quantity: string): Told => buy(`${symbol}-m`, '2025-03-06', { kind: 'transfer', side: null, price: null, symbol, quantity: dec(quantity) })

describe('what many instruments of an account would hold', () => {
  test('is computed with one look at what counts for all of them', () => {
    const { db } = deskOf(...MANY.flatMap(symbol => [buy(symbol, '2025-03-03', { symbol }), moved(symbol, '1')]))
    const { counted, reads } = counting(db)
    const heldBy = heldWith(counted, 1)
    expect(MANY.map(symbol => heldBy(symbol, 'USD')(lot))).toEqual(MANY.map(() => '15'))
    expect([reads('row_overrides WHERE account'), reads('lot_picks'), reads('opening_lots'), reads('activities_kind')]).toEqual([1, 1, 1, 1])
  })

  test('is known without reading their rows where all was bought, and sold once it was held', () => {
    const { db } = deskOf(...MANY.flatMap(symbol => [buy(symbol, '2025-03-03', { symbol }), sale(`${symbol}-s`, '2025-03-04', { symbol, quantity: dec('3') })]))
    const { counted, reads } = counting(db)
    const heldBy = heldWith(counted, 1)
    expect(MANY.map(symbol => heldBy(symbol, 'USD')(lot))).toEqual(MANY.map(() => '11'))
    expect([reads('external_id'), heldBy('S0', 'CAD')(lot), heldBy('NONE', 'USD')(lot)]).toEqual([0, '4', '4'])
  })

  test('is no longer computed once so many rows were', () => {
    const { db } = deskOf(...MANY.flatMap(symbol => [buy(symbol, '2025-03-03', { symbol }), moved(symbol, '1')]), ...['a', 'b', 'c'].map(id => buy(id, '2025-03-03', { symbol: 'PLAIN' })))
    const heldBy = heldWith(db.writer, 1, 5)
    const [first, second] = [heldBy('S0', 'USD'), heldBy('S1', 'USD')]
    expect([first(lot), first(lot), first(lot), second(lot)]).toEqual(['15', '15', null, null])
    expect(heldBy('PLAIN', 'USD')(lot)).toBe('34')
    expect(heldWith(db.writer, 1, 1)('S0', 'USD')(lot)).toBeNull()
  })
})

const row = fc.record({
  day: fc.integer({ min: 0, max: 9 }),
  size: fc.constantFrom('1', '2', '5', '10'),
  more: fc.oneof(
    fc.constant({}),
    fc.constantFrom<Partial<Told>>({ positionEffect: 'open' }, { positionEffect: 'close' }),
    fc.constantFrom<Partial<Told>>(
      { positionEffect: 'open' }, { positionEffect: 'close' }, { assetClass: 'future' }, { brokerType: 'OPTRD' }, { description: 'Shares of an ASSIGNMENT' }, { status: 'canceled' },
      { kind: 'dividend' }, { kind: 'dividend', brokerType: 'Receive Deliver|Dividend' }, { kind: 'fee' }, { kind: 'split', side: null, price: null }, { kind: 'journal', side: null, price: null },
    ),
  ),
  isSale: fc.boolean(),
})

test('What would be held is what is held once the lot is told, whatever rows there are', () => {
  fc.assert(
    fc.property(fc.array(fc.array(row, { maxLength: 5 }), { minLength: 6, maxLength: 12 }), histories => {
      // Rows of different days are no exchange of one instrument for another.
      const rows = histories.flatMap((own, at) =>
        own.map(({ day, size, more, isSale }, n) => (isSale ? sale : buy)(`${at}-${n}`, LocalDate.plusDays(LocalDate.of('2025-03-03'), 20 * at + day), { symbol: `S${at}`, quantity: dec(size), ...more })),
      )
      const { db, work } = deskOf(...rows)
      const heldBy = heldWith(db.writer, 1)
      const symbols = histories.map((_, at) => `S${at}`)
      const would = symbols.map(symbol => heldBy(symbol, 'USD')(lot))
      for (const symbol of symbols) {
        addOpening(db.writer, 1, { ...lot, id: `lot of ${symbol}`, symbol, currency: 'USD', price: null, note: '', createdAt: AT })
        markSymbol(db.writer, 1, symbol)
      }
      settled(work)
      expect(would).toEqual(symbols.map(symbol => (db.raw.prepare('SELECT quantity FROM ledger_books WHERE symbol = ?').get(symbol) as { readonly quantity: Dec }).quantity))
      db.close()
    }),
    { numRuns: 25 },
  )
})
