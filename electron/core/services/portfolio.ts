import type { Handlers } from '../bus/router.ts'
import type { Db } from '../db/open.ts'
import { ordersPage } from '../store/orders.ts'
import { positionsOf } from '../store/positions.ts'

/** Holdings and orders as last read from the brokers. */
export function createPortfolio({ db }: { readonly db: Db }): Pick<Handlers, 'portfolio.positions' | 'portfolio.orders'> {
  return {
    'portfolio.positions': ({ accountId }) => positionsOf(db.reader, accountId),
    'portfolio.orders': ({ accountId, limit }) => ordersPage(db.reader, accountId === undefined ? { limit } : { accountId, limit }),
  }
}
