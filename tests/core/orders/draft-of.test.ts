import { describe, expect, test } from 'vitest'
import { draftOf, promisesToClose, symbolOf } from '../../../electron/core/orders/draft-of.ts'
import { AccountIdSchema } from '../../../shared/contract/schemas.ts'
import type { Ticket } from '../../../shared/contract/orders.ts'
import { Dec } from '../../../shared/domain/decimal.ts'

const ticket = (changes: Partial<Ticket> = {}): Ticket => ({
  accountId: AccountIdSchema.parse('acc_1'),
  symbol: ' aapl ',
  assetClass: 'equity',
  action: 'buy',
  type: 'stop-limit',
  quantity: Dec.of('2'),
  notional: null,
  limitPrice: Dec.of('101'),
  stopPrice: Dec.of('100'),
  timeInForce: 'gtc',
  extendedHours: true,
  replaces: 'w',
  ...changes,
})
const OPTION: Partial<Ticket> = { symbol: 'AAPL261218C00250000', assetClass: 'option' }

describe('the order a ticket asks for', () => {
  test('has everything the ticket says, under an id of its own', () => {
    expect(draftOf(ticket(), 'one')).toEqual({
      clientOrderId: 'one',
      symbol: 'AAPL',
      assetClass: 'equity',
      side: 'buy',
      positionEffect: null,
      type: 'stop-limit',
      quantity: '2',
      notional: null,
      limitPrice: '101',
      stopPrice: '100',
      trail: null,
      timeInForce: 'gtc',
      extendedHours: true,
    })
  })

  test.each([
    ['buy', 'buy', null, false],
    ['sell', 'sell', null, true],
    ['short', 'sell', 'open', false],
    ['cover', 'buy', 'close', true],
  ] as const)('to %s stock is a %s with the effect %s', (action, side, positionEffect, closes) => {
    expect(draftOf(ticket({ action }), 'one')).toMatchObject({ side, positionEffect })
    expect(draftOf(ticket({ action, assetClass: 'fund' }), 'one')).toMatchObject({ side, positionEffect })
    expect(promisesToClose({ action })).toBe(closes)
  })

  test.each([
    ['short', 'sell', 'open'],
    ['cover', 'buy', 'close'],
  ] as const)('to %s a future is a %s with the effect %s: a plain sale promises to close', (action, side, positionEffect) => {
    expect(draftOf(ticket({ symbol: '/ESZ26', assetClass: 'future', action }), 'one')).toMatchObject({ side, positionEffect })
  })

  test.each([
    ['buy-to-open', 'buy', 'open', false],
    ['buy-to-close', 'buy', 'close', true],
    ['sell-to-open', 'sell', 'open', false],
    ['sell-to-close', 'sell', 'close', true],
  ] as const)('to %s an option is a %s with the effect %s', (action, side, positionEffect, closes) => {
    expect(draftOf(ticket({ ...OPTION, action }), 'one')).toMatchObject({ side, positionEffect })
    const onFuture: Partial<Ticket> = { symbol: './ESZ26 EW4X26 261127C5750', assetClass: 'future-option' }
    expect(draftOf(ticket({ ...onFuture, action }), 'one')).toMatchObject({ side, positionEffect })
    expect(promisesToClose({ action })).toBe(closes)
  })

  test.each<[string, Partial<Ticket>]>([
    ['it must say whether it opens or closes, and only for an option', { action: 'buy-to-open' }],
    ['it must say whether it opens or closes, and only for an option', { ...OPTION, action: 'buy' }],
    ['it must say whether it opens or closes, and only for an option', { symbol: '/ESZ26', assetClass: 'future', action: 'sell-to-close' }],
    ['only stocks and futures are shorted and covered', { symbol: 'BTC/USD', assetClass: 'crypto', action: 'cover' }],
    ['only stocks and futures are shorted and covered', { symbol: 'BTC/USD', assetClass: 'crypto', action: 'short' }],
    ['a future is written with its month and two digits of its year, as /ESZ26', { symbol: '/ESZ6', assetClass: 'future' }],
  ])('is none where %s', (reason, changes) => {
    expect(() => draftOf(ticket(changes), 'one')).toThrow(expect.objectContaining({ code: 'order/invalid', details: { reason } }))
  })

  test('for a future or a coin is bought and sold like any other', () => {
    expect(draftOf(ticket({ symbol: '/esz26', assetClass: 'future', action: 'sell' }), 'one')).toMatchObject({
      symbol: '/ESZ26',
      side: 'sell',
    })
    expect(draftOf(ticket({ symbol: 'btcusd', assetClass: 'crypto' }), 'one').symbol).toBe('BTC/USD')
  })
})

test('A symbol is spelled as positions are, whatever the trader typed', () => {
  expect(symbolOf({ symbol: ' brk.b ', assetClass: 'equity' })).toBe('BRK.B')
  expect(symbolOf({ symbol: 'ethusd', assetClass: 'crypto' })).toBe('ETH/USD')
  expect(symbolOf({ symbol: 'eth/usd', assetClass: 'crypto' })).toBe('ETH/USD')
  expect(symbolOf({ symbol: ' ethusd ', assetClass: 'crypto' })).toBe('ETH/USD')
  expect(symbolOf({ symbol: 'ethusd', assetClass: 'equity' })).toBe('ETHUSD')
})
