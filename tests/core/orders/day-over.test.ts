import { describe, expect, test } from 'vitest'
import { Dec } from '../../../shared/domain/decimal.ts'
import { DESKS, type TradingHouse, tradingHouse } from './support/trading-house.ts'

const DAY_MS = 86_400_000

/** How the list shows an order, and whether among the open ones. */
async function shown({ app }: TradingHouse, externalId: string | null) {
  const open = await app.call('orders.list', { limit: 50, state: 'open' })
  const { rows } = await app.call('orders.list', { limit: 50, state: 'all' })
  const row = rows.find(one => one.externalId === externalId)
  return { status: row?.status, isOpen: open.rows.some(one => one.externalId === externalId), canCancel: row?.canCancel }
}

/** E*TRADE's sign-in ends at midnight: what a day later is needs a new one, and is looked at by the simulator's own tests. */
const OVERNIGHT = DESKS.filter(({ broker }) => broker !== 'etrade')

describe('an order for the day that nobody filled', () => {
  test.each(OVERNIGHT)('is over four days later at $broker, and one until it is canceled works', async ({ broker }) => {
    await using house = await tradingHouse(broker)
    const { app, connectionId } = house
    await app.call('sync.run', { connectionId })
    const day = await house.order(house.resting())
    const waits = await house.order(house.resting({ timeInForce: 'gtc', quantity: Dec.of('1') }))
    await app.call('sync.run', { connectionId })
    expect(await shown(house, day.externalId)).toEqual({ status: 'working', isOpen: true, canCancel: true })
    app.ports.clock.jump(4 * DAY_MS)
    await app.call('sync.run', { connectionId })
    // IBKR tells what is done on its own day only.
    const status = broker === 'ibkr' ? 'unlisted' : 'expired'
    expect(await shown(house, day.externalId)).toEqual({ status, isOpen: false, canCancel: false })
    expect(await shown(house, waits.externalId)).toMatchObject({ status: 'working', isOpen: true })
  })
})
