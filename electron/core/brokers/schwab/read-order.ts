import { AppError } from '../../../../shared/contract/errors.ts'
import type { BrokerOrder, BrokerSession } from '../adapter.ts'
import { accountPath } from './account-path.ts'
import { toOrders } from './orders.ts'
import { OrderWire } from './wire.ts'

export interface OrderRead {
  readonly order: BrokerOrder
  /** The answer: the order itself, or one it is a part of. */
  readonly wire: OrderWire
}

/** One order. Throws order/not-found. */
export async function readOrder(
  { http }: Pick<BrokerSession, 'http'>,
  account: string,
  orderId: string,
  { signal }: { readonly signal: AbortSignal },
): Promise<OrderRead> {
  const missing = (cause: unknown) => new AppError('order/not-found', { details: { broker: 'Charles Schwab' }, cause })
  const { data: wire } = await http
    .get({ base: 'trader', path: orderPath(account, orderId), schema: OrderWire, signal })
    .catch((error: unknown) => {
      throw error instanceof AppError && error.details['status'] === 404 ? missing(error) : error
    })
  const order = toOrders(wire).find(({ externalId }) => externalId === orderId)
  if (!order) throw missing('the answer holds another order')
  return { order, wire }
}

/** The path of one order. */
export function orderPath(account: string, orderId: string): string {
  return `${accountPath(account)}/orders/${encodeURIComponent(orderId)}`
}
