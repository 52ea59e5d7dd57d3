import { describe, expect, test } from 'vitest'
import { approveConsent } from '../../../electron/core/sandbox/browser-player.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { PlacedView } from '../../../shared/contract/orders.ts'
import { Refused } from '../../support/test-core.ts'
import { tradingHouse } from './support/trading-house.ts'

const refusal = (run: Promise<unknown>): Promise<string> => run.then(() => 'none', codeOf)
/** What became of it, or the code of why it did not go. */
const endOf = (run: Promise<PlacedView>): Promise<string> => run.then(({ outcome }) => outcome, codeOf)

function codeOf(error: unknown): string {
  return error instanceof Refused ? error.view.code : String(error)
}

describe('a review', () => {
  test('sends one order, however many windows confirm it at once', async () => {
    await using house = await tradingHouse()
    const review = await house.review()
    const before = house.sent()
    const ends = await Promise.all(Array.from({ length: 100 }, () => endOf(house.place(review))))
    expect(ends.filter(end => end === 'confirmed')).toHaveLength(1)
    expect(ends.filter(end => end === 'order/review-used')).toHaveLength(99)
    expect(house.sent()).toBe(before + 1)
  })

  test('is over after thirty seconds by either clock, and is for exactly what was shown', async () => {
    await using house = await tradingHouse()
    const before = house.sent()
    const old = await house.review()
    house.app.ports.clock.jump(30_001)
    expect(await refusal(house.place(old))).toBe('order/review-expired')
    const other = await house.review()
    expect(await refusal(house.place({ ...other, hash: old.hash }))).toBe('order/changed')
    expect(await refusal(house.place({ ...other, reviewId: 'rev_nobody' }))).toBe('order/review-expired')
    expect(house.sent()).toBe(before)
  })

  test('of the same order within a minute asks for a second yes, and so does the guard when nobody asked', async () => {
    await using house = await tradingHouse()
    await house.order(house.resting())
    const twin = await house.review(house.resting())
    expect(twin.needs.map(({ confirmation }) => confirmation)).toEqual(['duplicate'])
    const before = house.sent()
    expect(await refusal(house.app.call('orders.place', { reviewId: twin.reviewId, hash: twin.hash }))).toBe('order/needs-confirmation')
    expect(house.sent()).toBe(before)
    expect(await house.order(house.resting())).toMatchObject({ outcome: 'confirmed' })
  })

  test('is measured by what went out before it: two at once are measured one after the other', async () => {
    await using house = await tradingHouse()
    const { global } = await house.app.call('orders.limits', {})
    await house.app.call('orders.setLimits', { accountId: house.accountId, limits: { ...global, ordersPerMinute: 1 } })
    const reviews = [await house.review(house.resting()), await house.review(house.resting({ quantity: Dec.of('3') }))]
    const ends = await Promise.all(reviews.map(review => endOf(house.place(review))))
    expect(ends).toEqual(['confirmed', 'order/stopped-orders-per-minute'])
  })
})

describe('nothing goes out', () => {
  test('while trading is off, and a connection begins with it off', async () => {
    await using house = await tradingHouse('alpaca', { isOn: false })
    const before = house.sent()
    const review = await house.review()
    expect(review.stops.map(({ code }) => code)).toContain('order/stopped-trading-off')
    expect(await refusal(house.place(review))).toBe('order/stopped-trading-off')
    expect(house.sent()).toBe(before)
  })

  test('where the sign-in was not asked for orders', async () => {
    await using house = await tradingHouse('alpaca', { isOn: false })
    const flow = await house.app.call('connections.signIn', {
      broker: 'alpaca',
      environment: 'sandbox',
      scopes: [''],
      consent: true,
      open: false,
      reconnect: house.connectionId,
    })
    await approveConsent({ authorizeUrl: flow.authorizeUrl, signal: new AbortController().signal })
    await house.app.flowEnd(flow.flowId)
    expect(await refusal(house.app.call('orders.setTrading', { connectionId: house.connectionId, on: true }))).toBe('order/scope-missing')
    expect((await house.app.call('orders.desk', {})).connections[0]).toMatchObject({
      isOn: false,
      because: { code: 'order/scope-missing' },
    })
  })

  test('for a sale of more than is held: it would open a short position nobody asked for', async () => {
    await using house = await tradingHouse()
    const review = await house.review(house.ticket({ symbol: 'TSLA', action: 'sell', quantity: Dec.of('99') }))
    expect(review.stops.map(({ code }) => code)).toContain('order/stopped-more-than-held')
  })

  test('when the broker does not tell the positions: nothing told is not nothing held', async () => {
    await using house = await tradingHouse()
    const review = await house.review()
    const before = house.sent()
    house.app.sandbox.control('alpaca').fault({ name: 'server-error', path: '/v2/positions' })
    expect(await refusal(house.place(review))).toBe('broker/unavailable')
    expect(house.sent()).toBe(before)
  })
})
