import { describe, expect, test } from 'vitest'
import { flexActivities } from '../../../electron/core/brokers/ibkr/flex/map.ts'
import { parseFlexStatement } from '../../../electron/core/brokers/ibkr/flex/statement.ts'
import { totals } from '../../../electron/core/services/ledger-sums.ts'
import { save } from '../store/support.ts'
import { desk } from './support/desk.ts'
import { ledgerDump, recomputed, settled } from './support/ledger-dump.ts'

type Attributes = Readonly<Record<string, string>>

const FILL = { accountId: 'U7654321', currency: 'USD', transactionType: 'ExchTrade', taxes: '0', ibCommission: '-2', ibCommissionCurrency: 'USD', levelOfDetail: 'EXECUTION', notes: '', netCash: '-2', proceeds: '0' }
const BOUGHT = { tradeDate: '20260302', dateTime: '20260302;101530', buySell: 'BUY', openCloseIndicator: 'O', quantity: '1', tradePrice: '20', ibExecID: '0001f4e8.69b2c3d4.01.01', tradeID: '1', transactionID: '1' }
const SOLD = { tradeDate: '20260303', dateTime: '20260303;101530', buySell: 'SELL', openCloseIndicator: 'C', quantity: '-1', tradePrice: '21', ibExecID: '0001f4e8.69b2c3d5.01.01', tradeID: '2', transactionID: '2' }

/** What a purchase at 20 and a sale at 21, told one after the other, come to. */
function resultsOf(about: Attributes) {
  const { db, work, row } = desk()
  const accountId = row({ externalId: 'any' }).accountId
  for (const fill of [BOUGHT, SOLD]) {
    const attributes = Object.entries({ ...FILL, ...fill, ...about }).map(([name, value]) => `${name}="${value}"`).join(' ')
    const own = `<FlexStatement accountId="U7654321" fromDate="20260301" toDate="20260331" period="" whenGenerated="20260331;235959"><Trades><Trade ${attributes} /></Trades></FlexStatement>`
    const statements = parseFlexStatement(`<FlexQueryResponse queryName="q" type="AF"><FlexStatements count="1">${own}</FlexStatements></FlexQueryResponse>`)
    save(db, statements.flatMap(one => flexActivities(one)).map(one => ({ ...one, accountId })))
    expect(settled(work)).toEqual([])
  }
  const before = ledgerDump(db)
  recomputed(db)
  expect(ledgerDump(db)).toEqual(before)
  return totals(db.reader, { environment: 'paper' }).map(({ realized, unknown }) => ({ realized, unknown }))
}

describe('the multiplier a Flex row states', () => {
  test.each([['ESM6', '50', '46'], ['VXM6', '1000', '996'], ['6JM6', '12500000', '12499996'], ['MBTM6', '0.1', '-3.9']])('counts for a future no table knows: %s by %s', (symbol, multiplier, realized) => {
    expect(resultsOf({ assetCategory: 'FUT', symbol, multiplier })).toEqual([{ realized, unknown: 0 }])
  })

  test('that is none leaves the result unknown', () => {
    for (const multiplier of ['', '0', '1,000']) expect(resultsOf({ assetCategory: 'FUT', symbol: 'VXM6', multiplier })).toEqual([{ realized: '0', unknown: 1 }])
  })
})
