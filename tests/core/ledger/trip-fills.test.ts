import { describe, expect, test } from 'vitest'
import { statistics } from '../../../electron/core/services/ledger-figures.ts'
import { tripDetail } from '../../../electron/core/services/ledger-trip.ts'
import { trips } from '../../../electron/core/services/ledger-trips.ts'
import { markSymbol } from '../../../electron/core/store/ledger-dirty.ts'
import { addOpening } from '../../../electron/core/store/ledger-words.ts'
import { replacePositions } from '../../../electron/core/store/positions.ts'
import { everyAccount } from '../../../electron/core/store/ledger-scope.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { AT } from '../../support/data-folder.ts'
import { save } from '../store/support.ts'
import { buy, type Desk, desk, sale } from './support/desk.ts'
import { settled } from './support/ledger-dump.ts'

const paper = { environment: 'paper' } as const
const d = Dec.of

type Told = Parameters<Desk['row']>[0]

function written(raw: string, ...rows: Told[]): Desk {
  const own = desk()
  save(own.db, rows.map(one => ({ ...own.row(one), raw })))
  settled(own.work)
  return own
}

const detailsOf = ({ db }: Desk) => trips(db.reader, { ...paper, limit: 9 }).rows.map(({ id }) => tripDetail(db, id, AT))

/** A lot from before the history, of what is told. */
function opened(own: Desk, symbol: string, price: string): void {
  const lot = { id: 'lot_x', symbol, currency: 'USD', day: LocalDate.of('2025-01-02'), quantity: d('2'), price: d(price), note: '', createdAt: AT }
  own.db.writer.tx(w => {
    addOpening(w, 1, lot)
    markSymbol(w, 1, symbol)
  })
  settled(own.work)
}

describe('the fills of a round trip', () => {
  test('made together what it made, also where only a row states the units of its contract', () => {
    const future = { symbol: '/QQM25', assetClass: 'future', quantity: d('1'), amount: d('-2'), fees: d('2') } as const
    const own = written('{"multiplier":"50"}', buy('b', '2025-03-03', { ...future, price: d('100') }), sale('s', '2025-03-04', { ...future, price: d('110') }))
    const [detail] = detailsOf(own)
    expect(detail).toMatchObject({ trip: { realized: '496', fees: '4' }, fills: [{ price: '100', realized: null }, { price: '110', realized: '496' }] })
  })

  test('cost together what it cost: a sale that turns the position round shares its fee between both', () => {
    const own = written(
      '{}',
      buy('a', '2025-01-02', { fees: d('1') }),
      sale('x', '2025-01-03', { quantity: d('25'), positionEffect: 'open', fees: d('2.5') }),
      buy('c', '2025-01-04', { quantity: d('15'), fees: d('1.5') }),
    )
    const details = detailsOf(own)
    expect(details.map(({ fills }) => fills.map(({ fees }) => fees))).toEqual([['1.5', '1.5'], ['1', '1']])
    for (const { trip, fills } of details) expect(Dec.sum(fills.map(({ fees }) => fees))).toBe(trip.fees)
  })

  test('have the price of a lot from before the history, of an option as of a bond', () => {
    const option = desk()
    opened(option, 'AAPL261218C00250000', '3')
    expect(detailsOf(option)).toMatchObject([{ trip: { averageEntry: '3' }, fills: [{ price: '3' }] }])
    const bond = desk()
    const [account] = everyAccount(bond.db.reader)
    if (!account) throw new Error('no account')
    const stated = { symbol: '912828ABC', assetClass: 'bond', averagePrice: d('98'), marketValue: d('1.97'), unrealized: d('0.01'), currency: 'USD', asOf: AT } as const
    replacePositions(bond.db.writer, account.accountId, [{ ...stated, quantity: d('2') }], AT)
    opened(bond, '912828ABC', '98')
    expect(detailsOf(bond)).toMatchObject([{ trip: { averageEntry: '98' }, fills: [{ price: '98' }] }])
  })

  test('are of no known average where nobody says how many units one is', () => {
    const own = written('{}', buy('b', '2025-03-03', { symbol: 'AAPL1250321C00100000', assetClass: 'option', quantity: d('2'), price: null, amount: d('-300') }))
    expect(detailsOf(own)).toMatchObject([{ trip: { averageEntry: null } }])
  })
})

test('a round trip whose last sale sold more than was there is of unknown result, and no win', () => {
  const own = written('{}', buy('a', '2025-01-02', { quantity: d('4') }), sale('s', '2025-01-03'), buy('b', '2025-02-02'), sale('bs', '2025-02-03'))
  expect(detailsOf(own)).toMatchObject([{ trip: { realized: '30' } }, { trip: { realized: null, isOpen: false }, fills: [{}, { realized: null }] }])
  expect(statistics(own.db.reader, paper, AT)).toMatchObject([{ trips: 2, unknown: 1, wins: 1 }])
})
