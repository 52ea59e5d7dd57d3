import { describe, expect, test } from 'vitest'
import { OptionType, OrderAction, OrderType, SecType } from '@stoqey/ib'
import { keelsonSymbol, localFuture } from '../../../../electron/core/brokers/ibkr/spelling.ts'
import { toBalances as twsBalances } from '../../../../electron/core/brokers/ibkr/tws/balances.ts'
import { figure, multiplierOf, perUnit, twsTime, zoneOf } from '../../../../electron/core/brokers/ibkr/tws/figures.ts'
import { isMaintenance } from '../../../../electron/core/brokers/ibkr/tws/hours.ts'
import { contractOf, neededContract, symbolOf } from '../../../../electron/core/brokers/ibkr/tws/instrument.ts'
import { toActivity as twsActivity, toPosition as twsPosition } from '../../../../electron/core/brokers/ibkr/tws/map.ts'
import { createOrderBook } from '../../../../electron/core/brokers/ibkr/tws/order-book.ts'
import { toOrder as twsOrder } from '../../../../electron/core/brokers/ibkr/tws/orders.ts'
import { instrumentOf } from '../../../../electron/core/brokers/ibkr/web/instrument.ts'
import { toAccount, toBalances, toPosition } from '../../../../electron/core/brokers/ibkr/web/map.ts'
import { fromStatus, toOrder, webStatus } from '../../../../electron/core/brokers/ibkr/web/orders.ts'
import { toQuote } from '../../../../electron/core/brokers/ibkr/web/quotes.ts'
import {
  AccountWire,
  LedgerWire,
  OrderStatusWire,
  OrderWire,
  PositionWire,
  SnapshotWire,
  SummaryWire,
} from '../../../../electron/core/brokers/ibkr/web/wire.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { Instant, LocalDate } from '../../../../shared/domain/time.ts'
import { stepClock } from '../../net/support/step-clock.ts'

const asOf = Instant.parse('2026-11-20T15:00:00Z')
const today = LocalDate.of('2026-11-20')
const NEW_YORK = 'America/New_York'

describe('symbols of IBKR', () => {
  test.each([
    ['AAPL  261218C00250000', 'option', 'USD', 'AAPL261218C00250000'],
    ['ESZ6', 'future', 'USD', '/ESZ26'],
    ['FGBL MAR 23', 'future', 'EUR', 'FGBL MAR 23'],
    ['BTC', 'crypto', 'USD', 'BTC/USD'],
    ['ETH.USD', 'crypto', 'USD', 'ETH/USD'],
    ['*', 'crypto', 'USD', '*'],
    ['EUR.USD', 'forex', 'USD', 'EUR.USD'],
    [' BRK B ', 'equity', 'USD', 'BRK B'],
    ['ESZ6 P5400', 'future-option', 'USD', 'ESZ6 P5400'],
    ['X', null, 'USD', 'X'],
  ] as const)('%s (%s in %s) is %s', (symbol, assetClass, currency, spelled) => {
    expect(keelsonSymbol(symbol, assetClass, currency, today)).toBe(spelled)
  })

  test('of futures go back to IBKR’s own', () => {
    expect(localFuture('/ESZ26', today)).toBe('ESZ6')
    expect(localFuture('AAPL', today)).toBeUndefined()
    expect(['/ESZ36', '/ESZ16'].map(symbol => localFuture(symbol, today))).toEqual([undefined, undefined])
  })
})

describe('contracts of TWS', () => {
  test.each([
    [
      'AAPL261218C00250000',
      {
        secType: 'OPT',
        localSymbol: 'AAPL  261218C00250000',
        lastTradeDateOrContractMonth: '20261218',
        strike: 250,
        right: 'C',
        multiplier: 100,
      },
    ],
    ['AAPL1261218P00250000', { secType: 'OPT', right: 'P', multiplier: 100 }],
    ['/ESZ26', { secType: 'FUT', localSymbol: 'ESZ6' }],
    ['BTC/USD', { secType: 'CRYPTO', symbol: 'BTC', currency: 'USD', exchange: 'PAXOS' }],
    ['EUR.USD', { secType: 'CASH', symbol: 'EUR', currency: 'USD', exchange: 'IDEALPRO' }],
    ['BRK B', { secType: 'STK', symbol: 'BRK B', exchange: 'SMART' }],
  ])('for %s are asked for as TWS names them', (symbol, contract) => {
    expect(contractOf(symbol, today)).toMatchObject(contract)
  })

  test.each(['./ESU24 EW4Q24 240823C5750', '/nonsense', '/ESZ36', '/ESZ16'])('for %s cannot be asked for', symbol => {
    expect(contractOf(symbol, today)).toBeUndefined()
    expect(() => neededContract(symbol, today)).toThrow('cannot be ordered through TWS')
  })

  test('come back as the symbols they were', () => {
    expect(symbolOf({ secType: SecType.OPT, localSymbol: 'AAPL  261218C00250000', symbol: 'AAPL', right: OptionType.Call }, today)).toBe(
      'AAPL261218C00250000',
    )
    expect(
      symbolOf(
        { secType: SecType.FUT, localSymbol: 'ESZ6', symbol: 'ES', lastTradeDateOrContractMonth: '20261218 08:30 US/Central' },
        today,
      ),
    ).toBe('/ESZ26')
    expect(symbolOf({ secType: SecType.FUT, localSymbol: 'ESZ6', symbol: 'ES' }, LocalDate.of('2016-11-20'))).toBe('/ESZ16')
    expect(symbolOf({ secType: SecType.STK, localSymbol: 'BRK B', symbol: '' }, today)).toBe('BRK B')
    expect(symbolOf({ secType: SecType.OPT, symbol: 'AAPL' }, today)).toBe('AAPL')
    expect(symbolOf({}, today)).toBe('')
  })
})

describe('figures and times of TWS', () => {
  test('that are not there are null', () => {
    expect([figure(undefined), figure(Number.NaN), figure(1.7976931348623157e308), figure(0.1), figure(1e-7)]).toEqual([
      null,
      null,
      null,
      '0.1',
      '0.0000001',
    ])
  })

  test('count one unit of a contract', () => {
    expect(multiplierOf(undefined)).toBe('1')
    expect(perUnit(Dec.of('100.5'), Dec.of('1'))).toBe('100.5')
    expect(perUnit(Dec.of('512.3'), Dec.of('100'))).toBe('5.123')
    expect(perUnit(Dec.of('10'), Dec.of('3'))).toBe('3.33333333')
  })

  test.each([
    ['20261120 09:31:05 US/Eastern', '2026-11-20T14:31:05.000Z'],
    ['20250415  19:38:31', '2025-04-15T23:38:31.000Z'],
    ['20261120-14:31:05 UTC', '2026-11-20T14:31:05.000Z'],
    ['20261120 09:31:05 EST', '2026-11-20T14:31:05.000Z'],
    ['20260706 09:31:05 British Summer Time', '2026-07-06T08:31:05.000Z'],
    ['20230306 12:28:30 America/Los_Angeles', '2023-03-06T20:28:30.000Z'],
    ['20261340 09:31:05', null],
    ['09:31', null],
  ])('%s is %s', (text, instant) => {
    expect(twsTime(text, NEW_YORK)).toBe(instant)
  })

  test('of a zone nobody knows are New York’s', () => {
    expect(zoneOf('Nowhere Standard Time')).toBe(NEW_YORK)
  })

  test.each([
    ['2026-11-20T04:39:00Z', false],
    ['2026-11-20T04:40:00Z', true],
    ['2026-11-20T06:44:00Z', true],
    ['2026-11-20T06:45:00Z', false],
    ['2026-11-21T04:00:00Z', true],
    ['2026-11-21T07:59:00Z', true],
    ['2026-11-21T08:00:00Z', false],
    ['2026-11-22T06:10:00Z', true],
    ['2026-11-20T15:00:00Z', false],
  ])('at %s IBKR restarts: %s', (at, restarts) => {
    expect(isMaintenance(Instant.parse(at))).toBe(restarts)
  })
})

describe('balances of TWS', () => {
  const row = (tag: string, value: string, currency: string) => ({ account: 'U1', tag, value, currency })

  test('fall back on what the summary says where there is no ledger', () => {
    expect(twsBalances([row('NetLiquidation', '100', 'USD'), row('TotalCashValue', '40', 'USD')], asOf)).toEqual([
      { currency: 'USD', netLiquidation: '100', cash: '40', buyingPower: null, asOf },
    ])
    expect(twsBalances([], asOf)).toEqual([{ currency: 'USD', netLiquidation: null, cash: null, buyingPower: null, asOf }])
  })

  test('take no word for a figure, and know no cash as none', () => {
    expect(twsBalances([row('NetLiquidation', 'n/a', 'USD'), row('CashBalance', '5', 'EUR')], asOf)).toMatchObject([
      { currency: 'USD', netLiquidation: null, cash: '0' },
      { currency: 'EUR', netLiquidation: null, cash: '5' },
    ])
  })
})

describe('rows of TWS that leave things out', () => {
  test('are a position without a price', () => {
    const message = {
      kind: 'position',
      account: 'U1',
      contract: { symbol: 'X', secType: SecType.WAR },
      quantity: 5,
      cost: undefined,
    } as const
    expect(twsPosition(message, undefined, asOf)).toEqual({
      symbol: 'X',
      assetClass: 'other',
      quantity: '5',
      averagePrice: null,
      marketValue: null,
      unrealized: null,
      currency: 'USD',
      asOf,
    })
    expect(() => twsPosition({ ...message, quantity: Number.NaN }, undefined, asOf)).toThrow('does not understand')
  })

  test('are an odd row of history', () => {
    const contract = { symbol: 'X', secType: SecType.STK }
    const odd = (execution: object): string =>
      twsActivity({ execution: { kind: 'execution', contract, execution, tokens: [] }, commission: null }, NEW_YORK, today).facts.kind
    const whole = { execId: 'a.b.c.01', side: 'BOT', time: '20261120 09:31:05', shares: 1, price: 2 }
    expect([
      odd(whole),
      odd({ ...whole, execId: undefined }),
      odd({ ...whole, side: undefined }),
      odd({ ...whole, time: undefined }),
      odd({ ...whole, shares: undefined }),
      odd({ ...whole, price: undefined }),
    ]).toEqual(['trade', 'other', 'other', 'other', 'other', 'other'])
  })

  test('of a CFD are no cash, and an order of zero is none', () => {
    const fill = {
      execution: {
        kind: 'execution',
        contract: { symbol: 'X', secType: SecType.CFD, currency: 'EUR' },
        execution: { execId: 'a.b.c.01', side: 'SLD', time: '20261120 09:31:05', shares: 1, price: 2, permId: 0 },
        tokens: [],
      },
      commission: { kind: 'commission', report: { execId: 'a.b.c.01', commission: 1, currency: 'EUR' }, tokens: [] },
    } as const
    expect(twsActivity(fill, NEW_YORK, today).facts).toMatchObject({
      assetClass: 'other',
      amount: null,
      fees: '1',
      currency: 'EUR',
      orderId: null,
      side: 'sell',
    })
  })
})

describe('orders of TWS', () => {
  test('may be told by their status first, and change with it', () => {
    const clock = stepClock()
    const book = createOrderBook(clock)
    const status = (word: string, filled: number) =>
      ({
        kind: 'order-status',
        orderId: 5,
        permId: 77,
        status: word,
        filled,
        average: filled > 0 ? 10 : 0,
        clientId: 7,
        held: false,
      }) as const
    const message = {
      kind: 'open-order',
      orderId: 5,
      contract: { symbol: 'X', secType: SecType.STK },
      state: { status: 'Submitted' as never },
      order: {
        orderType: OrderType.STP_LMT,
        action: OrderAction.SELL,
        totalQuantity: 9,
        lmtPrice: 10,
        auxPrice: 11,
        permId: 77,
        clientId: 7,
        account: 'U1',
      },
    } as const
    book.take(status('Submitted', 4))
    book.take(message)
    const at = clock.now()
    clock.advance(5000)
    book.take(status('Submitted', 6))
    book.take({ ...message, order: { ...message.order, whatIf: true, permId: 78 } })
    book.take({ ...message, order: { orderType: OrderType.MKT } })
    expect(book.all().map(order => twsOrder(order, NEW_YORK))).toEqual([
      {
        externalId: '77',
        symbol: 'X',
        side: 'sell',
        type: 'STP LMT',
        timeInForce: '',
        status: 'partially-filled',
        statusText: 'Submitted',
        quantity: '9',
        filledQuantity: '6',
        limitPrice: '10',
        stopPrice: '11',
        averageFillPrice: '10',
        submittedAt: at,
        updatedAt: clock.now(),
        clientOrderId: null,
      },
    ])
  })

  test('of a status nobody knows keep its word', () => {
    const book = createOrderBook(stepClock())
    book.take({
      kind: 'completed-order',
      contract: { symbol: 'X' },
      order: { orderType: OrderType.MKT, permId: 5 },
      state: { status: 'Dreaming' as never },
    })
    expect(book.all().map(order => twsOrder(order, NEW_YORK))).toMatchObject([
      { status: 'other', statusText: 'Dreaming', side: null, quantity: null, filledQuantity: '0' },
    ])
  })
})

describe('instruments on the web', () => {
  const described = { assetClass: 'OPT', symbol: 'AAPL', currency: 'USD', description: null }
  test.each([
    [{ ...described, description: 'AAPL   DEC2026 250 C [AAPL  261218C00250000 100]' }, 'AAPL261218C00250000'],
    [{ ...described, expiry: '20261218', right: 'C', strike: Dec.of('250') }, 'AAPL261218C00250000'],
    [{ ...described, description: "Dec18'26 250.5 Put" }, 'AAPL261218P00250500'],
    [{ ...described, expiry: '20261218', right: 'C', strike: Dec.of('2500000') }, 'AAPL'],
    [{ ...described, symbol: null, description: 'AAPL option' }, 'AAPL option'],
    [{ ...described, description: 'nothing to read' }, 'AAPL'],
    [{ ...described, assetClass: 'FUT', symbol: 'ES', description: 'ES 18DEC26' }, '/ESZ26'],
    [{ ...described, assetClass: 'FUT', symbol: 'ES', description: 'ES       DEC2026' }, '/ESZ26'],
    [{ ...described, assetClass: 'FUT', symbol: 'ES', description: "Dec18'26" }, '/ESZ26'],
    [{ ...described, assetClass: 'FUT', symbol: null, description: 'DEC26' }, 'DEC26'],
    [{ ...described, assetClass: 'FUT', symbol: 'ES', description: null }, 'ES'],
    [{ ...described, assetClass: null, symbol: null, description: null, currency: null }, ''],
  ])('%o are %s', (given, symbol) => {
    expect(instrumentOf(given, today).symbol).toBe(symbol)
  })
})

describe('answers of the web that leave things out', () => {
  test('are accounts, balances and positions without those', () => {
    expect(toAccount(AccountWire.parse({ accountId: 'U1' }))).toEqual({
      key: 'U1',
      number: 'U1',
      name: 'IBKR account',
      type: '',
      currency: 'USD',
    })
    const ledger = LedgerWire.parse({ USD: { cashbalance: 5, netliquidationvalue: 7 }, EUR: { cashbalance: 1 } })
    expect(toBalances(ledger, SummaryWire.parse({}), asOf)).toEqual([
      { currency: 'USD', netLiquidation: '7', cash: '5', buyingPower: null, asOf },
      { currency: 'EUR', netLiquidation: null, cash: '1', buyingPower: null, asOf },
    ])
    expect(toBalances(LedgerWire.parse({}), SummaryWire.parse({ totalcashvalue: { amount: 3, currency: 'USD' } }), asOf)).toMatchObject([
      { currency: 'USD', netLiquidation: null, cash: '3' },
    ])
    expect(toPosition(PositionWire.parse({ conid: 1, position: 2 }), asOf)).toEqual({
      symbol: '',
      assetClass: 'other',
      quantity: '2',
      averagePrice: null,
      marketValue: null,
      unrealized: null,
      currency: 'USD',
      asOf,
    })
  })

  test('are orders that say little', () => {
    expect(toOrder(OrderWire.parse({ orderId: 7 }), asOf)).toEqual({
      externalId: '7',
      symbol: null,
      side: null,
      type: '',
      timeInForce: '',
      status: 'other',
      statusText: '',
      quantity: null,
      filledQuantity: '0',
      limitPrice: null,
      stopPrice: null,
      averageFillPrice: null,
      submittedAt: asOf,
      updatedAt: asOf,
      clientOrderId: null,
    })
    expect(toOrder(OrderWire.parse({ orderId: 7, orderType: 'Stop', price: '185', side: 'SELL' }), asOf)).toMatchObject({
      side: 'sell',
      limitPrice: null,
      stopPrice: '185',
    })
    expect(toOrder(OrderWire.parse({ orderId: 7, orderType: 'Stop Limit', price: '185' }), asOf)).toMatchObject({
      limitPrice: '185',
      stopPrice: null,
    })
    expect(fromStatus(OrderStatusWire.parse({ order_id: 7 }), asOf)).toMatchObject({
      externalId: '7',
      symbol: null,
      status: 'other',
      filledQuantity: '0',
      submittedAt: asOf,
    })
    const told = {
      order_id: 7,
      order_type: 'STOP_LIMIT',
      limit_price: '10',
      stop_price: '11',
      cum_fill: 1,
      average_price: '10.5',
      order_status: 'Submitted',
      order_time: '999999999999',
    }
    expect(fromStatus(OrderStatusWire.parse(told), asOf)).toMatchObject({
      limitPrice: '10',
      stopPrice: '11',
      status: 'partially-filled',
      filledQuantity: '1',
      averageFillPrice: '10.5',
      submittedAt: asOf,
    })
    expect(fromStatus(OrderStatusWire.parse({ order_id: 7, order_type: 'Limit', price: '10' }), asOf)).toMatchObject({ limitPrice: '10' })
  })

  test('are no prices of now where the close of the day before stands in for the last, unless both sides are quoted', () => {
    const now = '2026-11-19T18:00:49.000Z'
    const toldOf = (given: Record<string, string>): unknown =>
      toQuote('X', SnapshotWire.parse({ conid: 1, '6509': 'RpB', _updated: 1795111249000, ...given }))
    expect(toldOf({ '31': '206.08' })).toMatchObject({ delayed: false, asOf: now, times: { quoted: now, traded: now } })
    expect(toldOf({ '31': 'C206.08' })).toMatchObject({ delayed: false, asOf: null })
    expect(toldOf({ '31': 'C206.08', '84': '206.07' })).toMatchObject({ asOf: null })
    expect(toldOf({ '31': 'C206.08', '86': '206.09' })).toMatchObject({ asOf: null, times: { quoted: now, traded: null } })
    expect(toldOf({ '31': 'C206.08', '84': '206.07', '86': '206.09' })).toMatchObject({ delayed: false, asOf: now })
  })

  test('are orders of several legs, or for an option nobody can read, for no symbol: that of the shares behind them would be another order', () => {
    const listed = (secType: string, description1 = 'AAPL'): string | null =>
      toOrder(OrderWire.parse({ orderId: 7, ticker: 'AAPL', secType, description1, cashCcy: 'USD' }), asOf).symbol
    expect([listed('STK'), listed('BAG'), listed('OPT'), listed('OPT', "AAPL DEC 18 '26 250 Call")]).toEqual([
      'AAPL',
      null,
      null,
      'AAPL261218C00250000',
    ])
    const told = (sec_type: string): string | null =>
      fromStatus(OrderStatusWire.parse({ order_id: 7, symbol: 'AAPL', sec_type, contract_description_1: 'AAPL' }), asOf).symbol
    expect([told('STK'), told('BAG'), told('OPT')]).toEqual(['AAPL', null, null])
    const book = createOrderBook(stepClock())
    const order = { permId: 9, clientId: 0, orderType: OrderType.LMT, action: OrderAction.SELL, totalQuantity: 1, lmtPrice: 1 }
    book.take({
      kind: 'open-order',
      orderId: 1,
      contract: { symbol: 'AAPL', secType: SecType.BAG },
      order,
      state: { status: 'Submitted' } as never,
    })
    expect(book.all().map(booked => twsOrder(booked, 'America/New_York').symbol)).toEqual([null])
  })

  test('are quotes with what there is', () => {
    expect(toQuote('X', SnapshotWire.parse({ conid: 1 }))).toBeNull()
    expect(toQuote('X', SnapshotWire.parse({ conid: 1, '31': 'n/a', '84': '1,234.5' }))).toMatchObject({
      last: null,
      bid: '1234.5',
      delayed: true,
      asOf: null,
    })
  })

  test.each([
    ['Submitted', '0', 'working'],
    ['Submitted', '1', 'partially-filled'],
    ['Cancelled', '1', 'canceled'],
    ['Inactive', '0', 'other'],
    ['Rejected', '0', 'rejected'],
    [null, '0', 'other'],
  ])('are orders of status %s with %s filled: %s', (word, filled, status) => {
    expect(webStatus(word, Dec.of(filled))).toBe(status)
  })
})
