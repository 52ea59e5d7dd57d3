import { AppError, type ErrorCode } from '../../../shared/contract/errors.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { BrokerOrder } from '../brokers/adapter.ts'
import type { Reader } from '../db/connection.ts'
import type { Clock } from '../ports.ts'
import { type Intent, sentSince } from '../store/order-intents.ts'
import { isDone } from '../store/order-progress.ts'
import { orderOf } from '../store/orders.ts'
import type { Venue } from './venues.ts'

/** Orders of our own that a broker took a moment ago and does not list. */
export interface NotListed {
  /** As the broker tells each by itself, those that are over too. */
  readonly told: readonly BrokerOrder[]
  /** As they were sent, where it does not. */
  readonly asSent: readonly BrokerOrder[]
}

/** How long a broker may take until an order is among those it lists. */
const LISTED_WITHIN_MS = 300_000
const ENDS_IT: readonly ErrorCode[] = ['app/canceled', 'auth/sign-in-needed', 'vault/locked']

/**
 * What was sent from an account within the last minutes, was taken, and is neither listed nor known to be over: it works all the same,
 * and another order must not be measured as if it did not. Throws app/canceled, auth/sign-in-needed and vault/locked.
 */
export async function notListed(
  { reader, clock }: { readonly reader: Reader; readonly clock: Pick<Clock, 'now'> },
  { adapter, account }: Venue,
  listed: readonly BrokerOrder[],
  { signal }: { readonly signal: AbortSignal },
): Promise<NotListed> {
  const isOver = (id: string): boolean => {
    const known = orderOf(reader, account.id, id)
    return known !== null && isDone(known.status)
  }
  const missing = takenSince(reader, account.id, Instant.plus(clock.now(), -LISTED_WITHIN_MS)).filter(
    ({ id, intent }) => !isAmong(listed, id, intent) && !isOver(id),
  )
  const found = await Promise.all(
    missing.map(async ({ id, intent }) => ({
      told: await adapter.orderStatus(account.brokerKey, id, { signal }).catch(unlessEnded),
      sent: sentOrder(id, intent),
    })),
  )
  return { told: found.flatMap(({ told }) => told ?? []), asSent: found.flatMap(({ told, sent }) => (told ? [] : sent)) }
}

interface Taken {
  /** The broker's. */
  readonly id: string
  readonly intent: Intent
}

/** Each order once, as it was sent last; without those whose place another one took. */
function takenSince(reader: Reader, accountId: Intent['accountId'], from: Instant): Taken[] {
  const taken = new Map<string, Intent>()
  for (const intent of sentSince(reader, from, accountId)) {
    if (intent.outcome !== 'confirmed' || intent.externalId === null) continue
    if (intent.target !== null) taken.delete(intent.target)
    taken.set(intent.externalId, intent)
  }
  return [...taken].map(([id, intent]) => ({ id, intent }))
}

/** Another way in may list it by another name. */
function isAmong(listed: readonly BrokerOrder[], id: string, { clientOrderId }: Intent): boolean {
  return listed.some(order => order.externalId === id || order.clientOrderId === clientOrderId)
}

function sentOrder(externalId: string, { draft, status, sentAt, createdAt }: Intent): BrokerOrder[] {
  if (draft === null) return []
  const { symbol, side, type, timeInForce, quantity, limitPrice, stopPrice } = draft
  const at = sentAt ?? createdAt
  const terms = { symbol, side, type, timeInForce, quantity, limitPrice, stopPrice }
  const nothing = { filledQuantity: Dec.zero, averageFillPrice: null }
  return [{ externalId, ...terms, ...nothing, status: 'working', statusText: status ?? '', submittedAt: at, updatedAt: at }]
}

function unlessEnded(error: unknown): null {
  if (error instanceof AppError && !ENDS_IT.includes(error.code)) return null
  throw error
}
