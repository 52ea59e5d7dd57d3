import type { BrokerSession, MethodSession } from '../../adapter.ts'
import type { Way } from '../way.ts'
import type { TwsSettings } from './connect.ts'
import { readOrder, readOrders } from './orders.ts'
import { readQuotes } from './quotes.ts'
import { type ReadDeps, readAccounts, readBalances, readExecutions, readPositions } from './reads.ts'
import { createTwsSession } from './session.ts'
import { createTrading } from './trading.ts'

/** TWS or IB Gateway as a way in. Its socket belongs to the connection and outlasts this. */
export function createTwsWay(
  { clock, random, log, keep, noteTime }: BrokerSession,
  { tried = false }: Pick<MethodSession, 'tried'>,
  settings: TwsSettings,
): Way {
  const session = keep('tws', () => createTwsSession({ settings, tried, clock, random, log, noteTime }))
  const deps: ReadDeps = { session, clock }
  return {
    method: 'tws',
    accounts: stop => readAccounts(deps, stop),
    balances: (account, stop) => readBalances(deps, account, stop),
    positions: (account, stop) => readPositions(deps, account, stop),
    orders: (account, query, stop) => readOrders(deps, account, query, stop),
    orderStatus: (account, orderId, stop) => readOrder(deps, account, orderId, stop),
    executions: (account, range, stop) => readExecutions(deps, account, range, stop),
    quotes: (symbols, stop) => readQuotes(deps, symbols, stop),
    trading: createTrading(deps),
    zone: () => session.zone(),
  }
}
