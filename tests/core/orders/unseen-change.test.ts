import { describe, expect, test } from 'vitest'
import { matchOrder } from '../../../electron/core/orders/match.ts'
import { createResolver } from '../../../electron/core/orders/resolve.ts'
import { outcomeSentence } from '../../../electron/core/orders/sentences.ts'
import { getIntent } from '../../../electron/core/store/order-intents.ts'
import { orderEvents } from '../../../electron/core/store/order-events.ts'
import { sql } from '../../../electron/core/db/sql.ts'
import type { Ticket } from '../../../shared/contract/orders.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { Intent } from '../../../electron/core/store/order-intents.ts'
import type { Venues } from '../../../electron/core/orders/venues.ts'
import type { BrokerId } from '../../../shared/domain/broker.ts'
import type { OrderStatus } from '../../../shared/domain/order.ts'
import { brokerOrder, limitDraft, SENT } from './support/order-books.ts'
import { placingDesk } from './support/placing-desk.ts'

/** A change of order 71, ten at 100 for the day, of which no answer came; and what a look at the broker comes to, where it is `as` it was or not. */
async function lookedFor(
  change: Partial<Ticket>,
  as: Partial<Parameters<typeof brokerOrder>[0]> = {},
  { broker = 'ibkr' as BrokerId, minutes = 0 } = {},
): Promise<{ found: Intent; said: string[] }> {
  const { desk, review, end } = await placingDesk()
  const order = brokerOrder({ externalId: '71', quantity: Dec.of('10'), timeInForce: 'GTC' })
  desk.says.orders = [order]
  desk.says.place = () => Promise.reject(new AppError('order/unknown'))
  const reviewed = await review({ replaces: '71', timeInForce: 'gtc', ...change })
  expect([reviewed.stops, await end(reviewed)]).toEqual([[], 'unknown'])
  const id = String(desk.db.reader.all(sql`SELECT id FROM order_intents`)[0]?.['id'])
  desk.says.orders = [{ ...order, ...as }]
  const venues: Venues = {
    ...desk.venues,
    async of(accountId) {
      const venue = await desk.venues.of(accountId)
      return { ...venue, broker: { ...venue.broker, id: broker } }
    },
  }
  const resolver = createResolver(desk.core, { venues, onOutcome: () => undefined, isUnderWay: () => false })
  let found = await resolver.look(id)
  for (let at = 0; at < minutes; at += 1) {
    await desk.clock.advance(60_000)
    found = await resolver.look(id)
  }
  const events = orderEvents(desk.db.reader, { accountId: desk.accountId, externalId: null, intentId: id })
  expect(getIntent(desk.db.reader, id)).toEqual(found)
  return { found, said: events.filter(({ kind }) => kind === 'look').map(({ detail }) => detail.sentence) }
}

const ASKED = 'The broker does not tell what this change would have changed: look at the order there.'

describe('a change in doubt of what a broker does not tell of an order', () => {
  test.each<[string, Partial<Ticket>]>([
    ['extended hours', { extendedHours: true }],
    ['the opening alone', { timeInForce: 'opg' }],
    ['nothing at all', {}],
  ])('is left to the user: %s', async (_, change) => {
    const { found, said } = await lookedFor(change)
    expect([found.outcome, said]).toEqual(['unknown', [ASKED]])
  })

  test.each<[OrderStatus, string]>([
    ['filled', 'confirmed'],
    ['expired', 'confirmed'],
    ['rejected', 'rejected'],
  ])('is in doubt no longer once the order is %s', async (status, outcome) => {
    const { found } = await lookedFor({ extendedHours: true }, { status })
    expect([found.outcome, found.externalId]).toEqual([outcome, '71'])
  })

  test.each<BrokerId>(['alpaca', 'schwab', 'tastytrade', 'etrade', 'tdameritrade'])(
    'did not arrive where the old order still works after five minutes, at a broker that makes a new one: %s',
    async broker => {
      const hours = { extendedHours: true }
      expect((await lookedFor(hours, {}, { broker, minutes: 4 })).found.outcome).toBe('unknown')
      expect((await lookedFor(hours, {}, { broker, minutes: 6 })).found.outcome).toBe('not-sent')
    },
  )

  test.each<[OrderStatus, string]>([
    ['filled', 'it was filled before'],
    ['expired', 'it ran out before'],
    ['rejected', 'the broker had refused it before'],
  ])('came too late where the old order is %s, at a broker that makes a new one', async (status, words) => {
    const { found } = await lookedFor({ extendedHours: true }, { status }, { broker: 'alpaca' })
    const sentence = `The change came too late. This order is done already: ${words}.`
    expect([found.outcome, found.externalId, outcomeSentence(found)]).toEqual(['rejected', null, sentence])
  })

  test('is in doubt where the old order is in a status nobody knows, at a broker that makes a new one', async () => {
    const { found } = await lookedFor({ extendedHours: true }, { status: 'other' }, { broker: 'alpaca' })
    expect([found.outcome, found.externalId]).toEqual(['unknown', null])
  })

  test('stays in doubt however long the order works under its own number', async () => {
    const { found, said } = await lookedFor({ extendedHours: true }, {}, { minutes: 8 })
    expect([found.outcome, new Set(said)]).toEqual(['unknown', new Set([ASKED])])
  })

  test('is found by its price, where that changes too', async () => {
    const { found } = await lookedFor({ extendedHours: true, limitPrice: Dec.of('99') }, { limitPrice: Dec.of('99') })
    expect([found.outcome, found.externalId]).toEqual(['confirmed', '71'])
  })

  test('is not there where the price stayed', async () => {
    const { found, said } = await lookedFor({ limitPrice: Dec.of('99') })
    expect([found.outcome, said]).toEqual(['unknown', ['Looked for in the whole history of the account: not there.']])
  })
})

test('A change nobody can see is found all the same under our own id, and in the order that took the place of the old one', () => {
  const intent = { clientOrderId: 'new', draft: limitDraft(), target: '71', sentAt: SENT, createdAt: SENT, isUnseen: true }
  const old = brokerOrder({ externalId: '71' })
  const mine = brokerOrder({ externalId: '72', clientOrderId: 'new' })
  expect(matchOrder(intent, [old, mine], () => false)).toEqual({ kind: 'found', order: mine })
  const next = brokerOrder({ externalId: '72' })
  expect(matchOrder(intent, [{ ...old, status: 'replaced' }, next], () => false)).toEqual({ kind: 'found', order: next })
  expect(matchOrder(intent, [{ ...old, status: 'replaced' }], () => false)).toEqual({ kind: 'several', count: 0 })
  expect(matchOrder(intent, [old], () => false)).toEqual({ kind: 'unseen' })
  expect(matchOrder(intent, [old], () => false, { makesNew: true })).toEqual({ kind: 'none' })
  expect(matchOrder(intent, [{ ...old, status: 'filled' }, next], () => false)).toEqual({ kind: 'found', order: next })
  expect(matchOrder({ ...intent, isUnseen: false }, [old], () => false)).toEqual({ kind: 'found', order: old })
})
