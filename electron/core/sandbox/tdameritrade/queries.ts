import { LocalDate } from '../../../../shared/domain/time.ts'
import { midnightMs } from '../calendar.ts'
import { jsonReply, textReply } from '../exchange.ts'
import type { Ask, Reply } from '../exchange.ts'
import { tdaOrder } from './orders.ts'
import { tdaOrderId } from './rows.ts'
import type { TdaDesk } from './state.ts'
import { tdaError } from './wire.ts'

const YEAR_MS = 366 * 86_400_000

const TYPES: Readonly<Record<string, readonly string[] | null>> = {
  ALL: null,
  TRADE: ['TRADE'],
  BUY_ONLY: ['TRADE'],
  SELL_ONLY: ['TRADE'],
  CASH_IN_OR_CASH_OUT: ['ELECTRONIC_FUND', 'CASH_DISBURSEMENT', 'JOURNAL'],
  CHECKING: [],
  DIVIDEND: ['DIVIDEND_OR_INTEREST'],
  INTEREST: ['DIVIDEND_OR_INTEREST'],
  OTHER: ['RECEIVE_AND_DELIVER'],
  ADVISOR_FEES: [],
}

/** Transactions of one account, newest first: at most a year, no paging. */
export function transactionsReply(ask: Ask, desk: TdaDesk): Reply {
  const range = readRange(ask.query, 'startDate', 'endDate')
  if ('status' in range) return range
  const types = TYPES[ask.query.get('type') ?? 'ALL']
  if (types === undefined) return tdaError(400, 'Invalid transaction type.')
  const symbol = ask.query.get('symbol')
  const feed = desk.feed()
  const texts: string[] = []
  for (let index = feed.from(range.before) - 1; index >= feed.from(range.from); index -= 1) {
    const row = feed.rowAt(index)
    if ((types === null || types.includes(row.type)) && (symbol === null || row.symbol === symbol)) texts.push(row.text)
  }
  return textReply(200, `[${texts.join(',')}]`)
}

/** One transaction by its id. */
export function transactionReply(id: string, desk: TdaDesk): Reply {
  const index = desk.feed().indexOf(id)
  return index === undefined ? tdaError(404, 'Transaction not found.') : textReply(200, desk.feed().rowAt(index).text)
}

/** Orders of some accounts, newest first. Days are those of the entry. */
export function ordersReply(ask: Ask, desks: readonly TdaDesk[]): Reply {
  const range = readRange(ask.query, 'fromEnteredTime', 'toEnteredTime')
  if ('status' in range) return range
  const status = ask.query.get('status')
  const limit = Number(ask.query.get('maxResults') ?? Number.MAX_SAFE_INTEGER)
  if (!Number.isInteger(limit) || limit < 1) return tdaError(400, 'maxResults is invalid.')
  const found = desks
    .flatMap(({ identity, account }) => account.story.orders.map(order => ({ at: order.submittedAt, shown: tdaOrder(identity, order) })))
    .filter(({ at }) => at >= range.from && at < range.before)
    .filter(({ shown }) => status === null || ('status' in shown && shown.status === status))
    .sort((a, b) => b.at - a.at)
  return jsonReply(
    200,
    found.slice(0, limit).map(({ shown }) => shown),
  )
}

/** One order by its id. */
export function orderReply(id: string, { identity, account }: TdaDesk): Reply {
  const order = account.story.orders.find(({ number }) => String(tdaOrderId(identity, number)) === id)
  return order ? jsonReply(200, tdaOrder(identity, order)) : tdaError(404, 'Order not found.')
}

function readRange(query: URLSearchParams, first: string, last: string): { from: number; before: number } | Reply {
  const [start, end] = [query.get(first), query.get(last)]
  if ((start !== null && !LocalDate.is(start)) || (end !== null && !LocalDate.is(end)))
    return tdaError(400, `${first} and ${last} must be yyyy-MM-dd.`)
  const from = start === null ? Number.NEGATIVE_INFINITY : midnightMs(LocalDate.of(start))
  const before = end === null ? Number.POSITIVE_INFINITY : midnightMs(LocalDate.plusDays(LocalDate.of(end), 1))
  if (start !== null && end !== null && before - from > YEAR_MS + 86_400_000)
    return tdaError(400, 'The date range is longer than one year.')
  return { from, before }
}
