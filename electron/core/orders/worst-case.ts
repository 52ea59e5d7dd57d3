import { Dec } from '../../../shared/domain/decimal.ts'
import type { OrderDraft } from '../../../shared/domain/order.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { MarketPrice } from './order-facts.ts'

type Prices = Pick<MarketPrice, 'bid' | 'ask' | 'last'>

/** A market order may pay this much more than the price shown: 5 %. */
const SLIP = Dec.of('1.05')

/** A price, where it is one: nothing, zero and less are none. */
export const positivePrice = (value: Dec | null): Dec | null =>
  value !== null && !Dec.isZero(value) && !Dec.isNegative(value) ? value : null
/** The largest of some values. */
export const most = (...values: readonly Dec[]): Dec => values.reduce((a, b) => (Dec.cmp(a, b) >= 0 ? a : b))

/** The least of some values. */
export const least = (...values: readonly Dec[]): Dec => values.reduce((a, b) => (Dec.cmp(a, b) <= 0 ? a : b))

/**
 * The price an order would meet: what the other side asks (bids, for a sale), else the last, which for a purchase is no less than what
 * is bid. A side that makes no sense (nothing, zero, a bid above the ask) does not count. Null when no price is left.
 */
export function referencePrice(side: 'buy' | 'sell', quote: Prices | null): Dec | null {
  if (quote === null || pricesOf(quote).length === 0) return null
  const [bid, ask, last] = [positivePrice(quote.bid), positivePrice(quote.ask), positivePrice(quote.last)]
  const near = side === 'buy' ? ask : bid
  if (near !== null || last === null) return near
  return side === 'buy' && bid !== null ? most(last, bid) : last
}

/**
 * What a limit that closes is held against: what the other side bids or asks, else the worst for it of what there is. Null when nobody
 * says anything, or bid and ask contradict each other.
 */
export function nearestPrice(side: 'buy' | 'sell', quote: Prices | null): Dec | null {
  const prices = pricesOf(quote)
  if (quote === null || prices.length === 0) return null
  return positivePrice(side === 'buy' ? quote.ask : quote.bid) ?? (side === 'buy' ? most(...prices) : least(...prices))
}

/** The times that count of the prices an order is measured by: of the other side, where it says something, else also of the last, which stands in for it. */
export function referenceTimes(side: 'buy' | 'sell', { bid, ask, last, asOf, lastAsOf = asOf }: MarketPrice): readonly Instant[] {
  const [other, own] = side === 'buy' ? [ask, bid] : [bid, ask]
  if (positivePrice(other) !== null || positivePrice(last) === null) return [asOf]
  return positivePrice(own) === null ? [lastAsOf] : [asOf, lastAsOf]
}

/** The prices of a quote that are any; none where bid and ask contradict each other. */
export function pricesOf(quote: Prices | null): Dec[] {
  if (quote === null) return []
  const [bid, ask] = [positivePrice(quote.bid), positivePrice(quote.ask)]
  if (bid !== null && ask !== null && Dec.cmp(bid, ask) > 0) return []
  return [bid, ask, positivePrice(quote.last)].filter(one => one !== null)
}

/** What one may come to be worth: the highest of its prices, since one of them alone may mean nothing. Null when there is none. */
export function highestPrice(quote: Prices | null): Dec | null {
  const prices = pricesOf(quote)
  return prices.length === 0 ? null : most(...prices)
}

const HALF = Dec.of('0.5')

/** The middle between bid and ask; null when one of them is missing. */
export function middlePrice(quote: Prices | null): Dec | null {
  const [bid, ask] = quote === null ? [null, null] : [positivePrice(quote.bid), positivePrice(quote.ask)]
  return bid === null || ask === null ? null : Dec.mul(Dec.add(bid, ask), HALF)
}

/**
 * What one unit may cost at worst: the limit where it has one (never less than the market for a sale, which takes what is bid), else
 * the market and a slip. A stop becomes a market order at its stop price.
 */
export function worstPrice({ side, limitPrice, stopPrice }: Pick<OrderDraft, 'side' | 'limitPrice' | 'stopPrice'>, reference: Dec): Dec {
  const market = Dec.mul(reference, SLIP)
  if (side === 'buy') {
    if (limitPrice !== null) return limitPrice
    return stopPrice === null ? market : most(market, Dec.mul(stopPrice, SLIP))
  }
  return most(market, limitPrice ?? Dec.zero, stopPrice ?? Dec.zero)
}

export interface Worth {
  readonly reference: Dec
  /** What a price of one is worth for one of the quantity, in the account's currency. */
  readonly unit: Dec
  readonly toAccountCurrency: Dec
}

/** What an order is worth at worst, in the account's currency. */
export function worstValue(draft: OrderDraft, { reference, unit, toAccountCurrency }: Worth): Dec {
  if (draft.notional !== null) return Dec.mul(draft.notional, toAccountCurrency)
  return Dec.mul(Dec.mul(draft.quantity ?? Dec.zero, worstPrice(draft, reference)), unit)
}

/** Some brokers are told that a purchase of stock opens, unless it covers. */
function isPlainPurchase({ side, assetClass, positionEffect }: OrderDraft): boolean {
  return side === 'buy' && positionEffect !== 'close' && (assetClass === 'equity' || assetClass === 'fund')
}

/**
 * Whether an order can only make a position smaller: the other side of what is held, and together with the orders that work on the
 * same side not more than there is. An amount of money counts as closing only while it is worth less than the position by the lowest of
 * the prices, at which it would come to the most.
 */
export function isClosing(draft: OrderDraft, held: Dec, workingSameSide: Dec, prices: readonly Dec[], multiplier: Dec | null): boolean {
  if (draft.positionEffect === 'open' || Dec.isZero(held) || isPlainPurchase(draft)) return false
  if (Dec.isNegative(held) !== (draft.side === 'buy')) return false
  const free = Dec.sub(Dec.abs(held), workingSameSide)
  if (draft.quantity !== null) return Dec.cmp(draft.quantity, free) <= 0
  if (prices.length === 0 || multiplier === null) return false
  return Dec.cmp(Dec.mul(draft.notional ?? Dec.zero, SLIP), Dec.mul(Dec.mul(free, least(...prices)), multiplier)) <= 0
}
