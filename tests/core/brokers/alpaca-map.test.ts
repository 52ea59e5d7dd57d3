import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toActivity, toPosition } from '../../../electron/core/brokers/alpaca/map.ts'
import { ActivityWire, PositionWire } from '../../../electron/core/brokers/alpaca/wire.ts'
import { parseJson } from '../../../electron/core/net/json.ts'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant, LocalDate } from '../../../shared/domain/time.ts'
import { asList, fixture } from './support/fixtures.ts'

const facts = (row: unknown): ActivityFacts => toActivity(ActivityWire.parse(row))
const rows = asList(parseJson(fixture('alpaca', 'activities'))).map(facts)
const byNumber = (number: number) => rows.find(row => row.externalId.endsWith(String(number)))

describe('an Alpaca activity', () => {
  test('that is a purchase becomes a trade with its cash going out', () => {
    expect(byNumber(1101)).toEqual({
      externalId: '20261117093112250::5d1c0f6e-0d64-4c0e-9c07-2f9c9e0a1101',
      kind: 'trade',
      brokerType: 'FILL',
      symbol: 'AAPL',
      assetClass: 'equity',
      side: 'buy',
      positionEffect: null,
      quantity: '12',
      price: '251.44',
      amount: '-3017.28',
      fees: '0',
      currency: 'USD',
      executedAt: '2026-11-17T14:31:12.250417Z',
      tradeDate: '2026-11-17',
      orderId: '8d0c6c1f-4a0d-4f43-9d3a-6a8a34a90001',
      description: null,
      status: 'final',
    })
  })

  test.each<[number, Partial<ActivityFacts>]>([
    // A fraction of a share, an offset instead of Z, a blank behind the symbol.
    [
      1102,
      {
        side: 'sell',
        symbol: 'VTI',
        quantity: '0.731250119',
        price: '88.1234',
        amount: '64.4402467366846',
        executedAt: Instant.parse('2026-11-17T15:15:00.004Z'),
      },
    ],
    [1103, { kind: 'trade', side: 'sell', positionEffect: 'open', amount: Dec.of('1260') }],
    // A contract is a hundred shares; digits below a microsecond stay in the raw row.
    [
      1104,
      {
        assetClass: 'option',
        symbol: 'AAPL261218C00250000',
        quantity: Dec.of('3'),
        amount: Dec.of('-1305'),
        executedAt: Instant.parse('2026-11-18T19:59:59.999999Z'),
      },
    ],
    // The deliverable of an adjusted contract is not known here.
    [1105, { assetClass: 'option', side: 'sell', amount: null }],
    // Seven in the evening in New York is still the day before in UTC terms.
    [
      1106,
      { assetClass: 'crypto', symbol: 'BTC/USD', currency: 'USD', amount: Dec.of('-228.0864'), tradeDate: LocalDate.of('2026-11-18') },
    ],
    [1107, { kind: 'other', brokerType: 'FILL', side: null, quantity: null, amount: null, price: Dec.of('10') }],
    // The shares a dividend was paid on do not change the position.
    [
      1108,
      {
        kind: 'dividend',
        symbol: 'T',
        amount: Dec.of('6.24'),
        quantity: null,
        executedAt: null,
        tradeDate: LocalDate.of('2026-11-19'),
        description: null,
      },
    ],
    [1109, { kind: 'tax', brokerType: 'DIVNRA', amount: Dec.of('-0.94'), fees: Dec.zero }],
    [1110, { kind: 'fee', symbol: null, assetClass: null, amount: Dec.of('-0.03'), fees: Dec.of('0.03') }],
    [1111, { kind: 'fee', amount: Dec.zero, quantity: Dec.of('-0.00000625') }],
    [1112, { kind: 'transfer', amount: Dec.of('25000'), tradeDate: LocalDate.of('2026-11-16') }],
    [1113, { kind: 'split', quantity: Dec.of('90'), status: 'corrected' }],
    [1114, { kind: 'option-event', quantity: Dec.of('-2'), side: null }],
    [
      1115,
      {
        kind: 'trade',
        brokerType: 'OPTRD',
        side: 'buy',
        quantity: Dec.of('200'),
        price: Dec.of('150'),
        amount: Dec.of('-30000'),
        executedAt: null,
      },
    ],
    [1116, { kind: 'interest', status: 'canceled' }],
    [1117, { kind: 'other', brokerType: 'HOLOGRAM', symbol: 'ABC', amount: Dec.of('-1.5'), quantity: null, status: 'final' }],
    [1118, { kind: 'journal', amount: Dec.of('100.1') }],
  ] as [number, Partial<ActivityFacts>][])('%i is read for what it is', (number, expected) => {
    expect(byNumber(number)).toMatchObject(expected)
  })

  test('that was assigned sells the shares behind it', () => {
    expect(
      facts({ id: '20261116::1', activity_type: 'OPTRD', date: '2026-11-16', symbol: 'AAPL', qty: '-100', price: '150' }),
    ).toMatchObject({ side: 'sell', quantity: '100', amount: '15000' })
  })

  test('with no time and no date takes the exchange day its id begins with', () => {
    expect(facts({ id: '20261116000000000::1', activity_type: 'MISC' })).toMatchObject({ tradeDate: '2026-11-16', executedAt: null })
    expect(() => facts({ id: 'abc::1', activity_type: 'MISC' })).toThrow(expect.objectContaining({ code: 'broker/unreadable' }))
  })

  test('crosses midnight in New York, not in UTC, in winter and in summer', () => {
    const day = (transaction_time: string) => facts({ id: '1', activity_type: 'FILL', transaction_time }).tradeDate
    expect([
      day('2026-01-15T04:59:59Z'),
      day('2026-01-15T05:00:00Z'),
      day('2026-07-15T03:59:59.999Z'),
      day('2026-07-15T04:00:00Z'),
    ]).toEqual(['2026-01-14', '2026-01-15', '2026-07-14', '2026-07-15'])
  })
})

describe('any Alpaca activity', () => {
  const money = fc
    .tuple(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), fc.integer({ min: 0, max: 9 }))
    .map(([digits, places]) => {
      const text = String(Math.abs(digits)).padStart(places + 1, '0')
      return `${digits < 0 ? '-' : ''}${text.slice(0, text.length - places)}${places > 0 ? `.${text.slice(-places)}` : ''}`
    })

  test('keeps price and quantity to the last digit, and its cash is their product', () => {
    fc.assert(
      fc.property(money, money, fc.constantFrom('buy', 'sell', 'sell_short'), (price, qty, side) => {
        const row = facts({ id: '1', activity_type: 'FILL', transaction_time: '2026-11-17T14:31:12Z', symbol: 'AAPL', side, price, qty })
        expect(row.price).toBe(Dec.of(price))
        expect(row.quantity).toBe(Dec.abs(Dec.of(qty)))
        const value = Dec.mul(Dec.of(price), Dec.abs(Dec.of(qty)))
        expect(row.amount).toBe(side === 'buy' ? Dec.neg(value) : value)
      }),
      { numRuns: 500 },
    )
  })

  test('is kept whatever words it uses', () => {
    const word = fc.oneof(
      fc.string({ maxLength: 30, unit: 'binary' }),
      fc.constantFrom('__proto__', 'constructor', 'FILL', 'toString', '\u0000', '’; DROP TABLE'),
    )
    fc.assert(
      fc.property(word, word, word, word, word, (type, side, symbol, description, status) => {
        fc.pre(type !== '')
        const row = facts({
          id: '20261116::x',
          activity_type: type,
          date: '2026-11-16',
          side,
          symbol,
          description,
          status,
          qty: '1',
          net_amount: '2',
        })
        expect(row.brokerType).toBe(type)
        expect(row.symbol).toBe(symbol.trim() === '' ? null : row.symbol)
        expect(['final', 'corrected', 'canceled']).toContain(row.status)
      }),
      { numRuns: 500 },
    )
  })

  test('takes money as a number or as text, and nothing else', () => {
    const amount = (net_amount: unknown) =>
      ActivityWire.safeParse({ id: '1', activity_type: 'CSD', date: '2026-11-16', net_amount }).data?.net_amount
    expect([amount('1.50'), amount(1.5), amount('1e3'), amount(''), amount(null), amount(undefined)]).toEqual([
      '1.5',
      '1.5',
      '1000',
      null,
      null,
      null,
    ])
    for (const bad of ['1,000', 'NaN', '0x10', '1.2.3', true, {}, [], Number.NaN, Number.POSITIVE_INFINITY])
      expect(amount(bad)).toBeUndefined()
  })
})

describe('an Alpaca position', () => {
  const position = (over: object) =>
    toPosition(
      PositionWire.parse({
        symbol: 'AAPL ',
        asset_class: 'us_equity',
        qty: '5',
        side: 'long',
        avg_entry_price: '100.0',
        market_value: '600.0',
        unrealized_pl: '100.0',
        ...over,
      }),
      Instant.parse('2026-11-20T15:00:00Z'),
    )

  test('has its symbol trimmed and its decimals exact', () => {
    expect(position({})).toEqual({
      symbol: 'AAPL',
      assetClass: 'equity',
      quantity: '5',
      averagePrice: '100',
      marketValue: '600',
      unrealized: '100',
      currency: 'USD',
      asOf: '2026-11-20T15:00:00.000Z',
    })
  })

  test('is negative when short, whatever sign it came with', () => {
    expect([position({ side: 'short', qty: '5' }).quantity, position({ side: 'short', qty: '-5' }).quantity]).toEqual(['-5', '-5'])
  })

  test('of an unknown class is kept', () => {
    expect(position({ asset_class: 'us_meme' }).assetClass).toBe('other')
  })
})

describe('a coin at Alpaca', () => {
  const position = {
    asset_id: 'a',
    exchange: 'FTXU',
    side: 'long',
    qty: '2.5',
    avg_entry_price: '19660.57',
    market_value: '48610',
    cost_basis: '49151.43',
    unrealized_pl: '-541.43',
  }

  test('is held under the symbol it was bought under', () => {
    const held = toPosition(
      PositionWire.parse({ ...position, symbol: 'BTCUSD', asset_class: 'crypto' }),
      Instant.parse('2026-11-20T15:00:00Z'),
    )
    const bought = facts({
      id: '20261120100000000::1',
      activity_type: 'FILL',
      symbol: 'BTC/USD',
      side: 'buy',
      qty: '2.5',
      price: '19660.57',
      transaction_time: '2026-11-20T15:00:00Z',
    })
    expect([held.symbol, held.assetClass]).toEqual([bought.symbol, bought.assetClass])
  })

  test('pays its fee out of the coin that was bought, also where the row joins the pair', () => {
    expect(
      facts({ id: '20261121::2', activity_type: 'CFEE', date: '2026-11-21', symbol: 'ETHUSD', qty: '-0.0025', net_amount: '0' }),
    ).toMatchObject({
      kind: 'fee',
      symbol: 'ETH/USD',
      assetClass: 'crypto',
      quantity: '-0.0025',
      currency: 'USD',
    })
  })

  test.each(['AAPL', 'BRK.B', 'USD', 'CTUSD', 'AAPL261218C00250000'])('leaves %s as it is', symbol => {
    expect(
      facts({
        id: '20261121::3',
        activity_type: 'FILL',
        symbol,
        side: 'buy',
        qty: '1',
        price: '1',
        transaction_time: '2026-11-20T15:00:00Z',
      }).symbol,
    ).toBe(symbol)
  })
})
