import { Dec } from '../../../../shared/domain/decimal.ts'
import type { OrderDraft, OrderType, TimeInForce } from '../../../../shared/domain/order.ts'
import type { LocalDate } from '../../../../shared/domain/time.ts'
import { draftPrices, invalidOrder } from '../order-draft.ts'
import { instrumentTypeOf, toSymbol } from './symbols.ts'

const TYPES = new Map<OrderType, string>([
  ['market', 'Market'],
  ['limit', 'Limit'],
  ['stop', 'Stop'],
  ['stop-limit', 'Stop Limit'],
])
const TIMES = new Map<TimeInForce, string>([
  ['day', 'Day'],
  ['gtc', 'GTC'],
  ['ioc', 'IOC'],
])
const EXTENDED = new Map<TimeInForce, string>([
  ['day', 'Ext'],
  ['gtc', 'GTC Ext'],
])

/**
 * The body of a new order or a dry run. A closing order whose position is gone would open one: the strict check makes tastytrade refuse
 * it. `near` tells the year of a future. Throws order/invalid for a price between two ticks, a quantity no number holds and a future
 * tastytrade would take for another.
 */
export function orderBody(draft: OrderDraft, near: LocalDate): Readonly<Record<string, unknown>> {
  const { quantity, assetClass } = draft
  const symbol = toSymbol(draft.symbol, assetClass, near)
  if (symbol === undefined) throw invalidOrder(`tastytrade would take ${draft.symbol} for another contract`)
  const leg = {
    'instrument-type': instrumentTypeOf(assetClass),
    symbol,
    ...(quantity === null ? {} : { quantity: quantity.includes('.') ? quantity : wholeNumber(quantity) }),
    action: actionOf(draft),
  }
  return {
    ...termsBody(draft),
    legs: [leg],
    'advanced-instructions': { 'strict-position-effect-validation': true },
    'external-identifier': draft.clientOrderId,
  }
}

/** What a replacement may change: everything but the legs. */
export function termsBody(draft: OrderDraft): Readonly<Record<string, string>> {
  const { limit, stop } = draftPrices(draft)
  const effect = draft.side === 'buy' ? 'Debit' : 'Credit'
  const time = (draft.extendedHours ? EXTENDED : TIMES).get(draft.timeInForce)
  if (time === undefined) throw invalidOrder('tastytrade takes orders for extended hours for the day or until they are canceled')
  return {
    'time-in-force': time,
    'order-type': draft.notional === null ? (TYPES.get(draft.type) ?? draft.type) : 'Notional Market',
    ...(stop === null ? {} : { 'stop-trigger': stop }),
    ...(limit === null ? {} : { price: limit, 'price-effect': effect }),
    ...(draft.notional === null ? {} : { value: money(draft.notional), 'value-effect': effect }),
  }
}

/** Futures have no effect. Where a draft leaves it out, buying opens and selling closes. */
export function actionOf({ side, positionEffect, assetClass }: OrderDraft): string {
  const word = side === 'buy' ? 'Buy' : 'Sell'
  if (assetClass === 'future') return word
  const effect = positionEffect ?? (side === 'buy' ? 'open' : 'close')
  return `${word} to ${effect === 'open' ? 'Open' : 'Close'}`
}

function wholeNumber(quantity: Dec): number {
  const number = Number(quantity)
  if (!Number.isSafeInteger(number)) throw invalidOrder('the quantity is too large')
  return number
}

function money(amount: Dec): string {
  return amount.includes('.') ? amount : `${amount}.0`
}
