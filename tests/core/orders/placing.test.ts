import { describe, expect, test } from 'vitest'
import { Dec } from '../../../shared/domain/decimal.ts'
import { DESKS, tradingHouse } from './support/trading-house.ts'

const NAMES_ORDERS = new Set(['alpaca', 'schwab', 'tastytrade'])

describe.each(DESKS.map(({ broker }) => broker))('ordering at %s', broker => {
  test('goes from the ticket to a filled row, once, with every step written down', async () => {
    await using house = await tradingHouse(broker)
    const review = await house.review()
    expect(review.stops).toEqual([])
    expect(review.needs).toEqual([])
    const before = house.sent()
    const placed = await house.place(review)
    expect(placed).toMatchObject({ outcome: 'confirmed', error: null })
    expect(house.sent()).toBe(before + 1)
    const sync = await house.app.call('sync.run', { connectionId: house.connectionId })
    expect(sync.result).toBe('success')
    const { rows } = await house.app.call('orders.list', { limit: 20, symbol: 'AAPL' })
    const row = rows.find(({ externalId }) => externalId === placed.externalId)
    expect(row).toMatchObject({
      status: 'filled',
      isOurs: true,
      isOpen: false,
      quantity: '2',
      filledQuantity: '2',
      currency: 'USD',
      canCancel: false,
    })
    // Those sent from elsewhere are in what their instrument is held or was traded in.
    const elsewhere = (await house.app.call('orders.list', { limit: 100 })).rows.filter(({ isOurs }) => !isOurs)
    expect([...new Set(elsewhere.map(({ currency }) => currency ?? 'USD'))]).toEqual(elsewhere.length > 0 ? ['USD'] : [])
    const detail = await house.app.call('orders.detail', { id: row?.id ?? '' })
    expect(detail.ticket).toMatchObject({ symbol: 'AAPL', quantity: '2' })
    expect(detail.events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['intent', 'outcome']))
    // The others do not say in the history which order a fill is of, or by another number.
    expect(!NAMES_ORDERS.has(broker) || detail.fills.length > 0).toBe(true)
    const { rows: audited } = await house.app.call('audit.page', { limit: 50 })
    expect(audited.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['trading.on', 'order.review', 'order.sending', 'order.confirmed']),
    )
    expect(audited.find(({ kind }) => kind === 'trading.on')?.sentence).toMatch(/^Trading was switched on at \S.+, sandbox, for \S+\w.*\.$/)
    expect(await house.app.call('audit.verify', {})).toMatchObject({ isSound: true })
  })

  test('lets an order rest, changes it through the guard and takes it back under the kill switch', async () => {
    await using house = await tradingHouse(broker)
    // While the books of a new account are computed, nobody knows what today has lost.
    await house.app.call('sync.run', { connectionId: house.connectionId })
    const first = await house.order(house.resting())
    expect(first.outcome).toBe('confirmed')
    const changed = await house.order(
      house.resting({ limitPrice: Dec.of(String(Math.floor(house.price * 0.92))), replaces: first.externalId }),
    )
    expect(changed).toMatchObject({ outcome: 'confirmed', error: null })
    await house.app.call('orders.kill', { by: 'window' })
    const canceled = await house.app.call('orders.cancel', { accountId: house.accountId, externalId: changed.externalId ?? '' })
    expect(canceled).toMatchObject({ outcome: 'confirmed', error: null })
    await house.app.call('sync.run', { connectionId: house.connectionId })
    const { events } = await house.app.call('orders.detail', { id: `ord_${house.accountId}_${changed.externalId ?? ''}` })
    expect(events.map(({ sentence }) => sentence)).toEqual(
      expect.arrayContaining(['Canceling it.', expect.stringMatching(/^The cancellation was taken/)]),
    )
    const { rows } = await house.app.call('orders.list', { limit: 20, state: 'open', symbol: 'AAPL' })
    expect(rows.filter(({ isOurs }) => isOurs)).toEqual([])
  })
})
