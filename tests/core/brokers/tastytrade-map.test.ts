import { describe, expect, test } from 'vitest'
import { classifyFailure, classifyTokenFailure, wordsOf } from '../../../electron/core/brokers/tastytrade/auth.ts'
import { toAccount, toBalance, toPositions } from '../../../electron/core/brokers/tastytrade/holdings.ts'
import { activityKind } from '../../../electron/core/brokers/tastytrade/kinds.ts'
import { toActivity } from '../../../electron/core/brokers/tastytrade/map.ts'
import { toOrder } from '../../../electron/core/brokers/tastytrade/orders.ts'
import {
  AccountWire,
  BalanceWire,
  OrderAnswer,
  OrderWire,
  PlacedWire,
  PositionWire,
  TransactionWire,
} from '../../../electron/core/brokers/tastytrade/wire.ts'
import { assetClassOf, fromSymbol, instrumentTypeOf, toSymbol } from '../../../electron/core/brokers/tastytrade/symbols.ts'
import { parseRows } from '../../../electron/core/net/rows.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import { Instant, LocalDate } from '../../../shared/domain/time.ts'
import { captures, fixture } from './support/fixtures.ts'

const asOf = Instant.parse('2026-11-20T15:00:00Z')
const items = (text: string): readonly unknown[] => parseRows(text, ['data', 'items'])?.values ?? []
const rows = items(fixture('tastytrade', 'transactions')).map(row => toActivity(TransactionWire.parse(row)))
const row = (id: string) => rows.find(facts => facts.externalId === id)

describe('a tastytrade transaction', () => {
  test('of an option sold has signed cash and all its costs', () => {
    expect(row('3100000004')).toEqual({
      externalId: '3100000004',
      kind: 'trade',
      brokerType: 'Trade / Sell to Open',
      symbol: 'SOFI261106P00014000',
      assetClass: 'option',
      side: 'sell',
      positionEffect: 'open',
      quantity: '2',
      price: '0.47',
      amount: '91.758',
      fees: '2.242',
      currency: 'USD',
      executedAt: '2026-10-12T13:53:08.199Z',
      tradeDate: '2026-10-12',
      orderId: '410220011',
      description: 'Sold 2 SOFI 11/06/26 Put 14.00 @ 0.47',
      status: 'final',
    })
  })

  test('of an assignment ends the short option, and its shares are a trade at the strike', () => {
    expect(row('3100000006')).toMatchObject({
      kind: 'option-event',
      brokerType: 'Receive Deliver / Assignment',
      side: null,
      quantity: '2',
      amount: '0',
    })
    expect(row('3100000007')).toMatchObject({
      kind: 'trade',
      side: 'buy',
      positionEffect: 'open',
      quantity: '200',
      price: '14',
      amount: '-2805',
      fees: '5',
    })
  })

  test('of an expiration moves the position the way its action says', () => {
    expect(row('3100000008')).toMatchObject({
      kind: 'option-event',
      symbol: './MESZ26 EXX26 261113P5400',
      assetClass: 'future-option',
      quantity: '4',
      side: null,
    })
    const bare = {
      id: 1,
      'transaction-type': 'Receive Deliver',
      'transaction-sub-type': 'Expiration',
      quantity: '3.0',
      'transaction-date': '2026-11-06',
    }
    expect(toActivity(TransactionWire.parse(bare)).quantity).toBeNull()
    expect(toActivity(TransactionWire.parse({ ...bare, 'transaction-sub-type': 'Exercise' })).quantity).toBe('-3')
  })

  test('of a future has a year of two digits, a side and no effect', () => {
    expect(row('3100000005')).toMatchObject({
      symbol: '/MESZ26',
      assetClass: 'future',
      side: 'sell',
      positionEffect: null,
      price: '5751.25',
      amount: '-1.17',
      fees: '1.17',
    })
  })

  test('of crypto keeps its pair and its fraction', () => {
    expect(row('3100000003')).toMatchObject({
      symbol: 'BTC/USD',
      assetClass: 'crypto',
      quantity: '0.05',
      amount: '-3050',
      tradeDate: '2026-10-01',
    })
  })

  test('of money has its sign and moves no position', () => {
    expect(row('3100000002')).toMatchObject({ kind: 'transfer', amount: '10000', symbol: null, quantity: null })
    expect(row('3100000009')).toMatchObject({ kind: 'dividend', amount: '26', symbol: 'AAPL', quantity: null })
  })

  test('of an unknown kind is kept with its own word', () => {
    expect(row('3100000001')).toMatchObject({ kind: 'other', brokerType: 'Wormhole / Transit', amount: '-1.5' })
  })

  test('without a transaction date lies on the exchange day of its time; without any it cannot be read', () => {
    const bare = { id: 1, 'transaction-type': 'Trade', 'executed-at': '2026-11-07T03:00:00.000+00:00' }
    expect(toActivity(TransactionWire.parse(bare))).toMatchObject({ kind: 'other', tradeDate: '2026-11-06' })
    expect(() => toActivity(TransactionWire.parse({ id: 1 }))).toThrow(expect.objectContaining({ code: 'broker/unreadable' }))
  })

  test.each<[string, string, string, string]>([
    ['Trade', 'Buy', '', 'trade'],
    ['Receive Deliver', 'Reverse Split', '', 'split'],
    ['Receive Deliver', 'Symbol Change', '', 'corporate-action'],
    ['Receive Deliver', 'ACAT', '', 'transfer'],
    ['Receive Deliver', 'Cash Settled Exercise', '', 'option-event'],
    ['Receive Deliver', 'Something', '', 'other'],
    ['Money Movement', 'Credit Interest', '', 'interest'],
    ['Money Movement', 'Fully Paid Stock Lending Income', '', 'interest'],
    ['Money Movement', 'Dividend', 'FOREIGN TAX WITHHELD AT SOURCE', 'tax'],
    ['Money Movement', 'Dividend', 'Cash in lieu of fractional shares', 'corporate-action'],
    ['Money Movement', 'Withdrawal', 'tax refund', 'transfer'],
    ['Money Movement', 'Market Data Fee', '', 'fee'],
    ['Money Movement', 'Mark to Market', '', 'journal'],
    ['Money Movement', 'Novelty', '', 'other'],
    ['', '', '', 'other'],
  ])('%s / %s %s is %s', (type, subType, description, kind) => expect(activityKind({ type, subType, description })).toBe(kind))

  test('of a fee costs what left', () => {
    const fee = {
      id: 1,
      'transaction-type': 'Money Movement',
      'transaction-sub-type': 'Fee',
      'transaction-date': '2026-11-06',
      value: '7.5',
      'value-effect': 'Debit',
    }
    expect(toActivity(TransactionWire.parse(fee))).toMatchObject({ kind: 'fee', amount: '-7.5', fees: '7.5' })
  })
})

describe('tastytrade holdings', () => {
  test('are signed by their direction and valued at the mark', () => {
    const held = (change: object) => ({
      symbol: 'AAPL',
      'instrument-type': 'Equity',
      quantity: 10,
      'quantity-direction': 'Long',
      'average-open-price': '180.0',
      multiplier: 1,
      'mark-price': '187.5',
      ...change,
    })
    const wires = [
      held({}),
      held({
        symbol: 'SOFI  261218P00014000',
        'instrument-type': 'Equity Option',
        quantity: 2,
        'quantity-direction': 'Short',
        'average-open-price': '0.5',
        multiplier: 100,
        'mark-price': '0.4',
      }),
      held({
        symbol: '/MESZ6',
        'instrument-type': 'Future',
        quantity: 1,
        'average-open-price': '5700',
        multiplier: 5,
        'mark-price': null,
        mark: '5710',
      }),
      held({ quantity: 0, 'quantity-direction': 'Zero' }),
      held({ symbol: 'MSFT', 'mark-price': null }),
    ].map(wire => PositionWire.parse(wire))
    expect(toPositions(wires, asOf)).toMatchObject([
      { symbol: 'AAPL', quantity: '10', marketValue: '1875', unrealized: '75' },
      { symbol: 'SOFI261218P00014000', assetClass: 'option', quantity: '-2', marketValue: '-80', unrealized: '20' },
      { symbol: '/MESZ26', assetClass: 'future', quantity: '1', marketValue: '50', unrealized: '50' },
      { symbol: 'MSFT', marketValue: null, unrealized: null },
    ])
  })

  test('name closed accounts as closed', () => {
    const wire = AccountWire.parse({
      account: {
        'account-number': '5KL40017',
        nickname: null,
        'account-type-name': 'Individual',
        'margin-or-cash': 'Margin',
        'is-closed': true,
      },
    })
    expect(toAccount(wire)).toEqual({
      key: '5KL40017',
      number: '5KL40017',
      name: 'tastytrade individual account (closed)',
      type: 'Individual, margin',
      currency: 'USD',
    })
  })

  test('show cash that is owed as negative', () => {
    const wire = BalanceWire.parse({
      data: { 'cash-balance': '12.5', 'cash-balance-effect': 'Debit', 'net-liquidating-value': '100', 'equity-buying-power': 5 },
    })
    expect(toBalance(wire, asOf)).toEqual({ currency: 'USD', cash: '-12.5', netLiquidation: '100', buyingPower: '5', asOf })
  })
})

describe('a tastytrade order', () => {
  const live = {
    id: 410220020,
    'time-in-force': 'Day',
    'order-type': 'Limit',
    size: 3,
    price: '1.25',
    'price-effect': 'Debit',
    status: 'Live',
    'received-at': '2026-11-20T14:40:00.000+00:00',
    'updated-at': 1795185660000,
    legs: [
      {
        'instrument-type': 'Equity Option',
        symbol: 'AAPL  261218C00250000',
        quantity: 3,
        'remaining-quantity': 2,
        action: 'Buy to Open',
        fills: [{ 'fill-id': '1', quantity: 1, 'fill-price': '1.24', 'filled-at': '2026-11-20T14:41:00.000+00:00' }],
      },
    ],
  }

  test('that is filled in part says so, with its price', () => {
    expect(toOrder(OrderWire.parse(live))).toEqual({
      externalId: '410220020',
      symbol: 'AAPL261218C00250000',
      side: 'buy',
      type: 'Limit',
      timeInForce: 'Day',
      status: 'partially-filled',
      statusText: 'Live',
      quantity: '3',
      filledQuantity: '1',
      limitPrice: '1.25',
      stopPrice: null,
      averageFillPrice: '1.24',
      submittedAt: '2026-11-20T14:40:00.000Z',
      updatedAt: '2026-11-20T14:41:00.000Z',
      clientOrderId: null,
    })
  })

  test('of several legs has no one symbol', () => {
    expect(toOrder(OrderWire.parse({ ...live, legs: [...live.legs, ...live.legs] }))).toMatchObject({
      symbol: null,
      side: null,
      quantity: '3',
      averageFillPrice: null,
    })
  })

  test.each([
    ['Contingent', 'working'],
    ['Cancelled', 'canceled'],
    ['Partially Removed', 'canceled'],
    ['Filled', 'filled'],
    ['Rejected', 'rejected'],
    ['Expired', 'expired'],
    ['Nova', 'other'],
  ])('%s is %s', (word, status) =>
    expect(toOrder(OrderWire.parse({ ...live, status: word, legs: [{ quantity: 3, 'remaining-quantity': 3 }] })).status).toBe(status),
  )

  test('without an id cannot be read', () => {
    expect(() => toOrder(OrderWire.parse({ ...live, id: null }))).toThrow(expect.objectContaining({ code: 'broker/unreadable' }))
  })
})

describe("tastytrade's refusals", () => {
  test.each<[number, string, string | undefined]>([
    [400, '{"error_code":"invalid_grant","error_description":"Invalid JWT"}', 'auth/sign-in-needed'],
    [401, '{"error_code":"invalid_client","error_description":"x"}', 'auth/app-misconfigured'],
    [400, '{"error":{"code":"validation_error","message":"Request validation failed"}}', 'auth/app-misconfigured'],
    [401, '<html>401 Authorization Required nginx</html>', undefined],
    [500, '{"error_code":"invalid_grant"}', undefined],
    [400, '{}', undefined],
  ])('of a token with %i %s mean %s', (status, body, code) => expect(classifyTokenFailure({ status, body })).toBe(code))

  test.each<[number, string, string | undefined]>([
    [401, '{"error":{"code":"unauthorized","message":"Unauthorized."}}', 'auth/sign-in-needed'],
    [403, '{"error":{"code":"not_permitted","message":"Insufficient scopes"}}', 'broker/scope-missing'],
    [403, '{"error":{"code":"not_permitted","message":"User not permitted access"}}', undefined],
    [422, '{}', undefined],
  ])('of a call with %i %s mean %s', (status, body, code) => expect(classifyFailure({ status, body })).toBe(code))

  test.each<[string, string | null]>([
    [
      '{"error":{"code":"preflight_check_failure","message":"One or more preflight checks failed","errors":[{"code":"margin_check_failed","message":"Not enough buying power."}]}}',
      'Not enough buying power.',
    ],
    [
      '{"error":{"code":"validation_error","message":"Request validation failed","errors":[{"domain":"account-numbers","reason":"is missing"}]}}',
      'account-numbers is missing',
    ],
    [
      '{"error":{"code":"invalid_session","message":"Session user not present. Unique customer support identifier: a-1"}}',
      'Session user not present.',
    ],
    ['{"error_code":"invalid_grant","error_description":"Grant revoked"}', 'Grant revoked'],
    ['{}', null],
    ['not JSON', null],
  ])('say in words %s', (body, words) => expect(wordsOf({ body, status: 400 })).toBe(words))
})

describe.skipIf(!captures.present('tastytrade'))('captured tastytrade payloads', () => {
  test('of transactions are read without a loss', () => {
    const facts = items(captures.text('tastytrade', 'transactions_paged.json')).map(wire => toActivity(TransactionWire.parse(wire)))
    expect(facts).toMatchObject([
      {
        externalId: '2455333333',
        kind: 'trade',
        side: 'sell',
        positionEffect: 'open',
        symbol: 'RIVN230623C00015000',
        quantity: '40',
        amount: '1878.858',
        fees: '40.442',
        executedAt: '2023-06-12T13:53:08.199Z',
      },
      { kind: 'option-event', symbol: 'RIVN230609P00014000', quantity: '40', amount: '0', fees: '0' },
      { kind: 'trade', side: 'buy', symbol: 'RIVN', quantity: '4000', amount: '-56200', fees: '200', orderId: null },
    ])
    expect(facts.filter(fact => fact.kind === 'other')).toEqual([])
  })

  test('of accounts, balances and positions are read', () => {
    const accounts = items(captures.text('tastytrade', 'accounts.json')).map(wire => toAccount(AccountWire.parse(wire)))
    expect(accounts.map(({ number, name, type }) => [number, name, type])).toEqual([
      ['5YZ55555', 'Roth IRA', 'Roth IRA, cash'],
      ['5WW55555', 'Margin acct', 'Individual, margin'],
      ['5WZ55555', 'Individual', 'Individual, cash'],
    ])
    expect(toBalance(BalanceWire.parse(captures.json('tastytrade', 'balances.json')), asOf)).toMatchObject({
      netLiquidation: '543557.677',
      cash: '51600.762',
      buyingPower: '20078.762',
    })
    const wires = items(captures.text('tastytrade', 'positions.json')).map(wire => PositionWire.parse(wire))
    expect(toPositions(wires, asOf)).toMatchObject([
      { symbol: 'RIVN230609P00014000', assetClass: 'option', quantity: '-40', averagePrice: '0.79' },
    ])
  })

  test('of orders are read, whatever wraps them', () => {
    const single = captures
      .names('tastytrade', /^order_(?:get|cancelled|patched|replaced|placed)\.json$/)
      .map(name => captures.json('tastytrade', name))
    const orders = single.map(wire => toOrder(PlacedWire.parse(wire).data.order ?? OrderAnswer.parse(wire).data))
    expect(orders.map(order => [order.externalId, order.status, order.symbol, order.side])).toEqual([
      ['68677', 'canceled', 'AAPL', 'buy'],
      ['68675', 'working', 'AAPL', 'buy'],
      ['68681', 'working', 'AAPL', 'buy'],
      ['272985726', 'working', 'RIVN230623C00015000', 'buy'],
      ['68680', 'working', 'AAPL', 'buy'],
    ])
    const listed = items(captures.text('tastytrade', 'orders_list_paged.json')).map(wire => toOrder(OrderWire.parse(wire)))
    expect(listed).toMatchObject([
      { status: 'working', limitPrice: '187.45', submittedAt: '2023-06-14T01:46:44.803Z' },
      { status: 'replaced', updatedAt: '2023-06-14T01:46:44.813Z' },
    ])
  })

  test('of refusals have words', () => {
    const words = captures
      .names('tastytrade', /^(?:error_|order_dry_run_error)/)
      .map(name => wordsOf({ status: 400, body: captures.text('tastytrade', name) }))
    expect(words).toEqual([
      'The order could not be reconfirmed.',
      'Invalid login, please check your username and password.',
      'Session user not present.',
      'Invalid JWT',
      'Unauthorized.',
      'account-numbers is missing',
      'Account does not have sufficient buying power available for this order.',
    ])
  })
})

describe('a tastytrade symbol', () => {
  const near = LocalDate.of('2026-11-20')

  test.each<[string, AssetClass, string, string]>([
    ['AAPL  261218C00250000', 'option', 'AAPL261218C00250000', 'AAPL  261218C00250000'],
    ['/MESZ6', 'future', '/MESZ26', '/MESZ6'],
    ['./MESZ6EXX6  261113P5400', 'future-option', './MESZ26 EXX26 261113P5400', './MESZ6EXX6  261113P5400'],
    ['BTC/USD', 'crypto', 'BTC/USD', 'BTC/USD'],
    ['SPX', 'index', '$SPX', 'SPX'],
    ['BRK/B', 'equity', 'BRK/B', 'BRK/B'],
    ['/NOTHING', 'future', '/NOTHING', '/NOTHING'],
    ['./ODD', 'future-option', './ODD', './ODD'],
    ['COIN', 'crypto', 'COIN', 'COIN'],
  ])('%s of the class %s is %s, and goes back as %s', (theirs, assetClass, ours, back) => {
    expect(fromSymbol(theirs, assetClass, near)).toBe(ours)
    expect(toSymbol(ours, assetClass, near)).toBe(back)
  })

  test.each<[string, AssetClass]>([
    ['/ESZ36', 'future'],
    ['/ESZ16', 'future'],
    ['./ESZ36 EXX26 261113P5400', 'future-option'],
  ])('of one digit cannot say %s', (ours, assetClass) => expect(toSymbol(ours, assetClass, near)).toBeUndefined())

  test('has a class for each of its types', () => {
    expect([assetClassOf('Equity'), assetClassOf('Warrant'), assetClassOf(null)]).toEqual(['equity', 'other', null])
    expect([instrumentTypeOf('fund'), instrumentTypeOf('future-option'), instrumentTypeOf('cash')]).toEqual([
      'Equity',
      'Future Option',
      undefined,
    ])
  })
})

describe('tastytrade, where it says little', () => {
  test('an order has no symbol, no side and no price', () => {
    const bare = { id: 1, 'received-at': '2026-11-20T14:40:00.000+00:00' }
    const little = {
      symbol: null,
      side: null,
      type: '',
      timeInForce: '',
      status: 'other',
      statusText: '',
      quantity: null,
      filledQuantity: '0',
      averageFillPrice: null,
    }
    expect(toOrder(OrderWire.parse(bare))).toMatchObject(little)
    expect(toOrder(OrderWire.parse({ ...bare, legs: [{}], 'updated-at': 'soon' }))).toMatchObject(little)
    expect(toOrder(OrderWire.parse({ ...bare, legs: [{ quantity: 3, fills: [{}] }], 'updated-at': '1795186800000' }))).toMatchObject({
      filledQuantity: '0',
      updatedAt: '2026-11-20T15:00:00.000Z',
    })
    expect(
      toOrder(
        OrderWire.parse({
          id: 1,
          'terminal-at': '2026-11-20T14:40:00.000+00:00',
          status: 'Live',
          legs: [{ quantity: 3, 'remaining-quantity': 1 }],
        }),
      ),
    ).toMatchObject({ status: 'partially-filled', filledQuantity: '2', submittedAt: '2026-11-20T14:40:00.000Z' })
  })

  test('an account has a name and a balance none', () => {
    expect(toAccount(AccountWire.parse({ account: { 'account-number': 'X1' } }))).toMatchObject({
      name: 'tastytrade brokerage account',
      type: 'Brokerage',
    })
    expect(toBalance(BalanceWire.parse({ data: {} }), asOf)).toMatchObject({ cash: null, netLiquidation: null, buyingPower: null })
  })
})
