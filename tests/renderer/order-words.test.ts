import { describe, expect, test } from 'vitest'
import { limitsForm, readLimits } from '../../renderer/features/orders/limits-form.ts'
import { orderWords } from '../../renderer/features/orders/order-line.ts'
import { estimateWords, orderStatus, priceIn, ticketSentence } from '../../renderer/lib/order-words.ts'
import { chosenScopes } from '../../renderer/lib/scopes.ts'
import { visibleText } from '../../renderer/lib/visible-text.ts'
import { STARTING_LIMITS } from '../../shared/domain/order-limits.ts'
import { decimal } from './examples.ts'
import { orderRow, ticket } from './order-examples.ts'

const HIDDEN = [
  0x00, 0x1b, 0x7f, 0x85, 0xad, 0x34f, 0x61c, 0x115f, 0x180e, 0x200b, 0x200d, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e,
  0x2060, 0x2066, 0x2067, 0x2068, 0x2069, 0x3164, 0xfe0f, 0xfeff, 0xffa0, 0xfff9, 0xe0041, 0xe0101, 0xe000,
].map(code => String.fromCodePoint(code))

describe('text of others', () => {
  test.each(HIDDEN)('loses what is not seen or turns it around (%#)', hidden => {
    expect(visibleText(`Sell${hidden} 10${hidden}${hidden} AAPL`)).toBe('Sell 10 AAPL')
  })

  test('is one line, whatever breaks it', () => {
    const breaks = ['\n', '\r\n', '\u2028', '\u2029', '\t', '\v', '\u00a0', '\u3000'].map(text => visibleText(`BUY${text}1`))
    expect(new Set(breaks)).toEqual(new Set(['BUY 1']))
  })

  test('covers no other line with heaps of marks', () => {
    expect(visibleText(`a${'\u0316'.repeat(500)}b`)).toHaveLength(4)
    expect(visibleText('Société Générale, München, 삼성전자')).toBe('Société Générale, München, 삼성전자')
  })
})

describe('an order in words', () => {
  test('says what, how many and at which price', () => {
    expect([
      ticketSentence(ticket(), 'USD'),
      ticketSentence(
        ticket({
          action: 'sell',
          symbol: 'BTC/USD',
          assetClass: 'crypto',
          quantity: null,
          notional: decimal('500'),
          type: 'market',
          limitPrice: null,
        }),
        'USD',
      ),
      ticketSentence(
        ticket({
          action: 'buy-to-open',
          symbol: 'AAPL261218C00250000',
          assetClass: 'option',
          type: 'stop-limit',
          stopPrice: decimal('5'),
          extendedHours: true,
        }),
        'USD',
      ),
    ]).toEqual([
      'Buy 10 AAPL at limit $180.00, day',
      'Sell $500.00 of BTC/USD, market, day',
      'Buy to open 10 AAPL 18 Dec 26 250 C at stop $5.00, limit $180.00, day, extended hours',
    ])
    expect(orderWords(orderRow({ type: 'trailing-stop', limitPrice: null }))).toBe('Buy 10 at trailing stop, day')
    expect(orderWords(orderRow({ limitPrice: decimal('0.0125'), currency: 'EUR' }))).toBe('Buy 10 at limit €0.0125, day')
    expect(orderWords(orderRow({ currency: null }))).toBe('Buy 10 at limit 180.00 of unknown currency, day')
    const both = orderRow({ currency: null, type: 'stop-limit', stopPrice: decimal('175') })
    expect(orderWords(both)).toBe('Buy 10 at stop 175.00, limit 180.00, of unknown currency, day')
    expect(priceIn(decimal('14.89'), null)).toBe('14.89 of unknown currency')
  })

  test('never makes a figure of what nobody said', () => {
    const none = { amount: null, source: 'not-available', note: '' } as const
    expect(estimateWords(none, 'USD', 'Alpaca')).toEqual({ figure: 'Not available', by: '' })
    expect(estimateWords({ amount: decimal('0'), source: 'not-available', note: '' }, 'USD', 'Alpaca').figure).toBe('Not available')
    expect(estimateWords({ amount: decimal('1.5'), source: 'broker', note: '' }, 'USD', 'Alpaca')).toEqual({
      figure: '$1.50',
      by: 'Alpaca says',
    })
    expect(estimateWords({ amount: decimal('1.5'), source: 'ours', note: '' }, 'USD', 'Alpaca').by).toBe('Keelson’s estimate')
  })

  test('keeps the broker’s own word of a status it does not know', () => {
    expect(orderStatus({ status: 'unknown', statusText: '' })).toEqual({ word: 'UNKNOWN', tone: 'warn' })
    expect(orderStatus({ status: 'other', statusText: 'PENDING_\u202eREVIEW' })).toEqual({ word: 'Pending review', tone: 'neutral' })
  })
})

describe('the permission to trade', () => {
  const scopes = [
    { id: '', label: 'Read', required: true },
    { id: 'trading', label: 'Place orders', required: false },
    { id: 'data', label: 'Prices', required: false },
  ]
  test('is ticked when a sign-in is renewed for it, and kept when it was there', () => {
    expect([chosenScopes(scopes, [], false), chosenScopes(scopes, [], true), chosenScopes(scopes, ['data', 'trading'], false)]).toEqual([
      [],
      ['Place orders'],
      ['Place orders', 'Prices'],
    ])
  })
})

describe('limits that are typed', () => {
  test('come out as they went in', () => {
    const limits = { ...STARTING_LIMITS, allow: ['AAPL', 'BRK.B'], deny: ['GME'] }
    expect(readLimits(limitsForm(limits))).toEqual({ ok: true, limits })
    expect(readLimits({ ...limitsForm(limits), allow: ' ', deny: 'gme; amc,GME', maxNotional: '25,000' })).toMatchObject({
      limits: { allow: null, deny: ['GME', 'AMC'], maxNotional: '25000' },
    })
  })

  test.each([
    ['maxNotional', '0'],
    ['maxNotional', '-5'],
    ['collarPercent', ''],
    ['ordersPerMinute', '61'],
    ['ordersPerMinute', '1.5'],
    ['ordersPerDay', '10001'],
    ['quoteMaxAgeMs', '0.1'],
    ['quoteMaxAgeMs', '61'],
    ['collarPercent', '2,5'],
    ['quoteMaxAgeMs', '0,5'],
    ['maxNotional', '1.000,50'],
  ] as const)('are refused where %s is %j', (field, text) => {
    const read = readLimits({ ...limitsForm(undefined), [field]: text })
    expect(read.ok ? [] : Object.keys(read.problems)).toEqual([field])
  })
})
