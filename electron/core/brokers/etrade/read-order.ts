import { AppError } from '../../../../shared/contract/errors.ts'
import type { BrokerHttp, BrokerOrder } from '../adapter.ts'
import { accountPath } from './account-path.ts'
import { ownId, toOrders } from './orders.ts'
import { OrderWire } from './wire.ts'

export interface OrderRead {
  readonly order: BrokerOrder
  /** The whole order, of which `order` may be a part. */
  readonly wire: OrderWire
}

/** One order, or the part of one that an id names. Throws order/not-found. */
export async function readOrder(
  http: BrokerHttp,
  account: string,
  orderId: string,
  { signal }: { readonly signal: AbortSignal },
): Promise<OrderRead> {
  const missing = (cause: unknown) => new AppError('order/not-found', { details: { broker: 'E*TRADE' }, cause })
  const path = accountPath(account, `orders/${encodeURIComponent(ownId(orderId))}`)
  const { rows } = await http
    .getRows({ base: 'api', path, at: ['OrdersResponse', 'Order'], schema: OrderWire, signal })
    .catch((error: unknown) => {
      throw error instanceof AppError && error.details['status'] === 404 ? missing(error) : error
    })
  const read = rows
    .flatMap(({ data: wire }) => toOrders(wire).map(order => ({ order, wire })))
    .find(({ order }) => order.externalId === orderId)
  if (!read) throw missing('the answer holds another order')
  return read
}
