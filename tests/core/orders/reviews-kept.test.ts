import { describe, expect, test } from 'vitest'
import { firstWorthOf } from '../../../electron/core/store/worth-days.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { EXCHANGE_ZONE, toLocalDate } from '../../../shared/domain/time.ts'
import { orderDesk } from './support/order-desk.ts'

const d = Dec.of
const { signal } = new AbortController()

describe('a review', () => {
  test('keeps what the account is worth, which the loss of its day is measured from', async () => {
    const desk = await orderDesk()
    desk.says.balances = desk.says.balances.map(balance => ({ ...balance, netLiquidation: d('5000') }))
    await desk.reviews.review(desk.ticket(), { signal })
    const today = toLocalDate(desk.clock.now(), EXCHANGE_ZONE)
    expect(firstWorthOf(desk.db.reader, desk.accountId, 'USD', today)).toMatchObject({ netLiquidation: '5000' })
  })

  test('asks no broker what it thinks of an order that is none', async () => {
    const desk = await orderDesk()
    desk.says.rules = { preview: true }
    const { stops } = await desk.reviews.review(desk.ticket({ quantity: d('1000000000000') }), { signal })
    expect(stops.map(({ code }) => code)).toContain('order/stopped-malformed')
    expect(desk.asked).not.toContain('preview')
    await desk.reviews.review(desk.ticket(), { signal })
    expect(desk.asked).toContain('preview')
  })

  test('runs out by the clock that is never set, also where the other one was set back meanwhile', async () => {
    const desk = await orderDesk()
    const { reviewId, hash } = await desk.reviews.review(desk.ticket(), { signal })
    desk.clock.jump(30_000)
    desk.clock.set(-15_000)
    desk.clock.jump(1)
    expect(() => desk.reviews.take(reviewId, hash)).toThrow(expect.objectContaining({ code: 'order/review-expired' }))
    const second = await desk.reviews.review(desk.ticket(), { signal })
    desk.clock.jump(30_000)
    desk.clock.set(-15_000)
    expect(desk.reviews.take(second.reviewId, second.hash).draft.symbol).toBe('AAPL')
  })

  test('is refused where there were 120 within a minute, before the broker is asked', async () => {
    const desk = await orderDesk()
    for (let turn = 0; turn < 120; turn += 1) await desk.reviews.review(desk.ticket(), { signal })
    const asked = desk.asked.length
    const refused: unknown = await desk.reviews.review(desk.ticket(), { signal }).catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'order/too-many', details: { most: '120', what: 'reviews' } })
    expect(desk.asked).toHaveLength(asked)
    desk.clock.jump(60_000)
    expect((await desk.reviews.review(desk.ticket(), { signal })).reviewId).toMatch(/^rev_/)
  })

  test('is forgotten once 500 came after it, used or not, and not before', async () => {
    const desk = await orderDesk()
    const review = async (): Promise<{ reviewId: string; hash: string }> => {
      // No more than a user writes in a minute.
      desk.clock.jump(600)
      return desk.reviews.review(desk.ticket(), { signal })
    }
    const used = await review()
    const next = await review()
    desk.reviews.take(used.reviewId, used.hash)
    for (let more = 2; more < 500; more += 1) await review()
    expect(() => desk.reviews.take(used.reviewId, used.hash)).toThrow(expect.objectContaining({ code: 'order/review-used' }))
    await review()
    expect(() => desk.reviews.take(used.reviewId, used.hash)).toThrow(expect.objectContaining({ code: 'order/review-expired' }))
    expect(desk.reviews.untaken(next.reviewId)).not.toBeNull()
    const last = await review()
    expect([desk.reviews.untaken(next.reviewId), desk.reviews.untaken(last.reviewId)?.hash]).toEqual([null, last.hash])
  })
})
