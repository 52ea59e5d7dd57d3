import type { OrderRow, Ticket } from '../../../shared/contract/orders.ts'
import { type OrderType, type TimeInForce, TIMES_IN_FORCE } from '../../../shared/domain/order.ts'
import { timeInForceText } from '../../../shared/words/orders.ts'
import { assetOf, type TicketForm } from '../../lib/ticket.ts'
import { errorViewOf } from '../../state/failure.ts'
import { readOrder } from '../../state/orders.ts'
import { toastError } from '../../state/toast.ts'
import { openTicket } from '../../state/ticket.ts'

/** Opens the ticket with an order to be replaced. */
export async function startReplace(row: OrderRow): Promise<void> {
  if (row.externalId === null || row.symbol === null) return
  try {
    const { ticket } = await readOrder(row.id)
    openTicket(replacement(row, ticket))
  } catch (error) {
    toastError(errorViewOf(error))
  }
}

/** The form of an order in the place of another: what Keelson sent is known whole, of any other the effect has to be chosen where there is one. */
export function replacement(row: OrderRow, ticket: Ticket | null): Partial<TicketForm> {
  const symbol = row.symbol ?? ''
  const assetClass = ticket?.assetClass ?? assetOf(symbol) ?? 'equity'
  const hasEffect = assetClass === 'option' || assetClass === 'future-option'
  return {
    symbol,
    assetClass,
    accountId: row.accountId,
    action: ticket?.action ?? (hasEffect || row.side === null ? '' : row.side),
    by: row.quantity === null && row.notional !== null ? 'notional' : 'quantity',
    size: row.quantity ?? row.notional ?? '',
    type: typeOf(row.type),
    limitPrice: row.limitPrice ?? '',
    stopPrice: row.stopPrice ?? '',
    timeInForce: ticket?.timeInForce ?? validityOf(row.timeInForce),
    extendedHours: ticket?.extendedHours ?? false,
    replaces: row.externalId,
  }
}

/** By the broker's word: `STP LMT`, `stop_limit`, `StopLimit`. A trailing stop has a distance, for which there is no field. */
function typeOf(word: string): OrderType {
  const hasStop = /stop|stp/i.test(word)
  const hasLimit = /limit|lmt/i.test(word)
  if (/trail/i.test(word)) return 'limit'
  if (hasStop) return hasLimit ? 'stop-limit' : 'stop'
  return /market|mkt/i.test(word) ? 'market' : 'limit'
}

/** By the broker's word: `GOOD_TILL_CANCEL`, `GTC Ext`. An order that works until it is canceled must not end today for being changed. */
function validityOf(word: string): TimeInForce {
  const plain = word.replace(/[\s_]ext$/i, '')
  return TIMES_IN_FORCE.find(time => timeInForceText(time) === timeInForceText(plain)) ?? 'day'
}
