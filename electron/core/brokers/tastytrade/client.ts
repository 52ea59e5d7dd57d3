import { AppError } from '../../../../shared/contract/errors.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import type { BrokerOrder, BrokerSession, OrderQuery } from '../adapter.ts'
import { distinctBy } from '../distinct.ts'
import { exchangeDay } from '../exchange-day.ts'
import type { AdapterCalls } from '../lazy-adapter.ts'
import { isWanted } from '../order-status.ts'
import { accountPath, orderPath } from './account-path.ts'
import { readHistory } from './history.ts'
import { toAccount, toBalance, toPositions } from './holdings.ts'
import { toOrder } from './orders.ts'
import { readQuotes } from './quotes.ts'
import { createTrading } from './trading.ts'
import { AccountWire, BalanceWire, OrderAnswer, OrderWire, PagesWire, PositionWire } from './wire.ts'

const BASE = 'api'
const ITEMS = ['data', 'items'] as const
const ORDERS_PAGE = 50
const MOST_PAGES = 1000

interface Stop {
  readonly signal: AbortSignal
}

/** tastytrade's Open API for one sign-in: every account of the customer. */
export function createClient(session: BrokerSession): AdapterCalls {
  const { http } = session

  async function accounts({ signal }: Stop) {
    const { rows } = await http.getRows({ base: BASE, path: '/customers/me/accounts', at: ITEMS, schema: AccountWire, signal })
    return distinctBy(
      rows.map(row => toAccount(row.data)),
      account => account.key,
    )
  }

  async function balances(key: string, { signal, currency = 'USD' }: Stop & { readonly currency?: string }) {
    const path = `${accountPath(key)}/balances${currency === 'USD' ? '' : `/${encodeURIComponent(currency)}`}`
    const { data, asOf } = await http.get({ base: BASE, path, schema: BalanceWire, signal })
    return [toBalance(data, asOf)]
  }

  async function positions(key: string, { signal }: Stop) {
    const path = `${accountPath(key)}/positions`
    const { rows, asOf } = await http.getRows({
      base: BASE,
      path,
      query: { 'include-marks': 'true' },
      at: ITEMS,
      schema: PositionWire,
      signal,
    })
    const wires = rows.map(row => row.data)
    return toPositions(
      distinctBy(wires, wire => `${wire['instrument-type']} ${wire.symbol}`),
      asOf,
    )
  }

  /** Newest first, page by page. The days are a day wider on both sides, as in history, and orders outside them are dropped. */
  async function orders(key: string, { range, status }: OrderQuery, { signal }: Stop): Promise<BrokerOrder[]> {
    const found = new Map<string, BrokerOrder>()
    const end = LocalDate.plusDays(range.to, 1)
    const days = { 'start-date': LocalDate.plusDays(range.from, -1), 'end-date': end > exchangeDay(session.now()) ? undefined : end }
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const query = { ...days, sort: 'Desc', 'per-page': String(ORDERS_PAGE), 'page-offset': String(page) }
      const options = { base: BASE, path: `${accountPath(key)}/orders`, query, at: ITEMS, envelope: PagesWire, schema: OrderWire, signal }
      const { rows, envelope } = await http.getRows(options)
      const before = found.size
      for (const order of rows.map(row => toOrder(row.data))) found.set(order.externalId, order)
      const pages = envelope.pagination?.['total-pages'] ?? null
      // Where nobody says how many there are, a full page has another after it, and one that brought nothing new is the last.
      if (rows.length === 0 || (pages === null ? rows.length < ORDERS_PAGE || found.size === before : page + 1 >= pages)) break
    }
    return [...found.values()].filter(order => {
      const day = exchangeDay(order.submittedAt)
      return day >= range.from && day <= range.to && isWanted(order.status, status)
    })
  }

  async function orderStatus(key: string, orderId: string, { signal }: Stop): Promise<BrokerOrder> {
    const missing = (cause: unknown) => new AppError('order/not-found', { details: { broker: 'tastytrade' }, cause })
    try {
      const order = toOrder((await http.get({ base: BASE, path: orderPath(key, orderId), schema: OrderAnswer, signal })).data.data)
      if (order.externalId !== orderId) throw missing('the answer holds another order')
      return order
    } catch (error) {
      throw error instanceof AppError && error.details['status'] === 404 ? missing(error) : error
    }
  }

  return {
    testConnection: async stop => ({ accounts: (await accounts(stop)).length }),
    accounts,
    balances,
    positions,
    orders,
    orderStatus,
    activities: (key, range, cursor, stop) => readHistory(session, key, { range, cursor }, stop),
    quotes: (symbols, stop) => readQuotes(session, symbols, stop),
    trading: createTrading({ http, now: session.now, keep: session.keep, orderStatus }),
  }
}
