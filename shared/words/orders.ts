import type { Ticket } from '../contract/orders.ts'
import type { TimeInForce } from '../domain/order.ts'
import { validityOfWord } from '../domain/order-terms.ts'

type Action = Ticket['action']

const ACTIONS: Readonly<Record<Action, string>> = {
  buy: 'Buy',
  sell: 'Sell',
  short: 'Sell short',
  cover: 'Buy to cover',
  'buy-to-open': 'Buy to open',
  'buy-to-close': 'Buy to close',
  'sell-to-open': 'Sell to open',
  'sell-to-close': 'Sell to close',
}
const TYPES: Readonly<Record<string, string>> = {
  market: 'Market',
  limit: 'Limit',
  stop: 'Stop',
  'stop-limit': 'Stop limit',
  'trailing-stop': 'Trailing stop',
}
const TIMES: Readonly<Record<TimeInForce, string>> = {
  day: 'Day',
  gtc: 'Good till canceled',
  ioc: 'Immediate or cancel',
  fok: 'Fill or kill',
  opg: 'At the opening',
  cls: 'At the close',
}

/** `GOOD_FOR_DAY` reads as `good-for-day`. */
const keyOf = (word: string): string => word.toLowerCase().replace(/[\s_]+/g, '-')

/** `Sell short` */
export function actionWord(action: Action): string {
  return ACTIONS[action]
}

/** `Stop limit`; undefined for a type we do not know. */
export function orderTypeText(type: string): string | undefined {
  return TYPES[keyOf(type)]
}

/** `Good till canceled`, by any broker's word for it; undefined for what we do not know. */
export function timeInForceText(time: string): string | undefined {
  const validity = validityOfWord(time)
  return validity && !validity.extendedHours ? TIMES[validity.timeInForce] : undefined
}
