import type { Ticket } from '../../../shared/contract/orders.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { OrderDraft } from '../../../shared/domain/order.ts'
import { EXCHANGE_ZONE, Instant, startOfDay, toLocalDate } from '../../../shared/domain/time.ts'
import type { EnvironmentProfile } from '../brokers/adapter.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import { accountHome, numberHash } from '../store/accounts.ts'
import { methodsOf } from '../store/connection-methods.ts'
import { type Intent, sentSince } from '../store/order-intents.ts'
import type { Arming } from './arming.ts'
import { promisesToClose } from './draft-of.ts'
import { environmentDoubt, type EnvironmentFacts } from './environment-check.ts'
import type { Gate } from './gate.ts'
import { goneOf, guard, type Verdict } from './guardrails.ts'
import type { KillSwitch } from './kill-switch.ts'
import { globalLimits, limitsOf } from './limits.ts'
import { lossStops } from './loss-of-all.ts'
import { lossToday } from './loss-today.ts'
import { multiplierOf } from './multiplier.ts'
import type { Confirmation, OrderFacts } from './order-facts.ts'
import { heldBeside, heldOf, marketPrice, type Reading, workingOf } from './reading.ts'
import { openValueStops, type WorkingElsewhere } from './open-value-of-all.ts'
import type { OrderCore } from './record.ts'
import { sessionAt } from './session.ts'
import { shortOption } from './short-options.ts'
import type { TradingSwitches } from './switches.ts'
import { SHOWN_WITHIN_MS, type UnshownFills, unshownFills } from './unshown.ts'
import type { OrderVenue, Venue } from './venues.ts'

/** One order with everything that was read for it. */
export interface Candidate {
  readonly venue: OrderVenue
  readonly ticket: Ticket
  readonly draft: OrderDraft
  /** The connection's environment when it was reviewed. */
  readonly environment: Connection['environment']
  readonly reading: Reading
  /** What works in the other accounts that count; nothing is read of it for an action that promises to close. */
  readonly elsewhere?: readonly WorkingElsewhere[]
  readonly confirmed: readonly Confirmation[]
}

export interface Appraisal {
  readonly verdict: Verdict
  /** Everything that stands against sending it; empty when it may go, but for `verdict.needs`. */
  readonly stops: readonly AppError[]
}

export interface AppraiseDeps {
  readonly core: OrderCore
  readonly kill: KillSwitch
  readonly gate: Gate
  readonly arming: Arming
  readonly switches: TradingSwitches
  readonly profile: (id: Connection['broker'], environment: Connection['environment']) => EnvironmentProfile
}

const MINUTE_MS = 60_000
/** A clock that is further off has other days and other market hours than the broker. */
const MOST_OFF_MS = 300_000
const ONE = Dec.of('1')
const MINUTES_SHOWN = String(SHOWN_WITHIN_MS / MINUTE_MS)

/**
 * Measures an order by what is true at this moment, at once and without waiting for anything: what the broker said just now, and what
 * our own books say of switches, limits and orders sent. The same for reviews and right before an order is sent.
 */
export function appraise(deps: AppraiseDeps, candidate: Candidate): Appraisal {
  const now = deps.core.clock.now()
  const facts = factsOf(deps, candidate, now)
  const verdict = guard(facts)
  const stops = verdict.stops.map(({ stop, details }) =>
    stop === 'held-other-way' ? otherWay(facts) : new AppError(`order/stopped-${stop}`, { details }),
  )
  const all = [...stops, ...ownStops(deps, candidate, { verdict, facts })]
  // Why it is none that closes comes first: all that opens is asked of it only because of that.
  const isHeldUp = verdict.waitsForFills && (promisesToClose(candidate.ticket) || all.length > 0)
  return { verdict, stops: isHeldUp ? [notShown(facts), ...all] : all }
}

function factsOf(
  { core, kill, gate, switches }: AppraiseDeps,
  { venue, ticket, draft, environment, reading, confirmed }: Candidate,
  now: Instant,
): OrderFacts {
  const { reader } = core.db
  const { account, connection } = venue
  const aheadMs = core.aheadMs()
  const session = sessionAt(draft.assetClass, Instant.plus(now, -aheadMs))
  const today = sentSince(reader, startOfDay(toLocalDate(now, EXCHANGE_ZONE), EXCHANGE_ZONE), account.id)
  const lately = sentSince(reader, Instant.plus(now, -MINUTE_MS), account.id)
  const fills = fillsBeside(core, account, now)
  const held = heldOf(reading, draft.symbol)
  return {
    draft,
    now,
    session,
    confirmed,
    limits: limitsOf(reader, account.id),
    quote: marketPrice(reading, draft, { environment, session, aheadMs }),
    multiplier: multiplierOf(draft),
    toAccountCurrency: reading.quote === null || reading.quote.currency === account.currency ? ONE : null,
    short: shortOption({ positions: fills.without(heldBeside(reading)), orders: reading.orders }, draft, ticket.replaces),
    held,
    unshown: fills.of(draft.symbol, held),
    working: workingOf({ ...reading, positions: fills.without(reading.positions) }, ticket.replaces, account.currency),
    sentLastMinute: lately.length,
    sentToday: today.length,
    lossToday: lossToday(reader, account, reading, now),
    recent: lately.filter(({ externalId }) => externalId === null || externalId !== ticket.replaces).flatMap(recentOf),
    isKilled: kill.state() !== null,
    isTradingOn: switches.isOn(connection),
    isReconciled: gate.isOpen(account.id),
  }
}

function fillsBeside({ db, aheadMs }: OrderCore, { id }: Pick<Venue['account'], 'id'>, now: Instant): UnshownFills {
  return unshownFills(db.reader, id, { now, aheadMs: aheadMs() })
}

/** How many of an order's symbol are held at least, toward none, by what its broker just said and what is known to have filled. */
export function heldForSure({ core }: Pick<AppraiseDeps, 'core'>, { venue, draft, reading }: Candidate): Dec {
  return fillsBeside(core, venue.account, core.clock.now()).surely(draft.symbol, heldOf(reading, draft.symbol))
}

function recentOf({ draft, createdAt }: Intent): OrderFacts['recent'][number][] {
  return draft ? [{ symbol: draft.symbol, side: draft.side, quantity: draft.quantity, notional: draft.notional, at: createdAt }] : []
}

interface Measured {
  readonly verdict: Verdict
  readonly facts: OrderFacts
}

/** What the guard cannot know: who the account is, what all accounts together did, and what the user said he means. */
function ownStops(deps: AppraiseDeps, candidate: Candidate, { verdict, facts }: Measured): AppError[] {
  const { venue, ticket, environment, elsewhere = [] } = candidate
  const { now, lossToday: loss, working } = facts
  const { account } = venue
  const stops: AppError[] = []
  const doubt = environmentOf(deps, candidate)
  if (doubt !== null) stops.push(new AppError('order/stopped-environment', { details: { environment, reason: doubt } }))
  if (environment === 'live' && !deps.arming.isArmed(account.id)) stops.push(new AppError('order/stopped-digits'))
  if (!verdict.isClosing && Math.abs(deps.core.aheadMs()) > MOST_OFF_MS) stops.push(new AppError('order/stopped-clock'))
  if (promisesToClose(ticket) && !verdict.isClosing && !verdict.waitsForFills) stops.push(turnedAround(candidate))
  const { reader } = deps.core.db
  const own = { account, environment, loss, balances: candidate.reading.balances }
  // What promises to close and does not is stopped for that alone: no other account was read for it.
  const losses = verdict.isClosing || promisesToClose(ticket) ? [] : lossStops({ reader, switches: deps.switches }, own, now)
  const values =
    verdict.isClosing || promisesToClose(ticket)
      ? []
      : openValueStops({ reader, gate: deps.gate }, { own, working, worst: verdict.worstValue, elsewhere })
  return [...stops, ...values, ...losses, ...rateStops(deps, candidate, verdict, now)]
}

function environmentOf(deps: AppraiseDeps, { venue, environment, reading: { told } }: Candidate): string | null {
  const { account, connection } = venue
  const isSame =
    told !== undefined && numberHash(deps.core.db.reader, connection.broker, connection.environment, told.number) === account.numberHash
  return environmentDoubt({ ...routeFacts(deps, venue, environment), told: isSame ? told : undefined })
}

/** What is known of where a call to an account goes, without calling anybody. */
export function routeFacts(
  { core, profile }: Pick<AppraiseDeps, 'core' | 'profile'>,
  { account, connection, broker }: Venue,
  reviewed: Connection['environment'],
): Omit<EnvironmentFacts, 'told'> {
  const { reader } = core.db
  return {
    broker,
    reviewed,
    connection: connection.environment,
    account: accountHome(reader, account.id)?.environment ?? '',
    bases: profile(connection.broker, connection.environment).bases,
    ownPort: methodsOf(reader, connection.id).flatMap(({ settings }) => settings['port'] ?? [])[0] ?? null,
  }
}

function turnedAround({ venue, draft, reading, ticket }: Candidate): AppError {
  const facts = { draft, held: heldOf(reading, draft.symbol), working: workingOf(reading, ticket.replaces, venue.account.currency) }
  return new AppError('order/stopped-more-than-held', { details: closable(facts) })
}

/** What is held the other way round; of what was closed a moment ago that the broker does not show it yet. */
function otherWay({ draft: { symbol, side }, held, unshown }: OrderFacts): AppError {
  const shown = Dec.abs(held)
  const left = Dec.sub(shown, goneOf(unshown, side))
  if (!Dec.isZero(left) && !Dec.isNegative(left)) return new AppError('order/stopped-held-other-way', { details: { symbol, value: left } })
  return new AppError('order/stopped-close-not-shown', { details: { symbol, value: shown, minutes: MINUTES_SHOWN } })
}

function notShown(facts: OrderFacts): AppError {
  return new AppError('order/stopped-fills-not-shown', { details: { ...closable(facts), minutes: MINUTES_SHOWN } })
}

/** What an order would close, and how many can be closed for sure. */
function closable({
  draft,
  held,
  working,
  unshown,
}: Pick<OrderFacts, 'draft' | 'held' | 'working' | 'unshown'>): Readonly<Record<string, string>> {
  const { symbol, side, quantity, notional } = draft
  const isRight = Dec.isNegative(held) === (side === 'buy')
  const taken = working.filter(one => one.symbol === symbol && one.side === side).map(one => one.quantity)
  const free = Dec.sub(Dec.abs(held), Dec.sum([...taken, goneOf(unshown, side)]))
  const most = isRight && !Dec.isNegative(free) ? free : Dec.zero
  return { action: side, value: quantity ?? notional ?? '', symbol, most }
}

/** The pace of all accounts together. */
function rateStops({ core }: AppraiseDeps, { environment }: Candidate, { isClosing }: Verdict, now: Instant): AppError[] {
  const { reader } = core.db
  const { ordersPerMinute, ordersPerDay } = globalLimits(reader)
  const count = (from: Instant): number => sentSince(reader, from).filter(intent => intent.environment === environment).length
  const over = (code: 'order/stopped-orders-per-minute' | 'order/stopped-orders-per-day', sent: number, most: number): AppError[] =>
    sent < most ? [] : [new AppError(code, { details: { value: String(sent), most: String(most) } })]
  const day = startOfDay(toLocalDate(now, EXCHANGE_ZONE), EXCHANGE_ZONE)
  return [
    ...over('order/stopped-orders-per-minute', count(Instant.plus(now, -MINUTE_MS)), ordersPerMinute),
    ...(isClosing ? [] : over('order/stopped-orders-per-day', count(day), ordersPerDay)),
  ]
}
