import { describe, expect, test } from 'vitest'
import { unshownFills, type UnshownFills } from '../../../electron/core/orders/unshown.ts'
import { insertIntent, settleIntent } from '../../../electron/core/store/order-intents.ts'
import { upsertOrders } from '../../../electron/core/store/orders.ts'
import type { BrokerOrder } from '../../../electron/core/brokers/adapter.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { tempDatabase } from '../../support/data-folder.ts'
import { connection, withAccounts } from '../store/support.ts'
import { brokerOrder, limitDraft } from './support/order-books.ts'

const d = Dec.of
const NOW = Instant.parse('2026-11-20T15:00:00Z')
const ago = (ms: number): Instant => Instant.plus(NOW, -ms)
const MINUTE = 60_000

interface Told extends Partial<Pick<BrokerOrder, 'symbol' | 'side' | 'status' | 'submittedAt'>> {
  readonly at?: Instant
  readonly readAt?: Instant
}

function books() {
  const db = tempDatabase()
  const [accountId] = withAccounts(db, { con_a: ['111'] })
  if (!accountId) throw new Error('no account')
  return {
    /** The broker tells that so many of an order are filled. */
    filled(externalId: string, quantity: string, { at = NOW, readAt = NOW, ...rest }: Told = {}): void {
      const order = brokerOrder({ externalId, side: 'sell', quantity: d('100'), filledQuantity: d(quantity), updatedAt: at, ...rest })
      upsertOrders(db.writer, accountId, [order], readAt)
    },
    /** We sent an order, when so many were held. */
    sent(externalId: string, held: string | null, at: Instant, symbol = 'AAPL'): void {
      const about = { accountId, connectionId: connection('con_a').id, environment: 'paper' as const, kind: 'place' as const }
      const rest = {
        draft: limitDraft({ symbol, clientOrderId: externalId }),
        ticket: null,
        hash: '',
        target: null,
        createdAt: at,
        sentAt: at,
      }
      const before = held === null ? null : d(held)
      insertIntent(db.writer, { id: `int_${externalId}`, ...about, clientOrderId: externalId, ...rest, held: before })
      settleIntent(db.writer, `int_${externalId}`, { outcome: 'confirmed', externalId, status: null, error: null, at })
    },
    fills: (aheadMs = 0): UnshownFills => unshownFills(db.reader, accountId, { now: NOW, aheadMs }),
  }
}
const soldOf = ({ fills }: ReturnType<typeof books>, shown = '100', aheadMs = 0): string => fills(aheadMs).of('AAPL', d(shown)).sold

describe('a fill', () => {
  test('counts for five minutes by the time of its broker, and a minute more, since clocks differ', () => {
    const one = books()
    one.filled('x', '10', { at: ago(6 * MINUTE) })
    expect(soldOf(one)).toBe('10')
    const other = books()
    other.filled('x', '10', { at: ago(6 * MINUTE + 1) })
    expect(soldOf(other)).toBe('0')
    // This computer is a second ahead: the broker's five minutes began earlier by our time.
    expect(soldOf(other, '100', 1_000)).toBe('10')
  })

  test('that was read a moment ago counts, whatever time its broker gives it, by what is new of it', () => {
    const one = books()
    const old = ago(60 * MINUTE)
    one.filled('x', '10', { at: old, readAt: old })
    one.filled('x', '30', { at: old, readAt: ago(20 * MINUTE) })
    expect(soldOf(one)).toBe('0')
    one.filled('x', '50', { at: old, readAt: ago(5 * MINUTE) })
    expect(soldOf(one)).toBe('20')
    one.filled('x', '55', { at: NOW })
    expect(soldOf(one)).toBe('25')
  })

  describe('of an order that is over, which is read late,', () => {
    const DAYS = 1440 * MINUTE
    const resting = { at: ago(9 * DAYS), submittedAt: ago(9 * DAYS), readAt: ago(5 * DAYS) }
    const over = { submittedAt: ago(9 * DAYS), status: 'filled' } as const

    test('is shown by now where its broker says that it filled minutes ago', () => {
      const one = books()
      one.filled('x', '0', resting)
      one.filled('x', '50', { ...over, at: ago(6 * MINUTE + 1) })
      expect(soldOf(one)).toBe('0')
      // By a clock that is behind ours it filled later.
      expect(soldOf(one, '100', 1)).toBe('50')
      const other = books()
      other.filled('x', '0', resting)
      other.filled('x', '50', { ...over, at: ago(6 * MINUTE) })
      expect(soldOf(other)).toBe('50')
    })

    test.each([
      ['the order still works', { at: ago(2 * DAYS), status: 'partially-filled' }],
      ['it tells when the order was entered', { at: ago(2 * DAYS), submittedAt: ago(2 * DAYS) }],
      ['it dates the order as before, so that nobody knows when it filled', { at: ago(9 * DAYS), submittedAt: ago(10 * DAYS) }],
    ] as const)('counts all the same where %s', (_, told) => {
      const one = books()
      one.filled('x', '0', resting)
      one.filled('x', '50', { ...over, ...told })
      expect(soldOf(one)).toBe('50')
    })

    test('may not have been in what was held minutes later', () => {
      const one = books()
      one.filled('x', '0', resting)
      one.sent('a', '100', ago(MINUTE))
      one.filled('x', '40', { ...over, at: ago(6 * MINUTE), readAt: NOW })
      one.filled('a', '10')
      expect(one.fills().of('AAPL', d('90')).sold).toBe('40')
    })
  })

  test('of before that is told again with a new time is none', () => {
    const one = books()
    one.filled('x', '0', { at: ago(60 * MINUTE), readAt: ago(60 * MINUTE) })
    one.filled('x', '30', { at: ago(50 * MINUTE), readAt: ago(50 * MINUTE) })
    one.filled('x', '30', { at: NOW })
    expect(soldOf(one)).toBe('0')
  })
})

describe('what was held before', () => {
  test('tells whether the positions have a fill', () => {
    const one = books()
    one.sent('a', '100', ago(MINUTE))
    one.filled('a', '40')
    expect(['100', '80', '60', '50'].map(shown => soldOf(one, shown))).toEqual(['40', '20', '0', '0'])
    expect(one.fills().of('AAPL', d('50'))).toEqual({ sold: '0', bought: '0' })
  })

  test('is that of the oldest of our orders for the symbol; where it says nothing, nothing is known', () => {
    const one = books()
    one.sent('z', '7', ago(3 * MINUTE), 'MSFT')
    one.sent('a', '100', ago(2 * MINUTE))
    one.sent('b', '60', ago(MINUTE))
    one.filled('a', '40')
    one.filled('b', '10')
    one.filled('z', '7', { symbol: 'MSFT' })
    expect(soldOf(one, '50')).toBe('0')
    expect(soldOf(one, '51')).toBe('1')
    one.sent('c', null, ago(4 * MINUTE))
    expect(soldOf(one, '50')).toBe('50')
  })

  test('tells nothing any more a day after that order was sent', () => {
    const sentAgo = (ms: number): string => {
      const one = books()
      one.sent('a', '100', ago(ms))
      one.filled('a', '40')
      return soldOf(one, '60')
    }
    expect([sentAgo(1440 * MINUTE), sentAgo(1440 * MINUTE + 1)]).toEqual(['0', '40'])
  })

  test('may have had those of our orders from before it too', () => {
    const one = books()
    one.sent('older', null, ago(40 * MINUTE))
    one.sent('a', '100', ago(30 * MINUTE))
    one.filled('older', '15', { side: 'buy', at: ago(20 * MINUTE), readAt: ago(20 * MINUTE) })
    one.filled('a', '40')
    expect(['85', '75', '60'].map(shown => soldOf(one, shown))).toEqual(['25', '15', '0'])
  })

  test('may have had the fills of others already: each counts where that is the worse', () => {
    const sold = books()
    sold.sent('a', '100', ago(MINUTE))
    sold.filled('a', '40')
    sold.filled('other', '15')
    expect(['60', '50', '45'].map(shown => soldOf(sold, shown))).toEqual(['15', '5', '0'])
    expect(sold.fills().surely('AAPL', d('60'))).toBe('45')
    const bought = books()
    bought.sent('a', '-100', ago(MINUTE))
    bought.filled('a', '40', { side: 'buy' })
    bought.filled('other', '15', { side: 'buy' })
    expect(['-60', '-50', '-45'].map(shown => bought.fills().of('AAPL', d(shown)).bought)).toEqual(['15', '5', '0'])
    expect(bought.fills().surely('AAPL', d('-60'))).toBe('-45')
  })
})

describe('how many are held for sure', () => {
  test('is what is shown, with our own fills that are missing', () => {
    const one = books()
    expect(one.fills().surely('AAPL', d('100'))).toBe('100')
    one.sent('a', '0', ago(MINUTE))
    one.filled('a', '40', { side: 'buy' })
    expect(one.fills().surely('AAPL', d('0'))).toBe('40')
    expect(one.fills().surely('AAPL', d('40'))).toBe('40')
  })

  test('leaves out what was bought where others filled too', () => {
    const one = books()
    one.sent('a', '100', ago(MINUTE))
    one.filled('a', '40', { side: 'buy' })
    one.filled('other', '15', { side: 'buy' })
    expect(one.fills().surely('AAPL', d('100'))).toBe('100')
  })

  test('is the less, toward none, where nobody knows', () => {
    const one = books()
    one.filled('x', '10')
    one.filled('y', '20', { side: 'buy' })
    expect(one.fills().surely('AAPL', d('100'))).toBe('90')
    expect(one.fills().surely('AAPL', d('-100'))).toBe('-80')
  })
})

describe('positions without what may be sold', () => {
  test('have less of long ones, row by row, and all of short ones and of other symbols', () => {
    const one = books()
    one.filled('x', '30')
    const positions = [
      { symbol: 'AAPL', quantity: d('20') },
      { symbol: 'AAPL', quantity: d('-5') },
      { symbol: 'AAPL', quantity: d('50') },
      { symbol: 'MSFT', quantity: d('9') },
    ]
    expect(
      one
        .fills()
        .without(positions)
        .map(({ quantity }) => quantity),
    ).toEqual(['0', '-5', '40', '9'])
    expect(books().fills().without(positions)).toEqual(positions)
  })

  const left = (one: ReturnType<typeof books>, ...positions: [string, string][]): string[] =>
    one
      .fills()
      .without(positions.map(([symbol, quantity]) => ({ symbol, quantity: d(quantity) })))
      .map(({ quantity }) => quantity)

  test('have less of each symbol that was sold', () => {
    const one = books()
    one.filled('x', '30')
    one.filled('y', '5', { symbol: 'MSFT' })
    expect(left(one, ['AAPL', '50'], ['MSFT', '9'])).toEqual(['20', '4'])
  })

  test('have all of a symbol that shows its sales, whatever else is held', () => {
    const one = books()
    one.sent('a', '100', ago(MINUTE))
    one.filled('a', '40')
    expect(left(one, ['AAPL', '60'], ['MSFT', '9'])).toEqual(['60', '9'])
  })
})
