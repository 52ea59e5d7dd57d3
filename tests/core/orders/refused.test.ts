import { describe, expect, test } from 'vitest'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Refused } from '../../support/test-core.ts'
import { DESKS, tradingHouse } from './support/trading-house.ts'

const codeOf = (error: unknown): string => (error instanceof Refused ? error.view.code : String(error))

describe.each(DESKS)('what $broker turns down', ({ broker, stand }) => {
  test('is not placed, in the words of the broker, and leaves nothing in doubt', async () => {
    await using house = await tradingHouse(broker)
    const { app } = house
    const review = await house.review(house.resting())
    app.sandbox.control(stand).knobs.set('reject-orders', 'This order was turned down.')
    const placed = await house.place(review)
    app.sandbox.control(stand).knobs.set('reject-orders', null)
    expect(['rejected', 'confirmed']).toContain(placed.outcome)
    await app.call('sync.run', { connectionId: house.connectionId })
    const { rows } = await app.call('orders.list', { limit: 50, state: 'open', symbol: 'AAPL' })
    expect(rows.filter(({ isOurs }) => isOurs)).toEqual([])
    expect((await house.review(house.resting({ quantity: Dec.of('3') }))).stops).toEqual([])
    // A broker that takes an order and turns it down a moment later says so in its list.
    const { order } = await app.call('orders.detail', { id: placed.intentId })
    expect(order.status).toBe('rejected')
  })

  // IBKR has other ways in, which go on.
  test.skipIf(broker === 'ibkr')('as an ended sign-in was not sent at all', async () => {
    await using house = await tradingHouse(broker)
    const review = await house.review(house.resting())
    const before = house.sent()
    house.app.sandbox.control(stand).revokeAll()
    expect(await house.place(review).then(({ outcome }) => outcome, codeOf)).toBe('auth/sign-in-needed')
    expect(house.sent()).toBe(before)
  })
})

describe('a busy broker', () => {
  test('that asks to slow down has not taken the order', async () => {
    await using house = await tradingHouse('alpaca')
    const review = await house.review(house.resting())
    house.app.sandbox.control('alpaca').fault({ name: 'rate-limited', times: 1, method: 'POST', path: '/v2/orders', retryAfter: 1 })
    expect(await house.place(review)).toMatchObject({ outcome: 'not-sent', error: { code: 'broker/rate-limited' } })
  })

  test('that answers with an error of its own may have taken it', async () => {
    await using house = await tradingHouse('alpaca')
    const review = await house.review(house.resting())
    house.app.sandbox.control('alpaca').fault({ name: 'server-error', times: 1, method: 'POST', path: '/v2/orders', status: 503 })
    expect(await house.place(review)).toMatchObject({ outcome: 'unknown' })
  })
})
