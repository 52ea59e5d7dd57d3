import { describe, expect, test } from 'vitest'
import { realizations } from '../../../electron/core/services/ledger-trips.ts'
import { markWhole } from '../../../electron/core/store/ledger-dirty.ts'
import { addOpening, setMethod, setOverride } from '../../../electron/core/store/ledger-words.ts'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { LotMethod } from '../../../shared/domain/lot-method.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { AT } from '../../support/data-folder.ts'
import { save } from '../store/support.ts'
import { buy, desk, sale } from './support/desk.ts'
import { ledgerDump, recomputed, settled } from './support/ledger-dump.ts'

const d = Dec.of
type Told = Partial<ActivityFacts> & Pick<ActivityFacts, 'externalId'>
const OLD = { day: LocalDate.of('2020-01-02'), quantity: d('10'), price: d('5'), note: '' }
const dear = buy('b', '2024-05-01', { price: d('50') })
const sold = sale('s', '2024-07-01', { price: d('60') })
const WAYS = {
  'told of a transfer': {
    rows: [dear, buy('in', '2024-06-01', { kind: 'transfer', side: null, price: null }), sold],
    say: writer => setOverride(writer, 1, 'in', { lots: [{ ...OLD, id: 'l', at: 0 }] }, AT),
  },
  'from before the history': {
    rows: [dear, sold],
    say: writer => addOpening(writer, 1, { ...OLD, id: 'lot_1', symbol: 'AAPL', currency: 'USD', createdAt: AT }),
  },
  'that came by a merger': {
    rows: [
      buy('old', '2020-01-02', { symbol: 'OLD' }),
      dear,
      buy('out', '2024-06-01', { symbol: 'OLD', kind: 'corporate-action', brokerType: 'MA', side: null, price: null, quantity: d('-10') }),
      buy('in', '2024-06-01', { kind: 'corporate-action', brokerType: 'MA', side: null, price: null }),
      sold,
    ],
    say: () => undefined,
  },
} satisfies Record<string, { readonly rows: readonly Told[]; readonly say: (writer: Parameters<typeof markWhole>[0]) => void }>

/** What the sale of ten made where ten were bought for 50 in 2024, and a lot of 2020 for 5 came later. */
function soldBy(way: keyof typeof WAYS, method: LotMethod) {
  const { db, work, row } = desk()
  const { rows, say } = WAYS[way]
  db.writer.tx(w => {
    setMethod(w, 1, method)
    markWhole(w, 1)
    say(w)
  })
  for (const one of rows) {
    save(db, [row(one)])
    settled(work)
  }
  const before = ledgerDump(db)
  recomputed(db)
  expect(ledgerDump(db)).toEqual(before)
  return realizations(db.reader, { environment: 'paper', limit: 9 }).rows.filter(({ symbol }) => symbol === 'AAPL').map(({ openDay, pnl }) => [openDay, pnl])
}

describe.each(['told of a transfer', 'that came by a merger'] as const)('a lot %s', way => {
  test('is sold by the day it was bought, first at FIFO', () => expect(soldBy(way, 'fifo')).toEqual([['2020-01-02', '550']]))
  test('and last at LIFO', () => expect(soldBy(way, 'lifo')).toEqual([['2024-05-01', '100']]))
  test('and where the dearest goes first, its day says nothing', () => expect(soldBy(way, 'hifo')).toEqual([['2024-05-01', '100']]))
})

test('a lot from before the history is sold as it was', () => {
  expect([soldBy('from before the history', 'fifo'), soldBy('from before the history', 'lifo')]).toEqual([[['2020-01-02', '550']], [['2024-05-01', '100']]])
})

test('of lots of one day the one that came first goes first, or last at LIFO', () => {
  const closed = (method: LotMethod): unknown => {
    const { db, work, row } = desk()
    db.writer.tx(w => {
      setMethod(w, 1, method)
      markWhole(w, 1)
    })
    save(db, [buy('a', '2024-05-01'), buy('b', '2024-05-01', { price: d('6') }), buy('c', '2024-05-02', { price: d('7') }), sale('s', '2024-06-01', { quantity: d('15') })].map(one => row(one)))
    settled(work)
    return realizations(db.reader, { environment: 'paper', limit: 9 }).rows.map(({ openKey, quantity }) => `${openKey} ${quantity}`).toSorted()
  }
  expect([closed('fifo'), closed('lifo')]).toEqual([['a 10', 'b 5'], ['b 5', 'c 10']])
})
