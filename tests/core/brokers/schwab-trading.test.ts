import { describe, expect, test } from 'vitest'
import { schwab } from '../../../electron/core/brokers/schwab/index.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { draftOf } from './support/drafts.ts'
import { json, type RestAnswer, restBroker } from './support/rest-broker.ts'

const never = { signal: new AbortController().signal }
const draft = draftOf({ type: 'limit', limitPrice: Dec.of('187.5') })

function orderWire(changes: Record<string, unknown> = {}, instruction = 'BUY'): Record<string, unknown> {
  return {
    orderId: 1001,
    orderType: 'LIMIT',
    duration: 'DAY',
    status: 'WORKING',
    quantity: 10,
    filledQuantity: 0,
    price: 187.5,
    enteredTime: '2026-11-20T15:00:00+0000',
    orderLegCollection: [{ instruction, quantity: 10, instrument: { symbol: 'AAPL', assetType: 'EQUITY' } }],
    ...changes,
  }
}

/** Schwab answering an order without its address, as it does for some, and listing these. */
const withList = (orders: unknown) =>
  restBroker(schwab, ({ method }) =>
    method === 'POST' ? { status: 201, headers: { date: 'Fri, 20 Nov 2026 15:00:00 GMT' } } : json(orders),
  )

describe('an order Schwab gives no address for', () => {
  test('is found by what it is and when it was entered', async () => {
    const it = withList([orderWire(), orderWire({ orderId: 1000, enteredTime: '2026-11-20T14:59:10+0000' })])
    expect(await it.trading.placeOrder('a', draft, never)).toMatchObject({ externalId: '1001', status: 'working' })
  })

  test.each([
    ['one of the same kind a minute before', orderWire({ enteredTime: '2026-11-20T14:59:00+0000', status: 'FILLED' })],
    ['one that sells short', orderWire({}, 'SELL_SHORT')],
    ['one that covers', orderWire({}, 'BUY_TO_COVER')],
    ['one of another type', orderWire({ orderType: 'LIMIT_ON_CLOSE' })],
    ['one that is valid longer', orderWire({ duration: 'GOOD_TILL_CANCEL' })],
  ])('is in doubt rather than taken for %s', async (_, other) => {
    await expect(withList([other]).trading.placeOrder('a', draft, never)).rejects.toMatchObject({ code: 'order/unknown' })
  })
})

const taken: RestAnswer = { status: 201, headers: { location: 'https://api.schwabapi.com/trader/v1/accounts/a/orders/1002' } }

/** Schwab with one order, and what it answers to anything that changes something. */
const withOrder = (order: RestAnswer, changed: RestAnswer = taken) =>
  restBroker(schwab, ({ method }) => (method === 'GET' ? order : changed))

const changesOf = ({ calls }: ReturnType<typeof restBroker>) => calls.filter(({ method }) => method !== 'GET')

describe('changing an order at Schwab', () => {
  const leg = { instruction: 'BUY', quantity: 10, instrument: { symbol: 'AAPL', assetType: 'EQUITY' } }
  const fill = { executionType: 'FILL', executionLegs: [{ quantity: 4, price: 187, time: '2026-11-20T15:00:00+0000' }] }

  test('enters one in the place of one that works untouched', async () => {
    const states = [orderWire(), orderWire({ orderId: 1002 })]
    const it = restBroker(schwab, ({ method }) => (method === 'GET' ? json(states.shift()) : taken))
    expect(await it.trading.replaceOrder('a', '1001', draft, never)).toMatchObject({ externalId: '1002', status: 'working' })
    expect(changesOf(it)).toMatchObject([{ method: 'PUT', path: '/trader/v1/accounts/a/orders/1001' }])
  })

  test.each<[string, Record<string, unknown>, object, string]>([
    ['of another symbol', orderWire(), { symbol: 'MSFT' }, 'order/invalid'],
    ['of the other side', orderWire(), { side: 'sell' }, 'order/invalid'],
    ['of another effect', orderWire(), { positionEffect: 'close' }, 'order/invalid'],
    ['of several legs', orderWire({ orderLegCollection: [leg, leg] }), {}, 'order/invalid'],
    ['with an order behind it', orderWire({ childOrderStrategies: [orderWire({ orderId: 1003 })] }), {}, 'order/invalid'],
    ['partly filled, whose rest would be bought twice', orderWire({ filledQuantity: 4 }), {}, 'order/invalid'],
    ['partly filled by its executions alone', orderWire({ filledQuantity: null, orderActivityCollection: [fill] }), {}, 'order/invalid'],
    ['that trades at the close', orderWire({ orderType: 'MARKET_ON_CLOSE' }), {}, 'order/invalid'],
    ['that works outside the regular hours too', orderWire({ session: 'SEAMLESS' }), {}, 'order/invalid'],
    ['that works in the morning alone', orderWire({ session: 'AM' }), { extendedHours: true }, 'order/invalid'],
    ['that trails', orderWire({ orderType: 'TRAILING_STOP' }), {}, 'order/invalid'],
    ['that works until the end of the week', orderWire({ duration: 'END_OF_WEEK' }), {}, 'order/invalid'],
    ['that is done', orderWire({ status: 'FILLED' }), {}, 'order/not-open'],
    ['being canceled', orderWire({ status: 'PENDING_CANCEL' }), {}, 'order/not-open'],
    ['whose cancel is on its way', orderWire({ status: 'AWAITING_UR_OUT' }), {}, 'order/not-open'],
    ['being replaced', orderWire({ status: 'PENDING_REPLACE' }), {}, 'order/not-open'],
    ['being recalled', orderWire({ status: 'PENDING_RECALL' }), {}, 'order/not-open'],
  ])('does not take the place of one %s', async (_, order, changes, code) => {
    const it = withOrder(json(order))
    await expect(it.trading.replaceOrder('a', '1001', { ...draft, ...changes }, never)).rejects.toMatchObject({ code })
    expect(changesOf(it)).toEqual([])
  })

  test('does not take the place of one nobody knows, or nobody can see', async () => {
    const [unknown, unseen] = [withOrder({ status: 404 }), withOrder({ status: 500 })]
    await expect(unknown.trading.replaceOrder('a', '1001', draft, never)).rejects.toMatchObject({ code: 'order/not-found' })
    await expect(unseen.trading.replaceOrder('a', '1001', draft, never)).rejects.toMatchObject({ code: 'broker/unavailable' })
    expect([...changesOf(unknown), ...changesOf(unseen)]).toEqual([])
  })

  test('tells one that was filled between the look and the change', async () => {
    const states = [orderWire(), orderWire({ status: 'FILLED' })]
    const it = restBroker(schwab, ({ method }) => (method === 'GET' ? json(states.shift()) : json({ message: 'no' }, 400)))
    await expect(it.trading.replaceOrder('a', '1001', draft, never)).rejects.toMatchObject({ code: 'order/not-open' })
  })

  test.each<[string, RestAnswer]>([
    ['names the order whose place was taken', { status: 201, headers: { location: 'https://h/trader/v1/accounts/a/orders/1001' } }],
    ['names none, with only that order to be found', { status: 201, headers: { date: 'Fri, 20 Nov 2026 15:00:00 GMT' } }],
  ])('is in doubt when the answer %s', async (_, answer) => {
    const it = restBroker(schwab, ({ method, path }) =>
      method === 'GET' ? json(path.endsWith('/orders') ? [orderWire()] : orderWire()) : answer,
    )
    await expect(it.trading.replaceOrder('a', '1001', draft, never)).rejects.toMatchObject({ code: 'order/unknown' })
  })
})

describe('the address Schwab answers an order with', () => {
  test.each<[string, Record<string, unknown>]>([
    ['another symbol', { orderLegCollection: [{ instruction: 'BUY', quantity: 10, instrument: { symbol: 'MSFT', assetType: 'EQUITY' } }] }],
    ['the other side, and refused at that', { ...orderWire({}, 'SELL'), status: 'REJECTED' }],
    ['another size', { quantity: 3 }],
    ['an earlier time', { enteredTime: '2026-11-20T14:59:50+0000', status: 'REJECTED' }],
  ])('may be that of one of %s: then nobody knows what became of ours', async (_, other) => {
    const it = withOrder(json(orderWire({ ...other, orderId: 1002 })))
    await expect(it.trading.placeOrder('a', draft, never)).rejects.toMatchObject({ code: 'order/unknown' })
    expect(changesOf(it)).toHaveLength(1)
  })

  test('is believed for ours, also where it was refused', async () => {
    const refused = withOrder(json(orderWire({ orderId: 1002, status: 'REJECTED', statusDescription: 'No shares.' })))
    await expect(refused.trading.placeOrder('a', draft, never)).rejects.toMatchObject({ code: 'order/rejected', brokerSays: 'No shares.' })
    const slow = withOrder(json(orderWire({ orderId: 1002, enteredTime: '2026-11-20T14:59:56+0000' })))
    expect(await slow.trading.placeOrder('a', draft, never)).toMatchObject({ externalId: '1002' })
  })
})

describe('an order sent to Schwab before', () => {
  test('is not sent twice: where nobody can tell, it stays in doubt', async () => {
    const placed = withOrder(json(orderWire({ orderId: 1002 })))
    const first = await placed.trading.placeOrder('a', draft, never)
    expect(await placed.trading.placeOrder('a', draft, never)).toEqual(first)
    const lost = withOrder(json([]), { status: 502 })
    for (const _attempt of [1, 2]) await expect(lost.trading.placeOrder('a', draft, never)).rejects.toMatchObject({ code: 'order/unknown' })
    expect([placed, lost].map(it => changesOf(it).length)).toEqual([1, 1])
  })

  test('leaves its id to no other order, and is free to be sent after a refusal', async () => {
    const placed = withOrder(json(orderWire({ orderId: 1002 })))
    await placed.trading.placeOrder('a', draft, never)
    await expect(placed.trading.placeOrder('a', { ...draft, side: 'sell' }, never)).rejects.toMatchObject({ code: 'order/invalid' })
    const refused = withOrder(json([]), json({ message: 'no' }, 400))
    for (const _attempt of [1, 2])
      await expect(refused.trading.placeOrder('a', draft, never)).rejects.toMatchObject({ code: 'order/rejected' })
    expect([placed, refused].map(it => changesOf(it).length)).toEqual([1, 2])
  })
})

test('what Schwab says of an order names no account', async () => {
  const says = 'Account 12345678 may not sell short.'
  const it = restBroker(schwab, () =>
    json({ orderValidationResult: { rejects: [{ activityMessage: says }], warns: [{ activityMessage: says }] } }),
  )
  const shown = await it.trading.previewOrder('a', draft, never)
  expect(shown).toMatchObject({ refusals: ['Account … may not sell short.'], warnings: ['Account … may not sell short.'] })
})
