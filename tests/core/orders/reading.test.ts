import { describe, expect, test } from 'vitest'
import { marketPrice, type Reading, workingOf } from '../../../electron/core/orders/reading.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { Quote } from '../../../shared/domain/order.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { brokerOrder } from './support/order-books.ts'

const NOW = Instant.parse('2026-11-20T15:00:00Z')
const quote = (changes: Partial<Quote> = {}): Quote => ({
  symbol: 'AAPL',
  bid: Dec.of('99'),
  ask: Dec.of('101'),
  last: Dec.of('100'),
  previousClose: null,
  currency: 'USD',
  delayed: false,
  asOf: Instant.plus(NOW, -1_000),
  ...changes,
})
const reading = (changes: Partial<Reading> = {}): Pick<Reading, 'orders' | 'positions' | 'quote' | 'others' | 'isMixed'> => ({
  orders: [],
  positions: [],
  quote: quote(),
  others: [],
  isMixed: false,
  ...changes,
})
const values = (changes: Partial<Reading>, replaces: string | null = null): (string | null)[] =>
  workingOf(reading(changes), replaces, 'USD').map(({ value }) => value)

describe('orders that work', () => {
  test('count what is left of them, at their worst, a hundred shares for an option', () => {
    expect(values({ orders: [brokerOrder({ quantity: Dec.of('10'), filledQuantity: Dec.of('4'), limitPrice: Dec.of('90') })] })).toEqual([
      '540',
    ])
    expect(values({ orders: [brokerOrder({ type: 'MARKET', limitPrice: null })] })).toEqual(['212.1'])
    expect(values({ orders: [brokerOrder({ symbol: 'AAPL261218C00250000', limitPrice: Dec.of('3') })] })).toEqual(['600'])
    expect(values({ orders: [brokerOrder({ side: 'sell', limitPrice: Dec.of('200') })] })).toEqual(['400'])
  })

  test('that sell an option to open it count with their strike like new ones, as far as nothing covers them', () => {
    const call = brokerOrder({ symbol: 'AAPL261218C00250000', side: 'sell', quantity: Dec.of('1'), limitPrice: Dec.of('4') })
    const held = (symbol: string, quantity: string): Reading['positions'] =>
      [{ symbol, quantity: Dec.of(quantity), currency: 'USD' }] as unknown as Reading['positions']
    expect(values({ orders: [call] })).toEqual(['25420'])
    expect(values({ orders: [call], positions: held('AAPL', '100') })).toEqual(['420'])
    expect(values({ orders: [call, call], positions: held('AAPL', '100') })).toEqual(['420', '25420'])
    expect(values({ orders: [{ ...call, symbol: 'AAPL261218P00150000' }], positions: held('AAPL', '100') })).toEqual(['15420'])
    // What is held is sold first.
    expect(values({ orders: [call, call], positions: held('AAPL261218C00250000', '1') })).toEqual(['420', '25420'])
    expect(values({ orders: [{ ...call, side: 'buy' }] })).toEqual(['400'])
    expect(values({ orders: [{ ...call, side: null }] })).toEqual(['400', '25420'])
  })

  test('take nothing off the others where more of one was filled than it is for', () => {
    const over = brokerOrder({ quantity: Dec.of('2'), filledQuantity: Dec.of('3') })
    expect(workingOf(reading({ orders: [over] }), null, 'USD')).toEqual([{ symbol: 'AAPL', side: 'buy', quantity: '0', value: '0' }])
  })

  test('in a currency nobody converts count for nothing as far as they only close what is held in it', () => {
    const euros = quote({ currency: 'EUR' })
    const held = (quantity: string, currency = 'EUR'): Reading['positions'] =>
      [{ symbol: 'AAPL', quantity: Dec.of(quantity), currency, assetClass: 'equity' }] as unknown as Reading['positions']
    const sale = brokerOrder({ side: 'sell', quantity: Dec.of('6') })
    expect(values({ quote: euros, orders: [sale], positions: held('6') })).toEqual(['0'])
    expect(values({ quote: euros, orders: [{ ...sale, side: 'buy' }], positions: held('-6') })).toEqual(['0'])
    expect(values({ quote: null, isMixed: true, orders: [sale], positions: held('6') })).toEqual(['0'])
    expect(values({ quote: euros, orders: [sale], positions: held('5') })).toEqual([null])
    expect(values({ quote: euros, orders: [sale], positions: held('6', 'USD') })).toEqual([null])
    expect(values({ quote: euros, orders: [{ ...sale, side: 'buy' }], positions: held('6') })).toEqual([null])
    expect(values({ quote: euros, orders: [sale, sale], positions: held('11') })).toEqual(['0', null])
    expect(values({ quote: euros, orders: [{ ...sale, side: null }], positions: held('6') })).toEqual([null, null])
    expect(values({ quote: euros, orders: [{ ...sale, quantity: null }], positions: held('6') })).toEqual([null])
  })

  test('make room for the one that is replaced', () => {
    const orders = [brokerOrder({ externalId: 'a' }), brokerOrder({ externalId: 'b', limitPrice: Dec.of('50') })]
    expect(values({ orders })).toEqual(['200', '100'])
    expect(values({ orders }, 'a')).toEqual(['100'])
  })

  test('may be worth anything where nobody can tell: no price, no size, another currency, an adjusted contract, no side', () => {
    expect(values({ orders: [brokerOrder({ symbol: 'MSFT', type: 'MARKET', limitPrice: null })] })).toEqual([null])
    expect(values({ orders: [brokerOrder({ quantity: null })] })).toEqual([null])
    // An order for an amount of money is told by some with a size of nothing.
    expect(workingOf(reading({ orders: [brokerOrder({ quantity: Dec.zero })] }), null, 'USD')).toEqual([
      { symbol: 'AAPL', side: 'buy', quantity: '1000000000', value: null },
    ])
    expect(values({ orders: [brokerOrder({ symbol: 'SAP' })], others: [quote({ symbol: 'SAP', currency: 'EUR' })] })).toEqual([null])
    expect(values({ orders: [brokerOrder({ symbol: 'SAP' })], isMixed: true })).toEqual([null])
    expect(values({ orders: [brokerOrder({ symbol: 'AAPL1261218C00250000' })] })).toEqual([null])
    expect(workingOf(reading({ orders: [brokerOrder({ side: null })] }), null, 'USD').map(({ side }) => side)).toEqual(['buy', 'sell'])
  })
})

describe('a price', () => {
  const draft = { assetClass: 'equity' as const, extendedHours: false }
  const asOf = (given: Quote, about: Partial<Parameters<typeof marketPrice>[2]> = {}): string | undefined =>
    marketPrice({ quote: given, quotedAt: NOW }, draft, { environment: 'live', session: 'open', aheadMs: 0, ...about })?.asOf

  test('is as old as the broker says while the market is open, and a delayed one a quarter of an hour older', () => {
    expect(asOf(quote())).toBe('2026-11-20T14:59:59.000Z')
    expect(asOf(quote({ delayed: true }))).toBe('2026-11-20T14:44:59.000Z')
    expect(asOf(quote(), { aheadMs: 60_000 })).toBe('2026-11-20T15:00:59.000Z')
  })

  test("delayed is good enough where nobody's money is", () => {
    expect(asOf(quote({ delayed: true }), { environment: 'paper' })).toBe(NOW)
  })

  test('of the last minutes of a session is what there is after it, and an older one is not', () => {
    const closed = { session: 'closed' as const }
    expect(asOf(quote({ asOf: Instant.parse('2026-11-19T20:59:50Z') }), closed)).toBe(NOW)
    expect(asOf(quote({ asOf: Instant.parse('2026-11-19T15:00:00Z') }), closed)).toBe('2026-11-19T15:00:00.000Z')
  })

  test('of the last session is too old for an order that trades at once, before the opening or after the close', () => {
    const close = Instant.parse('2026-11-19T20:59:59Z')
    const extended = { environment: 'live', session: 'extended', aheadMs: 0 } as const
    const priced = (asOf: Instant, extendedHours: boolean): string | undefined =>
      marketPrice({ quote: quote({ asOf }), quotedAt: NOW }, { ...draft, extendedHours }, extended)?.asOf
    expect(priced(close, true)).toBe('2026-11-19T20:59:59.000Z')
    expect(priced(Instant.plus(NOW, -1_000), true)).toBe('2026-11-20T14:59:59.000Z')
    // One that waits for the opening has no newer price than this.
    expect(priced(close, false)).toBe(NOW)
    expect(
      marketPrice({ quote: quote({ asOf: close }), quotedAt: NOW }, { ...draft, extendedHours: true }, { ...extended, session: 'closed' })
        ?.asOf,
    ).toBe(NOW)
  })

  test('nobody dates is too old where money is, and good enough where none is', () => {
    const undated = quote({ asOf: null })
    expect(asOf(undated)).toBe('1970-01-01T00:00:00.000Z')
    expect(asOf(undated, { session: 'closed' })).toBe('1970-01-01T00:00:00.000Z')
    expect(asOf(undated, { environment: 'paper', aheadMs: 60_000 })).toBe(NOW)
  })

  test('has bid and ask dated by themselves, and the last by itself, where the broker does', () => {
    const times = { quoted: Instant.parse('2026-11-20T14:59:59.000Z'), traded: Instant.parse('2026-11-20T12:00:00.000Z') }
    const dated = (given: NonNullable<Quote['times']>, environment: 'live' | 'paper' = 'live', delayed = false): unknown =>
      marketPrice({ quote: quote({ asOf: null, times: given, delayed }), quotedAt: NOW }, draft, {
        environment,
        session: 'open',
        aheadMs: 0,
      })
    expect(dated(times)).toMatchObject({ asOf: times.quoted, lastAsOf: times.traded })
    expect(dated(times, 'live', true)).toMatchObject({ asOf: '2026-11-20T14:44:59.000Z', lastAsOf: '2026-11-20T11:45:00.000Z' })
    expect(dated({ ...times, traded: null })).toMatchObject({ asOf: times.quoted, lastAsOf: '1970-01-01T00:00:00.000Z' })
    expect(dated({ ...times, traded: null }, 'paper')).toMatchObject({ asOf: times.quoted, lastAsOf: NOW })
    const closed = { environment: 'live', session: 'closed', aheadMs: 0 } as const
    const ofClose = { quoted: Instant.parse('2026-11-19T20:59:59.000Z'), traded: Instant.parse('2026-11-19T18:00:00.000Z') }
    expect(marketPrice({ quote: quote({ times: ofClose }), quotedAt: NOW }, draft, closed)).toMatchObject({
      asOf: NOW,
      lastAsOf: ofClose.traded,
    })
  })

  test('dated by this computer itself is not moved by how far its clock is ahead', () => {
    for (const aheadMs of [60_000, -60_000]) {
      const times = { quoted: NOW, traded: Instant.plus(NOW, -aheadMs - 2_000), isOwnClock: true }
      expect(
        marketPrice({ quote: quote({ asOf: NOW, times }), quotedAt: NOW }, draft, { environment: 'live', session: 'open', aheadMs }),
      ).toMatchObject({ asOf: NOW, lastAsOf: Instant.plus(NOW, -2_000) })
    }
  })

  test('nobody gave is none', () => {
    expect(marketPrice({ quote: null, quotedAt: NOW }, draft, { environment: 'live', session: 'open', aheadMs: 0 })).toBeNull()
  })
})
