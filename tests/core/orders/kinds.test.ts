import { describe, expect, test } from 'vitest'
import type { Ticket } from '../../../shared/contract/orders.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Refused } from '../../support/test-core.ts'
import { tradingHouse, type TradingHouse } from './support/trading-house.ts'

const codeOf = (error: unknown): string => (error instanceof Refused ? error.view.code : String(error))

/** The first option the account holds. */
async function heldOption({ app, accountId }: TradingHouse): Promise<{ readonly symbol: string; readonly quantity: Dec }> {
  const [held] = (await app.call('portfolio.positions', { accountId })).filter(({ assetClass }) => assetClass === 'option')
  if (!held) throw new Error('no option is held')
  return held
}

describe('a ticket', () => {
  test('for an amount of money is bought for it, and coins are spelled as a pair', async () => {
    await using house = await tradingHouse('alpaca')
    const amount: Partial<Ticket> = { quantity: null, notional: Dec.of('250') }
    const review = await house.review(house.ticket(amount))
    expect(review).toMatchObject({
      stops: [],
      value: { amount: '250', source: 'ours' },
      worstValue: { amount: '250' },
      fees: { amount: null, source: 'not-available' },
    })
    expect(await house.place(review)).toMatchObject({ outcome: 'confirmed' })
    const coins = await house.review(house.ticket({ ...amount, symbol: 'BTCUSD', assetClass: 'crypto', timeInForce: 'gtc' }))
    expect(coins.lines).toContainEqual({ label: 'Symbol', value: 'BTC/USD' })
    // The simulator has no coins: nobody gives a price.
    expect(coins.stops.map(({ code }) => code)).toEqual(['order/stopped-no-price'])
  })

  test('to short sells what is not held, and to cover buys it back and no more', async () => {
    await using house = await tradingHouse('schwab')
    await house.app.call('sync.run', { connectionId: house.connectionId })
    const held = (await house.app.call('portfolio.positions', { accountId: house.accountId })).map(({ symbol }) => symbol)
    const symbol = ['RIVN', 'SNAP', 'PLTR', 'SHOP', 'KO', 'SAP', 'WMT', 'BND', 'SCHD'].find(one => !held.includes(one)) ?? ''
    expect(await house.order(house.ticket({ symbol, action: 'short', quantity: Dec.of('2') }))).toMatchObject({ outcome: 'confirmed' })
    const over = await house.review(house.ticket({ symbol, action: 'cover', quantity: Dec.of('3') }))
    expect(over.stops.map(({ code }) => code)).toContain('order/stopped-more-than-held')
    expect(await house.order(house.ticket({ symbol, action: 'cover', quantity: Dec.of('2') }))).toMatchObject({ outcome: 'confirmed' })
  })

  test('for an option counts a hundred shares a contract, and says whether it opens or closes', async () => {
    await using house = await tradingHouse('tastytrade')
    await house.app.call('sync.run', { connectionId: house.connectionId })
    const { symbol } = await heldOption(house)
    const quote = await house.app.call('orders.quote', { accountId: house.accountId, symbol, assetClass: 'option' })
    const limit = quote?.ask ?? Dec.of('1')
    const ticket = house.ticket({
      symbol,
      assetClass: 'option',
      action: 'buy-to-open',
      type: 'limit',
      quantity: Dec.of('1'),
      limitPrice: limit,
    })
    const review = await house.review(ticket)
    expect(review.worstValue.amount).toBe(Dec.mul(limit, Dec.of('100')))
    expect(await house.app.call('orders.review', { ...ticket, action: 'buy' }).catch(codeOf)).toBe('order/invalid')
    expect(await house.app.call('orders.review', { ...ticket, symbol: 'AAPL', assetClass: 'equity' }).catch(codeOf)).toBe('order/invalid')
  })

  test('is refused before anybody is asked for what the broker does not take', async () => {
    await using house = await tradingHouse('schwab')
    expect(await house.review(house.ticket({ quantity: Dec.of('1.5') })).catch(codeOf)).toBe('order/invalid')
    expect(await house.review(house.ticket({ type: 'limit', limitPrice: Dec.of('101.005') })).catch(codeOf)).toBe('order/invalid')
    expect(await house.review(house.ticket({ symbol: 'BTC/USD', assetClass: 'crypto' })).catch(codeOf)).toBe('order/invalid')
  })

  test('says what the broker itself makes of it where it is asked', async () => {
    await using house = await tradingHouse('schwab')
    const review = await house.review(house.resting())
    expect(review.value).toMatchObject({ source: 'broker' })
    expect(review.fees.source).toBe('broker')
    expect(review.lines.map(({ label }) => label)).toEqual([
      'Account',
      'Broker',
      'Action',
      'Symbol',
      'Quantity',
      'Type',
      'Limit',
      'Valid',
      'Extended hours',
    ])
  })
})

describe('the market', () => {
  test('closed stops a market order, and lets a limit wait after a second yes', async () => {
    await using house = await tradingHouse('alpaca')
    house.app.ports.clock.jump(9 * 3_600_000)
    const market = await house.review()
    expect(market.stops.map(({ code }) => code)).toContain('order/stopped-market-closed')
    const limit = await house.review(house.resting())
    expect(limit).toMatchObject({ stops: [], needs: [{ confirmation: 'market-closed' }] })
    expect(await house.place(limit)).toMatchObject({ outcome: 'confirmed' })
  })

  test('has no price for what nobody knows, and no price is no', async () => {
    await using house = await tradingHouse('alpaca')
    const review = await house.review(house.ticket({ symbol: 'ZZZZQ' }))
    expect(review.quote).toBeNull()
    expect(review.stops.map(({ code }) => code)).toContain('order/stopped-no-price')
  })
})
