import type { OrderStatus } from '../../../../../shared/domain/order.ts'

const STATUSES = new Map<string, OrderStatus>([
  ['ApiPending', 'working'],
  ['PendingSubmit', 'working'],
  ['PreSubmitted', 'working'],
  ['Submitted', 'working'],
  ['PendingCancel', 'working'],
  ['Filled', 'filled'],
  ['Cancelled', 'canceled'],
  ['ApiCancelled', 'canceled'],
  ['Inactive', 'rejected'],
])

/** Where an order stands by TWS's word for it; `held` is one that is inactive for want of something. */
export function orderStatusOf(status: string, filled: number, held: boolean): OrderStatus {
  if (status === 'Inactive' && held) return 'working'
  const known = STATUSES.get(status) ?? 'other'
  return known === 'working' && filled > 0 ? 'partially-filled' : known
}
