import { AppError } from '../../../shared/contract/errors.ts'
import type { BrokerId } from '../../../shared/domain/broker.ts'
import { EXCHANGE_ZONE, Instant, LocalDate, toLocalDate } from '../../../shared/domain/time.ts'
import type { BrokerOrder } from '../brokers/adapter.ts'
import { isOpen as isWorking } from '../brokers/order-status.ts'
import { getIntent, type Intent, intentOfOrder, noteLook, openIntents } from '../store/order-intents.ts'
import { upsertOrders, wasSeenBefore } from '../store/orders.ts'
import { type Match, matchOrder } from './match.ts'
import { type Attempt, canceledAttempt, lateChange } from './outcome.ts'
import { changed, type OrderCore, recordFact } from './record.ts'
import { outcomeSentence, plain } from './sentences.ts'
import { settle } from './submit.ts'
import type { Venue, Venues } from './venues.ts'

/** Finds out what became of orders nobody knows about. It only ever reads. */
export interface Resolver {
  /** Looks once, now, and answers what is known then. Throws app/not-found, and what stands in the way of looking. */
  look(intentId: string): Promise<Intent>
  /** Looks again and again until it is known. */
  watch(intent: Pick<Intent, 'id'>): void
  stop(): Promise<void>
}

/** Between two looks that count. */
const LEAST_APART_MS = 5_000
const FIRST_MS = 1_000
const MOST_APART_MS = 60_000
/** Brokers show an order up to five minutes late. Before that, nobody says that it is not there. */
const VISIBLE_AFTER_MS = 300_000
const LOOKS = 2
/** They change an order under its own number; the others put a new one in its place. */
const KEEPS_NUMBER: ReadonlySet<BrokerId> = new Set(['ibkr'])

export interface ResolverDeps {
  readonly venues: Venues
  readonly onOutcome: (intent: Intent) => void
  /** Whether somebody waits for the answer to an intent. */
  readonly isUnderWay: (intentId: string) => boolean
}

export function createResolver(core: OrderCore, { venues, onOutcome, isUnderWay }: ResolverDeps): Resolver {
  const { db, clock, between, log } = core
  const looking = new Map<string, Promise<Intent>>()
  const waiting = new Map<string, () => void>()
  const lastCounted = new Map<string, number>()
  /** Since when this run knows of each, by the clock that nobody sets. */
  const knownSince = new Map<string, number>()
  /** Watched, and nobody was told yet what became of them. */
  const inDoubt = new Set<string>()
  const closing = new AbortController()

  function look(intentId: string): Promise<Intent> {
    const going = looking.get(intentId) ?? lookOnce(intentId).finally(() => looking.delete(intentId))
    looking.set(intentId, going)
    return going
  }

  async function lookOnce(intentId: string): Promise<Intent> {
    const intent = getIntent(db.reader, intentId)
    if (!intent) throw new AppError('app/not-found')
    if (!isOpen(intent)) return inDoubt.delete(intentId) && isFound(intent) ? adopted(intent) : intent
    const venue = await venues.of(intent.accountId)
    const signal = closing.signal
    const found = intent.kind === 'cancel' ? await lookForCancel(venue, intent, signal) : await lookForOrder(venue, intent, signal)
    const now = getIntent(db.reader, intentId) ?? intent
    if (!isOpen(now)) return isFound(now) ? adopted(now) : now
    return found ? told(await settle(core, now, found)) : now
  }

  /** What is on its way has somebody who waits for its answer. One of which no outcome could be written is as good as unknown. */
  const isOpen = ({ id, outcome }: Intent): boolean => outcome === 'unknown' || (outcome === 'sending' && !isUnderWay(id))

  /** A sync was first. What the user settled has no order. */
  const isFound = ({ kind, externalId }: Intent): boolean => kind !== 'cancel' && externalId !== null

  /** Found under our own id while everything was read. */
  function adopted(intent: Intent): Intent {
    const { accountId, id, externalId } = intent
    core.audit.note({
      kind: `order.${intent.outcome}`,
      accountId,
      intentId: id,
      sentence: `Found at the broker. ${outcomeSentence(intent)}`,
      facts: { orderId: externalId },
    })
    return told(intent)
  }

  function told(intent: Intent): Intent {
    lastCounted.delete(intent.id)
    knownSince.delete(intent.id)
    inDoubt.delete(intent.id)
    onOutcome(intent)
    changed(core)
    return intent
  }

  /** The full history of the account since it was sent, closed orders too. */
  async function lookForOrder(venue: Venue, intent: Intent, signal: AbortSignal): Promise<Attempt | null> {
    const { adapter, account } = venue
    const sent = intent.sentAt ?? intent.createdAt
    const range = {
      from: LocalDate.plusDays(toLocalDate(sent, EXCHANGE_ZONE), -1),
      to: LocalDate.plusDays(toLocalDate(clock.now(), EXCHANGE_ZONE), 1),
    }
    const orders = await adapter.orders(account.brokerKey, { status: 'all', range }, { signal })
    // One of a replacement may have been entered long before.
    const target =
      intent.target === null || orders.some(({ externalId }) => externalId === intent.target)
        ? []
        : await orderOrNone(venue, intent.target, signal)
    const all = [...orders, ...target]
    await between(() => upsertOrders(db.writer, account.id, all, clock.now()))
    const isOthers = (externalId: string): boolean => {
      const owner = intentOfOrder(db.reader, account.id, externalId)
      return (owner !== null && owner.id !== intent.id) || wasSeenBefore(db.reader, account.id, externalId, intent.createdAt)
    }
    const makesNew = !KEEPS_NUMBER.has(venue.broker.id)
    const match = matchOrder({ ...intent, sentAt: Instant.plus(sent, -core.aheadMs()) }, all, isOthers, { makesNew })
    if (match.kind === 'found') return foundAttempt(match.order)
    if (match.kind === 'late') return lateChange(match.order)
    return note(intent, match.kind === 'none' ? await absenceDoubt(venue, sent) : doubtOf(match), NOT_THERE)
  }

  /** Why it says nothing that an order is not there; null where it does. */
  async function absenceDoubt({ broker, adapter }: Venue, sent: Instant): Promise<string | null> {
    if (broker.can.trading?.ordersOfTheDay !== true) return null
    const zones = [EXCHANGE_ZONE, ...((await adapter.dayZones?.()) ?? [])]
    if (zones.every(zone => toLocalDate(sent, zone) === toLocalDate(clock.now(), zone))) return null
    return `${broker.name} tells what is done on its own day only, and that is over: look at its statement.`
  }

  async function lookForCancel(venue: Venue, intent: Intent, signal: AbortSignal): Promise<Attempt | null> {
    const [order] = intent.target === null ? [] : await orderOrNone(venue, intent.target, signal)
    if (!order) {
      const error = new AppError('order/not-found', { details: { broker: venue.broker.name } })
      return note(intent, null, { ...NOT_THERE, error })
    }
    await between(() => upsertOrders(db.writer, venue.account.id, [order], clock.now()))
    if (isWorking(order.status)) return note(intent, leavingDoubt(order), NOT_THERE)
    const { externalId, status, statusText } = order
    return canceledAttempt({ externalId, status, statusText })
  }

  function since(intentId: string): number {
    const at = knownSince.get(intentId) ?? clock.monotonicMs()
    knownSince.set(intentId, at)
    return at
  }

  /** Notes that it was not there; `answer` once that was so often enough, for long enough by both clocks: one of them may have been set. */
  async function note(intent: Intent, doubt: string | null, answer: Attempt): Promise<Attempt | null> {
    const at = clock.monotonicMs()
    const waited = at - since(intent.id)
    const last = lastCounted.get(intent.id)
    const counts = doubt === null && (last === undefined || at - last >= LEAST_APART_MS)
    const looks = doubt === null ? intent.looks + (counts ? 1 : 0) : 0
    if (counts) lastCounted.set(intent.id, at)
    const now = clock.now()
    const age = Instant.msBetween(intent.sentAt ?? intent.createdAt, now)
    const isOver = counts && last !== undefined && looks >= LOOKS && Math.min(age, waited) >= VISIBLE_AFTER_MS
    await between(() =>
      db.writer.tx(w => {
        noteLook(w, intent.id, { looks, nextLookAt: Instant.plus(now, apart(age)) })
        recordFact(core, w, {
          accountId: intent.accountId,
          intentId: intent.id,
          at: now,
          kind: 'look',
          audited: 'order.look',
          sentence: doubt ?? 'Looked for in the whole history of the account: not there.',
          facts: { looks },
        })
      }),
    )
    return isOver ? answer : null
  }

  function watch(intent: Pick<Intent, 'id'>, ms = FIRST_MS): void {
    if (closing.signal.aborted || waiting.has(intent.id)) return
    const stop = clock.after(ms, () => {
      waiting.delete(intent.id)
      void look(intent.id)
        .catch((cause: unknown) => {
          log.info('orders.look-failed', { intentId: intent.id, cause })
        })
        .then(() => {
          if (closing.signal.aborted) return
          const now = openIntents(db.reader).find(({ id }) => id === intent.id)
          if (now) watch(now, apart(Instant.msBetween(now.sentAt ?? now.createdAt, clock.now())))
        })
    })
    waiting.set(intent.id, stop)
  }

  return {
    look,
    watch(intent) {
      inDoubt.add(intent.id)
      since(intent.id)
      watch(intent)
    },
    async stop() {
      closing.abort(new AppError('app/canceled'))
      for (const end of waiting.values()) end()
      waiting.clear()
      await Promise.allSettled(looking.values())
    },
  }
}

const NOT_THERE: Attempt = { outcome: 'not-sent', placed: null, error: null }

/** An order on its way out by the broker's word for it (`PENDING_CANCEL`, `AWAITING_UR_OUT`): the cancellation is there. */
function leavingDoubt({ statusText }: BrokerOrder): string | null {
  return /cancel|ur.?out/i.test(statusText) ? `The broker has the cancellation and works on it: ${plain(statusText)}.` : null
}

/** Soon at first, then ever less often. */
function apart(age: number): number {
  return Math.min(MOST_APART_MS, Math.max(LEAST_APART_MS, age / 2))
}

function doubtOf(match: Extract<Match, { readonly kind: 'several' | 'unseen' }>): string {
  if (match.kind === 'unseen') return 'The broker does not tell what this change would have changed: look at the order there.'
  const { count } = match
  if (count === 0) return 'The old order gave way, and what took its place is not there yet: look at the broker.'
  return `${count} new ${count === 1 ? 'order' : 'orders'} might be it: only you can tell.`
}

function foundAttempt({ externalId, status, statusText }: BrokerOrder): Attempt {
  return { outcome: status === 'rejected' ? 'rejected' : 'confirmed', placed: { externalId, status, statusText }, error: null }
}

async function orderOrNone({ adapter, account }: Venue, externalId: string, signal: AbortSignal): Promise<BrokerOrder[]> {
  try {
    return [await adapter.orderStatus(account.brokerKey, externalId, { signal })]
  } catch (error) {
    if (error instanceof AppError && error.code === 'order/not-found') return []
    throw error
  }
}
