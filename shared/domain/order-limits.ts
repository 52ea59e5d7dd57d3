import { Dec } from './decimal.ts'

/** What an account may do at most. Money is in the account's currency; of two limits for the same thing the smaller counts. */
export interface OrderLimits {
  /** Of one order, in units or contracts. */
  readonly maxQuantity: Dec
  /** Of one order, at its worst price. */
  readonly maxNotional: Dec
  /** Of a position after the order and everything that still works for it. */
  readonly maxPosition: Dec
  /** Of all orders that still work together, this one included. */
  readonly maxOpenValue: Dec
  readonly ordersPerMinute: number
  readonly ordersPerDay: number
  /** Positive. */
  readonly maxDailyLoss: Dec
  /** How far a price may be from the market, in percent of it. */
  readonly collarPercent: Dec
  readonly quoteMaxAgeMs: number
  /** Only these symbols (options by their underlying too); null for any. */
  readonly allow: readonly string[] | null
  readonly deny: readonly string[]
}

/** Where an account starts: small enough that a slip of the finger is caught. */
export const STARTING_LIMITS: OrderLimits = {
  maxQuantity: Dec.of('1000'),
  maxNotional: Dec.of('10000'),
  maxPosition: Dec.of('25000'),
  maxOpenValue: Dec.of('25000'),
  ordersPerMinute: 5,
  ordersPerDay: 50,
  maxDailyLoss: Dec.of('1000'),
  collarPercent: Dec.of('5'),
  quoteMaxAgeMs: 5000,
  allow: null,
  deny: [],
}

const least = (a: Dec, b: Dec): Dec => (Dec.cmp(a, b) <= 0 ? a : b)

/** The limits that hold where two sets do, such as one account's and all accounts'. */
export function strictest(a: OrderLimits, b: OrderLimits): OrderLimits {
  const allow = a.allow === null ? b.allow : b.allow === null ? a.allow : a.allow.filter(symbol => b.allow?.includes(symbol) === true)
  return {
    maxQuantity: least(a.maxQuantity, b.maxQuantity),
    maxNotional: least(a.maxNotional, b.maxNotional),
    maxPosition: least(a.maxPosition, b.maxPosition),
    maxOpenValue: least(a.maxOpenValue, b.maxOpenValue),
    ordersPerMinute: Math.min(a.ordersPerMinute, b.ordersPerMinute),
    ordersPerDay: Math.min(a.ordersPerDay, b.ordersPerDay),
    maxDailyLoss: least(a.maxDailyLoss, b.maxDailyLoss),
    collarPercent: least(a.collarPercent, b.collarPercent),
    quoteMaxAgeMs: Math.min(a.quoteMaxAgeMs, b.quoteMaxAgeMs),
    allow,
    deny: [...new Set([...a.deny, ...b.deny])],
  }
}
