import { describe, expect, test } from 'vitest'
import { alpaca } from '../../../electron/core/brokers/alpaca/index.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { OrderDraft } from '../../../shared/domain/order.ts'
import { draftOf } from './support/drafts.ts'
import { json, type RestAnswer, restBroker, type RestCall } from './support/rest-broker.ts'

const never = { signal: new AbortController().signal }
const price = Dec.of
const ID = '0b9bd2b8-4a5e-4c4e-9c8f-7f6f1a1f0c01'

function orderWire(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: ID,
    client_order_id: draftOf().clientOrderId,
    symbol: 'AAPL',
    side: 'buy',
    type: 'limit',
    order_type: 'limit',
    time_in_force: 'day',
    status: 'new',
    qty: '10',
    filled_qty: '0',
    limit_price: '187.5',
    created_at: '2026-11-20T15:00:00Z',
    submitted_at: '2026-11-20T15:00:00Z',
    extended_hours: false,
    ...changes,
  }
}

const limit = (changes: Partial<OrderDraft> = {}): OrderDraft => draftOf({ type: 'limit', limitPrice: price('190'), ...changes })

/** Alpaca with one order, and what it answers to anything that changes something. */
function withOrder(order: Record<string, unknown>, changed: (call: RestCall) => RestAnswer = () => json(orderWire({ id: 'new' }))) {
  return restBroker(alpaca, call => (call.method === 'GET' ? json(order) : changed(call)))
}

const changesOf = ({ calls }: { readonly calls: readonly RestCall[] }): RestCall[] => calls.filter(({ method }) => method !== 'GET')

describe('changing an order at Alpaca', () => {
  test('sends what may be changed', async () => {
    const it = withOrder(orderWire())
    expect(await it.trading.replaceOrder('a', ID, limit(), never)).toMatchObject({ externalId: 'new' })
    expect(changesOf(it)).toMatchObject([{ method: 'PATCH', body: { qty: '10', limit_price: '190.00', time_in_force: 'day' } }])
  })

  // Alpaca's PATCH has no field for any of these: the order would stay what it was.
  test.each<[string, Record<string, unknown>, OrderDraft]>([
    ['another symbol', {}, limit({ symbol: 'MSFT' })],
    ['the other side', {}, limit({ side: 'sell' })],
    ['another type', {}, draftOf()],
    ['the other effect', { position_intent: 'buy_to_open' }, limit({ positionEffect: 'close' })],
    ['other hours', {}, limit({ extendedHours: true })],
    [
      'percent in place of an amount',
      { side: 'sell', type: 'trailing_stop', order_type: 'trailing_stop', limit_price: null, trail_price: '5', trail_percent: null },
      draftOf({ side: 'sell', type: 'trailing-stop', trail: { kind: 'percent', value: price('5') } }),
    ],
  ])('does not send %s, which would leave the order as it was', async (_, order, draft) => {
    const it = withOrder(orderWire(order))
    await expect(it.trading.replaceOrder('a', ID, draft, never)).rejects.toMatchObject({ code: 'order/invalid' })
    expect(changesOf(it)).toEqual([])
  })

  test.each(['filled', 'pending_cancel', 'pending_replace'])('knows one that is %s before anything is sent', async status => {
    const it = withOrder(orderWire({ status }))
    await expect(it.trading.replaceOrder('a', ID, limit(), never)).rejects.toMatchObject({ code: 'order/not-open' })
    expect(changesOf(it)).toEqual([])
  })

  // The new order is for its quantity again, whatever the one before it bought: alpacahq/Alpaca-API issue 165.
  test.each([{ status: 'partially_filled', filled_qty: '4' }, { filled_qty: '4' }, { status: 'partially_filled', filled_qty: null }])(
    'does not buy the filled part of one a second time: %o',
    async order => {
      const it = withOrder(orderWire(order))
      await expect(it.trading.replaceOrder('a', ID, limit(), never)).rejects.toMatchObject({
        code: 'order/invalid',
        details: { reason: expect.stringContaining('filled') as unknown },
      })
      expect(changesOf(it)).toEqual([])
    },
  )

  test.each(['replaceOrder', 'cancelOrder'] as const)('does not call one that still works done when %s is refused', async what => {
    const it = withOrder(orderWire(), () => json({ code: 42210000, message: 'qty must be more than what is filled' }, 422))
    const { trading } = it
    const refused = what === 'cancelOrder' ? trading.cancelOrder('a', ID, never) : trading.replaceOrder('a', ID, limit(), never)
    await expect(refused).rejects.toMatchObject({ code: 'order/rejected', brokerSays: 'qty must be more than what is filled' })
  })

  test('tells one that was filled meanwhile', async () => {
    const states = [orderWire(), orderWire({ status: 'filled' })]
    const it = restBroker(alpaca, ({ method }) => (method === 'GET' ? json(states.shift()) : json({ message: 'order is not open' }, 422)))
    await expect(it.trading.replaceOrder('a', ID, limit(), never)).rejects.toMatchObject({ code: 'order/not-open' })
  })
})

describe('an order Alpaca has seen before', () => {
  const twice = json({ code: 40010001, message: 'client_order_id must be unique' }, 422)
  const draft = limit({ limitPrice: price('187.5') })
  const withAnswer = (found: RestAnswer) => restBroker(alpaca, ({ method }) => (method === 'POST' ? twice : found))

  test('is the one that was placed, not a rejected one', async () => {
    const it = withAnswer(json(orderWire({ status: 'filled' })))
    expect(await it.trading.placeOrder('a', draft, never)).toEqual({ externalId: ID, status: 'filled', statusText: 'filled' })
    expect(it.calls).toMatchObject([
      { method: 'POST' },
      { method: 'GET', path: '/v2/orders:by_client_order_id', query: { client_order_id: draft.clientOrderId } },
    ])
  })

  test('stays in doubt when it cannot be looked at', async () => {
    await expect(withAnswer(json({}, 403)).trading.placeOrder('a', draft, never)).rejects.toMatchObject({ code: 'order/unknown' })
  })

  test.each([{ side: 'sell' }, { qty: '20' }, { limit_price: '190' }, { time_in_force: 'gtc' }])(
    'is rejected when its id was used for another order: %o',
    async other => {
      const it = withAnswer(json(orderWire(other)))
      await expect(it.trading.placeOrder('a', draft, never)).rejects.toMatchObject({ code: 'order/rejected' })
    },
  )
})
