import { describe, expect, test } from 'vitest'
import { AppError } from '../../shared/contract/errors.ts'
import { Dec } from '../../shared/domain/decimal.ts'
import type { OrderDraft, Quote } from '../../shared/domain/order.ts'
import { EXCHANGE_ZONE, Instant, LocalDate, toLocalDate } from '../../shared/domain/time.ts'
import type { BrokerAdapter, BrokerOrder, Trading } from '../../electron/core/brokers/adapter.ts'
import { draftOf } from '../core/brokers/support/drafts.ts'
import { CASES, nameOf } from './cases.ts'
import { openHouse } from './house.ts'

const signal = AbortSignal.timeout(3_600_000)
const stop = { signal }
const CHANGES = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

interface Desk {
  readonly adapter: BrokerAdapter
  readonly trading: Trading
  readonly account: string
  readonly quote: Quote
  draft(changes?: Partial<OrderDraft>): OrderDraft
  /** A limit far below the market: it rests. */
  resting(changes?: Partial<OrderDraft>): OrderDraft
  orders(status: 'open' | 'closed' | 'all'): Promise<BrokerOrder[]>
}

describe.each(CASES.filter(({ trades }) => trades !== null).map(row => [nameOf(row), row] as const))('orders of %s', (_, row) => {
  const { orderPath = 'order' } = row
  const trades = row.trades ?? { symbol: '', assetClass: 'equity' }

  async function open() {
    const house = await openHouse(row)
    const adapter = await house.adapter()
    const { trading } = adapter
    if (!trading) throw new Error('the adapter takes no orders')
    const [first] = await adapter.accounts(stop)
    const [quote] = await adapter.quotes([trades.symbol], stop)
    if (!first || !quote) throw new Error('no account or no quote')
    let drafts = 0
    const draft: Desk['draft'] = (changes = {}) => {
      drafts += 1
      return draftOf({
        ...trades,
        clientOrderId: `7d1f6a52-0c6e-4a55-9d0a-${String(drafts).padStart(12, '0')}`,
        quantity: Dec.of('2'),
        ...changes,
      })
    }
    const low = Dec.of(String(Math.max(1, Math.floor(Number(quote.bid ?? quote.last) / 2))))
    const orders: Desk['orders'] = async status => {
      const today = toLocalDate(house.now(), EXCHANGE_ZONE)
      return adapter.orders(first.key, { status, range: { from: LocalDate.plusDays(today, -3), to: LocalDate.plusDays(today, 1) } }, stop)
    }
    const desk: Desk = {
      adapter,
      trading,
      account: first.key,
      quote,
      draft,
      resting: changes => draft({ type: 'limit', limitPrice: low, ...changes }),
      orders,
    }
    return {
      house,
      desk,
      sent: () => house.control.requests().filter(({ method, path }) => CHANGES.has(method) && path.includes(orderPath)).length,
      [Symbol.asyncDispose]: () => house[Symbol.asyncDispose](),
    }
  }

  test('quotes what it can and leaves out what the broker does not know', async () => {
    await using at = await open()
    const quotes = await at.desk.adapter.quotes([trades.symbol, 'ZZZZQ'], stop)
    expect(quotes.map(({ symbol }) => symbol)).toEqual([trades.symbol])
    expect(Number(quotes[0]?.last ?? quotes[0]?.bid)).toBeGreaterThan(0)
    expect(Instant.is(quotes[0]?.asOf ?? '')).toBe(true)
  })

  test('states balances in the currency that was asked for', async () => {
    await using at = await open()
    const { adapter, account } = at.desk
    expect((await adapter.balances(account, { signal, currency: 'USD' })).map(({ currency }) => currency)).toEqual(['USD'])
    expect(await adapter.balances(account, { signal, currency: 'CHF' })).toEqual([])
  })

  test('says what a purchase would cost and places nothing', async () => {
    await using at = await open()
    const before = (await at.desk.orders('all')).length
    const preview = await at.desk.trading.previewOrder(at.desk.account, at.desk.resting(), stop)
    expect(preview.refusals).toEqual([])
    // Not every broker says what an order is worth.
    expect(preview.estimatedValue).toSatisfy((value: Dec | null) => value === null || Dec.isNegative(value))
    expect(await at.desk.orders('all')).toHaveLength(before)
  })

  test('fills a market order and finds it among the closed ones', async () => {
    await using at = await open()
    const { trading, account, adapter } = at.desk
    const placed = await trading.placeOrder(account, at.desk.draft(), stop)
    const order = await adapter.orderStatus(account, placed.externalId, stop)
    expect(order).toMatchObject({
      externalId: placed.externalId,
      symbol: trades.symbol,
      side: 'buy',
      status: 'filled',
      quantity: '2',
      filledQuantity: '2',
    })
    expect(Number(order.averageFillPrice)).toBeGreaterThan(0)
    expect((await at.desk.orders('closed')).map(({ externalId }) => externalId)).toContain(placed.externalId)
    expect((await at.desk.orders('open')).map(({ externalId }) => externalId)).not.toContain(placed.externalId)
  })

  test('lets a limit order rest, changes it and takes it back', async () => {
    await using at = await open()
    const { trading, account, adapter } = at.desk
    const first = await trading.placeOrder(account, at.desk.resting(), stop)
    expect(first.status).toBe('working')
    const before = await adapter.orderStatus(account, first.externalId, stop)
    expect((await at.desk.orders('open')).map(({ externalId }) => externalId)).toContain(first.externalId)
    const lower = Dec.sub(before.limitPrice ?? Dec.zero, Dec.of('0.5'))
    const second = await trading.replaceOrder(account, first.externalId, at.desk.resting({ limitPrice: lower }), stop)
    expect((await adapter.orderStatus(account, second.externalId, stop)).limitPrice).toBe(lower)
    await trading.cancelOrder(account, second.externalId, stop)
    expect((await adapter.orderStatus(account, second.externalId, stop)).status).toBe('canceled')
    expect((await at.desk.orders('open')).map(({ externalId }) => externalId)).not.toContain(second.externalId)
    await expect(trading.cancelOrder(account, second.externalId, stop)).rejects.toMatchObject({
      code: expect.stringMatching(/^order\/(?:not-open|not-found)$/) as unknown,
    })
  })

  test('sends stops and stop-limits as what they are', async () => {
    await using at = await open()
    const { trading, account, adapter } = at.desk
    const above = Dec.of(String(Math.ceil(Number(at.desk.quote.ask ?? at.desk.quote.last)) * 2))
    const stopped = await trading.placeOrder(account, at.desk.draft({ type: 'stop', stopPrice: above }), stop)
    expect(await adapter.orderStatus(account, stopped.externalId, stop)).toMatchObject({
      status: 'working',
      stopPrice: above,
      limitPrice: null,
    })
    const both = await trading.placeOrder(
      account,
      at.desk.draft({ type: 'stop-limit', stopPrice: above, limitPrice: Dec.add(above, Dec.of('1')) }),
      stop,
    )
    expect(await adapter.orderStatus(account, both.externalId, stop)).toMatchObject({
      status: 'working',
      stopPrice: above,
      limitPrice: Dec.add(above, Dec.of('1')),
    })
  })

  test('does not know an order nobody placed', async () => {
    await using at = await open()
    const { trading, account, adapter } = at.desk
    const [known] = await at.desk.orders('all')
    const strange = (known?.externalId ?? '100').replaceAll(/[0-9]/g, '9')
    await expect(adapter.orderStatus(account, strange, stop)).rejects.toMatchObject({ code: 'order/not-found' })
    await expect(trading.cancelOrder(account, strange, stop)).rejects.toMatchObject({
      code: expect.stringMatching(/^order\/(?:not-open|not-found)$/) as unknown,
    })
  })

  test('calls an order the broker turned down rejected, at once or when it is looked at', async () => {
    await using at = await open()
    const before = (await at.desk.orders('open')).length
    at.house.control.knobs.set('reject-orders', 'This order was turned down.')
    const { trading, account, adapter } = at.desk
    const end = await trading.placeOrder(account, at.desk.resting(), stop).then(
      async ({ externalId }) => (await adapter.orderStatus(account, externalId, stop)).status,
      (error: unknown) => (error instanceof AppError ? error.code : error),
    )
    expect(['order/rejected', 'rejected']).toContain(end)
    expect(await at.desk.orders('open')).toHaveLength(before)
  })

  test("passes on the broker's own words for a refusal", async () => {
    await using at = await open()
    const before = (await at.desk.orders('open')).length
    // Nobody's money is enough for nine million.
    const large = at.desk.resting({ quantity: Dec.of('9000000') })
    if (row.checksMoney === false) at.house.control.knobs.set('reject-orders', 'This order was turned down.')
    await expect(at.desk.trading.placeOrder(at.desk.account, large, stop)).rejects.toMatchObject({
      code: 'order/rejected',
      brokerSays: expect.stringMatching(/\w/) as unknown,
    })
    expect(await at.desk.orders('open')).toHaveLength(before)
  })

  test.runIf(row.wire === 'http')('sends an order once when its answer is lost, and says that nobody knows', async () => {
    await using at = await open()
    const { trading, account } = at.desk
    const before = at.sent()
    at.house.control.fault({ name: 'dropped', times: 1, path: orderPath })
    await expect(trading.placeOrder(account, at.desk.resting(), stop)).rejects.toMatchObject({ code: 'order/unknown' })
    expect(at.sent()).toBe(before + 1)
  })

  test('sends nothing for a draft the rules do not allow', async () => {
    await using at = await open()
    const before = at.house.control.requests().length
    const wrong: Partial<OrderDraft>[] = [
      { quantity: null },
      { quantity: Dec.of('-1') },
      { type: 'limit' },
      { symbol: 'AA\0PL' },
      { clientOrderId: '' },
      { limitPrice: Dec.of('1') },
    ]
    for (const changes of wrong) {
      await expect(at.desk.trading.placeOrder(at.desk.account, at.desk.draft(changes), stop)).rejects.toMatchObject({
        code: 'order/invalid',
      })
    }
    expect(at.house.control.requests()).toHaveLength(before)
  })
})
