import { AppError } from '../../../../../shared/contract/errors.ts'
import type { Instant, LocalDate } from '../../../../../shared/domain/time.ts'
import type { BrokerAccount, BrokerBalance, BrokerOrder, BrokerPosition, BrokerRows, DateRange, OrderQuery } from '../../adapter.ts'
import { exchangeDay } from '../../exchange-day.ts'
import { isOpen, isWanted } from '../../order-status.ts'
import { checkKind } from '../account-kind.ts'
import type { Executions, Stop } from '../way.ts'
import { accountGone, readable, type WebCalls } from './calls.ts'
import { toAccount, toActivity, toBalances, toPosition } from './map.ts'
import { fromStatus, INACTIVE, toOrder } from './orders.ts'
import type { ListedOrder } from './over-orders.ts'
import { AccountWire, LedgerWire, OrderStatusWire, OrderWire, PositionWire, SummaryWire, TradeWire } from './wire.ts'

const PAGE = 100
const MOST_PAGES = 100
/** What the trades call reaches. */
const TRADE_DAYS = '7'

export async function readAccounts({ http, base, session, paper }: WebCalls, { signal }: Stop): Promise<BrokerAccount[]> {
  const { rows } = await session.listed(async () => {
    await session.pace.take('accounts', { signal })
    const answer = await http.getRows({ base, path: '/portfolio/accounts', schema: AccountWire, signal })
    session.shown.clear()
    for (const { data } of answer.rows) session.shown.add(data.accountId)
    return answer
  })
  checkKind(
    rows.map(({ data }) => data.accountId),
    paper,
  )
  return rows.map(({ data }) => toAccount(data))
}

/** Nothing below `/portfolio` answers before the accounts were listed. */
async function below(calls: WebCalls, account: string, stop: Stop): Promise<string> {
  await calls.session.unlocked(() => readAccounts(calls, stop))
  if (!calls.session.shown.has(account)) throw accountGone()
  return `/portfolio/${encodeURIComponent(account)}`
}

export async function readBalances(calls: WebCalls, account: string, stop: Stop): Promise<BrokerBalance[]> {
  const { http, base } = calls
  const path = await below(calls, account, stop)
  const ledger = await http.get({ base, path: `${path}/ledger`, schema: LedgerWire, signal: stop.signal })
  const summary = await http.get({ base, path: `${path}/summary`, schema: SummaryWire, signal: stop.signal })
  return toBalances(ledger.data, summary.data, ledger.asOf)
}

export async function readPositions(calls: WebCalls, account: string, stop: Stop): Promise<BrokerPosition[]> {
  const { rows, asOf } = await positionRows(calls, account, stop)
  return rows.map(({ data }) => toPosition(data, asOf)).filter(({ quantity }) => quantity !== '0')
}

/** All pages; a page that is not full is the last. */
export async function positionRows(calls: WebCalls, account: string, stop: Stop): Promise<BrokerRows<PositionWire>> {
  const { http, base } = calls
  const path = await below(calls, account, stop)
  const rows: { readonly data: PositionWire; readonly raw: string }[] = []
  for (let page = 0; ; page += 1) {
    const answer = await http.getRows({ base, path: `${path}/positions/${page}`, schema: PositionWire, signal: stop.signal })
    rows.push(...answer.rows)
    if (answer.rows.length < PAGE || page >= MOST_PAGES) return { ...answer, rows }
  }
}

export async function readTrades(calls: WebCalls, account: string, range: DateRange, stop: Stop): Promise<Executions> {
  const { http, base, session } = calls
  await readable(calls, account, stop)
  await session.pace.take('trades', stop)
  const query = { days: TRADE_DAYS, accountId: account }
  const { rows, asOf } = await http.getHistory({ base, path: '/iserver/account/trades', query, schema: TradeWire, signal: stop.signal })
  const mine = rows.filter(({ data }) => (data?.account ?? account) === account)
  const activities = mine.map(({ data, raw }) => toActivity(data, raw, range.to)).filter(({ facts }) => within(facts.tradeDate, range))
  return { rows: activities, asOf }
}

/** The list is that of all accounts of the session, and may be asked for once in five seconds: accounts that ask together share it. */
export async function readOrders(calls: WebCalls, account: string, { status, range }: OrderQuery, stop: Stop): Promise<BrokerOrder[]> {
  await readable(calls, account, stop)
  const answer = await calls.session.orders.of(account, shared => listedOrders(calls, shared), stop)
  const own = answer.rows.filter(({ data }) => (data.acct ?? account) === account)
  const orders = await Promise.all(own.map(({ data, raw }) => told(calls, { account, order: toOrder(data, answer.asOf), raw }, stop)))
  return (
    orders
      // The list says when an order last changed, not when it was entered: one that still works belongs to it whatever the days.
      .filter(order => isWanted(order.status, status) && (isOpen(order.status) || within(exchangeDay(order.submittedAt), range)))
  )
}

/** The list does not say whether an inactive order is over or held; the order itself does, once. One that cannot be asked counts as held. */
async function told(calls: WebCalls, listed: ListedOrder, stop: Stop): Promise<BrokerOrder> {
  const { account, order } = listed
  if (order.statusText !== INACTIVE) return order
  const { over } = calls.session
  const end = over.endOf(listed)
  if (end !== null) return { ...order, status: end }
  const { status } = await readOrder(calls, account, order.externalId, stop).catch((error: unknown) => {
    stop.signal.throwIfAborted()
    if (error instanceof AppError) return order
    throw error
  })
  over.note(listed, status)
  return { ...order, status }
}

/** The first answer of a session only starts the list and has no orders; the next one has them. */
async function listedOrders(calls: WebCalls, stop: Stop): Promise<BrokerRows<OrderWire>> {
  const first = await orderRows(calls, { force: 'true' }, stop)
  return first.rows.length === 0 ? orderRows(calls, {}, stop) : first
}

async function orderRows(
  { http, base, session }: WebCalls,
  query: Readonly<Record<string, string>>,
  stop: Stop,
): Promise<BrokerRows<OrderWire>> {
  await session.pace.take('orders', stop)
  return http.getRows({ base, path: '/iserver/account/orders', query, at: ['orders'], schema: OrderWire, signal: stop.signal })
}

/** What the status call says of one order, and when. */
export interface StatusAnswer {
  readonly data: OrderStatusWire
  readonly asOf: Instant
}

export async function readOrder(calls: WebCalls, account: string, orderId: string, stop: Stop): Promise<BrokerOrder> {
  const { data, asOf } = await readStatus(calls, account, orderId, stop)
  return fromStatus(data, asOf)
}

/** One order as IBKR words it. Throws order/not-found for one of another account. */
export async function readStatus(calls: WebCalls, account: string, orderId: string, stop: Stop): Promise<StatusAnswer> {
  const { http, base } = calls
  await readable(calls, account, stop)
  const path = `/iserver/account/order/status/${encodeURIComponent(orderId)}`
  const { data, asOf } = await http.get({ base, path, schema: OrderStatusWire, signal: stop.signal })
  if ((data.order_clearing_account ?? account) !== account)
    throw new AppError('order/not-found', { details: { broker: 'Interactive Brokers' } })
  return { data, asOf }
}

function within(day: LocalDate, { from, to }: DateRange): boolean {
  return day >= from && day <= to
}
