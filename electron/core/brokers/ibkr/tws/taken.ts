import type { Contract, Order } from '@stoqey/ib'
import { AppError } from '../../../../../shared/contract/errors.ts'
import type { PlacedOrder } from '../../../../../shared/domain/order.ts'
import { isOpen } from '../../order-status.ts'
import { invalidOrder } from '../../order-draft.ts'
import { hoursProblem } from '../../plain-terms.ts'
import type { OpenOrderMessage, OrderStatusMessage, TwsMessage } from './messages.ts'
import type { BookedOrder } from './order-book.ts'
import { orderStatusOf } from './order-words.ts'
import type { TwsLink } from './session.ts'

/** The order once IBKR has given it its own id. */
export function accepted(message: TwsMessage, id: number, link: TwsLink): PlacedOrder | undefined {
  if (message.kind === 'open-order' && isOf(message, id, link) && message.order.permId)
    return placed(message.order.permId, { status: message.state.status, filled: 0, held: false })
  if (message.kind === 'order-status' && isOf(message, id, link) && message.permId !== 0)
    return placed(message.permId, message)
  return undefined
}

/** Whether a message is about our order: other programs count theirs from one too, and TWS tells of them when it is asked for all. */
export function isOf(message: OpenOrderMessage | OrderStatusMessage, id: number, { clientId }: TwsLink): boolean {
  return message.orderId === id && (message.kind === 'open-order' ? message.order.clientId : message.clientId) === clientId
}

function placed(permId: number, told: Pick<OrderStatusMessage, 'status' | 'filled' | 'held'>): PlacedOrder | undefined {
  const { status, held } = told
  // TWS says why in an error of its own, which ends the wait.
  if ((status === 'Inactive' && !held) || status === 'PendingSubmit' || status === 'ApiPending') return undefined
  return { externalId: String(permId), status: orderStatusOf(told), statusText: status }
}

interface Change {
  /** The order, once TWS has told it with what it was changed to and says where it stands; a repeated word about the old one is not that. */
  done(message: TwsMessage): PlacedOrder | undefined
  /** That the order ended as it was. TWS tells a change that it takes before it tells where the order stands. */
  over(message: TwsMessage): AppError | undefined
}

/** Follows the change of an order to what is wanted. */
export function createChange({ orderId, order: before }: BookedOrder, link: TwsLink, wanted: Order): Change {
  let isTaken = false
  return {
    done(message) {
      if (message.kind === 'open-order' && isOf(message, orderId, link) && hasTerms(message.order, wanted)) isTaken = true
      return isTaken ? accepted(message, orderId, link) : undefined
    },
    over(message) {
      if (message.kind !== 'order-status' || !isOf(message, orderId, link) || isOpen(orderStatusOf(message))) return undefined
      const details = { broker: 'Interactive Brokers', status: message.status }
      // Another quantity was filled than it had: TWS took the change, and its word of that was lost.
      const isOther = message.filled > 0 && message.status === 'Filled' && message.filled !== before.totalQuantity
      return new AppError(isOther ? 'order/unknown' : 'order/not-open', { details })
    },
  }
}

function hasTerms(told: Order, wanted: Order): boolean {
  const same = (a: number | undefined, b: number | undefined): boolean => b === undefined || a === b
  return (
    same(told.totalQuantity, wanted.totalQuantity) &&
    same(told.lmtPrice, wanted.lmtPrice) &&
    same(told.auxPrice, wanted.auxPrice) &&
    same(told.trailingPercent, wanted.trailingPercent)
  )
}

/** Throws order/invalid for another instrument, side or type and for an order that filled in part, order/not-offered where the order has more to it than a draft can say. */
export function checkChange({ order, contract, filled }: BookedOrder, wanted: Order, { conId }: Contract): void {
  if (contract.conId !== conId || order.action !== wanted.action || order.orderType !== wanted.orderType)
    throw invalidOrder('a change keeps the instrument, the side and the type of an order')
  if (filled > 0) throw invalidOrder('a part of it is filled: cancel the rest and send a new order')
  const hours = hoursProblem(order.outsideRth ?? null, { extendedHours: wanted.outsideRth ?? false })
  if (hours !== undefined) throw invalidOrder(hours)
  const { parentId, ocaGroup, algoStrategy, goodAfterTime, goodTillDate, hidden, allOrNone, hedgeType, conditions } = order
  const more = [parentId, ocaGroup, algoStrategy, goodAfterTime, goodTillDate, hidden, allOrNone, hedgeType, conditions?.length]
  if (more.some(Boolean)) throw new AppError('order/not-offered', { details: { broker: 'Interactive Brokers' } })
}

/** An order's id as TWS counts; NaN for one of another way in. */
export function permIdOf(orderId: string): number {
  return /^\d{1,16}$/.test(orderId) ? Number(orderId) : Number.NaN
}
