import { describe, expect, test } from 'vitest'
import { checkKey, classifyFailure } from '../../../electron/core/brokers/alpaca/auth.ts'
import { alpaca } from '../../../electron/core/brokers/alpaca/index.ts'
import { toAccount, toActivity, toBalance, toOrder, toPosition } from '../../../electron/core/brokers/alpaca/map.ts'
import { AccountWire, ActivityWire, OrderWire, PositionWire } from '../../../electron/core/brokers/alpaca/wire.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { draftOf } from './support/drafts.ts'
import { json, restBroker } from './support/rest-broker.ts'

const stop = { signal: new AbortController().signal }
const asOf = Instant.parse('2026-11-20T15:00:00Z')
const facts = (row: Record<string, unknown>) => toActivity(ActivityWire.parse({ id: '20261116000000000::1', ...row }))

describe('what Alpaca leaves out', () => {
  test('of an account is told by what is there, and guessed at nowhere', () => {
    const bare = AccountWire.parse({ id: 'acc' })
    expect(toAccount(bare)).toEqual({ key: 'acc', number: 'acc', name: 'Alpaca account', type: 'Brokerage', currency: 'USD' })
    expect(toBalance(bare, asOf)).toEqual({ currency: 'USD', netLiquidation: null, cash: null, buyingPower: null, asOf })
    expect(toAccount(AccountWire.parse({ id: 'acc', multiplier: '1' })).type).toBe('Cash')
  })

  test('of a position is null, and its kind is other', () => {
    expect(toPosition(PositionWire.parse({ symbol: ' XYZ ', qty: '2' }), asOf)).toMatchObject({
      symbol: 'XYZ',
      assetClass: 'other',
      quantity: '2',
      averagePrice: null,
      marketValue: null,
      unrealized: null,
    })
  })

  test('of an order is empty, and an order sent under its older name has its type', () => {
    const bare = OrderWire.parse({ id: 'o1', status: 'held', created_at: '2026-11-20T15:00:00Z' })
    expect(toOrder(bare)).toMatchObject({
      type: '',
      timeInForce: '',
      status: 'working',
      filledQuantity: '0',
      submittedAt: '2026-11-20T15:00:00.000Z',
    })
    expect(toOrder({ ...bare, order_type: 'limit' }).type).toBe('limit')
  })

  test('of an order is its symbol where it has none, and a coin has the one it is held under', () => {
    const ordered = (symbol: string | null): string | null =>
      toOrder(OrderWire.parse({ id: 'o1', status: 'new', created_at: '2026-11-20T15:00:00Z', symbol })).symbol
    expect([null, ' AAPL ', 'BTC/USD', 'BTCUSD'].map(ordered)).toEqual([null, 'AAPL', 'BTC/USD', 'BTC/USD'])
    expect(toPosition(PositionWire.parse({ symbol: 'BTCUSD', qty: '2', asset_class: 'crypto' }), asOf).symbol).toBe('BTC/USD')
  })

  test.each([
    [
      'a fill without a quantity keeps its direction and claims no cash',
      { activity_type: 'FILL', side: 'buy', price: '3' },
      { kind: 'trade', side: 'buy', quantity: null, amount: null },
    ],
    [
      'an exercise of nothing has no direction',
      { activity_type: 'OPTRD', qty: '0', price: '3' },
      { kind: 'other', side: null, quantity: null },
    ],
    ['an exercise without a quantity has none either', { activity_type: 'OPTRD', price: '3' }, { kind: 'other', side: null }],
    ['a blank symbol names nothing', { activity_type: 'CSD', symbol: '  ' }, { symbol: null, assetClass: null }],
  ])('of an activity: %s', (_, row, expected) => {
    expect(facts({ date: '2026-11-16', ...row })).toMatchObject(expected)
  })

  test('of a moment: a date that is one counts as one, on the day it is in New York', () => {
    expect(facts({ activity_type: 'CSD', date: '2026-11-17T02:00:00Z' })).toMatchObject({
      executedAt: '2026-11-17T02:00:00.000Z',
      tradeDate: '2026-11-16',
    })
  })
})

describe('an Alpaca key', () => {
  test.each([
    ['AKTEST', 'paper', 'live'],
    ['PKTEST', 'live', 'paper'],
  ] as const)('%s is refused in %s before anything is sent', (id, environment, actual) => {
    expect(() => checkKey({ 'api-key-id': id }, environment)).toThrow(
      expect.objectContaining({ code: 'auth/wrong-environment', details: { actual, expected: environment } }),
    )
  })

  test.each([
    ['AKTEST', 'live'],
    ['PKTEST', 'paper'],
    ['AKTEST', 'sandbox'],
    ['CKTEST', 'live'],
  ] as const)('%s is left to Alpaca in %s', (id, environment) => {
    expect(() => checkKey({ 'api-key-id': id }, environment)).not.toThrow()
  })

  test('travels in headers of its own', () => {
    const headers = alpaca.methods.find(({ method }) => method === 'api-key')?.headers
    expect(headers?.({ 'api-key-id': 'PK1', 'api-key-secret': 's' })).toEqual({ 'APCA-API-KEY-ID': 'PK1', 'APCA-API-SECRET-KEY': 's' })
  })

  test('that is refused is told from an app that is', () => {
    expect(classifyFailure({ status: 401, body: '{"message":"request is not authorized."}' })).toBe('auth/sign-in-needed')
    expect(classifyFailure({ status: 401, body: '{"error":"invalid_client"}' })).toBe('auth/app-misconfigured')
    expect(classifyFailure({ status: 403, body: '{"message":"forbidden."}' })).toBeUndefined()
  })
})

const SNAPSHOTS: Readonly<Record<string, unknown>> = {
  '/v2/stocks/snapshots': {
    AAPL: {
      latestQuote: { t: '2026-11-20T15:00:00Z', ap: 250.2, bp: 250.1 },
      latestTrade: { t: '2026-11-20T14:59:00Z', p: 250.15 },
      prevDailyBar: { c: 248 },
    },
    HALT: { latestQuote: { t: '2026-11-20T15:00:00Z', ap: 0, bp: 0 }, latestTrade: { t: '2026-11-20T15:01:00Z', p: 3 } },
    BARE: {},
    GONE: null,
  },
  '/v1beta3/crypto/us/snapshots': { snapshots: { 'BTC/EUR': { latestTrade: { t: null, p: '91000.5' } } } },
  '/v1beta1/options/snapshots': {
    snapshots: { AAPL261218C00250000: { latestQuote: { t: '2026-11-20T15:00:00Z', ap: '4.35', bp: '4.2' } } },
  },
}

describe('quotes of Alpaca', () => {
  const read = (symbols: readonly string[]) => {
    const it = restBroker(alpaca, ({ path }) => json(SNAPSHOTS[path]))
    return it.adapter.quotes(symbols, stop).then(quotes => ({ quotes, paths: it.calls.map(({ path }) => path) }))
  }

  test('come from the market each symbol trades on, with the newest of their times', async () => {
    const { quotes, paths } = await read(['AAPL', 'BTC/EUR', 'AAPL261218C00250000'])
    expect(paths.toSorted()).toEqual(Object.keys(SNAPSHOTS).toSorted())
    expect(quotes).toMatchObject([
      {
        symbol: 'AAPL',
        bid: '250.1',
        ask: '250.2',
        last: '250.15',
        previousClose: '248',
        currency: 'USD',
        asOf: '2026-11-20T15:00:00.000Z',
      },
      { symbol: 'BTC/EUR', bid: null, ask: null, last: '91000.5', previousClose: null, currency: 'EUR' },
      { symbol: 'AAPL261218C00250000', bid: '4.2', ask: '4.35', last: null },
    ])
  })

  test('have no price where nobody quotes, and leave out what Alpaca does not know', async () => {
    const { quotes, paths } = await read(['HALT', 'BARE', 'GONE', 'NEVER'])
    expect(paths).toEqual(['/v2/stocks/snapshots'])
    expect(quotes).toMatchObject([
      { symbol: 'HALT', bid: null, ask: null, last: '3', asOf: '2026-11-20T15:01:00.000Z' },
      { symbol: 'BARE', bid: null, ask: null, last: null, previousClose: null },
    ])
  })

  test('of nothing are not asked for', async () => {
    expect(await read([])).toEqual({ quotes: [], paths: [] })
  })
})

describe('what an order at Alpaca comes to', () => {
  const preview = (changes: Parameters<typeof draftOf>[0]) => {
    const it = restBroker(alpaca, ({ path }) => json(SNAPSHOTS[path]))
    return it.trading.previewOrder('a', draftOf(changes), stop).then(({ estimatedValue }) => [estimatedValue, it.calls.length])
  }

  // Ten shares; asking the price is one call.
  test.each<[string, Parameters<typeof draftOf>[0], [string | null, number]]>([
    ['a purchase at the market pays what is asked', {}, ['-2502', 1]],
    ['a sale at the market gets what is bid', { side: 'sell' }, ['2501', 1]],
    ['a purchase of what nobody offers is worth the last trade', { symbol: 'HALT' }, ['-30', 1]],
    ['a sale of what nobody wants is worth the last trade', { symbol: 'HALT', side: 'sell' }, ['30', 1]],
    ['without any price nothing is worked out', { symbol: 'NEVER' }, [null, 1]],
    ['a limit is taken at its word', { type: 'limit', limitPrice: Dec.of('200') }, ['-2000', 0]],
    ['a stop is too', { type: 'stop', stopPrice: Dec.of('180'), side: 'sell' }, ['1800', 0]],
    ['an amount of money is what it is', { quantity: null, notional: Dec.of('75.5') }, ['-75.5', 0]],
    [
      'a contract is a hundred shares',
      { symbol: 'AAPL261218C00250000', assetClass: 'option', positionEffect: 'open', quantity: Dec.of('2') },
      ['-870', 1],
    ],
    [
      'an adjusted contract is worth what only Alpaca knows',
      { symbol: 'AAPL1261218C00250000', assetClass: 'option', positionEffect: 'open', type: 'limit', limitPrice: Dec.of('1') },
      [null, 0],
    ],
  ])('%s', async (_, changes, expected) => {
    expect(await preview(changes)).toEqual(expected)
  })
})

describe('an order Alpaca was sent', () => {
  const order = (changes: Record<string, unknown> = {}) => ({
    id: 'o1',
    status: 'new',
    symbol: 'AAPL',
    side: 'buy',
    type: 'market',
    time_in_force: 'day',
    qty: '10',
    created_at: '2026-11-20T15:00:00Z',
    ...changes,
  })

  test('and took without a word of it is in doubt', async () => {
    const it = restBroker(alpaca, () => ({ status: 200, body: '' }))
    await expect(it.trading.placeOrder('a', draftOf(), stop)).rejects.toMatchObject({ code: 'order/unknown' })
  })

  test('and changed without a word of it is in doubt too', async () => {
    const it = restBroker(alpaca, ({ method }) => (method === 'GET' ? json(order()) : { status: 200, body: '' }))
    await expect(it.trading.replaceOrder('a', 'o1', draftOf(), stop)).rejects.toMatchObject({ code: 'order/unknown' })
  })

  test('and took and rejected in the same breath is rejected', async () => {
    const it = restBroker(alpaca, () => json(order({ status: 'rejected' })))
    await expect(it.trading.placeOrder('a', draftOf(), stop)).rejects.toMatchObject({ code: 'order/rejected' })
  })

  test('for an amount of money cannot be changed', async () => {
    const it = restBroker(alpaca, () => json(order()))
    const draft = draftOf({ quantity: null, notional: Dec.of('50') })
    await expect(it.trading.replaceOrder('a', 'o1', draft, stop)).rejects.toMatchObject({ code: 'order/invalid' })
    expect(it.calls).toEqual([])
  })

  test('can be given another stop and another trail', async () => {
    const stopped = restBroker(alpaca, ({ method }) =>
      json(order({ type: 'stop', stop_price: '180', ...(method === 'GET' ? {} : { id: 'o2' }) })),
    )
    await stopped.trading.replaceOrder('a', 'o1', draftOf({ type: 'stop', stopPrice: Dec.of('170') }), stop)
    expect(stopped.calls.at(-1)?.body).toMatchObject({ stop_price: '170.00' })
    const trailed = restBroker(alpaca, () => json(order({ type: 'trailing_stop', trail_percent: '5' })))
    const trail = { kind: 'percent', value: Dec.of('4') } as const
    await trailed.trading.replaceOrder('a', 'o1', draftOf({ type: 'trailing-stop', trail }), stop)
    expect(trailed.calls.at(-1)?.body).toMatchObject({ trail: '4' })
  })

  test('and that it does not know is not found, to be changed or canceled', async () => {
    const it = restBroker(alpaca, () => json({ message: 'order not found' }, 404))
    await expect(it.trading.cancelOrder('a', 'o1', stop)).rejects.toMatchObject({ code: 'order/not-found' })
    await expect(it.adapter.orderStatus('a', 'o1', stop)).rejects.toMatchObject({ code: 'order/not-found' })
  })

  test('is canceled once Alpaca says so, even when nobody can look at it any more', async () => {
    const it = restBroker(alpaca, ({ method }) => (method === 'DELETE' ? { status: 204 } : json({ message: 'forbidden.' }, 403)))
    expect(await it.trading.cancelOrder('a', 'o1', stop)).toEqual({ externalId: 'o1', status: 'working', statusText: 'pending_cancel' })
    await expect(it.adapter.orderStatus('a', 'o1', stop)).rejects.not.toMatchObject({ code: 'order/not-found' })
  })

  test('is not looked at again when the cancel failed for another reason', async () => {
    const it = restBroker(alpaca, () => json({ message: 'request is not authorized.' }, 401))
    await expect(it.trading.cancelOrder('a', 'o1', stop)).rejects.toMatchObject({ code: 'auth/sign-in-needed' })
    expect(it.calls.map(({ method }) => method)).toEqual(['DELETE'])
  })
})
