import { describe, expect, test } from 'vitest'
import {
  toAccount,
  toActivity as alpacaActivity,
  toBalance as alpacaBalance,
  toOrder,
  toPosition,
} from '../../../electron/core/brokers/alpaca/map.ts'
import {
  AccountWire as AlpacaAccount,
  ActivityWire,
  OrderWire as AlpacaOrder,
  PositionWire,
} from '../../../electron/core/brokers/alpaca/wire.ts'
import { classifyTokenFailure } from '../../../electron/core/brokers/schwab/auth.ts'
import { toBalance, toPositions } from '../../../electron/core/brokers/schwab/holdings.ts'
import { toActivity } from '../../../electron/core/brokers/schwab/map.ts'
import { toOrders } from '../../../electron/core/brokers/schwab/orders.ts'
import { AccountNumberWire, AccountWire, OrderWire, TransactionWire } from '../../../electron/core/brokers/schwab/wire.ts'
import { parseArray, parseJson } from '../../../electron/core/net/json.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { asList, captures } from './support/fixtures.ts'

const asOf = Instant.parse('2026-11-20T15:00:00Z')

/** Documentation examples come bare, as a list, or named `example-1` and so on. */
function examples(value: unknown): unknown[] {
  if (typeof value === 'object' && value !== null && 'example-1' in value) return Object.values(value)
  return asList(value)
}

const alpaca = (pattern: RegExp): unknown[] => captures.names('alpaca', pattern).flatMap(name => examples(captures.json('alpaca', name)))
const schwab = (name: string): unknown[] => asList(captures.json('schwab', name))

describe.skipIf(!captures.present('alpaca'))('captured Alpaca payloads', () => {
  test('of activities are read without a loss', () => {
    const rows = alpaca(/^(?:docs_activity_|oas_activity_|py_activities)/).map(row => ActivityWire.parse(row))
    expect(rows.length).toBeGreaterThanOrEqual(12)
    const facts = rows.map(alpacaActivity)
    expect(facts.filter(fact => fact.kind === 'other')).toEqual([])
    expect(facts.filter(fact => fact.kind === 'trade' && (fact.amount === null || fact.executedAt === null))).toEqual([])
    expect(facts.find(fact => fact.externalId.startsWith('20220202135509981'))).toMatchObject({
      kind: 'trade',
      symbol: 'AAPL',
      side: 'buy',
      quantity: '2',
      price: '174.78',
      amount: '-349.56',
      tradeDate: '2022-02-02',
      executedAt: '2022-02-02T18:55:09.981482Z',
    })
    expect(facts.find(fact => fact.brokerType === 'DIV')).toMatchObject({
      kind: 'dividend',
      symbol: 'T',
      amount: '1.02',
      tradeDate: '2019-08-01',
      executedAt: null,
    })
    expect(facts.filter(fact => fact.brokerType === 'CSD').length).toBeGreaterThanOrEqual(7)
  })

  test('of accounts, positions and orders are read', () => {
    const accounts = alpaca(/^(?:docs|oas|py)_account\.json$/).map(row => AlpacaAccount.parse(row))
    expect(accounts.map(account => [toAccount(account).number, alpacaBalance(account, asOf).netLiquidation])).toContainEqual([
      '010203ABCD',
      '103820.56',
    ])
    const positions = alpaca(/^(?:docs|oas)_position(?:_crypto)?\.json$/).map(row => toPosition(PositionWire.parse(row), asOf))
    expect(positions.map(position => position.assetClass)).toEqual(expect.arrayContaining(['equity', 'crypto']))
    expect(positions.filter(position => position.symbol !== position.symbol.trim())).toEqual([])
    const orders = alpaca(/^(?:docs|oas|py)_order(?:_\w+)?\.json$/).map(row => toOrder(AlpacaOrder.parse(row)))
    expect(orders.length).toBeGreaterThanOrEqual(4)
    expect(orders.filter(order => order.status === 'other' || order.side === null)).toEqual([])
  })
})

describe.skipIf(!captures.present('schwab'))('captured Schwab payloads', () => {
  test('of real trades add up: the net amount is the sum of all costs, twelve times of twelve', () => {
    const rows = schwab('rb_body_transactions.json').map(row => TransactionWire.parse(row))
    expect(rows).toHaveLength(12)
    for (const row of rows) {
      const costs = Dec.sum((row.transferItems ?? []).map(item => item.cost ?? Dec.zero))
      const facts = toActivity(row)
      expect(facts).toMatchObject({ kind: 'trade', amount: costs, positionEffect: 'open', status: 'final', currency: 'USD' })
      expect(Dec.isNegative(facts.fees)).toBe(false)
    }
    expect(toActivity(TransactionWire.parse(rowOf(91176753939)))).toEqual({
      externalId: '91176753939',
      kind: 'trade',
      brokerType: 'TRADE',
      symbol: 'MRVL250321C00155000',
      assetClass: 'option',
      side: 'sell',
      positionEffect: 'open',
      quantity: '1',
      price: '2.06',
      amount: '205.33',
      fees: '0.67',
      currency: 'USD',
      executedAt: '2025-01-17T17:19:49.000Z',
      tradeDate: '2025-01-17',
      orderId: '1002613435352',
      description: 'MARVELL TECHNOLOGY INC 03/21/2025 $155 Call',
      status: 'final',
    })
    expect(toActivity(TransactionWire.parse(rowOf(90957056499)))).toMatchObject({
      assetClass: 'future-option',
      symbol: '/ESH25_P5050:XCME',
      fees: '2.82',
      amount: '-1052.82',
    })
  })

  function rowOf(activityId: number): unknown {
    return schwab('rb_body_transactions.json').find(
      row => typeof row === 'object' && row !== null && 'activityId' in row && row.activityId === activityId,
    )
  }

  test('of every transaction file are read, whatever is missing in them', () => {
    const rows = captures
      .names('schwab', /[Tt]ransaction(?:s|_single|s_real|_real)?\.json$/)
      .filter(name => name !== 'rb_body_transaction.json')
      .flatMap(name => schwab(name))
    expect(rows.length).toBeGreaterThanOrEqual(15)
    for (const row of rows) expect(toActivity(TransactionWire.parse(row)).externalId).toMatch(/^\d+$/)
  })

  test('keep their rows as sent, with equal keys twice and decimals as written', () => {
    const texts = parseArray(captures.text('schwab', 'zw_Transactions.json'))?.texts ?? []
    expect(texts).toHaveLength(2)
    expect(texts[0]?.match(/"assetType"/g)).toHaveLength(2)
    expect(texts.map(parseJson)).toEqual(schwab('zw_Transactions.json'))
  })

  test('of accounts show value, cash and signed positions', () => {
    const [account] = schwab('rb_account.json').map(row => AccountWire.parse(row))
    if (!account) throw new Error('no account')
    expect(toBalance(account, asOf)).toMatchObject({ netLiquidation: '50946.39', currency: 'USD' })
    const positions = toPositions(account, asOf)
    expect(positions.find(position => position.symbol === 'META250131P00510000')).toMatchObject({
      quantity: '1',
      averagePrice: '1.7466',
      unrealized: '-130.16',
      assetClass: 'option',
    })
    expect(positions.find(position => position.symbol === 'META250131P00525000')).toMatchObject({
      quantity: '-1',
      marketValue: '-75',
      unrealized: '202.33',
    })
    for (const name of captures.names('schwab', /^zw_Accounts?(?:_real)?\.json$/))
      for (const row of schwab(name)) expect(AccountWire.safeParse(row).success).toBe(true)
    expect(schwab('rb_account_numbers.json').map(row => AccountNumberWire.parse(row).hashValue.length)).toEqual([64, 64])
  })

  test('of orders are read, fills and all', () => {
    const names = captures.names('schwab', /^(?:rb_orders|rb_body_transaction\.|zw_Orders?(?:_real\d?)?\.).*json$|^rb_orders\.json$/)
    const orders = names.flatMap(name => schwab(name)).flatMap(row => toOrders(OrderWire.parse(row)))
    expect(orders.length).toBeGreaterThan(10)
    expect(
      orders.filter(order => order.status === 'other' && order.statusText !== 'UNKNOWN' && !order.statusText.startsWith('AWAITING')),
    ).toEqual([])
    expect(orders.find(order => order.externalId === '1002613435352')).toMatchObject({
      status: 'filled',
      symbol: null,
      quantity: '1',
      limitPrice: '1.2',
      submittedAt: '2025-01-17T17:19:49.000Z',
    })
  })

  test('of a dead refresh token ask for a sign-in', () => {
    expect(classifyTokenFailure({ status: 400, body: captures.text('schwab', 'error_oauth_refresh_expired_400.json') })).toBe(
      'auth/sign-in-needed',
    )
  })
})
