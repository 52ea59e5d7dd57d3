import { expect, test } from 'vitest'
import { AAPL, openTwsBench, openWire, order } from './tws-client.ts'
import { openPlain, placeOrderFields } from './tws-socket.ts'

const STAND = 'ibkr-tws'

function idOf([, , execution]: readonly unknown[]): string {
  return String(Reflect.get(Object(execution), 'execId'))
}

test('a closed port refuses and an opened one answers again', async () => {
  await using sandbox = await openTwsBench()
  const { knobs } = sandbox.control(STAND)
  knobs.set('refuse', 'yes')
  using refused = openWire(sandbox.urls[STAND])
  await refused.until('error', args => args[1] === 502)
  knobs.set('refuse', null)
  using wire = openWire(sandbox.urls[STAND])
  expect(await wire.until('nextValidId')).toEqual([1])
})

test('a client waits in front of the accept dialog without a word', async () => {
  await using sandbox = await openTwsBench()
  const { knobs, requests } = sandbox.control(STAND)
  knobs.set('accept-dialog', 'yes')
  using waiting = openWire(sandbox.urls[STAND], 1)
  await expect.poll(() => requests().map(({ path }) => path)).toEqual(['API'])
  knobs.set('accept-dialog', null)
  using accepted = openWire(sandbox.urls[STAND], 2)
  await accepted.until('nextValidId')
  expect(waiting.all('server')).toEqual([])
})

test('a client id in use is told so and sent away', async () => {
  await using sandbox = await openTwsBench()
  using first = openWire(sandbox.urls[STAND], 7)
  await first.until('nextValidId')
  using second = openWire(sandbox.urls[STAND], 7)
  await second.until('info', args => args[1] === 326)
  await second.until('disconnected')
  sandbox.control(STAND).knobs.set('client-id-in-use', '8,9')
  using third = openWire(sandbox.urls[STAND], 8)
  await third.until('info', args => args[1] === 326)
  expect([second, third].flatMap(wire => wire.all('nextValidId'))).toEqual([])
})

test('a silent peer takes requests in and answers none of them', async () => {
  await using sandbox = await openTwsBench()
  const { knobs, requests } = sandbox.control(STAND)
  using client = await openPlain(sandbox.urls[STAND])
  await client.message('9')
  knobs.set('half-open', 'yes')
  client.send([49, 1])
  await expect.poll(() => requests().filter(({ path }) => path === 'reqCurrentTime').length).toBe(1)
  knobs.set('half-open', null)
  client.send([8, 1, 0])
  // The answers come in order, so a late one to the lost question would stand before this one.
  expect(await client.message()).not.toContain('49')
})

test('a version nobody negotiated is announced as it is', async () => {
  await using sandbox = await openTwsBench()
  const { knobs } = sandbox.control(STAND)
  knobs.set('server-version', '222')
  using capped = openWire(sandbox.urls[STAND], 1)
  expect((await capped.until('server'))[0]).toBe(193)
  knobs.set('no-negotiation', 'yes')
  using refused = openWire(sandbox.urls[STAND], 2)
  await refused.until('error', args => args[1] === 506)
})

test('fills while TWS has lost IBKR are not pushed and found by asking afterwards', async () => {
  await using sandbox = await openTwsBench()
  const control = sandbox.control(STAND)
  using wire = openWire(sandbox.urls[STAND], 0)
  await wire.until('nextValidId')
  control.knobs.set('event', '1100')
  const missed = control.addFill()
  control.knobs.set('event', '1102')
  await wire.until('info', args => args[1] === 1102)
  const seen = control.addFill()
  await wire.until('execDetails', args => idOf(args) === seen)
  expect(wire.all('execDetails').map(idOf)).toEqual([seen])
  wire.ib.reqExecutions(1, {})
  await wire.until('execDetailsEnd')
  expect(wire.all('execDetails').map(idOf)).toContain(missed)
})

test('in read-only mode orders and their lists are refused and the rest is answered', async () => {
  await using sandbox = await openTwsBench()
  const { knobs } = sandbox.control(STAND)
  knobs.set('read-only', 'yes')
  using wire = openWire(sandbox.urls[STAND])
  await wire.until('nextValidId')
  wire.ib.reqAllOpenOrders()
  wire.ib.reqOpenOrders()
  await wire.until('info', args => args[1] === 321)
  wire.ib.placeOrder(1, AAPL, order({}))
  await wire.until('error', args => args[1] === 321 && args[2] === 1)
  wire.ib.reqPositions()
  await wire.until('positionEnd')
  expect(wire.all('orderStatus')).toEqual([])
})

test('a rejected order comes back inactive with its reason, which may be broken JSON', async () => {
  await using sandbox = await openTwsBench()
  const { knobs } = sandbox.control(STAND)
  knobs.set('reject-orders', 'not enough cash')
  using wire = openWire(sandbox.urls[STAND])
  await wire.until('nextValidId')
  wire.ib.placeOrder(1, AAPL, order({}))
  const [error, , , advanced] = await wire.until('error', args => args[1] === 201)
  expect(String(error)).toContain('Order rejected - reason:not enough cash')
  expect(advanced).toEqual({ rejects: [{ name: 'reject', id: '1', text: 'not enough cash' }] })
  expect(wire.all('orderStatus').map(args => args[1])).toEqual(['Inactive'])
  knobs.set('bad-json', 'yes')
  using client = await openPlain(sandbox.urls[STAND])
  client.send(placeOrderFields({ 1: 1 }))
  const text = (await client.message('4', '2', '1', '201'))[5] ?? ''
  expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError)
})

test('an order fills in parts that add up, and states come twice when asked', async () => {
  await using sandbox = await openTwsBench()
  const { knobs } = sandbox.control(STAND)
  knobs.set('partial-fills', '3')
  knobs.set('duplicates', 'yes')
  using wire = openWire(sandbox.urls[STAND])
  await wire.until('nextValidId')
  wire.ib.placeOrder(1, AAPL, order({ totalQuantity: 10 }))
  await wire.until('orderStatus', args => args[1] === 'Filled')
  await wire.until('commissionReport', () => wire.all('commissionReport').length === 3)
  const fills = wire.all('execDetails').map(([, , execution]) => Object(execution) as { execId: string; shares: number; cumQty: number })
  const once = [...new Map(fills.map(fill => [fill.execId, fill])).values()]
  expect(fills).toHaveLength(6)
  expect(once.map(({ shares, cumQty }) => [shares, cumQty])).toEqual([
    [3, 3],
    [3, 6],
    [4, 10],
  ])
  expect(wire.all('orderStatus').filter(args => args[1] === 'Filled')).toHaveLength(2)
})

test('an order that rests is filled by half, changed, and cancelled with 202', async () => {
  await using sandbox = await openTwsBench()
  const { knobs } = sandbox.control(STAND)
  using wire = openWire(sandbox.urls[STAND])
  await wire.until('nextValidId')
  wire.ib.placeOrder(1, AAPL, order({ orderType: 'STP LMT', auxPrice: 900, lmtPrice: 901.5 }))
  await wire.until('openOrder')
  knobs.set('event', 'fill-part')
  await wire.until('orderStatus', args => args[2] === 5 && args[3] === 5)
  wire.ib.placeOrder(1, AAPL, order({ orderType: 'STP LMT', auxPrice: 902, lmtPrice: 903 }))
  await wire.until('openOrder', ([, , changed]) => Reflect.get(Object(changed), 'lmtPrice') === 903)
  wire.ib.cancelOrder(1)
  await wire.until('error', args => args[1] === 202 && args[2] === 1)
  wire.ib.cancelOrder(1)
  await wire.until('error', args => args[1] === 10_148)
  wire.ib.cancelOrder(77)
  await wire.until('error', args => args[1] === 10_147)
  wire.ib.placeOrder(1, AAPL, order({}))
  await wire.until('error', () => wire.codes().filter(code => code === 10_148).length === 2)
  expect(wire.codes().filter(code => code < 2000 || code > 3000)).toEqual([202, 10_148, 10_147, 10_148])
})

test('a question what an order would cost places nothing', async () => {
  await using sandbox = await openTwsBench()
  using wire = openWire(sandbox.urls[STAND])
  await wire.until('nextValidId')
  wire.ib.placeOrder(1, AAPL, order({ whatIf: true }))
  const [, , asked, state] = await wire.until('openOrder')
  expect(Reflect.get(Object(asked), 'whatIf')).toBe(true)
  const { commission, initMarginBefore, initMarginChange, initMarginAfter } = Object(state) as Record<string, number>
  expect(commission).toBe(1)
  expect((initMarginBefore ?? 0) + (initMarginChange ?? 0)).toBeCloseTo(initMarginAfter ?? 0, 6)
  wire.ib.reqAllOpenOrders()
  await wire.until('openOrderEnd')
  wire.ib.reqExecutions(1, { symbol: 'AAPL' })
  await wire.until('execDetailsEnd')
  expect(wire.all('orderStatus')).toEqual([])
})

test('orders TWS cannot take are refused by their codes', async () => {
  await using sandbox = await openTwsBench()
  using wire = openWire(sandbox.urls[STAND])
  await wire.until('nextValidId')
  wire.ib.placeOrder(1, { ...AAPL, symbol: 'NOSUCH' }, order({}))
  wire.ib.placeOrder(2, AAPL, order({ account: '' }))
  wire.ib.placeOrder(3, AAPL, order({ account: 'DU1' }))
  wire.ib.placeOrder(4, AAPL, order({ orderType: 'LMT', lmtPrice: 1.005 }))
  wire.ib.placeOrder(5, AAPL, order({ totalQuantity: 0.5 }))
  wire.ib.placeOrder(6, AAPL, order({ transmit: false }))
  wire.ib.placeOrder(7, AAPL, order({}))
  await wire.until('orderStatus', args => args[0] === 7)
  wire.ib.placeOrder(2, AAPL, order({}))
  await wire.until('error', args => args[1] === 103)
  const errors = wire.all('error').map(([, code, id]) => [id, code])
  expect(errors).toEqual([
    [1, 200],
    [2, 435],
    [3, 321],
    [4, 110],
    [5, 10_243],
    [2, 103],
  ])
})

test('a restart drops everybody, refuses, and comes back counting orders from one', async () => {
  await using sandbox = await openTwsBench()
  const { knobs } = sandbox.control(STAND)
  using wire = openWire(sandbox.urls[STAND])
  await wire.until('nextValidId')
  wire.ib.placeOrder(1, AAPL, order({}))
  await wire.until('commissionReport')
  wire.ib.reqIds()
  await wire.until('nextValidId', args => args[0] === 2)
  knobs.set('event', 'restart')
  await wire.until('disconnected')
  using early = openWire(sandbox.urls[STAND])
  await early.until('error', args => args[1] === 502)
  knobs.set('event', 'back')
  using late = openWire(sandbox.urls[STAND])
  expect(await late.until('nextValidId')).toEqual([1])
  late.ib.placeOrder(1, AAPL, order({}))
  await late.until('orderStatus', args => args[1] === 'Filled')
})

test('a connection can break off in the middle of a message', async () => {
  await using sandbox = await openTwsBench()
  using wire = openWire(sandbox.urls[STAND])
  await wire.until('nextValidId')
  sandbox.control(STAND).knobs.set('event', 'drop-mid-frame')
  await wire.until('disconnected')
  expect(wire.codes()).not.toContain(505)
})

test('messages and fields of the future are met with decoding errors', async () => {
  await using sandbox = await openTwsBench()
  const { knobs } = sandbox.control(STAND)
  knobs.set('strange-message', 'yes')
  knobs.set('extra-fields', 'yes')
  using wire = openWire(sandbox.urls[STAND])
  await wire.until('nextValidId')
  await wire.until('info', args => args[1] === 2158)
  wire.ib.reqAccountSummary(1, 'All', 'NetLiquidation')
  await wire.until('accountSummaryEnd')
  expect(wire.codes().filter(code => code === 505).length).toBeGreaterThan(1)
})

test('a correction is pushed under the next id, and asking answers both reports', async () => {
  await using sandbox = await openTwsBench()
  const control = sandbox.control(STAND)
  using wire = openWire(sandbox.urls[STAND], 0)
  await wire.until('nextValidId')
  const first = control.addFill()
  const corrected = control.correct(first)
  expect(corrected).toBe(first.replace(/01$/, '02'))
  await wire.until('execDetails', args => idOf(args) === corrected)
  wire.ib.reqExecutions(4, {})
  await wire.until('execDetailsEnd')
  const asked = wire.all('execDetails').filter(args => args[0] === 4)
  const own = asked.map(idOf).filter(id => id.startsWith(first.slice(0, -3)))
  expect(own).toEqual([first, corrected])
})

test('account numbers start with U when the login is a live one, and permanent ids may be large', async () => {
  await using sandbox = await openTwsBench()
  const { knobs } = sandbox.control(STAND)
  knobs.set('live', 'yes')
  knobs.set('large-perm-ids', 'yes')
  using wire = openWire(sandbox.urls[STAND])
  expect(await wire.until('managedAccounts')).toEqual(['U7654321,U7654322,'])
  await wire.until('nextValidId')
  wire.ib.placeOrder(1, AAPL, order({ account: 'U7654321' }))
  const status = await wire.until('orderStatus')
  expect(Number(status[5])).toBeGreaterThan(2 ** 32)
})

test('without a subscription market data is refused, or delayed when that is allowed', async () => {
  await using sandbox = await openTwsBench()
  sandbox.control(STAND).knobs.set('market-data', 'delayed')
  using wire = openWire(sandbox.urls[STAND])
  await wire.until('nextValidId')
  wire.ib.reqMktData(1, AAPL, '', true, false)
  await wire.until('error', args => args[1] === 354 && args[2] === 1)
  wire.ib.reqMarketDataType(3)
  wire.ib.reqMktData(2, AAPL, '', true, false)
  await wire.until('tickSnapshotEnd')
  expect(wire.codes()).toContain(10_167)
  expect(wire.all('tickPrice').map(([, type]) => type)).toEqual([66, 67, 68, 75])
})

test('too many summaries, too many messages and strange times are refused', async () => {
  await using sandbox = await openTwsBench()
  using wire = openWire(sandbox.urls[STAND])
  await wire.until('nextValidId')
  for (const id of [1, 2, 3]) wire.ib.reqAccountSummary(id, 'All', 'NetLiquidation')
  await wire.until('error', args => args[1] === 322 && args[2] === 3)
  wire.ib.reqExecutions(4, { time: '2026-11-20 00:00' })
  await wire.until('error', args => args[1] === 10_314)
  sandbox.control(STAND).knobs.set('pacing', 'yes')
  for (let count = 0; count < 3; count += 1) wire.ib.reqCurrentTime()
  await wire.until('disconnected')
  expect(wire.codes().filter(code => code === 100)).toHaveLength(3)
})

test('after a loss of data a client must ask again before it is told of positions', async () => {
  await using sandbox = await openTwsBench()
  const control = sandbox.control(STAND)
  using wire = openWire(sandbox.urls[STAND], 0)
  await wire.until('nextValidId')
  wire.ib.reqPositions()
  await wire.until('positionEnd')
  const before = wire.all('position').length
  control.addFill()
  await wire.until('commissionReport')
  await wire.until('position', () => wire.all('position').length === before + 1)
  control.knobs.set('event', '1101')
  const missed = control.addFill()
  await wire.until('commissionReport', ([report]) => Reflect.get(Object(report), 'execId') === missed)
  wire.ib.reqPositions()
  await wire.until('positionEnd', () => wire.all('positionEnd').length === 2)
  const kinds = new Set(
    wire.all('position').map(([account, contract]) => `${String(account)} ${String(Reflect.get(Object(contract), 'conId'))}`),
  )
  expect(wire.all('position')).toHaveLength(before + 1 + kinds.size)
})
