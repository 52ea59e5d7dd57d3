import { expect, test } from 'vitest'
import { createResolver } from '../../../electron/core/orders/resolve.ts'
import { insertIntent, settleIntent } from '../../../electron/core/store/order-intents.ts'
import { limitDraft } from './support/order-books.ts'
import { orderDesk } from './support/order-desk.ts'

test('A look under way when the app ends reads nothing of the data afterwards, which may be closed by then', async () => {
  const desk = await orderDesk()
  const { db, clock, accountId, connection } = desk
  const at = clock.now()
  const where = { accountId, connectionId: connection.id, environment: connection.environment }
  const order = {
    id: 'int_1',
    ...where,
    kind: 'place' as const,
    clientOrderId: 'ours',
    draft: limitDraft(),
    ticket: null,
    hash: '',
    target: null,
  }
  insertIntent(db.writer, { ...order, createdAt: at, sentAt: at })
  settleIntent(db.writer, 'int_1', { outcome: 'unknown', externalId: null, status: null, error: null, at })
  let lists = 0
  const reader: typeof db.reader = {
    ...db.reader,
    all(query) {
      lists += 1
      return db.reader.all(query)
    },
  }
  const answer = Promise.withResolvers<void>()
  const resolver = createResolver(
    { ...desk.core, db: { ...db, reader } },
    {
      venues: {
        ...desk.venues,
        async of(id) {
          await answer.promise
          return desk.venues.of(id)
        },
      },
      onOutcome: () => undefined,
      isUnderWay: () => false,
    },
  )
  resolver.watch({ id: 'int_1' })
  await clock.advance(1_000)
  const ended = resolver.stop()
  const before = lists
  answer.resolve()
  await ended
  await clock.advance(600_000)
  expect([lists - before, clock.pending]).toEqual([0, 0])
})
