import { describe, expect, test } from 'vitest'
import { isStillMeant } from '../../../electron/core/orders/named.ts'
import type { OffMarket } from '../../../electron/core/orders/collar.ts'
import type { Ticket } from '../../../shared/contract/orders.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { positionOf } from './support/order-desk.ts'
import { type PlacingDesk, placingDesk } from './support/placing-desk.ts'

const d = Dec.of
const AT_MARKET: Partial<Ticket> = { action: 'sell', type: 'market', limitPrice: null }

async function holding(environment: 'live' | 'paper' = 'paper'): Promise<PlacingDesk> {
  const placing = await placingDesk(environment)
  placing.desk.says.positions = [positionOf('AAPL', '10')]
  return placing
}

describe('a yes to a price off the market', () => {
  test('sends nothing at a price far worse than the one it was said to', async () => {
    const { review, end, market, sent } = await holding()
    market({ bid: '94' })
    const reviewed = await review(AT_MARKET)
    expect(reviewed).toMatchObject({ stops: [], needs: [{ confirmation: 'off-market' }] })
    market({ bid: '0.01' })
    expect([await end(reviewed), sent()]).toEqual(['order/market-moved', 0])
  })

  test('is asked for again by a new review, with the price of then', async () => {
    const { review, end, market } = await holding()
    market({ bid: '94' })
    const reviewed = await review(AT_MARKET)
    market({ bid: '0.01' })
    await end(reviewed)
    const again = await review(AT_MARKET)
    expect(again.needs[0]?.sentence).toContain('at 0.01')
    expect(await end(again)).toBe('confirmed')
  })

  test.each([
    ['at the same price', '94'],
    ['at a price a little worse', '92'],
    ['at a better price that still is off', '94.9'],
    ['at one that is off no more', '99.9'],
  ])('holds %s', async (_, bid) => {
    const { review, end, market } = await holding()
    market({ bid: '94' })
    const reviewed = await review(AT_MARKET)
    market({ bid })
    expect(await end(reviewed)).toBe('confirmed')
  })

  test('does not hold where the other price is another by now', async () => {
    const { review, end, market, sent } = await holding()
    market({ bid: '94' })
    const reviewed = await review(AT_MARKET)
    market({ bid: '94', last: '110', ask: '110' })
    expect([await end(reviewed), sent()]).toEqual(['order/market-moved', 0])
  })

  test('to an old price says nothing of a new one that is far off', async () => {
    const { desk, review, end, market, sent } = await holding('live')
    desk.clock.jump(20_000)
    market({}, 20_000)
    const reviewed = await review({ action: 'sell', limitPrice: d('99') })
    expect(reviewed).toMatchObject({ stops: [], needs: [{ confirmation: 'off-market' }] })
    market({ bid: '80', ask: '200', last: '190' })
    expect([await end(reviewed), sent()]).toEqual(['order/market-moved', 0])
  })

  test('to an old price holds for the same price, older still', async () => {
    const { desk, review, end, market } = await holding('live')
    desk.clock.jump(20_000)
    market({}, 20_000)
    const reviewed = await review({ action: 'sell', limitPrice: d('99') })
    desk.clock.jump(4_000)
    expect(await end(reviewed)).toBe('confirmed')
  })
})

test('A yes to what its review did not ask counts for nothing', async () => {
  const { review, end, market, sent } = await holding()
  const reviewed = await review(AT_MARKET)
  expect(reviewed.needs).toEqual([])
  market({ bid: '94' })
  const all = { confirmed: ['duplicate', 'market-closed', 'off-market', 'unread-orders'] } as const
  expect([await end(reviewed, all), sent()]).toEqual(['order/needs-confirmation', 0])
})

describe('what was said yes to is still meant', () => {
  const named = (price: string | null, market: string | null, isOld?: boolean): OffMarket => ({
    price: price === null ? null : d(price),
    market: market === null ? null : d(market),
    ...(isOld === undefined ? {} : { isOld }),
  })
  const selling = (before: OffMarket, now: OffMarket): boolean => isStillMeant({ side: 'sell', collarPercent: d('5') }, before, now)
  const buying = (before: OffMarket, now: OffMarket): boolean => isStillMeant({ side: 'buy', collarPercent: d('5') }, before, now)

  test('as far as the collar goes, toward worse', () => {
    expect([selling(named('94', '100'), named('89.3', '100')), selling(named('94', '100'), named('89.29', '100'))]).toEqual([true, false])
    expect([buying(named('106', '100'), named('111.3', '100')), buying(named('106', '100'), named('111.31', '100'))]).toEqual([true, false])
  })

  test('however much better the price is', () => {
    expect(selling(named('50', '100'), named('80', '100'))).toBe(true)
    expect(buying(named('150', '100'), named('120', '100'))).toBe(true)
  })

  test('while the other price stays within the collar, on both sides of it', () => {
    const at = ['94.99', '95', '105', '105.01'].map(market => selling(named('80', '100'), named('80', market)))
    expect(at).toEqual([false, true, true, false])
  })

  test('only while a price that was none is none, and one that was there is there', () => {
    expect(selling(named(null, '100'), named(null, '100'))).toBe(true)
    expect(selling(named('94', '100'), named(null, '100'))).toBe(false)
    expect(selling(named(null, '100'), named('1', '100'))).toBe(true)
    expect(selling(named('94', null), named('94', null))).toBe(true)
    expect(selling(named('94', null), named('94', '100'))).toBe(false)
    expect(selling(named('94', '100'), named('94', null))).toBe(false)
  })

  test('only for the same reason', () => {
    expect(selling(named('94', '100', true), named('94', '100', true))).toBe(true)
    expect(selling(named('94', '100', true), named('94', '100'))).toBe(false)
    expect(selling(named('94', '100'), named('94', '100', true))).toBe(false)
  })
})
