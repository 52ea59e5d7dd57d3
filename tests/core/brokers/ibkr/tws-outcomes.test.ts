import { afterEach, describe, expect, test } from 'vitest'
import { readOrders } from '../../../../electron/core/brokers/ibkr/tws/orders.ts'
import { createTrading } from '../../../../electron/core/brokers/ibkr/tws/trading.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import { ACCOUNT, LIMIT, openOrder, orderScene, type OrderScene, PERM_ID, type Reply, status } from './support/tws-orders.ts'
import { codeOf, scenes } from './support/tws-scene.ts'

const { signal } = new AbortController()
const stop = { signal }
const { open, close } = scenes()
afterEach(close)

const RANGE = { from: LocalDate.of('2026-01-01'), to: LocalDate.of('2027-01-01') }
const FILLED = 3
const WHY_HELD = 10
const LIMIT_AT = 16
const takes: Reply = (orderId, line) => line.say(openOrder(orderId, 'Submitted'), status(orderId, 'Submitted'))
const says =
  (code: number, text: string): Reply =>
  (orderId, line) =>
    line.say([4, 2, orderId, code, text, ''])

/** The first order is taken; what is sent after it is answered as told. */
function thenChanges(onChange: Reply, more: Parameters<typeof orderScene>[3] = {}): Promise<OrderScene> {
  let sent = 0
  return orderScene(open, (orderId, line, fields) => (sent++ === 0 ? takes : onChange)(orderId, line, fields), undefined, more)
}

const stillOpen: NonNullable<Parameters<typeof orderScene>[3]> = {
  answer(fields, line) {
    if (fields[0] === '16') line.say(openOrder('7', 'Submitted'), status('7', 'Submitted'), [53, 1])
    if (fields[0] === '99') line.say([102])
  },
}

describe('what became of an order sent to TWS', () => {
  test.each([
    [
      404,
      'Shares for this order are not immediately available for short sale. The order will be held while we attempt to locate the shares.',
    ],
    [399, 'Order Message: SELL 10 AAPL. Your order will not be placed at the exchange until the next session.'],
    [10_349, 'Order TIF was set to DAY based on order preset.'],
    [10_999, 'Something nobody has heard of.'],
    [100, 'Max rate of messages per second has been exceeded.'],
  ])('is that it works when TWS says so after %i', async (code, text) => {
    const { deps } = await orderScene(open, (orderId, line, fields) => {
      says(code, text)(orderId, line, fields)
      takes(orderId, line, fields)
    })
    await expect(createTrading(deps).placeOrder(ACCOUNT, LIMIT, stop)).resolves.toMatchObject({ status: 'working' })
  })

  test('is not known when it is inactive after words nobody has heard of: TWS may keep it for a yes on its screen', async () => {
    const { deps } = await orderScene(open, (orderId, line, fields) => {
      says(10_999, 'Something nobody has heard of.')(orderId, line, fields)
      line.say(openOrder(orderId, 'Inactive'), status(orderId, 'Inactive'))
    }, undefined, {
      answer(fields, line) {
        if (fields[0] === '16') line.say(openOrder('7', 'Inactive'), [53, 1])
        if (fields[0] === '99') line.say([102])
      },
    })
    await expect(createTrading(deps).placeOrder(ACCOUNT, LIMIT, stop)).rejects.toMatchObject({
      code: 'order/unknown',
      brokerSays: 'Something nobody has heard of.',
    })
    await expect(readOrders(deps, ACCOUNT, { status: 'open', range: RANGE }, stop)).resolves.toMatchObject([{ status: 'other', statusText: 'Inactive' }])
  })

  test('is that it is over when TWS refused it for certain and goes on listing it as inactive', async () => {
    const { deps } = await orderScene(open, says(201, 'Order rejected - reason:not enough cash'), undefined, {
      answer(fields, line) {
        if (fields[0] === '16') line.say(openOrder('7', 'Inactive'), status('7', 'Inactive'), [53, 1])
        if (fields[0] === '99') line.say([102])
      },
    })
    await expect(codeOf(createTrading(deps).placeOrder(ACCOUNT, LIMIT, stop))).resolves.toBe('order/rejected')
    await expect(readOrders(deps, ACCOUNT, { status: 'open', range: RANGE }, stop)).resolves.toEqual([])
    await expect(readOrders(deps, ACCOUNT, { status: 'all', range: RANGE }, stop)).resolves.toMatchObject([{ status: 'rejected' }])
  })

  test('is not known, beside TWS’s words, when nothing more is said', async () => {
    const { deps, peer, clock } = await orderScene(open, says(10_999, 'Something nobody has heard of.'))
    const link = await deps.session.ready(stop)
    const heard = Promise.withResolvers<void>()
    link.listen(message => message.kind === 'failure' && heard.resolve())
    const placing = createTrading(deps).placeOrder(ACCOUNT, LIMIT, stop)
    placing.catch(() => undefined)
    await peer.message(fields => fields[0] === '3')
    await heard.promise
    clock.advance(15_000)
    await expect(placing).rejects.toMatchObject({ code: 'order/unknown', brokerSays: 'Something nobody has heard of.' })
  })

  test('is canceled, not refused, when it found nobody at once', async () => {
    const { deps } = await orderScene(open, (orderId, line) =>
      line.say([4, 2, orderId, 202, 'Order Canceled - reason:', ''], status(orderId, 'Cancelled', { [FILLED]: 4 })),
    )
    await expect(createTrading(deps).placeOrder(ACCOUNT, { ...LIMIT, timeInForce: 'ioc' }, stop)).resolves.toEqual({
      externalId: String(PERM_ID),
      status: 'canceled',
      statusText: 'Cancelled',
    })
  })

  test('is that it waits while IBKR looks for shares to borrow', async () => {
    const { deps } = await orderScene(open, (orderId, line) =>
      line.say(openOrder(orderId, 'Inactive'), status(orderId, 'Inactive', { [WHY_HELD]: 'locate' })),
    )
    await expect(createTrading(deps).placeOrder(ACCOUNT, LIMIT, stop)).resolves.toMatchObject({ status: 'working', statusText: 'Inactive' })
    expect(deps.session.orders.byPermId(PERM_ID)?.held).toBe(true)
  })

  test('is never undone by a message that comes late', async () => {
    const { deps } = await orderScene(
      open,
      (orderId, line) =>
        line.say(
          openOrder(orderId, 'Submitted'),
          status(orderId, 'Filled', { [FILLED]: 10 }),
          status(orderId, 'Submitted', { [FILLED]: 4 }),
          openOrder(orderId, 'PreSubmitted'),
        ),
      undefined,
      {},
    )
    await createTrading(deps).placeOrder(ACCOUNT, LIMIT, stop)
    await expect.poll(() => deps.session.orders.byPermId(PERM_ID)).toMatchObject({ status: 'Filled', filled: 10 })
    await expect(readOrders(deps, ACCOUNT, { status: 'all', range: RANGE }, stop)).resolves.toMatchObject([
      { status: 'filled', filledQuantity: '10' },
    ])
  })
})

describe('a change of an order in TWS', () => {
  const dearer = { ...LIMIT, limitPrice: Dec.of('191') }

  test('counts once TWS tells the order as changed, not when it repeats what it was', async () => {
    const { deps } = await thenChanges((orderId, line) => {
      line.say(status(orderId, 'Submitted'), openOrder(orderId, 'Submitted'))
      line.say([4, 2, orderId, 201, 'Order rejected - reason:The price is too far away', ''])
    }, stillOpen)
    const calls = createTrading(deps)
    const { externalId } = await calls.placeOrder(ACCOUNT, LIMIT, stop)
    await expect(calls.replaceOrder(ACCOUNT, externalId, dearer, stop)).rejects.toMatchObject({
      code: 'order/rejected',
      brokerSays: 'Order rejected - reason:The price is too far away',
    })
  })

  test('is not one that the order overtook by filling as it was', async () => {
    const { deps } = await thenChanges(
      (orderId, line) => line.say(openOrder(orderId, 'Filled'), status(orderId, 'Filled', { [FILLED]: 10 })),
      stillOpen,
    )
    const calls = createTrading(deps)
    const { externalId } = await calls.placeOrder(ACCOUNT, LIMIT, stop)
    await expect(calls.replaceOrder(ACCOUNT, externalId, dearer, stop)).rejects.toMatchObject({
      code: 'order/not-open',
      details: { status: 'Filled' },
    })
  })

  const changeAnswered = async (answers: (orderId: string) => ReturnType<typeof status>[]) => {
    const { deps } = await thenChanges((orderId, line) => line.say(...answers(orderId)), stillOpen)
    const calls = createTrading(deps)
    const { externalId } = await calls.placeOrder(ACCOUNT, LIMIT, stop)
    return calls.replaceOrder(ACCOUNT, externalId, dearer, stop)
  }

  test('is taken where TWS told it before it had sent it on, and then that it filled', async () => {
    const filled = changeAnswered(orderId => [openOrder(orderId, 'PendingSubmit', { changes: { [LIMIT_AT]: 191 } }), status(orderId, 'Filled', { [FILLED]: 10 })])
    await expect(filled).resolves.toMatchObject({ status: 'filled' })
  })

  test('is not called not made where another quantity filled than the order had', async () => {
    await expect(codeOf(changeAnswered(orderId => [status(orderId, 'Filled', { [FILLED]: 20 })]))).resolves.toBe('order/unknown')
  })

  test('goes out under the order’s own number and keeps its reference', async () => {
    const { deps, orders } = await thenChanges(
      (orderId, line) => line.say(openOrder(orderId, 'Submitted', { changes: { [LIMIT_AT]: 191 } })),
      stillOpen,
    )
    const calls = createTrading(deps)
    const { externalId } = await calls.placeOrder(ACCOUNT, LIMIT, stop)
    await calls.replaceOrder(ACCOUNT, externalId, { ...dearer, clientOrderId: 'k-9' }, stop)
    expect(orders().map(fields => [fields[1], fields[19], fields[26]])).toEqual([
      ['7', '190.5', 'k-1'],
      ['7', '191', 'k-1'],
    ])
  })

  test('is not sent when TWS no longer has the order: it would be taken for a new one', async () => {
    const { deps, orders } = await thenChanges(takes)
    const calls = createTrading(deps)
    const { externalId } = await calls.placeOrder(ACCOUNT, LIMIT, stop)
    await expect(codeOf(calls.replaceOrder(ACCOUNT, externalId, dearer, stop))).resolves.toBe('order/not-found')
    expect(orders()).toHaveLength(1)
  })

  test.each([
    ['its other side', { side: 'buy' }],
    ['another type', { type: 'market', limitPrice: null }],
  ] as const)('to %s is not sent', async (_, changes) => {
    const { deps, orders } = await thenChanges(takes, stillOpen)
    const calls = createTrading(deps)
    const { externalId } = await calls.placeOrder(ACCOUNT, LIMIT, stop)
    await expect(codeOf(calls.replaceOrder(ACCOUNT, externalId, { ...LIMIT, ...changes }, stop))).resolves.toBe('order/invalid')
    expect(orders()).toHaveLength(1)
  })

  test('that filled in part is not sent: whether it counts what is filled depends on who reads it', async () => {
    const { deps, orders } = await thenChanges(takes, {
      answer(fields, line) {
        if (fields[0] === '16') line.say(openOrder('7', 'Submitted'), status('7', 'Submitted', { 3: 6, 4: 4 }), [53, 1])
        if (fields[0] === '99') line.say([102])
      },
    })
    const calls = createTrading(deps)
    const { externalId } = await calls.placeOrder(ACCOUNT, LIMIT, stop)
    await expect(calls.replaceOrder(ACCOUNT, externalId, dearer, stop)).rejects.toMatchObject({
      code: 'order/invalid',
      details: { reason: 'a part of it is filled: cancel the rest and send a new order' },
    })
    expect(orders()).toHaveLength(1)
  })

  test.each([
    ['a parent', { 57: 6 }],
    ['a group of orders that cancel each other', { 19: 'bracket-1' }],
    ['a day it ends', { 35: '20261231 16:00:00 US/Eastern' }],
  ])('of one with %s, which would be lost, is not sent', async (_, changes) => {
    const { deps, orders } = await thenChanges(takes, {
      answer(fields, line) {
        if (fields[0] === '16') line.say(openOrder('7', 'Submitted', { changes }), [53, 1])
        if (fields[0] === '99') line.say([102])
      },
    })
    const calls = createTrading(deps)
    const { externalId } = await calls.placeOrder(ACCOUNT, LIMIT, stop)
    await expect(codeOf(calls.replaceOrder(ACCOUNT, externalId, dearer, stop))).resolves.toBe('order/not-offered')
    expect(orders()).toHaveLength(1)
  })
})

describe('the orders of TWS', () => {
  test('no longer have one that went while nobody listened', async () => {
    const { deps } = await orderScene(open, takes)
    await createTrading(deps).placeOrder(ACCOUNT, LIMIT, stop)
    await expect(readOrders(deps, ACCOUNT, { status: 'all', range: RANGE }, stop)).resolves.toEqual([])
  })

  test('are not known, and none is forgotten, when TWS does not tell them', async () => {
    const { deps } = await orderScene(open, takes, undefined, {
      answer(fields, line) {
        const readOnly = "Error validating request.-'bW' : cause - The API interface is currently in Read-Only mode."
        if (fields[0] === '16' || fields[0] === '99') line.say([4, 2, -1, 321, readOnly, ''])
      },
    })
    await createTrading(deps).placeOrder(ACCOUNT, LIMIT, stop)
    await expect(codeOf(readOrders(deps, ACCOUNT, { status: 'open', range: RANGE }, stop))).resolves.toBe('order/not-shown')
    expect(deps.session.orders.all()).toHaveLength(1)
  })

  test('are not whole when one of them could not be read', async () => {
    const { deps } = await orderScene(open, takes, undefined, {
      answer(fields, line) {
        if (fields[0] === '16') line.say(openOrder('7', 'Submitted').slice(0, 60), [53, 1])
        if (fields[0] === '99') line.say([102])
      },
    })
    await expect(codeOf(readOrders(deps, ACCOUNT, { status: 'all', range: RANGE }, stop))).resolves.toBe('broker/unreadable')
  })
})
