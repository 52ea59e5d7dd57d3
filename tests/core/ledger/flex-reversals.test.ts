import { expect, test } from 'vitest'
import { flexActivities } from '../../../electron/core/brokers/ibkr/flex/map.ts'
import { parseFlexStatement } from '../../../electron/core/brokers/ibkr/flex/statement.ts'
import { totals } from '../../../electron/core/services/ledger-sums.ts'
import { save } from '../store/support.ts'
import { desk } from './support/desk.ts'
import { ledgerDump, recomputed, settled } from './support/ledger-dump.ts'

const trade = (id: number, quantity: string, price: string, words: string): string =>
  `<Trade accountId="U7654321" currency="USD" assetCategory="STK" symbol="AAPL" conid="265598" tradeDate="2026030${id}" dateTime="2026030${id};101530" transactionType="ExchTrade" ` +
  `quantity="${quantity}" tradePrice="${price}" taxes="0" ibCommission="0" ibCommissionCurrency="USD" openCloseIndicator="${words}" levelOfDetail="EXECUTION" notes="" ` +
  `buySell="${quantity.startsWith('-') ? 'SELL' : 'BUY'}" ibExecID="0001f4e8.69b2c3d${id}.01.01" tradeID="${id}" transactionID="${id}" />`

test('one fill of a Flex statement that turns a position round closes it and opens the other side, both ways', () => {
  const { db, work, row } = desk()
  const accountId = row({ externalId: 'any' }).accountId
  const trades = trade(2, '10', '100', 'O') + trade(3, '-20', '110', 'C;O') + trade(4, '25', '90', 'C;O')
  const own = `<FlexStatement accountId="U7654321" fromDate="20260301" toDate="20260331" period="" whenGenerated="20260331;235959"><Trades>${trades}</Trades></FlexStatement>`
  const statements = parseFlexStatement(`<FlexQueryResponse queryName="q" type="AF"><FlexStatements count="1">${own}</FlexStatements></FlexQueryResponse>`)
  save(db, statements.flatMap(one => flexActivities(one)).map(one => ({ ...one, accountId })))
  expect(settled(work)).toEqual([])
  // 10 bought at 100 and sold at 110; 10 sold short at 110 and bought back at 90.
  expect(totals(db.reader, { environment: 'paper' })).toMatchObject([{ realized: '300', unknown: 0 }])
  const held = db.reader.all({ text: 'SELECT quantity FROM ledger_lots', values: [] })
  expect(held).toEqual([{ quantity: '15' }])
  expect(db.reader.all({ text: 'SELECT * FROM ledger_gaps', values: [] })).toEqual([])
  const before = ledgerDump(db)
  recomputed(db)
  expect(ledgerDump(db)).toEqual(before)
})
