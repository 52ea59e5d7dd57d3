import type { BrokerOrder, BrokerSession, OrderQuery } from '../adapter.ts'
import { distinctBy } from '../distinct.ts'
import { exchangeDay } from '../exchange-day.ts'
import type { AdapterCalls } from '../lazy-adapter.ts'
import { isWanted } from '../order-status.ts'
import { accountPath } from './account-path.ts'
import { readHistory } from './history.ts'
import { toAccount, toBalance, toPositions } from './holdings.ts'
import { toOrder } from './orders.ts'
import { readQuotes } from './quotes.ts'
import { readOrder } from './read-order.ts'
import { createTrading } from './trading.ts'
import { AccountWire, OrderWire } from './wire.ts'

const BASE = 'api'

interface Stop {
  readonly signal: AbortSignal
}

/** TD Ameritrade's API v1 as it was, for the sandbox. */
export function createClient({ http, keep }: BrokerSession): AdapterCalls {
  const account = (key: string, fields: string | undefined, { signal }: Stop) =>
    http.get({ base: BASE, path: accountPath(key), query: { fields }, schema: AccountWire, signal })

  async function accounts({ signal }: Stop) {
    const { rows } = await http.getRows({ base: BASE, path: '/accounts', schema: AccountWire, signal })
    return distinctBy(
      rows.map(row => toAccount(row.data)),
      account => account.key,
    )
  }

  async function balances(key: string, stop: Stop) {
    const { data, asOf } = await account(key, undefined, stop)
    return [toBalance(data, asOf)]
  }

  async function positions(key: string, stop: Stop) {
    const { data, asOf } = await account(key, 'positions', stop)
    return toPositions(data, asOf)
  }

  async function orders(key: string, { range, status }: OrderQuery, { signal }: Stop): Promise<BrokerOrder[]> {
    const query = { fromEnteredTime: range.from, toEnteredTime: range.to }
    const { rows } = await http.getRows({ base: BASE, path: `${accountPath(key)}/orders`, query, schema: OrderWire, signal })
    return rows
      .map(row => toOrder(row.data))
      .filter(order => {
        const day = exchangeDay(order.submittedAt)
        return day >= range.from && day <= range.to && isWanted(order.status, status)
      })
  }

  const orderStatus = async (key: string, orderId: string, stop: Stop) => (await readOrder(http, key, orderId, stop)).order

  return {
    testConnection: async stop => ({ accounts: (await accounts(stop)).length }),
    accounts,
    balances,
    positions,
    orders,
    orderStatus,
    activities: (key, range, cursor, stop) => readHistory(http, key, { range, cursor }, stop),
    quotes: (symbols, stop) => readQuotes(http, symbols, stop),
    trading: createTrading({ http, keep }),
  }
}
