import { describe, expect, test } from 'vitest'
import { Dec } from '../../../../shared/domain/decimal.ts'
import type { OrderDraft } from '../../../../shared/domain/order.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import { scriptedWeb, type WebAnswer, type WebCall } from './support/scripted-web.ts'
import { codeOf } from './support/tws-scene.ts'

const { signal } = new AbortController()
const stop = { signal }
const ACCOUNT = 'DU1000001'
const RANGE = { from: LocalDate.of('2026-11-14'), to: LocalDate.of('2026-11-20') }

const DRAFT: OrderDraft = {
  clientOrderId: 'k-1',
  symbol: 'AAPL',
  assetClass: 'equity',
  side: 'buy',
  positionEffect: null,
  type: 'limit',
  quantity: Dec.of('2'),
  notional: null,
  limitPrice: Dec.of('100.5'),
  stopPrice: null,
  trail: null,
  timeInForce: 'day',
  extendedHours: false,
}
const STOCKS = {
  AAPL: [
    {
      assetClass: 'STK',
      contracts: [
        { conid: 38708077, exchange: 'MEXI', isUS: false },
        { conid: 265598, exchange: 'NASDAQ', isUS: true },
      ],
    },
  ],
}

type Answers = Readonly<Record<string, WebAnswer | ((call: WebCall) => WebAnswer)>>

/** Answers by path; a function looks at the call. */
function web(answers: Answers, method: 'oauth' | 'gateway' = 'oauth') {
  return scriptedWeb(method, call => {
    const answer = answers[`${call.method} ${call.path}`] ?? answers[call.path]
    return typeof answer === 'function' ? answer(call) : answer
  })
}

const LEDGER = {
  USD: { currency: 'USD', cashbalance: 1000.25, netliquidationvalue: 5000 },
  EUR: { currency: 'EUR', cashbalance: -20.5, netliquidationvalue: 30, exchangerate: 1.0847 },
  CHF: { currency: 'CHF', cashbalance: 0, netliquidationvalue: 0 },
  BASE: { currency: 'BASE', cashbalance: 980, netliquidationvalue: 5030 },
}
const SUMMARY = {
  netliquidation: { amount: 5032.75, currency: 'USD' },
  buyingpower: { amount: 20_000, currency: 'USD' },
  accountcode: { amount: 0, currency: null, value: ACCOUNT },
}

describe('accounts and balances on the web', () => {
  test('are listed before anything below them is asked for, and only once for all', async () => {
    const { adapter, paths } = web({
      [`/portfolio/${ACCOUNT}/ledger`]: LEDGER,
      [`/portfolio/${ACCOUNT}/summary`]: SUMMARY,
      [`/portfolio/${ACCOUNT}/positions/0`]: [],
    })
    await Promise.all([adapter.balances(ACCOUNT, stop), adapter.positions(ACCOUNT, stop)])
    expect(paths()[0]).toBe('/portfolio/accounts')
    expect(paths().filter(path => path === '/portfolio/accounts')).toHaveLength(1)
  })

  test('tell the whole in the base currency and the cash of each', async () => {
    const { adapter, clock } = web({ [`/portfolio/${ACCOUNT}/ledger`]: LEDGER, [`/portfolio/${ACCOUNT}/summary`]: SUMMARY })
    await expect(adapter.balances(ACCOUNT, stop)).resolves.toEqual([
      { currency: 'USD', netLiquidation: '5032.75', cash: '1000.25', buyingPower: '20000', asOf: clock.now() },
      { currency: 'EUR', netLiquidation: '30', cash: '-20.5', buyingPower: null, asOf: clock.now(), toBase: '1.0847' },
    ])
  })

  test('of a live account are refused where paper was chosen', async () => {
    const { adapter } = web({
      '/portfolio/accounts': [{ accountId: 'U1000001', displayName: null, accountTitle: null, currency: 'USD', acctCustType: null }],
    })
    await expect(adapter.accounts(stop)).rejects.toThrow('This sign-in belongs to a live account, but paper was chosen.')
  })
})

describe('positions on the web', () => {
  const position = (more: object): Readonly<Record<string, unknown>> => ({
    acctId: ACCOUNT,
    conid: 1,
    contractDesc: 'AAPL',
    position: 3,
    mktValue: 1754.04,
    currency: 'USD',
    avgCost: 584.3,
    avgPrice: 584.3,
    unrealizedPnl: 1.1,
    expiry: null,
    putOrCall: null,
    multiplier: null,
    strike: 0,
    assetClass: 'STK',
    ...more,
  })

  test('come in pages, and are spelled as Keelson spells them', async () => {
    const page = [
      ...Array.from({ length: 97 }, (_, at) => position({ conid: at, contractDesc: `S${at}` })),
      position({
        conid: 98,
        contractDesc: 'AAPL   DEC2026 250 C [AAPL  261218C00250000 100]',
        assetClass: 'OPT',
        avgCost: 512,
        avgPrice: 5.12,
        position: -2,
      }),
      position({ conid: 99, contractDesc: 'AAPL', ticker: 'AAPL', assetClass: 'OPT', expiry: '20261218', putOrCall: 'P', strike: 190 }),
      position({ conid: 100, contractDesc: 'ES       DEC2026', ticker: 'ES', assetClass: 'FUT', mktValue: 256_500, unrealizedPnl: 249.5 }),
    ]
    const { adapter } = web({
      [`/portfolio/${ACCOUNT}/positions/0`]: page,
      [`/portfolio/${ACCOUNT}/positions/1`]: [
        position({ conid: 200, contractDesc: 'BTC', assetClass: 'CRYPTO' }),
        position({ position: 0 }),
      ],
    })
    const positions = await adapter.positions(ACCOUNT, stop)
    expect(positions).toHaveLength(101)
    expect(positions.slice(97).map(({ symbol }) => symbol)).toEqual(['AAPL261218C00250000', 'AAPL261218P00190000', '/ESZ26', 'BTC/USD'])
    expect(positions[97]).toMatchObject({ assetClass: 'option', quantity: '-2', averagePrice: '5.12' })
    expect(positions[99]).toMatchObject({ assetClass: 'future', marketValue: '249.5', unrealized: '249.5' })
  })
})

describe('trades on the web', () => {
  const trade = (more: object): Readonly<Record<string, unknown>> => ({
    execution_id: '0000e0d5.67fe667b.01.01',
    conid: 265598,
    symbol: 'AAPL',
    side: 'B',
    size: 5,
    price: '192.26',
    trade_time: '20261119-18:00:49',
    trade_time_r: 1795111249000,
    commission: '1.01',
    net_amount: 961.3,
    account: ACCOUNT,
    sec_type: 'STK',
    contract_description_1: 'AAPL',
    order_id: 7,
    ...more,
  })

  test('have the id and the amount they have in Flex', async () => {
    const { adapter } = web({
      '/iserver/account/trades': [
        trade({}),
        trade({ execution_id: '0000e0d5.67fe667c.01.02', side: 'SLD' }),
        trade({ execution_id: 'x.y.01.01', account: 'DU2000002' }),
        trade({ execution_id: 'x.z.01.01', trade_time: '20261101-18:00:49' }),
      ],
    })
    const { rows, next } = await adapter.activities(ACCOUNT, RANGE, null, stop)
    expect(next).toBeNull()
    expect(rows.map(({ facts }) => facts)).toMatchObject([
      {
        externalId: '0000e0d5.67fe667b.01',
        side: 'buy',
        quantity: '5',
        amount: '-962.31',
        fees: '1.01',
        executedAt: '2026-11-19T18:00:49.000Z',
        orderId: '7',
        status: 'final',
      },
      { externalId: '0000e0d5.67fe667c.01', side: 'sell', amount: '960.29', status: 'corrected' },
    ])
  })

  test('know an option by its words', async () => {
    const { adapter } = web({ '/iserver/account/trades': [trade({ sec_type: 'OPT', contract_description_2: "DEC 18 '26 250 Call" })] })
    expect((await adapter.activities(ACCOUNT, RANGE, null, stop)).rows.map(({ facts }) => facts)).toMatchObject([
      { symbol: 'AAPL261218C00250000', assetClass: 'option' },
    ])
  })

  test.each([
    ['spoken', { contract_description_1: 'AAPL 18DEC26 250.0 C' }, 'AAPL261218C00250000'],
    ['not readable', { contract_description_1: 'AAPL some day' }, 'AAPL 265598'],
  ])('never book an option to the shares behind it: %s', async (_name, more, symbol) => {
    const { adapter } = web({ '/iserver/account/trades': [trade({ sec_type: 'OPT', ...more })] })
    expect((await adapter.activities(ACCOUNT, RANGE, null, stop)).rows.map(({ facts }) => facts)).toMatchObject([
      { symbol, assetClass: 'option' },
    ])
  })

  test('keep a row that cannot be read under the id it would have', async () => {
    const { adapter } = web({
      '/iserver/account/trades': [trade({ trade_time: null, trade_time_r: null }), trade({ execution_id: 'a.b.01.01', size: 'many' })],
    })
    expect((await adapter.activities(ACCOUNT, RANGE, null, stop)).rows.map(({ facts }) => [facts.externalId, facts.kind])).toEqual([
      ['0000e0d5.67fe667b.01', 'other'],
      ['a.b.01', 'other'],
    ])
  })
})

describe('the session on the web', () => {
  test('is opened without taking it from another program', async () => {
    const { adapter, calls } = web({
      '/iserver/auth/status': { authenticated: false, competing: false },
      '/iserver/auth/ssodh/init': { authenticated: true },
      '/iserver/account/trades': [],
    })
    await adapter.activities(ACCOUNT, RANGE, null, stop)
    expect(calls.map(({ path }) => path)).toEqual([
      '/iserver/auth/status',
      '/iserver/auth/ssodh/init',
      '/iserver/accounts',
      '/iserver/account/trades',
    ])
    expect(calls[1]?.body).toEqual({ publish: true, compete: false })
  })

  test('is kept awake while it is in use', async () => {
    const { adapter, calls, clock } = web({ '/iserver/account/trades': [] })
    await adapter.activities(ACCOUNT, RANGE, null, stop)
    clock.advance(60_000)
    await expect.poll(() => calls.at(-1)).toMatchObject({ method: 'POST', path: '/tickle' })
  })

  test('of the gateway that nobody signed in to says so', async () => {
    const { adapter } = web({ '/portfolio/accounts': { status: 401, body: { error: 'Access Denied' } } }, 'gateway')
    await expect(codeOf(adapter.accounts(stop))).resolves.toBe('local/not-signed-in')
  })

  test('of a gateway that does not run says so', async () => {
    const { adapter } = web({ '/iserver/auth/status': { status: 200, body: { authenticated: true } } }, 'gateway')
    await expect(codeOf(adapter.balances(ACCOUNT, stop))).resolves.toBe('local/not-running')
  })

  test('that IBKR ended wants a new sign-in', async () => {
    const { adapter } = web({ '/portfolio/accounts': { status: 401, body: { error: 'invalid_token' } } })
    await expect(codeOf(adapter.accounts(stop))).resolves.toBe('auth/sign-in-needed')
  })
})

describe('orders on the web', () => {
  const path = `/iserver/account/${ACCOUNT}/orders`
  const question = {
    id: 'b7e3',
    message: ['You are submitting an order without market data.\nAre you sure you want to submit this order?'],
    messageIds: ['o354'],
  }
  const placing = (answer: WebAnswer | ((call: WebCall) => WebAnswer), more: Readonly<Record<string, WebAnswer>> = {}) =>
    web({ '/trsrv/stocks': STOCKS, [path]: answer, ...more })

  test('are placed once, for the listing in the US', async () => {
    const { adapter, calls } = placing([{ order_id: '123', order_status: 'PreSubmitted', encrypt_message: '1' }])
    await expect(adapter.trading?.placeOrder(ACCOUNT, DRAFT, stop)).resolves.toEqual({
      externalId: '123',
      status: 'working',
      statusText: 'PreSubmitted',
    })
    expect(calls.filter(call => call.path === path).map(({ body }) => body)).toEqual([
      {
        orders: [
          {
            acctId: ACCOUNT,
            conid: 265598,
            cOID: 'k-1',
            orderType: 'LMT',
            side: 'BUY',
            tif: 'DAY',
            quantity: 2,
            outsideRTH: false,
            price: 100.5,
          },
        ],
      },
    ])
  })

  test('that raise a question are not placed, and the question is shown', async () => {
    const { adapter, calls } = placing([question])
    await expect(adapter.trading?.placeOrder(ACCOUNT, DRAFT, stop)).rejects.toMatchObject({
      code: 'order/rejected',
      brokerSays: 'You are submitting an order without market data. Are you sure you want to submit this order?',
    })
    expect(calls.filter(call => call.path.includes('/reply/'))).toEqual([])
  })

  test('go on after a word that only explains the kind of order', async () => {
    const { adapter, calls } = placing([{ ...question, messageIds: ['o10153'] }], {
      '/iserver/reply/b7e3': [{ order_id: '123', order_status: 'Submitted' }],
    })
    await expect(adapter.trading?.placeOrder(ACCOUNT, { ...DRAFT, type: 'market', limitPrice: null }, stop)).resolves.toMatchObject({
      externalId: '123',
    })
    expect(calls.at(-1)).toMatchObject({ path: '/iserver/reply/b7e3', body: { confirmed: true } })
  })

  test('that explain and ask at once are the user’s to answer', async () => {
    const { adapter } = placing([{ ...question, messageIds: ['o10153', 'o354'] }])
    await expect(codeOf(adapter.trading?.placeOrder(ACCOUNT, DRAFT, stop) ?? Promise.resolve())).resolves.toBe('order/rejected')
  })

  test('that are refused say so in IBKR’s words', async () => {
    const { adapter } = placing({ error: 'Your account does not have enough settled cash.' })
    await expect(adapter.trading?.placeOrder(ACCOUNT, DRAFT, stop)).rejects.toMatchObject({
      code: 'order/rejected',
      brokerSays: 'Your account does not have enough settled cash.',
    })
  })

  test('nobody answers may have arrived', async () => {
    const { adapter } = placing({ status: 502, body: {} })
    await expect(codeOf(adapter.trading?.placeOrder(ACCOUNT, DRAFT, stop) ?? Promise.resolve())).resolves.toBe('order/unknown')
  })

  test('for something IBKR does not know are not sent', async () => {
    const { adapter, calls } = web({ '/trsrv/stocks': { NOPE: [] } })
    await expect(codeOf(adapter.trading?.placeOrder(ACCOUNT, { ...DRAFT, symbol: 'NOPE' }, stop) ?? Promise.resolve())).resolves.toBe(
      'order/invalid',
    )
    expect(calls.filter(call => call.method === 'POST' && call.path.endsWith('/orders'))).toEqual([])
  })

  test('for an option look it up by underlying, month, strike and side', async () => {
    const { adapter, calls } = web({
      '/iserver/secdef/search': [{ conid: '265598', symbol: 'AAPL' }],
      '/iserver/secdef/info': [
        { conid: 1, maturityDate: '20261211' },
        { conid: 2, maturityDate: '20261218' },
      ],
      [path]: [{ order_id: '123', order_status: 'Submitted' }],
    })
    const option: OrderDraft = {
      ...DRAFT,
      symbol: 'AAPL261218C00250000',
      assetClass: 'option',
      positionEffect: 'open',
      limitPrice: Dec.of('0.25'),
    }
    await adapter.trading?.placeOrder(ACCOUNT, option, stop)
    expect(calls.find(call => call.path === '/iserver/secdef/info')?.query).toEqual({
      conid: '265598',
      sectype: 'OPT',
      month: 'DEC26',
      strike: '250',
      right: 'C',
    })
    expect(calls.at(-1)?.body).toMatchObject({ orders: [{ conid: 2 }] })
  })

  test('are previewed with costs, margin and warnings', async () => {
    const { adapter } = placing(undefined, {
      [`${path}/whatif`]: {
        amount: { amount: '201 USD (2 Shares)', commission: '0.35 ... 1.01 USD', total: '202 USD' },
        initial: { current: '8,637', change: '1,164', after: '9,801' },
        warn: 'The price exceeds the limit.',
        error: null,
      },
    })
    await expect(adapter.trading?.previewOrder(ACCOUNT, DRAFT, stop)).resolves.toEqual({
      estimatedValue: '-201',
      estimatedFees: '1.01',
      buyingPowerEffect: '-1164',
      currency: 'USD',
      warnings: ['The price exceeds the limit.'],
      refusals: [],
    })
  })

  test.each([
    ["OrderID 99 doesn't exist", 'order/not-found'],
    ['Order 99 cannot be cancelled, state: Filled', 'order/not-open'],
    ['Something else is wrong', 'order/rejected'],
  ])('canceled to the answer "%s" are %s', async (error, code) => {
    const { adapter } = web({ [`DELETE /iserver/account/${ACCOUNT}/order/99`]: { error } })
    await expect(codeOf(adapter.trading?.cancelOrder(ACCOUNT, '99', stop) ?? Promise.resolve())).resolves.toBe(code)
  })

  test('are asked for twice when the first answer only starts the list', async () => {
    const rows = [
      {
        acct: ACCOUNT,
        orderId: 7,
        ticker: 'AAPL',
        secType: 'STK',
        side: 'BUY',
        status: 'Submitted',
        totalSize: 2,
        filledQuantity: 1,
        origOrderType: 'STOP_LIMIT',
        price: '100',
        auxPrice: '101',
        timeInForce: 'GTC',
        lastExecutionTime_r: 1795111249000,
      },
      { acct: 'DU2000002', orderId: 8, status: 'Filled', lastExecutionTime_r: 1795111249000 },
    ]
    const { adapter } = web({ '/iserver/account/orders': ({ query }) => ({ orders: 'force' in query ? [] : rows }) })
    await expect(adapter.orders(ACCOUNT, { status: 'open', range: RANGE }, stop)).resolves.toMatchObject([
      {
        externalId: '7',
        symbol: 'AAPL',
        side: 'buy',
        status: 'partially-filled',
        statusText: 'Submitted',
        limitPrice: '100',
        stopPrice: '101',
        filledQuantity: '1',
      },
    ])
  })
})

describe('quotes on the web', () => {
  test('are asked for again while they are being subscribed, and say when they are delayed', async () => {
    let asked = 0
    const { adapter } = web({
      '/trsrv/stocks': ({ query }) => ({ [query['symbols'] ?? '']: query['symbols'] === 'AAPL' ? STOCKS.AAPL : [] }),
      '/iserver/marketdata/snapshot': () => {
        asked += 1
        return asked === 1
          ? [{ conid: 265598 }]
          : [{ conid: 265598, '31': 'C206.08', '84': '206.07', '86': '206.09', '7741': '203.67', '6509': 'DPB', _updated: 1795111249000 }]
      },
    })
    await expect(adapter.quotes(['AAPL', 'NOPE'], stop)).resolves.toEqual([
      {
        symbol: 'AAPL',
        bid: '206.07',
        ask: '206.09',
        last: '206.08',
        previousClose: '203.67',
        currency: 'USD',
        delayed: true,
        asOf: '2026-11-19T18:00:49.000Z',
        times: { quoted: '2026-11-19T18:00:49.000Z', traded: null },
      },
    ])
  })
})
