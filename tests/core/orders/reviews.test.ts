import { describe, expect, test } from 'vitest'
import { sql } from '../../../electron/core/db/sql.ts'
import { reviewHash } from '../../../electron/core/orders/reviews.ts'
import { oldestOpenOrder } from '../../../electron/core/store/orders.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import type { ReviewView, Ticket } from '../../../shared/contract/orders.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { OrderPreview } from '../../../shared/domain/order.ts'
import { connection } from '../store/support.ts'
import { brokerOrder, limitDraft } from './support/order-books.ts'
import { type OrderDesk, orderDesk } from './support/order-desk.ts'

const d = Dec.of
const { signal } = new AbortController()
const reviewed = (desk: OrderDesk, ticket: Partial<Ticket> = {}): Promise<ReviewView> =>
  desk.reviews.review(desk.ticket(ticket), { signal })
const taken = ({ reviews }: OrderDesk, { reviewId, hash }: Pick<ReviewView, 'reviewId' | 'hash'>): string => {
  try {
    return reviews.take(reviewId, hash).draft.symbol
  } catch (error) {
    return error instanceof AppError ? error.code : String(error)
  }
}
const preview: OrderPreview = {
  estimatedValue: d('-1000.5'),
  estimatedFees: d('1.25'),
  buyingPowerEffect: d('-500'),
  currency: 'USD',
  warnings: ['It is late.'],
  refusals: ['It is too much.'],
}

describe('a review', () => {
  test('shows what would be sent, where, until when and what it is measured by', async () => {
    const desk = await orderDesk()
    const { reviewId, hash, quote, lines, ...rest } = await reviewed(desk, { symbol: ' aapl ' })
    expect(rest).toMatchObject({
      expiresAt: '2026-11-20T15:00:30.000Z',
      connectionId: desk.connection.id,
      broker: 'alpaca',
      environment: 'paper',
      accountId: desk.accountId,
      accountName: 'Account PA3ABCDEF',
      maskedNumber: '••••CDEF',
      value: { amount: '1000', source: 'ours' },
      worstValue: { amount: '1000', source: 'ours' },
      fees: { amount: null, source: 'not-available' },
      buyingPower: { amount: null, source: 'not-available' },
      brokerWarnings: [],
      stops: [],
      needs: [],
      needsLiveDigits: false,
    })
    expect(reviewId).toMatch(/^rev_./)
    expect(hash).toMatch(/^[0-9a-f]{64}$/)
    expect(quote).toMatchObject({ symbol: 'AAPL', last: '100', fetchedAt: desk.clock.now() })
    expect(lines).toContainEqual({ label: 'Symbol', value: 'AAPL' })
    expect(desk.reviews.untaken(reviewId)?.ticket).toEqual(desk.ticket({ symbol: 'AAPL' }))
  })

  test('is written down with what stood against it, and told to the windows', async () => {
    const desk = await orderDesk()
    desk.deps.kill.pull('tray')
    desk.says.quotes = []
    const { hash, stops, quote } = await reviewed(desk)
    expect(stops.map(({ code }) => code)).toEqual(['order/stopped-killed', 'order/stopped-no-price'])
    expect(stops[0]).toMatchObject({
      message: 'The kill switch is on, so no order is sent.',
      action: 'Cancel still works. Take the switch back in Orders when you are sure.',
    })
    expect(quote).toBeNull()
    expect(desk.core.audit.page({ limit: 1 }).rows).toMatchObject([
      { kind: 'order.review', accountId: desk.accountId, intentId: null, sentence: 'Reviewed: buy 10 AAPL, limit 100.00 USD, day.' },
    ])
    const [row] = desk.db.reader.all(sql`SELECT body FROM audit_log ORDER BY seq DESC LIMIT 1`)
    expect(JSON.parse(String(row?.['body']))).toMatchObject({ facts: { hash, stops: 'order/stopped-killed order/stopped-no-price' } })
    expect(desk.events).toEqual([{ type: 'orders.changed' }])
  })

  test('is written down in the currency of its price', async () => {
    const desk = await orderDesk()
    desk.says.quotes = desk.says.quotes.map(quote => ({ ...quote, currency: 'EUR' }))
    const { lines } = await reviewed(desk)
    expect(lines).toContainEqual({ label: 'Limit', value: '100.00 EUR' })
    expect(desk.core.audit.page({ limit: 1 }).rows).toMatchObject([{ sentence: 'Reviewed: buy 10 AAPL, limit 100.00 EUR, day.' }])
  })

  test('opens entry to an account it read whole, and keeps the orders it read', async () => {
    const desk = await orderDesk()
    desk.deps.gate.reconnected(desk.connection.id)
    desk.says.orders = [brokerOrder({ externalId: 'w', symbol: 'MSFT' })]
    expect((await reviewed(desk)).stops).toEqual([])
    expect(desk.deps.gate.isOpen(desk.accountId)).toBe(true)
    expect(desk.deps.gate.isOpen(desk.otherId)).toBe(false)
    expect(oldestOpenOrder(desk.db.reader, desk.accountId)).not.toBeNull()
  })

  test('says that a price is delayed, before what the broker says', async () => {
    const desk = await orderDesk()
    desk.says.quotes = desk.says.quotes.map(quote => ({ ...quote, delayed: true }))
    desk.says.rules = { preview: true }
    desk.says.preview = () => Promise.resolve(preview)
    expect((await reviewed(desk)).brokerWarnings).toEqual(['The price is delayed.', 'It is too much.', 'It is late.'])
  })

  test('of real money asks for the digits until they were typed', async () => {
    const desk = await orderDesk('live')
    expect((await reviewed(desk)).needsLiveDigits).toBe(true)
    desk.deps.arming.arm({ id: desk.accountId, maskedNumber: '••••6789' }, '6789')
    expect((await reviewed(desk)).needsLiveDigits).toBe(false)
  })

  test('asks for a second yes with the sentence of it', async () => {
    const desk = await orderDesk()
    desk.clock.jump(8 * 3_600_000)
    const { needs } = await reviewed(desk)
    expect(needs).toMatchObject([{ confirmation: 'market-closed' }])
    expect(needs[0]?.sentence).toMatch(/^The market is closed/)
  })

  test('is none of an order the broker does not take', async () => {
    const desk = await orderDesk()
    await expect(reviewed(desk, { symbol: 'AAPL', assetClass: 'fund' })).rejects.toMatchObject({ code: 'order/invalid' })
    await expect(reviewed(desk, { quantity: null })).rejects.toMatchObject({ code: 'order/invalid' })
    await expect(reviewed(desk, { limitPrice: d('100.001') })).rejects.toMatchObject({ code: 'order/invalid' })
    expect(desk.asked).toEqual([])
  })

  test('is none of a future that ended, or that a broker would take for the one of ten years before', async () => {
    const desk = await orderDesk()
    desk.says.rules = { assetClasses: ['future'] }
    for (const symbol of ['/ESV26', '/ESZ16', '/ESZ36'])
      await expect(reviewed(desk, { symbol, assetClass: 'future' })).rejects.toMatchObject({ code: 'order/invalid' })
    expect(desk.asked).toEqual([])
  })
})

describe('a change of an order', () => {
  test('is for an order that works, and for the same side of the same symbol', async () => {
    const desk = await orderDesk()
    desk.says.orders = [
      brokerOrder({ externalId: 'w' }),
      brokerOrder({ externalId: 'm', symbol: 'MSFT' }),
      brokerOrder({ externalId: 's', side: 'sell' }),
    ]
    expect((await reviewed(desk, { replaces: 'w' })).lines).toContainEqual({ label: 'In place of', value: 'w' })
    await expect(reviewed(desk, { replaces: 'gone' })).rejects.toMatchObject({ code: 'order/not-found', details: { broker: 'Alpaca' } })
    for (const replaces of ['m', 's'])
      await expect(reviewed(desk, { replaces })).rejects.toMatchObject({
        code: 'order/invalid',
        details: { reason: 'a change cannot buy or sell something else' },
      })
  })

  test('is not offered where the broker changes none', async () => {
    const desk = await orderDesk()
    desk.says.orders = [brokerOrder({ externalId: 'w' })]
    desk.says.rules = { replace: false }
    await expect(reviewed(desk, { replaces: 'w' })).rejects.toMatchObject({ code: 'order/not-offered', details: { broker: 'Alpaca' } })
    expect(desk.asked).toEqual([])
    expect((await reviewed(desk)).stops).toEqual([])
  })
})

describe("the broker's own check", () => {
  async function checked(ticket: Partial<Ticket> = {}, change: (desk: OrderDesk) => void = () => undefined): Promise<OrderDesk> {
    const desk = await orderDesk()
    desk.says.rules = { preview: true }
    desk.says.preview = () => Promise.resolve(preview)
    desk.says.orders = [brokerOrder({ externalId: 'w' })]
    change(desk)
    await reviewed(desk, ticket)
    return desk
  }
  const wasAsked = ({ asked }: OrderDesk): boolean => asked.includes('preview')

  test('is asked and shown where there is one', async () => {
    const desk = await orderDesk()
    desk.says.rules = { preview: true }
    desk.says.preview = () => Promise.resolve(preview)
    expect(await reviewed(desk)).toMatchObject({
      value: { amount: '1000.5', source: 'broker' },
      fees: { amount: '1.25', source: 'broker' },
      buyingPower: { amount: '-500', source: 'broker' },
    })
    expect(wasAsked(await checked({}, ({ says }) => (says.rules = { preview: false })))).toBe(false)
  })

  test('is not asked in place of a working order, which it would count twice', async () => {
    expect(wasAsked(await checked())).toBe(true)
    expect(wasAsked(await checked({ replaces: 'w' }))).toBe(false)
  })

  test('is not asked for what may not go at all, and is for what only a limit stops', async () => {
    expect(wasAsked(await checked({}, ({ deps }) => void deps.kill.pull('tray')))).toBe(false)
    expect(wasAsked(await checked({}, ({ db }) => db.writer.exec('DELETE FROM trading_switches')))).toBe(false)
    expect(wasAsked(await checked({}, ({ says }) => (says.accounts = [])))).toBe(false)
    expect(wasAsked(await checked({ quantity: d('1001') }))).toBe(true)
  })

  test('that does not work is a warning in its own words, and stops nothing', async () => {
    const desk = await orderDesk()
    desk.says.rules = { preview: true }
    desk.says.preview = () => Promise.reject(new AppError('order/rejected', { brokerSays: 'Not today.' }))
    expect(await reviewed(desk)).toMatchObject({
      stops: [],
      brokerWarnings: ["The broker's check did not work: Not today."],
      fees: { amount: null },
      value: { source: 'ours' },
    })
    const offline = new AppError('net/offline')
    desk.says.preview = () => Promise.reject(offline)
    expect((await reviewed(desk)).brokerWarnings).toEqual([`The broker's check did not work: ${offline.message}`])
  })

  test('that was given up, or ends in a mistake of our own, ends the review', async () => {
    const desk = await orderDesk()
    desk.says.rules = { preview: true }
    desk.says.preview = () => Promise.reject(new AppError('app/canceled'))
    await expect(reviewed(desk)).rejects.toMatchObject({ code: 'app/canceled' })
    desk.says.preview = () => Promise.reject(new TypeError('a mistake'))
    await expect(reviewed(desk)).rejects.toThrow('a mistake')
  })

  test('takes time: what stands against the order is shown as it is afterwards', async () => {
    const desk = await orderDesk()
    desk.says.rules = { preview: true }
    desk.says.preview = () => {
      desk.deps.kill.pull('tray')
      return Promise.resolve(preview)
    }
    expect((await reviewed(desk)).stops.map(({ code }) => code)).toEqual(['order/stopped-killed'])
  })
})

describe('a review that was shown', () => {
  test('is taken once, by exactly its hash', async () => {
    const desk = await orderDesk()
    const review = await reviewed(desk)
    expect(taken(desk, { ...review, reviewId: 'rev_nobody' })).toBe('order/review-expired')
    expect(taken(desk, { ...review, hash: review.hash.replace(/.$/, '') })).toBe('order/changed')
    expect(desk.reviews.untaken(review.reviewId)).not.toBeNull()
    expect(taken(desk, review)).toBe('AAPL')
    expect(desk.reviews.untaken(review.reviewId)).toBeNull()
    expect(desk.reviews.untaken('rev_nobody')).toBeNull()
    expect(taken(desk, review)).toBe('order/review-used')
    // Used stays used, whenever somebody asks.
    desk.clock.jump(60_000)
    expect(taken(desk, review)).toBe('order/review-used')
  })

  test('holds for thirty seconds by the clock that never jumps', async () => {
    const desk = await orderDesk()
    const [first, second] = [await reviewed(desk), await reviewed(desk)]
    desk.clock.jump(30_000)
    expect(taken(desk, first)).toBe('AAPL')
    desk.clock.jump(1)
    expect(taken(desk, second)).toBe('order/review-expired')
  })

  test('holds for thirty seconds by the clock on the wall, which stands still for nobody', async () => {
    const desk = await orderDesk()
    const [first, second] = [await reviewed(desk), await reviewed(desk)]
    desk.clock.set(30_000)
    expect(taken(desk, first)).toBe('AAPL')
    desk.clock.set(1)
    expect(taken(desk, second)).toBe('order/review-expired')
  })

  test('is not stretched by a clock that is set back', async () => {
    const desk = await orderDesk()
    const [first, second] = [await reviewed(desk), await reviewed(desk)]
    // Clocks are put right by a little all the time.
    desk.clock.set(-1_000)
    expect(taken(desk, first)).toBe('AAPL')
    desk.clock.set(-1)
    expect(taken(desk, second)).toBe('order/review-expired')
  })

  test('has a hash of everything that is sent and where to', async () => {
    const desk = await orderDesk()
    const venue = await desk.venue()
    const base = { venue, ticket: desk.ticket(), draft: limitDraft(), environment: 'paper' as const }
    const others = [
      base,
      { ...base, draft: limitDraft({ quantity: d('3') }) },
      { ...base, draft: limitDraft({ limitPrice: d('100.01') }) },
      { ...base, environment: 'live' as const },
      { ...base, ticket: desk.ticket({ replaces: 'w' }) },
      { ...base, venue: { ...venue, account: { ...venue.account, id: desk.otherId } } },
      { ...base, venue: { ...venue, connection: { ...venue.connection, id: connection('con_b').id } } },
    ]
    expect(new Set(others.map(reviewHash)).size).toBe(others.length)
    expect(reviewHash({ ...base, draft: { ...base.draft } })).toBe(reviewHash(base))
  })
})
