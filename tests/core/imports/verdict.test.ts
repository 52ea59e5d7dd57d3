import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FileRow } from '../../../electron/core/imports/format.ts'
import type { KnownRow } from '../../../electron/core/imports/fingerprint.ts'
import { judge, type JudgedRow } from '../../../electron/core/imports/verdict.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant, LocalDate } from '../../../shared/domain/time.ts'
import { added, fileRow, sent } from './support/rows.ts'

const csv = (rows: readonly FileRow[], there: readonly KnownRow[] = []): JudgedRow[] =>
  judge(rows, { format: 'schwab-csv', ownIds: false, there })
const words = (judged: readonly JudgedRow[]): string[] => judged.map(({ verdict }) => verdict)

describe('a row of a file', () => {
  test('is new to an empty account', () => {
    expect(words(csv([fileRow()]))).toEqual(['new'])
  })

  test("is already there when the broker sent it, under the broker's id", () => {
    expect(csv([fileRow()], [sent(fileRow(), 'a1')])).toMatchObject([{ verdict: 'already-there', externalId: 'a1' }])
  })

  test('is new on another day', () => {
    expect(words(csv([fileRow({ tradeDate: LocalDate.of('2026-03-13') })], [sent(fileRow(), 'a1')]))).toEqual(['new'])
  })

  test('of a future filled on Sunday evening is the one the broker counts on Monday', () => {
    const evening = { symbol: '/ESZ26', assetClass: 'future', executedAt: Instant.parse('2026-03-15T22:30:00Z') } as const
    const file = fileRow({ ...evening, tradeDate: LocalDate.of('2026-03-15') })
    const broker = { ...evening, tradeDate: LocalDate.of('2026-03-16') }
    expect(csv([file], [sent(fileRow(broker), 'a1')])).toMatchObject([{ verdict: 'already-there', externalId: 'a1' }])
    expect(words(csv([file], [sent(fileRow({ ...broker, price: Dec.of('62'), amount: Dec.of('-620') }), 'a1')]))).toEqual(['conflict'])
    const parts = ['4', '6'].map((quantity, at) =>
      sent(fileRow({ ...broker, quantity: Dec.of(quantity), amount: Dec.neg(Dec.mul(Dec.of(quantity), Dec.of('61'))) }), `a${at}`),
    )
    expect(words(csv([file], parts))).toEqual(['already-there'])
  })

  test('contradicts the broker with another price and amount for the same shares', () => {
    expect(words(csv([fileRow({ price: Dec.of('62'), amount: Dec.of('-620') })], [sent(fileRow(), 'a1')]))).toEqual(['conflict'])
  })

  test('that nobody can read is unknown, and already there once it was kept', () => {
    const odd = fileRow({ kind: 'other', quantity: null, amount: null, price: null }, { known: false })
    const first = csv([odd])
    expect(words(first)).toEqual(['unknown'])
    expect(words(csv([odd], added(first, 'schwab-csv', ['unknown'])))).toEqual(['already-there'])
  })

  test('of cash is the same under another name for its kind', () => {
    const dividend = { side: null, quantity: null, price: null, amount: Dec.of('4.2') }
    expect(words(csv([fileRow({ ...dividend, kind: 'dividend' })], [sent(fileRow({ ...dividend, kind: 'interest' }), 'a1')]))).toEqual([
      'already-there',
    ])
  })
})

describe('the end of an option', () => {
  const end = (quantity: string | null) =>
    fileRow({ kind: 'option-event', side: null, price: null, quantity: quantity === null ? null : Dec.of(quantity), amount: Dec.zero })

  test('is the same one, whether or not the broker says how many', () => {
    expect(words(csv([end('2')], [sent(end(null), 'a1')]))).toEqual(['already-there'])
  })

  test('comes as often as it is told', () => {
    expect(words(csv([end('2'), end('1')], [sent(end(null), 'a1')]))).toEqual(['already-there', 'new'])
  })
})

describe('an order in a file', () => {
  const order = fileRow()
  const fills = [
    sent(fileRow({ quantity: Dec.of('6'), amount: Dec.of('-366') }), 'a1'),
    sent(fileRow({ quantity: Dec.of('4'), amount: Dec.of('-244') }), 'a2'),
  ]

  test('is already there when the broker sent its fills', () => {
    expect(words(csv([order], fills))).toEqual(['already-there'])
  })

  test('is not taken for fills whose cash nobody tells: the same shares may have been bought twice', () => {
    const untold = { amount: null, price: Dec.of('61') }
    const other = sent(fileRow({ amount: null, price: Dec.of('58') }), 'a1')
    expect(words(csv([fileRow(untold)], [other]))).toEqual(['conflict'])
  })

  test('is not added beside a part of its fills', () => {
    expect(words(csv([order], fills.slice(0, 1)))).toEqual(['conflict'])
  })

  test('is new beside fills that other rows of the file match', () => {
    const rows = [order, fileRow({ quantity: Dec.of('6'), amount: Dec.of('-366') })]
    expect(words(csv(rows, fills.slice(0, 1)))).toEqual(['new', 'already-there'])
  })
})

describe("a row with the broker's own id", () => {
  const flex = (rows: readonly FileRow[], there: readonly KnownRow[] = []): JudgedRow[] =>
    judge(rows, { format: 'ibkr-flex', ownIds: true, there })

  test('is found by it, and contradicts what has the id and says otherwise', () => {
    const there = [sent(fileRow(), 'e1'), sent(fileRow({ amount: Dec.of('-611') }), 'e2')]
    expect(words(flex([fileRow({}, { ownId: 'e1' }), fileRow({}, { ownId: 'e2' })], there))).toEqual(['already-there', 'conflict'])
  })

  test('is another row than one with another id, however alike', () => {
    expect(flex([fileRow({}, { ownId: 'e2' })], [sent(fileRow(), 'e1')])).toMatchObject([{ verdict: 'new', externalId: 'e2' }])
  })

  test('is already there when a file without ids told it', () => {
    const first = added(judge([fileRow()], { format: 'ibkr-activity-csv', ownIds: false, there: [] }), 'ibkr-activity-csv')
    expect(words(flex([fileRow({}, { ownId: 'e1' })], first))).toEqual(['already-there'])
  })

  test('counts once when the file repeats it, and is doubted when it says two things', () => {
    const row = fileRow({}, { ownId: 'e1' })
    expect(words(flex([row, fileRow({}, { ownId: 'e1' }), fileRow({ amount: Dec.of('-1') }, { ownId: 'e1' })]))).toEqual([
      'new',
      'already-there',
      'conflict',
    ])
  })
})

describe('identical genuine rows', () => {
  test('all survive, each under an id of its own', () => {
    const judged = csv([fileRow(), fileRow(), fileRow()])
    expect(words(judged)).toEqual(['new', 'new', 'new'])
    expect(new Set(judged.map(({ externalId }) => externalId)).size).toBe(3)
  })

  test('are counted against those there, whoever told them', () => {
    const there = [sent(fileRow(), 'a1'), ...added(csv([fileRow(), fileRow()]), 'schwab-csv').slice(1)]
    expect(words(csv([fileRow(), fileRow(), fileRow()], there))).toEqual(['already-there', 'already-there', 'new'])
  })

  test('fill the place of one that was taken back', () => {
    const both = added(csv([fileRow(), fileRow()]), 'schwab-csv')
    const left = both.slice(1)
    const again = added(csv([fileRow(), fileRow()], left), 'schwab-csv')
    expect([...left, ...again].map(({ externalId }) => externalId).sort()).toEqual(both.map(({ externalId }) => externalId).sort())
  })
})

const someRow = fc
  .record({
    day: fc.constantFrom('2026-03-11', '2026-03-12'),
    symbol: fc.constantFrom('KO', 'PEP'),
    side: fc.constantFrom('buy' as const, 'sell' as const),
    quantity: fc.constantFrom('1', '2'),
    amount: fc.constantFrom('10', '20'),
  })
  .map(({ day, symbol, side, quantity, amount }) =>
    fileRow({ tradeDate: LocalDate.of(day), symbol, side, quantity: Dec.of(quantity), price: null, amount: Dec.of(amount) }),
  )
const someRows = fc.array(someRow, { maxLength: 24 })
const table = (rows: readonly KnownRow[]): string[] =>
  rows.map(row => `${row.externalId} ${row.tradeDate} ${row.symbol} ${row.side} ${row.quantity} ${row.amount}`).sort()

describe('whatever the file', () => {
  test('importing it twice adds nothing the second time', () => {
    fc.assert(
      fc.property(someRows, rows => {
        const there = added(csv(rows), 'schwab-csv')
        expect(there).toHaveLength(rows.length)
        expect(new Set(words(csv(rows, there)))).toEqual(new Set(rows.length === 0 ? [] : ['already-there']))
      }),
    )
  })

  test('its parts, cut between days, give the same table in any order', () => {
    fc.assert(
      fc.property(someRows, fc.boolean(), (rows, backwards) => {
        const days = ['2026-03-11', '2026-03-12']
        const there: KnownRow[] = []
        for (const day of backwards ? days.toReversed() : days) {
          const part = rows.filter(({ facts }) => facts.tradeDate === day)
          there.push(...added(csv(part, there), 'schwab-csv'))
        }
        expect(table(there)).toEqual(table(added(csv(rows), 'schwab-csv')))
      }),
    )
  })

  test('what the broker sent is never added again, and what it left out is', () => {
    fc.assert(
      fc.property(someRows, fc.nat(), (rows, seed) => {
        const told = rows.filter((_, index) => (seed >> (index % 16)) % 2 === 0)
        const there = told.map((row, index) => sent(row, `a${index}`))
        const judged = csv(rows, there)
        expect(judged.filter(({ verdict }) => verdict === 'already-there')).toHaveLength(told.length)
        expect(judged.filter(({ verdict }) => verdict === 'new')).toHaveLength(rows.length - told.length)
      }),
    )
  })
})
