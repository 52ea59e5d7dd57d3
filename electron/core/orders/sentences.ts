import type { Dec } from '../../../shared/domain/decimal.ts'
import type { OrderDraft } from '../../../shared/domain/order.ts'
import { formatPrice } from '../../../shared/words/decimal.ts'
import type { Intent } from '../store/order-intents.ts'
import { CANCELED_BEFORE } from './outcome.ts'

/** As plain text: what could hide or turn other text around is taken out of what others wrote. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim()
}

/** `284.50 USD`; without a currency nobody knows. */
export function moneyWords(amount: Dec, currency: string | null): string {
  return currency === null ? formatPrice(amount) : `${formatPrice(amount)} ${currency}`
}

/** `10`, or `250.00 USD worth of` */
export function sizeWords({ quantity, notional }: Pick<OrderDraft, 'quantity' | 'notional'>, currency: string | null): string {
  return quantity ?? `${notional === null ? '' : moneyWords(notional, currency)} worth of`
}

/** `buy 10 AAPL, limit 190.00 USD, day` */
export function orderWords(draft: OrderDraft, currency: string | null): string {
  const { side, positionEffect, symbol, type, limitPrice, stopPrice, timeInForce } = draft
  const effect = positionEffect === null ? '' : ` to ${positionEffect}`
  const priced = (name: string, price: Dec | null): string[] => (price === null ? [] : [`${name} ${moneyWords(price, currency)}`])
  const prices = [...priced('stop', stopPrice), ...priced('limit', limitPrice)]
  return [`${side}${effect} ${sizeWords(draft, currency)} ${symbol}`, prices.length === 0 ? type : prices.join(' '), timeInForce].join(', ')
}

export function sentSentence(draft: OrderDraft, replaces: string | null, currency: string | null): string {
  return `${replaces === null ? 'Sending' : 'Changing an order to'}: ${orderWords(draft, currency)}.`
}

const STANDS = 'The order stands as it was.'
/** Then there is no order that could stand. */
const DONE: ReadonlySet<string> = new Set(['order/not-open', 'order/not-found'])
const MAYBE: Readonly<Record<Intent['kind'], string>> = {
  place: 'it may be working',
  replace: 'the order may work as it was, or changed',
  cancel: 'the order may still work, and fill',
}

/** What became of something sent, in one sentence or two. */
export function outcomeSentence({
  kind,
  outcome,
  status,
  error,
  looks,
}: Pick<Intent, 'kind' | 'outcome' | 'status' | 'error' | 'looks'>): string {
  if (kind === 'cancel' && error?.code === 'order/not-open') return `The cancellation came too late. ${error.message}`
  if (kind === 'cancel' && outcome === 'confirmed' && status === CANCELED_BEFORE)
    return 'Nothing was left to cancel: it was canceled before.'
  const what = kind === 'cancel' ? 'The cancellation' : kind === 'replace' ? 'The change' : 'The order'
  switch (outcome) {
    case 'confirmed':
      return `${what} was taken${status === null ? '' : `: ${plain(status)}`}.`
    case 'rejected':
      if (kind === 'replace' && error?.code === 'order/not-open') return `The change came too late. ${error.message}`
      // The broker's words of a refused order are of no use for one that is there.
      if (kind !== 'place' && (error === null || error.code === 'order/rejected')) return `${what} was refused. ${STANDS}`
      return `${what} was refused. ${error?.message ?? 'Nothing was placed.'}`
    case 'not-sent':
      if (looks > 0 && kind === 'cancel')
        return error?.code === 'order/not-found'
          ? 'The broker does not list the order any more. What became of it stands there: look at the broker.'
          : 'The cancellation did not arrive: the order still works.'
      return looks > 0
        ? `${what} is not at the broker: its whole history was looked through, more than once. Nothing was placed.`
        : [`${what} was not sent.`, error?.message ?? '', kind === 'place' || DONE.has(error?.code ?? '') ? '' : STANDS]
            .filter(Boolean)
            .join(' ')
    case 'unknown':
      return `Whether ${what.charAt(0).toLowerCase()}${what.slice(1)} arrived is not known: ${MAYBE[kind]}. Keelson looks for it and sends nothing again.`
    case 'sending':
      return `${what} is on its way.`
  }
}
