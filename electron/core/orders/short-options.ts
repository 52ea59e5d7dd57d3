import { Dec } from '../../../shared/domain/decimal.ts'
import { futureSymbol, parseFutureOption } from '../../../shared/domain/futures.ts'
import { parseOcc } from '../../../shared/domain/instrument.ts'
import type { OrderDraft } from '../../../shared/domain/order.ts'
import type { ShortOption } from './order-facts.ts'
import type { BrokerOrder, BrokerPosition } from '../brokers/adapter.ts'
import { multiplierOfSymbol } from './multiplier.ts'

interface Told {
  readonly positions: readonly Pick<BrokerPosition, 'symbol' | 'quantity'>[]
  /** Those that still work. */
  readonly orders: readonly Pick<BrokerOrder, 'externalId' | 'symbol' | 'side' | 'quantity' | 'filledQuantity'>[]
}

/** More than anybody holds: an order of unknown size leaves no room beside it. */
const MANY = Dec.of('1000000000')
const WHOLE = 0

/**
 * What an order that sells an option to open it may have to deliver or pay for beyond its premium; null for any other order. A put is
 * paid at its strike. A call is never worth less than its underlying is above its strike, so strike and premium together are no less
 * than what the underlying costs. Shares held in the account cover calls, as far as no resting order sells them and no other call, short or
 * resting, needs them; nothing covers a put.
 */
export function shortOption(
  { positions, orders }: Told,
  { symbol, side, positionEffect, quantity }: Pick<OrderDraft, 'symbol' | 'side' | 'positionEffect' | 'quantity'>,
  replaces: string | null,
): ShortOption | null {
  const option = optionOf(symbol)
  const multiplier = multiplierOfSymbol(symbol)
  if (!option || side !== 'sell' || positionEffect !== 'open' || quantity === null || multiplier === null || Dec.isZero(multiplier))
    return null
  const working = orders.filter(({ externalId }) => externalId !== replaces)
  const selling = (wanted: (symbol: string) => boolean): Dec =>
    Dec.sum(working.filter(one => one.side !== 'buy' && one.symbol !== null && wanted(one.symbol)).map(leftOf))
  const held = (wanted: (symbol: string) => boolean): Dec => Dec.sum(positions.filter(one => wanted(one.symbol)).map(one => one.quantity))
  const isSame = (one: string): boolean => one === symbol
  const isOther = (one: string): boolean => one !== symbol && isCallOn(one, option.underlying)
  const shorts = (wanted: (symbol: string) => boolean): Dec =>
    Dec.sum(positions.filter(one => wanted(one.symbol) && Dec.isNegative(one.quantity)).map(one => Dec.neg(one.quantity)))
  const taken = Dec.mul(Dec.add(shorts(isOther), selling(isOther)), multiplier)
  const isUnderlying = (one: string): boolean => one === option.underlying
  // One without a symbol may have a leg that sells them, by the contract.
  const unread = Dec.mul(Dec.sum(working.filter(one => one.symbol === null).map(leftOf)), multiplier)
  const free = Dec.sub(held(isUnderlying), Dec.sum([selling(isUnderlying), taken, unread]))
  const cover = option.right === 'put' || Dec.isNegative(free) ? Dec.zero : floor(Dec.divide(free, multiplier, 6))
  const all = positive(Dec.sub(Dec.sum([shorts(isSame), selling(isSame), quantity]), cover))
  return { strike: option.strike, uncovered: Dec.cmp(all, quantity) < 0 ? all : quantity, uncoveredAll: all }
}

/**
 * What an order that rests may have to deliver or pay for beyond its premium: as much of it as opens, at its strike, as far as nothing
 * covers it. `before` are the orders that are counted before it, so that the same shares do not cover two. Brokers do not say whether a
 * sale opens: it does beyond what is held.
 */
export function restingShort(
  { positions, before }: { readonly positions: Told['positions']; readonly before: Told['orders'] },
  order: Told['orders'][number],
): Dec {
  const { symbol, side } = order
  if (symbol === null || side === 'buy') return Dec.zero
  const same = before.filter(one => one.symbol === symbol && one.side !== 'buy').map(leftOf)
  const long = Dec.sum(positions.filter(one => one.symbol === symbol && !Dec.isNegative(one.quantity)).map(({ quantity }) => quantity))
  const quantity = positive(Dec.sub(leftOf(order), positive(Dec.sub(long, Dec.sum(same)))))
  const short = shortOption({ positions, orders: before }, { symbol, side: 'sell', positionEffect: 'open', quantity }, null)
  return short === null ? Dec.zero : Dec.mul(Dec.mul(short.uncovered, short.strike), multiplierOfSymbol(symbol) ?? Dec.zero)
}

interface Option {
  readonly underlying: string
  readonly right: 'call' | 'put'
  readonly strike: Dec
}

function optionOf(symbol: string): Option | null {
  const future = parseFutureOption(symbol)
  if (future) return { underlying: futureSymbol(future.future), right: future.right, strike: future.strike }
  return parseOcc(symbol) ?? null
}

function isCallOn(symbol: string, underlying: string): boolean {
  const option = optionOf(symbol)
  return option?.right === 'call' && option.underlying === underlying
}

/** What is left of an order: never less than nothing, and more than anybody has where its size is not told. */
export function leftOf(order: Pick<BrokerOrder, 'quantity' | 'filledQuantity'>): Dec {
  return order.quantity === null || isSizeless(order) ? MANY : positive(Dec.sub(order.quantity, order.filledQuantity))
}

/** Some tell an order for an amount of money with a size of nothing. */
export function isSizeless({ quantity }: Pick<BrokerOrder, 'quantity'>): boolean {
  return quantity === null || Dec.isZero(quantity)
}

const positive = (value: Dec): Dec => (Dec.isNegative(value) ? Dec.zero : value)

/** Whole contracts of a value that is not negative. */
function floor(value: Dec): Dec {
  const near = Dec.round(value, WHOLE)
  return Dec.cmp(near, value) > 0 ? Dec.sub(near, Dec.of('1')) : near
}
