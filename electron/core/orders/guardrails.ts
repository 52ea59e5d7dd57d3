import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { collar, type Collared, type OffMarket, pricesSaid } from './collar.ts'
import type { Confirmation, MarketPrice, OrderFacts, Unshown } from './order-facts.ts'
import { isWellFormed, offTick } from './order-shape.ts'
import { isDenied, isListed } from './symbol-lists.ts'
import {
  highestPrice,
  isClosing,
  most,
  nearestPrice,
  positivePrice,
  pricesOf,
  referencePrice,
  referenceTimes,
  type Worth,
  worstValue,
} from './worst-case.ts'

/** Why an order is not sent. Each has a sentence and a way out in the contract (`order/stopped-...`). */
export const STOPS = [
  'killed',
  'trading-off',
  'not-reconciled',
  'malformed',
  'symbol-denied',
  'symbol-not-allowed',
  'market-closed',
  'no-price',
  'price-unsure',
  'stale-price',
  'multiplier-unknown',
  'currency-unknown',
  'held-other-way',
  'tick',
  'price-off-market',
  'stop-on-wrong-side',
  'quantity',
  'notional',
  'position',
  'open-value',
  'orders-per-minute',
  'orders-per-day',
  'daily-loss',
  'loss-unknown',
] as const
export type Stop = (typeof STOPS)[number]

export interface Stopped {
  readonly stop: Stop
  /** For the sentence: what it is and what is allowed, as text. */
  readonly details: Readonly<Record<string, string>>
}

export interface Verdict {
  /** Empty when nothing stands against sending it. */
  readonly stops: readonly Stopped[]
  /** What it needs a second yes for, and has not. */
  readonly needs: readonly Confirmation[]
  readonly reference: Dec | null
  /** At worst, in the account's currency; null where it cannot be told, which is a stop for all that does not close. */
  readonly worstValue: Dec | null
  readonly isClosing: boolean
  /** It would be closing, but for fills that what is held may not show yet: until it does it is measured as one that opens. */
  readonly waitsForFills: boolean
  /** What it may trade at, where that has to be confirmed; null where its prices agree, or it is stopped for them. */
  readonly offMarket: OffMarket | null
}

interface Measured extends OrderFacts {
  readonly reference: Dec | null
  readonly worth: Worth | null
  readonly worst: Dec | null
  readonly closes: boolean
  /** It closes, but for orders nobody can read, which may close the same. */
  readonly mayCloseTwice: boolean
  readonly collared: Collared
  /** Of a price it is measured by. */
  readonly isOld: boolean
  readonly offMarket: OffMarket | null
}

/** In place of the symbol of an order nobody can read. */
const UNREAD = ''

/**
 * Looks at an order before it is sent. Pure: the same facts give the same verdict. An order may go only when there is neither a stop nor
 * a need. Every rule is asked, so that all reasons are shown together; a rule that lacks a fact stops.
 */
export function guard(facts: OrderFacts): Verdict {
  const { draft, quote, multiplier, held, working } = facts
  // There is nothing to reckon with in an order that is none.
  if (!isWellFormed(draft))
    return {
      stops: [...switches(facts), stopped('malformed')],
      needs: [],
      reference: null,
      worstValue: null,
      isClosing: false,
      waitsForFills: false,
      offMarket: null,
    }
  const prices = pricesOf(quote)
  const resting = (of: string): Dec =>
    Dec.sum(working.filter(({ symbol, side }) => symbol === of && side === draft.side).map(({ quantity }) => quantity))
  const sameSide = resting(draft.symbol)
  const closesBut = (taken: Dec): boolean => isClosing(draft, held, Dec.add(sameSide, taken), prices, multiplier)
  const gone = goneOf(facts.unshown, draft.side)
  const closes = closesBut(gone)
  const mayCloseTwice = closes && !closesBut(Dec.add(gone, resting(UNREAD)))
  const isOld = quote !== null && referenceTimes(draft.side, quote).some(at => isStale(at, facts))
  const reference = referencePrice(draft.side, quote) ?? (closes && draft.limitPrice !== null ? nearestPrice(draft.side, quote) : null)
  const collared = collar({ draft, quote, closes, collarPercent: facts.limits.collarPercent })
  const worth = worthOf(facts, reference && (closes ? most(reference, collared.market ?? reference) : highestPrice(quote)))
  const worst = worth && Dec.add(worstValue(draft, worth), owed(facts.short?.uncovered, facts, worth))
  // A way out that waits for somebody to trade would be none: an old price is asked about where a limit closes.
  const offMarket =
    isOld && closes && draft.limitPrice !== null
      ? { ...(collared.offMarket ?? { price: draft.limitPrice, market: reference }), isOld }
      : collared.offMarket
  const measured: Measured = { ...facts, reference, worth, worst, closes, mayCloseTwice, collared, isOld, offMarket }
  const stops = [...switches(facts), ...RULES.flatMap(rule => rule(measured) ?? [])]
  const needs = wanted(measured).filter(one => !facts.confirmed.includes(one))
  return {
    stops,
    needs,
    reference,
    worstValue: worst,
    isClosing: closes,
    waitsForFills: !closes && closesBut(Dec.zero),
    offMarket,
  }
}

/** What one side filled that may not be among what is held. */
export function goneOf(unshown: Unshown | undefined, side: 'buy' | 'sell'): Dec {
  if (!unshown) return Dec.zero
  return side === 'buy' ? unshown.bought : unshown.sold
}

/** What money an order is measured in; null where a part of it is not known. */
function worthOf({ multiplier, toAccountCurrency }: OrderFacts, reference: Dec | null): Worth | null {
  if (reference === null || !isPositive(multiplier) || !isPositive(toAccountCurrency)) return null
  return { reference, unit: Dec.mul(multiplier, toAccountCurrency), toAccountCurrency }
}

/** What so many short options without cover may come to beyond their premium. */
function owed(contracts: Dec | undefined, { short }: Pick<OrderFacts, 'short'>, { unit }: Worth): Dec {
  return contracts === undefined || !short ? Dec.zero : Dec.mul(Dec.mul(contracts, short.strike), unit)
}

type Rule = (facts: Measured) => Stopped | Stopped[] | undefined

const stopped = (stop: Stop, details: Readonly<Record<string, string>> = {}): Stopped => ({ stop, details })
const over = (stop: Stop, value: Dec, most: Dec): Stopped | undefined =>
  Dec.cmp(value, most) > 0 ? stopped(stop, { value, most }) : undefined
const isPositive = (value: Dec | null): value is Dec => positivePrice(value) !== null

function switches({ isKilled, isTradingOn, isReconciled }: OrderFacts): Stopped[] {
  return [
    ...(isKilled ? [stopped('killed')] : []),
    ...(isTradingOn ? [] : [stopped('trading-off')]),
    ...(isReconciled ? [] : [stopped('not-reconciled')]),
  ]
}

const ticks: Rule = ({ draft }) => {
  const off = offTick(draft)
  return off === null ? undefined : stopped('tick', off)
}

const symbols: Rule = ({ draft, limits: { allow, deny } }) => {
  if (isDenied(draft, deny)) return stopped('symbol-denied', { symbol: draft.symbol })
  return allow !== null && !isListed(draft, allow) ? stopped('symbol-not-allowed', { symbol: draft.symbol }) : undefined
}

/** A market order outside regular hours would fill at whatever the opening brings, which is what one for an auction alone is meant to. */
const hours: Rule = ({ draft: { type, timeInForce }, session }) => {
  const isForAuction = type === 'market' && (timeInForce === 'opg' || timeInForce === 'cls')
  if (session === 'open' || isForAuction) return undefined
  return type === 'limit' || type === 'stop-limit' ? undefined : stopped('market-closed')
}

const odd: Rule = ({ collared: { stops } }) => stops.map(({ stop, details }) => stopped(stop, details))

/** So many of what is held close without anybody knowing what they are worth. */
const prices: Rule = ({ draft, closes, quote, reference, multiplier, toAccountCurrency, limits, isOld, offMarket }) => [
  ...(reference === null ? [unpriced(quote)] : []),
  ...(isOld && !offMarket?.isOld ? [stopped('stale-price', { seconds: String(Math.round(limits.quoteMaxAgeMs / 1000)) })] : []),
  ...(isPositive(multiplier) || (closes && draft.quantity !== null) ? [] : [stopped('multiplier-unknown')]),
  ...(isPositive(toAccountCurrency) || (closes && draft.quantity !== null) ? [] : [stopped('currency-unknown')]),
]

/** Many brokers net: what should open would close what is held the other way, and they take it for either. */
const otherWay: Rule = ({ draft: { symbol, side, positionEffect }, held }) =>
  positionEffect === 'open' && !Dec.isZero(held) && Dec.isNegative(held) === (side === 'buy')
    ? stopped('held-other-way', { symbol, value: Dec.abs(held) })
    : undefined

/** Nobody says a price, or not one that tells what it trades at. */
function unpriced(quote: MarketPrice | null): Stopped {
  const isAny = quote !== null && [quote.bid, quote.ask, quote.last].some(isPositive)
  return isAny ? stopped('price-unsure', pricesSaid(quote)) : stopped('no-price')
}

/** A quote from the future says that one of the clocks is wrong: it proves nothing. */
function isStale(at: Instant, { limits: { quoteMaxAgeMs }, now }: Pick<OrderFacts, 'limits' | 'now'>): boolean {
  const age = Instant.msBetween(at, now)
  return !(age <= quoteMaxAgeMs && age >= -quoteMaxAgeMs)
}

/** Decimals a quantity is told with that an amount comes to, and the least of them. */
const TOLD_PLACES = 4
const LEAST = Dec.of('0.0001')

/** How many an order is for; of an amount of money, as many as that buys at the price, rounded up. Null where nobody knows. */
function sizeOf({ draft: { quantity, notional }, reference, multiplier }: Measured): Dec | null {
  if (quantity !== null || notional === null || reference === null || !isPositive(multiplier)) return quantity
  const price = Dec.mul(reference, multiplier)
  const size = Dec.divide(notional, price, TOLD_PLACES)
  return Dec.cmp(Dec.mul(size, price), notional) < 0 ? Dec.add(size, LEAST) : size
}

const sizes: Rule = measured => {
  const {
    worst,
    limits: { maxQuantity, maxNotional },
  } = measured
  const size = sizeOf(measured)
  return [
    size === null ? undefined : over('quantity', size, maxQuantity),
    worst === null ? undefined : over('notional', worst, maxNotional),
  ].filter(one => one !== undefined)
}

/** What the position may come to at worst: what is held, what filled and is not shown yet, and everything that works for the same side. Closing needs no room. */
const position: Rule = ({ draft, held, unshown, working, worth, closes, short, limits: { maxPosition } }) => {
  if (closes || worth === null) return undefined
  const market = (quantity: Dec): Dec => Dec.mul(Dec.mul(quantity, worth.reference), worth.unit)
  const fills = goneOf(unshown, draft.side)
  const towards = draft.side === 'buy' ? Dec.add(held, fills) : Dec.sub(fills, held)
  const heldSameSide = market(most(towards, Dec.zero))
  const same = working.filter(({ symbol, side }) => symbol === draft.symbol && side === draft.side)
  const coming = Dec.sum(same.map(({ quantity, value }) => most(market(quantity), value ?? Dec.zero)))
  const delivered = owed(short?.uncoveredAll, { short: short ?? null }, worth)
  return over('position', Dec.sum([heldSameSide, coming, worstValue(draft, worth), delivered]), maxPosition)
}

const openValue: Rule = ({ working, worst, closes, limits: { maxOpenValue } }) => {
  if (closes || worst === null) return undefined
  const values = working.flatMap(({ value }) => value ?? [])
  // An order nobody can value may be worth anything.
  if (values.length < working.length) return stopped('open-value', { value: 'unknown', most: maxOpenValue })
  return over('open-value', Dec.add(Dec.sum(values), worst), maxOpenValue)
}

/** Closing is always allowed, or a stop would keep its user in what loses. */
const rates: Rule = ({ sentLastMinute, sentToday, lossToday, closes, limits: { ordersPerMinute, ordersPerDay, maxDailyLoss } }) => {
  const stops: Stopped[] = []
  const count = (stop: Stop, sent: number, most: number): void => {
    if (!(sent < most)) stops.push(stopped(stop, { value: String(sent), most: String(most) }))
  }
  count('orders-per-minute', sentLastMinute, ordersPerMinute)
  if (closes) return stops
  count('orders-per-day', sentToday, ordersPerDay)
  if (lossToday === null) stops.push(stopped('loss-unknown'))
  else if (Dec.cmp(lossToday, maxDailyLoss) >= 0) stops.push(stopped('daily-loss', { value: lossToday, most: maxDailyLoss }))
  return stops
}

const RULES: readonly Rule[] = [symbols, hours, prices, otherWay, ticks, odd, sizes, position, openValue, rates]

const LATELY_MS = 60_000

/** Only a limit order takes part in extended trading; everything else waits for the opening, and what is for that alone for the next one. */
function wanted({ draft, recent, now, session, offMarket, mayCloseTwice }: Measured): Confirmation[] {
  const isTwin = recent.some(({ symbol, side, quantity, notional, at }) => {
    const age = Instant.msBetween(at, now)
    return (
      symbol === draft.symbol &&
      side === draft.side &&
      quantity === draft.quantity &&
      notional === draft.notional &&
      age <= LATELY_MS &&
      age >= -LATELY_MS
    )
  })
  const isTraded = session === 'open' || (session === 'extended' && draft.extendedHours && draft.type === 'limit')
  return [
    ...(isTwin ? ['duplicate' as const] : []),
    ...(isTraded && draft.timeInForce !== 'opg' ? [] : ['market-closed' as const]),
    ...(offMarket ? ['off-market' as const] : []),
    ...(mayCloseTwice ? ['unread-orders' as const] : []),
  ]
}
