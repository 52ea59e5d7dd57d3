import { Dec } from '../../../shared/domain/decimal.ts'
import type { Order, OrderStatus } from '../../../shared/domain/order.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { micros } from './cells.ts'
import type { OrderEvent } from './order-events.ts'

type Told = Pick<
  Order,
  'status' | 'statusText' | 'quantity' | 'filledQuantity' | 'limitPrice' | 'stopPrice' | 'averageFillPrice' | 'submittedAt' | 'updatedAt'
>
type Progress = Pick<OrderEvent, 'kind' | 'detail'>

const DONE: ReadonlySet<OrderStatus> = new Set(['filled', 'canceled', 'replaced', 'rejected', 'expired'])

/** Whether an order can no longer change. One the broker lists no longer may be listed again. */
export function isDone(status: OrderStatus): boolean {
  return DONE.has(status)
}

/**
 * Whether a reading tells less than what is known already: less of it filled, or working again after it was done. Brokers answer from
 * copies that lag behind. A reading the broker itself dates later counts.
 */
export function isOlder(known: Told, read: Told): boolean {
  if (Instant.isBefore(known.updatedAt, read.updatedAt))
    return Dec.cmp(read.filledQuantity, known.filledQuantity) < 0 && isDone(known.status)
  return Dec.cmp(read.filledQuantity, known.filledQuantity) < 0 || (isDone(known.status) && !isDone(read.status))
}

/** What happened to an order between two readings; nothing for the first one. */
export function progress(known: Told | null, read: Told): Progress[] {
  if (!known) return []
  const events: Progress[] = []
  if (known.limitPrice !== read.limitPrice || known.stopPrice !== read.stopPrice || known.quantity !== read.quantity)
    events.push({ kind: 'terms', detail: { sentence: `Its terms are now: ${termsOf(read)}.` } })
  if (Dec.cmp(read.filledQuantity, known.filledQuantity) > 0) {
    const more = Dec.sub(read.filledQuantity, known.filledQuantity)
    const at = read.averageFillPrice === null ? '' : `, on average at ${read.averageFillPrice}`
    const of = read.quantity === null ? '' : ` of ${read.quantity}`
    events.push({
      kind: 'filled',
      detail: {
        sentence: `${more} more filled: ${read.filledQuantity}${of}${at}.`,
        filledQuantity: read.filledQuantity,
        ...datedBy(known, read),
      },
    })
  }
  if (read.status === 'unlisted') events.push({ kind: 'status', detail: { sentence: unlistedSentence(read) } })
  // That it filled was said, where the broker did not say it itself.
  else if (known.statusText !== read.statusText || (known.status !== read.status && read.status !== 'filled'))
    events.push({ kind: 'status', detail: { sentence: `The broker calls it ${read.statusText}.` } })
  return events
}

/**
 * The broker dates the end of an order, and so its last fill, by a time that came with this reading. Some tell of an order by when it was
 * entered alone, which says nothing of its fills.
 */
function datedBy(known: Told, { status, submittedAt, updatedAt }: Told): { readonly filledBy?: number } {
  const isDated = isDone(status) && Instant.isBefore(known.updatedAt, updatedAt) && Instant.isBefore(submittedAt, updatedAt)
  return isDated ? { filledBy: micros(updatedAt) } : {}
}

/** What is known of an order its broker tells of no longer. */
function unlistedSentence({ filledQuantity, quantity }: Told): string {
  const of = quantity === null ? '' : ` of ${quantity}`
  const filled = Dec.isZero(filledQuantity) ? '' : ` Its fills say that ${filledQuantity}${of} filled.`
  return `The broker lists this order no longer; what became of it is not known.${filled}`
}

function termsOf({ quantity, limitPrice, stopPrice }: Told): string {
  const parts = [
    ...(quantity === null ? [] : [`quantity ${quantity}`]),
    ...(limitPrice === null ? [] : [`limit ${limitPrice}`]),
    ...(stopPrice === null ? [] : [`stop ${stopPrice}`]),
  ]
  return parts.length === 0 ? 'market' : parts.join(', ')
}
