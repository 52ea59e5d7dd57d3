import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { Dec } from '../../../shared/domain/decimal.ts'
import { openConnection } from '../../../electron/core/db/open.ts'
import { Refused } from '../../support/test-core.ts'
import { tradingHouse } from './support/trading-house.ts'

const codeOf = (error: unknown): string => (error instanceof Refused ? error.view.code : String(error))

describe('a request of a program', () => {
  test('waits for the user, and is placed once by a review of it', async () => {
    await using house = await tradingHouse()
    const { call } = house.app
    const before = house.sent()
    const request = await call('orders.request', { ticket: house.resting(), from: 'keelson order place' })
    expect(request).toMatchObject({ state: 'waiting', placed: null })
    expect((await call('orders.desk', {})).requests).toBe(1)
    expect(house.sent()).toBe(before)
    const review = await house.review(request.ticket)
    const answer = { id: request.id, reviewId: review.reviewId, hash: review.hash }
    const ends = await Promise.all([1, 2, 3].map(() => call('orders.approve', answer).then(({ outcome }) => outcome, codeOf)))
    expect(ends.toSorted()).toEqual(['confirmed', 'order/request-gone', 'order/request-gone'])
    expect(house.sent()).toBe(before + 1)
    expect(await call('orders.requests', { id: request.id })).toMatchObject([{ state: 'placed', placed: { outcome: 'confirmed' } }])
  })

  test('runs out, and can be declined once', async () => {
    await using house = await tradingHouse()
    const { call } = house.app
    const first = await call('orders.request', { ticket: house.resting(), from: 'a script' })
    house.app.ports.clock.jump(600_001)
    expect(await call('orders.requests', { id: first.id })).toMatchObject([{ state: 'expired' }])
    expect(await call('orders.decline', { id: first.id }).catch(codeOf)).toBe('order/request-gone')
    const second = await call('orders.request', { ticket: house.resting(), from: 'a script' })
    await call('orders.decline', { id: second.id })
    expect(await call('orders.decline', { id: second.id }).catch(codeOf)).toBe('order/request-gone')
    expect((await call('orders.desk', {})).requests).toBe(0)
  })

  test('is forgotten 90 days after it ran out, when the next one comes', async () => {
    await using house = await tradingHouse()
    const { call } = house.app
    const first = await call('orders.request', { ticket: house.resting(), from: 'a script' })
    await call('orders.decline', { id: first.id })
    house.app.ports.clock.jump(89 * 86_400_000)
    const second = await call('orders.request', { ticket: house.resting(), from: 'a script' })
    expect(await call('orders.requests', { id: first.id })).toHaveLength(1)
    house.app.ports.clock.jump(2 * 86_400_000)
    await call('orders.request', { ticket: house.resting(), from: 'a script' })
    expect(await call('orders.requests', { id: first.id })).toEqual([])
    expect(await call('orders.requests', { id: second.id })).toMatchObject([{ state: 'expired' }])
  })

  test('that could not be placed waits on', async () => {
    await using house = await tradingHouse()
    const { call } = house.app
    const request = await call('orders.request', { ticket: house.resting(), from: 'a script' })
    const review = await house.review(request.ticket)
    await call('orders.kill', { by: 'window' })
    expect(await call('orders.approve', { id: request.id, reviewId: review.reviewId, hash: review.hash }).catch(codeOf)).toBe(
      'order/stopped-killed',
    )
    expect(await call('orders.requests', { id: request.id })).toMatchObject([{ state: 'waiting', placed: null }])
  })

  test('that went out is told as sent, and waits for nobody, where the disk did not take that it did', async () => {
    await using house = await tradingHouse()
    const { call, ports } = house.app
    const db = openConnection(path.join(ports.paths.dataDir, 'keelson.db'))
    db.raw.exec(`CREATE TRIGGER no_room BEFORE UPDATE OF intent_id ON order_requests BEGIN SELECT RAISE(ABORT, 'disk full'); END`)
    db.close()
    const before = house.sent()
    const request = await call('orders.request', { ticket: house.resting(), from: 'a script' })
    const { reviewId, hash } = await house.review(request.ticket)
    expect(await call('orders.approve', { id: request.id, reviewId, hash })).toMatchObject({ outcome: 'confirmed' })
    expect(await call('orders.requests', { id: request.id })).toMatchObject([{ state: 'placed' }])
    expect(await call('orders.approve', { id: request.id, reviewId, hash }).catch(codeOf)).toBe('order/request-gone')
    await call('orders.setTrading', { connectionId: house.connectionId, on: true, automation: 'direct' })
    const direct = await call('orders.request', { ticket: house.resting({ quantity: Dec.of('3') }), from: 'a script' })
    expect(direct).toMatchObject({ state: 'placed', placed: { outcome: 'confirmed' } })
    expect(house.sent()).toBe(before + 2)
  })

  test('goes at once where the connection allows it, by the same guard', async () => {
    await using house = await tradingHouse()
    const { call } = house.app
    await call('orders.setTrading', { connectionId: house.connectionId, on: true, automation: 'direct' })
    const before = house.sent()
    const placed = await call('orders.request', { ticket: house.resting(), from: 'a script' })
    expect(placed).toMatchObject({ state: 'placed', placed: { outcome: 'confirmed' } })
    expect(house.sent()).toBe(before + 1)
    // The same again within a minute needs a second yes, which no program has.
    const twin = await call('orders.request', { ticket: house.resting(), from: 'a script' })
    expect(twin).toMatchObject({ state: 'declined', placed: { outcome: 'not-sent', error: { code: 'order/needs-confirmation' } } })
    const large = await call('orders.request', { ticket: house.resting({ quantity: Dec.of('1001') }), from: 'a script' })
    expect(large).toMatchObject({ state: 'declined', placed: { outcome: 'not-sent' } })
    expect(house.sent()).toBe(before + 1)
  })

  test('asked for again under its id is the same one, after a restart, too', async () => {
    await using house = await tradingHouse()
    const { connectionId, app } = house
    await app.call('orders.setTrading', { connectionId, on: true, automation: 'direct' })
    const before = house.sent()
    const asked = { ticket: house.resting(), from: 'a script', requestId: '2026-11-20:1' }
    const placed = await app.call('orders.request', asked)
    expect(placed).toMatchObject({ requestId: '2026-11-20:1', state: 'placed', placed: { outcome: 'confirmed' } })
    await using again = await app.restart()
    again.ports.clock.jump(61_000)
    expect(await again.call('orders.request', asked)).toMatchObject({ id: placed.id, state: 'placed', placed: placed.placed })
    const other = { ...asked, ticket: house.resting({ quantity: Dec.of('3') }) }
    expect(await again.call('orders.request', other).catch(codeOf)).toBe('order/request-id-used')
    expect(house.sent()).toBe(before + 1)
  })

  test('has an id of letters and digits, and nothing that could be taken for another', async () => {
    await using house = await tradingHouse()
    for (const requestId of ['', ' a', 'a b', 'a\u202eb', '-a', 'x'.repeat(65), '../a']) {
      const asked = house.app.call('orders.request', { ticket: house.resting(), from: 'a script', requestId })
      expect([requestId, await asked.catch(codeOf)]).toEqual([requestId, 'app/invalid-request'])
    }
    for (const requestId of ['7', 'x'.repeat(64), 'A-1_2:3.4'])
      expect(await house.app.call('orders.request', { ticket: house.resting(), from: 'a script', requestId })).toMatchObject({ requestId })
  })

  test('that its program was told is over cannot be sent by anybody afterwards', async () => {
    await using house = await tradingHouse()
    const { app } = house
    await app.call('orders.setTrading', { connectionId: house.connectionId, on: true, automation: 'direct' })
    app.sandbox.control('alpaca').fault({ name: 'server-error' })
    const failed = await app.call('orders.request', { ticket: house.resting(), from: 'a script' })
    app.sandbox.control('alpaca').fault(null)
    expect(failed).toMatchObject({ state: 'declined', placed: { outcome: 'not-sent' } })
    expect(await app.call('orders.requests', { id: failed.id })).toMatchObject([{ state: 'declined' }])
    expect(await app.call('orders.approve', { id: failed.id, reviewId: 'rev_any', hash: 'any' }).catch(codeOf)).toBe('order/request-gone')
    expect((await app.call('orders.desk', {})).requests).toBe(0)
  })

  test('is refused where more wait than anybody reviews, until some are answered', async () => {
    await using house = await tradingHouse()
    const { call } = house.app
    const ask = () => call('orders.request', { ticket: house.resting(), from: 'a script gone wild' })
    const first = await ask()
    for (let more = 1; more < 50; more += 1) await ask()
    expect(await ask().catch(codeOf)).toBe('order/requests-full')
    expect((await call('orders.desk', {})).requests).toBe(50)
    await call('orders.decline', { id: first.id })
    expect(await ask()).toMatchObject({ state: 'waiting' })
  })

  test('is refused while trading is off', async () => {
    await using house = await tradingHouse('alpaca', { isOn: false })
    expect(await house.app.call('orders.request', { ticket: house.resting(), from: 'a script' }).catch(codeOf)).toBe(
      'order/stopped-trading-off',
    )
  })
})
