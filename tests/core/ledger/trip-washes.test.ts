import { describe, expect, test } from 'vitest'
import type { Db } from '../../../electron/core/db/open.ts'
import { createLedgerWork } from '../../../electron/core/ledger/work.ts'
import { closingViews, trips } from '../../../electron/core/services/ledger-trips.ts'
import { closingsOfTrip } from '../../../electron/core/store/ledger-closings.ts'
import { everyAccount } from '../../../electron/core/store/ledger-scope.ts'
import { tripPage } from '../../../electron/core/store/ledger-trips.ts'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { tempDatabase } from '../../support/data-folder.ts'
import { type Row, save, withAccounts } from '../store/support.ts'
import { fills } from './support/fills.ts'
import { settled } from './support/ledger-dump.ts'

const FIRST_LOSS = LocalDate.of('2022-03-01')
const scope = { environment: 'paper', limit: 500 } as const

function computed(rowsOf: (account: AccountId, other: AccountId) => readonly Row[]): Db {
  const db = tempDatabase()
  const [account, other] = withAccounts(db, { con_1: ['1001'], con_2: ['2002'] }) as [AccountId, AccountId]
  save(db, rowsOf(account, other))
  settled(createLedgerWork(db.writer))
  return db
}

function row(accountId: AccountId, externalId: string, tradeDate: LocalDate, facts: Partial<ActivityFacts> = {}): Row {
  return {
    accountId,
    raw: '{}',
    facts: {
      externalId,
      kind: 'trade',
      brokerType: 'FILL',
      symbol: 'AAPL',
      assetClass: 'equity',
      side: 'buy',
      positionEffect: null,
      quantity: Dec.of('1'),
      price: Dec.of('40'),
      amount: null,
      fees: Dec.zero,
      currency: 'USD',
      executedAt: null,
      tradeDate,
      orderId: null,
      description: null,
      status: 'final',
      ...facts,
    },
  }
}

/** A thousand shares bought dear, and one sold at a loss every fourth day: a run that does not end, whose closings fill several rows. */
const slowLosses = (account: AccountId): Row[] => [
  row(account, 'all', LocalDate.of('2022-01-03'), { quantity: Dec.of('1000'), price: Dec.of('50') }),
  ...Array.from({ length: 200 }, (_, at) => row(account, `s${at}`, LocalDate.plusDays(FIRST_LOSS, at * 4), { side: 'sell' })),
]

describe('round trips', () => {
  test('hold a wash sale also where it is the oldest loss of hundreds', () => {
    const replaced = computed((account, other) => [...slowLosses(account), row(other, 'again', LocalDate.plusDays(FIRST_LOSS, -3))])
    expect(trips(replaced.reader, scope).rows.map(({ symbol, hasWash }) => ({ symbol, hasWash }))).toEqual([
      { symbol: 'AAPL', hasWash: true },
      { symbol: 'AAPL', hasWash: false },
    ])
    const late = computed((account, other) => [...slowLosses(account), row(other, 'again', LocalDate.plusDays(FIRST_LOSS, -31))])
    expect(trips(late.reader, scope).rows.map(({ hasWash }) => hasWash)).toEqual([false, false])
  })

  test('hold a wash sale where one of their closings is one, in any history', () => {
    for (const seed of [3, 4, 5]) {
      const db = computed(account => fills(account, seed, 0))
      const { rows } = tripPage(db.reader, everyAccount(db.reader), { environment: 'paper' }, { limit: 500 })
      const washed = rows.map(({ book, trip }) =>
        closingViews(db.reader, closingsOfTrip(db.reader, book, trip)).some(({ wash }) => wash !== null),
      )
      expect(trips(db.reader, scope).rows.map(({ hasWash }) => hasWash)).toEqual(washed)
      expect(new Set(washed)).toEqual(new Set([true, false]))
    }
  })
})
