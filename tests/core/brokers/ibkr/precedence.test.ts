import { describe, expect, test } from 'vitest'
import { flexHistory } from '../../../../electron/core/brokers/ibkr/flex/map.ts'
import type { Fill } from '../../../../electron/core/brokers/ibkr/tws/fills.ts'
import { toActivity as fromTws } from '../../../../electron/core/brokers/ibkr/tws/map.ts'
import { toActivity as fromWeb } from '../../../../electron/core/brokers/ibkr/web/map.ts'
import { TradeWire } from '../../../../electron/core/brokers/ibkr/web/wire.ts'
import type { BrokerActivity } from '../../../../electron/core/brokers/adapter.ts'
import { Instant, LocalDate } from '../../../../shared/domain/time.ts'
import { tempDatabase } from '../../../support/data-folder.ts'
import { save, withAccounts } from '../../store/support.ts'

const DAY = LocalDate.of('2026-11-18')
const ID = '0000e0d5.6a100001.01'

const PURCHASE = {
  accountId: 'DU1000001',
  levelOfDetail: 'EXECUTION',
  assetCategory: 'STK',
  symbol: 'AAPL',
  currency: 'USD',
  transactionType: 'ExchTrade',
  tradeID: '77',
  ibOrderID: '9',
  dateTime: '20261118;103000',
  tradeDate: '20261118',
  buySell: 'BUY',
  quantity: '10',
  tradePrice: '250',
  ibCommission: '-1',
  ibCommissionCurrency: 'USD',
  taxes: '0',
  netCash: '-2501',
  openCloseIndicator: 'O',
  description: 'APPLE INC',
}

/** The purchase in each of these states, in one Flex statement. */
function flex(...states: readonly Readonly<Record<string, string>>[]): BrokerActivity {
  const rows = states.map(({ state = '01', ...more }) => ({
    element: 'Trade',
    attributes: { ...PURCHASE, ibExecID: `${ID}.${state}`, ...more },
  }))
  const [activity] = flexHistory([
    {
      type: 'AF',
      queryName: 'q',
      accountId: 'DU1000001',
      fromDate: '20261101',
      toDate: '20261118',
      whenGenerated: '20261118;230000',
      sections: new Map([['Trades', rows]]),
    },
  ])
  if (!activity) throw new Error('no row')
  return activity
}

function tws(state: string, commission: number | null = 1, price = 250): BrokerActivity {
  const execId = `${ID}.${state}`
  const fill: Fill = {
    execution: {
      kind: 'execution',
      contract: { conId: 1, symbol: 'AAPL', secType: 'STK', currency: 'USD', localSymbol: 'AAPL' } as never,
      execution: { execId, side: 'BOT', time: '20261118 10:30:00 US/Eastern', shares: 10, price, permId: 12, acctNumber: 'DU1000001' },
      tokens: [],
    },
    commission: commission === null ? null : { kind: 'commission', report: { execId, commission, currency: 'USD' }, tokens: [] },
  }
  return fromTws(fill, 'America/New_York', DAY)
}

function web(state: string): BrokerActivity {
  const raw = JSON.stringify({
    execution_id: `${ID}.${state}`,
    symbol: 'AAPL',
    side: 'B',
    trade_time: '20261118-15:30:00',
    trade_time_r: 1,
    size: 10,
    price: '250.00',
    commission: '1.00',
    net_amount: 2500,
    account: 'DU1000001',
    sec_type: 'STK',
    conid: 1,
  })
  return fromWeb(TradeWire.parse(JSON.parse(raw)), raw, DAY)
}

/** What is stored once all of these were told, each by a sync of its own. */
function stored(...reports: readonly BrokerActivity[]): unknown[] {
  const db = tempDatabase()
  const [accountId] = withAccounts(db, { con_1: ['1001'] })
  if (accountId === undefined) throw new Error('no account')
  for (const report of reports) save(db, [{ ...report, accountId }])
  return db.raw.prepare('SELECT raw FROM activities').pluck().all()
}

describe('of all reports of one execution', () => {
  test('Flex’s stays, whatever TWS or the web say of it afterwards', () => {
    const full = flex({})
    expect(full.facts).toMatchObject({ externalId: ID, positionEffect: 'open', description: 'APPLE INC', fees: '1' })
    expect(stored(full, tws('01'), web('01'), tws('01', null))).toEqual([full.raw])
  })

  test('Flex’s takes the place of the live ones', () => {
    expect(stored(tws('01'), web('01'), flex({}))).toEqual([flex({}).raw])
  })

  test('a correction counts, by whomever it comes first, and Flex’s words for it stay', () => {
    expect(stored(flex({}), flex({ state: '02' }))).toEqual([flex({ state: '02' }).raw])
    expect(stored(flex({}), tws('02', 1, 251))).toEqual([tws('02', 1, 251).raw])
    expect(stored(flex({}), tws('02', 1, 251), flex({}), flex({ state: '02' }), tws('02', 1, 251))).toEqual([flex({ state: '02' }).raw])
  })

  test('a cancellation counts, even of what only TWS has seen corrected, and no earlier report brings the trade back', () => {
    const canceled = flex({}, { transactionType: 'TradeCancel' })
    expect(canceled.facts.status).toBe('canceled')
    for (const before of [flex({}), tws('01'), tws('02')])
      expect(stored(before, canceled, tws('01'), flex({}), tws('02'))).toEqual([canceled.raw])
    expect(stored(canceled, flex({ state: '02' }))).toEqual([flex({ state: '02' }).raw])
  })

  test('one with its costs is not replaced by one TWS has not told the costs of yet', () => {
    expect(stored(tws('01'), tws('01', null))).toEqual([tws('01').raw])
    expect(stored(tws('01', null), tws('01'))).toEqual([tws('01').raw])
  })

  test('one nobody can read replaces none that somebody could', () => {
    const odd = tws('01', 1, Number.NaN)
    expect(odd.facts).toMatchObject({ externalId: ID, kind: 'other' })
    const oddFlex = flex({ quantity: 'ten' })
    expect(oddFlex.facts).toMatchObject({ externalId: ID, kind: 'other' })
    expect(stored(tws('01'), odd, oddFlex)).toEqual([tws('01').raw])
    expect(stored(oddFlex, tws('01'))).toEqual([tws('01').raw])
  })
})

test('a time is one moment in all of them', () => {
  expect([flex({}), tws('01'), web('01')].map(({ facts }) => facts.executedAt)).toEqual(
    Array<Instant>(3).fill(Instant.parse('2026-11-18T15:30:00Z')),
  )
})
