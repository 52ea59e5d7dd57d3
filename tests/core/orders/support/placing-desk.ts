import { createPlace, type PlaceOptions } from '../../../../electron/core/orders/place.ts'
import { createSubmit } from '../../../../electron/core/orders/submit.ts'
import { AppError } from '../../../../shared/contract/errors.ts'
import type { ReviewView, Ticket } from '../../../../shared/contract/orders.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { Instant } from '../../../../shared/domain/time.ts'
import { type OrderDesk, orderDesk } from './order-desk.ts'

export interface PlacingDesk {
  readonly desk: OrderDesk
  review(ticket?: Partial<Ticket>): Promise<ReviewView>
  /** Says yes to all a review asks; answers what became of it, or the code of why it did not go. */
  end(review: ReviewView, changes?: Partial<PlaceOptions>): Promise<string>
  /** What AAPL trades at from now on, and how old that is. */
  market(prices: { readonly bid?: string | null; readonly ask?: string | null; readonly last?: string | null }, ageMs?: number): void
  sent(): number
}

/** A desk that sends what was reviewed. */
export async function placingDesk(environment: 'live' | 'paper' = 'paper'): Promise<PlacingDesk> {
  const desk = await orderDesk(environment)
  if (environment === 'live') desk.deps.arming.arm({ id: desk.accountId, maskedNumber: '6789' }, '6789')
  const submit = createSubmit({ core: desk.core, kill: desk.deps.kill, isLocked: () => false, onOutcome: () => undefined })
  const place = createPlace(desk.deps, { reviews: desk.reviews, submit })
  const { signal } = new AbortController()
  const price = (text: string | null): Dec | null => (text === null ? null : Dec.of(text))
  return {
    desk,
    review: (ticket = {}) => desk.reviews.review(desk.ticket(ticket), { signal }),
    async end({ reviewId, hash, needs }, changes = {}) {
      const confirmed = needs.map(({ confirmation }) => confirmation)
      try {
        return (await place({ reviewId, hash, confirmed, from: 'window', signal, ...changes })).outcome
      } catch (error) {
        return error instanceof AppError ? error.code : String(error)
      }
    },
    market({ bid = '99.9', ask = '100.1', last = '100' }, ageMs = 0) {
      const asOf = Instant.plus(desk.clock.now(), -ageMs)
      desk.says.quotes = desk.says.quotes.map(quote => ({
        ...quote,
        bid: price(bid),
        ask: price(ask),
        last: price(last),
        asOf,
      }))
    },
    sent: () => desk.asked.filter(one => one === 'place').length,
  }
}
