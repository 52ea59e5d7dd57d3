import type { Ticket } from '../../../shared/contract/orders.ts'
import { AppError, toErrorView } from '../../../shared/contract/errors.ts'
import type { Dec } from '../../../shared/domain/decimal.ts'
import type { OrderDraft, PlacedOrder } from '../../../shared/domain/order.ts'
import { withLastLook } from '../net/last-look.ts'
import type { Power } from '../ports.ts'
import { insertIntent, type Intent, getIntent, settleIntent } from '../store/order-intents.ts'
import { orderCurrency } from './order-currency.ts'
import { outcomeSentence, sentSentence } from './sentences.ts'
import { overAfter } from './deadline.ts'
import type { KillSwitch } from './kill-switch.ts'
import { answered, type Attempt, failed } from './outcome.ts'
import { changed, type OrderCore, recordFact, recordStep } from './record.ts'
import type { OrderVenue } from './venues.ts'

/** Something that may be sent, once everything that stands against it was asked. */
export interface Sendable {
  readonly venue: OrderVenue
  readonly ticket: Ticket
  readonly draft: OrderDraft
  readonly hash: string
  readonly from: string
  /**
   * Asked at the last moment before it is written down, in the same breath: throws when it may not go. Nothing can happen between its
   * answer and the commit.
   */
  readonly mayGo: () => void
  /** How many of its symbol are held for sure at that moment, as `mayGo` saw it: what later readings are held against. */
  readonly held?: () => Dec
  /** Of a change: nothing its broker tells of the order would say that it arrived. */
  readonly isUnseen?: boolean
}

export interface Submit {
  /**
   * Sends an order at most once and answers what became of it. Throws only before anything was written down. The one and only caller of
   * `placeOrder` and `replaceOrder`.
   */
  (order: Sendable): Promise<Intent>
  /** Whether somebody waits for the answer to an intent. */
  isUnderWay(intentId: string): boolean
  /** Stops what has not left, and waits for the answers of what has. */
  close(): Promise<void>
}

/** What has not left by then does not leave: prices move on. */
const LEAVES_WITHIN_MS = 20_000

export interface SubmitDeps {
  readonly core: OrderCore
  /** Stops what has not left when the computer goes to sleep. */
  readonly power?: Pick<Power, 'onSuspend'>
  readonly kill: KillSwitch
  /** True while the app lock is closed. */
  readonly isLocked: () => boolean
  /** Told of every outcome, after its commit. */
  readonly onOutcome: (intent: Intent) => void
}

export function createSubmit({ core, power, kill, isLocked, onOutcome }: SubmitDeps): Submit {
  const { db, clock, random, between, log } = core
  const underWay = new Set<Promise<Intent>>()
  const sending = new Set<string>()
  const leaving = new Set<AbortController>()
  const closing = new AbortController()
  // An order that waits through a sleep would go out at another time's price.
  const forget = power?.onSuspend(() => leaving.forEach(each => each.abort(new AppError('net/asleep'))))

  /** Committed, with full synchronisation, before the first byte can leave. */
  function write({ venue, ticket, draft, hash, from, mayGo, held, isUnseen = false }: Sendable): Promise<Intent> {
    return between(() =>
      db.writer.tx(w => {
        mayGo()
        const at = clock.now()
        const id = `int_${random.uuid()}`
        insertIntent(w, {
          id,
          accountId: venue.account.id,
          connectionId: venue.connection.id,
          environment: venue.connection.environment,
          kind: ticket.replaces === null ? 'place' : 'replace',
          clientOrderId: draft.clientOrderId,
          draft,
          ticket,
          hash,
          target: ticket.replaces,
          createdAt: at,
          sentAt: at,
          held: held?.() ?? null,
          isUnseen,
        })
        recordStep(core, w, {
          accountId: venue.account.id,
          intentId: id,
          at,
          kind: 'intent',
          audited: 'order.sending',
          sentence: sentSentence(draft, ticket.replaces, orderCurrency(w, venue.account.id, draft)),
          facts: { hash, from },
        })
        return known(getIntent(w, id))
      }),
    )
  }

  async function send({ venue, draft, ticket }: Sendable, isLate: () => boolean): Promise<Attempt> {
    const stopper = kill.guard()
    const late = new AbortController()
    leaving.add(late)
    const stopLate = (): void => late.abort(new AppError('order/too-late'))
    const stopTimer = clock.after(LEAVES_WITHIN_MS, stopLate)
    const signal = withLastLook(AbortSignal.any([stopper.signal, late.signal, closing.signal]), () => {
      if (isLate()) stopLate()
    })
    const { trading, account } = venue
    try {
      // Looked at last: nothing is sent after this but what is on its way already.
      kill.check()
      if (isLocked()) throw new AppError('app/locked')
      const sent: PlacedOrder = await (ticket.replaces === null
        ? trading.placeOrder(account.brokerKey, draft, { signal })
        : trading.replaceOrder(account.brokerKey, ticket.replaces, draft, { signal }))
      return answered(sent)
    } catch (error) {
      const reason: unknown = error instanceof AppError && error.code === 'app/canceled' ? signal.reason : error
      return failed(reason instanceof AppError ? reason : error)
    } finally {
      stopTimer()
      leaving.delete(late)
      stopper.release()
    }
  }

  async function go(order: Sendable): Promise<Intent> {
    const isLate = overAfter(clock, LEAVES_WITHIN_MS)
    const intent = await write(order).catch((cause: unknown) => {
      throw notWritten(cause)
    })
    changed(core)
    sending.add(intent.id)
    const attempt = await send(order, isLate)
    const settled = await settle(core, intent, attempt)
      .catch((cause: unknown) => {
        // What could not be written stays `sending`, which counts as doubt until somebody looked.
        log.error('orders.outcome-not-kept', { intentId: intent.id, outcome: attempt.outcome, cause })
        return { ...intent, outcome: 'unknown' as const }
      })
      .finally(() => sending.delete(intent.id))
    onOutcome(settled)
    changed(core)
    return settled
  }

  const submit = (order: Sendable): Promise<Intent> => {
    if (closing.signal.aborted) return Promise.reject(new AppError('app/canceled'))
    const going = go(order).finally(() => underWay.delete(going))
    underWay.add(going)
    return going
  }
  return Object.assign(submit, {
    isUnderWay: (intentId: string) => sending.has(intentId),
    async close() {
      forget?.()
      closing.abort(new AppError('app/canceled'))
      await Promise.allSettled(underWay)
    },
  })
}

/** Writes down what became of an attempt. An order that was found at its broker meanwhile stays found. */
export function settle(
  core: OrderCore,
  { id, accountId }: Pick<Intent, 'id' | 'accountId'>,
  { outcome, placed, error }: Attempt,
): Promise<Intent> {
  const { db, clock, between } = core
  return between(() =>
    db.writer.tx(w => {
      const before = known(getIntent(w, id))
      const at = clock.now()
      const isFound = before.outcome === 'confirmed' && outcome !== 'confirmed'
      // What became of a cancellation belongs to the order it was for.
      const externalId = placed?.externalId ?? before.externalId ?? (before.kind === 'cancel' ? before.target : null)
      if (!isFound) settleIntent(w, id, { outcome, externalId, status: placed?.statusText ?? null, error: error && toErrorView(error), at })
      const after = known(getIntent(w, id))
      recordFact(core, w, {
        accountId,
        intentId: id,
        externalId,
        at,
        kind: 'outcome',
        audited: `order.${after.outcome}`,
        sentence: outcomeSentence(after),
        brokerSays: error?.brokerSays ?? null,
        facts: { code: error?.code ?? null, orderId: externalId },
      })
      return after
    }),
  )
}

function known(intent: Intent | null): Intent {
  if (!intent) throw new TypeError('the intent is missing')
  return intent
}

const DISK: ReadonlySet<string> = new Set(['app/disk-full', 'app/disk-failed', 'app/data-damaged', 'app/busy'])

/** A reason against sending it is told as it is; a disk that did not take it says that nothing was sent. */
function notWritten(cause: unknown): unknown {
  if (!(cause instanceof AppError) || !DISK.has(cause.code)) return cause
  return new AppError('order/not-written', { details: { reason: cause.message }, cause })
}
