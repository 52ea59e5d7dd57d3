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
    const twin = brokerOrder({ externalId: '70' })
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

  test('is asked about where the broker tells our ids back and an order like it has none: somebody may have typed it there', () => {
    expect(match([brokerOrder({ clientOrderId: null })])).toEqual({ kind: 'several', count: 1 })
    expect(match([brokerOrder({ clientOrderId: null }), brokerOrder({ externalId: '72' })])).toEqual({ kind: 'several', count: 2 })
  })

  test('is told by the number its broker gave, but not a change, whose old order may have the same', () => {
    const [told] = [brokerOrder({ clientOrderId: null, limitPrice: Dec.of('90') })]
    expect(matchOrder({ ...intent, externalId: '71' }, [told], () => false)).toMatchObject({ kind: 'found', order: { externalId: '71' } })
    expect(matchOrder({ ...intent, target: '71', externalId: '71' }, [told], () => false)).toEqual({ kind: 'none' })
  })

  test('may be one whose symbol is spelled in another way, which only the user can tell', () => {
    const spelled = (ours: string, theirs: string): Match =>
      matchOrder({ ...intent, draft: limitDraft({ symbol: ours }) }, [brokerOrder({ symbol: theirs })], () => false)
    for (const [ours, theirs] of [
      ['BRK.B', 'BRK/B'],
      ['BRK/B', 'BRK.B'],
      ['BTC/USD', 'BTCUSD'],
      ['AAPL261218C00250000', 'AAPL  261218C00250000'],
      ['brk.b', 'BRK B'],
    ] as const)
      expect(spelled(ours, theirs)).toEqual({ kind: 'several', count: 1 })
    expect(spelled('BRK.B', 'BRK/A')).toEqual({ kind: 'none' })
    expect(spelled('BRK.B', 'BRK.B').kind).toBe('found')
  })

  test.each<[string, Partial<BrokerOrder>, 'found' | 'several']>([
    ['by its limit', { quantity: Dec.of('2.1') }, 'found'],
    ['by its limit, five percent under', { quantity: Dec.of('1.9') }, 'found'],
    ['by its limit, too much', { quantity: Dec.of('2.1001') }, 'several'],
    ['by its limit, too little', { quantity: Dec.of('1.8999') }, 'several'],
    ['by what it was filled at', { quantity: Dec.of('4'), averageFillPrice: Dec.of('50') }, 'found'],
    ['by what it was filled at, too much', { quantity: Dec.of('2'), averageFillPrice: Dec.of('150') }, 'several'],
    ['of no quantity yet', { quantity: null }, 'found'],
    ['of a quantity of nothing yet', { quantity: Dec.zero }, 'found'],
  ])('for an amount of money comes to that amount: %s', (_, changes, kind) => {
    const asked = { ...intent, draft: limitDraft({ quantity: null, notional: Dec.of('200') }) }
    expect(matchOrder(asked, [brokerOrder(changes)], () => false).kind).toBe(kind)
  })

  test('for an amount of money cannot be held against it without a price', () => {
    const asked = { ...intent, draft: limitDraft({ type: 'market', limitPrice: null, quantity: null, notional: Dec.of('200') }) }
    expect(matchOrder(asked, [brokerOrder({ type: 'MKT', limitPrice: null })], () => false).kind).toBe('found')
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
