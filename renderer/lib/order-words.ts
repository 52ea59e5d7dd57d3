import type { EstimateView, Ticket } from '../../shared/contract/orders.ts'
import type { Dec } from '../../shared/domain/decimal.ts'
import { actionWord, orderTypeText, timeInForceText } from '../../shared/words/orders.ts'
import { formatMoney, formatPrice, formatQuantity, humanWord, instrumentLine } from './format/index.ts'
import { visibleText } from './visible-text.ts'

const STATUSES: Readonly<Record<string, { readonly word: string; readonly tone: 'good' | 'warn' | 'bad' | 'neutral' }>> = {
  working: { word: 'Working', tone: 'neutral' },
  'partially-filled': { word: 'Partly filled', tone: 'neutral' },
  filled: { word: 'Filled', tone: 'good' },
  canceled: { word: 'Canceled', tone: 'neutral' },
  replaced: { word: 'Replaced', tone: 'neutral' },
  rejected: { word: 'Rejected', tone: 'bad' },
  expired: { word: 'Expired', tone: 'neutral' },
  unlisted: { word: 'No longer listed', tone: 'warn' },
  sending: { word: 'Being sent', tone: 'warn' },
  unknown: { word: 'UNKNOWN', tone: 'warn' },
  'not-sent': { word: 'Not sent', tone: 'bad' },
}

export { actionWord }

export function orderTypeWord(type: string): string {
  return orderTypeText(type) ?? humanWord(visibleText(type))
}

export function timeInForceWord(time: string): string {
  return timeInForceText(time) ?? humanWord(visibleText(time))
}

/** A status in a word with its colour; one we do not know reads as the broker wrote it. */
export function orderStatus({ status, statusText }: { readonly status: string; readonly statusText: string }) {
  return STATUSES[status] ?? { word: humanWord(visibleText(statusText === '' ? status : statusText)), tone: 'neutral' as const }
}

const NO_CURRENCY = 'of unknown currency'

/** A price as traded, every digit, in its currency: `$180.00`, `€0.0125`, `180.00 of unknown currency`. */
export function priceIn(price: Dec, currency: string | null): string {
  return currency === null ? `${formatPrice(price)} ${NO_CURRENCY}` : formatMoney(price, currency, { exact: true })
}

/** `limit $180.00`, `stop $175.00, limit $174.50`, `market`. */
export function priceWords(
  { type, limitPrice, stopPrice }: Pick<Ticket, 'limitPrice' | 'stopPrice'> & { readonly type: string },
  currency: string | null,
): string {
  if (currency === null && stopPrice !== null && limitPrice !== null)
    return `stop ${formatPrice(stopPrice)}, limit ${formatPrice(limitPrice)}, ${NO_CURRENCY}`
  const parts = [
    stopPrice === null ? [] : [`stop ${priceIn(stopPrice, currency)}`],
    limitPrice === null ? [] : [`limit ${priceIn(limitPrice, currency)}`],
  ].flat()
  return parts.length > 0 ? parts.join(', ') : orderTypeWord(type).toLowerCase()
}

/** `Buy 10 AAPL at limit $180.00, day`; `Sell $500.00 of BTC/USD, market, day`. */
export function ticketSentence(ticket: Ticket, currency: string): string {
  const { action, symbol, quantity, notional, type, timeInForce, extendedHours } = ticket
  const name = visibleText(instrumentLine(symbol))
  const size =
    quantity === null ? `${notional === null ? '?' : formatMoney(notional, currency)} of ${name}` : `${formatQuantity(quantity)} ${name}`
  const price = type === 'market' ? ', market' : ` at ${priceWords(ticket, currency)}`
  return `${actionWord(action)} ${size}${price}, ${timeInForceWord(timeInForce).toLowerCase()}${extendedHours ? ', extended hours' : ''}`
}

/** Who says an estimate; what nobody says has no figure. */
export function estimateWords({ amount, source }: EstimateView, currency: string, broker: string) {
  if (amount === null || source === 'not-available') return { figure: 'Not available', by: '' }
  return { figure: formatMoney(amount, currency), by: source === 'broker' ? `${broker} says` : 'Keelson’s estimate' }
}
