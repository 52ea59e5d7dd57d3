import { describe, expect, test } from 'vitest'
import type { BrokerOrder } from '../../../electron/core/brokers/adapter.ts'
import { createPlace } from '../../../electron/core/orders/place.ts'
import { createSubmit } from '../../../electron/core/orders/submit.ts'
import { writeLimits } from '../../../electron/core/store/order-limits.ts'
import { upsertOrders } from '../../../electron/core/store/orders.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import type { PlacedView, ReviewView, Ticket } from '../../../shared/contract/orders.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { STARTING_LIMITS } from '../../../shared/domain/order-limits.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { brokerOrder } from './support/order-books.ts'
import { type OrderDesk, orderDesk, positionOf } from './support/order-desk.ts'

const d = Dec.of
const { signal } = new AbortController()
const MINUTES = 60_000
const worth = { currency: 'USD', netLiquidation: d('50000'), cash: null, buyingPower: null }

interface Lagging {
  readonly desk: OrderDesk
  review(ticket: Partial<Ticket>): Promise<ReviewView>
  send(ticket: Partial<Ticket>): Promise<PlacedView>
  /** Why an order would not go now. */
  stops(ticket: Partial<Ticket>): Promise<string[]>
  /** Sends an order that fills at once, as the broker tells of it. The positions stay what a test says they are. */
  fills(ticket: Partial<Ticket>, changes?: Partial<BrokerOrder>): Promise<void>
}

/** Ninety shares of AAPL are held, at a broker whose positions are those of before. */
async function lagging(held = '90'): Promise<Lagging> {
  const desk = await orderDesk()
  if (held !== '0') desk.says.positions = [positionOf('AAPL', held)]
  desk.says.balances = [{ ...worth, asOf: desk.clock.now() }]
  const single = new Map<string, BrokerOrder>()
  Object.assign((await desk.venue()).adapter, {
    orderStatus(_: string, id: string) {
      desk.asked.push(`status of ${id}`)
      const found = single.get(id)
      return found ? Promise.resolve(found) : Promise.reject(new AppError('order/not-found', { details: { broker: 'Alpaca' } }))
    },
  })
  const submit = createSubmit({ core: desk.core, kill: desk.deps.kill, isLocked: () => false, onOutcome: () => undefined })
  const place = createPlace(desk.deps, { reviews: desk.reviews, submit })
  const review = (ticket: Partial<Ticket>): Promise<ReviewView> => {
    const asOf = desk.clock.now()
    desk.says.quotes = desk.says.quotes.map(quote => ({ ...quote, asOf }))
    return desk.reviews.review(desk.ticket(ticket), { signal })
  }
  const send: Lagging['send'] = async ticket => {
    const { reviewId, hash, needs } = await review(ticket)
    return place({ reviewId, hash, confirmed: needs.map(({ confirmation }) => confirmation), from: 'window', signal })
  }
  return {
    desk,
    review,
    send,
    stops: async ticket => (await review(ticket)).stops.map(({ code }) => code.replace('order/stopped-', '')),
    async fills(ticket, changes = {}) {
      const { externalId } = await send(ticket)
      const { action, quantity } = desk.ticket(ticket)
      const at = desk.clock.now()
      const order = brokerOrder({
        externalId: externalId ?? '',
        side: action === 'sell' || action === 'short' ? 'sell' : 'buy',
        quantity,
        filledQuantity: quantity ?? Dec.zero,
        status: 'filled',
        submittedAt: at,
        updatedAt: at,
        ...changes,
      })
      single.set(order.externalId, order)
      upsertOrders(desk.db.writer, desk.accountId, [order], at)
      desk.clock.jump(1_000)
    },
  }
}

const SELL = { action: 'sell', quantity: d('90') } as const
const sell = (quantity: string): Partial<Ticket> => ({ action: 'sell', quantity: d(quantity) })

describe('shares that were sold a moment ago, while the positions are those of before', () => {
  test('are not sold once more as if that closed something', async () => {
    const { fills, stops, send } = await lagging()
    await fills(SELL)
    expect(await stops(SELL)).toContain('fills-not-shown')
    expect(await stops(sell('1'))).toEqual(['fills-not-shown'])
    await expect(send(sell('1'))).rejects.toMatchObject({ code: 'order/stopped-fills-not-shown' })
  })

  test('leave what was not sold, and say how much that is and until when to wait', async () => {
    const { desk, fills, stops, review } = await lagging()
    await fills(sell('50'))
    expect(await stops(sell('40'))).toEqual([])
    const { stops: found } = await review(sell('41'))
    expect(found.map(({ code }) => code)).toEqual(['order/stopped-fills-not-shown'])
    expect(found[0]?.message).toMatch(/sell 41 of AAPL .* only 40 are left for sure/)
    expect(found[0]?.action).toMatch(/no more than that.*after 5 minutes at the latest/)
    desk.says.positions = [positionOf('AAPL', '40')]
    expect(await stops(sell('40'))).toEqual([])
    expect(await stops(sell('41'))).toEqual(['more-than-held'])
  })

  test('are not said to be held where something opens the other way: their sale has to be shown first', async () => {
    const { desk, fills, review } = await lagging('100')
    const short = { action: 'short', quantity: d('5') } as const
    await fills(sell('60'))
    const partly = await review(short)
    expect(partly.stops.map(({ code }) => code)).toEqual(['order/stopped-held-other-way'])
    expect(partly.stops[0]?.message).toContain('40 of AAPL are held the other way round')
    await fills(sell('40'))
    const { stops: found } = await review(short)
    expect(found.map(({ code }) => code)).toEqual(['order/stopped-close-not-shown'])
    expect(found[0]?.message).toMatch(/still shows 100 of AAPL held the other way round/)
    expect(found[0]?.action).toMatch(/after 5 minutes at the latest/)
    desk.says.positions = []
    expect((await review(short)).stops).toEqual([])
  })

  test('are taken for shown after five minutes', async () => {
    const { desk, fills, stops } = await lagging()
    await fills(sell('50'))
    const passed = 1_000
    desk.clock.jump(5 * MINUTES - passed)
    expect(await stops(sell('90'))).toEqual(['fills-not-shown'])
    desk.clock.jump(1)
    // By the broker's time, which may be a minute behind.
    desk.clock.jump(MINUTES)
    expect(await stops(sell('90'))).toEqual([])
  })

  test('may be sold anew once they were bought back, and no more', async () => {
    const { desk, fills, stops } = await lagging('0')
    await fills({ action: 'buy', quantity: d('50') })
    desk.says.positions = [positionOf('AAPL', '50')]
    expect(await stops(sell('50'))).toEqual([])
    await fills(sell('50'))
    expect(await stops(sell('50'))).toEqual(['fills-not-shown'])
    await fills({ action: 'buy', quantity: d('20') })
    expect(await stops(sell('21'))).toEqual(['fills-not-shown'])
    expect(await stops(sell('20'))).toEqual([])
  })

  test('by an order of somebody else count too, and without a word on what was held before as not shown', async () => {
    const { desk, stops } = await lagging()
    const updatedAt = Instant.plus(desk.clock.now(), -2 * MINUTES)
    const filled = { side: 'sell', status: 'filled', quantity: d('30'), filledQuantity: d('30'), updatedAt } as const
    upsertOrders(desk.db.writer, desk.accountId, [brokerOrder({ externalId: 'x', ...filled })], desk.clock.now())
    expect(await stops(sell('60'))).toEqual([])
    expect(await stops(sell('61'))).toEqual(['fills-not-shown'])
    // Neither purchases nor other symbols are sold.
    const others = [brokerOrder({ externalId: 'y', ...filled, side: 'buy' }), brokerOrder({ externalId: 'z', ...filled, symbol: 'MSFT' })]
    upsertOrders(desk.db.writer, desk.accountId, others, desk.clock.now())
    expect(await stops(sell('60'))).toEqual([])
  })

  test('may be sold no more, but those that were not, where the sale is days old and only read now', async () => {
    const { desk, stops } = await lagging('40')
    const day = 24 * 60 * MINUTES
    const at = (days: number): Instant => Instant.plus(desk.clock.now(), -days * day)
    const resting = brokerOrder({ externalId: 'gtc', side: 'sell', quantity: d('50'), submittedAt: at(9), updatedAt: at(9) })
    upsertOrders(desk.db.writer, desk.accountId, [resting], at(5))
    const filled = { ...resting, status: 'filled', filledQuantity: d('50'), updatedAt: at(2) } as const
    upsertOrders(desk.db.writer, desk.accountId, [filled], desk.clock.now())
    expect(await stops(sell('40'))).toEqual([])
    expect(await stops(sell('41'))).toEqual(['more-than-held'])
  })

  test('are said to be missing of a purchase that may open too only where it is stopped', async () => {
    const { desk, stops } = await lagging('0')
    const [symbol, updatedAt] = ['/MESZ26', Instant.plus(desk.clock.now(), -MINUTES)]
    const [quote] = desk.says.quotes
    if (!quote) throw new Error('no quote')
    desk.says.rules = { assetClasses: ['future'] }
    desk.says.quotes = [{ ...quote, symbol, bid: d('5999.75'), ask: d('6000'), last: d('6000') }]
    desk.says.positions = [{ ...positionOf(symbol, '-2'), assetClass: 'future' }]
    const bought = { symbol, side: 'buy', status: 'filled', quantity: d('2'), filledQuantity: d('2'), updatedAt } as const
    upsertOrders(desk.db.writer, desk.accountId, [brokerOrder({ externalId: 'x', ...bought })], desk.clock.now())
    const one = { symbol, assetClass: 'future', action: 'buy', quantity: d('1'), limitPrice: d('6000') } as const
    expect(await stops(one)).toEqual(['fills-not-shown', 'notional', 'position', 'open-value'])
    const roomy = { maxNotional: d('100000'), maxPosition: d('100000'), maxOpenValue: d('100000') }
    writeLimits(desk.db.writer, null, { ...STARTING_LIMITS, ...roomy }, desk.clock.now())
    expect(await stops(one)).toEqual([])
  })

  test('cover no call that is sold to open', async () => {
    const { desk, fills, review } = await lagging('100')
    const symbol = 'AAPL261218C00250000'
    const [quote] = desk.says.quotes
    if (!quote) throw new Error('no quote')
    desk.says.quotes = [quote, { ...quote, symbol, bid: d('4'), ask: d('4.1'), last: d('4') }]
    const call = { symbol, assetClass: 'option', action: 'sell-to-open', quantity: d('1'), limitPrice: d('4') } as const
    expect((await review(call)).worstValue).toMatchObject({ amount: '430.5' })
    await fills(sell('1'))
    expect((await review(call)).worstValue).toMatchObject({ amount: '25430.5' })
  })
})

describe('an order that rested and is not listed any more', () => {
  const resting = (desk: OrderDesk, changes: Partial<BrokerOrder> = {}): BrokerOrder => {
    const at = Instant.plus(desk.clock.now(), -60 * MINUTES)
    return brokerOrder({
      externalId: 'r',
      side: 'sell',
      quantity: d('90'),
      limitPrice: d('105'),
      submittedAt: at,
      updatedAt: at,
      ...changes,
    })
  }

  test('is asked for: what it just sold is not sold again', async () => {
    const { desk, stops } = await lagging()
    const { clock, db, accountId } = desk
    upsertOrders(db.writer, accountId, [resting(desk)], Instant.plus(clock.now(), -30 * MINUTES))
    const filled = resting(desk, { status: 'filled', filledQuantity: d('90'), updatedAt: clock.now() })
    Object.assign((await desk.venue()).adapter, { orderStatus: () => Promise.resolve(filled) })
    expect(await stops(sell('1'))).toEqual(['fills-not-shown'])
  })

  const goneWith = async (desk: OrderDesk, error: Error): Promise<void> => {
    upsertOrders(desk.db.writer, desk.accountId, [resting(desk)], Instant.plus(desk.clock.now(), -5 * MINUTES))
    Object.assign((await desk.venue()).adapter, { orderStatus: () => Promise.reject(error) })
  }

  test('counts as working where its broker cannot tell and it was seen working within five minutes', async () => {
    const { desk, stops } = await lagging()
    await goneWith(desk, new AppError('net/offline'))
    expect(await stops(sell('1'))).toEqual(['more-than-held'])
    desk.clock.jump(1)
    expect(await stops(sell('1'))).toEqual([])
  })

  test('is passed over where its broker does not know it: it may be listed by another name', async () => {
    const { desk, stops } = await lagging()
    await goneWith(desk, new AppError('order/not-found'))
    expect(await stops(sell('90'))).toEqual([])
  })

  test.each([new AppError('auth/sign-in-needed'), new TypeError('a mistake of our own')])(
    'is not guessed at where nothing can be asked any more: $message',
    async error => {
      const { desk, stops } = await lagging()
      await goneWith(desk, error)
      await expect(stops(sell('1'))).rejects.toBe(error)
    },
  )

  test('is not asked for where it is listed, done, or for another symbol', async () => {
    const { desk, stops } = await lagging()
    const { db, accountId, clock } = desk
    const told = [
      resting(desk, { externalId: 'listed', quantity: d('1') }),
      resting(desk, { externalId: 'done', status: 'canceled' }),
      resting(desk, { externalId: 'other', symbol: 'MSFT' }),
    ]
    upsertOrders(db.writer, accountId, told, clock.now())
    desk.says.orders = told.slice(0, 1)
    expect(await stops(sell('89'))).toEqual([])
    expect(desk.asked.filter(one => one.startsWith('status of'))).toEqual([])
  })
})

describe('an order of ours that rested and fills in part', () => {
  test('leaves the rest to be sold as soon as the positions show it', async () => {
    const { desk, send, stops } = await lagging()
    const { externalId } = await send({ ...sell('40'), limitPrice: d('104') })
    desk.clock.jump(20 * MINUTES)
    const at = desk.clock.now()
    const filled = { quantity: d('40'), filledQuantity: d('40'), status: 'filled', updatedAt: at } as const
    const order = brokerOrder({ externalId: externalId ?? '', side: 'sell', ...filled })
    upsertOrders(desk.db.writer, desk.accountId, [order], at)
    expect(await stops(sell('51'))).toEqual(['fills-not-shown'])
    expect(await stops(sell('50'))).toEqual([])
    desk.says.positions = [positionOf('AAPL', '50')]
    expect(await stops(sell('50'))).toEqual([])
  })

  test('says nothing a day later, when splits and transfers may have changed what is held', async () => {
    const { desk, send, stops } = await lagging()
    const { externalId } = await send({ ...sell('40'), limitPrice: d('104') })
    desk.clock.jump(24 * 60 * MINUTES + 1)
    const at = desk.clock.now()
    desk.says.balances = [{ ...worth, asOf: at }]
    const filled = { quantity: d('40'), filledQuantity: d('40'), status: 'filled', updatedAt: at } as const
    upsertOrders(desk.db.writer, desk.accountId, [brokerOrder({ externalId: externalId ?? '', side: 'sell', ...filled })], at)
    desk.says.positions = [positionOf('AAPL', '50')]
    const codes = await stops({ ...sell('11'), type: 'limit' })
    expect(codes).toContain('fills-not-shown')
  })
})

describe('a short position that was covered a moment ago', () => {
  test('is not covered once more', async () => {
    const { desk, fills, stops } = await lagging('-90')
    const cover = (quantity: string): Partial<Ticket> => ({ action: 'cover', quantity: d(quantity) })
    await fills(cover('50'))
    expect(await stops(cover('40'))).toEqual([])
    expect(await stops(cover('41'))).toEqual(['fills-not-shown'])
    // A purchase that would close it is measured as one that opens, and may go as such.
    expect(await stops({ action: 'buy', quantity: d('41') })).toEqual([])
    desk.says.positions = [positionOf('AAPL', '-40')]
    expect(await stops(cover('40'))).toEqual([])
    await fills(cover('40'))
    expect(await stops(cover('1'))).toEqual(['fills-not-shown'])
  })
})

describe('shares that were bought a moment ago, while the positions are those of before', () => {
  test('count against the limit of a position', async () => {
    const { desk, fills, stops } = await lagging('0')
    const buy = { action: 'buy', quantity: d('90') } as const
    for (const _order of [1, 2]) await fills(buy)
    expect(await stops(buy)).toEqual(['position'])
    desk.says.positions = [positionOf('AAPL', '180')]
    expect(await stops(buy)).toEqual(['position'])
    expect(await stops({ action: 'buy', quantity: d('60') })).toEqual([])
  })
})
