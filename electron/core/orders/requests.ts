import { AppError } from '../../../shared/contract/errors.ts'
import type { OrderRequestView, PlacedView, Ticket } from '../../../shared/contract/orders.ts'
import type { OrderDraft } from '../../../shared/domain/order.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { getAccount } from '../store/accounts.ts'
import { getConnection } from '../store/connections.ts'
import { getIntent, type Intent, intentByClientId } from '../store/order-intents.ts'
import {
  type Answer,
  answerRequest,
  getRequest,
  insertRequest,
  linkRequest,
  listRequests,
  type OrderRequest,
  pruneRequests,
  recoverRequests,
  requestCalled,
  reviseRequest,
  waitingRequests,
} from '../store/order-requests.ts'
import { canonicalJson } from './canonical.ts'
import { symbolOf } from './draft-of.ts'
import { orderCurrency } from './order-currency.ts'
import type { Confirmation } from './order-facts.ts'
import { nameOf } from './loss-of-all.ts'
import { createPace } from './pace.ts'
import { notSentView, type Place, placedView } from './place.ts'
import { changed, type OrderCore } from './record.ts'
import type { Reviews } from './reviews.ts'
import { orderWords, plain, sizeWords } from './sentences.ts'
import type { TradingSwitches } from './switches.ts'

export interface Asked {
  readonly ticket: Ticket
  readonly from: string
  /** What its program calls it: asked again under it, it is the same request. */
  readonly requestId?: string | undefined
}

export interface Requests {
  /** After a crash: puts right what stood between a request and its order. To be called once, before anything is asked. */
  start(): void
  /**
   * Asks for an order. Where the connection allows it, it is placed at once, by the same guard; else it waits for the user. Under an id that
   * was given before it asks for nothing, and answers what became of the first. Throws order/request-id-used for another order under it.
   */
  ask(asked: Asked, options: { readonly signal: AbortSignal }): Promise<OrderRequestView>
  list(id?: string): OrderRequestView[]
  waiting(): number
  /** Places what was reviewed as the answer to what waits: the user may have changed it, which its program is told. Throws order/request-gone. */
  approve(
    answer: { readonly id: string; readonly reviewId: string; readonly hash: string; readonly confirmed: readonly Confirmation[] },
    options: { readonly signal: AbortSignal },
  ): Promise<PlacedView>
  /** Throws order/request-gone. */
  decline(id: string): Promise<void>
}

/** A request with the order it is for. */
interface UnderWay {
  readonly order: string
  readonly going: Promise<OrderRequestView>
}

const LIFE_MS = 600_000
const SHOWN = 100
/** What became of an order stands with the order and in the record. */
const KEPT_MS = 90 * 86_400_000
/** The last ids that are known for longer: by how many came after, no clock that is set wrong forgets one. */
const IDS_KEPT = 10_000
/** More at a time are no user's: they would push each other off the list. */
const MOST_WAITING = 50
const MOST_A_MINUTE = 120

export function createRequests(
  core: OrderCore,
  { reviews, place, switches }: { readonly reviews: Reviews; readonly place: Place; readonly switches: TradingSwitches },
): Requests {
  const { db, clock, random, between, audit } = core
  const pace = createPace(clock, { most: MOST_A_MINUTE, what: 'requests of programs' })

  /** Asked for under an id, and not answered yet. */
  const underWay = new Map<string, UnderWay>()

  const view = (request: OrderRequest): OrderRequestView => {
    const { id, requestId, ticket, from, createdAt, expiresAt, state, intentId, clientOrderId, notSent } = request
    const intent =
      intentId !== null ? getIntent(db.reader, intentId) : clientOrderId !== null ? intentByClientId(db.reader, clientOrderId) : null
    const isOver = state === 'waiting' && Instant.isBefore(expiresAt, clock.now())
    const made = intent && changeOf(ticket, intent)
    const placed = intent ? placedFor(intent, made && wordsOf(ticket, made)) : notSent
    const changedTo = made?.ticket ?? null
    return { id, requestId, ticket, changedTo, from, createdAt, expiresAt, state: isOver ? 'expired' : state, placed }
  }

  /** What the user made of a request, with what no order says of itself: the hours and the account where those are others. */
  function wordsOf(asked: Ticket, { ticket, draft }: Order): string {
    const account = ticket.accountId === asked.accountId ? null : getAccount(db.reader, ticket.accountId)
    const hours = ticket.extendedHours === asked.extendedHours ? [] : [`${ticket.extendedHours ? 'with' : 'without'} extended hours`]
    return [orderWords(draft, orderCurrency(db.reader, ticket.accountId, draft)), ...hours, ...(account ? [`in ${nameOf(account)}`] : [])].join(', ')
  }

  /** One answer only: whoever comes second is told that it is gone. */
  function answer(id: string, given: Answer, changedTo: Order | null = null): Promise<OrderRequest> {
    return between(() =>
      db.writer.tx(w => {
        const request = getRequest(w, id)
        if (!request || !answerRequest(w, id, given, clock.now())) throw new AppError('order/request-gone')
        audit.append(w, {
          kind: `order.request-${given.state}`,
          accountId: (changedTo ?? request).ticket.accountId,
          intentId: null,
          sentence: `The request of ${plain(request.from)} was ${given.state === 'placed' ? 'approved' : 'declined'}${changedTo ? `, changed to: ${wordsOf(request.ticket, changedTo)}` : ''}.`,
        })
        return getRequest(w, id) ?? request
      }),
    )
  }

  /** What stands in the order a review is of: written down with the answer, so that the two are found together after a crash. */
  const answerOf = (reviewId: string): Answer => ({
    state: 'placed',
    clientOrderId: reviews.untaken(reviewId)?.draft.clientOrderId ?? null,
  })

  /** A request that could not be placed is over for the reason `otherwise` makes of it, or waits on where that is null. */
  async function placeFor(
    request: OrderRequest,
    otherwise: (error: unknown) => PlacedView | null,
    how: Parameters<Place>[0],
  ): Promise<PlacedView> {
    const kept = (cause: unknown): void => core.log.error('orders.request-not-kept', { requestId: request.id, cause })
    const placed = await place(how).catch(async (error: unknown) => {
      await between(() => reviseRequest(db.writer, request.id, otherwise(error))).catch(kept)
      throw error
    })
    // It went out: that the link could not be saved must not look as if it had not.
    await between(() => linkRequest(db.writer, request.id, placed.intentId)).catch(kept)
    changed(core)
    return placed
  }

  async function directly(request: OrderRequest, signal: AbortSignal): Promise<OrderRequestView> {
    try {
      const { reviewId, hash, stops } = await reviews.review(request.ticket, { signal })
      const [stop] = stops
      if (stop) {
        const declined = await answer(request.id, { state: 'declined', notSent: { ...NOTHING, sentence: stop.message } })
        changed(core)
        return view(declined)
      }
      const taken = await answer(request.id, answerOf(reviewId))
      const placed = await placeFor(taken, notSentFor, { reviewId, hash, confirmed: [], from: programOf(request), signal })
      return { ...view(getRequest(db.reader, request.id) ?? taken), placed }
    } catch (error) {
      // Its program asks again when it hears that it failed: nobody may send this one then.
      await between(() => answerRequest(db.writer, request.id, { state: 'declined', notSent: notSentFor(error) }, clock.now()))
      changed(core)
      if (!(error instanceof AppError)) throw error
      const stored = view(getRequest(db.reader, request.id) ?? request)
      return stored.state === 'placed' ? stored : { ...stored, state: 'declined', placed: stored.placed ?? notSentFor(error) }
    }
  }

  async function begin({ ticket, from, requestId }: Asked, signal: AbortSignal): Promise<OrderRequestView> {
    const account = getAccount(db.reader, ticket.accountId)
    const connection = account && getConnection(db.reader, account.connectionId)
    if (!connection) throw new AppError('app/not-found')
    if (!switches.isOn(connection)) throw switches.obstacle(connection) ?? new AppError('order/stopped-trading-off')
    const now = clock.now()
    if (waitingRequests(db.reader, now).length >= MOST_WAITING) throw new AppError('order/requests-full')
    pace.take()
    const id = `req_${random.uuid()}`
    const expiresAt = Instant.plus(now, LIFE_MS)
    const request = await between(() =>
      db.writer.tx(w => {
        insertRequest(w, { id, requestId: requestId ?? null, ticket, from, createdAt: now, expiresAt })
        pruneRequests(w, Instant.plus(now, -KEPT_MS), { ids: IDS_KEPT })
        audit.append(w, {
          kind: 'order.request',
          accountId: ticket.accountId,
          intentId: null,
          sentence: `${plain(from)} asks for an order: ${ticket.action} ${sizeWords(ticket, account.currency)} ${ticket.symbol}.`,
          ...(requestId === undefined ? {} : { facts: { requestId } }),
        })
        return getRequest(w, id)
      }),
    )
    if (!request) throw new TypeError('the request is missing')
    changed(core)
    return switches.of(connection).automation === 'direct' ? directly(request, signal) : view(request)
  }

  function before(requestId: string): UnderWay | undefined {
    const stored = requestCalled(db.reader, requestId)
    return stored ? { order: orderOf(stored.ticket), going: Promise.resolve(view(stored)) } : undefined
  }

  return {
    start() {
      try {
        db.writer.tx(w => recoverRequests(w, { ...NOTHING, sentence: 'Nothing was sent: Keelson ended before it went out.' }))
      } catch (cause) {
        // A full disk keeps nobody from their history. Nothing is sent for them either way.
        core.log.error('orders.requests-not-recovered', { cause })
      }
    },
    async ask(asked, { signal }) {
      const { requestId } = asked
      if (requestId === undefined) return begin(asked, signal)
      const order = orderOf(asked.ticket)
      const first = underWay.get(requestId) ?? before(requestId)
      if (first && first.order !== order) throw new AppError('order/request-id-used', { details: { id: requestId } })
      if (first) return first.going
      const going = begin(asked, signal).finally(() => underWay.delete(requestId))
      underWay.set(requestId, { order, going })
      return going
    },
    list(id) {
      if (id === undefined) return listRequests(db.reader, SHOWN).map(view)
      const request = getRequest(db.reader, id)
      return request ? [view(request)] : []
    },
    waiting: () => waitingRequests(db.reader, clock.now()).length,
    async approve({ id, reviewId, hash, confirmed }, { signal }) {
      const request = getRequest(db.reader, id)
      const reviewed = reviews.untaken(reviewId)
      if (!request) throw new AppError('order/request-gone')
      await answer(id, answerOf(reviewId), reviewed && changeOf(request.ticket, reviewed))
      return placeFor(request, () => null, { reviewId, hash, confirmed, from: programOf(request), signal })
    },
    async decline(id) {
      await answer(id, { state: 'declined' })
      changed(core)
    },
  }
}

const NOTHING = { intentId: '', outcome: 'not-sent' as const, externalId: null, status: null, error: null }

/** A mistake of our own is told as one. */
function notSentFor(error: unknown): PlacedView {
  return notSentView(error instanceof AppError ? error : new AppError('app/internal', { cause: error }))
}

interface Order {
  readonly ticket: Ticket
  readonly draft: OrderDraft
}

/** The order that answers a request, where it is another than was asked for. */
function changeOf(asked: Ticket, { ticket, draft }: Pick<Intent, 'ticket' | 'draft'>): Order | null {
  return ticket && draft && canonicalJson(ticket) !== orderOf(asked) ? { ticket, draft } : null
}

/** What became of the order that answered a request; it says so where the user made another one of it. */
function placedFor(intent: Intent, change: string | null): PlacedView {
  const placed = placedView(intent)
  return change === null ? placed : { ...placed, sentence: `The user changed it to: ${change}. ${placed.sentence}` }
}

/** Two requests are for the same order where this is the same. */
function orderOf(ticket: Ticket): string {
  return canonicalJson({ ...ticket, symbol: symbolOf(ticket) })
}

/** For the record: no program goes by the name of the window. */
function programOf({ from }: Pick<OrderRequest, 'from'>): string {
  return `program: ${plain(from)}`
}
