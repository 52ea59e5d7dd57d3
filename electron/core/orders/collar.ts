import { Dec } from '../../../shared/domain/decimal.ts'
import type { OrderDraft } from '../../../shared/domain/order.ts'
import type { MarketPrice } from './order-facts.ts'
import { least, middlePrice, most, nearestPrice, positivePrice, referencePrice } from './worst-case.ts'

/** What an order may trade at, and what that is held against where the prices of a market contradict each other. */
export interface OffMarket {
  /** Null where nobody says one for its side. */
  readonly price: Dec | null
  /** Null where nobody says a second price. */
  readonly market: Dec | null
  /** The price it is measured by is older than the limit for that. */
  readonly isOld?: boolean
}

export interface Collared {
  readonly stops: readonly {
    readonly stop: 'price-unsure' | 'price-off-market' | 'stop-on-wrong-side'
    readonly details: Readonly<Record<string, string>>
  }[]
  /** What it trades at, as far as its prices agree. */
  readonly market: Dec | null
  /** Needs a yes that names both prices. */
  readonly offMarket: OffMarket | null
}

export interface CollarFacts {
  readonly draft: Pick<OrderDraft, 'side' | 'assetClass' | 'type' | 'limitPrice' | 'stopPrice'>
  readonly quote: MarketPrice | null
  readonly collarPercent: Dec
  /** It can only make a position smaller: then it is asked about where one that opens is stopped, or its user could not get out. */
  readonly closes: boolean
}

interface Market {
  readonly price: Dec
  /** Between a bid and an ask that are near each other. */
  readonly isMiddle: boolean
}

/**
 * A price that gives money away, or a stop the market has passed already, is a slip of the finger or a quote that means nothing. What an
 * order may trade at is its limit; for one without a limit, what the other side bids or asks. It is held against the middle where bid and
 * ask are near each other, else against the last price, for stocks against both. The limit of a stop-limit order is measured by
 * its stop, where it comes to life. What closes is asked about instead of stopped, unless its limit is worse than what the other side says.
 */
export function collar(facts: CollarFacts): Collared {
  const { draft, quote, closes } = facts
  const near = referencePrice(draft.side, quote) ?? (closes && draft.limitPrice !== null ? nearestPrice(draft.side, quote) : null)
  // Without any price there is another stop.
  if (quote === null || near === null) return { stops: [], market: null, offMarket: null }
  const market = marketOf(quote, facts)
  const wrong = wrongSide(draft, market === null || market.isMiddle ? near : market.price)
  const offStop = draft.stopPrice === null || draft.limitPrice === null ? [] : beyond(facts, draft.limitPrice, draft.stopPrice)
  if (market === null || isUnanswered(draft, quote)) return unsure(facts, quote, near, [...offStop, ...wrong])
  const price = tradesAt(draft, quote)
  const off = price === null ? [] : beyond(facts, price, market.price)
  if (price !== null && off.length > 0 && closes && (draft.limitPrice === null || offNearest(facts, price).length === 0))
    return { stops: wrong, market: market.price, offMarket: { price, market: market.price } }
  const isOffLast = price !== null && off.length === 0 && market.isMiddle && !isOption(draft) && isOffLastOf(facts, quote, price)
  return { stops: [...off, ...offStop, ...wrong], market: market.price, offMarket: isOffLast ? { price, market: quote.last } : null }
}

const isOption = ({ assetClass }: Pick<OrderDraft, 'assetClass'>): boolean => assetClass === 'option' || assetClass === 'future-option'

/** For the sentence that prices do not tell what it trades at. */
export function pricesSaid({ bid, ask, last }: MarketPrice): Readonly<Record<string, string>> {
  const text = (price: Dec | null): string => positivePrice(price) ?? 'none'
  return { bid: text(bid), ask: text(ask), last: text(last) }
}

/** Its prices say nothing of the market: what opens has nothing to be measured by but its own patience, and what closes is asked about. */
function unsure(facts: CollarFacts, quote: MarketPrice, near: Dec, stops: Collared['stops']): Collared {
  const { draft, closes } = facts
  const { bid, ask, last } = quote
  const other = positivePrice(last) ?? positivePrice(draft.side === 'buy' ? bid : ask)
  if (!closes && isPatient(facts, quote)) return { stops, market: null, offMarket: { price: draft.limitPrice, market: other } }
  if (!closes) return { stops: [{ stop: 'price-unsure', details: pricesSaid(quote) }, ...stops], market: null, offMarket: null }
  const isPlain = draft.limitPrice !== null && draft.stopPrice === null
  const off = isPlain ? offNearest(facts, draft.limitPrice) : []
  const price = isUnanswered(draft, quote) ? null : near
  return { stops: [...off, ...stops], market: null, offMarket: { price: isPlain ? draft.limitPrice : price, market: other } }
}

function offNearest(facts: CollarFacts, price: Dec): Collared['stops'] {
  const nearest = nearestPrice(facts.draft.side, facts.quote)
  return nearest === null ? [] : beyond(facts, price, nearest)
}

/**
 * Its limit gives no money away by any of its prices: no further than the middle of both sides, for a purchase up to three times the bid,
 * or than its own side alone, and not off the last.
 */
function isPatient(facts: CollarFacts, quote: MarketPrice): boolean {
  const { side, limitPrice, stopPrice } = facts.draft
  const own = positivePrice(side === 'buy' ? quote.bid : quote.ask)
  if (limitPrice === null || stopPrice !== null || own === null || isOffLastOf(facts, quote, limitPrice)) return false
  const middle = middlePrice(quote) ?? own
  return side === 'buy' ? Dec.cmp(limitPrice, least(middle, Dec.mul(own, APART))) <= 0 : Dec.cmp(limitPrice, middle) >= 0
}

/** It takes what the other side says, and that says nothing though somebody stands on its own. */
function isUnanswered({ side, limitPrice }: CollarFacts['draft'], { bid, ask }: MarketPrice): boolean {
  const [other, own] = side === 'buy' ? [ask, bid] : [bid, ask]
  return limitPrice === null && positivePrice(other) === null && positivePrice(own) !== null
}

/** Its limit; what the other side bids or asks for an order without one. Null for a stop-limit order, and where the other side says nothing. */
function tradesAt({ side, limitPrice, stopPrice }: CollarFacts['draft'], { bid, ask }: MarketPrice): Dec | null {
  if (limitPrice !== null) return stopPrice === null ? limitPrice : null
  return positivePrice(side === 'buy' ? ask : bid)
}

function isOffLastOf(facts: CollarFacts, { last }: MarketPrice, price: Dec): boolean {
  const known = positivePrice(last)
  return known !== null && beyond(facts, price, known).length > 0
}

/** The stop for a purchase above, or a sale below, what is allowed around a price. */
function beyond({ draft: { side }, collarPercent }: CollarFacts, price: Dec, around: Dec): Collared['stops'] {
  const { lowest, highest } = bandAround(around, collarPercent)
  const isOff = side === 'buy' ? Dec.cmp(price, highest) > 0 : Dec.cmp(price, lowest) < 0
  return isOff ? [{ stop: 'price-off-market', details: { price, lowest, highest } }] : []
}

function wrongSide({ side, stopPrice }: CollarFacts['draft'], market: Dec): Collared['stops'] {
  if (stopPrice === null) return []
  const isWrong = side === 'buy' ? Dec.cmp(stopPrice, market) < 0 : Dec.cmp(stopPrice, market) > 0
  return isWrong ? [{ stop: 'stop-on-wrong-side', details: { price: stopPrice, market } }] : []
}

/** The two sides of an option lie far apart as a rule: up to three times the bid the middle means something. */
const APART = Dec.of('3')

/** What a thing trades at, as far as its prices agree; null where they do not, or where one side alone speaks. */
function marketOf(quote: MarketPrice, { draft, collarPercent }: CollarFacts): Market | null {
  const [bid, ask, last] = [positivePrice(quote.bid), positivePrice(quote.ask), positivePrice(quote.last)]
  const middle = middlePrice(quote)
  const isFar = (price: Dec, around: Dec): boolean => {
    const { lowest, highest } = bandAround(around, collarPercent)
    return Dec.cmp(price, lowest) < 0 || Dec.cmp(price, highest) > 0
  }
  if (middle !== null && ask !== null && !isFar(ask, middle)) return { price: middle, isMiddle: true }
  if (isOption(draft)) return optionMarket({ bid, ask, last, middle })
  if (last === null) return null
  const fits =
    bid !== null && ask !== null
      ? !(Dec.cmp(last, bid) < 0 && isFar(last, bid)) && !(Dec.cmp(last, ask) > 0 && isFar(last, ask))
      : !isFar(bid ?? ask ?? last, last)
  return fits ? { price: last, isMiddle: false } : null
}

type Prices = Readonly<Record<'bid' | 'ask' | 'last' | 'middle', Dec | null>>

/** Its last may be days old: it counts within what is bid and asked. */
function optionMarket({ bid, ask, last, middle }: Prices): Market | null {
  if (middle !== null && bid !== null && ask !== null && Dec.cmp(ask, Dec.mul(bid, APART)) <= 0) return { price: middle, isMiddle: true }
  if (last === null) {
    const one = middle === null ? (bid ?? ask) : null
    return one && { price: one, isMiddle: false }
  }
  const raised = bid === null ? last : most(last, bid)
  return { price: ask === null ? raised : least(ask, raised), isMiddle: false }
}

const CHEAP = Dec.of('3')
const CHEAP_PERCENT = Dec.of('10')
const CHEAP_STEP = Dec.of('0.15')
const PERCENT = Dec.of('0.01')

/** The collar, and under three dollars at least 10 % or 15 cents, where a tick is much in percent. */
function bandAround(price: Dec, collarPercent: Dec): { readonly lowest: Dec; readonly highest: Dec } {
  const isCheap = Dec.cmp(price, CHEAP) < 0
  const share = Dec.mul(Dec.mul(price, isCheap ? most(collarPercent, CHEAP_PERCENT) : collarPercent), PERCENT)
  const room = isCheap ? most(share, CHEAP_STEP) : share
  return { lowest: Dec.sub(price, room), highest: Dec.add(price, room) }
}
