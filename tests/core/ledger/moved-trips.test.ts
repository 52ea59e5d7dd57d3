import { expect, test } from 'vitest'
import { byTag, statistics } from '../../../electron/core/services/ledger-figures.ts'
import { bySymbol } from '../../../electron/core/services/ledger-sums.ts'
import { trips } from '../../../electron/core/services/ledger-trips.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { AT } from '../../support/data-folder.ts'
import { save } from '../store/support.ts'
import { buy, desk, sale } from './support/desk.ts'
import { settled } from './support/ledger-dump.ts'

const d = Dec.of
const scope = { environment: 'paper' } as const

/** A run that went elsewhere as a whole, one that was won and then moved out in part, one lost, one of unknown result and one still open. */
function history() {
  const { db, work, row } = desk()
  const moved = { kind: 'transfer', side: null, price: null, brokerType: 'ACATS' } as const
  save(
    db,
    [
      buy('gone-in', '2025-03-03'),
      buy('gone-out', '2025-03-04', { ...moved, quantity: d('-10') }),
      buy('won-in', '2025-03-05'),
      sale('won-out', '2025-03-06', { quantity: d('4') }),
      buy('won-gone', '2025-03-07', { ...moved, quantity: d('-6') }),
      buy('lost-in', '2025-03-10'),
      sale('lost-out', '2025-03-11', { price: d('4') }),
      buy('came', '2025-03-12', { ...moved, quantity: d('10') }),
      sale('sold', '2025-03-13'),
      buy('free-in', '2025-03-14'),
      sale('free-out', '2025-03-17', { price: null }),
      buy('open', '2025-03-18'),
    ].map(one => row(one)),
  )
  settled(work)
  return db.reader
}

test('what only moved elsewhere is no trade: it is neither won nor lost, nor of unknown result', () => {
  const reader = history()
  const [all] = statistics(reader, scope, AT)
  expect(all).toMatchObject({ trips: 4, wins: 1, losses: 1, flat: 0, unknown: 2, winRate: '50' })
  expect(trips(reader, { ...scope, state: 'closed', limit: 10 }).rows).toHaveLength(5)
})

test('wins are of the runs whose result is known, whoever counts them', () => {
  const reader = history()
  expect(bySymbol(reader, scope)).toMatchObject([{ symbol: 'AAPL', trips: 4, known: 2, wins: 1 }])
  expect(byTag(reader, scope)).toMatchObject([{ tag: null, trips: 4, known: 2, wins: 1 }])
})
