import { AppError } from '../../../../shared/contract/errors.ts'
import { Instant } from '../../../../shared/domain/time.ts'
import type { ActivityPage, BrokerOrder, BrokerRows, BrokerSession, DateRange, OrderQuery } from '../adapter.ts'
import type { AdapterCalls } from '../lazy-adapter.ts'
import { byNumber } from '../as-they-happened.ts'
import { oddRow, readableFacts } from '../odd-row.ts'
import { isWanted } from '../order-status.ts'
import { accountPath } from './account-path.ts'
import { toAccounts, toBalance, toPositions } from './holdings.ts'
import { toActivity } from './map.ts'
import { toOrders } from './orders.ts'
import { readQuotes } from './quotes.ts'
import { readOrder } from './read-order.ts'
import { edgesOf, halved, MOST_ROWS, nextCursor, type Slice, sliceOf, type Walk, walkFrom } from './slices.ts'
import { createTrading } from './trading.ts'
import { AccountNumberWire, AccountWire, OrderWire, TransactionWire } from './wire.ts'

const BASE = 'trader'
const NAMES = { id: 'activityId', type: 'type', days: ['time', 'tradeDate'] } as const
// All of them: the call wants the types named and leaves out what is not.
const TYPES = [
  'TRADE',
  'RECEIVE_AND_DELIVER',
  'DIVIDEND_OR_INTEREST',
  'ACH_RECEIPT',
  'ACH_DISBURSEMENT',
  'CASH_RECEIPT',
  'CASH_DISBURSEMENT',
  'ELECTRONIC_FUND',
  'WIRE_OUT',
  'WIRE_IN',
  'JOURNAL',
  'MEMORANDUM',
  'MARGIN_CALL',
  'MONEY_MARKET',
  'SMA_ADJUSTMENT',
].join(',')

interface Stop {
  readonly signal: AbortSignal
}

interface Part<T> {
  readonly slice: Slice
  readonly walk: Walk
  readonly answer: BrokerRows<T>
}

/** Schwab's Trader API for one sign-in: as many accounts as the user chose on the consent page. */
export function createClient(session: BrokerSession): AdapterCalls {
  const { http } = session
  const numbers = ({ signal }: Stop) => http.getRows({ base: BASE, path: '/accounts/accountNumbers', schema: AccountNumberWire, signal })

  async function accounts(stop: Stop) {
    const keys = await numbers(stop)
    const { rows } = await http.getRows({ base: BASE, path: '/accounts', schema: AccountWire, signal: stop.signal })
    return toAccounts(
      keys.rows.map(row => row.data),
      rows.map(row => row.data),
    )
  }

  async function balances(key: string, { signal }: Stop) {
    const { data, asOf } = await http.get({ base: BASE, path: accountPath(key), schema: AccountWire, signal })
    return [toBalance(data, asOf)]
  }

  async function positions(key: string, { signal }: Stop) {
    const { data, asOf } = await http.get({
      base: BASE,
      path: accountPath(key),
      query: { fields: 'positions' },
      schema: AccountWire,
      signal,
    })
    return toPositions(data, asOf)
  }

  /** Reads the walk's next slice, in halves as long as it comes back full: a full answer may have left rows out. */
  async function readPart<T>(start: Walk, edges: Slice, read: (slice: Slice) => Promise<BrokerRows<T>>): Promise<Part<T>> {
    let walk = start
    for (;;) {
      const slice = sliceOf(walk, edges)
      const shorter = halved(walk, slice)
      const answer = await read(slice).catch((error: unknown) => {
        if (shorter && error instanceof AppError && error.code === 'net/too-large') return undefined
        throw error
      })
      if (answer && (answer.rows.length < MOST_ROWS || !shorter)) return { slice, walk, answer }
      walk = shorter ?? walk
    }
  }

  async function orders(key: string, { status, range }: OrderQuery, { signal }: Stop): Promise<BrokerOrder[]> {
    const edges = edgesOf(range)
    const found = new Map<string, BrokerOrder>()
    for (let cursor: string | null = null; ;) {
      const part: Part<OrderWire> = await readPart(walkFrom(cursor, edges), edges, ({ from, to }) => {
        const query = { fromEnteredTime: Instant.fromEpochMs(from), toEnteredTime: Instant.fromEpochMs(to), maxResults: String(MOST_ROWS) }
        return http.getRows({ base: BASE, path: `${accountPath(key)}/orders`, query, schema: OrderWire, signal })
      })
      for (const row of part.answer.rows) for (const order of toOrders(row.data)) found.set(order.externalId, order)
      cursor = nextCursor(part.walk, part.slice, edges, part.answer.rows.length)
      if (cursor === null) return [...found.values()].filter(order => isWanted(order.status, status))
    }
  }

  async function activities(key: string, range: DateRange, cursor: string | null, { signal }: Stop): Promise<ActivityPage> {
    const edges = edgesOf(range)
    const { slice, walk, answer } = await readPart(walkFrom(cursor, edges), edges, ({ from, to }) => {
      const query = { startDate: Instant.fromEpochMs(from), endDate: Instant.fromEpochMs(to), types: TYPES }
      return http.getHistory({ base: BASE, path: `${accountPath(key)}/transactions`, query, schema: TransactionWire, signal })
    })
    const rows = answer.rows.map(({ data, raw }) => ({ facts: readableFacts(data, toActivity, () => oddRow(raw, NAMES, range.to)), raw }))
    return { rows: byNumber(rows), next: nextCursor(walk, slice, edges, rows.length), asOf: answer.asOf }
  }

  return {
    testConnection: async stop => ({ accounts: (await numbers(stop)).rows.length }),
    accounts,
    balances,
    positions,
    orders,
    activities,
    orderStatus: async (key, orderId, stop) => (await readOrder(session, key, orderId, stop)).order,
    quotes: (symbols, stop) => readQuotes(http, symbols, stop),
    trading: createTrading(session),
  }
}
