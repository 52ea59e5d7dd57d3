import { AppError } from '../../../shared/contract/errors.ts'
import type { TradeRules } from '../../../shared/domain/broker.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import {
  columnFutureOptionSymbol,
  futureTick,
  lastDayOf,
  parseFuture,
  parseFutureOption,
  shortFutureSymbol,
} from '../../../shared/domain/futures.ts'
import { type AssetClass, cryptoPair, parseOcc } from '../../../shared/domain/instrument.ts'
import type { OrderDraft, OrderType } from '../../../shared/domain/order.ts'
import { LocalDate } from '../../../shared/domain/time.ts'

const PRINTABLE_ID = /^[\x21-\x7e]{1,36}$/
const PRINTABLE_SYMBOL = /^[\x21-\x7e](?:[\x20-\x7e]{0,38}[\x21-\x7e])?$/
const WITH_LIMIT = new Set<OrderType>(['limit', 'stop-limit'])
const WITH_STOP = new Set<OrderType>(['stop', 'stop-limit'])
const WITH_EFFECT = new Set<AssetClass>(['option', 'future-option'])

/**
 * Throws order/invalid with the first reason a draft cannot be sent to a broker with these rules: amounts, prices of its type,
 * fractions, validity, the effect of options, and ids that would not survive a wire.
 */
export function checkDraft(draft: OrderDraft, rules: TradeRules): void {
  const reason = idProblem(draft) ?? offerProblem(draft, rules) ?? amountProblem(draft, rules) ?? priceProblem(draft)
  if (reason !== undefined) throw invalidOrder(reason)
}

/**
 * Throws order/invalid for a future, or an option on one, that trades no more on `today`, or whose year of one digit, as brokers write
 * it, would name another contract.
 */
export function checkContract({ symbol, assetClass }: Pick<OrderDraft, 'symbol' | 'assetClass'>, today: LocalDate): void {
  const option = assetClass === 'future-option' ? parseFutureOption(symbol) : undefined
  const future = assetClass === 'future' ? parseFuture(symbol, today) : option?.future
  if (!future) return
  if ((option?.expiry ?? lastDayOf(future)) < today) throw invalidOrder(`${symbol} trades no more`)
  const short = option ? columnFutureOptionSymbol(option) : shortFutureSymbol(future, today)
  if (short === undefined) throw invalidOrder(`brokers write one digit of a year, and would take ${symbol} for another contract`)
}

/** `reason` completes "This order cannot be sent: ...". */
export function invalidOrder(reason: string): AppError {
  return new AppError('order/invalid', { details: { reason } })
}

function idProblem({ clientOrderId, symbol, assetClass }: OrderDraft): string | undefined {
  if (!PRINTABLE_ID.test(clientOrderId)) return 'its own id must have 1 to 36 printable characters without blanks'
  if (!PRINTABLE_SYMBOL.test(symbol)) return 'the symbol has characters that cannot be sent'
  return isSpelled(symbol, assetClass) ? undefined : `${symbol} is not the symbol of ${NAMES[assetClass]}`
}

const NAMES: Readonly<Record<AssetClass, string>> = {
  equity: 'a stock',
  option: 'an option',
  future: 'a future',
  'future-option': 'an option on a future',
  crypto: 'a crypto pair',
  fund: 'a fund',
  bond: 'a bond',
  cash: 'cash',
  index: 'an index',
  forex: 'a currency pair',
  other: 'this kind of asset',
}

const ANY_DAY = LocalDate.of('2026-01-01')

function isSpelled(symbol: string, assetClass: AssetClass): boolean {
  if (assetClass === 'option') return parseOcc(symbol) !== undefined && !symbol.includes(' ')
  if (assetClass === 'future') return parseFuture(symbol, ANY_DAY) !== undefined
  if (assetClass === 'future-option') return parseFutureOption(symbol) !== undefined
  if (assetClass === 'crypto') return cryptoPair(symbol) === symbol
  return parseOcc(symbol) === undefined && /^[A-Za-z0-9]/.test(symbol)
}

function offerProblem(draft: OrderDraft, rules: TradeRules): string | undefined {
  const { assetClass, type, timeInForce, positionEffect, extendedHours } = draft
  if (!rules.assetClasses.includes(assetClass)) return `this broker takes no orders for ${NAMES[assetClass]}`
  if (!rules.types.includes(type)) return `this broker takes no ${type} orders`
  if (!rules.timesInForce.includes(timeInForce)) return `this broker does not take orders that are valid "${timeInForce}"`
  if (WITH_EFFECT.has(assetClass) && positionEffect === null) return 'it must say whether it opens or closes the position'
  if (!extendedHours) return undefined
  if (!rules.extendedHours) return 'this broker takes no orders for extended hours'
  return type === 'limit' ? undefined : 'only limit orders work in extended hours'
}

function amountProblem({ quantity, notional, assetClass, type }: OrderDraft, rules: TradeRules): string | undefined {
  if ((quantity === null) === (notional === null)) return 'it needs either a quantity or an amount of money'
  if (quantity !== null) {
    if (!isPositive(quantity)) return 'the quantity must be above zero'
    return quantity.includes('.') && !rules.fractional.includes(assetClass) ? 'the quantity must be a whole number' : undefined
  }
  if (notional !== null && !isPositive(notional)) return 'the amount must be above zero'
  if (!rules.notional.includes(assetClass)) return 'this broker wants a quantity, not an amount of money'
  return type === 'market' ? undefined : 'only market orders can be for an amount of money'
}

function priceProblem({ type, limitPrice, stopPrice, trail }: OrderDraft): string | undefined {
  return (
    presence('limit price', limitPrice, WITH_LIMIT.has(type), type) ??
    presence('stop price', stopPrice, WITH_STOP.has(type), type) ??
    presence('trail', trail?.value ?? null, type === 'trailing-stop', type) ??
    (trail?.kind === 'percent' && Dec.cmp(trail.value, Dec.of('100')) >= 0 ? 'the trail must be below 100 percent' : undefined)
  )
}

function presence(name: string, value: Dec | null, wanted: boolean, type: OrderType): string | undefined {
  if (wanted && value === null) return `a ${type} order needs a ${name}`
  if (!wanted && value !== null) return `a ${type} order has no ${name}`
  return value !== null && !isPositive(value) ? `the ${name} must be above zero` : undefined
}

function isPositive(value: Dec): boolean {
  return !Dec.isZero(value) && !Dec.isNegative(value)
}

/** Mutual funds have five letters and end in X at Nasdaq; a fund that trades like a share, which positions call a fund too, has not. */
export function isMutualFund({ assetClass, symbol }: Pick<OrderDraft, 'assetClass' | 'symbol'>): boolean {
  return assetClass === 'fund' && /^[A-Z]{4}X$/.test(symbol)
}

const CENT = Dec.of('0.01')
const SUB_PENNY = Dec.of('0.0001')
const ONE = Dec.of('1')

/**
 * The smallest step a price of this instrument may have; null where only the broker knows. Stocks: a cent from one dollar on, below it
 * a hundredth of a cent (Regulation NMS, rule 612). Options: a cent, since only the broker knows which trade in nickels.
 */
export function tickOf({ assetClass, symbol }: Pick<OrderDraft, 'assetClass' | 'symbol'>, price: Dec): Dec | null {
  if (assetClass === 'equity' || assetClass === 'fund') return Dec.cmp(price, ONE) >= 0 ? CENT : SUB_PENNY
  if (assetClass === 'option') return CENT
  return assetClass === 'future' ? (futureTick(parseFuture(symbol, ANY_DAY)?.root ?? '') ?? null) : null
}

/** The price with the decimals of its tick: `187.5` at `0.01` is `187.50`. Throws order/invalid for a price between two ticks. */
export function tickPrice(price: Dec, tick: Dec | null): string {
  if (tick === null) return price
  const places = Math.max(decimalsOf(tick), decimalsOf(price))
  if (scaledTo(price, places) % scaledTo(tick, places) !== 0n) throw invalidOrder(`${price} is not a multiple of the price step ${tick}`)
  const missing = decimalsOf(tick) - decimalsOf(price)
  if (missing <= 0) return price
  return `${price}${price.includes('.') ? '' : '.'}${'0'.repeat(missing)}`
}

/** A draft's prices as text for a broker, each on its tick; null where the order has none. Throws order/invalid. */
export function draftPrices(draft: OrderDraft): {
  readonly limit: string | null
  readonly stop: string | null
  readonly trail: string | null
} {
  const onTick = (price: Dec | null) => (price === null ? null : tickPrice(price, tickOf(draft, price)))
  return { limit: onTick(draft.limitPrice), stop: onTick(draft.stopPrice), trail: draft.trail?.value ?? null }
}

function decimalsOf(value: Dec): number {
  const dot = value.indexOf('.')
  return dot < 0 ? 0 : value.length - dot - 1
}

function scaledTo(value: Dec, places: number): bigint {
  return BigInt(`${value.replace('.', '')}${'0'.repeat(places - decimalsOf(value))}`)
}
