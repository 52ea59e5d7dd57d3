import { describe, expect, test } from 'vitest'
import { toAccounts, toBalance, toPositions } from '../../../electron/core/brokers/schwab/holdings.ts'
import { schwab } from '../../../electron/core/brokers/schwab/index.ts'
import { toActivity } from '../../../electron/core/brokers/schwab/map.ts'
import { orderBody } from '../../../electron/core/brokers/schwab/order-body.ts'
import { toOrders } from '../../../electron/core/brokers/schwab/orders.ts'
import { AccountWire, OrderWire, TransactionWire } from '../../../electron/core/brokers/schwab/wire.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { OrderDraft } from '../../../shared/domain/order.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { draftOf } from './support/drafts.ts'
import { json, type RestAnswer, restBroker } from './support/rest-broker.ts'

const stop = { signal: new AbortController().signal }
const asOf = Instant.parse('2026-11-20T15:00:00Z')
const facts = (row: Record<string, unknown>) =>
  toActivity(TransactionWire.parse({ activityId: 7, time: '2026-11-17T15:04:05+0000', ...row }))
const cash = (cost: number | null, feeType?: string) => ({
  instrument: { assetType: 'CURRENCY', symbol: 'CURRENCY_USD' },
  amount: 0,
  cost,
  feeType,
})

describe('what Schwab leaves out', () => {
  const account = (more: Record<string, unknown> = {}, aggregated?: unknown) =>
    AccountWire.parse({ securitiesAccount: { accountNumber: 4, ...more }, aggregatedBalance: aggregated })

  test('of a balance is null', () => {
    expect(toBalance(account(), asOf)).toEqual({ currency: 'USD', netLiquidation: null, cash: null, buyingPower: null, asOf })
    expect(toBalance(account({ currentBalances: { totalCash: 8 } }), asOf)).toMatchObject({ cash: '8', buyingPower: null })
  })

  test('of an account is its type, and a type of a new word is shown as Schwab says it', () => {
    const numbers = [{ accountNumber: '4', hashValue: 'H' }]
    expect(toAccounts(numbers, [account({ type: 'ESCROW' })])).toMatchObject([{ type: 'ESCROW', name: 'Schwab escrow account' }])
    expect(toAccounts(numbers, [account()])).toMatchObject([{ type: 'Brokerage' }])
  })

  test('of a position counts as nothing, and a profit of both sides is their sum', () => {
    const positions = [
      { shortQuantity: 2, longOpenProfitLoss: 1.5, shortOpenProfitLoss: -4, instrument: { assetType: 'EQUITY', symbol: 'F' } },
      { longQuantity: 1, instrument: { assetType: 'EQUITY' } },
    ]
    expect(toPositions(account({ positions }), asOf)).toMatchObject([{ symbol: 'F', quantity: '-2', unrealized: '-2.5' }])
  })

  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['a trade of nothing named is kept as other', { type: 'TRADE' }, { kind: 'other', symbol: null, side: null, quantity: null }],
    [
      'a trade whose security says no amount too',
      { type: 'TRADE', transferItems: [{ instrument: { assetType: 'EQUITY', symbol: 'F' }, cost: -5 }] },
      { kind: 'other', symbol: 'F', quantity: null, amount: '-5' },
    ],
    [
      'a cost that is not stated adds nothing',
      {
        type: 'TRADE',
        transferItems: [cash(null), cash(-0.5), { instrument: { assetType: 'EQUITY', symbol: 'F' }, amount: -2, cost: 20 }],
      },
      { side: 'sell', fees: '0.5', amount: '19.5' },
    ],
    [
      'a journal for a fee is one, with its amount as the cost',
      { type: 'JOURNAL', description: 'ADR FEE~BABA', netAmount: -1.25 },
      { kind: 'fee', fees: '1.25', symbol: 'BABA' },
    ],
    [
      'a fee that is given back costs nothing',
      { type: 'JOURNAL', description: 'Fee refund', netAmount: 3 },
      { kind: 'fee', fees: '0', amount: '3' },
    ],
    [
      'a fee without an amount costs nothing known',
      { type: 'JOURNAL', description: 'Service fee' },
      { kind: 'fee', fees: '0', amount: null },
    ],
    ['a journal for a split is one', { type: 'JOURNAL', description: 'Stock split~NVDA' }, { kind: 'split', symbol: 'NVDA' }],
    ['a description that ends with its tilde names nothing', { type: 'DIVIDEND_OR_INTEREST', description: 'Dividend~' }, { symbol: null }],
    [
      'an option without a symbol is an option',
      { type: 'TRADE', transferItems: [{ instrument: { assetType: 'OPTION' }, amount: 1 }] },
      { assetClass: 'option', symbol: null },
    ],
  ])('of a transaction: %s', (_, row, expected) => {
    expect(facts(row)).toMatchObject(expected)
  })

  test('of an order is empty or null', () => {
    const legs = [{ instrument: { symbol: 'F', assetType: 'EQUITY' } }]
    const fills = [
      { executionType: 'FILL' },
      {
        executionType: 'FILL',
        executionLegs: [
          { quantity: null, price: 3 },
          { quantity: 1, price: null },
          { quantity: 2, price: 10.5 },
        ],
      },
    ]
    const bare = { orderId: 1, enteredTime: '2026-11-12T17:00:00+0000', orderLegCollection: legs, orderActivityCollection: fills }
    expect(toOrders(OrderWire.parse(bare))).toMatchObject([
      {
        symbol: 'F',
        side: null,
        type: '',
        timeInForce: '',
        status: 'other',
        statusText: '',
        quantity: null,
        filledQuantity: '0',
        averageFillPrice: '10.5',
        updatedAt: '2026-11-12T17:00:00.000Z',
      },
    ])
  })

  test('ends somewhere: orders below orders are read eight deep', () => {
    const order = (orderId: number, below: unknown[]): Record<string, unknown> => ({
      orderId,
      enteredTime: '2026-11-12T17:00:00+0000',
      orderLegCollection: [{ instruction: 'BUY' }],
      childOrderStrategies: below,
    })
    const nested = Array.from({ length: 12 }, (_, at) => 12 - at).reduce<Record<string, unknown>>(
      (below, id) => order(id, [below]),
      order(13, []),
    )
    expect(toOrders(OrderWire.parse(nested)).map(({ externalId }) => externalId)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9'])
  })
})

describe('the body of an order for Schwab', () => {
  const option = { symbol: 'AAPL261218C00250000', assetClass: 'option' } as const
  const trailing = (kind: 'amount' | 'percent') => ({ type: 'trailing-stop', trail: { kind, value: Dec.of('2') } }) as const

  test.each<[string, Partial<OrderDraft>, unknown]>([
    [
      'a trail below a sale follows the bid, in dollars',
      { side: 'sell', ...trailing('amount') },
      { stopPriceLinkBasis: 'BID', stopPriceLinkType: 'VALUE', stopPriceOffset: '2' },
    ],
    [
      'a trail above a purchase follows the offer, in percent',
      trailing('percent'),
      { stopPriceLinkBasis: 'ASK', stopPriceLinkType: 'PERCENT' },
    ],
    [
      'an option is closed by name',
      { ...option, side: 'sell', positionEffect: 'close' },
      { orderLegCollection: [{ instruction: 'SELL_TO_CLOSE', instrument: { assetType: 'OPTION' } }] },
    ],
    [
      'an option is opened by name',
      { ...option, positionEffect: 'open' },
      { orderLegCollection: [{ instruction: 'BUY_TO_OPEN', instrument: { symbol: 'AAPL  261218C00250000' } }] },
    ],
  ])('%s', (_, changes, body) => {
    expect(orderBody(draftOf(changes))).toMatchObject(body as object)
  })
})

describe('quotes of Schwab', () => {
  const read = (symbols: readonly string[]) => {
    const quotes = {
      AAPL: { realtime: false, quote: { bidPrice: 250.1, askPrice: 0, lastPrice: 250.15, closePrice: 248, quoteTime: 1_763_650_800_000 } },
      'AMD   261218P00150000': { quote: { bidPrice: 4, askPrice: 4.2, tradeTime: 1_763_650_700_000 } },
      BARE: {},
      errors: { invalidSymbols: ['NEVER'] },
    }
    const it = restBroker(schwab, () => json(quotes))
    return it.adapter.quotes(symbols, stop).then(answer => ({ quotes: answer, asked: it.calls.map(({ query }) => query['symbols']) }))
  }

  test('are asked for in its spelling and told in ours', async () => {
    const { quotes, asked } = await read(['AAPL', 'AMD261218P00150000', 'BARE', 'NEVER'])
    expect(asked).toEqual(['AAPL,AMD   261218P00150000,BARE,NEVER'])
    expect(quotes).toMatchObject([
      {
        symbol: 'AAPL',
        bid: '250.1',
        ask: null,
        last: '250.15',
        previousClose: '248',
        delayed: true,
        // Its last price has no time, and stands in for the other side.
        asOf: null,
      },
      {
        symbol: 'AMD261218P00150000',
        bid: '4',
        ask: '4.2',
        last: null,
        previousClose: null,
        delayed: false,
        asOf: null,
      },
      { symbol: 'BARE', bid: null, ask: null, asOf: null },
    ])
  })

  test('of nothing are not asked for', async () => {
    expect(await read([])).toEqual({ quotes: [], asked: [] })
  })
})

describe('an order at Schwab', () => {
  const order = (changes: Record<string, unknown> = {}) =>
    json({
      orderId: 1001,
      status: 'WORKING',
      orderType: 'MARKET',
      duration: 'DAY',
      quantity: 10,
      enteredTime: '2026-11-20T15:00:00+0000',
      orderLegCollection: [{ instruction: 'BUY', quantity: 10, instrument: { symbol: 'AAPL', assetType: 'EQUITY' } }],
      ...changes,
    })
  /** Schwab answering changes one way and looks another. */
  const withOrder = (changed: RestAnswer, looked: RestAnswer) => restBroker(schwab, ({ method }) => (method === 'GET' ? looked : changed))
  const taken = { status: 201, headers: { location: 'https://api.schwabapi.com/trader/v1/accounts/a/orders/1001' } }

  test('that ended rejected is, in its own words where it has some', async () => {
    const silent = withOrder(taken, order({ status: 'REJECTED' }))
    await expect(silent.trading.placeOrder('a', draftOf(), stop)).rejects.toSatisfy(
      error =>
        error instanceof Error &&
        'code' in error &&
        error.code === 'order/rejected' &&
        !('brokerSays' in error && error.brokerSays !== undefined),
    )
    const telling = withOrder(taken, order({ status: 'REJECTED', statusDescription: 'This symbol is halted.' }))
    await expect(telling.trading.placeOrder('a', draftOf(), stop)).rejects.toMatchObject({
      code: 'order/rejected',
      brokerSays: 'This symbol is halted.',
    })
  })

  test('that nobody could look at is in doubt: its address may name another', async () => {
    const it = withOrder(taken, json({ message: 'no' }, 400))
    await expect(it.trading.placeOrder('a', draftOf(), stop)).rejects.toMatchObject({ code: 'order/unknown' })
  })

  test.each([
    ['is known from the list where it has its number', 1001, 'order 1001'],
    ['is in doubt where the one like it in the list has another number', 1002, 'order/unknown'],
  ])('that cannot be read by itself %s', async (_, orderId, becomes) => {
    const date = { date: 'Fri, 20 Nov 2026 15:00:00 GMT' }
    const listed = order({ orderId })
    const it = restBroker(schwab, ({ method, path }) => {
      if (method !== 'GET') return { ...taken, headers: { ...taken.headers, ...date } }
      return /\/orders\?|\/orders$/.test(path) ? { body: `[${listed.body}]` } : json({ message: 'no' }, 400)
    })
    const outcome = it.trading.placeOrder('a', draftOf(), stop).then(
      ({ externalId }) => `order ${externalId}`,
      (error: unknown) => (error instanceof AppError ? error.code : error),
    )
    expect(await outcome).toBe(becomes)
  })

  test('that answers for another is not found', async () => {
    await expect(withOrder(taken, order({ orderId: 5 })).adapter.orderStatus('a', '1001', stop)).rejects.toMatchObject({
      code: 'order/not-found',
    })
    await expect(withOrder(taken, json({ message: 'gone' }, 404)).adapter.orderStatus('a', '1001', stop)).rejects.toMatchObject({
      code: 'order/not-found',
    })
    await expect(withOrder(taken, json({ message: 'no' }, 401)).adapter.orderStatus('a', '1001', stop)).rejects.toMatchObject({
      code: 'auth/sign-in-needed',
    })
  })

  test('is canceled once Schwab says so, even when nobody can look at it any more', async () => {
    const it = withOrder({ status: 200 }, json({ message: 'no' }, 400))
    expect(await it.trading.cancelOrder('a', '1001', stop)).toEqual({ externalId: '1001', status: 'working', statusText: 'PENDING_CANCEL' })
  })

  test.each([
    ['is not found when Schwab does not know it', json({ message: 'gone' }, 404), order(), 'order/not-found'],
    [
      'is done when it was filled meanwhile',
      json({ message: 'too late' }, 400),
      order({ status: 'FILLED', filledQuantity: 10 }),
      'order/not-open',
    ],
    ['is refused when it still works', json({ message: 'not now' }, 400), order(), 'order/rejected'],
    ['needs a sign-in when the session is over', json({ message: 'no' }, 401), order(), 'auth/sign-in-needed'],
  ])('that may not be canceled %s', async (_, refused, looked, code) => {
    await expect(withOrder(refused, looked).trading.cancelOrder('a', '1001', stop)).rejects.toMatchObject({ code })
  })

  test.each([
    ['one of no legs', { orderLegCollection: null }],
    ['one of nothing named', { orderLegCollection: [{ instruction: 'BUY', quantity: 10 }] }],
    ['one of no stated quantity', { quantity: null }],
  ])('that came without its address is in doubt rather than taken for %s', async (_, changes) => {
    const { body } = order(changes)
    const it = withOrder({ status: 201, headers: { date: 'Fri, 20 Nov 2026 15:00:00 GMT' } }, { body: `[${body}]` })
    await expect(it.trading.placeOrder('a', draftOf(), stop)).rejects.toMatchObject({ code: 'order/unknown' })
  })

  test('is worth what Schwab works out, signed by its side, with all its costs', async () => {
    const worth = {
      orderStrategy: { orderBalance: { orderValue: 2500 } },
      orderValidationResult: { rejects: [{ activityMessage: null }] },
      commissionAndFee: {
        commission: { commissionLegs: [{ commissionValues: [{ value: 0.65 }, { value: null }] }, {}] },
        fee: { feeLegs: [{ feeValues: [{ value: 0.02 }] }, {}] },
      },
    }
    const preview = (answer: unknown, draft: OrderDraft) => restBroker(schwab, () => json(answer)).trading.previewOrder('a', draft, stop)
    expect(await preview(worth, draftOf())).toMatchObject({ estimatedValue: '-2500', estimatedFees: '0.67', refusals: [] })
    expect(await preview(worth, draftOf({ side: 'sell' }))).toMatchObject({ estimatedValue: '2500' })
    const nothing = {
      orderStrategy: { orderBalance: { orderValue: 0 } },
      commissionAndFee: { commission: { commissionLegs: [] }, fee: { feeLegs: [{ feeValues: [{ value: null }] }] } },
    }
    expect(await preview(nothing, draftOf())).toMatchObject({ estimatedValue: null, estimatedFees: null })
    expect(await preview({}, draftOf())).toMatchObject({ estimatedValue: null, estimatedFees: null, warnings: [], refusals: [] })
  })
})
