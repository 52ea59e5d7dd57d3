import { describe, expect, test } from 'vitest'
import type { BrokerOrder } from '../../../electron/core/brokers/adapter.ts'
import { sql } from '../../../electron/core/db/sql.ts'
import { orderRow } from '../../../electron/core/orders/order-views.ts'
import { getIntent, insertIntent, type Intent, settleIntent } from '../../../electron/core/store/order-intents.ts'
import { orderKeys } from '../../../electron/core/store/order-list.ts'
import { upsertOrders } from '../../../electron/core/store/orders.ts'
import type { OrderRow, Ticket } from '../../../shared/contract/orders.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { OrderStatus } from '../../../shared/domain/order.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { brokerOrder } from './support/order-books.ts'
import { type OrderDesk, positionOf } from './support/order-desk.ts'
import { type PlacingDesk, placingDesk } from './support/placing-desk.ts'

const d = Dec.of
const SALE: Partial<Ticket> = { action: 'sell', quantity: d('10') }

interface Refusal {
  readonly desk: OrderDesk
  readonly review: PlacingDesk['review']
  outcome(): string | undefined
  intent(): Intent | null
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
    intent: () => getIntent(desk.db.reader, String(sent?.['id'])),
    row: (status, changes = {}) =>
      brokerOrder({ side: 'sell', quantity: d('10'), status, statusText: 'Inactive', clientOrderId: String(sent?.['ours']), ...changes }),
  }
}

const stopsOf = async ({ review }: Refusal, ticket: Partial<Ticket>): Promise<string[]> => (await review(ticket)).stops.map(({ code }) => code)

/** What the open orders and the history show, by their ids at the broker. */
function shown({ desk }: Refusal): { readonly open: (string | null)[]; readonly done: (string | null)[]; readonly rows: OrderRow[] } {
  const { reader } = desk.db
  const deps = { reader, can: () => ({ cancel: true, replace: true }) }
  const rows = (state: 'open' | 'done' | 'all'): OrderRow[] => orderKeys(reader, { state, limit: 50 }).keys.map(key => orderRow(deps, key))
  const ids = (state: 'open' | 'done'): (string | null)[] => rows(state).map(({ externalId }) => externalId)
  return { open: ids('open'), done: ids('done'), rows: rows('all') }
}

describe.each(['error', 'answer'] as const)('an order that was refused by %s and is listed all the same', by => {
  const listed = (refused: Refusal, status: OrderStatus, changes: Partial<BrokerOrder> = {}): void => {
    const { desk } = refused
    const row = refused.row(status, { ...(by === 'answer' ? { clientOrderId: null } : {}), ...changes })
    upsertOrders(desk.db.writer, desk.accountId, [row], desk.clock.now())
  }

  test.each(['other', 'rejected'] as const)('is no open one, and stands in the history once (%s)', async status => {
    const refused = await refusal(by)
    listed(refused, status)
    expect(shown(refused)).toMatchObject({
      open: [],
      done: ['71'],
      rows: [{ status: 'rejected', statusText: 'Inactive', isOurs: true, isOpen: false, canCancel: false, canReplace: false }],
    })
  })

  test('keeps what it was refused with', async () => {
    const refused = await refusal(by)
    const before = refused.intent()
    listed(refused, 'other')
    expect(refused.intent()).toEqual({ ...before, externalId: '71' })
  })

  test.each([
    ['works', 'working', {}],
    ['filled in part', 'other', { filledQuantity: d('1') }],
  ] as const)('is an open one where it %s after all', async (_, status, changes) => {
    const refused = await refusal(by)
    listed(refused, 'other')
    await refused.desk.clock.advance(1_000)
    listed(refused, status, changes)
    expect(shown(refused)).toMatchObject({ open: ['71'], done: [], rows: [{ status, isOpen: true, canCancel: true }] })
  })
})

test('An order that was refused and changed under its number since is an open one', async () => {
  const refused = await refusal()
  const { writer } = refused.desk.db
  upsertOrders(writer, refused.desk.accountId, [refused.row('other')], refused.desk.clock.now())
  const first = refused.intent()
  if (!first) throw new Error('no intent')
  const at = Instant.plus(first.createdAt, 1_000)
  insertIntent(writer, { ...first, id: 'int_change', kind: 'replace', clientOrderId: 'change', target: '71', createdAt: at, sentAt: at })
  settleIntent(writer, 'int_change', { outcome: 'confirmed', externalId: '71', status: 'Inactive', error: null, at })
  expect(shown(refused)).toMatchObject({ open: ['71'], done: [], rows: [{ status: 'other', isOpen: true }] })
})

describe('an order in doubt of which the user said that it is not there', () => {
  /** Nothing but his word says so: no broker refused it. */
  async function denied(): Promise<Refusal> {
    const refused = await refusal()
    const intent = refused.intent()
    if (!intent) throw new Error('no intent')
    settleIntent(refused.desk.db.writer, intent.id, { outcome: 'rejected', externalId: null, status: null, error: null, at: intent.createdAt })
    return refused
  }

  test('is there after all once its broker lists it, whatever the status means', async () => {
    const refused = await denied()
    upsertOrders(refused.desk.db.writer, refused.desk.accountId, [refused.row('other')], refused.desk.clock.now())
    expect(refused.outcome()).toBe('confirmed')
    expect(shown(refused)).toMatchObject({ open: ['71'], done: [], rows: [{ status: 'other', isOpen: true, canCancel: true }] })
  })

  test('holds back its shares once its broker lists it', async () => {
    const refused = await denied()
    refused.desk.says.orders = [refused.row('other')]
    expect(await stopsOf(refused, { ...SALE, limitPrice: d('99.95') })).not.toEqual([])
  })

  test('is an open one by its number too', async () => {
    const refused = await denied()
    const intent = refused.intent()
    if (!intent) throw new Error('no intent')
    settleIntent(refused.desk.db.writer, intent.id, { ...intent, externalId: '71', at: intent.createdAt })
    upsertOrders(refused.desk.db.writer, refused.desk.accountId, [refused.row('other', { clientOrderId: null })], refused.desk.clock.now())
    expect(shown(refused)).toMatchObject({ open: ['71'], done: [], rows: [{ status: 'other', isOpen: true }] })
  })
})

test('An order of somebody else in a status nobody knows is an open one', async () => {
  const refused = await refusal()
  const { desk } = refused
  upsertOrders(desk.db.writer, desk.accountId, [refused.row('other', { externalId: '72', clientOrderId: null })], desk.clock.now())
  expect(shown(refused)).toMatchObject({ open: ['72'], done: [null] })
})

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
