import { describe, expect, test } from 'vitest'
import { flexActivities } from '../../../electron/core/brokers/ibkr/flex/map.ts'
import { parseFlexStatement } from '../../../electron/core/brokers/ibkr/flex/statement.ts'
import { activityValues } from '../../../electron/core/ledger/values.ts'
import { lotViews } from '../../../electron/core/services/ledger-lots.ts'
import { totals } from '../../../electron/core/services/ledger-sums.ts'
import { upsertActivities } from '../../../electron/core/store/activities-write.ts'
import { cancelTrades } from '../../../electron/core/store/canceled-trades.ts'
import { everyAccount } from '../../../electron/core/store/ledger-scope.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { AT } from '../../support/data-folder.ts'
import { desk } from '../ledger/support/desk.ts'
import { ledgerDump, recomputed, settled } from '../ledger/support/ledger-dump.ts'

type Attributes = Readonly<Record<string, string>>

const FILL = {
  accountId: 'U7654321', currency: 'USD', assetCategory: 'STK', symbol: 'KO', multiplier: '1', transactionType: 'ExchTrade', taxes: '0', ibCommission: '0', ibCommissionCurrency: 'USD',
  levelOfDetail: 'EXECUTION', notes: '', buySell: 'BUY', openCloseIndicator: 'O', quantity: '100',
}
const KEPT = { tradeDate: '20260302', dateTime: '20260302;101530', tradePrice: '5', proceeds: '-500', netCash: '-500', ibExecID: '0001f4e8.69b2c3d4.01.01', tradeID: '801', transactionID: '5501' }
const BUST = { tradeDate: '20260331', dateTime: '20260331;101530', tradePrice: '10', proceeds: '-1000', netCash: '-1000', ibExecID: '0001f4e8.69b2c3d5.01.01', tradeID: '811', transactionID: '5511' }
const CANCEL = {
  tradeDate: '20260331', dateTime: '20260401;090000', reportDate: '20260401', buySell: 'BUY (Ca.)', transactionType: 'TradeCancel', quantity: '-100', tradePrice: '10', proceeds: '1000',
  netCash: '1000', ibExecID: '', tradeID: '812', transactionID: '5512', origTradeID: '811',
}

function statement(from: string, to: string, ...rows: Attributes[]): string {
  const trades = rows.map(row => `<Trade ${Object.entries({ ...FILL, ...row }).map(([name, value]) => `${name}="${value}"`).join(' ')} />`).join('')
  const own = `<FlexStatement accountId="U7654321" fromDate="${from}" toDate="${to}" period="" whenGenerated="${to};235959"><Trades>${trades}</Trades></FlexStatement>`
  return `<FlexQueryResponse queryName="q" type="AF"><FlexStatements count="1">${own}</FlexStatements></FlexQueryResponse>`
}

const MARCH = statement('20260301', '20260331', KEPT, BUST)
const APRIL = statement('20260401', '20260430', CANCEL)

function account() {
  const { db, work, row } = desk()
  const accountId = row({ externalId: 'any' }).accountId
  return {
    db,
    /** Saves a statement as a sync does. */
    sync(xml: string) {
      const values = parseFlexStatement(xml).flatMap(one => flexActivities(one)).map(one => activityValues(accountId, one, { asOf: AT, fetchedAt: AT }))
      db.writer.tx(w => {
        upsertActivities(w, values)
        cancelTrades(w, accountId, values)
      })
      expect(settled(work)).toEqual([])
    },
    realized: () => totals(db.reader, { environment: 'paper' }).map(({ realized }) => realized),
    lots: () => lotViews(db.reader, everyAccount(db.reader), {}, LocalDate.of('2026-05-01')).map(({ quantity, cost }) => ({ quantity, cost })),
    states: () => db.raw.prepare('SELECT status FROM activities ORDER BY amount').pluck().all(),
    isSame() {
      const before = ledgerDump(db)
      recomputed(db)
      expect(ledgerDump(db)).toEqual(before)
    },
  }
}

describe('a trade that a later statement takes back', () => {
  test.each<[string, readonly string[]]>([
    ['in one statement', [statement('20260301', '20260430', KEPT, BUST, CANCEL)]],
    ['in the next one', [MARCH, APRIL]],
    ['in one that was read before', [APRIL, MARCH]],
    ['and both are read again and again', [MARCH, APRIL, MARCH, APRIL, MARCH]],
  ])('counts nowhere, nor does what took it back: %s', (_, statements) => {
    const { sync, realized, lots, states, isSame } = account()
    for (const one of statements) sync(one)
    expect(lots()).toEqual([{ quantity: '100', cost: '500' }])
    expect(realized()).toEqual([])
    expect(states()).toEqual(['canceled', 'final', 'canceled'])
    isSame()
  })

  test('stays to be seen as it was before', () => {
    const { db, sync } = account()
    sync(MARCH)
    sync(APRIL)
    expect(db.raw.prepare('SELECT status, amount FROM activity_versions ORDER BY amount').all()).toEqual([{ status: 'final', amount: '-1000' }, { status: 'final', amount: '1000' }])
  })

  test('counts as traded back while it is in no statement that was read', () => {
    const { sync, lots, realized, states } = account()
    sync(statement('20260301', '20260331', { ...KEPT, quantity: '200', proceeds: '-1000', netCash: '-1000' }))
    sync(APRIL)
    expect(states()).toEqual(['final', 'final'])
    expect(realized()).toEqual(['500'])
    expect(lots()).toEqual([{ quantity: '100', cost: '500' }])
  })

  test('takes its commission in another currency with it', () => {
    const { db, sync } = account()
    const abroad = { ibCommission: '-2', ibCommissionCurrency: 'EUR' }
    sync(statement('20260301', '20260331', { ...BUST, ...abroad }))
    sync(APRIL)
    expect(db.raw.prepare("SELECT status FROM activities WHERE kind = 'fee'").pluck().all()).toEqual(['canceled'])
  })
})
