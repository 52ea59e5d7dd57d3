import { jsonReply, textReply } from '../exchange.ts'
import type { Ask, Reply } from '../exchange.ts'
import type { FeedRow } from '../feed.ts'
import type { SchwabDesk } from './desk.ts'
import { SCHWAB_STATUS, schwabOrder } from './orders.ts'

const ROWS = 3000
const DAY_MS = 86_400_000
const YEAR_MS = 366 * DAY_MS
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/

/** Source: TransactionType in Schwab's OpenAPI. */
const TYPES: ReadonlySet<string> = new Set(
  (
    'TRADE RECEIVE_AND_DELIVER DIVIDEND_OR_INTEREST ACH_RECEIPT ACH_DISBURSEMENT CASH_RECEIPT CASH_DISBURSEMENT ELECTRONIC_FUND WIRE_OUT WIRE_IN ' +
    'JOURNAL MEMORANDUM MARGIN_CALL MONEY_MARKET SMA_ADJUSTMENT'
  ).split(' '),
)

const STATUSES: ReadonlySet<string> = new Set(
  (
    'AWAITING_PARENT_ORDER AWAITING_CONDITION AWAITING_STOP_CONDITION AWAITING_MANUAL_REVIEW ACCEPTED AWAITING_UR_OUT PENDING_ACTIVATION QUEUED WORKING ' +
    'REJECTED PENDING_CANCEL CANCELED PENDING_REPLACE REPLACED FILLED EXPIRED NEW AWAITING_RELEASE_TIME PENDING_ACKNOWLEDGEMENT PENDING_RECALL UNKNOWN'
  ).split(' '),
)

/** The error body of the account endpoints. */
export function serviceError(status: number, message: string): Reply {
  return jsonReply(status, { message })
}

/** Transactions of one account, newest first: at most a year and 3000 rows, no paging. */
export function transactionsReply(ask: Ask, desk: SchwabDesk): Reply {
  const range = readRange(ask.query.get('startDate'), ask.query.get('endDate'), 'startDate', 'endDate')
  if (typeof range === 'string') return serviceError(400, range)
  const named = ask.query.get('types')
  if (named === null || named === '') return serviceError(400, 'types is required')
  const types = new Set(named.split(','))
  if ([...types].some(type => !TYPES.has(type))) return serviceError(400, 'types is invalid')
  const symbol = ask.query.get('symbol')
  const feed = desk.feed()
  const low = feed.from(range.from)
  const texts: string[] = []
  for (let index = feed.from(range.to + 1) - 1; index >= low && texts.length < ROWS; index -= 1) {
    const row: FeedRow = feed.rowAt(index)
    if (types.has(row.type) && (symbol === null || row.symbol === symbol)) texts.push(row.text)
  }
  return textReply(200, `[${texts.join(',')}]`)
}

/** One transaction by its activity id. */
export function transactionReply(id: string, desk: SchwabDesk): Reply {
  const feed = desk.feed()
  const index = feed.indexOf(id)
  return index === undefined ? serviceError(404, 'Transaction not found') : textReply(200, feed.rowAt(index).text)
}

/** Orders of some accounts, newest first. `days` is how far back the first day may lie, or how long the range may be. */
export function ordersReply(ask: Ask, desks: readonly SchwabDesk[], nowMs: number, days: number): Reply {
  const { query } = ask
  const range = readRange(query.get('fromEnteredTime'), query.get('toEnteredTime'), 'fromEnteredTime', 'toEnteredTime')
  if (typeof range === 'string') return serviceError(400, range)
  if (days === 60 && range.from < nowMs - 61 * DAY_MS) return serviceError(400, 'fromEnteredTime must be within 60 days from today')
  const status = query.get('status')
  if (status !== null && !STATUSES.has(status)) return serviceError(400, 'status is invalid')
  const limit = Number(query.get('maxResults') ?? ROWS)
  if (!Number.isInteger(limit) || limit < 1) return serviceError(400, 'maxResults is invalid')
  const found = desks
    .flatMap(desk => desk.account.story.orders.map(order => ({ desk, order })))
    .filter(({ order }) => order.submittedAt >= range.from && order.submittedAt <= range.to)
    .sort((a, b) => b.order.submittedAt - a.order.submittedAt)
    .map(({ desk, order }) => ({ state: order.status, text: schwabOrder(desk.book, order) }))
    .filter(({ state }) => status === null || status === SCHWAB_STATUS[state])
  return jsonReply(
    200,
    found.slice(0, limit).map(({ text }) => text),
  )
}

/** Both ends are included. Equal ends at a midnight hold nothing, which is why a day's end must be written out. */
function readRange(from: string | null, to: string | null, fromName: string, toName: string): { from: number; to: number } | string {
  if (from === null) return `${fromName} is required`
  if (to === null) return `${toName} is required`
  const start = MOMENT.test(from) ? Date.parse(from) : Number.NaN
  const end = MOMENT.test(to) ? Date.parse(to) : Number.NaN
  if (Number.isNaN(start)) return `${fromName} must be in the form yyyy-MM-dd'T'HH:mm:ss.SSSZ`
  if (Number.isNaN(end)) return `${toName} must be in the form yyyy-MM-dd'T'HH:mm:ss.SSSZ`
  if (end < start) return `${toName} is before ${fromName}`
  return end - start > YEAR_MS ? 'The date range is longer than 1 year' : { from: start, to: end }
}
