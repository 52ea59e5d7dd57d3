import type { OrderType, TimeInForce } from './order.ts'

const TYPES = new Map<string, OrderType>([
  ['market', 'market'],
  ['mkt', 'market'],
  // An order for an amount of money at tastytrade.
  ['notional-market', 'market'],
  ['limit', 'limit'],
  ['lmt', 'limit'],
  ['stop', 'stop'],
  ['stp', 'stop'],
  ['stop-limit', 'stop-limit'],
  ['stoplimit', 'stop-limit'],
  ['stp-lmt', 'stop-limit'],
  ['stp-limit', 'stop-limit'],
  ['trailing-stop', 'trailing-stop'],
  ['trail', 'trailing-stop'],
])

const TIMES = new Map<string, TimeInForce>([
  ['day', 'day'],
  ['good-for-day', 'day'],
  ['gtc', 'gtc'],
  ['good-until-cancel', 'gtc'],
  ['good-till-cancel', 'gtc'],
  ['ioc', 'ioc'],
  ['immediate-or-cancel', 'ioc'],
  ['fok', 'fok'],
  ['fill-or-kill', 'fok'],
  ['opg', 'opg'],
  ['cls', 'cls'],
])

/** How long an order is valid, and whether in the hours before and after the session too. */
export interface Validity {
  readonly timeInForce: TimeInForce
  readonly extendedHours: boolean
}

/** `GOOD_FOR_DAY` reads as `good-for-day`. */
const keyOf = (word: string): string => word.trim().toLowerCase().replace(/[\s_]+/g, '-')

/** The type of an order by any broker's word for it; undefined for one an order of ours cannot have, such as `MARKET_ON_CLOSE`. */
export function typeOfWord(word: string): OrderType | undefined {
  return TYPES.get(keyOf(word))
}

/** The validity of an order by any broker's word for it (tastytrade's `GTC Ext` among them); undefined for what ours cannot have, such as `GTD`. */
export function validityOfWord(word: string): Validity | undefined {
  const key = keyOf(word)
  if (key === 'ext') return { timeInForce: 'day', extendedHours: true }
  const timeInForce = TIMES.get(key.replace(/-ext$/, ''))
  return timeInForce && { timeInForce, extendedHours: key.endsWith('-ext') }
}
