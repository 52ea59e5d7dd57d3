import { expect, test } from 'vitest'
import { accountContext } from '../../../electron/core/ledger/account-context.ts'
import { markSymbol } from '../../../electron/core/store/ledger-dirty.ts'
import { addOpening, setMethod, setOverride, setPicks } from '../../../electron/core/store/ledger-words.ts'
import { replacePositions } from '../../../electron/core/store/positions.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { AT } from '../../support/data-folder.ts'
import { save } from '../store/support.ts'
import { buy, type Desk, desk } from './support/desk.ts'
import { settled } from './support/ledger-dump.ts'

const dec = Dec.of

/** AAPL became NEWX and OLD2 became NEW2; ten of each were bought for 50 before. */
function renamed(): Desk {
  const own = desk()
  const change = (symbol: string, quantity: string, externalId: string, brokerType: string) =>
    own.row(buy(externalId, '2025-03-05', { kind: 'corporate-action', brokerType, side: null, price: null, symbol, quantity: dec(quantity) }))
  save(own.db, [
    own.row(buy('a', '2025-03-03')), own.row(buy('b', '2025-03-04', { symbol: 'OLD2' })),
    change('AAPL', '-10', 'out1', 'MERGER'), change('NEWX', '20', 'in1', 'MERGER'), change('OLD2', '-10', 'out2', 'NAME CHANGE'), change('NEW2', '10', 'in2', 'NAME CHANGE'),
  ])
  settled(own.work)
  return own
}

test('what an instrument got from another is told by the row that brought it, and to it alone', () => {
  const { db } = renamed()
  const context = accountContext(db.writer, 1)
  const lot = (day: string, quantity: string) => ({ day: LocalDate.of(day), quantity: dec(quantity), cost: dec('50') })
  expect(context.arrivals('NEWX')).toEqual(new Map([['in1', [lot('2025-03-03', '20')]]]))
  expect(context.arrivals('NEW2')).toEqual(new Map([['in2', [lot('2025-03-04', '10')]]]))
  expect(context.arrivals('AAPL')).toEqual(new Map())
  expect([context.exchanged('AAPL'), context.exchanged('OLD2'), context.exchanged('NEWX')]).toEqual([new Set(['out1']), new Set(['out2']), new Set()])
})

test('what became what is read when first asked, and not again', () => {
  const { db } = renamed()
  const context = accountContext(db.writer, 1)
  expect(context.hasReadExchanges()).toBe(false)
  const found = context.exchanges()
  expect(context.hasReadExchanges()).toBe(true)
  expect(found.map(({ fromSymbol, toSymbol }) => [fromSymbol, toSymbol])).toEqual([['AAPL', 'NEWX'], ['OLD2', 'NEW2']])
  db.raw.exec('DELETE FROM activities')
  expect(context.exchanges()).toBe(found)
})

test('a row the user took out changes no instrument into another; one he only corrected does', () => {
  const { db } = renamed()
  db.writer.tx(w => setOverride(w, 1, 'out1', { ignored: true }, AT))
  db.writer.tx(w => setOverride(w, 1, 'out2', { quantity: dec('-10') }, AT))
  expect(accountContext(db.writer, 1).exchanges().map(({ fromSymbol }) => fromSymbol)).toEqual(['OLD2'])
})

test('holds the words of its account and of no other', () => {
  const { db } = renamed()
  db.writer.tx(w => {
    setMethod(w, 1, 'hifo')
    setPicks(w, 1, 's', [{ lot: 'a', quantity: dec('1') }])
    setOverride(w, 2, 'x', { ignored: true }, AT)
    addOpening(w, 1, { id: 'lot_1', symbol: 'XYZ', currency: 'USD', day: LocalDate.of('2025-02-25'), quantity: dec('1'), price: null, note: '', createdAt: AT })
  })
  expect(accountContext(db.writer, 1)).toMatchObject({
    account: 1, method: 'hifo', overrides: new Map(), picks: new Map([['s', [{ lot: 'a', quantity: '1' }]]]), openings: [{ id: 'lot_1', symbol: 'XYZ', currency: 'USD', day: '2025-02-25', quantity: '1', price: null }],
  })
  expect(accountContext(db.writer, 2)).toMatchObject({ account: 2, method: 'fifo', overrides: new Map([['x', { ignored: true }]]), picks: new Map(), openings: [] })
})

test('reading it writes nothing: what a position says of lots from before the history is learned where books are computed', () => {
  const { db, work, row } = desk()
  const { accountId } = row({ externalId: 'any' })
  const symbol = '912828ABC'
  const bond = { symbol, assetClass: 'bond', currency: 'USD', quantity: dec('10000'), averagePrice: dec('98'), marketValue: dec('9850'), unrealized: dec('50'), asOf: AT } as const
  replacePositions(db.writer, accountId, [bond], AT)
  db.writer.tx(w => addOpening(w, 1, { id: 'lot_1', symbol, currency: 'USD', day: LocalDate.of('2025-02-25'), quantity: dec('10000'), price: dec('98'), note: '', createdAt: AT }))
  expect(accountContext(db.writer, 1).openings).toMatchObject([{ id: 'lot_1', multiplier: null }])
  expect(db.raw.prepare('SELECT multiplier FROM opening_lots UNION ALL SELECT symbol FROM ledger_dirty').pluck().all()).toEqual([null])
  db.writer.tx(w => markSymbol(w, 1, 'AAPL'))
  settled(work)
  expect(accountContext(db.writer, 1).openings).toMatchObject([{ id: 'lot_1', multiplier: '0.01' }])
})
