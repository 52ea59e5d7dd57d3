import { afterEach, describe, expect, test } from 'vitest'
import { createTrading } from '../../../../electron/core/brokers/ibkr/tws/trading.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { ACCOUNT, LIMIT, openOrder, orderScene, PERM_ID, type Reply, status } from './support/tws-orders.ts'
import type { PeerOptions } from './support/tws-peer.ts'
import { codeOf, scenes } from './support/tws-scene.ts'

const { signal } = new AbortController()
const stop = { signal }
const { open, close } = scenes()
afterEach(close)

const STRANGER = 511_000_111
const CLIENT = 24
const STATUS_CLIENT = 9
const PERM = 25
const STATUS_PERM = 6
const takes: Reply = (orderId, line) => line.say(openOrder(orderId, 'Submitted'), status(orderId, 'Submitted'))

/** Says hello with this order id next. */
const startingAt =
  (orderId: number): NonNullable<PeerOptions['hello']> =>
  (_clientId, line) => {
    line.say([15, 1, `${ACCOUNT},`], [9, 1, orderId])
    return false
  }

describe('an order through TWS is not taken for another', () => {
  test('that has the same number in another program', async () => {
    const { deps } = await orderScene(open, (orderId, line, fields) => {
      line.say(
        openOrder(orderId, 'Submitted', { changes: { [CLIENT]: 99, [PERM]: STRANGER } }),
        status(orderId, 'Submitted', { [STATUS_CLIENT]: 99, [STATUS_PERM]: STRANGER }),
      )
      takes(orderId, line, fields)
    })
    await expect(createTrading(deps).placeOrder(ACCOUNT, LIMIT, stop)).resolves.toMatchObject({ externalId: String(PERM_ID) })
  })

  test('whose cancellation is told under the same number', async () => {
    const { deps } = await orderScene(open, takes, (orderId, line) =>
      line.say(status(orderId, 'Filled', { [STATUS_CLIENT]: 99, [STATUS_PERM]: STRANGER }), status(orderId, 'Cancelled'), [
        4,
        2,
        orderId,
        202,
        'Order Canceled - reason:',
        '',
      ]),
    )
    const calls = createTrading(deps)
    const { externalId } = await calls.placeOrder(ACCOUNT, LIMIT, stop)
    await expect(calls.cancelOrder(ACCOUNT, externalId, stop)).resolves.toMatchObject({ status: 'canceled' })
  })

  test('nor its number for that of a question, however many orders there were before', async () => {
    const { deps, peer } = await orderScene(open, takes, undefined, { hello: startingAt(10_001) })
    const link = await deps.session.ready(stop)
    await createTrading(deps).placeOrder(ACCOUNT, LIMIT, stop)
    const asked = peer.received.find(fields => fields[0] === '9')?.[2]
    expect(Math.abs(Number(asked) - 10_001)).toBeGreaterThan(1_000_000)
    expect(link.nextOrderId()).toBe(10_002)
  })

  test('because a new line begins with a number that was used on the old one', async () => {
    let hangs = true
    const { deps, clock, peer, orders } = await orderScene(open, (orderId, line, fields) => {
      if (hangs) line.hangUp()
      else takes(orderId, line, fields)
      hangs = false
    })
    const calls = createTrading(deps)
    await expect(codeOf(calls.placeOrder(ACCOUNT, LIMIT, stop))).resolves.toBe('order/unknown')
    clock.advance(1000)
    await expect.poll(() => peer.clients).toEqual([7, 7])
    await deps.session.ready(stop)
    await calls.placeOrder(ACCOUNT, { ...LIMIT, clientOrderId: 'k-2' }, stop)
    expect(orders().map(fields => [fields[1], fields[26]])).toEqual([
      ['7', 'k-1'],
      ['8', 'k-2'],
    ])
  })
})

describe('an order through TWS leaves nothing behind', () => {
  test('when TWS loses IBKR at the very moment it is to be sent', async () => {
    const unhandled: unknown[] = []
    const note = (reason: unknown): void => void unhandled.push(reason)
    process.on('unhandledRejection', note)
    const { deps, clock, orders } = await orderScene(open, takes, undefined, {
      answer(fields, line) {
        if (fields[0] === '9') line.say([4, 2, -1, 1100, 'Connectivity between IBKR and Trader Workstation has been lost.', ''])
      },
    })
    await expect(codeOf(createTrading(deps).placeOrder(ACCOUNT, LIMIT, stop))).resolves.toBe('broker/unavailable')
    clock.advance(15_000)
    await new Promise(resolve => setImmediate(resolve))
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
    expect(orders()).toEqual([])
  })

  test('when TWS says it has no line to IBKR in the same breath as hello', async () => {
    const { deps, orders } = await orderScene(open, takes, undefined, {
      hello(_clientId, line) {
        line.say([15, 1, ACCOUNT], [9, 1, 7], [4, 2, -1, 2110, 'Connectivity between TWS and server is broken.', ''])
        return false
      },
    })
    await expect(codeOf(createTrading(deps).placeOrder(ACCOUNT, LIMIT, stop))).resolves.toBe('broker/unavailable')
    expect(orders()).toEqual([])
  })

  test.each(['DU7654321', 'U1234567', `${ACCOUNT}\u0000`, 'D'.repeat(5000)])('for an account of another sign-in (%#)', async account => {
    const { deps, peer, orders } = await orderScene(open, takes)
    const calls = createTrading(deps)
    await expect(codeOf(calls.placeOrder(account, LIMIT, stop))).resolves.toBe('broker/account-gone')
    await expect(codeOf(calls.previewOrder(account, LIMIT, stop))).resolves.toBe('broker/account-gone')
    await expect(codeOf(calls.cancelOrder(account, '7', stop))).resolves.toBe('broker/account-gone')
    expect(orders()).toEqual([])
    expect(peer.received.filter(fields => fields[0] === '4')).toEqual([])
  })

  test.each([
    ['a quantity', { quantity: Dec.of('12345678901234567891') }],
    ['a limit price', { limitPrice: Dec.of('90071992547409931.01') }],
  ])('with %s of more digits than TWS would get', async (_, changes) => {
    const { deps, orders } = await orderScene(open, takes)
    await expect(codeOf(createTrading(deps).placeOrder(ACCOUNT, { ...LIMIT, ...changes }, stop))).resolves.toBe('order/invalid')
    expect(orders()).toEqual([])
  })
})
