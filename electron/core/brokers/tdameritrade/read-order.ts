import { AppError } from '../../../../shared/contract/errors.ts'
import type { BrokerHttp, BrokerOrder } from '../adapter.ts'
import { orderPath } from './account-path.ts'
import { toOrder } from './orders.ts'
import { OrderWire } from './wire.ts'

export interface OrderRead {
  readonly order: BrokerOrder
  readonly wire: OrderWire
}

/** One order. Throws order/not-found. */
export async function readOrder(
  http: BrokerHttp,
  account: string,
  orderId: string,
  { signal }: { readonly signal: AbortSignal },
): Promise<OrderRead> {
  const missing = (cause: unknown) => new AppError('order/not-found', { details: { broker: 'TD Ameritrade' }, cause })
  const { data: wire } = await http
    .get({ base: 'api', path: orderPath(account, orderId), schema: OrderWire, signal })
    .catch((error: unknown) => {
      throw error instanceof AppError && error.details['status'] === 404 ? missing(error) : error
    })
  if (wire.orderId !== orderId) throw missing('the answer holds another order')
  return { order: toOrder(wire), wire }
}
