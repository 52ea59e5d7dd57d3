import { describe, expect, test } from 'vitest'
import { classifyFailure, classifyTokenFailure, wordsOf } from '../../../electron/core/brokers/tdameritrade/auth.ts'
import { toAccount, toBalance, toPositions } from '../../../electron/core/brokers/tdameritrade/holdings.ts'
import { activityKind } from '../../../electron/core/brokers/tdameritrade/kinds.ts'
import { tdaActivity } from '../../../electron/core/brokers/tdameritrade/map.ts'
import { toOrder } from '../../../electron/core/brokers/tdameritrade/orders.ts'
import { symbolOf, toSymbol } from '../../../electron/core/brokers/tdameritrade/symbols.ts'
import { AccountWire, OrderWire, QuotesWire, TransactionWire } from '../../../electron/core/brokers/tdameritrade/wire.ts'
import { parseJson } from '../../../electron/core/net/json.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { asList, captures, fixture } from './support/fixtures.ts'

const asOf = Instant.parse('2026-11-20T15:00:00Z')
const facts = asList(parseJson(fixture('tdameritrade', 'transactions'))).map(row => tdaActivity(TransactionWire.parse(row)))
const fact = (last: string) => facts.find(found => found.externalId.endsWith(last))

describe('a TD Ameritrade transaction', () => {
  test('of an option bought costs what lies between its gross cost and the net amount', () => {
    expect(fact('09')).toEqual({
      externalId: '50100000009',
      kind: 'trade',
      brokerType: 'TRADE',
      symbol: 'AAPL240517P00190000',
      assetClass: 'option',
      side: 'buy',
      positionEffect: 'open',
      quantity: '3',
      price: '6.25',
      amount: '-1875.65',
      fees: '0.65',
      currency: 'USD',
      executedAt: '2024-03-06T15:31:07.000Z',
      tradeDate: '2024-03-06',
      orderId: '3100200301',
      description: 'BUY TRADE',
      status: 'final',
    })
  })

  test('without a gross cost has the listed fees, none of them twice', () => {
    expect(fact('08')).toMatchObject({ side: 'sell', quantity: '10', fees: '1.1', positionEffect: null })
    const fees = { regFee: 0.03, optRegFee: 0.03, commission: 0.65 }
    expect(tdaActivity(TransactionWire.parse({ transactionId: 1, transactionDate: '2024-03-06T15:00:00+0000', fees })).fees).toBe('0.68')
  })

  test('of the cash account leaves it on a redemption', () => {
    expect(fact('07')).toMatchObject({ kind: 'journal', symbol: 'MMDA1', assetClass: 'cash', quantity: '-52.14' })
  })

  test('of an assignment ends the short option', () => {
    expect(fact('06')).toMatchObject({ kind: 'option-event', symbol: 'F240216C00012500', quantity: '2', side: null })
    const event = (description: string) =>
      tdaActivity(
        TransactionWire.parse({
          transactionId: 1,
          type: 'RECEIVE_AND_DELIVER',
          transactionDate: '2024-03-06T15:00:00+0000',
          description,
          transactionItem: { amount: 2, instrument: { symbol: 'F_021624C12', assetType: 'OPTION' } },
        }),
      )
    expect([event('OPTION EXERCISE').quantity, event('OPTION EXPIRATION').quantity]).toEqual(['-2', null])
  })

  test('of money and of unknown kinds keeps its word', () => {
    expect(fact('05')).toMatchObject({ kind: 'dividend', amount: '12.5', symbol: 'F', quantity: null })
    expect(fact('04')).toMatchObject({ kind: 'transfer', executedAt: null, tradeDate: '2024-01-10', symbol: null, assetClass: null })
    expect(fact('03')).toMatchObject({ kind: 'other', brokerType: 'COSMIC', amount: '-1' })
  })

  test('of a trade without a direction claims none; without a day it cannot be read', () => {
    const bare = {
      transactionId: 1,
      type: 'TRADE',
      transactionDate: '2024-03-06T15:00:00+0000',
      transactionItem: { amount: 5, instrument: { symbol: 'F' } },
    }
    expect(tdaActivity(TransactionWire.parse(bare))).toMatchObject({ kind: 'other', side: null, quantity: null, assetClass: 'other' })
    expect(() => tdaActivity(TransactionWire.parse({ transactionId: 1 }))).toThrow(expect.objectContaining({ code: 'broker/unreadable' }))
  })

  test.each<[string, string | null, string | null]>([
    ['SELL_SHORT', null, 'open'],
    ['BUY_TO_COVER', null, 'close'],
    ['SELL', 'CLOSING', 'close'],
    ['BUY', null, null],
  ])('%s with %s is to %s', (instruction, positionEffect, effect) => {
    const wire = {
      transactionId: 1,
      type: 'TRADE',
      transactionDate: '2024-03-06T15:00:00+0000',
      transactionItem: { amount: 5, instruction, positionEffect },
    }
    expect(tdaActivity(TransactionWire.parse(wire)).positionEffect).toBe(effect)
  })

  test.each<[string, string, AssetClass | null, string]>([
    ['DIVIDEND_OR_INTEREST', 'W-8 WITHHOLDING', null, 'tax'],
    ['DIVIDEND_OR_INTEREST', 'FREE BALANCE INTEREST ADJUSTMENT', null, 'interest'],
    ['DIVIDEND_OR_INTEREST', 'FOREIGN FEE', null, 'fee'],
    ['JOURNAL', 'MISCELLANEOUS JOURNAL ENTRY', null, 'journal'],
    ['JOURNAL', 'WIRE FEE', null, 'fee'],
    ['JOURNAL', 'TAX', null, 'tax'],
    ['RECEIVE_AND_DELIVER', 'CASH ALTERNATIVES INTEREST', 'cash', 'interest'],
    ['RECEIVE_AND_DELIVER', 'STOCK SPLIT', 'equity', 'split'],
    ['RECEIVE_AND_DELIVER', 'MANDATORY - MERGER', 'equity', 'corporate-action'],
    ['RECEIVE_AND_DELIVER', 'TRANSFER OF SECURITY', 'equity', 'transfer'],
    ['DIVIDEND_OR_INTEREST', 'CASH IN LIEU (GE)', 'equity', 'corporate-action'],
  ])('%s %s is %s %s', (type, description, assetClass, kind) => expect(activityKind({ type, description, assetClass })).toBe(kind))

  test('of a fee costs what left', () => {
    const wire = { transactionId: 1, type: 'JOURNAL', netAmount: -25, description: 'WIRE FEE', transactionDate: '2024-03-06T15:00:00+0000' }
    expect(tdaActivity(TransactionWire.parse(wire))).toMatchObject({ kind: 'fee', fees: '25' })
  })
})

describe('a TD Ameritrade symbol', () => {
  test.each<[string | null, string | null, string | null, string | null]>([
    ['AAPL_051724P190', null, 'OPTION', 'AAPL240517P00190000'],
    ['$SPX.X', null, 'INDEX', '$SPX'],
    ['F', '345370860', 'EQUITY', 'F'],
    [null, '912828XX1', 'FIXED_INCOME', '912828XX1'],
    [null, null, null, null],
  ])('%s %s is %s %s', (symbol, cusip, assetType, expected) => expect(symbolOf({ symbol, cusip, assetType })).toBe(expected))

  test.each([
    ['AAPL240517P00190000', 'AAPL_051724P190'],
    ['$SPX', '$SPX.X'],
    ['F', 'F'],
  ])('%s is sent as %s', (symbol, sent) => expect(toSymbol(symbol)).toBe(sent))
})

describe("TD Ameritrade's refusals", () => {
  test.each<[number, string, string | undefined]>([
    [400, '{"error":"invalid_grant"}', 'auth/sign-in-needed'],
    [401, '{"error":"invalid_client"}', 'auth/app-misconfigured'],
    [400, '<html>invalid_grant</html>', undefined],
    [500, '{"error":"invalid_grant"}', undefined],
    [400, '{}', undefined],
  ])('of a token with %i %s mean %s', (status, body, code) => expect(classifyTokenFailure({ status, body })).toBe(code))

  test('of a call have a code and words', () => {
    expect([classifyFailure({ status: 401, body: '' }), classifyFailure({ status: 400, body: '' })]).toEqual([
      'auth/sign-in-needed',
      undefined,
    ])
    expect([wordsOf({ status: 400, body: '{"error":"Bad request."}' }), wordsOf({ status: 400, body: '' })]).toEqual(['Bad request.', null])
  })
})

describe.skipIf(!captures.present('tdameritrade'))('captured TD Ameritrade payloads', () => {
  const rows = () => asList(captures.json('tdameritrade', 'transactions-resp.json')).map(row => tdaActivity(TransactionWire.parse(row)))

  test('of transactions are read without a loss, and the cash account nets to what went in', () => {
    const read = rows()
    expect(read).toHaveLength(27)
    expect(read.filter(found => found.kind === 'other' || found.tradeDate < '2019-01-01')).toEqual([])
    expect(read.find(found => found.externalId === '24013181074')).toMatchObject({
      kind: 'trade',
      side: 'buy',
      symbol: 'F',
      quantity: '5.876',
      price: '8.8728',
      amount: '-52.14',
      fees: '0',
      executedAt: '2019-12-03T18:24:36.000Z',
      tradeDate: '2019-12-03',
    })
    const sweep = read
      .filter(found => found.symbol === 'MMDA1' && found.tradeDate >= '2019-09-01' && found.kind === 'journal')
      .map(found => found.quantity ?? Dec.zero)
    expect(Dec.sum(sweep)).toBe('0')
    expect(
      Dec.sum(
        read.filter(found => found.brokerType === 'JOURNAL' && found.tradeDate >= '2019-09-01').map(found => found.amount ?? Dec.zero),
      ),
    ).toBe('0')
  })

  test('of accounts show value, cash and positions', () => {
    const account = AccountWire.parse(captures.json('tdameritrade', 'account-resp.json'))
    expect(toAccount(account)).toMatchObject({ key: '1234567890', type: 'Margin' })
    expect(toBalance(account, asOf)).toMatchObject({ netLiquidation: '3252.47', cash: '0', buyingPower: '4047.16' })
    expect(toPositions(account, asOf)).toMatchObject([
      { symbol: 'MMDA1', assetClass: 'cash', quantity: '200.72', unrealized: '0' },
      { symbol: 'F', quantity: '347.58', marketValue: '3051.75', unrealized: '-443.601375' },
    ])
    for (const row of asList(captures.json('tdameritrade', 'accounts-resp.json'))) expect(AccountWire.safeParse(row).success).toBe(true)
  })

  test('of orders are read, fills and all', () => {
    const orders = captures
      .names('tdameritrade', /^orders-resp/)
      .flatMap(name => asList(captures.json('tdameritrade', name)))
      .map(row => toOrder(OrderWire.parse(row)))
    expect(orders.length).toBeGreaterThan(30)
    expect(orders.filter(order => order.status === 'other' || order.side === null || order.symbol === null)).toEqual([])
    expect(orders.find(order => order.externalId === '1231368737')).toMatchObject({
      status: 'filled',
      symbol: 'QLGN',
      side: 'sell',
      quantity: '500',
    })
    expect(orders.filter(order => order.status === 'filled' && order.averageFillPrice === null)).toEqual([])
  })

  test('of quotes are read', () => {
    const quotes = QuotesWire.parse(captures.json('tdameritrade', 'quotes-resp.json'))
    expect(quotes['MSFT_061821P65']).toMatchObject({ bidPrice: '0.73', askPrice: '1.5', lastPrice: '1.38' })
    expect(QuotesWire.parse(captures.json('tdameritrade', 'equity-quote-resp.json'))['MSFT']).toMatchObject({
      delayed: true,
      closePrice: '137.86',
    })
  })
})

test('a TD Ameritrade transaction at midnight Eastern names a day', () => {
  const wire = { transactionId: 1, transactionDate: '2024-03-06T05:00:00+0000', settlementDate: '2024-03-08' }
  expect(tdaActivity(TransactionWire.parse(wire))).toMatchObject({ executedAt: null, tradeDate: '2024-03-06' })
})

describe('TD Ameritrade holdings', () => {
  const account = (value: object) => AccountWire.parse({ securitiesAccount: { accountId: 7, ...value } })

  test('name an account whatever its type is called', () => {
    expect([toAccount(account({})).name, toAccount(account({ type: 'CASH' })).type, toAccount(account({ type: 'NOVA' })).type]).toEqual([
      'TD Ameritrade brokerage account',
      'Cash',
      'NOVA',
    ])
  })

  test('take what stands for cash and buying power, or nothing', () => {
    expect(toBalance(account({ currentBalances: { totalCash: 5, cashAvailableForTrading: 4 } }), asOf)).toMatchObject({
      netLiquidation: null,
      cash: '5',
      buyingPower: '4',
    })
    expect(toBalance(account({}), asOf)).toMatchObject({ netLiquidation: null, cash: null, buyingPower: null })
  })

  test('leave out what is closed or nameless, and state no gain without a cost', () => {
    const positions = [
      { longQuantity: 1, instrument: { assetType: 'EQUITY' } },
      { instrument: { symbol: 'F' } },
      { longQuantity: 2, marketValue: 9, instrument: { symbol: 'F', assetType: 'EQUITY' } },
      { shortQuantity: 1, averagePrice: 9, instrument: { symbol: 'G', assetType: 'EQUITY' } },
    ]
    expect(toPositions(account({ positions }), asOf)).toMatchObject([
      { symbol: 'F', quantity: '2', unrealized: null },
      { symbol: 'G', quantity: '-1', marketValue: null, unrealized: null },
    ])
    expect(toPositions(account({}), asOf)).toEqual([])
  })

  test('of an order that states little say little', () => {
    const order = toOrder(OrderWire.parse({ orderId: 1, enteredTime: '2026-11-20T15:00:00+0000', orderLegCollection: [{}, {}] }))
    expect(order).toMatchObject({
      symbol: null,
      side: null,
      type: '',
      timeInForce: '',
      status: 'other',
      quantity: null,
      filledQuantity: '0',
      averageFillPrice: null,
    })
    const bare = {
      orderId: 1,
      enteredTime: '2026-11-20T15:00:00+0000',
      orderLegCollection: [{}],
      orderActivityCollection: [{ executionType: 'FILL' }, { executionType: 'FILL', executionLegs: [{}] }],
    }
    expect(toOrder(OrderWire.parse(bare))).toMatchObject({ symbol: null, averageFillPrice: null })
  })
})
