import { expect, test } from 'vitest'
import { gaps } from '../../../electron/core/services/ledger-gaps.ts'
import { realizations } from '../../../electron/core/services/ledger-trips.ts'
import { createLedgerWords } from '../../../electron/core/services/ledger-words.ts'
import { replacePositions } from '../../../electron/core/store/positions.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { AT } from '../../support/data-folder.ts'
import { fakePorts } from '../../support/fake-ports.ts'
import { save } from '../store/support.ts'
import { buy, desk, sale } from './support/desk.ts'
import { settled } from './support/ledger-dump.ts'

const d = Dec.of

function written(...rows: Parameters<ReturnType<typeof desk>['row']>[0][]) {
  const own = desk()
  save(own.db, rows.map(one => own.row(one)))
  settled(own.work)
  const position = { symbol: 'AAPL', assetClass: 'equity', marketValue: null, unrealized: null, currency: 'USD', asOf: AT } as const
  const hold = (...held: readonly (readonly [quantity: string, averagePrice: string])[]) =>
    replacePositions(own.db.writer, own.row({ externalId: 'any' }).accountId, held.map(([quantity, price]) => ({ ...position, quantity: d(quantity), averagePrice: d(price) })), AT)
  const words = createLedgerWords({
    db: own.db,
    clock: { now: () => AT, monotonicMs: () => 0, after: () => () => undefined },
    random: fakePorts('/nowhere').random,
    ledger: { settle: async () => void settled(own.work) },
    between: async run => run(),
  })
  return { ...own, hold, words }
}

test('a sale without a price came from nowhere and needs no lot: its price is what is asked, and no average price of what is held is offered as that', async () => {
  const { db, hold, words, row } = written(buy('a', '2025-01-02'), sale('s', '2025-01-03', { price: null, quantity: d('4') }))
  hold(['6', '5'])
  const [gap, ...others] = gaps(db.reader)
  expect(others).toEqual([])
  expect(gap).toMatchObject({ kind: 'unknown-cost', lacksPrice: true, suggestions: [] })
  expect(gap?.sentence).toBe('4 AAPL were sold on 3 Jan 2025, and nothing says at what price. Until that is told, what this made is not known.')
  const { accountId } = row({ externalId: 'any' })
  if (!gap) throw new Error('no gap')
  const { symbol, currency, day, quantity, activityId } = gap
  await words['ledger.addOpeningLot']({ accountId, symbol, currency, day, quantity, price: d('7'), note: '', activityId }, { signal: new AbortController().signal })
  expect(realizations(db.reader, { environment: 'paper', limit: 9 }).rows).toMatchObject([{ quantity: '4', pnl: '8' }])
  expect(gaps(db.reader)).toEqual([])
})

test('a purchase without a price asks for its price, shares that were moved in for what they cost', () => {
  const { db, hold } = written(
    buy('a', '2025-01-02', { price: null }),
    buy('in', '2025-01-03', { kind: 'transfer', side: null, price: null, quantity: d('5') }),
  )
  hold(['15', '4'])
  const average = { label: 'The average price your broker states', price: '4' }
  expect(gaps(db.reader)).toMatchObject([
    {
      lacksPrice: true,
      sentence: '10 AAPL were bought on 2 Jan 2025, and nothing says at what price. Until that is told, what closing them made is not known.',
      suggestions: [average],
    },
    {
      lacksPrice: false,
      sentence: '5 AAPL came in on 3 Jan 2025, and nothing says what they cost. Until that is told, what closing them made is not known.',
      suggestions: [average],
    },
  ])
  hold(['10', '4'], ['5', '9'])
  expect(gaps(db.reader).map(({ suggestions }) => suggestions)).toEqual([[], []])
})
