import type { Ticket } from '../contract/orders.ts'

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
const TIMES: Readonly<Record<string, string>> = {
  day: 'Day',
  gtc: 'Good till canceled',
  ioc: 'Immediate or cancel',
  fok: 'Fill or kill',
  opg: 'At the opening',
  cls: 'At the close',
  // As brokers write them in orders that did not come from here.
  'good-for-day': 'Day',
  'good-until-cancel': 'Good till canceled',
  'good-till-cancel': 'Good till canceled',
  'immediate-or-cancel': 'Immediate or cancel',
  'fill-or-kill': 'Fill or kill',
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

/** `Good till canceled`; undefined for what we do not know. */
export function timeInForceText(time: string): string | undefined {
  return TIMES[keyOf(time)]
}
