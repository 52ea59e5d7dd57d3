import { describe, expect, test } from 'vitest'
import { createFollowUp, type FollowUp } from '../../../electron/core/orders/followup.ts'
import { orderOf } from '../../../electron/core/store/orders.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import type { SyncResult } from '../../../shared/contract/schemas.ts'
import { brokerOrder } from './support/order-books.ts'
import { type OrderDesk, orderDesk } from './support/order-desk.ts'

interface Following {
  readonly desk: OrderDesk
  readonly followUp: FollowUp
  /** Connections that were synced, with the second of it. */
  readonly synced: string[]
  after(externalId: string | null, target?: string | null): void
}

async function following(run: (signal: AbortSignal) => Promise<unknown> = () => Promise.resolve()): Promise<Following> {
  const desk = await orderDesk()
  const synced: string[] = []
  const { db, clock, core, venues, connection, accountId } = desk
  const sync = {
    run(id: string, { signal }: { readonly signal: AbortSignal }) {
      synced.push(`${id} at ${clock.monotonicMs() / 1_000}`)
      // What a sync answers is not asked for.
      return run(signal) as Promise<SyncResult>
    },
  }
  const followUp = createFollowUp({ db, clock, log: core.log, between: core.between, emit: core.emit, venues, sync })
  return {
    desk,
    followUp,
    synced,
    after: (externalId, target = null) => followUp.after({ accountId, connectionId: connection.id, externalId, target }),
  }
}
const statuses = ({ asked }: OrderDesk): string[] => asked.filter(one => one.startsWith('status'))

describe('an order that was taken', () => {
  test('is read at once, kept, and told to the windows', async () => {
    const { desk, after } = await following()
    desk.says.orders = [brokerOrder({ externalId: 'w', status: 'filled', statusText: 'FILLED' })]
    after('w')
    await desk.clock.advance(1)
    expect(statuses(desk)).toEqual(['status of w'])
    expect(orderOf(desk.db.reader, desk.accountId, 'w')).toMatchObject({ status: 'filled', fetchedAt: '2026-11-20T15:00:00.000Z' })
    expect(desk.events).toEqual([{ type: 'orders.changed' }])
  })

  test('in place of another is read with it, and one that was canceled once', async () => {
    const { desk, after } = await following()
    desk.says.orders = [brokerOrder({ externalId: 'old' }), brokerOrder({ externalId: 'new' })]
    after('new', 'old')
    after('old', 'old')
    after(null, null)
    await desk.clock.advance(1)
    expect(statuses(desk)).toEqual(['status of new', 'status of old', 'status of old'])
  })

  test('has its account synced after two seconds and after twenty, since fills are told later', async () => {
    const { desk, after, synced } = await following()
    after(null)
    await desk.clock.advance(1_999)
    expect(synced).toEqual([])
    await desk.clock.advance(60_000)
    expect(synced).toEqual(['con_a at 2', 'con_a at 20'])
  })

  test('shortly after another has it synced once for both', async () => {
    const { desk, after, synced } = await following()
    after(null)
    await desk.clock.advance(1_000)
    after(null)
    await desk.clock.advance(60_000)
    expect(synced).toEqual(['con_a at 3', 'con_a at 21'])
  })

  test('that cannot be read or synced now is left to the next sync, with a line in the log', async () => {
    const { desk, after } = await following(() => Promise.reject(new AppError('net/offline')))
    after('nobody')
    await desk.clock.advance(3_000)
    expect(desk.records.map(({ level, event }) => [level, event])).toEqual([
      ['info', 'orders.follow-up-failed'],
      ['info', 'orders.follow-up-failed'],
    ])
    expect(desk.records[1]?.fields['cause']).toMatch(/net\/offline|network/i)
    expect(desk.events).toEqual([])
  })
})

describe('the end', () => {
  test('reads and syncs nothing any more', async () => {
    const { desk, followUp, after, synced } = await following()
    after(null)
    await followUp.stop()
    expect(desk.clock.pending).toBe(0)
    after('w')
    await desk.clock.advance(60_000)
    expect([synced, statuses(desk), desk.clock.pending]).toEqual([[], [], 0])
  })

  test('stops what is being synced, and waits for it', async () => {
    const ended: string[] = []
    const { desk, followUp, after } = await following(
      signal =>
        new Promise<void>(resolve => {
          signal.addEventListener('abort', () => setImmediate(() => resolve(void ended.push('synced'))), { once: true })
        }),
    )
    after(null)
    await desk.clock.advance(2_000)
    await followUp.stop()
    expect(ended).toEqual(['synced'])
  })
})
