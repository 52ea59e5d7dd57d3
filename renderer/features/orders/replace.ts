import type { OrderRow, Ticket } from '../../../shared/contract/orders.ts'
import { ORDER_TYPES, TIMES_IN_FORCE } from '../../../shared/domain/order.ts'
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
    type: ORDER_TYPES.find(type => type === row.type) ?? 'limit',
    limitPrice: row.limitPrice ?? '',
    stopPrice: row.stopPrice ?? '',
    timeInForce: TIMES_IN_FORCE.find(time => time === row.timeInForce) ?? 'day',
    extendedHours: ticket?.extendedHours ?? false,
    replaces: row.externalId,
  }
}
