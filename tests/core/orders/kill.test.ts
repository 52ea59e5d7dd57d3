import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Refused } from '../../support/test-core.ts'
import { houseOf, tradingHouse, type TradingHouse } from './support/trading-house.ts'

const codeOf = (error: unknown): string => (error instanceof Refused ? error.view.code : String(error))
const fileOf = ({ app }: TradingHouse): string => path.join(app.ports.paths.dataDir, 'kill-switch')

describe('the kill switch', () => {
  test('stops new orders and changes of them, lets cancellations through, and wants its word typed', async () => {
    await using house = await tradingHouse()
    const { app } = house
    const working = await house.order(house.resting())
    const review = await house.review()
    await app.call('orders.kill', { by: 'tray' })
    const before = house.sent()
    expect(await house.place(review).catch(codeOf)).toBe('order/stopped-killed')
    expect((await house.review(house.resting({ replaces: working.externalId }))).stops.map(({ code }) => code)).toContain(
      'order/stopped-killed',
    )
    expect(house.sent()).toBe(before)
    expect(await app.call('orders.cancel', { accountId: house.accountId, externalId: working.externalId ?? '' })).toMatchObject({
      outcome: 'confirmed',
    })
    expect(await app.call('orders.rearm', { phrase: 'yes' }).catch(codeOf)).toBe('order/wrong-phrase')
    expect((await app.call('orders.desk', {})).kill).toMatchObject({ on: true, by: 'tray' })
    await app.call('orders.rearm', { phrase: 'TRADE' })
    expect((await app.call('orders.desk', {})).kill).toEqual({ on: false, since: null, by: null })
    expect((await house.order()).outcome).toBe('confirmed')
  })

  test('stays on after a restart, in either of its two places alone', async () => {
    const first = await tradingHouse()
    await first.app.call('orders.kill', { by: 'window' })
    rmSync(fileOf(first))
    await using app = await first.app.restart()
    expect((await app.call('orders.desk', {})).kill).toMatchObject({ on: true, by: 'window' })
    await app.call('orders.rearm', { phrase: 'TRADE' })
    const house = await houseOf(app, first.connectionId, 'alpaca')
    writeFileSync(fileOf(house), 'anything')
    expect((await app.call('orders.desk', {})).kill.on).toBe(true)
    const before = house.sent()
    const review = await house.review()
    expect(await house.place(review).catch(codeOf)).toBe('order/stopped-killed')
    expect(house.sent()).toBe(before)
  })

  test('is not taken back, and not said to be, while a folder with something in it stands in the place of its file', async () => {
    await using house = await tradingHouse()
    const { app } = house
    await app.call('orders.kill', { by: 'tray' })
    rmSync(fileOf(house))
    mkdirSync(fileOf(house))
    writeFileSync(path.join(fileOf(house), 'note.txt'), 'mine')
    expect(await app.call('orders.rearm', { phrase: 'TRADE' }).catch(codeOf)).toBe('order/kill-stays')
    expect((await app.call('orders.desk', {})).kill).toMatchObject({ on: true, by: 'tray' })
    expect((await app.call('audit.page', { limit: 100 })).rows.map(({ kind }) => kind)).not.toContain('kill.off')
    rmSync(path.join(fileOf(house), 'note.txt'))
    await app.call('orders.rearm', { phrase: 'TRADE' })
    expect((await app.call('orders.desk', {})).kill.on).toBe(false)
  })

  test('works under the app lock, where nothing else does', async () => {
    await using house = await tradingHouse()
    const { app } = house
    const review = await house.review()
    await app.call('lock.set', { passphrase: 'correct horse battery', idleMinutes: null })
    await app.call('lock.now', {})
    const before = house.sent()
    expect(await house.place(review).catch(codeOf)).toBe('app/locked')
    await app.call('orders.kill', { by: 'tray' })
    await app.call('lock.open', { passphrase: 'correct horse battery' })
    expect((await app.call('orders.desk', {})).kill.on).toBe(true)
    expect(house.sent()).toBe(before)
  })

  test('pulled over and over is one row of the record, so nobody fills it under the app lock', async () => {
    await using house = await tradingHouse()
    const { app } = house
    const pulled = async (): Promise<number> =>
      (await app.call('audit.page', { limit: 100 })).rows.filter(({ kind }) => kind === 'kill.on').length
    for (let turn = 0; turn < 5; turn += 1) await app.call('orders.kill', { by: 'tray' })
    expect(await pulled()).toBe(1)
    await app.call('orders.rearm', { phrase: 'TRADE' })
    // Put there by another program first, which then says so here as well.
    writeFileSync(fileOf(house), '')
    await app.call('orders.kill', { by: 'cli' })
    expect(await pulled()).toBe(2)
  })

  test('pulled while orders are being gathered lets none of them go', async () => {
    await using house = await tradingHouse()
    const { app } = house
    const { global } = await app.call('orders.limits', {})
    await app.call('orders.setLimits', { accountId: null, limits: { ...global, ordersPerMinute: 60 } })
    const reviews = await Promise.all(
      Array.from({ length: 12 }, (_, place) => house.review(house.resting({ quantity: Dec.of(String(place + 1)) }))),
    )
    const before = house.sent()
    const going = reviews.map(review => house.place(review).then(({ outcome }) => outcome, codeOf))
    await app.call('orders.kill', { by: 'shortcut' })
    const ends = await Promise.all(going)
    expect(new Set(ends)).toEqual(new Set(['order/stopped-killed']))
    expect(house.sent()).toBe(before)
  })
})
