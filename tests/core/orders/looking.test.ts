import { describe, expect, test } from 'vitest'
import { sql } from '../../../electron/core/db/sql.ts'
import { createResolver, type Resolver } from '../../../electron/core/orders/resolve.ts'
import { orderEvents } from '../../../electron/core/store/order-events.ts'
import { getIntent, insertIntent, type Intent, noteLook, settleIntent } from '../../../electron/core/store/order-intents.ts'
import { orderOf, upsertOrders } from '../../../electron/core/store/orders.ts'
import type { BrokerOrder } from '../../../electron/core/brokers/adapter.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { brokerOrder, limitDraft } from './support/order-books.ts'
import { type OrderDesk, orderDesk } from './support/order-desk.ts'

interface Looking {
  readonly desk: OrderDesk
  readonly resolver: Resolver
  readonly told: Intent[]
  /** Ids of orders whose answer somebody waits for. */
  readonly underWay: Set<string>
  /** Writes down something of which nobody knows what became; it went out now. */
  doubt(changes?: Partial<Pick<Intent, 'kind' | 'target' | 'outcome' | 'externalId' | 'createdAt'>>): string
  outcome(id: string): string | undefined
  /** What its history says, newest last. */
  said(id: string): string[]
}

async function looking(): Promise<Looking> {
  const desk = await orderDesk()
  const { db, clock, accountId, connection } = desk
  const told: Intent[] = []
  const underWay = new Set<string>()
  const resolver = createResolver(desk.core, {
    venues: desk.venues,
    onOutcome: intent => void told.push(intent),
    isUnderWay: id => underWay.has(id),
  })
  let count = 0
  return {
    desk,
    resolver,
    told,
    underWay,
    doubt({ kind = 'place', target = null, outcome = 'unknown', externalId = null, createdAt } = {}) {
      const id = `int_${(count += 1)}`
      const at = clock.now()
      const where = { accountId, connectionId: connection.id, environment: connection.environment }
      insertIntent(db.writer, {
        id,
        ...where,
        kind,
        clientOrderId: `ours-${count}`,
        draft: kind === 'cancel' ? null : limitDraft(),
        ticket: null,
        hash: '',
        target,
        createdAt: createdAt ?? at,
        sentAt: at,
      })
      settleIntent(db.writer, id, { outcome, externalId, status: null, error: null, at })
      return id
    },
    outcome: id => getIntent(db.reader, id)?.outcome,
    said: id => orderEvents(db.reader, { accountId, externalId: null, intentId: id }).map(({ detail }) => detail.sentence),
  }
}
const ours = (clock: OrderDesk['clock'], changes: Partial<BrokerOrder> = {}): BrokerOrder =>
  brokerOrder({ externalId: 'w', clientOrderId: 'ours-1', submittedAt: clock.now(), updatedAt: clock.now(), ...changes })
/** The same at a broker that does not tell our ids back. */
const nameless = (clock: OrderDesk['clock'], changes: Partial<BrokerOrder> = {}): BrokerOrder =>
  brokerOrder({ externalId: 'w', submittedAt: clock.now(), updatedAt: clock.now(), ...changes })
const NOT_THERE = 'Looked for in the whole history of the account: not there.'

describe('a look for an order in doubt', () => {
  test('finds it by our own id in all orders since the day before, keeps what it read and says so once', async () => {
    const { desk, resolver, told, doubt, outcome, said } = await looking()
    const id = doubt()
    desk.says.orders = [ours(desk.clock), brokerOrder({ externalId: 'x', symbol: 'MSFT' })]
    expect(await resolver.look(id)).toMatchObject({ outcome: 'confirmed', externalId: 'w', status: 'WORKING' })
    expect(desk.says.range).toBe('all from 2026-11-19 to 2026-11-21')
    expect(outcome(id)).toBe('confirmed')
    expect(orderOf(desk.db.reader, desk.accountId, 'x')).not.toBeNull()
    expect(told.map(one => one.id)).toEqual([id])
    expect(said(id)).toEqual(['Found at the broker under our own id: WORKING.'])
    expect(desk.events.length).toBeGreaterThan(0)
    await resolver.look(id)
    expect(told).toHaveLength(1)
    expect(desk.asked).toHaveLength(1)
  })

  test.each([ours, nameless])('finds one that the broker turned down as that, by our own id or by what it is', async order => {
    const { desk, resolver, doubt } = await looking()
    const id = doubt()
    desk.says.orders = [order(desk.clock, { status: 'rejected', statusText: 'REJECTED' })]
    expect(await resolver.look(id)).toMatchObject({ outcome: 'rejected', externalId: 'w' })
  })

  test('is none for an intent nobody knows, one that is settled, and one whose answer somebody waits for', async () => {
    const { desk, resolver, doubt, underWay } = await looking()
    await expect(resolver.look('int_nobody')).rejects.toMatchObject({ code: 'app/not-found' })
    expect(await resolver.look(doubt({ outcome: 'not-sent' }))).toMatchObject({ outcome: 'not-sent' })
    const id = doubt({ outcome: 'sending' })
    underWay.add(id)
    expect(await resolver.look(id)).toMatchObject({ outcome: 'sending' })
    expect(desk.asked).toEqual([])
    underWay.clear()
    await resolver.look(id)
    expect(desk.asked).toEqual(['orders of key-PA3ABCDEF'])
  })

  test('of which the broker gave a number is found by that number, and not taken for that of another', async () => {
    const { desk, resolver, doubt } = await looking()
    const id = doubt({ externalId: 'w' })
    desk.says.orders = [ours(desk.clock, { clientOrderId: null })]
    expect(await resolver.look(id)).toMatchObject({ outcome: 'confirmed', externalId: 'w' })
  })

  test('goes by when it was sent, not by when it was made up', async () => {
    const { desk, resolver, doubt } = await looking()
    const id = doubt({ createdAt: Instant.plus(desk.clock.now(), -4 * 86_400_000) })
    await resolver.look(id)
    expect(desk.says.range).toBe('all from 2026-11-19 to 2026-11-21')
    expect(getIntent(desk.db.reader, id)?.nextLookAt).toBe('2026-11-20T15:00:05.000Z')
    resolver.watch({ id })
    await desk.clock.advance(6_000)
    expect(desk.asked).toHaveLength(3)
  })

  test('says nothing of its absence once the day is over, where a broker tells what is done on its own day only', async () => {
    const { desk, resolver, doubt, said } = await looking()
    desk.says.rules = { ordersOfTheDay: true }
    const id = doubt()
    await resolver.look(id)
    desk.clock.jump(86_400_000)
    await resolver.look(id)
    expect(said(id)).toEqual([NOT_THERE, 'Alpaca tells what is done on its own day only, and that is over: look at its statement.'])
    expect(getIntent(desk.db.reader, id)).toMatchObject({ outcome: 'unknown', looks: 0 })
  })

  test.each(['place', 'cancel'] as const)(
    'that is over when the user has settled it meanwhile claims to have found nothing: %s',
    async kind => {
      const { desk, doubt, told } = await looking()
      const { db, clock } = desk
      const id = doubt({ kind, target: kind === 'cancel' ? 'w' : null })
      const venues = {
        ...desk.venues,
        of: async (account: typeof desk.accountId) => {
          const venue = await desk.venues.of(account)
          settleIntent(db.writer, id, { outcome: 'rejected', externalId: null, status: null, error: null, at: clock.now() })
          return venue
        },
      }
      const resolver = createResolver(desk.core, { venues, onOutcome: intent => void told.push(intent), isUnderWay: () => false })
      expect((await resolver.look(id)).outcome).toBe('rejected')
      const sentences = desk.core.audit.page({ limit: 5 }).rows.map(({ sentence }) => sentence)
      expect([told, sentences.filter(sentence => sentence.startsWith('Found at the broker'))]).toEqual([[], []])
    },
  )

  test('is had at a broker that takes no orders any more', async () => {
    const { desk, doubt } = await looking()
    const venue = await desk.venue()
    const broker = { ...venue.broker, can: { ...venue.broker.can, trading: null } }
    const venues = { ...desk.venues, of: () => Promise.resolve({ ...venue, broker }) }
    const resolver = createResolver(desk.core, { venues, onOutcome: () => undefined, isUnderWay: () => false })
    expect((await resolver.look(doubt())).looks).toBe(1)
  })

  test('is one at a time', async () => {
    const { desk, resolver, doubt } = await looking()
    const id = doubt()
    await Promise.all([resolver.look(id), resolver.look(id)])
    expect(desk.asked).toHaveLength(1)
    await resolver.look(id)
    expect(desk.asked).toHaveLength(2)
  })

  test('takes what was there before, or came of another order, for neither', async () => {
    const { desk, resolver, doubt, said } = await looking()
    const { db, clock, accountId } = desk
    upsertOrders(db.writer, accountId, [nameless(clock, { externalId: 'before' })], Instant.plus(clock.now(), -1))
    const other = doubt()
    settleIntent(db.writer, other, { outcome: 'confirmed', externalId: 'other', status: null, error: null, at: clock.now() })
    const id = doubt()
    desk.says.orders = ['before', 'other'].map(externalId => nameless(clock, { externalId }))
    expect((await resolver.look(id)).outcome).toBe('unknown')
    expect(said(id)).toEqual([NOT_THERE])
    desk.says.orders = [...desk.says.orders, nameless(clock, { externalId: 'new' })]
    expect(await resolver.look(id)).toMatchObject({ outcome: 'confirmed', externalId: 'new' })
  })

  test("goes by the brokers' time where this computer's clock is wrong", async () => {
    const { desk, resolver, doubt } = await looking()
    desk.says.aheadMs = 600_000
    const id = doubt()
    desk.says.orders = [nameless(desk.clock, { submittedAt: Instant.plus(desk.clock.now(), -600_000) })]
    expect(await resolver.look(id)).toMatchObject({ outcome: 'confirmed', externalId: 'w' })
  })

  test('leaves to the user what might be it', async () => {
    const { desk, resolver, doubt, said } = await looking()
    const id = doubt()
    const stray = (externalId: string): BrokerOrder => ours(desk.clock, { externalId, clientOrderId: null, quantity: Dec.of('3') })
    desk.says.orders = [stray('a')]
    expect((await resolver.look(id)).outcome).toBe('unknown')
    desk.says.orders = [stray('a'), stray('b')]
    await resolver.look(id)
    expect(said(id)).toEqual(['1 new order might be it: only you can tell.', '2 new orders might be it: only you can tell.'])
  })
})

describe('an order that is not there', () => {
  test('is one more look that counts only five seconds after the last one, whenever that was', async () => {
    const { desk, resolver, doubt } = await looking()
    desk.clock.jump(60_000)
    const id = doubt()
    await resolver.look(id)
    desk.clock.jump(4_999)
    expect((await resolver.look(id)).looks).toBe(1)
    const events = orderEvents(desk.db.reader, { accountId: desk.accountId, externalId: null, intentId: id })
    expect(events.map(({ kind }) => kind)).toEqual(['look', 'look'])
    const [row] = desk.db.reader.all(sql`SELECT body FROM audit_log ORDER BY seq DESC LIMIT 1`)
    expect(JSON.parse(String(row?.['body']))).toEqual({ sentence: NOT_THERE, facts: { looks: 1 } })
  })

  test('is looked for until five minutes are over, more than once, five seconds apart', async () => {
    const { desk, resolver, told, doubt, outcome, said } = await looking()
    const id = doubt()
    const { clock, db } = desk
    await resolver.look(id)
    expect(getIntent(db.reader, id)).toMatchObject({ looks: 1, nextLookAt: '2026-11-20T15:00:05.000Z' })
    clock.jump(4_999)
    await resolver.look(id)
    expect(getIntent(db.reader, id)?.looks).toBe(1)
    clock.jump(1)
    await resolver.look(id)
    expect(getIntent(db.reader, id)).toMatchObject({ looks: 2, outcome: 'unknown' })
    clock.jump(294_999)
    await resolver.look(id)
    expect(getIntent(db.reader, id)).toMatchObject({ looks: 3, outcome: 'unknown', nextLookAt: Instant.plus(clock.now(), 60_000) })
    clock.jump(5_000)
    expect(await resolver.look(id)).toMatchObject({ outcome: 'not-sent', looks: 4 })
    expect(outcome(id)).toBe('not-sent')
    expect(told).toHaveLength(1)
    expect(said(id)).toEqual([
      ...Array.from({ length: 5 }, () => NOT_THERE),
      'The order is not at the broker: its whole history was looked through, more than once. Nothing was placed.',
    ])
    expect(desk.core.audit.page({ limit: 2 }).rows.map(({ kind }) => kind)).toEqual(['order.not-sent', 'order.look'])
  })

  test('is not there on another day either, at a broker that tells what is done for long', async () => {
    const { desk, resolver, doubt } = await looking()
    const id = doubt()
    desk.clock.jump(86_400_000)
    expect((await resolver.look(id)).looks).toBe(1)
    desk.clock.jump(300_000)
    expect((await resolver.look(id)).outcome).toBe('not-sent')
  })

  test('is not over because the clock on the wall was put right: five minutes have to pass by the other one, too', async () => {
    const { desk, resolver, doubt } = await looking()
    const id = doubt()
    await resolver.look(id)
    desk.clock.jump(5_000)
    desk.clock.set(600_000)
    expect(await resolver.look(id)).toMatchObject({ outcome: 'unknown', looks: 2 })
    desk.clock.jump(294_999)
    expect((await resolver.look(id)).outcome).toBe('unknown')
    desk.clock.jump(5_000)
    expect((await resolver.look(id)).outcome).toBe('not-sent')
  })

  test('is not over while the clock on the wall says that it was sent just now', async () => {
    const { desk, resolver, doubt } = await looking()
    const id = doubt()
    await resolver.look(id)
    desk.clock.jump(400_000)
    desk.clock.set(-200_000)
    expect((await resolver.look(id)).outcome).toBe('unknown')
  })

  test('is waited for from when this run heard of it, which may be before its first look', async () => {
    const { desk, resolver, doubt } = await looking()
    const id = doubt()
    resolver.watch({ id })
    desk.clock.jump(295_000)
    expect((await resolver.look(id)).looks).toBe(1)
    desk.clock.jump(5_000)
    expect((await resolver.look(id)).outcome).toBe('not-sent')
  })

  test('at exactly five minutes is over', async () => {
    const { desk, resolver, doubt } = await looking()
    const id = doubt()
    await resolver.look(id)
    desk.clock.jump(300_000)
    expect((await resolver.look(id)).outcome).toBe('not-sent')
  })

  test('is not over by what an earlier run saw alone: this one looks twice itself', async () => {
    const { desk, resolver, doubt } = await looking()
    const id = doubt()
    noteLook(desk.db.writer, id, { looks: 9, nextLookAt: desk.clock.now() })
    desk.clock.jump(600_000)
    expect((await resolver.look(id)).outcome).toBe('unknown')
    desk.clock.jump(300_000)
    expect((await resolver.look(id)).outcome).toBe('not-sent')
  })

  test('begins anew once something might have been it', async () => {
    const { desk, resolver, doubt } = await looking()
    const id = doubt()
    await resolver.look(id)
    desk.clock.jump(400_000)
    desk.says.orders = [ours(desk.clock, { clientOrderId: null })]
    await resolver.look(id)
    expect(getIntent(desk.db.reader, id)).toMatchObject({ outcome: 'unknown', looks: 0 })
    desk.says.orders = []
    expect((await resolver.look(id)).outcome).toBe('unknown')
    desk.clock.jump(5_000)
    expect((await resolver.look(id)).outcome).toBe('not-sent')
  })
})

describe('a change in doubt', () => {
  test('is looked for at the order it replaces too, where the list does not have that', async () => {
    const { desk, resolver, doubt, said } = await looking()
    const id = doubt({ kind: 'replace', target: 'old' })
    await resolver.look(id)
    expect(desk.asked).toEqual(['orders of key-PA3ABCDEF', 'status of old'])
    desk.says.orders = [ours(desk.clock, { externalId: 'old', clientOrderId: null, status: 'replaced' })]
    await resolver.look(id)
    expect(desk.asked).toHaveLength(3)
    expect(said(id)).toEqual([NOT_THERE, 'The old order gave way, and what took its place is not there yet: look at the broker.'])
  })

  test('is looked for at the order it replaces also where the list has others', async () => {
    const { desk, resolver, doubt } = await looking()
    desk.says.orders = [brokerOrder({ externalId: 'x', symbol: 'MSFT' })]
    await resolver.look(doubt({ kind: 'replace', target: 'old' }))
    expect(desk.asked).toEqual(['orders of key-PA3ABCDEF', 'status of old'])
  })

  test.each([new AppError('net/offline'), new TypeError('a mistake')])(
    'is not taken for absent where its old order cannot be read: $message',
    async error => {
      const { desk, doubt, outcome, said } = await looking()
      const venue = await desk.venue()
      const adapter = { ...venue.adapter, orderStatus: () => Promise.reject(error) }
      const venues = { ...desk.venues, of: () => Promise.resolve({ ...venue, adapter }) }
      const resolver = createResolver(desk.core, { venues, onOutcome: () => undefined, isUnderWay: () => false })
      const id = doubt({ kind: 'replace', target: 'old' })
      await expect(resolver.look(id)).rejects.toBe(error)
      expect([outcome(id), said(id), getIntent(desk.db.reader, id)?.looks]).toEqual(['unknown', [], 0])
    },
  )

  test('is not looked for at half: what stands in the way of a look is thrown', async () => {
    const { desk, resolver, doubt, outcome } = await looking()
    const id = doubt({ kind: 'replace', target: 'old' })
    const broken = [
      {
        ...ours(desk.clock),
        get externalId(): string {
          throw new AppError('net/offline')
        },
      },
    ]
    desk.says.orders = broken
    await expect(resolver.look(id)).rejects.toMatchObject({ code: 'net/offline' })
    expect(outcome(id)).toBe('unknown')
  })
})

describe('a cancellation in doubt', () => {
  test.each([
    ['canceled', 'confirmed', null],
    ['filled', 'rejected', 'order/not-open'],
    ['working', 'unknown', null],
    ['partially-filled', 'unknown', null],
  ] as const)('of an order that is %s then is %s', async (status, outcome, code) => {
    const { desk, resolver, doubt } = await looking()
    const id = doubt({ kind: 'cancel', target: 'w' })
    desk.says.orders = [ours(desk.clock, { clientOrderId: null, status, statusText: status.toUpperCase() })]
    const found = await resolver.look(id)
    expect(found).toMatchObject({
      outcome,
      error: code === null ? null : { code, message: 'This order is done already: it was filled before.' },
    })
    expect(desk.asked).toEqual(['status of w'])
    expect(orderOf(desk.db.reader, desk.accountId, 'w')?.status).toBe(status)
  })

  test('of nothing is looked for nowhere', async () => {
    const { desk, resolver, doubt, said } = await looking()
    const id = doubt({ kind: 'cancel' })
    expect((await resolver.look(id)).outcome).toBe('unknown')
    expect([desk.asked, said(id)]).toEqual([[], [NOT_THERE]])
  })

  test('that the user settled is none that was found', async () => {
    const { desk, resolver, doubt, told } = await looking()
    const id = doubt({ kind: 'cancel', target: 'w' })
    resolver.watch({ id })
    settleIntent(desk.db.writer, id, { outcome: 'confirmed', externalId: 'w', status: null, error: null, at: desk.clock.now() })
    await desk.clock.advance(1_000)
    expect([told, desk.asked]).toEqual([[], []])
  })

  const ended = async (orders: readonly Partial<BrokerOrder>[]): Promise<unknown[]> => {
    const { desk, resolver, doubt, said } = await looking()
    desk.says.orders = orders.map(order => ours(desk.clock, { clientOrderId: null, ...order }))
    const id = doubt({ kind: 'cancel', target: 'w' })
    await resolver.look(id)
    desk.clock.jump(300_000)
    const { outcome, error } = await resolver.look(id)
    return [outcome, error?.code ?? null, said(id).at(-1)]
  }

  test('that never arrived is over after five minutes, and the order works on', async () => {
    expect(await ended([{}])).toEqual(['not-sent', null, 'The cancellation did not arrive: the order still works.'])
  })

  test('of an order that is listed no longer says that, and nothing of one that works', async () => {
    const sentence = 'The broker does not list the order any more. What became of it stands there: look at the broker.'
    expect(await ended([])).toEqual(['not-sent', 'order/not-found', sentence])
  })

  test.each(['PENDING_CANCEL', 'Cancel Requested', 'CANCEL_REQUESTED', 'AWAITING_UR_OUT', 'PendingCancel'])(
    'that the broker has and works on stays in doubt: %s',
    async statusText => {
      expect(await ended([{ statusText }])).toEqual(['unknown', null, `The broker has the cancellation and works on it: ${statusText}.`])
    },
  )
})

describe('an order that is watched', () => {
  test('is looked for after a second, then ever less often, until it is known', async () => {
    const { desk, resolver, doubt, told, outcome } = await looking()
    const id = doubt()
    resolver.watch({ id })
    resolver.watch({ id })
    expect(desk.clock.pending).toBe(1)
    const at: number[] = []
    for (let second = 0; second < 200; second += 1) {
      const before = desk.asked.length
      await desk.clock.advance(1_000)
      if (desk.asked.length > before) at.push(second + 1)
    }
    expect(at).toEqual([1, 6, 11, 17, 25, 38, 56, 84, 126, 186])
    desk.says.orders = [ours(desk.clock, { submittedAt: Instant.plus(desk.clock.now(), -200_000) })]
    await desk.clock.advance(60_000)
    expect(outcome(id)).toBe('confirmed')
    expect(told).toHaveLength(1)
    const asked = desk.asked.length
    await desk.clock.advance(600_000)
    expect([desk.asked.length, desk.clock.pending]).toEqual([asked, 0])
  })

  test('is looked for again after a look that failed, which the log says', async () => {
    const { desk, resolver, doubt, outcome } = await looking()
    const id = doubt()
    const { adapter } = await desk.venue()
    const { orders } = adapter
    adapter.orders = () => Promise.reject(new AppError('net/offline'))
    resolver.watch({ id })
    await desk.clock.advance(1_000)
    expect(desk.records.map(({ level, event, fields }) => [level, event, fields['intentId']])).toEqual([['info', 'orders.look-failed', id]])
    adapter.orders = orders
    desk.says.orders = [ours(desk.clock)]
    await desk.clock.advance(5_000)
    expect(outcome(id)).toBe('confirmed')
  })

  test('and found by a sync first is told, and written into the record once', async () => {
    const { desk, resolver, doubt, told } = await looking()
    const id = doubt()
    resolver.watch({ id })
    upsertOrders(desk.db.writer, desk.accountId, [ours(desk.clock)], desk.clock.now())
    await desk.clock.advance(1_000)
    expect(told).toMatchObject([{ id, outcome: 'confirmed', externalId: 'w' }])
    const { rows } = desk.core.audit.page({ limit: 1 })
    expect(rows).toMatchObject([{ kind: 'order.confirmed', accountId: desk.accountId, intentId: id }])
    expect(rows[0]?.sentence).toMatch(/^Found at the broker\. The order was taken/)
    const [row] = desk.db.reader.all(sql`SELECT body FROM audit_log ORDER BY seq DESC LIMIT 1`)
    expect(JSON.parse(String(row?.['body']))).toMatchObject({ facts: { orderId: 'w' } })
    await resolver.look(id)
    expect(told).toHaveLength(1)
    expect(desk.asked).toEqual([])
  })

  test('is watched alone', async () => {
    const { desk, resolver, doubt, said } = await looking()
    const [other, id] = [doubt(), doubt()]
    resolver.watch({ id })
    await desk.clock.advance(60_000)
    expect([said(other), said(id).length > 1]).toEqual([[], true])
  })

  test('and found by a look is told once, however often it is looked for then', async () => {
    const { desk, resolver, doubt, told } = await looking()
    const id = doubt()
    resolver.watch({ id })
    desk.says.orders = [ours(desk.clock)]
    await desk.clock.advance(1_000)
    await resolver.look(id)
    expect(told).toMatchObject([{ id, outcome: 'confirmed' }])
  })

  test('and settled by the user has no order to tell of', async () => {
    const { desk, resolver, doubt, told } = await looking()
    const id = doubt()
    resolver.watch({ id })
    settleIntent(desk.db.writer, id, { outcome: 'confirmed', externalId: null, status: null, error: null, at: desk.clock.now() })
    await desk.clock.advance(1_000)
    expect([told, desk.asked]).toEqual([[], []])
  })

  test('is looked for no more once the app ends', async () => {
    const { desk, resolver, doubt } = await looking()
    const id = doubt()
    resolver.watch({ id })
    await resolver.stop()
    expect(desk.clock.pending).toBe(0)
    resolver.watch({ id })
    expect(desk.clock.pending).toBe(0)
    await desk.clock.advance(10_000)
    expect(desk.asked).toEqual([])
    await expect(resolver.look(id)).rejects.toMatchObject({ code: 'app/canceled' })
  })
})
