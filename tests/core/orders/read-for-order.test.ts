import { describe, expect, test } from 'vitest'
import type { BrokerOrder } from '../../../electron/core/brokers/adapter.ts'
import { brokers } from '../../../electron/core/brokers/registry.ts'
import {
  heldOf,
  marketPrice,
  openOrderDays,
  pricesOf,
  type Reading,
  readForOrder,
  saveOpenOrders,
  workingOf,
} from '../../../electron/core/orders/reading.ts'
import { forgetOrders } from '../../../electron/core/store/order-intents.ts'
import { noteYearRead, upsertOrders, yearReadAt } from '../../../electron/core/store/orders.ts'
import { AppError, type ErrorCode } from '../../../shared/contract/errors.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import type { Quote } from '../../../shared/domain/order.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { brokerOrder } from './support/order-books.ts'
import { type OrderDesk, orderDesk, positionOf } from './support/order-desk.ts'

const d = Dec.of
const { signal } = new AbortController()
const DAY_MS = 86_400_000
const CLOSE = Instant.parse('2026-11-19T21:00:00Z')

function quoteOf(symbol: string, changes: Partial<Quote> = {}): Quote {
  const price = { bid: d('99'), ask: d('101'), last: d('100'), previousClose: null }
  return { symbol, ...price, currency: 'USD', delayed: false, asOf: CLOSE, ...changes }
}

async function read(desk: OrderDesk): Promise<Reading> {
  return readForOrder({ reader: desk.db.reader, clock: desk.clock }, await desk.venue(), { symbol: 'AAPL' }, { signal })
}
const pricesAsked = ({ asked }: OrderDesk): string[] => asked.filter(one => one.startsWith('quotes'))

describe('what is read for an order', () => {
  test('is the account as its broker lists it, its price apart from the others, and when it was read', async () => {
    const desk = await orderDesk()
    const [own] = desk.says.accounts
    if (!own) throw new Error('no account')
    desk.says.accounts = [{ ...own, key: 'key-of-another' }, own]
    desk.says.quotes = [quoteOf('MSFT'), quoteOf('AAPL')]
    expect(await read(desk)).toMatchObject({
      told: own,
      quote: { symbol: 'AAPL' },
      others: [{ symbol: 'MSFT' }],
      quotedAt: desk.clock.now(),
      isMixed: false,
    })
    expect(desk.asked.toSorted()).toEqual([
      'accounts',
      'balances of key-PA3ABCDEF',
      'orders of key-PA3ABCDEF',
      'positions of key-PA3ABCDEF',
      'quotes of AAPL',
    ])
    // The price is the newest of it all.
    expect(desk.asked.at(-1)).toBe('quotes of AAPL')
    desk.says.quotes = [quoteOf('MSFT')]
    desk.says.accounts = []
    expect(await read(desk)).toMatchObject({ told: undefined, quote: null })
  })

  test('are the prices of working orders that have none of their own, each once', async () => {
    const desk = await orderDesk()
    const bare = { limitPrice: null, stopPrice: null }
    desk.says.orders = [
      brokerOrder({ symbol: 'AAPL', ...bare }),
      brokerOrder({ symbol: 'MSFT', ...bare }),
      brokerOrder({ symbol: 'MSFT', ...bare }),
      brokerOrder({ symbol: 'IBM', limitPrice: d('5'), stopPrice: null }),
      brokerOrder({ symbol: 'SPY', limitPrice: null, stopPrice: d('5') }),
      brokerOrder({ symbol: 'KO', ...bare }),
      brokerOrder({ symbol: null, ...bare }),
    ]
    await read(desk)
    expect(pricesAsked(desk)).toEqual(['quotes of AAPL MSFT KO'])
  })

  test('are the prices of all of them where the account has several currencies, which only a price tells apart', async () => {
    const desk = await orderDesk()
    const [dollars] = desk.says.balances
    if (!dollars) throw new Error('no balance')
    desk.says.balances = [dollars, { ...dollars, currency: 'EUR' }]
    desk.says.orders = [brokerOrder({ symbol: 'AAPL' }), brokerOrder({ symbol: 'SAP' }), brokerOrder({ symbol: null })]
    expect((await read(desk)).isMixed).toBe(true)
    expect(pricesAsked(desk)).toEqual(['quotes of AAPL SAP'])
  })
})

describe('the days on which orders that may still work were entered', () => {
  test.each<[string, number | null, string]>([
    ['no order is known to work', null, '2026-09-21'],
    ['the oldest is of last week', 7, '2026-09-21'],
    ['the oldest is of a hundred days ago', 100, '2026-08-12'],
    ['the oldest is of two years ago: no broker tells that', 730, '2025-11-21'],
  ])('begin sixty days ago, or with the oldest of them, where %s', async (_, daysAgo, from) => {
    const desk = await orderDesk()
    const now = desk.clock.now()
    const old = (days: number): BrokerOrder => brokerOrder({ submittedAt: Instant.plus(now, -days * DAY_MS) })
    if (daysAgo !== null) upsertOrders(desk.db.writer, desk.accountId, [old(daysAgo)], now)
    noteYearRead(desk.db.writer, desk.accountId, now)
    expect(openOrderDays(desk.db.reader, await desk.venue(), now)).toEqual({ from, to: '2026-11-21' })
    await read(desk)
    expect(desk.says.range).toBe(`open from ${from} to 2026-11-21`)
  })
})

describe('orders that were entered long ago and still work', () => {
  const rangeAsked = async (desk: OrderDesk): Promise<string> => {
    await desk.reviews.review(desk.ticket(), { signal })
    return desk.says.range
  }
  const YEAR = 'open from 2025-11-21 to 2026-11-21'
  const USUAL = 'open from 2026-09-21 to 2026-11-21'

  test('are looked for once in all that a broker tells, and again where nobody looked for sixty days', async () => {
    const desk = await orderDesk()
    expect(await rangeAsked(desk)).toBe(YEAR)
    expect(yearReadAt(desk.db.reader, desk.accountId)).toBe(desk.clock.now())
    expect(await rangeAsked(desk)).toBe(USUAL)
    noteYearRead(desk.db.writer, desk.accountId, Instant.plus(desk.clock.now(), -59 * DAY_MS))
    expect(await rangeAsked(desk)).toBe(USUAL)
    noteYearRead(desk.db.writer, desk.accountId, Instant.plus(desk.clock.now(), -60 * DAY_MS))
    expect(await rangeAsked(desk)).toBe(YEAR)
    noteYearRead(desk.db.writer, desk.accountId, Instant.plus(desk.clock.now(), DAY_MS))
    expect(await rangeAsked(desk)).toBe(YEAR)
    forgetOrders(desk.db.writer, desk.connection.id, { before: desk.clock.now(), at: desk.clock.now() })
    expect(yearReadAt(desk.db.reader, desk.accountId)).toBeNull()
  })

  test('keep what they sell from being sold twice', async () => {
    const desk = await orderDesk()
    const now = desk.clock.now()
    const resting = brokerOrder({ side: 'sell', quantity: d('10'), limitPrice: d('150'), submittedAt: Instant.plus(now, -90 * DAY_MS) })
    const { adapter } = await desk.venue()
    Object.assign(adapter, {
      orders: (_: string, { range }: { readonly range: { readonly from: string } }) =>
        Promise.resolve([resting].filter(({ submittedAt }) => submittedAt.slice(0, 10) >= range.from)),
    })
    desk.says.positions = [positionOf('AAPL', '10')]
    for (const _look of [1, 2]) {
      const { stops } = await desk.reviews.review(desk.ticket({ action: 'sell' }), { signal })
      expect(stops.map(({ code }) => code)).toContain('order/stopped-more-than-held')
    }
  })
})

test('A reading of sixty days does not stand for one of a year: that is repeated when the last one is sixty days old', async () => {
  const desk = await orderDesk()
  const venue = await desk.venue()
  const first = desk.clock.now()
  const readAt = (): string | null => {
    const now = desk.clock.now()
    const days = openOrderDays(desk.db.reader, venue, now)
    desk.db.writer.tx(w => saveOpenOrders(w, venue, { orders: [], days }, now))
    return yearReadAt(desk.db.reader, desk.accountId)
  }
  expect(readAt()).toBe(first)
  desk.clock.jump(59 * DAY_MS)
  expect(readAt()).toBe(first)
  desk.clock.jump(DAY_MS)
  expect(readAt()).toBe(desk.clock.now())
})

describe('prices', () => {
  test('are not asked of a broker that has none', async () => {
    const desk = await orderDesk()
    const venue = await desk.venue()
    const without = { ...venue, broker: { ...brokers.alpaca, can: { ...brokers.alpaca.can, quotes: false } } }
    expect(await pricesOf(without, ['AAPL'], { signal })).toEqual([])
    expect(desk.asked).toEqual([])
    expect(await pricesOf(venue, ['AAPL'], { signal })).toHaveLength(1)
  })

  const failing = async (error: Error): Promise<Quote[]> => {
    const desk = await orderDesk()
    const venue = await desk.venue()
    return pricesOf({ ...venue, adapter: { ...venue.adapter, quotes: () => Promise.reject(error) } }, ['AAPL'], { signal })
  }

  test.each<ErrorCode>(['net/offline', 'broker/unreadable'])('that do not come for %s are missing', async code => {
    expect(await failing(new AppError(code))).toEqual([])
  })

  test.each<Error>([
    new AppError('app/canceled'),
    new AppError('auth/sign-in-needed'),
    new AppError('vault/locked'),
    new TypeError('a mistake of our own'),
  ])('that do not come for what ends it all say why: $message', async error => {
    await expect(failing(error)).rejects.toBe(error)
  })
})

describe('what is held of what an order is for', () => {
  const held = (assetClass: AssetClass, quote: Quote | null, currency = 'USD'): string => {
    const five = { ...positionOf('AAPL', '5'), assetClass, currency }
    return heldOf({ positions: [five, positionOf('MSFT', '7')], quote }, 'AAPL')
  }

  test.each<AssetClass>(['equity', 'fund', 'option', 'future', 'future-option', 'crypto'])('counts as %s', assetClass => {
    expect([held(assetClass, quoteOf('AAPL')), held(assetClass, null)]).toEqual(['5', '5'])
  })

  test.each<AssetClass>(['bond', 'forex', 'index', 'cash', 'other'])('is nothing as %s, which may go by the same name', assetClass => {
    expect([held(assetClass, quoteOf('AAPL')), held(assetClass, null)]).toEqual(['0', '0'])
  })

  test('is nothing in another currency than that of its price, and everything where there is none', () => {
    expect([held('equity', quoteOf('AAPL'), 'EUR'), held('equity', null, 'EUR')]).toEqual(['0', '5'])
  })
})

test('What is held in another currency covers no option that rests', () => {
  const call = brokerOrder({ symbol: 'AAPL261218C00250000', side: 'sell', quantity: d('1'), limitPrice: d('4') })
  const working = (currency: string): (string | null)[] =>
    workingOf(
      { orders: [call], positions: [{ ...positionOf('AAPL', '100'), currency }], quote: null, others: [], isMixed: false },
      null,
      'USD',
    ).map(({ value }) => value)
  expect([working('USD'), working('EUR')]).toEqual([['420'], ['25420']])
})

describe('an order that works', () => {
  const working = (order: Partial<BrokerOrder>, quote: Quote | null): ReturnType<typeof workingOf> =>
    workingOf({ orders: [brokerOrder(order)], positions: [], quote, others: [], isMixed: false }, null, 'USD')
  const market = { type: 'MARKET', limitPrice: null }
  const valueOf = (side: 'buy' | 'sell', changes: Partial<Quote>): string | null | undefined =>
    working({ ...market, side }, quoteOf('AAPL', changes))[0]?.value

  test('without a price of its own is worth the highest of the prices, where the market says what it meets', () => {
    expect(valueOf('buy', {})).toBe('212.1')
    expect(valueOf('sell', {})).toBe('212.1')
    expect(valueOf('sell', { bid: Dec.of('0.01'), last: Dec.of('190') })).toBe('399')
    expect(valueOf('buy', { ask: null })).toBe('210')
    expect(valueOf('sell', { bid: null })).toBe('212.1')
    expect(valueOf('sell', { bid: null, last: null })).toBeNull()
  })

  test('is never worth nothing because nobody offers anything', () => {
    expect(valueOf('buy', { ask: Dec.zero })).toBe('210')
    expect(valueOf('sell', { bid: Dec.zero })).toBe('212.1')
    expect(valueOf('buy', { ask: Dec.zero, last: Dec.zero })).toBeNull()
  })

  test('that nobody can read, or of which nobody knows the size, leaves no room', () => {
    expect(working({ symbol: null }, null)).toEqual([{ symbol: '', side: 'buy', quantity: '2', value: null }])
    expect(working({ quantity: null }, null)).toEqual([{ symbol: 'AAPL', side: 'buy', quantity: '1000000000', value: null }])
  })
})

describe('the price of a market that is closed', () => {
  const asOf = (assetClass: AssetClass, said: string, quotedAt: string): string | undefined => {
    const about = { environment: 'live', session: 'closed', aheadMs: 0 } as const
    const reading = { quote: quoteOf('AAPL', { asOf: Instant.parse(said) }), quotedAt: Instant.parse(quotedAt) }
    return marketPrice(reading, { assetClass, extendedHours: false }, about)?.asOf
  }
  const MORNING = '2026-11-20T10:00:00.000Z'

  test('is the last of its session up to a quarter of an hour before its end', () => {
    expect(asOf('equity', '2026-11-19T20:45:00.000Z', MORNING)).toBe(MORNING)
    expect(asOf('equity', '2026-11-19T20:44:59.999Z', MORNING)).toBe('2026-11-19T20:44:59.999Z')
  })

  test('is that of its own market: one of a future ends on Friday afternoon, and one of crypto never', () => {
    const [saturday, friday] = ['2026-11-21T10:00:00.000Z', '2026-11-20T21:00:00.000Z']
    expect(asOf('equity', friday, saturday)).toBe(saturday)
    expect(asOf('future', friday, saturday)).toBe(friday)
    expect(asOf('future', '2026-11-20T21:59:00.000Z', saturday)).toBe(saturday)
    expect(asOf('crypto', friday, saturday)).toBe(friday)
  })
})
