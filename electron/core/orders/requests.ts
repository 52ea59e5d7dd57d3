import { AppError } from '../../../shared/contract/errors.ts'
import type { OrderRequestView, PlacedView, Ticket } from '../../../shared/contract/orders.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { getAccount } from '../store/accounts.ts'
import { getConnection } from '../store/connections.ts'
import { getIntent } from '../store/order-intents.ts'
import {
  answerRequest,
  getRequest,
  insertRequest,
  linkRequest,
  listRequests,
  pruneRequests,
  reviseRequest,
  type OrderRequest,
  waitingRequests,
} from '../store/order-requests.ts'
import { canonicalJson } from './canonical.ts'
import { symbolOf } from './draft-of.ts'
import type { Confirmation } from './order-facts.ts'
import { createPace } from './pace.ts'
import { notSentView, type Place, placedView } from './place.ts'
import { changed, type OrderCore } from './record.ts'
import type { Reviews } from './reviews.ts'
import { plain } from './sentences.ts'
import type { TradingSwitches } from './switches.ts'

export interface Requests {
  /** Asks for an order. Where the connection allows it, it is placed at once, by the same guard; else it waits for the user. */
  ask(asked: { readonly ticket: Ticket; readonly from: string }, options: { readonly signal: AbortSignal }): Promise<OrderRequestView>
  list(id?: string): OrderRequestView[]
  waiting(): number
  /** Places what waits, by a review of exactly its ticket. Throws order/request-gone and order/changed. */
  approve(
    answer: { readonly id: string; readonly reviewId: string; readonly hash: string; readonly confirmed: readonly Confirmation[] },
    options: { readonly signal: AbortSignal },
  ): Promise<PlacedView>
  /** Throws order/request-gone. */
  decline(id: string): Promise<void>
}

const LIFE_MS = 600_000
const SHOWN = 100
/** What became of an order stands with the order and in the record. */
const KEPT_MS = 90 * 86_400_000
/** More at a time are no user's: they would push each other off the list. */
const MOST_WAITING = 50
const MOST_A_MINUTE = 120

export function createRequests(
  core: OrderCore,
  { reviews, place, switches }: { readonly reviews: Reviews; readonly place: Place; readonly switches: TradingSwitches },
): Requests {
  const { db, clock, random, between, audit } = core
  const pace = createPace(clock, { most: MOST_A_MINUTE, what: 'requests of programs' })

  const view = ({ id, ticket, from, createdAt, expiresAt, state, intentId }: OrderRequest): OrderRequestView => {
    const intent = intentId === null ? null : getIntent(db.reader, intentId)
    const isOver = state === 'waiting' && Instant.isBefore(expiresAt, clock.now())
    return { id, ticket, from, createdAt, expiresAt, state: isOver ? 'expired' : state, placed: intent && placedView(intent) }
  }

  /** One answer only: whoever comes second is told that it is gone. */
  function answer(id: string, state: 'placed' | 'declined'): Promise<OrderRequest> {
    return between(() =>
      db.writer.tx(w => {
        const request = getRequest(w, id)
        if (!request || !answerRequest(w, id, state, clock.now())) throw new AppError('order/request-gone')
        audit.append(w, {
          kind: `order.request-${state}`,
          accountId: request.ticket.accountId,
          intentId: null,
          sentence: `The request of ${plain(request.from)} was ${state === 'placed' ? 'approved' : 'declined'}.`,
        })
        return request
      }),
    )
  }

  /** A request that could not be placed is answered with `otherwise`: by the user, it waits on; by nobody, it is over. */
  async function placeFor(request: OrderRequest, otherwise: 'waiting' | 'declined', how: Parameters<Place>[0]): Promise<PlacedView> {
    const kept = (cause: unknown): void => core.log.error('orders.request-not-kept', { requestId: request.id, cause })
    const placed = await place(how).catch(async (error: unknown) => {
      await between(() => reviseRequest(db.writer, request.id, otherwise)).catch(kept)
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
      const taken = await answer(request.id, stops.length === 0 ? 'placed' : 'declined')
      const [stop] = stops
      if (!stop) {
        const placed = await placeFor(taken, 'declined', { reviewId, hash, confirmed: [], from: request.from, signal })
        return { ...view(getRequest(db.reader, request.id) ?? taken), placed }
      }
      return {
        ...view({ ...taken, state: 'declined' }),
        placed: { intentId: '', outcome: 'not-sent', externalId: null, status: null, sentence: stop.message, error: null },
      }
    } catch (error) {
      // Its program asks again when it hears that it failed: nobody may send this one then.
      await between(() => answerRequest(db.writer, request.id, 'declined', clock.now()))
      if (!(error instanceof AppError)) throw error
      const stored = getRequest(db.reader, request.id) ?? request
      return stored.state === 'placed' ? view(stored) : { ...view({ ...stored, state: 'declined' }), placed: notSentView(error) }
    }
  }

  return {
    async ask({ ticket, from }, { signal }) {
      const account = getAccount(db.reader, ticket.accountId)
      const connection = account && getConnection(db.reader, account.connectionId)
      if (!connection) throw new AppError('app/not-found')
      if (!switches.isOn(connection)) throw switches.obstacle(connection) ?? new AppError('order/stopped-trading-off')
      const now = clock.now()
      if (waitingRequests(db.reader, now).length >= MOST_WAITING) throw new AppError('order/requests-full')
      pace.take()
      const request: OrderRequest = {
        id: `req_${random.uuid()}`,
        ticket,
        from,
        createdAt: now,
        expiresAt: Instant.plus(now, LIFE_MS),
        state: 'waiting',
        intentId: null,
      }
      await between(() =>
        db.writer.tx(w => {
          insertRequest(w, request)
          pruneRequests(w, Instant.plus(now, -KEPT_MS))
          audit.append(w, {
            kind: 'order.request',
            accountId: ticket.accountId,
            intentId: null,
            sentence: `${plain(from)} asks for an order: ${ticket.action} ${ticket.quantity ?? ticket.notional ?? ''} ${ticket.symbol}.`,
          })
        }),
      )
      changed(core)
      return switches.of(connection).automation === 'direct' ? directly(request, signal) : view(request)
    },
    list(id) {
      if (id === undefined) return listRequests(db.reader, SHOWN).map(view)
      const request = getRequest(db.reader, id)
      return request ? [view(request)] : []
    },
    waiting: () => waitingRequests(db.reader, clock.now()).length,
    async approve({ id, reviewId, hash, confirmed }, { signal }) {
      const request = getRequest(db.reader, id)
      const reviewed = reviews.ticketOf(reviewId)
      if (!request) throw new AppError('order/request-gone')
      if (reviewed && canonicalJson(reviewed) !== canonicalJson({ ...request.ticket, symbol: symbolOf(request.ticket) }))
        throw new AppError('order/changed')
      await answer(id, 'placed')
      return placeFor(request, 'waiting', { reviewId, hash, confirmed, from: request.from, signal })
    },
    async decline(id) {
      await answer(id, 'declined')
      changed(core)
    },
  }
}
