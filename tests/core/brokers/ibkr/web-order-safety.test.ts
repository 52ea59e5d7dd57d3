import { describe, expect, test } from 'vitest'
import { createWebSession } from '../../../../electron/core/brokers/ibkr/web/session.ts'
import { AppError } from '../../../../shared/contract/errors.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import type { OrderDraft } from '../../../../shared/domain/order.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import { stepClock } from '../../net/support/step-clock.ts'
import { scriptedWeb, type WebAnswer, type WebCall } from './support/scripted-web.ts'
import { LIMIT } from './support/tws-orders.ts'
import { codeOf } from './support/tws-scene.ts'

const { signal } = new AbortController()
const stop = { signal }
const ACCOUNT = 'DU1000001'
const ORDERS = `/iserver/account/${ACCOUNT}/orders`
const ORDER = `/iserver/account/${ACCOUNT}/order/99`
const RANGE = { from: LocalDate.of('2026-11-14'), to: LocalDate.of('2026-11-20') }
const STOCKS = { AAPL: [{ assetClass: 'STK', contracts: [{ conid: 265598, exchange: 'NASDAQ', isUS: true }] }] }
const OPTION: OrderDraft = {
  ...LIMIT,
  symbol: 'SPX261218C05000000',
  assetClass: 'option',
  positionEffect: 'open',
  limitPrice: Dec.of('0.25'),
}

type Answers = Readonly<Record<string, WebAnswer | ((call: WebCall) => WebAnswer)>>

function web(answers: Answers, method: 'oauth' | 'gateway' = 'oauth') {
  const it = scriptedWeb(method, call => {
    const answer = answers[`${call.method} ${call.path}`] ?? answers[call.path]
    return typeof answer === 'function' ? answer(call) : answer
  })
  const { trading } = it.adapter
  if (!trading) throw new TypeError('no order calls')
  const sent = (): WebCall[] => it.calls.filter(({ path, method: verb }) => verb !== 'GET' && /\/(?:orders?|reply)(?:\/|$)/.test(path))
  return { ...it, trading, sent }
}

const question = (id: string, messageIds: readonly string[] = ['o10153']): WebAnswer => [{ id, message: ['A cap may apply.'], messageIds }]

describe('a question about an order on the web', () => {
  test.each([
    ['is cut off', { status: 502, body: {} }],
    ['is asked to slow down', { status: 429, body: {} }],
    ['has lost its sign-in', { status: 401, body: {} }],
    ['has no line', undefined],
  ] as const)('whose answer %s leaves the order in doubt', async (_, answer) => {
    const { trading, sent } = web({ '/trsrv/stocks': STOCKS, [ORDERS]: question('a'), '/iserver/reply/a': answer })
    await expect(codeOf(trading.placeOrder(ACCOUNT, LIMIT, stop))).resolves.toBe('order/unknown')
    expect(sent().map(({ path }) => path)).toEqual([ORDERS, '/iserver/reply/a'])
  })

  test('is answered once, even when it comes again', async () => {
    const { trading, sent } = web({ '/trsrv/stocks': STOCKS, [ORDERS]: question('a'), '/iserver/reply/a': question('a') })
    await expect(codeOf(trading.placeOrder(ACCOUNT, LIMIT, stop))).resolves.toBe('order/unknown')
    expect(sent()).toHaveLength(2)
  })

  test('that follows another is answered too, up to the first that is the user’s', async () => {
    const { trading, sent } = web({
      '/trsrv/stocks': STOCKS,
      [ORDERS]: question('a'),
      '/iserver/reply/a': question('b', ['o10331']),
      '/iserver/reply/b': question('c', ['o163']),
    })
    await expect(codeOf(trading.placeOrder(ACCOUNT, LIMIT, stop))).resolves.toBe('order/rejected')
    expect(sent().map(({ path }) => path)).toEqual([ORDERS, '/iserver/reply/a', '/iserver/reply/b'])
  })
})

describe('an order on the web', () => {
  test('with a reference IBKR has already may be the one that was sent before', async () => {
    const error = "Order couldn't be submitted: Local order ID=k-1 is already registered."
    const { trading } = web({ '/trsrv/stocks': STOCKS, [ORDERS]: { error } })
    await expect(trading.placeOrder(ACCOUNT, LIMIT, stop)).rejects.toMatchObject({ code: 'order/unknown', brokerSays: error })
  })

  test.each(['DU2000002', 'U1000001', 'DU1000001\u0000'])('for the account %j of another sign-in is not sent', async account => {
    const { trading, sent } = web({ '/trsrv/stocks': STOCKS, [`DELETE /iserver/account/${account}/order/99`]: {} })
    for (const call of [
      trading.placeOrder(account, LIMIT, stop),
      trading.previewOrder(account, LIMIT, stop),
      trading.replaceOrder(account, '99', LIMIT, stop),
      trading.cancelOrder(account, '99', stop),
    ])
      await expect(codeOf(call)).resolves.toBe('broker/account-gone')
    expect(sent()).toEqual([])
  })

  test.each([
    ['that filled in part', { order_status: 'Submitted', cum_fill: '6.0', total_size: '10.0' }, 'order/invalid'],
    ['that is done', { order_status: 'Filled', cum_fill: '10.0', total_size: '10.0' }, 'order/not-open'],
    ['that is being canceled', { order_status: 'PendingCancel' }, 'order/not-open'],
    ['of another instrument', { conid: 756733 }, 'order/invalid'],
    ['of another side', { side: 'BUY' }, 'order/invalid'],
    ['that trails', { order_type: 'TRAIL' }, 'order/invalid'],
    ['that is a stop', { order_type: 'Stop' }, 'order/invalid'],
    ['that works until a date', { tif: 'GTD' }, 'order/not-offered'],
    ['with an order attached to it', { child_order_type: '3' }, 'order/not-offered'],
    ['that works outside the regular hours too', { outside_rth: true }, 'order/invalid'],
    ['that fills whole or not at all', { all_or_none: true }, 'order/not-offered'],
    ['that IBKR lets nobody edit', { order_not_editable: true }, 'order/not-offered'],
  ])('%s is not changed', async (_, told, code) => {
    const working = { order_id: 99, conid: 265598, side: 'SELL', order_type: 'Limit', tif: 'DAY', order_status: 'Submitted', cum_fill: '0.0', total_size: '10.0' }
    const { trading, sent } = web({ '/trsrv/stocks': STOCKS, '/iserver/account/order/status/99': { ...working, ...told } })
    await expect(codeOf(trading.replaceOrder(ACCOUNT, '99', LIMIT, stop))).resolves.toBe(code)
    expect(sent()).toEqual([])
  })

  test('that is inactive is there: IBKR may hold it, and it is not refused', async () => {
    const { trading } = web({ '/trsrv/stocks': STOCKS, [ORDERS]: [{ order_id: '99', order_status: 'Inactive' }] })
    await expect(trading.placeOrder(ACCOUNT, LIMIT, stop)).resolves.toEqual({ externalId: '99', status: 'other', statusText: 'Inactive' })
  })

  test('is not sent where paper was chosen and the session has become a live one', async () => {
    const { trading, sent } = web({ '/trsrv/stocks': STOCKS, '/iserver/accounts': { accounts: ['U1000001'] } })
    await expect(codeOf(trading.placeOrder('U1000001', LIMIT, stop))).resolves.toBe('auth/wrong-environment')
    expect(sent()).toEqual([])
  })

  test.each([
    ['a quantity', { quantity: Dec.of('12345678901234567891') }],
    ['a price', { limitPrice: Dec.of('90071992547409931.01') }],
  ])('with %s of more digits than IBKR would get is not sent', async (_, changes) => {
    const { trading, sent } = web({ '/trsrv/stocks': STOCKS })
    await expect(codeOf(trading.placeOrder(ACCOUNT, { ...LIMIT, ...changes }, stop))).resolves.toBe('order/invalid')
    expect(sent()).toEqual([])
  })

  test('for a stock listed only elsewhere is not sent: its price is in another currency', async () => {
    const abroad = { AAPL: [{ assetClass: 'STK', contracts: [{ conid: 38708077, exchange: 'MEXI', isUS: false }] }] }
    const { trading, sent } = web({ '/trsrv/stocks': abroad })
    await expect(codeOf(trading.placeOrder(ACCOUNT, LIMIT, stop))).resolves.toBe('order/invalid')
    expect(sent()).toEqual([])
  })

  const listing = (conid: number, tradingClass?: string) => ({
    conid,
    maturityDate: '20261218',
    ...(tradingClass === undefined ? {} : { tradingClass }),
  })
  test.each([
    ['the class of its root', [listing(1, 'SPXW'), listing(2, 'SPX')], 2],
    ['the only one there is', [listing(3), listing(3)], 3],
  ])('for an option of a day with two classes is for %s', async (_, info, conid) => {
    const { trading, sent } = web({
      '/iserver/secdef/search': [{ conid: 416904, symbol: 'SPX' }],
      '/iserver/secdef/info': info,
      [ORDERS]: [{ order_id: '1', order_status: 'Submitted' }],
    })
    await trading.placeOrder(ACCOUNT, OPTION, stop)
    expect(sent()[0]?.body).toMatchObject({ orders: [{ conid }] })
  })

  test.each([
    ['two that cannot be told apart', [listing(1), listing(2)]],
    ['one of another class', [listing(1, 'SPXW')]],
  ])('for an option of which IBKR lists %s is not sent', async (_, info) => {
    const { trading, sent } = web({ '/iserver/secdef/search': [{ conid: 416904, symbol: 'SPX' }], '/iserver/secdef/info': info })
    await expect(codeOf(trading.placeOrder(ACCOUNT, OPTION, stop))).resolves.toBe('order/not-offered')
    expect(sent()).toEqual([])
  })

  test.each([
    ["OrderID 99 doesn't exist", 'order/not-found'],
    ['Order 99 cannot be cancelled, state: Filled', 'order/not-open'],
    ['Something else is wrong', 'order/rejected'],
  ])('whose cancellation is refused with status 400 and "%s" is %s', async (error, code) => {
    const { trading } = web({ [`DELETE ${ORDER}`]: { status: 400, body: { error } } })
    await expect(codeOf(trading.cancelOrder(ACCOUNT, '99', stop))).resolves.toBe(code)
  })
})

describe('a cancellation on the web that finds nothing to cancel', () => {
  const status = (word: string) => ({ '/iserver/account/order/status/99': { order_id: 99, order_status: word } })
  test.each([
    ["IBKR's words name", 'Order 99 cannot be cancelled, state: Cancelled', {}, 'Cancelled'],
    ["IBKR's words name, among others", 'Cannot be canceled, state: Filled. Try again.', {}, 'Filled'],
    ['the order itself says', 'Order is not cancellable', status('Cancelled'), 'Cancelled'],
    ['its words say, where the order still works', 'It cannot be canceled', status('Submitted'), 'It cannot be canceled'],
    ['its words say, where the order tells nothing', 'It cannot be canceled', {}, 'It cannot be canceled'],
  ])('says where the order stands as %s', async (_, error, answers, word) => {
    for (const refusal of [{ status: 400, body: { error } }, { error }]) {
      const { trading } = web({ [`DELETE ${ORDER}`]: refusal, ...answers })
      await expect(trading.cancelOrder(ACCOUNT, '99', stop)).rejects.toMatchObject({
        code: 'order/not-open',
        details: { status: word },
        brokerSays: error,
      })
    }
  })
})

describe('an inactive order of the list', () => {
  const listed = { orders: [{ acct: ACCOUNT, orderId: 99, ticker: 'AAPL', secType: 'STK', side: 'SELL', status: 'Inactive', totalSize: 10, lastExecutionTime_r: 1_795_186_800_000 }] }
  test.each([
    ['is over where it cannot be canceled', { order_id: 99, order_status: 'Inactive', cannot_cancel_order: true }, []],
    ['is held where it can', { order_id: 99, order_status: 'Inactive', cannot_cancel_order: false }, ['other']],
    ['counts as held where it cannot be asked', { status: 503, body: {} }, ['other']],
  ] as const)('%s', async (_, answer, open) => {
    const { adapter } = web({ '/iserver/account/orders': listed, '/iserver/account/order/status/99': answer })
    expect((await adapter.orders(ACCOUNT, { status: 'open', range: RANGE }, stop)).map(({ status }) => status)).toEqual(open)
  })

  const OVER = { order_id: 99, order_status: 'Inactive', cannot_cancel_order: true }
  const HELD = { ...OVER, cannot_cancel_order: false }
  /** How often the order was asked for in three readings, and where it stood in the last. */
  async function thrice(answers: readonly WebAnswer[], rows: readonly object[] = listed.orders): Promise<[number, string[]]> {
    let asked = 0
    let read = 0
    const { adapter } = web({
      '/iserver/account/orders': () => ({ orders: [rows[read] ?? rows.at(-1)] }),
      '/iserver/account/order/status/99': () => answers[asked++] ?? answers.at(-1),
    })
    for (; read < 2; read += 1) await adapter.orders(ACCOUNT, { status: 'all', range: RANGE }, stop)
    const last = await adapter.orders(ACCOUNT, { status: 'all', range: RANGE }, stop)
    return [asked, last.map(({ status }) => status)]
  }
  const [row] = listed.orders

  test('is asked for once where it is over', async () => {
    await expect(thrice([OVER])).resolves.toEqual([1, ['rejected']])
  })

  test.each([
    ['is held', [HELD], 'other'],
    ['cannot be asked', [{ status: 503, body: {} }], 'other'],
    ['is held first and over then', [HELD, HELD, OVER], 'rejected'],
  ] as const)('is asked for each time where it %s', async (_, answers, status) => {
    await expect(thrice(answers)).resolves.toEqual([3, [status]])
  })

  test('is asked for again once the list says anything else of it', async () => {
    await expect(thrice([OVER, HELD], [row, { ...row, totalSize: 20 }].flatMap(one => one ?? []))).resolves.toEqual([3, ['other']])
  })

  test('works where the list says so, though it was over before', async () => {
    await expect(thrice([OVER], [row, { ...row, status: 'Submitted' }].flatMap(one => one ?? []))).resolves.toEqual([1, ['working']])
  })

  test('is asked for again in another session', async () => {
    let [asked, isOpen] = [0, true]
    const { adapter } = web({
      '/iserver/auth/status': () => ({ authenticated: isOpen }),
      '/iserver/auth/ssodh/init': () => ({ authenticated: (isOpen = true) }),
      '/iserver/account/orders': () => (isOpen ? listed : { status: 400, body: { error: 'Bad Request: no bridge' } }),
      '/iserver/account/order/status/99': () => ((asked += 1), OVER),
    })
    const read = () => adapter.orders(ACCOUNT, { status: 'all', range: RANGE }, stop)
    await read()
    isOpen = false
    await expect(codeOf(read())).resolves.toBe('local/not-signed-in')
    await read()
    expect(asked).toBe(2)
  })
})

describe('the brokerage session on the web', () => {
  test('is opened again after IBKR closed it at night', async () => {
    let isOpen = true
    const { adapter, calls } = web({
      '/iserver/auth/status': () => ({ authenticated: isOpen }),
      '/iserver/auth/ssodh/init': () => {
        isOpen = true
        return { authenticated: true }
      },
      '/iserver/account/trades': () => (isOpen ? [] : { status: 400, body: { error: 'Bad Request: no bridge' } }),
    })
    await adapter.activities(ACCOUNT, RANGE, null, stop)
    isOpen = false
    await expect(codeOf(adapter.activities(ACCOUNT, RANGE, null, stop))).resolves.toBe('local/not-signed-in')
    await adapter.activities(ACCOUNT, RANGE, null, stop)
    expect(calls.filter(({ path }) => path === '/iserver/auth/ssodh/init')).toHaveLength(1)
  })

  test('is not canceled for everyone by the one who asked first', async () => {
    const first = new AbortController()
    const { adapter } = web({
      '/iserver/auth/status': () => {
        if (first.signal.aborted) return { authenticated: true }
        first.abort()
        throw new AppError('app/canceled')
      },
      '/iserver/account/trades': [],
    })
    const canceled = adapter.activities(ACCOUNT, RANGE, null, { signal: first.signal })
    const other = adapter.activities(ACCOUNT, RANGE, null, stop)
    await Promise.allSettled([canceled])
    await expect(other).resolves.toMatchObject({ rows: [] })
  })

  test('is not kept awake any longer once it is closed', async () => {
    const clock = stepClock()
    const session = createWebSession(clock)
    const tickle = Promise.withResolvers<unknown>()
    const answer = (data: unknown) => Promise.resolve({ data, asOf: clock.now() })
    const http = {
      get: () => answer({ accounts: [ACCOUNT] }),
      ask: ({ path }: { readonly path: string }) => (path === '/tickle' ? tickle.promise : answer({ authenticated: true })),
    }
    await session.brokerage(http as never, 'api', stop)
    clock.advance(60_000)
    await session.close()
    tickle.resolve({ data: {} })
    await tickle.promise
    expect(clock.pending()).toEqual([])
    await expect(session.brokerage(http as never, 'api', stop)).rejects.toBeInstanceOf(AppError)
  })

  test('that IBKR says is over when it is kept awake is opened anew', async () => {
    const { adapter, calls, clock } = web({
      '/iserver/account/trades': [],
      '/tickle': { iserver: { authStatus: { authenticated: false } } },
    })
    await adapter.activities(ACCOUNT, RANGE, null, stop)
    clock.advance(60_000)
    await expect.poll(() => calls.at(-1)?.path).toBe('/tickle')
    await adapter.activities(ACCOUNT, RANGE, null, stop)
    expect(calls.filter(({ path }) => path === '/iserver/auth/status')).toHaveLength(2)
  })
})

describe('an account of another sign-in', () => {
  test('has no figures here, least of all none', async () => {
    const { adapter } = web({ '/iserver/account/trades': [], '/iserver/account/orders': { orders: [] } })
    for (const read of [
      adapter.positions('DU2000002', stop),
      adapter.balances('DU2000002', stop),
      adapter.orders('DU2000002', { status: 'all', range: RANGE }, stop),
      adapter.activities('DU2000002', RANGE, null, stop),
    ])
      await expect(codeOf(read)).resolves.toBe('broker/account-gone')
  })
})
