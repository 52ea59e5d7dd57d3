import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FileFacts, FileRow } from '../../../electron/core/imports/format.ts'
import type { KnownRow } from '../../../electron/core/imports/fingerprint.ts'
import { judge, type JudgedRow } from '../../../electron/core/imports/verdict.ts'
import { fingerprint } from '../../../electron/core/ledger/fingerprint.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { added, fileRow } from './support/rows.ts'

type Kind = 'schwab-csv' | 'ofx'

const read = (rows: readonly FileRow[], there: readonly KnownRow[] = [], format: Kind = 'schwab-csv'): JudgedRow[] =>
  judge(rows, { format, ownIds: false, there })
const words = (judged: readonly JudgedRow[]): string[] => judged.map(({ verdict }) => verdict)
const after = (rows: readonly FileRow[], format: Kind = 'schwab-csv'): KnownRow[] => added(read(rows, [], format), format)
const fill = (quantity: number, price: number, more: Partial<FileFacts> = {}, ownId: string | null = null): FileRow =>
  fileRow(
    { quantity: Dec.of(String(quantity)), price: Dec.of(String(price)), amount: Dec.of(String(-quantity * price)), ...more },
    { ownId },
  )
const apart = { addable: true, told: [] }

describe('a later file of the same kind', () => {
  test('contradicts an earlier one with another price, or another amount, for the same shares', () => {
    const there = after([fill(10, 170)])
    expect(read([fill(10, 171)], there)).toMatchObject([{ verdict: 'conflict', ...apart }])
    expect(read([fill(10, 170, { amount: Dec.of('-1799.05') })], there)).toMatchObject([{ verdict: 'conflict', ...apart }])
    expect(read([fill(10, 170, { price: Dec.of('170.01') })], there)).toMatchObject([{ verdict: 'conflict', ...apart }])
  })

  test('contradicts it with one of two identical rows changed, and tells the other again', () => {
    expect(words(read([fill(10, 171), fill(10, 170)], after([fill(10, 170), fill(10, 170)])))).toEqual(['conflict', 'already-there'])
  })

  test('adds a fill when it tells the earlier ones as well', () => {
    expect(words(read([fill(10, 170), fill(10, 171)], after([fill(10, 170)])))).toEqual(['already-there', 'new'])
  })

  test('leaves every row in doubt that may be the one it does not tell', () => {
    const rows = [fill(10, 170), fill(10, 172), fill(10, 173), fill(3, 174)]
    expect(words(read(rows, after([fill(10, 170), fill(10, 171)])))).toEqual(['already-there', 'conflict', 'conflict', 'new'])
  })

  test('adds another number of shares, and finds an order cut into its fills', () => {
    expect(words(read([fill(7, 170)], after([fill(10, 170)])))).toEqual(['new'])
    expect(words(read([fill(4, 170), fill(6, 170)], after([fill(10, 170)])))).toEqual(['already-there', 'already-there'])
    expect(words(read([fill(10, 170)], after([fill(4, 170), fill(6, 170)])))).toEqual(['already-there'])
  })

  test('contradicts no purchase with a sale, no other day and no other symbol', () => {
    const others = [{ side: 'sell' as const }, { tradeDate: LocalDate.of('2026-03-13') }, { symbol: 'PEP' }]
    expect(
      words(
        read(
          others.map(other => fill(10, 171, other)),
          after([fill(10, 170)]),
        ),
      ),
    ).toEqual(['new', 'new', 'new'])
  })

  test('contradicts a dividend with another amount, and adds a second deposit', () => {
    const cash = { side: null, quantity: null, price: null }
    const paid = (amount: string) => fileRow({ ...cash, kind: 'dividend', amount: Dec.of(amount) })
    const deposit = (amount: string) => fileRow({ ...cash, kind: 'transfer', symbol: null, amount: Dec.of(amount) })
    const there = after([paid('4.2'), deposit('100')])
    expect(words(read([paid('4.3'), deposit('200')], there))).toEqual(['conflict', 'new'])
  })

  test('finds what was added in spite of a conflict, whichever file comes again', () => {
    const first = [fill(10, 170)]
    const second = [fill(10, 171)]
    const there = after(first)
    there.push(...added(read(second, there), 'schwab-csv', ['conflict']))
    expect(words(read(second, there))).toEqual(['already-there'])
    expect(words(read(first, there))).toEqual(['already-there'])
  })
})

describe('the id a file gives a row', () => {
  const ofx = (rows: readonly FileRow[], there: readonly KnownRow[]): JudgedRow[] => read(rows, there, 'ofx')
  const a1 = fill(10, 170, {}, 'A1')

  test('is the same row when it says the same', () => {
    expect(words(ofx([fill(10, 170, {}, 'A1')], after([a1], 'ofx')))).toEqual(['already-there'])
  })

  test('is a conflict with another day and price', () => {
    const moved = fill(10, 175, { tradeDate: LocalDate.of('2026-04-02') }, 'A1')
    expect(ofx([moved], after([a1], 'ofx'))).toMatchObject([{ verdict: 'conflict', ...apart }])
  })

  test('is a conflict although an identical row has another id', () => {
    const moved = fill(10, 170, { tradeDate: LocalDate.of('2026-04-02') }, 'A1')
    expect(words(ofx([fill(10, 170, {}, 'A2'), moved], after([a1, fill(10, 170, {}, 'A2')], 'ofx')))).toEqual(['already-there', 'conflict'])
  })

  test('tells nothing when the file numbers its rows anew', () => {
    const rows = [fill(10, 170, {}, 'A2'), fill(5, 171, {}, 'A1'), fill(2, 1, { symbol: 'PEP' }, 'A3')]
    expect(words(ofx(rows, after([a1, fill(5, 171, {}, 'A2')], 'ofx')))).toEqual(['already-there', 'already-there', 'new'])
  })

  test('may stand for an income and what it bought', () => {
    const paid = fileRow({ kind: 'dividend', side: null, quantity: null, price: null, amount: Dec.of('170') }, { ownId: 'A1' })
    const there = after([paid, fill(1, 170, {}, 'A1')], 'ofx')
    expect(words(ofx([paid, fill(1, 170, {}, 'A1')], there))).toEqual(['already-there', 'already-there'])
    expect(words(ofx([paid, fill(1, 171, {}, 'A1')], there))).toEqual(['already-there', 'conflict'])
  })

  test("of the broker's own is a conflict on another day, and cannot stand beside itself", () => {
    const flex = (rows: readonly FileRow[], there: readonly KnownRow[] = []): JudgedRow[] =>
      judge(rows, { format: 'ibkr-flex', ownIds: true, there })
    const there = added(flex([a1]), 'ibkr-flex')
    const moved = fill(10, 170, { tradeDate: LocalDate.of('2026-04-02') }, 'A1')
    expect(flex([moved], there)).toMatchObject([{ verdict: 'conflict', addable: false }])
  })
})

const DAYS = ['2026-03-11', '2026-03-12', '2026-03-13'] as const
const someFill = fc
  .record({
    day: fc.constantFrom(...DAYS),
    symbol: fc.constantFrom('KO', 'PEP'),
    side: fc.constantFrom('buy' as const, 'sell' as const),
    quantity: fc.constantFrom(1, 2),
    price: fc.constantFrom(10, 20, 30),
  })
  .map(({ day, symbol, side, quantity, price }) => fill(quantity, price, { tradeDate: LocalDate.of(day), symbol, side }))
const someFills = fc.array(someFill, { maxLength: 24 })
const oneOrMore = fc.array(someFill, { minLength: 1, maxLength: 24 })
const prints = (rows: readonly (KnownRow | FileRow)[]): string[] =>
  rows.map(row => fingerprint('facts' in row ? row.facts : row)).toSorted()
const numbered = (rows: readonly FileRow[], first = 0): FileRow[] =>
  rows.map((row, index) => fileRow(row.facts, { ownId: `F${first + index}` }))

describe('whatever happened', () => {
  test('files of whole days end with every fill once, however they overlap and in whatever order', () => {
    fc.assert(
      fc.property(someFills, fc.array(fc.uniqueArray(fc.constantFrom(...DAYS)), { maxLength: 5 }), (truth, files) => {
        const there: KnownRow[] = []
        for (const days of files) {
          const judged = read(
            truth.filter(({ facts }) => days.some(day => day === facts.tradeDate)),
            there,
          )
          expect(words(judged)).not.toContain('conflict')
          there.push(...added(judged, 'schwab-csv'))
        }
        expect(prints(there)).toEqual(prints(truth.filter(({ facts }) => files.flat().some(day => day === facts.tradeDate))))
      }),
    )
  })

  test('a day that went on is added to without a conflict', () => {
    fc.assert(
      fc.property(someFills, fc.array(fc.boolean(), { minLength: 24, maxLength: 24 }), fc.boolean(), (truth, early, ids) => {
        const rows = ids ? numbered(truth) : truth
        const there = after(
          rows.filter((_, index) => early[index]),
          ids ? 'ofx' : 'schwab-csv',
        )
        const judged = read(rows, there, ids ? 'ofx' : 'schwab-csv')
        expect(words(judged)).not.toContain('conflict')
        expect(prints([...there, ...added(judged, 'schwab-csv')])).toEqual(prints(truth))
      }),
    )
  })

  test('a figure that changed is the one conflict, and nothing is added', () => {
    fc.assert(
      fc.property(oneOrMore, fc.nat(), fc.constantFrom('price' as const, 'amount' as const), (truth, which, field) => {
        const place = which % truth.length
        const later = truth.map((row, index) => (index === place ? fileRow({ ...row.facts, [field]: Dec.of('99') }) : row))
        expect(words(read(later, after(truth)))).toEqual(truth.map((_, index) => (index === place ? 'conflict' : 'already-there')))
      }),
    )
  })

  test('a row that moved under its id is the one conflict, and nothing is added', () => {
    fc.assert(
      fc.property(oneOrMore, fc.nat(), (fills, which) => {
        const truth = numbered(fills)
        const place = which % truth.length
        const moved = { tradeDate: LocalDate.of('2026-04-02'), price: Dec.of('99') }
        const later = truth.map((row, index) => (index === place ? fileRow({ ...row.facts, ...moved }, { ownId: row.ownId }) : row))
        expect(words(read(later, after(truth, 'ofx'), 'ofx'))).toEqual(
          truth.map((_, index) => (index === place ? 'conflict' : 'already-there')),
        )
      }),
    )
  })

  test('rows numbered anew are the same rows', () => {
    fc.assert(
      fc.property(someFills, fc.nat(30), (truth, shift) => {
        expect(new Set(words(read(numbered(truth.toReversed(), shift), after(numbered(truth), 'ofx'), 'ofx')))).toEqual(
          new Set(truth.length === 0 ? [] : ['already-there']),
        )
      }),
    )
  })
})
