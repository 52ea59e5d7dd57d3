import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { readFlexAnswer } from '../../../../electron/core/brokers/ibkr/flex/response.ts'
import { readOrders } from '../../../../electron/core/brokers/ibkr/tws/orders.ts'
import { readExecutions } from '../../../../electron/core/brokers/ibkr/tws/reads.ts'
import { toAccount, toActivity, toBalances, toPosition } from '../../../../electron/core/brokers/ibkr/web/map.ts'
import { fromStatus, toOrder } from '../../../../electron/core/brokers/ibkr/web/orders.ts'
import {
  AccountWire,
  CancelWire,
  LedgerWire,
  OrderAnswerWire,
  OrderStatusWire,
  OrderWire,
  PositionWire,
  SessionWire,
  SummaryWire,
  TradeWire,
  WhatIfWire,
} from '../../../../electron/core/brokers/ibkr/web/wire.ts'
import { parseJson } from '../../../../electron/core/net/json.ts'
import { Instant, LocalDate } from '../../../../shared/domain/time.ts'
import { scenes } from './support/tws-scene.ts'

const root = path.resolve(import.meta.dirname, '../../../../../shared/samples/ibkr')
const asOf = Instant.parse('2026-04-02T12:00:00Z')
const today = LocalDate.of('2026-04-02')

/** The body of a captured answer. */
function body(name: string): unknown {
  const capture: unknown = parseJson(readFileSync(path.join(root, 'webapi', `${name}.json`), 'utf8'))
  const response: unknown = Reflect.get(Object(capture), 'Response')
  return Reflect.get(Object(response), 'Body')
}

describe.skipIf(!existsSync(root))('captured answers of the web API', () => {
  const rows = (name: string): unknown[] => {
    const value = body(name)
    return Array.isArray(value) ? value : []
  }

  test('name accounts, balances and positions', () => {
    expect(rows('GET-portfolio-accounts').map(row => toAccount(AccountWire.parse(row)))).toEqual([
      { key: 'U1234567', number: 'U1234567', name: 'IBKR account', type: 'INDIVIDUAL', currency: 'USD' },
    ])
    expect(toBalances(LedgerWire.parse(body('GET-portfolio-ledger')), SummaryWire.parse(body('GET-portfolio-summary')), asOf)).toEqual([
      { currency: 'USD', netLiquidation: '1005165.5', cash: '971869.6', buyingPower: '3984328.97', asOf },
    ])
    expect(rows('GET-portfolio-positions-page0').map(row => toPosition(PositionWire.parse(row), asOf))).toEqual([
      {
        symbol: 'QQQ',
        assetClass: 'equity',
        quantity: '3',
        averagePrice: '584.31333335',
        marketValue: '1754.04',
        unrealized: '1.1',
        currency: 'USD',
        asOf,
      },
    ])
  })

  test('keep a trade without a time under the id it has in Flex', () => {
    const [row] = rows('GET-trades')
    expect(toActivity(TradeWire.parse(row), JSON.stringify(row), today).facts).toMatchObject({
      externalId: '00018fae.67890abc.01',
      kind: 'other',
    })
    expect(rows('GET-trades-empty')).toEqual([])
  })

  test('tell orders the same in the list and by their status', () => {
    const [row] = [Reflect.get(Object(body('GET-live-orders')), 'orders') as unknown[]].flat()
    const listed = toOrder(OrderWire.parse(row), asOf)
    const asked = fromStatus(OrderStatusWire.parse(body('GET-order-status')), asOf)
    expect(listed).toMatchObject({
      externalId: '473740665',
      symbol: 'SPY',
      side: 'buy',
      status: 'filled',
      filledQuantity: '1',
      averageFillPrice: '647.09',
      submittedAt: '2026-04-01T23:40:47.000Z',
    })
    expect(asked).toMatchObject({
      externalId: '473740665',
      symbol: 'SPY',
      side: 'buy',
      status: 'filled',
      filledQuantity: '1',
      averageFillPrice: '647.09',
      submittedAt: '2026-04-01T23:00:00.000Z',
    })
  })

  test.each(['POST-place-order-submitted', 'POST-place-order-confirmation', 'POST-modify-order-submitted', 'POST-reply-submitted'])(
    '%s is an answer to an order',
    name => {
      expect(OrderAnswerWire.safeParse(body(name)).success).toBe(true)
    },
  )

  test('describe a preview, a cancellation and the session', () => {
    expect(WhatIfWire.parse(body('POST-whatif-order'))).toMatchObject({ amount: { commission: '0.01 USD' }, initial: { change: '164' } })
    expect(CancelWire.parse(body('DELETE-cancel-order'))).toMatchObject({ error: null, order_id: '602801486' })
    expect(SessionWire.parse(body('GET-auth-status'))).toMatchObject({ authenticated: true })
    expect(SessionWire.parse(body('POST-ssodh-init'))).toMatchObject({ authenticated: true })
  })
})

describe.skipIf(!existsSync(root))('captured answers of the Flex service', () => {
  const flex = (name: string): string => readFileSync(path.join(root, 'flex', `${name}.xml`), 'utf8')

  test('are told apart', () => {
    expect(readFlexAnswer(flex('flex-sendrequest-success')).kind).toBe('reference')
    expect(readFlexAnswer(flex('flex-response-fail-1012'))).toMatchObject({ kind: 'refusal', code: 1012 })
    expect(readFlexAnswer(flex('synthetic-multilevel-flex')).kind).toBe('statement')
    expect(readFlexAnswer(flex('trade-confirmations')).kind).toBe('statement')
  })
})

describe.skipIf(!existsSync(root))('captured messages of TWS', () => {
  const { open, close } = scenes()
  afterEach(close)
  const { signal } = new AbortController()
  const stop = { signal }

  /** What the gateway said in a capture, as fields. */
  function said(file: string): string[][] {
    return readFileSync(path.join(root, 'tws-wire', file), 'utf8')
      .split('\n')
      .filter(line => line.startsWith('< '))
      .map(line => line.slice(2).split('|').slice(0, -1))
  }

  test.each([
    ['real-sv173-mkt-buy.txt', 173, []],
    ['derived-sv193.txt', 193, [{ status: 'filled', quantity: '100', submittedAt: '2023-03-06T20:28:30.000Z' }]],
  ] as const)('of %s give one fill with its costs and one order', async (file, version, completed) => {
    const messages = said(file).filter(([id]) => ['3', '5', '11', '59', '101'].includes(id ?? ''))
    const { deps, log } = await open({
      version,
      settings: { readOnly: false },
      start: '2025-04-15T20:00:00.000Z',
      answer(fields, line) {
        if (fields[0] === '7') line.say(...messages.filter(([id]) => id === '11' || id === '59'), [55, 1, fields[2] ?? ''])
        if (fields[0] === '16') line.say(...messages.filter(([id]) => id === '3' || id === '5'), [53, 1])
        if (fields[0] === '99') line.say(...messages.filter(([id]) => id === '101'), [102])
      },
    })
    const range = { from: LocalDate.of('2023-03-01'), to: LocalDate.of('2025-04-15') }
    const { rows } = await readExecutions(deps, 'DU1234567', range, stop)
    expect(rows.map(({ facts }) => facts)).toMatchObject([
      {
        externalId: '0000e0d5.67fe667b.01',
        symbol: 'AAPL',
        assetClass: 'equity',
        side: 'buy',
        quantity: '100',
        price: '201.94',
        fees: '1',
        amount: '-20195',
        tradeDate: '2025-04-15',
        orderId: '600745656',
      },
    ])
    const orders = await readOrders(deps, 'DU1234567', { status: 'all', range }, stop)
    expect(orders).toContainEqual(
      expect.objectContaining({
        externalId: '600745656',
        status: 'filled',
        filledQuantity: '100',
        averageFillPrice: '201.94',
        type: 'MKT',
        quantity: '100',
      }),
    )
    expect(orders.filter(({ externalId }) => externalId === '1824933227')).toMatchObject(completed)
    expect(log.filter(record => record.event === 'tws.trouble')).toEqual([])
  })
})
