import { AppError, type ErrorCode } from '../../../shared/contract/errors.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { Order } from '../../../shared/domain/order.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { BrokerOrder } from '../brokers/adapter.ts'
import type { Reader } from '../db/connection.ts'
import type { Clock } from '../ports.ts'
import { openOrdersFor } from '../store/order-fills.ts'
import { type Intent, intentByClientId, intentOfOrder, isRefusedByBroker, sentSince } from '../store/order-intents.ts'
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

interface ListedDeps {
  readonly reader: Reader
  readonly clock: Pick<Clock, 'now'>
}

/** How long a broker may take until an order is among those it lists. */
const LISTED_WITHIN_MS = 300_000
const ENDS_IT: readonly ErrorCode[] = ['app/canceled', 'auth/sign-in-needed', 'vault/locked']

/**
 * What was sent from an account within the last minutes, was taken, and is neither listed nor known to be over: it works all the same,
 * and another order must not be measured as if it did not. Throws app/canceled, auth/sign-in-needed and vault/locked.
 */
export async function notListed(
  { reader, clock }: ListedDeps,
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

/** The most of them that are asked for. */
const MOST_VANISHED = 20

/**
 * Orders for a symbol that worked when they were read last and are not among those that work now, whoever sent them: one may have filled a
 * moment ago, which the positions need not show yet. One its broker cannot tell of works on where it was seen working within the last
 * minutes, and is passed over later; so is one the broker does not know, which may go by another name by now. Throws app/canceled, auth/sign-in-needed and vault/locked.
 */
export async function vanished(
  { reader, clock }: ListedDeps,
  { adapter, account }: Venue,
  { symbol, listed }: { readonly symbol: string; readonly listed: readonly BrokerOrder[] },
  { signal }: { readonly signal: AbortSignal },
): Promise<NotListed> {
  const isThere = ({ externalId }: Pick<BrokerOrder, 'externalId'>): boolean => {
    const own = intentOfOrder(reader, account.id, externalId)
    return listed.some(one => one.externalId === externalId || (own !== null && one.clientOrderId === own.clientOrderId))
  }
  const replaced = sentSince(reader, Instant.plus(clock.now(), -LISTED_WITHIN_MS), account.id)
    .filter(({ outcome }) => outcome === 'confirmed')
    .map(({ target }) => target)
  const gone = openOrdersFor(reader, account.id, symbol, MOST_VANISHED).filter(
    order => !isThere(order) && !replaced.includes(order.externalId),
  )
  const isLately = ({ fetchedAt }: Order): boolean => Instant.msBetween(fetchedAt, clock.now()) <= LISTED_WITHIN_MS
  const found = await Promise.all(
    gone.map(async (order): Promise<NotListed> => {
      try {
        const told = await adapter.orderStatus(account.brokerKey, order.externalId, { signal })
        return { told: isThere(told) ? [] : [told], asSent: [] }
      } catch (error) {
        const isNone = error instanceof AppError && error.code === 'order/not-found'
        unlessEnded(error)
        return { told: [], asSent: !isNone && isLately(order) ? [order] : [] }
      }
    }),
  )
  return { told: found.flatMap(({ told }) => told), asSent: found.flatMap(({ asSent }) => asSent) }
}

/** Without orders of ours that their broker refused and lists in a status nobody knows: those never worked. */
export function withoutRefused<O extends BrokerOrder>(reader: Reader, { id }: Pick<Venue['account'], 'id'>, orders: readonly O[]): O[] {
  const ownOf = ({ externalId, clientOrderId = null }: O): Intent | null =>
    (clientOrderId === null ? null : intentByClientId(reader, clientOrderId)) ?? intentOfOrder(reader, id, externalId)
  return orders.filter(order => {
    const intent = ownOf(order)
    return intent?.accountId !== id || !isRefusedAnyway(order, intent)
  })
}

/** Whether an order is one that its broker refused, whatever the status nobody knows it is listed in means: it never worked. */
export function isRefusedAnyway({ status, filledQuantity }: Pick<BrokerOrder, 'status' | 'filledQuantity'>, intent: Intent | null): boolean {
  return status === 'other' && Dec.isZero(filledQuantity) && intent?.kind === 'place' && isRefusedByBroker(intent)
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
