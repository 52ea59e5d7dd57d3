import type { OrderRow } from '../../../shared/contract/orders.ts'
import { formatQuantity, sideWord } from '../../lib/format/index.ts'
import { orderTypeWord, priceIn, priceWords, timeInForceWord } from '../../lib/order-words.ts'

/** How much is filled, of how much where that is not all of it. */
export function filledWords({ quantity, filledQuantity }: Pick<OrderRow, 'quantity' | 'filledQuantity'>): string {
  const filled = formatQuantity(filledQuantity)
  return quantity === null || quantity === filledQuantity ? filled : `${filled} of ${formatQuantity(quantity)}`
}

/** `Buy 10 at limit $180.00, day`. */
export function orderWords(row: OrderRow): string {
  const side = row.side === null ? 'Order' : sideWord(row.side)
  const size =
    row.quantity !== null ? formatQuantity(row.quantity) : row.notional !== null ? `for ${priceIn(row.notional, row.currency)}` : ''
  return `${side} ${size}${priceOf(row)}, ${timeInForceWord(row.timeInForce).toLowerCase()}`
}

function priceOf(row: OrderRow): string {
  if (row.type.toLowerCase() === 'market') return ', market'
  return ` at ${row.limitPrice === null && row.stopPrice === null ? orderTypeWord(row.type).toLowerCase() : priceWords(row, row.currency)}`
}
