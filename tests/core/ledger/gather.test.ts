import { describe, expect, test } from 'vitest'
import { accountContext } from '../../../electron/core/ledger/account-context.ts'
import { cashOf, cashSumsOf, isPlainCash, newCashTally, tallyCash } from '../../../electron/core/ledger/cash-days.ts'
import { countOf, gather, rowsOf } from '../../../electron/core/ledger/gather.ts'
import { mayMove } from '../../../electron/core/ledger/lots/lot-rows.ts'
import { newHeldRows } from '../../../electron/core/store/held-rows.ts'
import { lotRowOf } from '../../../electron/core/store/ledger-history.ts'
import { sql } from '../../../electron/core/db/sql.ts'
import { addOpening } from '../../../electron/core/store/ledger-words.ts'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { AT } from '../../support/data-folder.ts'
import { save } from '../store/support.ts'
import { lotRow } from './lots/support/row.ts'
import { buy, type Desk, desk, sale } from './support/desk.ts'

const dec = Dec.of
const paid = (amount: string) => ({ amount: dec(amount) })
const cashOnly = (kind: ActivityFacts['kind'], amount: string, symbol: string | null = null) => ({ kind, symbol, side: null, price: null, quantity: null, ...paid(amount) })

/** One of each that counts in another way, over two days and two currencies. */
const HISTORY = [
  buy('a', '2025-03-03', paid('-50.5')), sale('b', '2025-03-03', { symbol: 'XYZ', ...paid('79') }), buy('c', '2025-03-04', { symbol: 'XYZ', ...paid('-1') }),
  buy('nothing said', '2025-03-04'), buy('canceled', '2025-03-04', { status: 'canceled', ...paid('-7000') }), buy('corrected', '2025-03-04', { status: 'corrected', ...paid('-3') }),
  sale('bond', '2025-03-04', { symbol: 'BND', assetClass: 'bond', quantity: dec('10000'), price: dec('98'), fees: dec('1'), ...paid('9860.5') }),
  buy('dividend', '2025-03-04', cashOnly('dividend', '4', 'AAPL')), buy('shares', '2025-03-04', { kind: 'dividend', brokerType: 'Receive Deliver / Dividend', side: null, price: null, quantity: dec('2'), ...paid('-9') }),
  buy('fee', '2025-03-04', cashOnly('fee', '-2')), buy('in', '2025-03-04', cashOnly('transfer', '1000')), buy('interest', '2025-03-04', cashOnly('interest', '0.25', 'AAPL')),
  buy('euros', '2025-03-04', { symbol: 'SAP', currency: 'EUR', ...paid('-20') }), buy('without a symbol', '2025-03-04', { symbol: null, ...paid('-6') }),
]

function told({ db, row }: Desk) {
  save(db, HISTORY.map(one => row(one)))
  return db
}

function gathered(db: Desk['db']) {
  const { bySymbol, cash } = gather(db.writer, accountContext(db.writer, 1))
  const rows = new Map([...bySymbol].map(([symbol, own]) => [symbol, rowsOf(own)]))
  expect([...bySymbol.values()].map(countOf)).toEqual([...rows.values()].map(({ length }) => length))
  return { rows, cash: new Map([...cash].map(([currency, days]) => [currency, new Map([...days].map(([day, tally]) => [day, cashSumsOf(tally)]))])) }
}

/** The same row by row, by the rules of one day's cash. */
function oneByOne(db: Desk['db']) {
  const { overrides } = accountContext(db.writer, 1)
  const stored = db.reader.all(sql`SELECT *, executed_at IS NOT NULL AS is_timed FROM activities ORDER BY sort_at, id`).map(lotRowOf)
  const counted = stored.flatMap(row => {
    const sums = cashOf(row, overrides)
    return sums ? [{ row, sums }] : []
  })
  const cash = new Map([...Map.groupBy(counted, ({ row }) => row.currency)].map(([currency, own]) => {
    const days = Map.groupBy(own, ({ row }) => row.tradeDate)
    return [currency, new Map([...days].map(([day, all]) => {
      const tally = newCashTally()
      for (const { sums } of all) tallyCash(tally, sums)
      return [day, cashSumsOf(tally)]
    }))]
  }))
  return { rows: Map.groupBy(stored.filter(row => row.symbol !== null && mayMove(row)), ({ symbol }) => symbol), cash }
}

describe('a history read at once', () => {
  test('comes to the rows of each instrument and the cash of each day that its rows come to one by one', () => {
    const db = told(desk())
    const found = gathered(db)
    expect(found).toEqual(oneByOne(db))
    expect([...found.rows.keys()].toSorted()).toEqual(['AAPL', 'BND', 'SAP', 'XYZ'])
    expect(found.cash.get('USD')?.get(LocalDate.of('2025-03-04'))).toEqual({ dividends: dec('4'), interest: dec('61.75'), otherFees: dec('2'), cash: dec('10843.75') })
  })

  test('does so too where the user takes rows out or counts them otherwise', () => {
    const db = told(desk())
    const say = db.raw.prepare('INSERT INTO row_overrides (account, external_id, said, at) VALUES (1, ?, ?, 0)')
    say.run('a', JSON.stringify({ ignored: true }))
    say.run('bond', JSON.stringify({ multiplier: '1' }))
    const found = gathered(db)
    expect(found).toEqual(oneByOne(db))
    expect(found.cash.get('USD')?.get(LocalDate.of('2025-03-03'))?.cash).toBe('79')
    expect(found.cash.get('USD')?.get(LocalDate.of('2025-03-04'))?.interest).toBe('0.25')
  })

  test('has what fixes added behind the rows of the history', () => {
    const fix = lotRow({ id: 9, side: 'buy', quantity: '1', price: '2' })
    const own = { symbol: 'AAPL', held: newHeldRows('AAPL'), others: [fix] }
    expect([countOf(own), rowsOf(own)]).toEqual([1, [fix]])
    const db = told(desk())
    const { bySymbol } = gather(db.writer, accountContext(db.writer, 1))
    const read = bySymbol.get('AAPL') ?? own
    const rows = rowsOf(read)
    read.others.push(fix)
    expect([countOf(read), rowsOf(read)]).toEqual([rows.length + 1, [...rows, fix]])
  })

  test('has instruments the user alone told of, without a row', () => {
    const { db } = desk()
    db.writer.tx(w => addOpening(w, 1, { id: 'lot_1', symbol: 'OLD', currency: 'USD', day: LocalDate.of('2025-02-25'), quantity: dec('1'), price: dec('2'), note: '', createdAt: AT }))
    expect(gathered(db)).toEqual({ rows: new Map([['OLD', []]]), cash: new Map() })
  })

  test.each([
    ['trade', 'final', 'equity', true], ['trade', 'corrected', null, true], ['trade', 'canceled', 'equity', false], ['trade', 'final', 'bond', false], ['dividend', 'final', 'equity', false],
    ['transfer', 'final', null, false],
  ] as const)('a %s that is %s, of %s, counts as its amount alone: %s', (kind, status, assetClass, isPlain) => {
    expect(isPlainCash({ kind, status, assetClass })).toBe(isPlain)
  })
})
