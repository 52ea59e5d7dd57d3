import { AppError } from '../../shared/contract/errors.ts'
import type { orderRoutes } from '../../shared/contract/orders.ts'
import type { Handlers } from './bus/router.ts'

type OrderRoute = keyof typeof orderRoutes

export interface OrderParts {
  readonly handlers: Pick<Handlers, OrderRoute>
}

/** Wires this area. Its routes are answered one after another. */
export function createOrderParts(): OrderParts {
  const notBuilt = (): never => {
    throw new AppError('app/internal', { cause: 'not built yet' })
  }
  return { handlers: {
    'orders.desk': notBuilt,
    'orders.setTrading': notBuilt,
    'orders.arm': notBuilt,
    'orders.quote': notBuilt,
    'orders.review': notBuilt,
    'orders.place': notBuilt,
    'orders.cancel': notBuilt,
    'orders.list': notBuilt,
    'orders.detail': notBuilt,
    'orders.resolve': notBuilt,
    'orders.settle': notBuilt,
    'orders.limits': notBuilt,
    'orders.setLimits': notBuilt,
    'orders.kill': notBuilt,
    'orders.rearm': notBuilt,
    'orders.request': notBuilt,
    'orders.requests': notBuilt,
    'orders.approve': notBuilt,
    'orders.decline': notBuilt,
    'audit.verify': notBuilt,
    'audit.accept': notBuilt,
    'audit.page': notBuilt,
  } }
}
