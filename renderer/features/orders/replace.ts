import type { OrderRow, Ticket } from '../../../shared/contract/orders.ts'
import { typeOfWord, validityOfWord } from '../../../shared/domain/order-terms.ts'
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
    const form = replacement(row, ticket)
    if (form) openTicket(form)
    else toastError({ message: `A change would make another kind of order of this one: ${wordsOf(row)}.`, action: 'Cancel it and place a new one.' })
  } catch (error) {
    toastError(errorViewOf(error))
  }
}

const wordsOf = ({ symbol, type, timeInForce }: OrderRow): string => [symbol, type, timeInForce].filter(Boolean).join(', ')

/**
 * The form of an order in the place of another: what Keelson sent is known whole, of any other the effect has to be chosen where there is one. Null for
 * one that no ticket can write, such as one at the close or until a date; a trailing stop has a distance, for which there is no field.
 */
export function replacement(row: OrderRow, ticket: Ticket | null): Partial<TicketForm> | null {
  const type = ticket?.type ?? typeOfWord(row.type)
  const validity = ticket ?? (row.timeInForce === '' ? { timeInForce: 'day', extendedHours: false } : validityOfWord(row.timeInForce))
  if (type === undefined || type === 'trailing-stop' || validity === undefined) return null
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
    type,
    limitPrice: row.limitPrice ?? '',
    stopPrice: row.stopPrice ?? '',
    timeInForce: validity.timeInForce,
    extendedHours: validity.extendedHours,
    replaces: row.externalId,
    replacedSide: row.side,
  }
}
