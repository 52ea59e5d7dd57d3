import { describe, expect, test } from 'vitest'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Refused } from '../../support/test-core.ts'
import { tradingHouse } from './support/trading-house.ts'

const DAY_MS = 86_400_000
const codeOf = (error: unknown): string => (error instanceof Refused ? error.view.code : String(error))

describe('limits', () => {
  test('can be lowered at any time, and the daily ones raised only before the first order of a day', async () => {
    await using house = await tradingHouse()
    const { call } = house.app
    const { global } = await call('orders.limits', {})
    const raised = { ...global, maxDailyLoss: Dec.of('5000') }
    await call('orders.setLimits', { accountId: null, limits: raised })
    await call('orders.setLimits', { accountId: null, limits: global })
    await house.order(house.resting())
    expect((await call('orders.limits', {})).lockedUntil).not.toBeNull()
    expect(await call('orders.setLimits', { accountId: null, limits: raised }).catch(codeOf)).toBe('order/limit-locked')
    expect(await call('orders.setLimits', { accountId: null, limits: { ...global, ordersPerDay: 51 } }).catch(codeOf)).toBe(
      'order/limit-locked',
    )
    await call('orders.setLimits', { accountId: null, limits: { ...global, maxDailyLoss: Dec.of('10'), maxNotional: Dec.of('90000') } })
    // Taking limits away is raising them.
    expect(await call('orders.setLimits', { accountId: null, limits: null }).catch(codeOf)).toBe('order/limit-locked')
    house.app.ports.clock.jump(4 * DAY_MS)
    await call('orders.setLimits', { accountId: null, limits: raised })
  })

  test('of an account and of all hold together: the smaller counts', async () => {
    await using house = await tradingHouse()
    const { call } = house.app
    const { global } = await call('orders.limits', {})
    await call('orders.setLimits', { accountId: house.accountId, limits: { ...global, maxQuantity: Dec.of('1'), deny: ['msft'] } })
    const codes = async (): Promise<string[]> => (await house.review(house.resting())).stops.map(({ code }) => code)
    expect(await codes()).toEqual(['order/stopped-quantity'])
    expect((await house.review(house.resting({ symbol: 'MSFT', quantity: Dec.of('1') }))).stops.map(({ code }) => code)).toContain(
      'order/stopped-symbol-denied',
    )
    await call('orders.setLimits', { accountId: house.accountId, limits: null })
    await call('orders.setLimits', { accountId: null, limits: { ...global, allow: ['SPY'] } })
    expect(await codes()).toEqual(['order/stopped-symbol-not-allowed'])
  })

  test('count what really went out today, and let a position be closed all the same', async () => {
    await using house = await tradingHouse()
    const { call } = house.app
    const { global } = await call('orders.limits', {})
    await house.order(house.ticket())
    await call('orders.setLimits', { accountId: null, limits: { ...global, ordersPerDay: 1 } })
    house.app.ports.clock.jump(61_000)
    expect((await house.review(house.ticket({ quantity: Dec.of('1') }))).stops.map(({ code }) => code)).toContain(
      'order/stopped-orders-per-day',
    )
    expect((await house.review(house.ticket({ action: 'sell', quantity: Dec.of('1') }))).stops).toEqual([])
  })
})
