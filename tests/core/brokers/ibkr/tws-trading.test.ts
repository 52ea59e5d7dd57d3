import { afterEach, describe, expect, test } from 'vitest'
import { createTrading } from '../../../../electron/core/brokers/ibkr/tws/trading.ts'
import { plain } from '../../../../electron/core/brokers/ibkr/plain.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { ACCOUNT, LIMIT, openOrder, orderScene, type OrderScene, PERM_ID, type Reply, status } from './support/tws-orders.ts'
import { codeOf, scenes } from './support/tws-scene.ts'

const { signal } = new AbortController()
const stop = { signal }
const { open, close } = scenes()
afterEach(close)

const trading = (onOrder: Reply, onCancel?: Reply): Promise<OrderScene> => orderScene(open, onOrder, onCancel)
const takes: Reply = (orderId, line) => line.say(openOrder(orderId, 'Submitted'), status(orderId, 'Submitted'))

describe('an order through TWS', () => {
  test('is sent whole and for transmission, and known by IBKR’s own id', async () => {
    const { deps, orders } = await trading(takes)
    await expect(createTrading(deps).placeOrder(ACCOUNT, LIMIT, stop)).resolves.toEqual({
      externalId: String(PERM_ID),
      status: 'working',
      statusText: 'Submitted',
    })
    const [sent = []] = orders()
    expect(sent.slice(16, 22)).toEqual(['SELL', '10', 'LMT', '190.5', '', 'GTC'])
    expect([sent[1], sent[2], sent[23], sent[26], sent[27]]).toEqual(['7', '265598', ACCOUNT, 'k-1', '1'])
  })

  test.each([
    { type: 'market', limitPrice: null, wants: ['MKT', '', ''] },
    { type: 'stop', limitPrice: null, stopPrice: Dec.of('185'), wants: ['STP', '', '185'] },
    { type: 'stop-limit', limitPrice: Dec.of('184.5'), stopPrice: Dec.of('185'), wants: ['STP LMT', '184.5', '185'] },
    { type: 'trailing-stop', limitPrice: null, trail: { kind: 'amount', value: Dec.of('2') }, wants: ['TRAIL', '', '2'] },
  ] as const)('of type $type has its prices where TWS looks for them', async ({ wants, ...changes }) => {
    const { deps, orders } = await trading(takes)
    await createTrading(deps).placeOrder(ACCOUNT, { ...LIMIT, ...changes }, stop)
    expect(orders()[0]?.slice(18, 21)).toEqual(wants)
  })

  test('that TWS refuses says so in its words', async () => {
    const { deps } = await trading((orderId, line) =>
      line.say([4, 2, orderId, 201, 'Order rejected - reason:Available settled cash to purchase is 0.00', '']),
    )
    await expect(createTrading(deps).placeOrder(ACCOUNT, LIMIT, stop)).rejects.toMatchObject({
      code: 'order/rejected',
      brokerSays: 'Order rejected - reason:Available settled cash to purchase is 0.00',
    })
  })

  test('that only earns a warning is alive', async () => {
    const { deps } = await trading((orderId, line, fields) => {
      line.say([4, 2, orderId, 399, 'Order Message: Warning: Your order will not be placed at the exchange until 09:30 US/Eastern.', ''])
      takes(orderId, line, fields)
    })
    await expect(createTrading(deps).placeOrder(ACCOUNT, LIMIT, stop)).resolves.toMatchObject({ status: 'working' })
  })

  test('whose line is lost after it was sent may have arrived: nobody knows', async () => {
    const { deps, peer, clock, orders } = await trading((_orderId, line) => line.hangUp())
    await expect(codeOf(createTrading(deps).placeOrder(ACCOUNT, LIMIT, stop))).resolves.toBe('order/unknown')
    clock.advance(1000)
    await expect.poll(() => peer.clients).toEqual([7, 7])
    await deps.session.ready(stop)
    expect(orders()).toHaveLength(1)
  })

  test('that is never answered is not known either', async () => {
    const { deps, peer, clock } = await trading(() => undefined)
    const placing = codeOf(createTrading(deps).placeOrder(ACCOUNT, LIMIT, stop))
    await peer.message(fields => fields[0] === '3')
    clock.advance(15_000)
    await expect(placing).resolves.toBe('order/unknown')
  })

  test('while the line is down fails at once and is never sent', async () => {
    const { deps, peer, clock, orders } = await trading(takes)
    await deps.session.ready(stop)
    peer.lines[0]?.hangUp()
    await clock.scheduled(ms => ms === 1000)
    await expect(codeOf(createTrading(deps).placeOrder(ACCOUNT, LIMIT, stop))).resolves.toBe('broker/unavailable')
    clock.advance(1000)
    const link = await deps.session.ready(stop)
    link.api.reqIds()
    await peer.message(fields => fields[0] === '8')
    expect(orders()).toEqual([])
  })

  test('while TWS has lost IBKR is not sent', async () => {
    const { deps, peer, orders } = await trading(takes)
    const link = await deps.session.ready(stop)
    const { promise, resolve } = Promise.withResolvers<void>()
    link.listen(message => message.kind === 'notice' && message.code === 1100 && resolve())
    peer.lines[0]?.say([4, 2, -1, 1100, 'Connectivity between IBKR and Trader Workstation has been lost.', ''])
    await promise
    await expect(codeOf(createTrading(deps).placeOrder(ACCOUNT, LIMIT, stop))).resolves.toBe('broker/unavailable')
    expect(orders()).toEqual([])
  })

  test('is not sent when this way in is read only', async () => {
    const { deps, peer } = await open()
    await expect(codeOf(createTrading(deps).placeOrder(ACCOUNT, LIMIT, stop))).resolves.toBe('order/read-only')
    expect(peer.clients).toEqual([])
  })

  test('is refused as read only when TWS itself is', async () => {
    const { deps } = await trading((orderId, line) =>
      line.say([4, 2, orderId, 321, "Error validating request.-'bW' : cause - The API interface is currently in Read-Only mode.", '']),
    )
    await expect(codeOf(createTrading(deps).placeOrder(ACCOUNT, LIMIT, stop))).resolves.toBe('order/read-only')
  })

  test.each([
    ['a price between two steps', { limitPrice: Dec.of('190.505') }],
    ['a symbol with a hidden character', { symbol: 'AA\u0000PL' }],
    ['its own id with a hidden character', { clientOrderId: 'k\u00001' }],
    ['no quantity', { quantity: null }],
  ])('with %s is not sent', async (_, changes) => {
    const { deps, orders } = await trading(takes)
    await expect(codeOf(createTrading(deps).placeOrder(ACCOUNT, { ...LIMIT, ...changes }, stop))).resolves.toBe('order/invalid')
    expect(orders()).toEqual([])
  })

  test('previewed places nothing and tells costs and margin', async () => {
    const { deps, orders } = await trading((orderId, line) =>
      line.say(openOrder(orderId, 'PreSubmitted', { commission: '1.02', margin: '952.5', warning: 'Mind the gap.' })),
    )
    await expect(createTrading(deps).previewOrder(ACCOUNT, LIMIT, stop)).resolves.toEqual({
      estimatedValue: null,
      estimatedFees: '1.02',
      buyingPowerEffect: '-952.5',
      currency: 'USD',
      warnings: ['Mind the gap.'],
      refusals: [],
    })
    expect(orders()[0]?.[84]).toBe('1')
  })

  test('that would be refused says so in its preview', async () => {
    const { deps } = await trading((orderId, line) => line.say([4, 2, orderId, 201, 'Order rejected - reason:No settled cash', '']))
    await expect(createTrading(deps).previewOrder(ACCOUNT, LIMIT, stop)).resolves.toMatchObject({
      refusals: ['Order rejected - reason:No settled cash'],
    })
  })

  test('whose preview is never answered leaves nothing in doubt', async () => {
    const { deps, peer, clock } = await trading(() => undefined)
    const asking = codeOf(createTrading(deps).previewOrder(ACCOUNT, LIMIT, stop))
    await peer.message(fields => fields[0] === '3')
    clock.advance(15_000)
    await expect(asking).resolves.toBe('net/timeout')
  })
})

describe('an order that works', () => {
  test('is canceled, and the answer that comes as an error is none', async () => {
    const { deps } = await trading(takes, (orderId, line) => line.say([4, 2, orderId, 202, 'Order Canceled - reason:', '']))
    const calls = createTrading(deps)
    const { externalId } = await calls.placeOrder(ACCOUNT, LIMIT, stop)
    await expect(calls.cancelOrder(ACCOUNT, externalId, stop)).resolves.toEqual({ externalId, status: 'canceled', statusText: 'Cancelled' })
  })

  test.each([
    ['cannot be cancelled, state: Filled.', 'Filled'],
    ['cannot be cancelled, state: Cancelled.', 'Cancelled'],
    ['cannot be cancelled.', 'OrderId 7 that needs to be cancelled cannot be cancelled.'],
  ])('may be done before the cancellation arrives (%s)', async (words, status) => {
    const { deps } = await trading(takes, (orderId, line) =>
      line.say([4, 2, orderId, 10_148, `OrderId 7 that needs to be cancelled ${words}`, '']),
    )
    const calls = createTrading(deps)
    const { externalId } = await calls.placeOrder(ACCOUNT, LIMIT, stop)
    await expect(calls.cancelOrder(ACCOUNT, externalId, stop)).rejects.toMatchObject({ code: 'order/not-open', details: { status } })
  })

  test('of nobody is not found, and nothing is sent', async () => {
    const { deps, peer } = await trading(takes)
    await expect(codeOf(createTrading(deps).cancelOrder(ACCOUNT, '99', stop))).resolves.toBe('order/not-found')
    expect(peer.received.filter(fields => fields[0] === '4')).toEqual([])
  })
})

test('text with a control character is never sent to TWS', () => {
  expect(() => plain('a\u0000b', 'the account')).toThrow('This order cannot be sent: the account has control characters')
  expect(plain('DU1234567', 'the account')).toBe('DU1234567')
})
