import type { BrokerSession, MethodSession } from '../../adapter.ts'
import type { Way } from '../way.ts'
import { webCalls } from './calls.ts'
import { readQuotes } from './quotes.ts'
import { readAccounts, readBalances, readOrder, readOrders, readPositions, readTrades } from './reads.ts'
import { createTrading } from './trading.ts'

/** IBKR's web API: in the cloud for an approved client, or through the Client Portal Gateway on this computer. */
export function createWebWay(session: BrokerSession, way: MethodSession, paper: boolean): Way {
  const calls = webCalls(session, way, paper)
  return {
    method: way.method,
    accounts: stop => readAccounts(calls, stop),
    balances: (account, stop) => readBalances(calls, account, stop),
    positions: (account, stop) => readPositions(calls, account, stop),
    orders: (account, query, stop) => readOrders(calls, account, query, stop),
    orderStatus: (account, orderId, stop) => readOrder(calls, account, orderId, stop),
    executions: (account, range, stop) => readTrades(calls, account, range, stop),
    quotes: (symbols, stop) => readQuotes(calls, symbols, stop),
    trading: createTrading(calls),
  }
}
