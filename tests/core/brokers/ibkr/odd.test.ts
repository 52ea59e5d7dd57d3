import { describe, expect, test } from 'vitest'
import { flexAccounts, flexBalances, flexPositions } from '../../../../electron/core/brokers/ibkr/flex/holdings.ts'
import type { FlexStatement } from '../../../../electron/core/brokers/ibkr/flex/statement.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import type { OrderDraft } from '../../../../shared/domain/order.ts'
import { Instant } from '../../../../shared/domain/time.ts'
import { draftOf } from '../support/drafts.ts'
import { scriptedWeb, type WebAnswer } from './support/scripted-web.ts'

const stop = { signal: new AbortController().signal }
const asOf = Instant.parse('2026-11-20T15:00:00Z')
const PATH = '/iserver/account/DU1000001'
const OPTION = 'AAPL261218C00250000'
const listed = { AAPL: [{ assetClass: 'STK', contracts: [{ conid: 265598 }] }] }

/** IBKR's web API with these answers by path beside its session. */
function web(answers: Readonly<Record<string, WebAnswer>>) {
  const it = scriptedWeb('oauth', ({ path }) => answers[path])
  const { trading } = it.adapter
  if (!trading) throw new Error('no order calls')
  return { ...it, trading }
}

describe('a symbol IBKR is asked the number of', () => {
  const quotes = (symbol: string, answers: Readonly<Record<string, WebAnswer>>) => {
    const it = web({ '/iserver/marketdata/snapshot': [{ conid: 7, '31': '1.5', '6509': 'RB' }], ...answers })
    return it.adapter.quotes([symbol], stop).then(found => ({ found, paths: it.paths() }))
  }
  const search = [
    { conid: 99, symbol: 'AAPLW' },
    { conid: 265598, symbol: 'AAPL' },
  ]

  test('is an option by its underlying, its month, its strike and its side', async () => {
    const info = [
      { conid: 6, maturityDate: '20261211' },
      { conid: 7, maturityDate: '20261218' },
    ]
    const it = web({
      '/iserver/secdef/search': search,
      '/iserver/secdef/info': info,
      '/iserver/marketdata/snapshot': [{ conid: 7, '31': '1.5' }],
    })
    expect(await it.adapter.quotes([OPTION], stop)).toMatchObject([{ symbol: OPTION, last: '1.5' }])
    expect(it.calls.find(({ path }) => path === '/iserver/secdef/info')?.query).toEqual({
      conid: '265598',
      sectype: 'OPT',
      month: 'DEC26',
      strike: '250',
      right: 'C',
    })
  })

  test.each<[string, string, Readonly<Record<string, WebAnswer>>]>([
    ['an option on what IBKR does not know', OPTION, { '/iserver/secdef/search': [{ conid: 99, symbol: 'AAPLW' }] }],
    [
      'an option that does not expire then',
      OPTION,
      { '/iserver/secdef/search': search, '/iserver/secdef/info': [{ conid: 6, maturityDate: '20261211' }] },
    ],
    ['an option IBKR answers 404 for', OPTION, { '/iserver/secdef/search': { status: 404, body: { error: 'no bridge' } } }],
    ['a stock it does not list', 'AAPL', { '/trsrv/stocks': {} }],
    ['a name that is only a warrant', 'AAPL', { '/trsrv/stocks': { AAPL: [{ assetClass: 'WAR', contracts: [{ conid: 7 }] }] } }],
    ['a future, which is not found by name', '/ESZ26', {}],
  ])('has none for %s', async (_, symbol, answers) => {
    const { found, paths } = await quotes(symbol, answers)
    expect(found).toEqual([])
    expect(paths).not.toContain('/iserver/marketdata/snapshot')
  })

  test('is the first listing where none is in the US', async () => {
    expect(
      (await quotes('AAPL', { '/trsrv/stocks': { AAPL: [{ assetClass: 'STK', contracts: [{ conid: 7 }, { conid: 8 }] }] } })).found,
    ).toMatchObject([{ symbol: 'AAPL', last: '1.5', bid: null, delayed: false }])
  })

  test('stays unknown, and is no missing instrument, while IBKR cannot be asked', async () => {
    await expect(quotes(OPTION, { '/iserver/secdef/search': { status: 401, body: {} } })).rejects.toMatchObject({
      code: 'auth/sign-in-needed',
    })
  })
})

describe('an order over the web', () => {
  const trail = { kind: 'percent', value: Dec.of('2.5') } as const

  test.each<[string, Partial<OrderDraft>, Record<string, unknown>]>([
    ['a stop as its price', { type: 'stop', stopPrice: Dec.of('180') }, { orderType: 'STP', price: 180 }],
    [
      'a stop and a limit apart',
      { type: 'stop-limit', stopPrice: Dec.of('180'), limitPrice: Dec.of('181') },
      { price: 181, auxPrice: 180 },
    ],
    ['a trail with what it counts in', { type: 'trailing-stop', trail }, { trailingAmt: 2.5, trailingType: '%' }],
    [
      'a trail in dollars too',
      { type: 'trailing-stop', trail: { kind: 'amount', value: Dec.of('3') } },
      { trailingAmt: 3, trailingType: 'amt' },
    ],
  ])('has %s', async (_, changes, body) => {
    const it = web({ '/trsrv/stocks': listed, [`${PATH}/orders`]: [{ order_id: '55', order_status: 'PreSubmitted' }] })
    expect(await it.trading.placeOrder('DU1000001', draftOf(changes), stop)).toMatchObject({ externalId: '55', status: 'working' })
    expect(it.calls.at(-1)?.body).toMatchObject({ orders: [body] })
  })

  test.each<[string, WebAnswer, string]>([
    ['that came back empty is in doubt', [], 'order/unknown'],
    ['that was refused is rejected', { error: 'Insufficient funds' }, 'order/rejected'],
    [
      'that IBKR asks about is rejected, as only the user may answer',
      [{ id: 'q1', message: ['The price is far from the market.'], messageIds: ['o163'] }],
      'order/rejected',
    ],
    ['that IBKR asks about without saying which question is rejected', [{ id: 'q1', message: ['Sure?'] }], 'order/rejected'],
  ])('%s', async (_, answer, code) => {
    const it = web({ '/trsrv/stocks': listed, [`${PATH}/orders`]: answer })
    await expect(it.trading.placeOrder('DU1000001', draftOf(), stop)).rejects.toMatchObject({ code })
    expect(it.paths().filter(path => path.includes('/iserver/reply'))).toEqual([])
  })

  test.each<[string, Partial<OrderDraft>, string]>([
    ['for a stock IBKR does not list cannot be right', {}, 'order/invalid'],
    [
      'for an option it does not list is not offered',
      { symbol: OPTION, assetClass: 'option', positionEffect: 'open' },
      'order/not-offered',
    ],
  ])('%s', async (_, changes, code) => {
    const it = web({ '/trsrv/stocks': {}, '/iserver/secdef/search': [] })
    await expect(it.trading.placeOrder('DU1000001', draftOf(changes), stop)).rejects.toMatchObject({ code })
    expect(it.paths()).not.toContain(`${PATH}/orders`)
  })

  test.each([
    ['the cancel of one it does not know', "OrderID 55 doesn't exist", 'order/not-found'],
    ['the cancel of one that is done', 'Order cannot be cancelled: it is filled', 'order/not-open'],
    ['any other refusal', 'Try again later', 'order/rejected'],
  ])('tells %s by its words', async (_, error, code) => {
    await expect(web({ [`${PATH}/order/55`]: { error } }).trading.cancelOrder('DU1000001', '55', stop)).rejects.toMatchObject({ code })
  })

  test('comes to what IBKR works out, the dearer end of a range, and nothing where it says nothing', async () => {
    const preview = (answer: WebAnswer, changes: Partial<OrderDraft> = {}) =>
      web({ '/trsrv/stocks': listed, [`${PATH}/orders/whatif`]: answer }).trading.previewOrder('DU1000001', draftOf(changes), stop)
    const whole = {
      amount: { amount: '1,875.5 USD (10 Shares)', commission: '0.35 ... 1 USD' },
      initial: { change: '937.75' },
      warn: 'Odd lot.',
      error: 'Too late.',
    }
    expect(await preview(whole)).toMatchObject({
      estimatedValue: '-1875.5',
      estimatedFees: '1',
      buyingPowerEffect: '-937.75',
      currency: 'USD',
      warnings: ['Odd lot.'],
      refusals: ['Too late.'],
    })
    expect(await preview(whole, { side: 'sell' })).toMatchObject({ estimatedValue: '1875.5' })
    expect(await preview({ warn: null, error: null })).toEqual({
      estimatedValue: null,
      estimatedFees: null,
      buyingPowerEffect: null,
      currency: 'USD',
      warnings: [],
      refusals: [],
    })
  })
})

describe('a Flex statement that says little', () => {
  const row = (element: string, attributes: Record<string, string>) => ({ element, attributes })
  const statement = (toDate: string, sections: FlexStatement['sections'], whenGenerated = ''): FlexStatement => ({
    type: 'AF',
    queryName: 'q',
    accountId: 'U1',
    fromDate: toDate,
    toDate,
    whenGenerated,
    sections,
  })
  const positions = (...rows: ReturnType<typeof row>[]) => new Map([['OpenPositions', rows]])

  test('has an account without a type, in dollars', () => {
    expect(flexAccounts({ statements: [statement('20261119', new Map())], asOf })).toMatchObject([
      { number: 'U1', type: '', currency: 'USD' },
    ])
    const about = new Map([['AccountInformation', [row('AccountInformation', {})]]])
    expect(flexAccounts({ statements: [statement('20261119', about)], asOf })).toMatchObject([{ type: '', currency: 'USD' }])
  })

  const endOfDay = Instant.parse('2026-11-20T04:59:59.999Z')

  test('counts its last day only, and has its figures as of its end, or of the answer to one of today', () => {
    const early = statement('20261118', positions(row('OpenPosition', { symbol: 'F', position: '1', currency: 'USD' })))
    const late = statement('20261119', positions(row('OpenPosition', { symbol: 'GM', assetCategory: 'HOLOGRAM', currency: 'USD' })))
    const nowhen = statement('someday', positions(row('OpenPosition', { symbol: 'T', position: '5', currency: 'USD' })))
    for (const statements of [
      [early, late, nowhen],
      [late, nowhen, early],
    ]) {
      expect(flexPositions({ statements, asOf }, 'U1')).toMatchObject([
        { symbol: 'GM', assetClass: 'other', quantity: '0', averagePrice: null, asOf: endOfDay },
      ])
    }
    const today = statement('20261120', positions(row('OpenPosition', { symbol: 'GM', position: '1', currency: 'USD' })))
    expect(flexPositions({ statements: [today], asOf }, 'U1')).toMatchObject([{ asOf }])
  })

  test('is worth its total where no cash is told', () => {
    const sections = new Map([['EquitySummaryInBase', [row('EquitySummaryByReportDateInBase', { total: '12.5' })]]])
    expect(flexBalances({ statements: [statement('20261119', sections)], asOf }, 'U1')).toEqual([
      { currency: 'USD', netLiquidation: '12.5', cash: null, buyingPower: null, asOf: endOfDay },
    ])
    expect(flexBalances({ statements: [], asOf }, 'U1')).toEqual([])
  })
})
