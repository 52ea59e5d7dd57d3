import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { openConnection } from '../../../electron/core/db/open.ts'
import { redirectAfterConsent } from '../../support/test-core.ts'
import { houseOf, tradingHouse, type TradingHouse } from './support/trading-house.ts'

const isReady = async ({ app }: TradingHouse): Promise<boolean | undefined> =>
  (await app.call('orders.desk', {})).connections[0]?.isReconciled

describe('entry', () => {
  test('is closed after every start and every new sign-in until orders and positions were read whole', async () => {
    const first = await tradingHouse('schwab')
    await first.app.call('sync.run', { connectionId: first.connectionId })
    expect(await isReady(first)).toBe(true)
    await using app = await first.app.restart()
    const house = await houseOf(app, first.connectionId, 'schwab')
    expect(await isReady(house)).toBe(false)
    await app.call('sync.run', { connectionId: house.connectionId })
    expect(await isReady(house)).toBe(true)
    app.sandbox.control('schwab').revokeAll()
    await app.call('sync.run', { connectionId: house.connectionId })
    const flow = await app.call('connections.signIn', {
      broker: 'schwab',
      environment: 'sandbox',
      consent: true,
      open: false,
      reconnect: house.connectionId,
    })
    await app.call('connections.paste', { flowId: flow.flowId, text: await redirectAfterConsent(flow.authorizeUrl) })
    await app.flowEnd(flow.flowId)
    expect(await isReady(house)).toBe(false)
  })

  test('is not opened by a sync in which the positions or the orders of the account were missing', async () => {
    await using house = await tradingHouse('alpaca', { isOn: false })
    house.app.sandbox.control('alpaca').fault({ name: 'forbidden-html', path: '/v2/positions' })
    await house.app.call('sync.run', { connectionId: house.connectionId })
    expect(await isReady(house)).toBe(false)
    house.app.sandbox.control('alpaca').fault(null)
    await house.app.call('sync.run', { connectionId: house.connectionId })
    expect(await isReady(house)).toBe(true)
  })
})

describe('the log of orders', () => {
  test('has every step', async () => {
    await using house = await tradingHouse()
    const { call } = house.app
    const { global } = await call('orders.limits', {})
    await call('orders.setLimits', { accountId: null, limits: { ...global, maxQuantity: global.maxQuantity } })
    await house.order()
    await call('orders.kill', { by: 'tray' })
    await call('orders.rearm', { phrase: 'TRADE' })
    const { rows } = await call('audit.page', { limit: 100 })
    expect(rows.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['trading.on', 'limits.changed', 'order.review', 'order.sending', 'order.confirmed', 'kill.on', 'kill.off']),
    )
  })

  test('that somebody changed lets no order go', async () => {
    const first = await tradingHouse()
    await first.order()
    const { dataDir } = first.app.ports.paths
    await first.app.core.close()
    const db = openConnection(path.join(dataDir, 'keelson.db'))
    db.writer.exec(`DROP TRIGGER audit_log_fixed; UPDATE audit_log SET body = replace(body, 'buy', 'sell') WHERE kind = 'order.sending'`)
    db.close()
    await using app = await first.app.restart()
    const house = await houseOf(app, first.connectionId, 'alpaca')
    const before = house.sent()
    await expect(house.order(house.resting())).rejects.toMatchObject({ view: { code: 'order/audit-broken' } })
    expect(house.sent()).toBe(before)
  })
})
