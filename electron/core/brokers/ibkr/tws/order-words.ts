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
])

/** An order's word, with what tells two kinds of inactive ones apart from the third. */
interface Told {
  readonly status: string
  readonly filled: number
  /** It waits for something, such as shares to borrow. */
  readonly held: boolean
  /** TWS lists it among those that are over. */
  readonly isOver?: boolean
}

/** Where an order stands by TWS's word for it. An inactive one TWS says no more about may wait for a yes on its screen. */
export function orderStatusOf({ status, filled, held, isOver = false }: Told): OrderStatus {
  if (status === 'Inactive') return held ? 'working' : isOver ? 'rejected' : 'other'
  const known = STATUSES.get(status) ?? 'other'
  return known === 'working' && filled > 0 ? 'partially-filled' : known
}
