import { describe, expect, test } from 'vitest'
import { createResolver } from '../../../electron/core/orders/resolve.ts'
import { getIntent, insertIntent, settleIntent } from '../../../electron/core/store/order-intents.ts'
import { limitDraft } from './support/order-books.ts'
import { type OrderDesk, orderDesk } from './support/order-desk.ts'

/** An order in doubt that went out at ten in the morning in New York, at a program that keeps its day in a zone. */
async function inDoubt(zone: string): Promise<OrderDesk> {
  const desk = await orderDesk()
  desk.says.rules = { ordersOfTheDay: true }
  Object.assign((await desk.venue()).adapter, { dayZones: () => Promise.resolve([zone]) })
  const { db, clock, accountId, connection } = desk
  const at = clock.now()
  const about = { accountId, connectionId: connection.id, environment: connection.environment, kind: 'place' as const }
  const rest = { clientOrderId: 'one', draft: limitDraft(), ticket: null, hash: '', target: null, createdAt: at, sentAt: at }
  insertIntent(db.writer, { id: 'int_one', ...about, ...rest })
  settleIntent(db.writer, 'int_one', { outcome: 'unknown', externalId: null, status: null, error: null, at })
  return desk
}

describe('a program that keeps its day where it runs', () => {
  test.each([
    ['Asia/Kolkata', 'unknown'],
    ['Asia/Tokyo', 'not-sent'],
    ['America/Los_Angeles', 'not-sent'],
  ])('says nothing by not telling an order once its own day is over: %s', async (zone, outcome) => {
    const desk = await inDoubt(zone)
    const { core, venues, clock, db } = desk
    const resolver = createResolver(core, { venues, onOutcome: () => undefined, isUnderWay: () => false })
    await resolver.look('int_one')
    // Two in the afternoon in New York: half past midnight in Kolkata, and four in the morning of the same day in Tokyo.
    clock.jump(4 * 3_600_000)
    await resolver.look('int_one')
    expect(getIntent(db.reader, 'int_one')?.outcome).toBe(outcome)
  })
})
