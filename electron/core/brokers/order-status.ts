import type { OrderStatus } from '../../../shared/domain/order.ts'
import type { OrderQuery } from './adapter.ts'

/** Whether an order may still change. A status nobody knows counts as open: it must not be overlooked. */
export function isOpen(status: OrderStatus): boolean {
  return status === 'working' || status === 'partially-filled' || status === 'other'
}

/** Whether an order of this status was asked for, where the broker itself cannot be asked for one kind. */
export function isWanted(status: OrderStatus, wanted: OrderQuery['status']): boolean {
  return wanted === 'all' || isOpen(status) === (wanted === 'open')
}
