import { createPlace, type Place } from '../../../../electron/core/orders/place.ts'
import { createRequests, type Requests } from '../../../../electron/core/orders/requests.ts'
import { createSubmit } from '../../../../electron/core/orders/submit.ts'
import { setTradingSwitch } from '../../../../electron/core/store/trading-switches.ts'
import type { OrderRequestView, PlacedView, Ticket } from '../../../../shared/contract/orders.ts'
import { type OrderDesk, orderDesk } from './order-desk.ts'

export interface Asking {
  readonly desk: OrderDesk
  readonly requests: Requests
  ask(ticket?: Partial<Ticket>, options?: { readonly id?: string; readonly from?: string }): Promise<OrderRequestView>
  /** Reviews the ticket of a request, or another, and says yes. */
  approve(request: OrderRequestView, ticket?: Partial<Ticket>): Promise<PlacedView>
  /** The same data folder in another run. */
  again(over?: (place: Place) => Place): Asking
}

/** Requests of programs, which wait for the user; or go at once (`direct`). `over` stands between them and what sends. */
export async function askingDesk(
  automation: 'approve' | 'direct' = 'approve',
  over: (place: Place) => Place = place => place,
): Promise<Asking> {
  const desk = await orderDesk()
  setTradingSwitch(desk.db.writer, desk.connection.id, { isOn: true, automation }, desk.clock.now())
  return askingAt(desk, over)
}

function askingAt(desk: OrderDesk, over: (place: Place) => Place): Asking {
  const { signal } = new AbortController()
  const submit = createSubmit({ core: desk.core, kill: desk.deps.kill, isLocked: () => false, onOutcome: () => undefined })
  const place = createPlace(desk.deps, { reviews: desk.reviews, submit })
  const requests = createRequests(desk.core, { reviews: desk.reviews, place: over(place), switches: desk.deps.switches })
  requests.start()
  return {
    desk,
    requests,
    ask: (ticket = {}, { id, from = 'a script' } = {}) =>
      requests.ask({ ticket: desk.ticket(ticket), from, ...(id === undefined ? {} : { requestId: id }) }, { signal }),
    async approve(request, ticket = request.ticket) {
      const { reviewId, hash } = await desk.reviews.review(desk.ticket(ticket), { signal })
      return requests.approve({ id: request.id, reviewId, hash, confirmed: [] }, { signal })
    },
    again: (next = one => one) => askingAt(desk, next),
  }
}
