import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { getIntent } from '../../../electron/core/store/order-intents.ts'
import { upsertOrders } from '../../../electron/core/store/orders.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { brokerOrder } from './support/order-books.ts'
import { scriptedVenue, type ScriptedVenue, sendInDoubt } from './support/scripted-venue.ts'

const DAY_MS = 86_400_000

/** Looks as often as the core would, until it is known or ten minutes are over. */
async function resolved(
  { clock, resolver, db }: Pick<ScriptedVenue, 'clock' | 'resolver' | 'db'>,
  id: string,
  gap: number,
): Promise<string> {
  for (let ms = 0; ms < 660_000; ms += gap) {
    await resolver.look(id)
    if (getIntent(db.reader, id)?.outcome !== 'unknown') break
    clock.jump(gap)
  }
  return getIntent(db.reader, id)?.outcome ?? ''
}

describe('an order in doubt at a broker that shows orders late', () => {
  test('is never called not placed when it exists, and always when it does not', async () => {
    await withVenue(async venue => {
      const scenes = fc.record({
        exists: fc.boolean(),
        late: fc.integer({ min: 0, max: 299_000 }),
        entered: fc.integer({ min: -4_000, max: 119_000 }),
        stale: fc.integer({ min: 0, max: 3 }),
        gap: fc.integer({ min: 4_000, max: 60_000 }),
        before: fc.boolean(),
      })
      let orders = 0
      await fc.assert(
        fc.asyncProperty(scenes, async ({ exists, late, entered, stale, gap, before }) => {
          orders += 1
          const { db, clock, shown, accountId } = venue
          shown.length = 0
          const twin = brokerOrder({ externalId: `b${orders}`, submittedAt: Instant.plus(clock.now(), -1_000), updatedAt: clock.now() })
          if (before) {
            upsertOrders(db.writer, accountId, [twin], clock.now())
            shown.push({ from: 0, order: twin })
            clock.jump(1_000)
          }
          const id = sendInDoubt(venue)
          const order = brokerOrder({ externalId: `o${orders}`, submittedAt: Instant.plus(clock.now(), entered), updatedAt: clock.now() })
          if (exists) shown.push({ from: clock.monotonicMs() + late, order })
          venue.stale.reads = exists && late < 200_000 ? stale : 0
          expect(await resolved(venue, id, gap)).toBe(exists ? 'confirmed' : 'not-sent')
          expect(getIntent(db.reader, id)?.externalId).toBe(exists ? order.externalId : null)
        }),
        { numRuns: 25 },
      )
    })
  })

  test('stays with the user while something else might be it', async () => {
    await withVenue(async venue => {
      const id = sendInDoubt(venue)
      venue.shown.push({ from: 0, order: brokerOrder({ externalId: 's1', symbol: null }) })
      expect(await resolved(venue, id, 30_000)).toBe('unknown')
    })
  })

  test('stays with the user once the day is over, where a broker tells only the orders of the day', async () => {
    for (const [like, outcome] of [
      ['ibkr', 'unknown'],
      ['alpaca', 'not-sent'],
    ] as const) {
      await withVenue(async venue => {
        const id = sendInDoubt(venue)
        venue.clock.jump(DAY_MS)
        expect(await resolved(venue, id, 30_000)).toBe(outcome)
        const today = sendInDoubt(venue)
        expect(await resolved(venue, today, 30_000)).toBe('not-sent')
      }, like)
    }
  })

  test('that a sync finds first is in the log of orders all the same', async () => {
    await withVenue(async venue => {
      const { db, clock, core, accountId, resolver } = venue
      const id = sendInDoubt(venue)
      resolver.watch({ id })
      const clientOrderId = getIntent(db.reader, id)?.clientOrderId ?? ''
      upsertOrders(db.writer, accountId, [brokerOrder({ externalId: 'synced', clientOrderId })], clock.now())
      await clock.advance(2_000)
      expect(core.audit.page({ limit: 10 }).rows.map(({ kind, intentId }) => [kind, intentId])).toContainEqual(['order.confirmed', id])
      await resolver.look(id)
      expect(core.audit.page({ limit: 10 }).rows.filter(({ kind }) => kind === 'order.confirmed')).toHaveLength(1)
    })
  })

  test('that turns up after all under our own id is ours again', async () => {
    await withVenue(async venue => {
      const { db, clock, accountId } = venue
      const id = sendInDoubt(venue)
      expect(await resolved(venue, id, 30_000)).toBe('not-sent')
      const clientOrderId = getIntent(db.reader, id)?.clientOrderId ?? ''
      upsertOrders(db.writer, accountId, [brokerOrder({ externalId: 'late', clientOrderId })], clock.now())
      expect(getIntent(db.reader, id)).toMatchObject({ outcome: 'confirmed', externalId: 'late' })
    })
  })
})

async function withVenue(run: (venue: ScriptedVenue) => Promise<void>, like?: 'alpaca' | 'ibkr'): Promise<void> {
  const venue = await scriptedVenue(like)
  await run(venue)
  await venue.resolver.stop()
}
