import { describe, expect, test } from 'vitest'
import type { TestCore } from '../../support/test-core.ts'
import { DESKS, houseOf, tradingHouse } from './support/trading-house.ts'

const FIVE_MINUTES_MS = 300_000

/** Waits until the core has looked and said so, moving its clock along. */
async function settled(app: TestCore, intentId: string): Promise<string> {
  for (let look = 0; look < 200; look += 1) {
    const { outcome } = await app.call('orders.resolve', { intentId })
    if (outcome !== 'unknown') return outcome
    app.ports.clock.jump(6_000)
  }
  return 'unknown'
}

describe.each(DESKS)('at $broker an order', ({ broker, stand }) => {
  // E*TRADE is asked for a preview first.
  const path = broker === 'etrade' ? '/orders/place' : '/orders'

  test('whose answer is lost is in doubt, is never sent again, and is found', async () => {
    await using house = await tradingHouse(broker)
    const { app } = house
    const review = await house.review(house.resting())
    const before = house.sent()
    app.sandbox.control(stand).fault({ name: 'answer-lost', times: 1, method: 'POST', path })
    const placed = await house.place(review)
    expect(placed).toMatchObject({ outcome: 'unknown', error: { code: 'order/unknown' } })
    expect(await settled(app, placed.intentId)).toBe('confirmed')
    expect(house.sent()).toBe(before + 1)
    const { order } = await app.call('orders.detail', { id: placed.intentId })
    expect(order).toMatchObject({ isOurs: true, symbol: 'AAPL', isOpen: true, quantity: '2' })
  })

  test('that never arrived is looked for until nobody can show it late, and is then not placed', async () => {
    await using house = await tradingHouse(broker)
    const { app } = house
    const review = await house.review(house.resting())
    app.sandbox.control(stand).fault({ name: 'dropped', times: 1, method: 'POST', path })
    const placed = await house.place(review)
    expect(placed.outcome).toBe('unknown')
    const began = app.ports.clock.monotonicMs()
    const blocked = await house.review(house.resting())
    expect(blocked.stops.map(({ code }) => code)).toContain('order/stopped-not-reconciled')
    expect(await settled(app, placed.intentId)).toBe('not-sent')
    expect(app.ports.clock.monotonicMs() - began).toBeGreaterThanOrEqual(FIVE_MINUTES_MS - 10_000)
    const after = await house.review(house.resting())
    expect(after.stops).toEqual([])
  })
})

test('what was on its way when the app ended is looked for before anything new may go', async () => {
  const house = await tradingHouse('alpaca')
  const review = await house.review(house.resting())
  house.app.sandbox.control('alpaca').fault({ name: 'answer-lost', times: 1, method: 'POST', path: '/v2/orders' })
  const placed = await house.place(review)
  await using again = await house.app.restart()
  const started = await houseOf(again, house.connectionId, 'alpaca')
  expect((await again.call('orders.desk', {})).connections[0]).toMatchObject({ unknown: 1, isReconciled: false })
  expect(await settled(again, placed.intentId)).toBe('confirmed')
  expect((await started.review(started.resting())).stops).toEqual([])
})
