import { Dec } from '../../../shared/domain/decimal.ts'
import type { Order } from '../../../shared/domain/order.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { NewEvent } from '../../../shared/contract/events.ts'
import type { BrokerAdapter } from '../brokers/adapter.ts'
import type { Db } from '../db/open.ts'
import type { Clock } from '../ports.ts'
import type { StoredAccount } from '../store/accounts.ts'
import { filledByHistory } from '../store/order-list.ts'
import { openOrdersBefore, type ReadOrder, upsertOrders } from '../store/orders.ts'
import { asFailure, stopsConnection } from './failure.ts'
import type { Lease } from './writer.ts'

interface UnlistedDeps {
  readonly db: Db
  readonly lease: Pick<Lease, 'between'>
  readonly adapter: Pick<BrokerAdapter, 'orderStatus'>
  readonly clock: Pick<Clock, 'now'>
  readonly emit: (event: NewEvent) => void
}

/** What a broker just took may not be among what it lists yet. */
const LISTED_WITHIN_MS = 300_000
/** The most that are asked for at a time; the others are next. */
const MOST_ASKED = 20

/**
 * Asks for every order that worked when it was read last and was not among all that were just read: brokers tell those that are done for a
 * day only. One the broker does not know any more leaves the open orders as `unlisted`, or as filled where the history has all of it.
 * What cannot be asked for now stays as it is. Never rejects.
 */
export async function closeUnlisted(
  { db, lease, adapter, clock, emit }: UnlistedDeps,
  { id, brokerKey }: Pick<StoredAccount, 'id' | 'brokerKey'>,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  const before = Instant.plus(clock.now(), -LISTED_WITHIN_MS)
  const found: ReadOrder[] = []
  for (const order of openOrdersBefore(db.reader, id, before, MOST_ASKED)) {
    try {
      found.push(await adapter.orderStatus(brokerKey, order.externalId, { signal }))
    } catch (cause) {
      const { code } = asFailure(cause, signal)
      if (stopsConnection(code)) break
      if (code === 'order/not-found') found.push(ended(order, filledByHistory(db.reader, id, order)))
    }
  }
  if (found.length === 0 || signal.aborted) return
  await lease
    .between(() => upsertOrders(db.writer, id, found, clock.now()))
    .then(
      () => emit({ type: 'orders.changed' }),
      () => undefined,
    )
}

/** An order of which nothing but its fills is known. */
function ended(order: Order, inHistory: Dec): ReadOrder {
  const filledQuantity = Dec.cmp(inHistory, order.filledQuantity) > 0 ? inHistory : order.filledQuantity
  const isWhole = order.quantity !== null && Dec.cmp(filledQuantity, order.quantity) >= 0
  return { ...order, filledQuantity, status: isWhole ? 'filled' : 'unlisted' }
}
