import { describe, expect, test } from 'vitest'
import type { Db } from '../../../electron/core/db/open.ts'
import { createLedgerWork } from '../../../electron/core/ledger/work.ts'
import { washesOf } from '../../../electron/core/services/ledger-washes.ts'
import { closingPage } from '../../../electron/core/store/ledger-closings.ts'
import { everyAccount } from '../../../electron/core/store/ledger-scope.ts'
import { setMethod } from '../../../electron/core/store/ledger-words.ts'
import type { RealizationView } from '../../../shared/contract/ledger.ts'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { tempDatabase } from '../../support/data-folder.ts'
import { type Row, save, withAccounts } from '../store/support.ts'
import { settled } from './support/ledger-dump.ts'

type Told = Partial<ActivityFacts> & { readonly day: string; readonly id: string }

/** A hundred AAPL bought for 5,000 and sold for 4,500 on March 3, with what else happened, by account. */
function washed(more: readonly Told[], others: readonly Told[] = [], words: (db: Db) => void = () => undefined): RealizationView['wash'][] {
  const db = tempDatabase()
  const [first, second] = withAccounts(db, { con_1: ['1001'], con_2: ['2002'] }) as [AccountId, AccountId]
  const row = (accountId: AccountId, { day, id, ...facts }: Told): Row => ({
    accountId, raw: '{}',
    facts: {
      externalId: id, kind: 'trade', brokerType: 'FILL', symbol: 'AAPL', assetClass: 'equity', side: 'buy', positionEffect: null, quantity: Dec.of('100'), price: Dec.of('50'), amount: null, fees: Dec.zero,
      currency: 'USD', executedAt: null, tradeDate: LocalDate.of(day), orderId: null, description: null, status: 'final', ...facts,
    },
  })
  const history = [{ day: '2025-01-02', id: 'bought' }, { day: '2025-03-03', id: 'sold', side: 'sell' as const, price: Dec.of('45') }, ...more]
  save(db, [...history.map(told => row(first, told)), ...others.map(told => row(second, told))])
  words(db)
  settled(createLedgerWork(db.writer))
  const { rows } = closingPage(db.reader, everyAccount(db.reader), { environment: 'paper' }, { limit: 10 })
  const found = washesOf(db.reader, rows)
  return rows.filter(({ pnl }) => pnl !== null && Dec.isNegative(pnl)).map(found)
}

const again = (more: Partial<Told> = {}): Told => ({ day: '2025-03-20', id: 'again', price: Dec.of('44'), ...more })
const say = (said: string) => (db: Db): void => void db.raw.prepare("INSERT INTO row_overrides SELECT account, external_id, ?, 0 FROM activities WHERE external_id = 'again'").run(said)

describe('wash sales of a history', () => {
  test('a purchase at another broker within 30 days flags the loss', () => {
    expect(washed([], [again({ quantity: Dec.of('40') })])).toMatchObject([{ disallowed: '200', replacements: [{ day: '2025-03-20', quantity: '40' }] }])
  })

  test('a call on shares of a class replaces them, though its root has no mark in it', () => {
    const shares = [{ day: '2025-01-02', id: 'b', symbol: 'BRK.B' }, { day: '2025-03-03', id: 's', symbol: 'BRK.B', side: 'sell' as const, price: Dec.of('45') }]
    const call = again({ symbol: 'BRKB250620C00050000', assetClass: 'option', quantity: Dec.of('1'), price: Dec.of('2') })
    expect(washed([...shares, call]).filter(Boolean)).toMatchObject([{ disallowed: '500', replacements: [{ quantity: '100' }] }])
  })

  test.each([['BF.B', 'BF/B'], ['BAC PRL', 'BAC.PR.L'], ['F', 'F'], ['A.B', 'AB']])('a loss of %s is replaced by a purchase of %s', (sold, bought) => {
    const shares = [{ day: '2025-01-02', id: 'b', symbol: sold }, { day: '2025-03-03', id: 's', symbol: sold, side: 'sell' as const, price: Dec.of('45') }]
    expect(washed(shares, [again({ symbol: bought })]).filter(Boolean)).toMatchObject([{ disallowed: '500', replacements: [{ quantity: '100' }] }])
  })

  test('purchases of a pool at average cost replace nothing once all of it is sold, and while some is held they do', () => {
    const average = (db: Db): void => setMethod(db.writer, 1, 'average')
    const before = again({ id: 'before', day: '2025-02-20' })
    const gain = { day: '2025-02-25', id: 'gain', side: 'sell' as const, price: Dec.of('60') }
    expect(washed([before, gain], [], average)).toEqual([null])
    expect(washed([before], [], average)).toMatchObject([{ disallowed: '200', replacements: [{ day: '2025-02-20', quantity: '100' }] }])
  })

  test('a purchase that was canceled, or that the user took out, flags nothing', () => {
    expect(washed([again({ status: 'canceled' })])).toEqual([null])
    expect(washed([again()], [], say('{"ignored":true}'))).toEqual([null])
  })

  test('a purchase counts with the quantity the user gave it', () => {
    expect(washed([again()], [], say('{"quantity":"30"}'))).toMatchObject([{ disallowed: '150' }])
  })

  test('shares taken by an assigned put are bought, and those taken from the account are not', () => {
    const assigned = again({ kind: 'option-event', brokerType: 'OPASN', side: null, price: Dec.of('40'), amount: Dec.of('-4000') })
    expect(washed([assigned])).toMatchObject([{ disallowed: '500', replacements: [{ quantity: '100' }] }])
    expect(washed([{ ...assigned, quantity: Dec.of('-100'), amount: Dec.of('4000') }])).toEqual([null])
  })

  test('shares a dividend bought replace what was sold', () => {
    const reinvested = again({ kind: 'dividend', brokerType: 'Receive Deliver / Dividend', side: null, price: null, quantity: Dec.of('2'), amount: Dec.of('-90') })
    expect(washed([reinvested])).toMatchObject([{ disallowed: '10', replacements: [{ quantity: '2' }] }])
  })

  test('a dividend paid on shares, and shares that came from elsewhere, bought nothing', () => {
    const paid = again({ kind: 'dividend', brokerType: 'DIV', side: null, price: null, amount: Dec.of('24') })
    const moved = again({ id: 'moved', kind: 'transfer', brokerType: 'ACATS', side: null, price: null })
    expect(washed([paid, moved])).toEqual([null])
  })
})
