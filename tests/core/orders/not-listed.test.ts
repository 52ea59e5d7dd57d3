import { describe, expect, test } from 'vitest'
import type { BrokerOrder } from '../../../electron/core/brokers/adapter.ts'
import { createPlace } from '../../../electron/core/orders/place.ts'
import { createSubmit } from '../../../electron/core/orders/submit.ts'
import { orderOf, upsertOrders } from '../../../electron/core/store/orders.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import type { PlacedView, Ticket } from '../../../shared/contract/orders.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { brokerOrder } from './support/order-books.ts'
import { type OrderDesk, orderDesk, positionOf } from './support/order-desk.ts'

const d = Dec.of
const { signal } = new AbortController()

interface Lagging {
  readonly desk: OrderDesk
  /** Reviews and sends; answers what became of it. */
  send(ticket: Partial<Ticket>): Promise<PlacedView>
  /** Why an order would not go now. */
  stops(ticket: Partial<Ticket>): Promise<string[]>
  /** What the broker says of a single order; nothing is found where it is left out. */
  single: Record<string, BrokerOrder | AppError>
}

/** Ten shares of AAPL are held, at a broker that takes orders and lists none of them for the time being. */
async function lagging(): Promise<Lagging> {
  const desk = await orderDesk()
  desk.says.positions = [positionOf('AAPL', '10')]
  const single: Lagging['single'] = {}
  Object.assign((await desk.venue()).adapter, {
    orderStatus(_: string, id: string) {
      desk.asked.push(`status of ${id}`)
      const found = single[id] ?? new AppError('order/not-found', { details: { broker: 'Alpaca' } })
      return found instanceof AppError ? Promise.reject(found) : Promise.resolve(found)
    },
  })
  const submit = createSubmit({ core: desk.core, kill: desk.deps.kill, isLocked: () => false, onOutcome: () => undefined })
  const place = createPlace(desk.deps, { reviews: desk.reviews, submit })
  return {
    desk,
    single,
    async send(ticket) {
      const { reviewId, hash, needs } = await desk.reviews.review(desk.ticket(ticket), { signal })
      return place({ reviewId, hash, confirmed: needs.map(({ confirmation }) => confirmation), from: 'window', signal })
    },
    stops: async ticket => (await desk.reviews.review(desk.ticket(ticket), { signal })).stops.map(({ code }) => code),
  }
}

const SELL = { action: 'sell', quantity: d('8') } as const
const REST = { action: 'sell', quantity: d('5') } as const
const sold = (externalId: string | null, changes: Partial<BrokerOrder> = {}): BrokerOrder =>
  brokerOrder({ externalId: externalId ?? '', side: 'sell', quantity: d('8'), ...changes })

describe('an order of ours that its broker took and does not list yet', () => {
  test('keeps what it sells from being sent twice', async () => {
    const { desk, send, stops } = await lagging()
    expect((await send(SELL)).outcome).toBe('confirmed')
    expect(desk.says.orders).toEqual([])
    expect(await stops(REST)).toContain('order/stopped-more-than-held')
    expect(await stops({ ...REST, quantity: d('2') })).toEqual([])
  })

  test('counts with its value, for what it opens', async () => {
    const { desk, send, stops } = await lagging()
    desk.says.positions = []
    for (const quantity of ['90', '91']) expect((await send({ quantity: d(quantity) })).outcome).toBe('confirmed')
    expect(await stops({ quantity: d('92') })).toEqual(['order/stopped-position', 'order/stopped-open-value'])
  })

  test('counts as its broker tells it by itself, and not at all once it is over', async () => {
    const { desk, send, stops, single } = await lagging()
    const { externalId } = await send(SELL)
    single[externalId ?? ''] = sold(externalId, { filledQuantity: d('4'), status: 'partially-filled' })
    // Four are sold and four on their way, whether the positions show it or not.
    for (const held of ['10', '6']) {
      desk.says.positions = [positionOf('AAPL', held)]
      expect(await stops({ ...REST, quantity: d('3') })).toContain(
        held === '6' ? 'order/stopped-more-than-held' : 'order/stopped-fills-not-shown',
      )
      expect(await stops({ ...REST, quantity: d('2') })).toEqual([])
    }
    expect(orderOf(desk.db.reader, desk.accountId, externalId ?? '')).toMatchObject({ filledQuantity: '4' })
    single[externalId ?? ''] = sold(externalId, { filledQuantity: d('4'), status: 'canceled' })
    expect(await stops({ ...REST, quantity: d('6') })).toEqual([])
  })

  test('counts as it was sent where its broker cannot say', async () => {
    const { desk, send, stops, single } = await lagging()
    const { externalId } = await send(SELL)
    single[externalId ?? ''] = new AppError('broker/refused')
    expect(await stops(REST)).toContain('order/stopped-more-than-held')
    // Nothing is kept that no broker said.
    expect(orderOf(desk.db.reader, desk.accountId, externalId ?? '')).toBeNull()
    single[externalId ?? ''] = new AppError('auth/sign-in-needed')
    await expect(stops(REST)).rejects.toMatchObject({ code: 'auth/sign-in-needed' })
  })

  test('is asked for no more once it is listed, known to be over, or five minutes old', async () => {
    const { desk, send, stops } = await lagging()
    const { externalId } = await send(SELL)
    const asked = async (): Promise<number> => {
      const before = desk.asked.length
      await stops(REST)
      return desk.asked.slice(before).filter(one => one.startsWith('status of')).length
    }
    expect(await asked()).toBe(1)
    desk.says.orders = [sold(externalId)]
    expect(await asked()).toBe(0)
    desk.says.orders = []
    upsertOrders(desk.db.writer, desk.accountId, [sold(externalId, { status: 'filled', filledQuantity: d('8') })], desk.clock.now())
    expect(await asked()).toBe(0)
    const other = await lagging()
    await other.send(SELL)
    other.desk.clock.jump(300_001)
    await other.stops(REST)
    expect(other.desk.asked.filter(one => one.startsWith('status of'))).toEqual([])
  })

  test('counts once, whatever name its broker lists it by and however often it was changed', async () => {
    const { desk, send, stops, single } = await lagging()
    const first = await send(SELL)
    desk.says.orders = [sold('another name', { clientOrderId: first.externalId ?? '' })]
    expect(await stops({ ...REST, quantity: d('2') })).toEqual([])
    desk.says.orders = [sold(first.externalId)]
    const second = await send({ ...SELL, limitPrice: d('101'), replaces: first.externalId })
    expect(second.outcome).toBe('confirmed')
    desk.says.orders = []
    single[first.externalId ?? ''] = sold(first.externalId)
    single[second.externalId ?? ''] = sold(second.externalId)
    expect(await stops({ ...REST, quantity: d('2') })).toEqual([])
  })
})

describe('what is held', () => {
  test('is read after the orders, so that what fills in between counts twice and never as nothing', async () => {
    const { desk, stops } = await lagging()
    const { adapter } = await desk.venue()
    const listed = Promise.withResolvers<BrokerOrder[]>()
    Object.assign(adapter, { orders: () => listed.promise })
    const before = desk.asked.length
    const review = stops(REST)
    await desk.clock.advance(1)
    expect(desk.asked.slice(before)).not.toContain('positions of key-PA3ABCDEF')
    listed.resolve([])
    expect(await review).toEqual([])
    expect(desk.asked.slice(before)).toContain('positions of key-PA3ABCDEF')
  })
})
