import type { EstimateView, ReviewView, Ticket } from '../../../shared/contract/orders.ts'
import type { AppError } from '../../../shared/contract/errors.ts'
import { toErrorView } from '../../../shared/contract/errors.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { OrderDraft, OrderPreview } from '../../../shared/domain/order.ts'
import { formatQuantity } from '../../../shared/words/decimal.ts'
import { actionWord, orderTypeText, timeInForceText } from '../../../shared/words/orders.ts'
import { moneyWords, orderWords, plain } from './sentences.ts'
import type { OrderVenue } from './venues.ts'
import type { Verdict } from './guardrails.ts'
import { multiplierOf } from './multiplier.ts'
import type { Confirmation } from './order-facts.ts'

type Lines = ReviewView['lines']

/** What is sent, a line each, always in this order. Prices are in the currency of the quote; without one it counts as the account's, as in the limits. */
export function reviewLines({ account, connection, broker }: OrderVenue, ticket: Ticket, draft: OrderDraft, quoted?: string): Lines {
  const { type, quantity, notional, limitPrice, stopPrice, timeInForce, extendedHours } = draft
  const money = (amount: Dec | null, currency: string): string | null => (amount === null ? null : moneyWords(amount, currency))
  const priced = (price: Dec | null): string | null => money(price, quoted ?? account.currency)
  const lines: [string, string | null][] = [
    ['Account', `${account.name} ${account.maskedNumber}`],
    ['Broker', `${broker.name}, ${connection.environment}`],
    ['Action', actionWord(ticket.action)],
    ['Symbol', draft.symbol],
    ['Quantity', quantity === null ? null : formatQuantity(quantity)],
    ['Amount', money(notional, account.currency)],
    ['Type', orderTypeText(type) ?? type],
    ['Limit', priced(limitPrice)],
    ['Stop', priced(stopPrice)],
    ['Valid', timeInForceText(timeInForce) ?? timeInForce],
    ['Extended hours', extendedHours ? 'yes' : 'no'],
    ['In place of', ticket.replaces],
  ]
  return lines.flatMap(([label, value]) => (value === null ? [] : [{ label, value: plain(value) }]))
}

const NONE: EstimateView = { amount: null, source: 'not-available', note: 'Nobody says.' }

/** What the order is worth about: by the broker where it says so, else by its own limit or the price shown. */
export function valueEstimate(
  draft: OrderDraft,
  preview: OrderPreview | null,
  { reference }: Verdict,
  currency: string | null = null,
): EstimateView {
  if (preview?.estimatedValue)
    return { amount: Dec.abs(preview.estimatedValue), source: 'broker', note: 'As the broker estimates it, before costs.' }
  if (draft.notional !== null) return { amount: draft.notional, source: 'ours', note: 'The amount you asked for.' }
  const price = draft.limitPrice ?? draft.stopPrice ?? reference
  const multiplier = multiplierOf(draft)
  if (price === null || multiplier === null || draft.quantity === null) return NONE
  return { amount: Dec.mul(Dec.mul(draft.quantity, price), multiplier), source: 'ours', note: `At ${moneyWords(price, currency)}, before costs.` }
}

/** What the limits are measured by, and why it may be more than the value. */
export function worstEstimate(draft: OrderDraft, { worstValue }: Verdict): EstimateView {
  return worstValue === null ? NONE : { amount: worstValue, source: 'ours', note: `What the limits are measured by: ${worstWords(draft)}.` }
}

function worstWords({ side, assetClass, positionEffect, notional, limitPrice, stopPrice }: OrderDraft): string {
  if (notional !== null) return 'the amount you asked for'
  const isOption = assetClass === 'option' || assetClass === 'future-option'
  if (isOption && side === 'sell' && positionEffect === 'open') return 'its premium, and its strike for what nothing covers'
  if (limitPrice !== null)
    return side === 'buy' ? 'it pays no more than its limit' : 'a sale may bring its limit, or 5 % more than the price shown'
  return stopPrice === null
    ? 'a market order may fill 5 % above the price shown'
    : 'past its stop it fills at the market, which may be 5 % above'
}

export function feeEstimate(preview: OrderPreview | null): EstimateView {
  return preview?.estimatedFees
    ? { amount: preview.estimatedFees, source: 'broker', note: 'As the broker estimates it.' }
    : { ...NONE, note: 'The broker does not say beforehand.' }
}

export function powerEstimate(preview: OrderPreview | null): EstimateView {
  return preview?.buyingPowerEffect
    ? { amount: preview.buyingPowerEffect, source: 'broker', note: 'What buying power would change by.' }
    : { ...NONE, note: 'The broker does not say beforehand.' }
}

export function reasonOf(error: AppError): ReviewView['stops'][number] {
  const { code, message, action } = toErrorView(error)
  return { code, message, action }
}

/** The sentence that asks for a second yes. */
export function needOf(
  confirmation: Confirmation,
  draft: OrderDraft,
  about: Pick<Verdict, 'offMarket'>,
  currency: string | null = null,
): ReviewView['needs'][number] {
  return { confirmation, sentence: needSentence(confirmation, draft, about, currency) }
}

/** What sends at once and cancels the rest waits for nothing; a limit order for extended hours does not wait for the opening itself. */
function closedSentence({ type, timeInForce, extendedHours }: OrderDraft): string {
  if (timeInForce === 'opg')
    return 'This order is for the opening alone: it waits for the next one, when prices may be others. Send it now?'
  if (timeInForce === 'ioc' || timeInForce === 'fok')
    return 'The market is closed, and an order like this does not wait: it may end at once, unfilled. Send it now?'
  const until = extendedHours && type === 'limit' ? 'trading before the opening begins, at 4:00 in New York' : 'it opens'
  return `The market is closed. The order waits until ${until}, when prices may be others. Send it now?`
}

function needSentence(
  confirmation: Confirmation,
  draft: OrderDraft,
  { offMarket }: Pick<Verdict, 'offMarket'>,
  currency: string | null,
): string {
  switch (confirmation) {
    case 'duplicate':
      return `The same order went out less than a minute ago: ${orderWords(draft, currency)}. Send another one?`
    case 'market-closed':
      return closedSentence(draft)
    case 'unread-orders':
      return `An order works that Keelson cannot read (several legs, or no symbol): it may close the same ${draft.quantity === null ? '' : `${draft.quantity} `}${draft.symbol}. Send this one as well?`
    case 'off-market': {
      const other = offMarket?.market ? moneyWords(offMarket.market, currency) : null
      const own = offMarket?.price ? moneyWords(offMarket.price, currency) : 'any price'
      const told = offMarket?.isOld ? `the price there is to compare is old: ${other}` : `the market seems to be at ${other}`
      const against = other === null ? 'nobody says another price to compare' : told
      return `This order may trade at ${own}, and ${against}. Send it all the same?`
    }
  }
}
