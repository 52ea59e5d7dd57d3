import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { upsertOrders, orderOf } from '../../../electron/core/store/orders.ts'
import { orderEvents } from '../../../electron/core/store/order-events.ts'
import { isDone } from '../../../electron/core/store/order-progress.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { OrderStatus } from '../../../shared/domain/order.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { tempDatabase } from '../../support/data-folder.ts'
import { withAccounts } from '../store/support.ts'
import { brokerOrder, SENT } from './support/order-books.ts'

/** A life of one order: filled bit by bit, then at an end. */
const life = fc
  .record({
    fills: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 6 }),
    end: fc.constantFrom<OrderStatus>('filled', 'canceled', 'rejected', 'expired', 'replaced'),
  })
  .map(({ fills, end }) => {
    let filled = 0
    const steps = fills.map(more => {
      filled += more
      return { status: 'partially-filled' as OrderStatus, filled }
    })
    return [{ status: 'working' as OrderStatus, filled: 0 }, ...steps, { status: end, filled }]
  })

describe('an order read again and again', () => {
  test('never has less filled, nor works after its end, however old the copies are that a broker answers with', () => {
    const db = tempDatabase()
    const [accountId] = withAccounts(db, { con_a: ['111'] })
    if (!accountId) throw new Error('no account')
    let orders = 0
    fc.assert(
      fc.property(
        life.chain(steps =>
          fc.record({ steps: fc.constant(steps), reads: fc.array(fc.nat(steps.length - 1), { minLength: 1, maxLength: 20 }) }),
        ),
        ({ steps, reads }) => {
          orders += 1
          const externalId = String(orders)
          let most = 0
          let done = false
          for (const place of reads) {
            const step = steps[place] ?? { status: 'working' as const, filled: 0 }
            const read = brokerOrder({
              externalId,
              status: step.status,
              statusText: step.status,
              quantity: Dec.of('100'),
              filledQuantity: Dec.of(String(step.filled)),
              updatedAt: Instant.plus(SENT, place * 1000),
            })
            upsertOrders(db.writer, accountId, [read], Instant.plus(SENT, 60_000))
            most = Math.max(most, step.filled)
            done ||= isDone(step.status)
            const kept = orderOf(db.reader, accountId, externalId)
            expect(Number(kept?.filledQuantity)).toBe(most)
            expect(!done || isDone(kept?.status ?? 'working')).toBe(true)
          }
          const filled = orderEvents(db.reader, { accountId, externalId, intentId: null })
            .flatMap(({ detail }) => detail.filledQuantity ?? [])
            .map(Number)
          expect(filled).toEqual([...new Set(filled)].toSorted((a, b) => a - b))
        },
      ),
      { numRuns: 300 },
    )
  })

  test('takes a fill that comes after its cancellation', () => {
    const db = tempDatabase()
    const [accountId] = withAccounts(db, { con_a: ['111'] })
    if (!accountId) throw new Error('no account')
    upsertOrders(db.writer, accountId, [brokerOrder({ status: 'canceled', statusText: 'CANCELED' })], SENT)
    upsertOrders(
      db.writer,
      accountId,
      [brokerOrder({ status: 'canceled', statusText: 'CANCELED', filledQuantity: Dec.of('1'), averageFillPrice: Dec.of('99.5') })],
      SENT,
    )
    expect(orderOf(db.reader, accountId, '71')).toMatchObject({ status: 'canceled', filledQuantity: '1' })
    expect(orderEvents(db.reader, { accountId, externalId: '71', intentId: null })).toMatchObject([
      { kind: 'filled', detail: { sentence: '1 more filled: 1 of 2, on average at 99.5.' } },
    ])
  })
})
