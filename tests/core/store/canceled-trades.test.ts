import { describe, expect, test } from 'vitest'
import { flexActivities } from '../../../electron/core/brokers/ibkr/flex/map.ts'
import { parseFlexStatement } from '../../../electron/core/brokers/ibkr/flex/statement.ts'
import { activityValues } from '../../../electron/core/ledger/values.ts'
import { lotViews } from '../../../electron/core/services/ledger-lots.ts'
import { totals } from '../../../electron/core/services/ledger-sums.ts'
import { removeActivities } from '../../../electron/core/store/activities-remove.ts'
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

/** With lines of its Statement of Funds. */
function withFunds(xml: string, lines: readonly Attributes[]): string {
  const told = lines.map(line => `<StatementOfFundsLine ${Object.entries(line).map(([name, value]) => `${name}="${value}"`).join(' ')} />`).join('')
  return xml.replace('<Trades>', `<AccountInformation accountId="U7654321" currency="USD"/><StmtFunds>${told}</StmtFunds><Trades>`)
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
    /** Takes rows out as the undo of an import does. */
    remove(...ids: readonly string[]) {
      const numbers = ids.map(id => Number(db.raw.prepare('SELECT id FROM activities WHERE external_id = ?').pluck().get(id)))
      db.writer.tx(w => removeActivities(w, numbers))
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

  test('counts no more when a fact is told of either that was not told before', () => {
    const named = { description: 'COCA COLA CO' }
    const { sync, realized, lots, states, isSame } = account()
    for (const one of [MARCH, APRIL, statement('20260401', '20260430', { ...CANCEL, ...named }), statement('20260301', '20260331', KEPT, { ...BUST, ...named })]) sync(one)
    expect(lots()).toEqual([{ quantity: '100', cost: '500' }])
    expect(realized()).toEqual([])
    expect(states()).toEqual(['canceled', 'final', 'canceled'])
    isSame()
  })

  test('counts again once what took it back is taken out of the history, and no more when that is told again', () => {
    const { sync, remove, lots, realized, states, isSame } = account()
    sync(MARCH)
    sync(APRIL)
    remove('transaction-5512')
    expect(lots()).toEqual([{ quantity: '100', cost: '500' }, { quantity: '100', cost: '1000' }])
    sync(statement('20260301', '20260331', KEPT, { ...BUST, description: 'COCA COLA CO' }))
    expect(states()).toEqual(['final', 'final'])
    isSame()
    sync(APRIL)
    expect(lots()).toEqual([{ quantity: '100', cost: '500' }])
    expect(realized()).toEqual([])
    isSame()
  })

  test('stays taken back while another row still takes it back', () => {
    const { sync, remove, states } = account()
    sync(MARCH)
    sync(APRIL)
    sync(statement('20260401', '20260430', { ...CANCEL, transactionID: '5513', tradeID: '813' }))
    remove('transaction-5512')
    expect(states()).toEqual(['canceled', 'final', 'canceled'])
  })

  test('does not come back when it is taken out of the history and told again', () => {
    const { db, sync, remove, lots, states } = account()
    sync(MARCH)
    sync(APRIL)
    remove(String(db.raw.prepare("SELECT external_id FROM activities WHERE amount = '-1000'").pluck().get()))
    expect(states()).toEqual(['final', 'canceled'])
    sync(MARCH)
    expect(lots()).toEqual([{ quantity: '100', cost: '500' }])
    expect(states()).toEqual(['canceled', 'final', 'canceled'])
  })

  test('leaves what the futures of its day settled', () => {
    const { db, sync } = account()
    const future = { assetCategory: 'FUT', symbol: 'ESH6', underlyingSymbol: 'ES', conid: '495512563', multiplier: '50', expiry: '20260320' }
    const fill = { ...future, quantity: '1', tradeDate: '20260310', dateTime: '20260310;101530', tradePrice: '5000', proceeds: '-250000', netCash: '-2.5', ibCommission: '-2.5' }
    const line = { ...future, accountId: 'U7654321', currency: 'USD', levelOfDetail: 'Currency', date: '20260310', reportDate: '20260310' }
    const lines = [
      { ...line, activityDescription: 'Buy 1 ESH6', tradeID: '801', transactionID: '5501', amount: '497.5', tradeCommission: '-2.5' },
      { ...line, activityDescription: 'Buy 1 ESH6', tradeID: '811', transactionID: '5511', amount: '497.5', tradeCommission: '-2.5' },
      { ...line, activityDescription: 'ESH6 Position MTM', amount: '1000' },
    ]
    const taken = { ...CANCEL, ...future, quantity: '-1', tradePrice: '5000', proceeds: '250000', netCash: '2.5', ibCommission: '2.5' }
    const back = { ...line, date: '20260311', reportDate: '20260311', activityDescription: 'Buy 1 ESH6 (Cancel)', tradeID: '812', transactionID: '5512', amount: '-497.5', tradeCommission: '2.5' }
    sync(withFunds(statement('20260310', '20260310', { ...KEPT, ...fill }, { ...BUST, ...fill }), lines))
    sync(withFunds(statement('20260311', '20260311', taken), [back]))
    expect(db.raw.prepare("SELECT external_id, amount, status FROM activities WHERE kind = 'journal' ORDER BY id").all()).toEqual([
      { external_id: 'settlement-2026-03-10-495512563-USD', amount: '2000', status: 'final' },
      { external_id: 'settlement-2026-03-11-495512563-USD', amount: '-500', status: 'final' },
    ])
    expect(db.raw.prepare("SELECT sum(amount) FROM activities WHERE status <> 'canceled'").pluck().get()).toBe(1497.5)
  })
})
