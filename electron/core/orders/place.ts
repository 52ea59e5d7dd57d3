import { AppError, toErrorView } from '../../../shared/contract/errors.ts'
import type { PlacedView } from '../../../shared/contract/orders.ts'
import type { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { Intent } from '../store/order-intents.ts'
import { type AppraiseDeps, appraise, type Candidate, heldForSure } from './appraise.ts'
import { isLossUnknown } from './books.ts'
import { overAfter } from './deadline.ts'
import { limitsOf } from './limits.ts'
import { isAlike } from './match.ts'
import { isStillMeant, yesTo } from './named.ts'
import { isSentElsewhere, NO_ANSWER, unknownElsewhere } from './open-value-of-all.ts'
import type { Confirmation } from './order-facts.ts'
import { reviewHash, type Reviewed, type Reviews } from './reviews.ts'
import { outcomeSentence } from './sentences.ts'
import type { Sendable, Submit } from './submit.ts'

export interface PlaceOptions {
  readonly reviewId: string
  readonly hash: string
  readonly confirmed: readonly Confirmation[]
  /** Who asks: `window`, or the program whose request it is. */
  readonly from: string
  readonly signal: AbortSignal
}

export type Place = (options: PlaceOptions) => Promise<PlacedView>

/**
 * Sends what was reviewed. Orders of one account go one after another, each measured by what the broker says after the one before. The
 * review is gone with the first call, whatever becomes of it.
 */
export function createPlace(deps: AppraiseDeps, { reviews, submit }: { readonly reviews: Reviews; readonly submit: Submit }): Place {
  const turns = new Map<AccountId, Promise<unknown>>()

  function inTurn<T>(accountId: AccountId, run: () => Promise<T>): Promise<T> {
    const turn = (turns.get(accountId) ?? Promise.resolve()).then(run)
    turns.set(accountId, turn.then(ignore, ignore))
    return turn
  }

  return async ({ reviewId, hash, confirmed, from, signal }) => {
    const reviewed = reviews.take(reviewId, hash)
    const isOver = overAfter(deps.core.clock, YES_MS)
    return inTurn(reviewed.ticket.accountId, async () => {
      deps.kill.check()
      await deps.core.audit.requireSound()
      const send = async (): Promise<Intent> => {
        const found = await reviews.candidate(reviewed, yesTo(reviewed.named, confirmed), { signal })
        if (reviewHash(found) !== reviewed.hash) throw new AppError('order/changed')
        const { venue, ticket, draft } = found
        const mayGo = (): void => {
          if (isOver()) throw waitedFor(found) ?? new AppError('order/review-expired')
          if (reviewed.killed !== deps.kill.timesTakenBack()) throw new AppError('order/stopped-meanwhile')
          requireGo(deps, found, reviewed)
        }
        const held = (): Dec => heldForSure(deps, found)
        const order: Sendable = { venue, ticket, draft, hash, from, mayGo, held, isUnseen: isUnseen(found) }
        return submit(order).catch(async (cause: unknown) => {
          // The history got something of today that the books lack: nothing was written down, and it is measured again once they have it.
          if (!isLossUnknown(cause) || !(await reviews.catchUp(found, { signal }))) throw cause
          return submit(order)
        })
      }
      const sent = await send().catch((cause: unknown) => {
        // Nothing was written down either: another account sent an order while this one was read.
        if (!isSentElsewhere(cause)) throw cause
        return send()
      })
      return placedView(sent)
    })
  }
}

/** How long a yes holds: reading the broker, and waiting for the order before it. */
const YES_MS = 30_000

/** Throws the first reason against it; the same appraisal the review showed, of this moment. A yes holds for what it was said to. */
function requireGo(deps: AppraiseDeps, candidate: Candidate, { named }: Reviewed): void {
  const { stops, verdict } = appraise(deps, candidate)
  const [first] = stops
  if (first) throw first
  if (verdict.needs.length > 0) throw new AppError('order/needs-confirmation', { details: { needs: verdict.needs.join(', ') } })
  const { draft, venue } = candidate
  const { offMarket } = verdict
  const { collarPercent } = limitsOf(deps.core.db.reader, venue.account.id)
  if (isStillMeant({ side: draft.side, collarPercent }, named.offMarket, offMarket)) return
  const details = { price: offMarket?.price ?? 'any price', market: offMarket?.market ?? 'a price nobody says' }
  throw new AppError('order/market-moved', { details })
}

/** A change of what a broker does not tell of an order, extended hours say: it looks the same before. */
function isUnseen({ ticket, draft, reading }: Candidate): boolean {
  const target = ticket.replaces === null ? undefined : reading.orders.find(({ externalId }) => externalId === ticket.replaces)
  return target !== undefined && isAlike(target, draft)
}

/** Which account kept a yes waiting until it was over: that has a way out, and another review alone has none. */
function waitedFor({ elsewhere = [] }: Candidate): AppError | undefined {
  const silent = elsewhere.find(({ reading }) => reading === null)
  return silent && unknownElsewhere(silent.account, NO_ANSWER)
}

export function placedView(intent: Intent): PlacedView {
  const { id, outcome, externalId, status, error } = intent
  return { intentId: id, outcome, externalId, status, sentence: outcomeSentence(intent), error }
}

/** A failure before anything was written down, for whoever has to be told what became of it. */
export function notSentView(error: AppError): PlacedView {
  return { intentId: '', outcome: 'not-sent', externalId: null, status: null, sentence: error.message, error: toErrorView(error) }
}

function ignore(): void {}
