import { AppError } from '../../../../shared/contract/errors.ts'
import { EXCHANGE_ZONE, Instant, LocalDate, startOfDay } from '../../../../shared/domain/time.ts'
import type { ActivityPage, BrokerOrder, BrokerSession, DateRange, OrderQuery } from '../adapter.ts'
import type { AdapterCalls } from '../lazy-adapter.ts'
import { isNameless, oddRow, readableFacts } from '../odd-row.ts'
import { toAccount, toActivity, toBalance, toOrder, toPosition } from './map.ts'
import { readQuotes } from './quotes.ts'
import { createTrading, readOrder } from './trading.ts'
import { AccountWire, ActivityWire, OrderWire, PositionWire } from './wire.ts'

const BASE = 'trading'
/** Default and maximum of the activities call. */
const PAGE_SIZE = 100
const ORDERS_LIMIT = 500
const NAMES = { id: 'id', type: 'activity_type', days: ['transaction_time', 'date'] } as const
const CURSOR = /^a1\.(.{1,200})$/

interface Stop {
  readonly signal: AbortSignal
}

/** Alpaca's trading API for one connection: one account per token and environment. */
export function createClient(session: BrokerSession): AdapterCalls {
  const { http } = session
  const account = ({ signal }: Stop) => http.get({ base: BASE, path: '/v2/account', schema: AccountWire, signal })

  async function balances(key: string, stop: Stop) {
    const { data, asOf } = await account(stop)
    // A new sign-in may show another account; its money must not be booked on this one.
    if (data.id !== key) throw new AppError('app/not-found', { cause: 'another account answers' })
    return [toBalance(data, asOf)]
  }

  async function positions(_key: string, { signal }: Stop) {
    const { rows, asOf } = await http.getRows({ base: BASE, path: '/v2/positions', schema: PositionWire, signal })
    return rows.map(row => toPosition(row.data, asOf))
  }

  /** Newest first. There is no page token: the next page ends just after the oldest order seen, and repeats are dropped. */
  async function orders(_key: string, { status, range }: OrderQuery, { signal }: Stop): Promise<BrokerOrder[]> {
    const found = new Map<string, BrokerOrder>()
    const { after, until: last } = windowOf(range)
    for (let until = last; ;) {
      const query = { status, limit: String(ORDERS_LIMIT), direction: 'desc', nested: 'false', after, until }
      const { rows } = await http.getRows({ base: BASE, path: '/v2/orders', query, schema: OrderWire, signal })
      const fresh = rows.map(row => toOrder(row.data)).filter(order => !found.has(order.externalId))
      for (const order of fresh) found.set(order.externalId, order)
      const oldest = fresh
        .map(order => order.submittedAt)
        .reduce<Instant | undefined>((a, b) => (a ? Instant.earliest(a, b) : b), undefined)
      if (rows.length < ORDERS_LIMIT || oldest === undefined) return [...found.values()]
      until = Instant.plus(oldest, 1)
    }
  }

  async function activities(_key: string, range: DateRange, cursor: string | null, { signal }: Stop): Promise<ActivityPage> {
    const token = cursor === null ? undefined : pageToken(cursor)
    const query = { ...windowOf(range), direction: 'desc', page_size: String(PAGE_SIZE), page_token: token }
    const page = await http.getHistory({ base: BASE, path: '/v2/account/activities', query, schema: ActivityWire, signal })
    const all = page.rows.map(({ data, raw }) => ({ facts: readableFacts(data, toActivity, () => oddRow(raw, NAMES, range.to)), raw }))
    const rows = all.filter(row => within(row.facts.tradeDate, range))
    // A row without an id is no place to go on from; the one before it is.
    const last = all.findLast(row => !isNameless(row.facts))?.facts.externalId
    const more = page.rows.length >= PAGE_SIZE && last !== undefined && last !== token
    return { rows, next: more ? `a1.${last}` : null, asOf: page.asOf }
  }

  return {
    testConnection: async stop => {
      await account(stop)
      return { accounts: 1 }
    },
    accounts: async stop => [toAccount((await account(stop)).data)],
    balances,
    positions,
    orders,
    activities,
    orderStatus: (_key, orderId, stop) => readOrder(session, orderId, stop),
    quotes: (symbols, stop) => readQuotes(session, symbols, stop),
    trading: createTrading(session),
  }
}

/**
 * The window of a range, a day wider on both sides: rows with only a day are filed at a midnight Alpaca does not name the zone
 * of, and `after` and `until` themselves are not included. Rows outside the range are dropped afterwards.
 */
function windowOf({ from, to }: DateRange): { after: string; until: string } {
  return {
    after: startOfDay(LocalDate.plusDays(from, -1), EXCHANGE_ZONE),
    until: startOfDay(LocalDate.plusDays(to, 2), EXCHANGE_ZONE),
  }
}

function within(day: LocalDate, { from, to }: DateRange): boolean {
  return day >= from && day <= to
}

function pageToken(cursor: string): string {
  const token = CURSOR.exec(cursor)?.[1]
  if (token === undefined) throw new AppError('app/invalid-request', { cause: 'not an Alpaca cursor' })
  return token
}
