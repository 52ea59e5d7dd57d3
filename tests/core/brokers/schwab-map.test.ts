import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toAccounts, toBalance, toPositions } from '../../../electron/core/brokers/schwab/holdings.ts'
import { toActivity } from '../../../electron/core/brokers/schwab/map.ts'
import { toOrders } from '../../../electron/core/brokers/schwab/orders.ts'
import { AccountWire, OrderWire, TransactionWire } from '../../../electron/core/brokers/schwab/wire.ts'
import { parseJson } from '../../../electron/core/net/json.ts'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant, LocalDate } from '../../../shared/domain/time.ts'
import { asList, fixture } from './support/fixtures.ts'

const asOf = Instant.parse('2026-11-20T15:00:00Z')
const facts = (row: unknown): ActivityFacts => toActivity(TransactionWire.parse(row))
const rows = asList(parseJson(fixture('schwab', 'transactions'))).map(facts)
const byNumber = (number: number) => rows.find(row => row.externalId === String(98_100_000_000 + number))

describe('a Schwab transaction', () => {
  test('that sells an option becomes a trade with its costs inside', () => {
    expect(byNumber(1)).toEqual({
      externalId: '98100000001',
      kind: 'trade',
      brokerType: 'TRADE',
      symbol: 'AMD261218P00150000',
      assetClass: 'option',
      side: 'sell',
      positionEffect: 'open',
      quantity: '1',
      price: '4.12',
      amount: '411.31',
      fees: '0.69',
      currency: 'USD',
      executedAt: '2026-11-17T15:04:05.000Z',
      tradeDate: '2026-11-17',
      orderId: '1004000000001',
      description: 'ADVANCED MICRO DEVIC 12/18/2026 $150 Put',
      status: 'final',
    })
  })

  test.each<[number, Partial<ActivityFacts>]>([
    // Not every option is a hundred shares, and not every fee says what it is for.
    [
      2,
      {
        assetClass: 'future-option',
        symbol: '/ESZ26_P5050:XCME',
        side: 'buy',
        positionEffect: 'close',
        amount: Dec.of('-1052.82'),
        fees: Dec.of('2.82'),
        tradeDate: LocalDate.of('2026-11-16'),
      },
    ],
    [
      3,
      {
        kind: 'trade',
        side: 'buy',
        symbol: 'BND',
        assetClass: 'fund',
        quantity: Dec.of('0.4321'),
        orderId: null,
        description: 'Dividend Reinvest',
        executedAt: Instant.parse('2026-11-16T19:00:00Z'),
      },
    ],
    [
      4,
      {
        kind: 'dividend',
        symbol: 'BND',
        side: null,
        quantity: null,
        amount: Dec.of('31.27'),
        fees: Dec.zero,
        description: 'Ordinary Dividend~BND',
      },
    ],
    [5, { kind: 'tax', brokerType: 'JOURNAL', symbol: 'BND', amount: Dec.of('-4.69') }],
    [6, { kind: 'interest', symbol: null, amount: Dec.of('0.12') }],
    [7, { kind: 'transfer', amount: Dec.of('5000'), assetClass: null }],
    [8, { kind: 'transfer', amount: Dec.of('1500.5'), description: null }],
    [
      9,
      {
        kind: 'option-event',
        symbol: 'AMD261112C00200000',
        quantity: Dec.of('-1'),
        side: null,
        executedAt: null,
        tradeDate: LocalDate.of('2026-11-12'),
      },
    ],
    [10, { kind: 'split', symbol: 'NVDA', quantity: Dec.of('9'), executedAt: null, tradeDate: LocalDate.of('2026-11-11') }],
    [11, { kind: 'other', brokerType: 'TELEPORT', symbol: 'ZZZ', assetClass: 'other', amount: Dec.of('-7') }],
    [12, { kind: 'trade', status: 'canceled', orderId: null }],
    // A net amount that is missing is the sum of the costs.
    [13, { side: 'sell', positionEffect: null, amount: Dec.of('101.49'), fees: Dec.of('0.01'), status: 'corrected' }],
  ])('number %i is read for what it is', (number, expected) => {
    expect(byNumber(number)).toMatchObject(expected)
  })

  test.each([
    ['2026-11-17T05:00:00+0000', null, '2026-11-17'],
    ['2026-07-17T04:00:00+0000', null, '2026-07-17'],
    // Eleven in the evening in New York is a moment like any other.
    ['2026-11-18T04:00:00+0000', '2026-11-18T04:00:00.000Z', '2026-11-17'],
    ['2026-11-17T05:00:01+0000', '2026-11-17T05:00:01.000Z', '2026-11-17'],
  ])('at %s happened at %s on %s: midnight of the exchange is a day, not a moment', (time, executedAt, tradeDate) => {
    const row = { activityId: 1, type: 'ACH_RECEIPT', time, netAmount: 5, transferItems: [] }
    expect(facts(row)).toMatchObject({ executedAt, tradeDate })
    const { time: _, ...older } = row
    expect(facts({ ...older, tradeDate: time })).toMatchObject({ executedAt, tradeDate })
  })

  test('without any day cannot be kept', () => {
    expect(() => facts({ activityId: 1, type: 'TRADE' })).toThrow(expect.objectContaining({ code: 'broker/unreadable' }))
  })

  test('has its net amount as the sum of its costs, to the cent', () => {
    const cents = fc.integer({ min: -10_000_000, max: 10_000_000 }).map(value => value / 100)
    fc.assert(
      fc.property(cents, fc.array(cents, { maxLength: 9 }), (cost, fees) => {
        const items = fees.map(fee => ({ instrument: { assetType: 'CURRENCY', symbol: 'CURRENCY_USD' }, amount: Math.abs(fee), cost: fee }))
        const row = facts({
          activityId: 1,
          type: 'TRADE',
          time: '2026-11-17T15:04:05+0000',
          transferItems: [...items, { instrument: { assetType: 'EQUITY', symbol: 'F' }, amount: 1, cost }],
        })
        const total = fees.reduce<Dec>((sum, fee) => Dec.add(sum, Dec.of(String(fee))), Dec.zero)
        expect(row.fees).toBe(Dec.neg(total))
        expect(row.amount).toBe(Dec.add(Dec.of(String(cost)), total))
      }),
      { numRuns: 300 },
    )
  })

  test('is kept whatever words it uses', () => {
    const word = fc.oneof(
      fc.string({ maxLength: 30, unit: 'binary' }),
      fc.constantFrom('__proto__', 'constructor', 'TRADE', 'JOURNAL', 'a~b~c', '~'),
    )
    fc.assert(
      fc.property(word, word, word, word, word, (type, assetType, symbol, description, positionEffect) => {
        const row = facts({
          activityId: 7,
          type,
          description,
          time: '2026-11-17T15:04:05+0000',
          netAmount: 1,
          transferItems: [{ instrument: { assetType, symbol }, amount: 2, cost: 1, positionEffect }],
        })
        expect(row).toMatchObject({ externalId: '7', brokerType: type.trim(), amount: '1' })
      }),
      { numRuns: 500 },
    )
  })
})

describe('a Schwab account', () => {
  const account = AccountWire.parse(parseJson(fixture('schwab', 'account')))

  test('is worth its liquidation value, not its equity', () => {
    expect(toBalance(account, asOf)).toEqual({ currency: 'USD', netLiquidation: '51434.86', cash: '1204.15', buyingPower: '20011.7', asOf })
  })

  test('falls back where an older answer states less', () => {
    const bare = AccountWire.parse({
      securitiesAccount: { accountNumber: 40017788, initialBalances: { cashBalance: 5 }, currentBalances: { cashAvailableForTrading: 4 } },
      aggregatedBalance: { currentLiquidationValue: 9.5 },
    })
    expect(toBalance(bare, asOf)).toMatchObject({ netLiquidation: '9.5', cash: '5', buyingPower: '4' })
    expect(toPositions(bare, asOf)).toEqual([])
  })

  test('holds long positions positive, short ones negative, and nothing it closed today', () => {
    expect(
      toPositions(account, asOf).map(({ symbol, assetClass, quantity, marketValue, unrealized }) => [
        symbol,
        assetClass,
        quantity,
        marketValue,
        unrealized,
      ]),
    ).toEqual([
      ['AMD', 'equity', '25.5', '4131.51', '275.82'],
      ['AMD261218P00150000', 'option', '-1', '-390', '21.31'],
      ['91282CJZ5', 'bond', '3', null, null],
    ])
  })

  test('is named by its hash and joined by its number', () => {
    expect(
      toAccounts(
        [
          { accountNumber: '40017788', hashValue: 'ABC' },
          { accountNumber: '5', hashValue: 'DEF' },
        ],
        [account],
      ),
    ).toEqual([
      { key: 'ABC', number: '40017788', name: 'Schwab margin account', type: 'Margin', currency: 'USD' },
      { key: 'DEF', number: '5', name: 'Schwab brokerage account', type: 'Brokerage', currency: 'USD' },
    ])
  })
})

describe('a Schwab order', () => {
  const orders = asList(parseJson(fixture('schwab', 'orders'))).flatMap(order => toOrders(OrderWire.parse(order)))

  test('that filled in parts has the average of its fills', () => {
    expect(orders[0]).toEqual({
      externalId: '1004000000010',
      symbol: 'F',
      side: 'buy',
      type: 'LIMIT',
      timeInForce: 'DAY',
      status: 'filled',
      statusText: 'FILLED',
      quantity: '10',
      filledQuantity: '10',
      limitPrice: '10.2',
      stopPrice: null,
      averageFillPrice: '10.08',
      submittedAt: '2026-11-10T14:59:00.000Z',
      updatedAt: '2026-11-10T15:00:02.000Z',
    })
  })

  test('that works with something filled is partly filled', () => {
    expect(orders[1]).toMatchObject({
      status: 'partially-filled',
      statusText: 'WORKING',
      filledQuantity: '2',
      stopPrice: '9.5',
      limitPrice: null,
    })
  })

  test('that was canceled has no fills, though an execution says so', () => {
    expect(orders[2]).toMatchObject({ status: 'canceled', symbol: 'AMD261218P00150000', side: 'sell', averageFillPrice: null })
  })

  test('of several legs has no one symbol', () => {
    expect(orders[3]).toMatchObject({ symbol: null, side: null, averageFillPrice: null, status: 'filled' })
  })

  test('below another that cannot be read is not passed over in silence', () => {
    const parent = OrderWire.parse({ orderId: 1, enteredTime: '2026-11-12T17:00:00+0000', childOrderStrategies: [{ status: 'WORKING' }] })
    expect(() => toOrders(parent)).toThrow(expect.objectContaining({ code: 'broker/unreadable' }))
  })

  test('that only ties others together gives way to them', () => {
    expect(orders.slice(4)).toMatchObject([{ externalId: '1004000000015', status: 'other', statusText: 'AWAITING_DAYDREAM' }])
  })
})
