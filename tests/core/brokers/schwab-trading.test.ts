import { describe, expect, test } from 'vitest'
import { schwab } from '../../../electron/core/brokers/schwab/index.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { draftOf } from './support/drafts.ts'
import { json, restBroker } from './support/rest-broker.ts'

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

test('what Schwab says of an order names no account', async () => {
  const says = 'Account 12345678 may not sell short.'
  const it = restBroker(schwab, () =>
    json({ orderValidationResult: { rejects: [{ activityMessage: says }], warns: [{ activityMessage: says }] } }),
  )
  const shown = await it.trading.previewOrder('a', draft, never)
  expect(shown).toMatchObject({ refusals: ['Account … may not sell short.'], warnings: ['Account … may not sell short.'] })
})
