import type { NewEvent } from '../../../shared/contract/events.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { Db } from '../db/connection.ts'
import type { Log } from '../log/log.ts'
import type { Clock } from '../ports.ts'
import type { Intent } from '../store/order-intents.ts'
import { upsertOrders } from '../store/orders.ts'
import type { Sync } from '../sync/sync.ts'
import type { HistoryWriter } from '../sync/writer.ts'
import type { Venues } from './venues.ts'

/** Reads again what an order changed: the order at once, and a little later its fills. */
export interface FollowUp {
  after(intent: Pick<Intent, 'accountId' | 'connectionId' | 'externalId' | 'target'>): void
  stop(): Promise<void>
}

export interface FollowUpDeps {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  readonly between: HistoryWriter['between']
  readonly emit: (event: NewEvent) => void
  readonly venues: Venues
  readonly sync: Pick<Sync, 'run'>
}

/** Brokers tell a fill in the history a moment after the order. */
const SYNCS_MS = [2_000, 20_000]

export function createFollowUp({ db, clock, log, between, emit, venues, sync }: FollowUpDeps): FollowUp {
  const waiting = new Map<ConnectionId, (() => void)[]>()
  const underWay = new Set<Promise<unknown>>()
  const closing = new AbortController()
  const { signal } = closing

  const tracked = (run: Promise<unknown>): void => {
    const going = run.catch((cause: unknown) => log.info('orders.follow-up-failed', { cause })).finally(() => underWay.delete(going))
    underWay.add(going)
  }

  async function readOrders({ accountId, externalId, target }: Parameters<FollowUp['after']>[0]): Promise<void> {
    const { adapter, account } = await venues.of(accountId)
    const ids = [...new Set([externalId, target].filter(id => id !== null))]
    const orders = await Promise.all(ids.map(id => adapter.orderStatus(account.brokerKey, id, { signal })))
    await between(() => upsertOrders(db.writer, accountId, orders, clock.now()))
    emit({ type: 'orders.changed' })
  }

  function syncLater(id: ConnectionId): void {
    for (const stop of waiting.get(id) ?? []) stop()
    waiting.set(
      id,
      SYNCS_MS.map(ms => clock.after(ms, () => tracked(sync.run(id, { signal })))),
    )
  }

  return {
    after(intent) {
      if (signal.aborted) return
      tracked(readOrders(intent))
      syncLater(intent.connectionId)
    },
    async stop() {
      closing.abort()
      for (const stops of waiting.values()) for (const stop of stops) stop()
      await Promise.allSettled(underWay)
    },
  }
}
