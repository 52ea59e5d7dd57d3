import { describe, expect, test } from 'vitest'
import { classifyFailure, classifyTokenFailure, wordsOf } from '../../../electron/core/brokers/etrade/auth.ts'
import { toAccounts, toBalance, toPositions } from '../../../electron/core/brokers/etrade/holdings.ts'
import { meaningOf } from '../../../electron/core/brokers/etrade/kinds.ts'
import { toActivity } from '../../../electron/core/brokers/etrade/map.ts'
import { ownId, toOrders } from '../../../electron/core/brokers/etrade/orders.ts'
import { instrumentOf } from '../../../electron/core/brokers/etrade/product.ts'
import {
  AccountWire,
  BalanceWire,
  CanceledWire,
  OrderWire,
  PlacedWire,
  PositionWire,
  PreviewWire,
  QuoteWire,
  TransactionWire,
} from '../../../electron/core/brokers/etrade/wire.ts'
import { parseRows } from '../../../electron/core/net/rows.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { captures, fixture } from './support/fixtures.ts'

const asOf = Instant.parse('2026-11-20T15:00:00Z')
const rowsAt = (text: string, ...at: string[]): readonly unknown[] => parseRows(text, at)?.values ?? []
const transactions = (text: string) =>
  rowsAt(text, 'TransactionListResponse', 'Transaction').map(row => toActivity(TransactionWire.parse(row)))
const facts = transactions(fixture('etrade', 'transactions'))
const fact = (last: string) => facts.find(found => found.externalId.endsWith(last))

describe('an E*TRADE transaction', () => {
  test('of a purchase takes its direction from its word and its cash as stated', () => {
    expect(fact('0011')).toEqual({
      externalId: '26118100000011',
      kind: 'trade',
      brokerType: 'Bought',
      symbol: 'AAPL',
      assetClass: 'equity',
      side: 'buy',
      positionEffect: null,
      quantity: '10',
      price: '187.5',
      amount: '-1875',
      fees: '0',
      currency: 'USD',
      executedAt: null,
      tradeDate: '2026-11-20',
      orderId: null,
      description: 'APPLE INC',
      status: 'final',
    })
  })

  test('of an option has a year of four digits, a side and its fee', () => {
    expect(fact('0010')).toMatchObject({
      kind: 'trade',
      side: 'sell',
      positionEffect: 'open',
      symbol: 'SOFI261218P00014000',
      assetClass: 'option',
      quantity: '1',
      amount: '48.34',
      fees: '0.66',
    })
  })

  test('of numbers as text, in seconds, with no product but a display symbol, reads the same', () => {
    expect(fact('0009')).toMatchObject({
      kind: 'trade',
      side: 'sell',
      symbol: 'SOFI',
      assetClass: null,
      quantity: '100',
      price: '19',
      amount: '1899.94',
      tradeDate: '2026-11-19',
    })
  })

  test('of an assignment ends the short option', () => {
    expect(fact('0008')).toMatchObject({ kind: 'option-event', side: null, quantity: '1', price: null, symbol: 'SOFI261120C00019000' })
  })

  test('off the hour has a time; blanks are nothing', () => {
    expect(fact('0007')).toMatchObject({
      kind: 'transfer',
      executedAt: '2026-11-18T18:10:13.000Z',
      tradeDate: '2026-11-18',
      symbol: null,
      assetClass: null,
      quantity: null,
      amount: '-250',
    })
  })

  test('of a fee costs what left; of a dividend moves no position; of an unknown kind keeps its word', () => {
    expect(fact('0006')).toMatchObject({ kind: 'fee', fees: '25', amount: '-25' })
    expect(fact('0005')).toMatchObject({ kind: 'dividend', quantity: null, amount: '2.6', symbol: 'AAPL' })
    expect(fact('0004')).toMatchObject({ kind: 'other', brokerType: 'Aurora', amount: '1', symbol: null })
  })

  test('in detail has capitals and an order', () => {
    const detail = {
      transactionId: 1,
      transactionDate: 1795150800000,
      amount: 5,
      Brokerage: {
        transactionType: 'Bought To Cover',
        Product: { symbol: 'AAPL', securityType: 'EQ' },
        quantity: 5,
        price: 1,
        fee: 0.1,
        orderNo: '77',
      },
    }
    expect(toActivity(TransactionWire.parse(detail))).toMatchObject({
      side: 'buy',
      positionEffect: 'close',
      orderId: '77',
      brokerType: 'Bought To Cover',
    })
  })

  test('of a trade without a quantity claims no trade; without a day it cannot be read', () => {
    expect(
      toActivity(TransactionWire.parse({ transactionId: 1, transactionDate: 1795150800000, transactionType: 'Sold', brokerage: '' })),
    ).toMatchObject({ kind: 'other', side: null })
    expect(() => toActivity(TransactionWire.parse({ transactionId: 1, transactionDate: 0 }))).toThrow(
      expect.objectContaining({ code: 'broker/unreadable' }),
    )
    expect(toActivity(TransactionWire.parse({ transactionId: 1, transactionDate: 0, postDate: 1795150800000 })).tradeDate).toBe(
      '2026-11-20',
    )
  })

  test.each<[string, string, string | null]>([
    ['Sold To Close', 'trade', 'sell'],
    ['bought to open', 'trade', 'buy'],
    ['Option Expired', 'option-event', null],
    ['Option Exercised', 'option-event', null],
    ['Reverse Split', 'split', null],
    ['Dividend Tax Withholding', 'tax', null],
    ['Long Term Capital Gain', 'dividend', null],
    ['Interest Income', 'interest', null],
    ['ADR Fee', 'fee', null],
    ['Merger', 'corporate-action', null],
    ['Cash Sweep', 'journal', null],
    ['Bill Payment', 'transfer', null],
    ['POS', 'transfer', null],
    ['Poster', 'other', null],
  ])('%s is %s', (type, kind, side) => expect(meaningOf(type)).toMatchObject({ kind, side }))

  test('that reinvests a dividend is a purchase where it says of what, else a dividend', () => {
    const row = (quantity: number) =>
      toActivity(
        TransactionWire.parse({
          transactionId: 1,
          transactionDate: 1795150800000,
          transactionType: 'Dividend Reinvestment',
          amount: -4.14,
          brokerage: { product: { symbol: 'BND', securityType: 'EQ' }, quantity, price: 87.87 },
        }),
      )
    expect(row(0.0471)).toMatchObject({ kind: 'trade', side: 'buy', symbol: 'BND', quantity: '0.0471', price: '87.87', amount: '-4.14' })
    expect(row(0)).toMatchObject({ kind: 'dividend', side: null, quantity: null, amount: '-4.14' })
  })

  test('of an exercise ends the long option, and an expiration may end either', () => {
    const event = (type: string) =>
      toActivity(
        TransactionWire.parse({ transactionId: 1, transactionDate: 1795150800000, transactionType: type, brokerage: { quantity: 3 } }),
      ).quantity
    expect([event('Option Exercised'), event('Option Expired'), event('Stock Split')]).toEqual(['-3', null, '3'])
  })
})

describe('an E*TRADE product', () => {
  const option = {
    symbol: 'FB',
    securityType: 'OPTN',
    callPut: 'CALL',
    expiryYear: '2018',
    expiryMonth: '12',
    expiryDay: '21',
    strikePrice: '140.00',
  }
  const product = (value: object) => TransactionWire.parse({ transactionId: 1, brokerage: { product: value } }).brokerage?.product

  test.each<[string, object, string | null, string | null, string | null]>([
    [
      'an option by its parts, whatever key lies beside them',
      { ...option, productId: { symbol: 'FB----210409P00297500' } },
      null,
      'FB181221C00140000',
      'option',
    ],
    ['an option by its key', { securityType: 'OPTN', productId: { symbol: 'FB----210409P00297500' } }, null, 'FB210409P00297500', 'option'],
    ['an option by what is displayed', {}, 'SOFI--261218P00014000', 'SOFI261218P00014000', 'option'],
    ['an option that cannot be spelled', { ...option, expiryMonth: 13 }, null, 'FB', 'option'],
    [
      'a stock whose strike is 0',
      { symbol: 'BR', securityType: 'EQ', expiryYear: 0, strikePrice: 0, productId: { symbol: 'BR' } },
      null,
      'BR',
      'equity',
    ],
    ['a fund', { symbol: 'VFIAX', securityType: 'MF' }, null, 'VFIAX', 'fund'],
    ['an index', { symbol: 'SPX', securityType: 'INDX' }, null, '$SPX', 'index'],
    ['something new', { symbol: 'X', securityType: 'NOVA' }, null, 'X', 'other'],
    ['nothing', {}, null, null, null],
  ])('is %s', (_, value, spare, symbol, assetClass) => expect(instrumentOf(product(value), spare)).toEqual({ symbol, assetClass }))
})

describe('E*TRADE holdings', () => {
  test('are signed, and a price paid of 0 is no price', () => {
    const wires = [
      {
        Product: { symbol: 'GLD', securityType: 'EQ' },
        quantity: 2,
        positionType: 'LONG',
        pricePaid: 150,
        marketValue: 307.04,
        totalGain: 7.04,
      },
      {
        Product: { symbol: 'MSFT', securityType: 'EQ' },
        quantity: -10,
        positionType: 'SHORT',
        pricePaid: 0,
        marketValue: -291.5,
        totalGain: -291.5,
      },
      {
        Product: { symbol: 'RXD', securityType: 'EQ' },
        quantity: '3',
        positionType: 'SHORT',
        pricePaid: '1',
        marketValue: '-49',
        totalGain: '-46',
      },
      { Product: { symbol: 'GONE', securityType: 'EQ' }, quantity: 0 },
    ].map(wire => PositionWire.parse(wire))
    expect(toPositions(wires, asOf)).toMatchObject([
      { symbol: 'GLD', quantity: '2', averagePrice: '150', unrealized: '7.04' },
      { symbol: 'MSFT', quantity: '-10', averagePrice: null, unrealized: null, marketValue: '-291.5' },
      { symbol: 'RXD', quantity: '-3', averagePrice: '1' },
    ])
  })

  test('of an account show its value, net cash and the greater buying power', () => {
    const computed = {
      cashBalance: 0,
      netCash: -740.45,
      marginBuyingPower: '0',
      cashBuyingPower: 93.5,
      RealTimeValues: { totalAccountValue: 1000.5 },
    }
    expect(toBalance(BalanceWire.parse({ BalanceResponse: { Computed: computed } }), asOf)).toEqual({
      currency: 'USD',
      netLiquidation: '1000.5',
      cash: '-740.45',
      buyingPower: '93.5',
      asOf,
    })
    expect(toBalance(BalanceWire.parse({ BalanceResponse: { Computed: '' } }), asOf)).toMatchObject({
      netLiquidation: null,
      cash: null,
      buyingPower: null,
    })
  })

  test('are of open accounts alone', () => {
    const account = {
      accountId: '820100417',
      accountIdKey: 'k1',
      accountMode: 'MARGIN',
      accountDesc: 'INDIVIDUAL',
      accountName: ' ',
      accountType: 'INDIVIDUAL',
      accountStatus: 'ACTIVE',
    }
    const wires = [
      account,
      { ...account, accountIdKey: 'k2', accountStatus: 'CLOSED' },
      { ...account, accountIdKey: 'k3', accountName: 'Mine', accountMode: 'IRA', accountType: 'ROTH_IRA' },
    ]
    expect(toAccounts(wires.map(wire => AccountWire.parse(wire)))).toEqual([
      { key: 'k1', number: '820100417', name: 'Individual', type: 'Individual, margin', currency: 'USD' },
      { key: 'k3', number: '820100417', name: 'Mine', type: 'Roth IRA, ira', currency: 'USD' },
    ])
  })
})

describe('E*TRADE orders', () => {
  const orders = rowsAt(fixture('etrade', 'orders'), 'OrdersResponse', 'Order').flatMap(row => toOrders(OrderWire.parse(row)))

  test('have a status of their own, one symbol where they have one leg, and a number where they share an id', () => {
    expect(orders).toMatchObject([
      {
        externalId: '96',
        status: 'partially-filled',
        symbol: 'AAPL',
        side: 'buy',
        quantity: '10',
        filledQuantity: '4',
        averageFillPrice: '187.4',
        limitPrice: '187.5',
        stopPrice: null,
        submittedAt: '2026-11-20T15:00:00.000Z',
      },
      {
        externalId: '95',
        status: 'filled',
        symbol: 'SOFI261218P00014000',
        side: 'sell',
        limitPrice: null,
        submittedAt: '2026-11-19T15:00:00.000Z',
        updatedAt: '2026-11-19T15:01:05.000Z',
      },
      { externalId: '94', status: 'canceled', symbol: null, side: null, quantity: '2', averageFillPrice: null },
      { externalId: '93.1', status: 'expired', symbol: 'AAPL', side: 'sell', quantity: '10' },
      { externalId: '93.2', status: 'other', statusText: 'TOMORROW', stopPrice: '170' },
    ])
    expect(orders.map(order => ownId(order.externalId))).toEqual(['96', '95', '94', '93', '93'])
  })

  test.each([
    [100, 'filled'],
    [40, 'partially-filled'],
    [0, 'partially-filled'],
    [null, 'partially-filled'],
  ])('that fill one by one are done with the last of them: %s of 100', (filledQuantity, status) => {
    const Instrument = [{ Product: { symbol: 'AAPL', securityType: 'EQ' }, orderAction: 'SELL', orderedQuantity: 100, filledQuantity }]
    const OrderDetail = [{ placedTime: 1_700_000_000_000, status: 'INDIVIDUAL_FILLS', Instrument }]
    expect(toOrders(OrderWire.parse({ orderId: 5, OrderDetail }))).toMatchObject([{ status }])
  })

  test('without a time cannot be read', () => {
    expect(() => toOrders(OrderWire.parse({ orderId: 1, OrderDetail: [{ status: 'OPEN' }] }))).toThrow(
      expect.objectContaining({ code: 'broker/unreadable' }),
    )
  })
})

describe("E*TRADE's refusals", () => {
  test.each<[number, string, string | undefined]>([
    [401, 'oauth_problem=token_rejected', 'auth/sign-in-needed'],
    [401, 'oauth_problem=token_expired', 'auth/sign-in-needed'],
    [401, 'oauth_problem=consumer_key_rejected', 'auth/app-misconfigured'],
    [401, 'oauth_problem=signature_invalid', 'auth/app-misconfigured'],
    [401, 'oauth_problem=timestamp_refused,oauth_acceptable_timestamps=1-2', 'auth/clock-off'],
    [500, 'oauth_problem=token_rejected', undefined],
    [401, '', undefined],
  ])('of a token with %i %s mean %s', (status, body, code) => expect(classifyTokenFailure({ status, body })).toBe(code))

  test.each<[number, string, string | undefined]>([
    [401, 'oauth_problem=token_rejected', 'auth/sign-in-needed'],
    [401, 'oauth_problem=nonce_used', 'broker/unavailable'],
    [
      400,
      '{"Error":{"code":100,"message":"The requested service is not currently available, please try after sometime."}}',
      'broker/unavailable',
    ],
    [400, '<Error><code>100</code><message>not available</message></Error>', 'broker/unavailable'],
    [400, '{"Error":{"code":2001,"message":"Number of requests exceeded the rate limit set"}}', 'broker/rate-limited'],
    [400, '{"Error":{"code":1033,"message":"PreviewIds"}}', undefined],
  ])('of a call with %i %s mean %s', (status, body, code) => expect(classifyFailure({ status, body })).toBe(code))

  test.each<[string, string | null]>([
    ['{"Error":{"code":101,"message":"Invalid preview"}}', 'Invalid preview'],
    ['<?xml version="1.0"?><Error><code>102</code><message>Please enter valid symbol</message></Error>', 'Please enter valid symbol'],
    ['oauth_problem=token_rejected', null],
  ])('say in words %s', (body, words) => expect(wordsOf({ body, status: 400 })).toBe(words))
})

describe.skipIf(!captures.present('etrade'))('captured E*TRADE payloads', () => {
  test('of transactions are read without a loss', () => {
    const canned = transactions(captures.text('etrade', 'cli_activity_response_sandbox.json'))
    expect(canned.map(({ kind, amount }) => [kind, amount])).toEqual([
      ['transfer', '-1.99'],
      ['transfer', '-0.99'],
      ['fee', '-25'],
      ['transfer', '-0.99'],
      ['transfer', '-9.47'],
      ['transfer', '50'],
      ['transfer', '-50'],
      ['transfer', '-25'],
      ['transfer', '-100'],
      ['transfer', '-0.23'],
      ['transfer', '-200'],
    ])
    expect(canned[0]).toMatchObject({ executedAt: '2013-06-03T19:03:10.000Z', symbol: null })
    expect(transactions(captures.text('etrade', 'cli_transactions_response.json'))).toMatchObject([
      {
        kind: 'trade',
        side: 'sell',
        positionEffect: 'open',
        symbol: 'ZZZ260522P00012500',
        quantity: '1',
        amount: '48.34',
        fees: '0.66',
        tradeDate: '2026-05-18',
        executedAt: null,
      },
      { kind: 'option-event', symbol: 'ZZZ260522P00012500', quantity: null, amount: '0' },
      { kind: 'option-event', symbol: 'QQX260515P00019000', quantity: '1' },
      { kind: 'trade', side: 'sell', symbol: 'QQX', quantity: '100', amount: '1899.94', tradeDate: '2026-05-15' },
      { kind: 'interest', symbol: null, amount: '0.12' },
      { kind: 'dividend', symbol: 'QQX', amount: '3.5', quantity: null },
      { kind: 'transfer', amount: '-25', tradeDate: '2026-04-15' },
    ])
  })

  test('of accounts, balances and positions are read', () => {
    const accounts = toAccounts(
      rowsAt(captures.text('etrade', 'sandbox_account_list.json'), 'AccountListResponse', 'Accounts', 'Account').map(row =>
        AccountWire.parse(row),
      ),
    )
    expect(accounts.map(({ key, name }) => [key, name])).toEqual([
      ['dBZOKt9xDrtRSAOl4MSiiA', 'NickName-1'],
      ['vQMsebA1H5WltUfDkJP48g', 'NickName-2'],
      ['6_Dpy0rmuQ9cu9IbTfvF2A', 'NickName-3'],
    ])
    expect(toBalance(BalanceWire.parse(captures.json('etrade', 'sandbox_balance.json')), asOf)).toMatchObject({
      netLiquidation: '0',
      cash: '-740.450013',
      buyingPower: '0',
    })
    const wires = rowsAt(captures.text('etrade', 'sandbox_portfolio.json'), 'PortfolioResponse', 'AccountPortfolio', 'Position').map(row =>
      PositionWire.parse(row),
    )
    expect(toPositions(wires, asOf).map(({ symbol, quantity, averagePrice }) => [symbol, quantity, averagePrice])).toEqual([
      ['BR', '10', null],
      ['GLD', '2', '1'],
      ['MSFT', '1', '1'],
      ['MSFT', '-10', null],
      ['RBL', '2', '1'],
      ['RPI', '2', '7.5599'],
      ['RXD', '-3', '1'],
    ])
  })

  test('of orders are read', () => {
    const read = (name: string) =>
      rowsAt(captures.text('etrade', name), 'OrdersResponse', 'Order').flatMap(row => toOrders(OrderWire.parse(row)))
    expect(read('sandbox_orders.json').map(({ externalId, status, symbol }) => [externalId, status, symbol])).toEqual([
      ['479', 'partially-filled', 'RIMM120309C00012000'],
      ['477.1', 'working', 'ETFC'],
      ['477.2', 'working', 'MON120421C00085000'],
      ['475', 'filled', null],
    ])
    expect(read('mock_order_detail.json')).toMatchObject([
      { externalId: '529', status: 'working', symbol: 'IBM', quantity: '100', limitPrice: '120' },
    ])
  })

  test('of previews, placed and canceled orders and quotes fit, single or listed', () => {
    const previews = captures.names('etrade', /^(?:lv_(?:Change)?Preview.*Response.*|sandbox_preview_\w+)\.json$/)
    expect(previews).toHaveLength(6)
    for (const name of previews)
      expect(PreviewWire.parse(captures.json('etrade', name)).PreviewOrderResponse.PreviewIds[0]?.previewId).toMatch(/^\d+$/)
    const placed = captures.names('etrade', /^(?:lv_Place.*Response.*|sandbox_place_\w+)\.json$/)
    expect(placed).toHaveLength(6)
    for (const name of placed)
      expect(PlacedWire.parse(captures.json('etrade', name)).PlaceOrderResponse.OrderIds[0]?.orderId).toMatch(/^\d+$/)
    const canceled = captures
      .names('etrade', /cancel_?order/i)
      .map(name => CanceledWire.parse(captures.json('etrade', name)).CancelOrderResponse.Messages?.Message[0]?.code)
    expect(canceled).toEqual(['5011', '5011', '4186'])
    const [quote] = rowsAt(captures.text('etrade', 'sandbox_quote.json'), 'QuoteResponse', 'QuoteData').map(row => QuoteWire.parse(row))
    expect(quote).toMatchObject({ All: { bid: '574.04', ask: '579.73', lastTrade: '577.51' }, dateTimeUTC: '2012-06-20T20:00:00.000Z' })
  })

  test('of an error ask to try again later', () => {
    expect(classifyFailure({ status: 400, body: captures.text('etrade', 'sandbox_order_detail.json') })).toBe('broker/unavailable')
  })
})
