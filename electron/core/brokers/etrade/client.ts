import type { BrokerOrder, BrokerSession, OrderQuery } from '../adapter.ts'
import { distinctBy } from '../distinct.ts'
import { exchangeDay } from '../exchange-day.ts'
import type { AdapterCalls } from '../lazy-adapter.ts'
import { isWanted } from '../order-status.ts'
import { accountPath, americanDay, nextMarker } from './account-path.ts'
import { readHistory } from './history.ts'
import { toAccounts, toBalance, toPositions } from './holdings.ts'
import { toOrders } from './orders.ts'
import { readQuotes } from './quotes.ts'
import { readOrder } from './read-order.ts'
import { createTrading } from './trading.ts'
import { AccountWire, BalanceWire, OrderPages, OrderWire, PortfolioPages, PositionWire } from './wire.ts'

const BASE = 'api'
const POSITIONS_PAGE = 50
const ORDERS_PAGE = 100
const MOST_PAGES = 500

interface Stop {
  readonly signal: AbortSignal
}

/** E*TRADE's API for one sign-in: every account of the customer. An empty answer means that there is nothing. */
export function createClient(session: BrokerSession): AdapterCalls {
  const { http } = session

  async function accounts({ signal }: Stop) {
    const at = ['AccountListResponse', 'Accounts', 'Account']
    const { rows } = await http.getRows({ base: BASE, path: '/accounts/list.json', at, schema: AccountWire, signal })
    return distinctBy(toAccounts(rows.map(row => row.data)), account => account.key)
  }

  async function balances(key: string, { signal }: Stop) {
    const query = { instType: 'BROKERAGE', realTimeNAV: 'true' }
    const { data, asOf } = await http.get({ base: BASE, path: accountPath(key, 'balance'), query, schema: BalanceWire, signal })
    return [toBalance(data, asOf)]
  }

  async function positions(key: string, { signal }: Stop) {
    const found: PositionWire[] = []
    for (let page = 1; ; page += 1) {
      const { rows, envelope, asOf } = await http.getRows({
        base: BASE,
        path: accountPath(key, 'portfolio'),
        query: { count: String(POSITIONS_PAGE), pageNumber: String(page) },
        at: ['PortfolioResponse', 'AccountPortfolio', 'Position'],
        envelope: PortfolioPages,
        schema: PositionWire,
        signal,
      })
      found.push(...rows.map(row => row.data))
      const answer = envelope.PortfolioResponse
      const pages = Number(answer?.AccountPortfolio[0]?.totalPages ?? answer?.totalPages ?? 1)
      if (rows.length === 0 || page >= Math.min(pages, MOST_PAGES))
        return toPositions(
          distinctBy(found, held => held.positionId ?? JSON.stringify(held)),
          asOf,
        )
    }
  }

  async function orders(key: string, { range, status }: OrderQuery, { signal }: Stop): Promise<BrokerOrder[]> {
    const found = new Map<string, BrokerOrder>()
    let marker: string | undefined
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const { rows, envelope } = await http.getRows({
        base: BASE,
        path: accountPath(key, 'orders'),
        query: { fromDate: americanDay(range.from), toDate: americanDay(range.to), count: String(ORDERS_PAGE), marker },
        at: ['OrdersResponse', 'Order'],
        envelope: OrderPages,
        schema: OrderWire,
        signal,
      })
      for (const order of rows.flatMap(row => toOrders(row.data))) found.set(order.externalId, order)
      marker = rows.length === 0 ? undefined : nextMarker(envelope.OrdersResponse, marker)
      if (marker === undefined) break
    }
    return [...found.values()].filter(order => {
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
    activities: (key, range, cursor, stop) => readHistory(session, key, { range, cursor }, stop),
    quotes: (symbols, stop) => readQuotes(http, symbols, stop),
    trading: createTrading({ http, keep: session.keep }),
  }
}
