import { Dec } from '../../../../shared/domain/decimal.ts'
import type { Placed } from './cash-in-lieu.ts'
import type { LotEvent } from './lot-event.ts'
import type { LotRow } from './lot-row.ts'
import { quantitiesHeld } from './quantity-held.ts'

/** IBKR's code, and everybody's word. */
const STOCK_DIVIDEND = /\bstock div|^SD\|/i

/** True for shares that came as a dividend. */
export function isStockDividend({ kind, brokerType, description, quantity }: LotRow): boolean {
  return kind === 'corporate-action' && quantity !== null && !Dec.isNegative(quantity) && STOCK_DIVIDEND.test(`${brokerType}|${description ?? ''}`)
}

/**
 * A dividend in shares of which none are held is of another share, such as a class or what is spun off: they came from elsewhere, by the events
 * `receivedBy` answers. Takes and answers events in their order.
 */
export function dividendsReceived(placed: readonly Placed[], receivedBy: (row: LotRow) => readonly LotEvent[]): readonly Placed[] {
  let now = placed
  for (const one of placed) {
    const { row, event } = one
    if (event.kind !== 'split' || row === null || !isStockDividend(row)) continue
    const at = now.indexOf(one)
    const held = quantitiesHeld(now.slice(0, at).map(before => before.event)).at(-1) ?? Dec.zero
    if (Dec.isZero(held)) now = now.toSpliced(at, 1, ...receivedBy(row).map((received): Placed => ({ ...one, event: received })))
  }
  return now
}
