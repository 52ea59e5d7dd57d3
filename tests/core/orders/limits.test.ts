import path from 'node:path'
import { MockAgent } from 'undici'
import { describe, expect, test } from 'vitest'
import { openConnection } from '../../../electron/core/db/open.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { Refused } from '../../support/test-core.ts'
import { tradingHouse } from './support/trading-house.ts'

const HOUR_MS = 3_600_000
const codeOf = (error: unknown): string => (error instanceof Refused ? error.view.code : String(error))

describe('limits', () => {
  test('can be lowered at any time, and the daily ones raised only on a day without orders and without trading', async () => {
    await using house = await tradingHouse('alpaca', { isOn: false })
    const { call } = house.app
    const { connectionId } = house
    const { global } = await call('orders.limits', {})
    const raised = { ...global, maxDailyLoss: Dec.of('5000') }
    const raise = () => call('orders.setLimits', { accountId: null, limits: raised }).catch(codeOf)
    expect(await raise()).toEqual({})
    await call('orders.setLimits', { accountId: null, limits: global })
    expect((await call('orders.limits', {})).lockedUntil).toBeNull()
    // What is held loses without an order, so trading that is on is enough; that it is off again is not.
    await call('orders.setTrading', { connectionId, on: true })
    expect(await raise()).toBe('order/limit-locked')
    await call('orders.setTrading', { connectionId, on: false })
    expect(await raise()).toBe('order/limit-locked')
    await call('orders.setTrading', { connectionId, on: true })
    await house.order(house.resting())
    const { lockedUntil } = await call('orders.limits', {})
    expect(await raise()).toBe('order/limit-locked')
    expect(await call('orders.setLimits', { accountId: null, limits: { ...global, ordersPerDay: 51 } }).catch(codeOf)).toBe(
      'order/limit-locked',
    )
    await call('orders.setLimits', { accountId: null, limits: { ...global, maxDailyLoss: Dec.of('10'), maxNotional: Dec.of('90000') } })
    // Taking limits away is raising them.
    expect(await call('orders.setLimits', { accountId: null, limits: null }).catch(codeOf)).toBe('order/limit-locked')
    const { clock } = house.app.ports
    clock.jump(Instant.msBetween(clock.now(), lockedUntil ?? clock.now()) + 3 * HOUR_MS)
    expect(await raise()).toEqual({})
    await call('orders.setLimits', { accountId: null, limits: global })
    clock.jump(HOUR_MS)
    expect(await raise()).toBe('order/limit-locked')
  })

  test('stay locked for a connection that was taken away while trading was on', async () => {
    await using house = await tradingHouse()
    const { call } = house.app
    const { global } = await call('orders.limits', {})
    await call('connections.disconnect', { connectionId: house.connectionId, forgetHistory: true })
    expect((await call('orders.desk', {})).connections.map(({ isOn }) => isOn)).not.toContain(true)
    expect(await call('orders.setLimits', { accountId: null, limits: { ...global, ordersPerDay: 51 } }).catch(codeOf)).toBe(
      'order/limit-locked',
    )
  })

  test('are not raised by a clock that no broker has confirmed, since it can be set', async () => {
    const { app: first } = await tradingHouse('alpaca', { isOn: false })
    const db = openConnection(path.join(first.ports.paths.dataDir, 'keelson.db'))
    db.raw.exec(`UPDATE connections SET environment = 'paper'`)
    db.close()
    const nobody = new MockAgent()
    nobody.disableNetConnect()
    await using app = await first.restart({ dispatcher: nobody })
    const { global } = await app.call('orders.limits', {})
    expect(await app.call('orders.setLimits', { accountId: null, limits: { ...global, ordersPerDay: 51 } }).catch(codeOf)).toBe(
      'order/limit-clock',
    )
    await app.call('orders.setLimits', { accountId: null, limits: { ...global, ordersPerDay: 49 } })
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
