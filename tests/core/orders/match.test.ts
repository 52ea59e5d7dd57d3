import { describe, expect, test } from 'vitest'
import type { BrokerOrder } from '../../../electron/core/brokers/adapter.ts'
import { type Match, matchOrder } from '../../../electron/core/orders/match.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { OrderDraft } from '../../../shared/domain/order.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { brokerOrder, limitDraft, SENT } from './support/order-books.ts'

const intent = { clientOrderId: 'ours', draft: limitDraft(), target: null, kind: 'place' as const, sentAt: SENT, createdAt: SENT }
const later = (ms: number): Pick<BrokerOrder, 'submittedAt'> => ({ submittedAt: Instant.plus(SENT, ms) })
const match = (orders: readonly BrokerOrder[], others: readonly string[] = []): Match =>
  matchOrder(intent, orders, id => others.includes(id))

describe('what came of an order', () => {
  test('is told by our own id before anything else, whatever else it says', () => {
    const twin = brokerOrder({ externalId: '70', clientOrderId: null })
    const ours = brokerOrder({ externalId: '72', clientOrderId: 'ours', status: 'filled', ...later(400_000) })
    expect(match([twin, ours])).toMatchObject({ kind: 'found', order: { externalId: '72' } })
  })

  test.each([-5_000, 0, 119_000, 120_000])('is found by all its fields when it was entered %i ms after it was sent', ms => {
    expect(match([brokerOrder(later(ms))])).toMatchObject({ kind: 'found' })
  })

  test('is whatever the broker calls its type, and whatever stands for no price', () => {
    for (const type of ['LMT', 'Limit', 'limit', 'LIMIT']) expect(match([brokerOrder({ type, stopPrice: Dec.zero })]).kind).toBe('found')
  })

  test('is left to the user where a new order of the symbol does not fit in all: it might be it', () => {
    const strays: Partial<BrokerOrder>[] = [
      later(-5_001),
      later(120_001),
      later(-86_400_000),
      { quantity: Dec.of('3') },
      { limitPrice: Dec.of('100.01') },
      { type: 'STOP' },
      { stopPrice: Dec.of('1') },
      { quantity: null },
      { symbol: null },
      { side: null },
    ]
    for (const stray of strays) expect(match([brokerOrder(stray)])).toEqual({ kind: 'several', count: 1 })
    expect(match([brokerOrder(), brokerOrder({ externalId: '72' })])).toEqual({ kind: 'several', count: 2 })
  })

  test("is nothing of what was there before, is somebody else's, or another symbol or side", () => {
    expect(match([brokerOrder()], ['71'])).toEqual({ kind: 'none' })
    expect(match([brokerOrder({ clientOrderId: 'theirs' })])).toEqual({ kind: 'none' })
    expect(match([brokerOrder({ symbol: 'MSFT' }), brokerOrder({ side: 'sell' })])).toEqual({ kind: 'none' })
    expect(match([])).toEqual({ kind: 'none' })
  })

  test('of a change is the same order with its new terms, or a new one in its place', () => {
    const change = { ...intent, kind: 'replace' as const, target: '71' }
    const none = (): boolean => false
    expect(matchOrder(change, [brokerOrder()], none)).toMatchObject({ kind: 'found', order: { externalId: '71' } })
    const before = brokerOrder({ limitPrice: Dec.of('90') })
    expect(matchOrder(change, [before], none)).toEqual({ kind: 'none' })
    expect(matchOrder(change, [{ ...before, status: 'replaced' }, brokerOrder({ externalId: '72' })], none)).toMatchObject({
      kind: 'found',
      order: { externalId: '72' },
    })
    expect(matchOrder(change, [brokerOrder({ status: 'canceled' })], none)).toEqual({ kind: 'none' })
  })

  test('of a change stays a question once the old order gave way and nobody sees the new one', () => {
    const change = { ...intent, kind: 'replace' as const, target: '71' }
    const none = (): boolean => false
    const old = brokerOrder({ status: 'replaced', clientOrderId: 'first' })
    expect(matchOrder(change, [old], none)).toEqual({ kind: 'several', count: 0 })
    // Some brokers hand the id of the old order on to the new one.
    const handedOn = brokerOrder({ externalId: '72', clientOrderId: 'first' })
    expect(matchOrder(change, [old, handedOn], none)).toMatchObject({ kind: 'found', order: { externalId: '72' } })
  })

  test.each(['GTC', 'GOOD_TILL_CANCEL', 'GOOD_UNTIL_CANCEL', 'GTC Ext'])(
    'is not one that is valid %s where it was for the day',
    timeInForce => {
      expect(match([brokerOrder({ timeInForce })])).toEqual({ kind: 'several', count: 1 })
      const change = { ...intent, kind: 'replace' as const, target: '71' }
      expect(matchOrder(change, [brokerOrder({ timeInForce })], () => false)).toEqual({ kind: 'none' })
      const untilCanceled = { ...intent, draft: limitDraft({ timeInForce: 'gtc' }) }
      expect(matchOrder(untilCanceled, [brokerOrder({ timeInForce })], () => false)).toMatchObject({ kind: 'found' })
    },
  )

  test.each(['DAY', 'day', 'GOOD_FOR_DAY', 'Ext'])('is not one that is valid %s where it was to work until canceled', timeInForce => {
    const untilCanceled = { ...intent, draft: limitDraft({ timeInForce: 'gtc' }) }
    const found = matchOrder(untilCanceled, [brokerOrder({ timeInForce })], () => false)
    expect(found.kind).toBe(timeInForce === 'Ext' ? 'found' : 'several')
    expect(match([brokerOrder({ timeInForce })]).kind).toBe('found')
  })

  test.each<[string, Partial<OrderDraft>, Partial<BrokerOrder>]>([
    [
      'for an amount of money has the quantity the broker made of it',
      { quantity: null, notional: Dec.of('200') },
      { quantity: Dec.of('1.98') },
    ],
    ['at the market has no price', { type: 'market', limitPrice: null }, { type: 'MKT', limitPrice: Dec.zero }],
    [
      'with a stop',
      { type: 'stop', limitPrice: null, stopPrice: Dec.of('99') },
      { type: 'STP', limitPrice: null, stopPrice: Dec.of('99') },
    ],
    ['with a stop and a limit', { type: 'stop-limit', stopPrice: Dec.of('99') }, { type: 'STP LMT', stopPrice: Dec.of('99') }],
    [
      'with a trailing stop, which stands where the market put it',
      { type: 'trailing-stop', limitPrice: null, trail: { kind: 'percent', value: Dec.of('5') } },
      { type: 'TRAILING_STOP', limitPrice: null, stopPrice: Dec.of('95') },
    ],
    ['that is valid in another way may be told as one of the day', { timeInForce: 'ioc' }, { timeInForce: 'DAY' }],
  ])('%s', (_, draft, order) => {
    const asked = { ...intent, draft: limitDraft(draft) }
    expect(matchOrder(asked, [brokerOrder(order)], () => false)).toMatchObject({ kind: 'found', order: { externalId: '71' } })
    // Another kind, or another price, is another order.
    expect(matchOrder(asked, [brokerOrder({ ...order, type: 'LOC TRAIL LIMIT STOP' })], () => false).kind).toBe(
      draft.type === 'trailing-stop' ? 'found' : 'several',
    )
    expect(matchOrder(asked, [brokerOrder({ ...order, limitPrice: Dec.of('98') })], () => false).kind).toBe('several')
  })

  test('of a change is looked for by its own number among all of them', () => {
    const change = { ...intent, kind: 'replace' as const, target: '71' }
    const orders = [brokerOrder({ externalId: '70', symbol: 'MSFT' }), brokerOrder()]
    expect(matchOrder(change, orders, () => false)).toMatchObject({ kind: 'found', order: { externalId: '71' } })
  })

  test('is looked for from the moment it was written down where nobody noted when it left', () => {
    expect(matchOrder({ ...intent, sentAt: null }, [brokerOrder(later(120_000))], () => false).kind).toBe('found')
    expect(matchOrder({ ...intent, sentAt: null }, [brokerOrder(later(120_001))], () => false).kind).toBe('several')
  })

  test('is only what has our own id where nothing says what was sent', () => {
    expect(matchOrder({ ...intent, draft: null }, [brokerOrder()], () => false)).toEqual({ kind: 'none' })
  })
})
