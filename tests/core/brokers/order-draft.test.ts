import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkContract, checkDraft, draftPrices, tickOf, tickPrice } from '../../../electron/core/brokers/order-draft.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import type { TradeRules } from '../../../shared/domain/broker.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { OrderDraft } from '../../../shared/domain/order.ts'
import { LocalDate } from '../../../shared/domain/time.ts'

const rules: TradeRules = {
  assetClasses: ['equity', 'option', 'future', 'future-option', 'crypto'],
  types: ['market', 'limit', 'stop', 'stop-limit', 'trailing-stop'],
  timesInForce: ['day', 'gtc'],
  fractional: ['equity', 'crypto'],
  notional: ['equity'],
  preview: true,
  replace: true,
  extendedHours: true,
  clientOrderIds: true,
}

const market: OrderDraft = {
  clientOrderId: 'k-0001',
  symbol: 'AAPL',
  assetClass: 'equity',
  side: 'buy',
  positionEffect: null,
  type: 'market',
  quantity: Dec.of('10'),
  notional: null,
  limitPrice: null,
  stopPrice: null,
  trail: null,
  timeInForce: 'day',
  extendedHours: false,
}
const limit: OrderDraft = { ...market, type: 'limit', limitPrice: Dec.of('187.5') }
const option: OrderDraft = { ...limit, symbol: 'AAPL261218C00250000', assetClass: 'option', positionEffect: 'open' }

function reasonOf(draft: OrderDraft, by: TradeRules = rules): string | number | undefined {
  try {
    checkDraft(draft, by)
    return undefined
  } catch (error) {
    if (error instanceof AppError && error.code === 'order/invalid') return error.details['reason']
    throw error
  }
}

describe('a draft', () => {
  test.each<[string, OrderDraft]>([
    ['a market order', market],
    ['a limit order', limit],
    ['a limit order in extended hours', { ...limit, extendedHours: true }],
    ['a stop order', { ...market, type: 'stop', stopPrice: Dec.of('180') }],
    ['a stop-limit order', { ...limit, type: 'stop-limit', stopPrice: Dec.of('180') }],
    ['a trailing stop', { ...market, type: 'trailing-stop', trail: { kind: 'percent', value: Dec.of('5') } }],
    ['an amount of money', { ...market, quantity: null, notional: Dec.of('250') }],
    ['a fraction', { ...market, quantity: Dec.of('0.25') }],
    ['an option', option],
    ['a future', { ...limit, symbol: '/ESZ26', assetClass: 'future' }],
    ['an option on a future', { ...option, symbol: './ESU26 EW4Q26 260828C5750', assetClass: 'future-option' }],
    ['a pair', { ...limit, symbol: 'BTC/USD', assetClass: 'crypto' }],
  ])('of %s may be sent', (_, draft) => expect(reasonOf(draft)).toBeUndefined())

  test.each<[Partial<OrderDraft>, string]>([
    [{ clientOrderId: '' }, 'printable'],
    [{ clientOrderId: 'a b' }, 'printable'],
    [{ clientOrderId: 'a\u0000' }, 'printable'],
    [{ clientOrderId: 'x'.repeat(37) }, 'printable'],
    [{ symbol: 'AA\nPL' }, 'symbol has characters'],
    [{ symbol: ' AAPL' }, 'symbol has characters'],
    [{ symbol: '/ESZ26' }, '/ESZ26 is not the symbol of a stock'],
    [{ symbol: 'AAPL261218C00250000' }, 'not the symbol of a stock'],
    [{ assetClass: 'option', positionEffect: 'open' }, 'AAPL is not the symbol of an option'],
    [{ assetClass: 'crypto', symbol: 'BTCUSD' }, 'not the symbol of a crypto pair'],
    [{ assetClass: 'future' }, 'not the symbol of a future'],
    [{ assetClass: 'future-option' }, 'not the symbol of an option on a future'],
    [{ assetClass: 'bond' }, 'takes no orders for a bond'],
    [{ assetClass: 'option', symbol: 'AAPL261218C00250000' }, 'opens or closes'],
    [{ timeInForce: 'opg' }, 'valid "opg"'],
    [{ quantity: null }, 'either a quantity or an amount'],
    [{ notional: Dec.of('5') }, 'either a quantity or an amount'],
    [{ quantity: Dec.of('0') }, 'quantity must be above zero'],
    [{ quantity: Dec.of('-1') }, 'quantity must be above zero'],
    [{ quantity: Dec.of('1.5'), assetClass: 'future', symbol: '/ESZ26' }, 'whole number'],
    [{ quantity: null, notional: Dec.of('-1') }, 'amount must be above zero'],
    [{ quantity: null, notional: Dec.of('1'), assetClass: 'crypto', symbol: 'BTC/USD' }, 'wants a quantity'],
    [{ quantity: null, notional: Dec.of('1'), type: 'limit', limitPrice: Dec.of('1') }, 'only market orders'],
    [{ limitPrice: Dec.of('1') }, 'a market order has no limit price'],
    [{ stopPrice: Dec.of('1') }, 'a market order has no stop price'],
    [{ trail: { kind: 'amount', value: Dec.of('1') } }, 'a market order has no trail'],
    [{ type: 'limit' }, 'needs a limit price'],
    [{ type: 'limit', limitPrice: Dec.of('0') }, 'limit price must be above zero'],
    [{ type: 'stop' }, 'needs a stop price'],
    [{ type: 'stop-limit', stopPrice: Dec.of('1') }, 'needs a limit price'],
    [{ type: 'trailing-stop' }, 'needs a trail'],
    [{ type: 'trailing-stop', trail: { kind: 'percent', value: Dec.of('100') } }, 'below 100 percent'],
    [{ extendedHours: true }, 'only limit orders'],
  ])('with %o is refused: %s', (change, words) => expect(reasonOf({ ...market, ...change })).toContain(words))

  test('is held against what the broker takes', () => {
    expect(reasonOf(limit, { ...rules, types: ['market'] })).toContain('takes no limit orders')
    expect(reasonOf({ ...limit, extendedHours: true }, { ...rules, extendedHours: false })).toContain('extended hours')
  })
})

describe('a price', () => {
  test.each<[string, string, string]>([
    ['187.5', '0.01', '187.50'],
    ['187', '0.01', '187.00'],
    ['0.0025', '0.0001', '0.0025'],
    ['1.25', '0.05', '1.25'],
    ['5750.25', '0.25', '5750.25'],
    ['110.015625', '0.015625', '110.015625'],
    ['42000', '1', '42000'],
    ['1.5', '0.00005', '1.50000'],
  ])('of %s at %s is sent as %s', (price, tick, text) => expect(tickPrice(Dec.of(price), Dec.of(tick))).toBe(text))

  test.each<[string, string]>([
    ['187.505', '0.01'],
    ['1.26', '0.05'],
    ['5750.3', '0.25'],
    ['0.00001', '0.0001'],
  ])('of %s between steps of %s is refused', (price, tick) => {
    expect(() => tickPrice(Dec.of(price), Dec.of(tick))).toThrow(expect.objectContaining({ code: 'order/invalid' }))
  })

  test('is never changed, only written longer', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), fc.constantFrom('0.01', '0.05', '0.25', '0.0001', '1'), (steps, tick) => {
        const price = Dec.mul(Dec.of(String(steps)), Dec.of(tick))
        expect(Dec.of(tickPrice(price, Dec.of(tick)))).toBe(price)
      }),
    )
  })

  test('steps by what the instrument is', () => {
    expect(tickOf(market, Dec.of('1'))).toBe('0.01')
    expect(tickOf(market, Dec.of('0.9999'))).toBe('0.0001')
    expect(tickOf(option, Dec.of('3'))).toBe('0.01')
    expect(tickOf({ assetClass: 'future', symbol: '/ESZ26' }, Dec.of('5000'))).toBe('0.25')
    expect(tickOf({ assetClass: 'future', symbol: '/QQQZ26' }, Dec.of('5000'))).toBeNull()
    expect(tickOf({ assetClass: 'crypto', symbol: 'BTC/USD' }, Dec.of('5000'))).toBeNull()
  })

  test('is set for each part of a draft', () => {
    expect(draftPrices({ ...limit, type: 'stop-limit', stopPrice: Dec.of('180') })).toEqual({
      limit: '187.50',
      stop: '180.00',
      trail: null,
    })
    expect(draftPrices(market)).toEqual({ limit: null, stop: null, trail: null })
    expect(() => draftPrices({ ...limit, limitPrice: Dec.of('187.505') })).toThrow(AppError)
  })
})

describe('a contract', () => {
  const today = LocalDate.of('2026-11-20')
  const problemOf = (symbol: string, assetClass: OrderDraft['assetClass']): string | number | undefined => {
    try {
      checkContract({ symbol, assetClass }, today)
      return undefined
    } catch (error) {
      if (error instanceof AppError && error.code === 'order/invalid') return error.details['reason']
      throw error
    }
  }

  test.each<[string, OrderDraft['assetClass']]>([
    ['/ESX26', 'future'],
    ['/ESZ26', 'future'],
    ['/CLF34', 'future'],
    ['./ESZ26 EW3X26 261120C5750', 'future-option'],
    ['AAPL', 'equity'],
  ])('that trades may be ordered: %s', (symbol, assetClass) => expect(problemOf(symbol, assetClass)).toBeUndefined())

  test.each<[string, OrderDraft['assetClass']]>([
    ['/ESV26', 'future'],
    ['/ESZ25', 'future'],
    ['/ESZ16', 'future'],
    ['./ESZ26 EW3X26 261119C5750', 'future-option'],
  ])('that ended is refused: %s', (symbol, assetClass) => expect(problemOf(symbol, assetClass)).toBe(`${symbol} trades no more`))

  test.each<[string, OrderDraft['assetClass']]>([
    ['/ESZ35', 'future'],
    ['/ESZ36', 'future'],
    ['./ESZ36 EW4X26 261127C5750', 'future-option'],
  ])('so far away that brokers would read another is refused: %s', (symbol, assetClass) =>
    expect(problemOf(symbol, assetClass)).toBe(`brokers write one digit of a year, and would take ${symbol} for another contract`),
  )
})
