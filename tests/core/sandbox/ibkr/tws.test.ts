import { EventName } from '@stoqey/ib'
import type { Contract } from '@stoqey/ib'
import { describe, expect, test } from 'vitest'
import { AAPL, openTwsBench, openWire, order } from './tws-client.ts'
import type { Wire } from './tws-client.ts'

const TAGS = 'AccountType,NetLiquidation,TotalCashValue,BuyingPower,AvailableFunds,$LEDGER:ALL'

/** Asks everything a client asks, and answers when the last answer is in. */
async function askEverything({ ib, until }: Wire): Promise<void> {
  await until('nextValidId')
  ib.reqPositions()
  await until('positionEnd')
  ib.reqAccountSummary(9001, 'All', TAGS)
  await until('accountSummaryEnd')
  ib.reqAccountUpdates(true, 'DU7654321')
  await until('accountDownloadEnd')
  ib.reqExecutions(9002, {})
  await until('execDetailsEnd')
  ib.reqAllOpenOrders()
  await until('openOrderEnd')
  ib.reqCompletedOrders(false)
  await until('completedOrdersEnd')
  ib.reqContractDetails(9003, AAPL)
  await until('contractDetailsEnd')
  ib.reqPnL(9004, 'DU7654321', '')
  await until('pnl')
  ib.reqPnLSingle(9005, 'DU7654321', '', 265598)
  await until('pnlSingle')
  ib.reqMktData(9006, AAPL, '', true, false)
  await until('tickSnapshotEnd')
  ib.reqCurrentTime()
  await until('currentTime')
  ib.placeOrder(1, AAPL, order({ orderType: 'MKT' }))
  await until('commissionReport', args => args.length > 0)
  await until('orderStatus', args => args[0] === 1 && args[1] === 'Filled')
  ib.placeOrder(2, AAPL, order({ orderType: 'LMT', lmtPrice: 990.5, action: 'SELL', tif: 'GTC', orderRef: 'tc-1' }))
  await until('orderStatus', args => args[0] === 2 && args[1] === 'Submitted')
  ib.cancelOrder(2)
  await until('error', args => args[1] === 202)
  ib.placeOrder(3, AAPL, order({ orderType: 'TRAIL', trailingPercent: 5 }))
  await until('openOrder', args => args[0] === 3)
}

describe.each(['177', '178', '183', '185', '189', '193'])('server version %s', version => {
  test.each(['each', 'bytes', 'together'])('is read by a real client without a decoding error, frames sent %s', async chunks => {
    await using sandbox = await openTwsBench({ size: { activities: 200 } })
    sandbox.control('ibkr-tws').knobs.set('server-version', version)
    sandbox.control('ibkr-tws').knobs.set('chunks', chunks)
    using wire = openWire(sandbox.urls['ibkr-tws'])
    await askEverything(wire)
    expect(wire.all('server')[0]?.[0]).toBe(Number(version))
    expect(wire.codes().filter(code => ![2104, 2107, 2158, 202].includes(code))).toEqual([])
  })
})

test('both accounts of the login are managed', async () => {
  await using sandbox = await openTwsBench()
  using wire = openWire(sandbox.urls['ibkr-tws'])
  expect(await wire.until(EventName.managedAccounts)).toEqual(['DU7654321,DU7654322,'])
})

test('an option is found by its terms, ordered by its number, and told with both', async () => {
  await using sandbox = await openTwsBench()
  using wire = openWire(sandbox.urls['ibkr-tws'])
  await wire.until('nextValidId')
  const terms = { symbol: 'AAPL', secType: 'OPT', exchange: 'SMART', currency: 'USD', strike: 250, right: 'C', multiplier: 100 }
  wire.ib.reqContractDetails(1, { ...terms, lastTradeDateOrContractMonth: '20261218' } as Contract)
  const [, details] = await wire.until('contractDetails')
  const contract = Object(Reflect.get(Object(details), 'contract')) as Contract
  expect(contract).toMatchObject({ localSymbol: 'AAPL  261218C00250000', strike: 250, right: 'C', multiplier: 100 })
  wire.ib.placeOrder(1, { conId: contract.conId ?? 0, exchange: 'SMART' }, order({ totalQuantity: 2 }))
  const [, traded, execution] = await wire.until('execDetails')
  expect(traded).toMatchObject({ conId: contract.conId, secType: 'OPT', lastTradeDateOrContractMonth: '20261218' })
  expect(execution).toMatchObject({ side: 'BOT', shares: 2, orderId: 1, clientId: 7, acctNumber: 'DU7654321' })
  wire.ib.reqContractDetails(2, { ...terms, symbol: 'NOSUCH' } as Contract)
  await wire.until('error', args => args[1] === 200 && args[2] === 2)
})

test('the executions of the trade log carry their commissions, and gains where something was closed', async () => {
  await using sandbox = await openTwsBench()
  using wire = openWire(sandbox.urls['ibkr-tws'])
  await wire.until('nextValidId')
  wire.ib.placeOrder(1, AAPL, order({ totalQuantity: 3 }))
  await wire.until('orderStatus', args => args[1] === 'Filled')
  wire.ib.placeOrder(2, AAPL, order({ totalQuantity: 3, action: 'SELL' }))
  await wire.until('orderStatus', args => args[0] === 2 && args[1] === 'Filled')
  wire.ib.reqExecutions(5, {})
  await wire.until('execDetailsEnd')
  const executions = wire.all('execDetails').filter(([reqId]) => reqId === 5)
  const reports = wire
    .all('commissionReport')
    .map(([report]) => Object(report) as { execId: string; commission: number; realizedPNL?: number })
  const ids = executions.map(([, , execution]) => (Object(execution) as { execId: string }).execId)
  expect(ids.filter(id => !reports.some(report => report.execId === id))).toEqual([])
  expect(reports.at(-1)?.commission).toBeGreaterThan(0)
  expect(reports.filter(({ realizedPNL }) => realizedPNL !== undefined).length).toBeGreaterThan(0)
})
