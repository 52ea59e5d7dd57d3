import { describe, expect, test } from 'vitest'
import type { Db } from '../../../electron/core/db/open.ts'
import { createLedgerWork } from '../../../electron/core/ledger/work.ts'
import { realizations } from '../../../electron/core/services/ledger-trips.ts'
import { markSymbol } from '../../../electron/core/store/ledger-dirty.ts'
import { addOpening, dropOpening } from '../../../electron/core/store/ledger-words.ts'
import { addFixes, type FixWord } from '../../../electron/core/store/reconciliation-fixes.ts'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { AT, tempDatabase } from '../../support/data-folder.ts'
import { save, withAccounts } from '../store/support.ts'
import { buy, desk, sale } from './support/desk.ts'
import { settled } from './support/ledger-dump.ts'

const d = Dec.of
type Told = Partial<ActivityFacts> & Pick<ActivityFacts, 'externalId'>

/** Ten AAPL bought for 100 on January 2 and sold for 80 on March 3, in one of two accounts. */
function lost(others: readonly Told[] = []) {
  const db = tempDatabase()
  const accounts = withAccounts(db, { con_1: ['1001'], con_2: ['2002'] }) as [AccountId, AccountId]
  const work = createLedgerWork(db.writer)
  const rows = [buy('b', '2025-01-02', { price: d('10') }), sale('s', '2025-03-03', { price: d('8') })]
  save(db, [...rows.map(one => ({ ...desk().row(one), accountId: accounts[0] })), ...others.map(one => ({ ...desk().row(one), accountId: accounts[1] }))])
  settled(work)
  const flags = (): unknown[] =>
    realizations(db.reader, { environment: 'paper', limit: 50 }).rows.flatMap(({ wash }) => (wash ? [[wash.disallowed, ...wash.replacements.map(({ day, quantity }) => `${quantity} on ${day}`)]] : []))
  return {
    db,
    flags,
    add(rows: readonly Told[], account: 0 | 1) {
      save(db, rows.map(one => ({ ...desk().row(one), accountId: accounts[account] })))
      settled(work)
    },
    lot(day: string, quantity: string, { price = '9', account = 1, id = 'lot' }: { readonly price?: string | null; readonly account?: number; readonly id?: string } = {}) {
      addOpening(db.writer, account, { id, symbol: 'AAPL', currency: 'USD', day: LocalDate.of(day), quantity: d(quantity), price: price === null ? null : d(price), note: '', createdAt: AT })
      markSymbol(db.writer, account, 'AAPL')
      settled(work)
    },
    taken(id: string) {
      dropOpening(db.writer, id)
      markSymbol(db.writer, 1, 'AAPL')
      settled(work)
    },
    fix(word: FixWord, day: string, amount: string, { account = 0, symbol = 'AAPL' }: { readonly account?: 0 | 1; readonly symbol?: string } = {}) {
      const detail = { label: 'it', assetClass: 'equity' as const, price: word === 'traded' || word === 'lot' ? d('9') : null }
      addFixes(db.writer, [{ id: `fix_1/${word}`, accountId: accounts[account], word, symbol, currency: 'USD', amount: d(amount), day: LocalDate.of(day), detail, at: AT }])
      settled(work)
    },
  }
}

describe('a trade a fix booked', () => {
  test('replaces a loss like any other purchase, as much of it as there is', () => {
    const { fix, flags } = lost()
    expect(flags()).toEqual([])
    fix('traded', '2025-03-20', '4')
    expect(flags()).toEqual([['8', '4 on 2025-03-20']])
  })

  test('replaces none outside the thirty days, and none where it only took shares away', () => {
    const late = lost()
    late.fix('traded', '2025-04-03', '4')
    expect(late.flags()).toEqual([])
    const out = lost([buy('x', '2025-03-01', { price: d('9') })])
    expect(out.flags()).toEqual([['20', '10 on 2025-03-01']])
    out.fix('delivered', '2025-03-20', '-4')
    expect(out.flags()).toEqual([['20', '10 on 2025-03-01']])
  })

  test('that sold what nobody says was sold short replaces no loss of a short position', () => {
    const short = [sale('o', '2025-01-02', { positionEffect: 'open', symbol: 'KO' }), buy('c', '2025-03-03', { positionEffect: 'close', symbol: 'KO', price: d('9') })]
    const { fix, flags } = lost(short)
    fix('traded', '2025-03-20', '-4', { account: 1, symbol: 'KO' })
    expect(flags()).toEqual([])
  })
})

describe('a lot from before the history', () => {
  test('replaces a loss on the day and at the price the user told, and no longer once it is taken back', () => {
    const { lot, taken, flags } = lost()
    lot('2025-02-20', '3')
    expect(flags()).toEqual([['6', '3 on 2025-02-20']])
    taken('lot')
    expect(flags()).toEqual([])
  })

  test('replaces none at a cost nobody knows, none of long before and none where a fix made up its day', () => {
    const unknown = lost()
    unknown.lot('2025-02-20', '3', { price: null })
    expect(unknown.flags()).toEqual([])
    const old = lost()
    old.lot('2025-01-31', '3')
    expect(old.flags()).toEqual([])
    const made = lost()
    made.fix('lot', '2025-02-20', '3')
    expect(made.flags()).toEqual([])
  })

  test('of the day before something left is none: the wizard once filled that day in by itself', () => {
    const { add, lot, flags } = lost()
    add([sale('w', '2025-03-10', { quantity: d('3'), price: d('12') }), buy('t', '2025-03-20', { kind: 'transfer', side: null, price: null, quantity: d('-2') })], 1)
    lot('2025-03-09', '3', { account: 2, id: 'sold' })
    lot('2025-03-19', '2', { account: 2, id: 'moved' })
    expect(flags()).toEqual([])
    lot('2025-03-15', '1', { account: 2, id: 'held' })
    expect(flags()).toEqual([['2', '1 on 2025-03-15']])
  })

  test('filled in for one sale is none for the loss of another', () => {
    const { add, lot, flags } = lost()
    add([sale('x', '2025-05-12', { price: d('8') }), sale('y', '2025-05-22', { price: d('12') })], 0)
    lot('2025-05-11', '10', { id: 'first', price: '10' })
    lot('2025-05-21', '10', { id: 'second', price: '10' })
    expect(flags()).toEqual([])
  })

  test('is no second purchase of what left another account as a lot of its day', () => {
    const moved = [buy('x', '2025-02-20', { quantity: d('3'), price: d('9') }), buy('t', '2025-03-10', { kind: 'transfer', side: null, price: null, quantity: d('-3') })]
    const { lot, flags } = lost(moved)
    expect(flags()).toEqual([['6', '3 on 2025-02-20']])
    lot('2025-02-20', '5')
    expect(flags()).toEqual([['10', '2 on 2025-02-20', '3 on 2025-02-20']])
  })

  test('replaces a loss that came before it was told, in an account with rows of later alone', () => {
    const { lot, flags } = lost([buy('x', '2025-06-02', { price: d('9') })])
    expect(flags()).toEqual([])
    lot('2025-03-10', '3', { account: 2 })
    expect(flags()).toEqual([['6', '3 on 2025-03-10']])
  })

  test('held short replaces the loss of a short position', () => {
    const short = [sale('o', '2025-01-02', { positionEffect: 'open', symbol: 'KO' }), buy('c', '2025-03-03', { positionEffect: 'close', symbol: 'KO', price: d('9') })]
    const { db, flags } = lost(short)
    addOpening(db.writer, 2, { id: 'lot', symbol: 'KO', currency: 'USD', day: LocalDate.of('2025-02-20'), quantity: d('-4'), price: d('9'), note: '', createdAt: AT })
    markSymbol(db.writer, 2, 'KO')
    settled(createLedgerWork(db.writer))
    expect(flags()).toEqual([['4', '4 on 2025-02-20']])
  })
})

test('A new book with a lot told of it counts from the day of that lot, also where an allocation is gone on with', () => {
  const { db, lot, flags } = lost()
  const page = (one: Db) => realizations(one.reader, { environment: 'paper', limit: 50 }).rows
  expect(page(db)).toHaveLength(1)
  lot('2025-03-12', '2', { account: 2 })
  expect(flags()).toEqual([['4', '2 on 2025-03-12']])
})
