import { AppError } from '../../../shared/contract/errors.ts'
import type { ReviewView, Ticket } from '../../../shared/contract/orders.ts'
import type { OrderDraft, OrderPreview } from '../../../shared/domain/order.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { exchangeDay } from '../brokers/exchange-day.ts'
import { checkContract, checkDraft, draftPrices, invalidOrder } from '../brokers/order-draft.ts'
import type { Clock } from '../ports.ts'
import { saveWorth } from '../store/worth-days.ts'
import { type AppraiseDeps, appraise, type Appraisal, type Candidate } from './appraise.ts'
import { type CatchUp, createCatchUp } from './books.ts'
import { hashOf } from './canonical.ts'
import { draftOf, promisesToClose } from './draft-of.ts'
import { othersOf, unreadToday } from './loss-of-all.ts'
import { createElsewhere, type ElsewhereOptions, isSentElsewhere, type WorkingElsewhere } from './open-value-of-all.ts'
import type { Named } from './named.ts'
import { createPace } from './pace.ts'
import { readOthers } from './read-others.ts'
import { readForOrder, saveOpenOrders } from './reading.ts'
import { changed } from './record.ts'
import { quoteView } from '../services/quote-view.ts'
import { feeEstimate, needOf, powerEstimate, reasonOf, reviewLines, valueEstimate, worstEstimate } from './review-lines.ts'
import { orderWords } from './sentences.ts'
import type { OrderVenue, Venues } from './venues.ts'
import { createSilence } from './within.ts'

/** What was shown, to be sent exactly like that or not at all. */
export interface Reviewed {
  readonly ticket: Ticket
  readonly draft: OrderDraft
  readonly environment: Candidate['environment']
  readonly hash: string
  /** How often the kill switch had been taken back when it was asked for. */
  readonly killed: number
  /** What it asked a second yes for: a yes to anything else is none. */
  readonly named: Named
}

export interface Reviews {
  review(ticket: Ticket, options: { readonly signal: AbortSignal }): Promise<ReviewView>
  /** Takes a review for good. Throws order/review-used, order/review-expired, order/changed and order/stopped-meanwhile. */
  take(reviewId: string, hash: string): Reviewed
  /** A review that was not taken yet; null for any other. */
  untaken(reviewId: string): Reviewed | null
  /** Reads the broker anew and gathers what an order is measured by. */
  candidate(
    reviewed: Pick<Reviewed, 'ticket' | 'draft' | 'environment'>,
    confirmed: Candidate['confirmed'],
    options: { readonly signal: AbortSignal },
  ): Promise<Candidate>
  /** What a review waits for before it is shown, for what is measured again before it is sent. */
  catchUp: CatchUp
}

export interface ReviewDeps {
  readonly venues: Venues
  /** Computes what waits in the ledger; never rejects. */
  readonly settleBooks: () => Promise<void>
}

interface Kept extends Reviewed {
  readonly until: Instant
  /** The same by the clock that never jumps: a computer that slept, or a clock set back, must not stretch it. */
  readonly untilMs: number
  isUsed: boolean
}

const LIFE_MS = 30_000
/** As long as a review may be sent, and what it waited for before it was shown. */
const SILENT_MS = 60_000
/** Twice as many as orders can go out. */
const MOST_A_MINUTE = 120
/** Used and run out ones are kept for a while, to be told from unknown ones. */
const KEPT = 500
const STILL_ASKS: ReadonlySet<string> = new Set([
  'order/stopped-killed',
  'order/stopped-trading-off',
  'order/stopped-malformed',
  'order/stopped-environment',
])

export function createReviews(deps: AppraiseDeps, { venues, settleBooks }: ReviewDeps): Reviews {
  const { core } = deps
  const { db, clock, random, between } = core
  const kept = new Map<string, Kept>()
  const catchUp = createCatchUp(deps, settleBooks)
  const readElsewhere = createElsewhere(core, venues)
  const silence = createSilence(clock, SILENT_MS)
  const pace = createPace(clock, { most: MOST_A_MINUTE, what: 'reviews' })

  async function readAround(own: Parameters<typeof othersOf>[1], options: ElsewhereOptions): Promise<WorkingElsewhere[]> {
    const facts = { reader: db.reader, switches: deps.switches }
    await readOthers(core, venues, unreadToday(facts, own, clock.now()), { ...options, silence })
    return readElsewhere(othersOf(facts, own, clock.now()), options)
  }

  async function gather(
    { ticket, draft, environment }: Pick<Reviewed, 'ticket' | 'draft' | 'environment'>,
    confirmed: Candidate['confirmed'],
    { signal, again }: ElsewhereOptions,
  ): Promise<Candidate> {
    const venue = await venues.forOrders(ticket.accountId)
    checkDraft(draft, venue.rules)
    checkContract(draft, exchangeDay(clock.now()))
    draftPrices(draft)
    if (ticket.replaces !== null && !venue.rules.replace)
      throw new AppError('order/not-offered', { details: { broker: venue.broker.name } })
    // Before the price, which has to be fresh, and not for what only closes: that waits for no other account.
    const elsewhere = promisesToClose(ticket) ? [] : await readAround({ account: venue.account, environment }, { signal, again })
    const reading = await readForOrder({ reader: db.reader, clock }, venue, draft, { signal })
    if (ticket.replaces !== null)
      requireReplaceable(
        reading.orders.find(({ externalId }) => externalId === ticket.replaces),
        draft,
        venue,
      )
    await between(() =>
      db.writer.tx(w => {
        saveOpenOrders(w, venue, reading.toldOrders, clock.now())
        // The first value of a day is what its loss is measured from where there is none of the day before.
        saveWorth(w, venue.account.id, reading.balances)
      }),
    )
    deps.gate.readWhole(venue.connection.id, venue.account.id)
    return { venue, ticket, draft, environment, reading, confirmed, elsewhere }
  }

  function keep(id: string, reviewed: Reviewed, until: Instant): void {
    kept.set(id, { ...reviewed, until, untilMs: clock.monotonicMs() + LIFE_MS, isUsed: false })
    for (const old of kept.keys()) {
      if (kept.size <= KEPT) break
      kept.delete(old)
    }
  }

  return {
    candidate: (reviewed, confirmed, { signal }) => gather(reviewed, confirmed, { signal, again: true }),
    catchUp,
    untaken: reviewId => {
      const found = kept.get(reviewId)
      return found && !found.isUsed ? found : null
    },
    async review(given, options) {
      const draft = draftOf(given, random.uuid())
      const killed = deps.kill.timesTakenBack()
      pace.take()
      const ticket: Ticket = { ...given, symbol: draft.symbol }
      const { connection } = await venues.forOrders(ticket.accountId)
      const asked = { ticket, draft, environment: connection.environment }
      const first = await gather(asked, [], { ...options, again: false })
      // Another account's order went out meanwhile: it is measured once more with that one in it.
      const isRead = !appraise(deps, first).stops.some(isSentElsewhere)
      const found = isRead ? first : await gather(asked, [], { ...options, again: true })
      const preview = await previewOf(found, appraise(deps, found), options)
      await catchUp(found, options)
      const appraisal = appraise(deps, found)
      const reviewId = `rev_${random.uuid()}`
      const { needs, offMarket } = appraisal.verdict
      const reviewed: Reviewed = { ...asked, hash: reviewHash(found), killed, named: { needs, offMarket } }
      const until = Instant.plus(clock.now(), LIFE_MS)
      await between(() =>
        db.writer.tx(w =>
          core.audit.append(w, {
            kind: 'order.review',
            accountId: ticket.accountId,
            intentId: null,
            sentence: `Reviewed: ${orderWords(draft, currencyOf(found))}.`,
            facts: { hash: reviewed.hash, stops: appraisal.stops.map(({ code }) => code).join(' ') },
          }),
        ),
      )
      keep(reviewId, reviewed, until)
      changed(core)
      return reviewView(
        { reviewId, hash: reviewed.hash, expiresAt: until },
        found,
        appraisal,
        preview,
        deps.arming.isArmed(ticket.accountId),
      )
    },
    take(reviewId, hash) {
      const found = kept.get(reviewId)
      if (!found) throw new AppError('order/review-expired')
      if (found.isUsed) throw new AppError('order/review-used')
      if (isOver(found, clock)) throw new AppError('order/review-expired')
      if (found.hash !== hash) throw new AppError('order/changed')
      found.isUsed = true
      if (found.killed !== deps.kill.timesTakenBack()) throw new AppError('order/stopped-meanwhile')
      return found
    },
  }
}

/** Of everything that is sent and where to. */
export function reviewHash({ venue, ticket, draft, environment }: Pick<Candidate, 'venue' | 'ticket' | 'draft' | 'environment'>): string {
  return hashOf({ account: venue.account.id, connection: venue.connection.id, environment, replaces: ticket.replaces, draft })
}

/** What its prices are in; without a quote it counts as the account's, as in the limits. */
function currencyOf({ reading, venue }: Pick<Candidate, 'reading' | 'venue'>): string {
  return reading.quote?.currency ?? venue.account.currency
}

function isOver({ until, untilMs }: Kept, clock: Clock): boolean {
  return (
    clock.monotonicMs() > untilMs || Instant.msBetween(clock.now(), until) < 0 || Instant.msBetween(clock.now(), until) > LIFE_MS + 1_000
  )
}

function requireReplaceable(
  order: { readonly symbol: string | null; readonly side: 'buy' | 'sell' | null } | undefined,
  draft: OrderDraft,
  { broker }: OrderVenue,
): void {
  if (!order) throw new AppError('order/not-found', { details: { broker: broker.name } })
  if (order.symbol !== draft.symbol || order.side !== draft.side) throw invalidOrder('a change cannot buy or sell something else')
}

/** What the broker says an order would do. Only asked for what may go at all, and never in place of a working order, which it would count twice. */
async function previewOf(
  { venue, ticket, draft }: Candidate,
  { stops }: Appraisal,
  { signal }: { readonly signal: AbortSignal },
): Promise<OrderPreview | null> {
  if (!venue.rules.preview || ticket.replaces !== null || stops.some(({ code }) => STILL_ASKS.has(code))) return null
  try {
    return await venue.trading.previewOrder(venue.account.brokerKey, draft, { signal })
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'app/canceled') throw error
    const said = error.brokerSays ?? error.message
    return {
      estimatedValue: null,
      estimatedFees: null,
      buyingPowerEffect: null,
      currency: '',
      warnings: [`The broker's check did not work: ${said}`],
      refusals: [],
    }
  }
}

function reviewView(
  about: Pick<ReviewView, 'reviewId' | 'hash' | 'expiresAt'>,
  found: Candidate,
  { stops, verdict }: Appraisal,
  preview: OrderPreview | null,
  isArmed: boolean,
): ReviewView {
  const { venue, ticket, draft, environment, reading } = found
  const { account, connection } = venue
  const delayed = reading.quote?.delayed === true ? ['The price is delayed.'] : []
  return {
    ...about,
    connectionId: connection.id,
    broker: connection.broker,
    environment,
    accountId: account.id,
    accountName: account.name,
    maskedNumber: account.maskedNumber,
    lines: reviewLines(venue, ticket, draft, currencyOf(found)),
    value: valueEstimate(draft, preview, verdict, currencyOf(found)),
    worstValue: worstEstimate(draft, verdict),
    fees: feeEstimate(preview),
    buyingPower: powerEstimate(preview),
    quote: reading.quote && quoteView(reading.quote, reading.quotedAt),
    brokerWarnings: [...delayed, ...(preview?.refusals ?? []), ...(preview?.warnings ?? [])],
    stops: stops.map(reasonOf),
    needs: verdict.needs.map(need => needOf(need, draft, verdict, currencyOf(found))),
    needsLiveDigits: environment === 'live' && !isArmed,
  }
}
