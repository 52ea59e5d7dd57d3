import { describe, expect, test } from 'vitest'
import type { BrokerOrder } from '../../../electron/core/brokers/adapter.ts'
import { sql } from '../../../electron/core/db/sql.ts'
import { getIntent } from '../../../electron/core/store/order-intents.ts'
import { upsertOrders } from '../../../electron/core/store/orders.ts'
import type { Ticket } from '../../../shared/contract/orders.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { OrderStatus } from '../../../shared/domain/order.ts'
import { brokerOrder } from './support/order-books.ts'
import { type OrderDesk, positionOf } from './support/order-desk.ts'
import { type PlacingDesk, placingDesk } from './support/placing-desk.ts'

const d = Dec.of
const SALE: Partial<Ticket> = { action: 'sell', quantity: d('10') }

interface Refusal {
  readonly desk: OrderDesk
  readonly review: PlacingDesk['review']
  outcome(): string | undefined
  /** The same order in the broker's list; with the broker's word for where it stands. */
  row(status: OrderStatus, changes?: Partial<BrokerOrder>): BrokerOrder
}

/** Ten shares are held, and the sale of all of them was refused. */
async function refusal(by: 'error' | 'answer' = 'error'): Promise<Refusal> {
  const { desk, review, end } = await placingDesk()
  desk.says.positions = [positionOf('AAPL', '10')]
  desk.says.place = () =>
    by === 'error'
      ? Promise.reject(new AppError('order/rejected', { details: { broker: 'Alpaca' } }))
      : Promise.resolve({ externalId: '71', status: 'rejected', statusText: 'Rejected' })
  expect(await end(await review(SALE))).toBe('rejected')
  const [sent] = desk.db.reader.all(sql`SELECT id, client_order_id AS ours FROM order_intents`)
  return {
    desk,
    review,
    outcome: () => getIntent(desk.db.reader, String(sent?.['id']))?.outcome,
    row: (status, changes = {}) =>
      brokerOrder({ side: 'sell', quantity: d('10'), status, statusText: 'Inactive', clientOrderId: String(sent?.['ours']), ...changes }),
  }
}

const stopsOf = async ({ review }: Refusal, ticket: Partial<Ticket>): Promise<string[]> => (await review(ticket)).stops.map(({ code }) => code)

describe('an order the broker refused and lists all the same, in a status nobody knows', () => {
  test('stays refused', async () => {
    const refused = await refusal()
    upsertOrders(refused.desk.db.writer, refused.desk.accountId, [refused.row('other')], refused.desk.clock.now())
    expect(refused.outcome()).toBe('rejected')
  })

  test.each(['error', 'answer'] as const)('holds back no shares from the next sale (refused by %s)', async by => {
    const refused = await refusal(by)
    refused.desk.says.orders = [refused.row('other', by === 'answer' ? { clientOrderId: null } : {})]
    expect(await stopsOf(refused, { ...SALE, limitPrice: d('99.95') })).toEqual([])
  })

  test('holds back none either where it is asked for by itself', async () => {
    const refused = await refusal()
    const { desk } = refused
    upsertOrders(desk.db.writer, desk.accountId, [refused.row('other')], desk.clock.now())
    Object.assign((await desk.venue()).adapter, { orderStatus: () => Promise.resolve(refused.row('other')) })
    expect(await stopsOf(refused, { ...SALE, limitPrice: d('99.95') })).toEqual([])
  })

  test('counts for nothing among the working orders of its account, seen from another', async () => {
    const refused = await refusal()
    const { desk } = refused
    const elsewhere = async (status: OrderStatus): Promise<string[]> => {
      desk.says.orders = [refused.row(status, { quantity: d('900') })]
      await desk.clock.advance(61_000)
      const stops = await stopsOf(refused, { accountId: desk.otherId, quantity: d('1') })
      return stops.filter(code => code.includes('open-value'))
    }
    expect(await elsewhere('other')).toEqual([])
    expect(await elsewhere('working')).toEqual(['order/stopped-open-value-all'])
  })

  test.each(['working', 'partially-filled', 'filled'] as const)('is there after all once it is %s', async status => {
    const refused = await refusal()
    upsertOrders(refused.desk.db.writer, refused.desk.accountId, [refused.row(status)], refused.desk.clock.now())
    expect(refused.outcome()).toBe('confirmed')
  })

  test('is there after all once some of it filled', async () => {
    const refused = await refusal()
    const { desk } = refused
    const filled = refused.row('other', { filledQuantity: d('1') })
    desk.says.orders = [filled]
    expect(await stopsOf(refused, SALE)).toContain('order/stopped-more-than-held')
    upsertOrders(desk.db.writer, desk.accountId, [filled], desk.clock.now())
    expect(refused.outcome()).toBe('confirmed')
  })

  test('counts again once it works', async () => {
    const refused = await refusal()
    refused.desk.says.orders = [refused.row('working')]
    expect(await stopsOf(refused, SALE)).toContain('order/stopped-more-than-held')
  })
})
