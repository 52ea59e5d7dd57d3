import { jsonReply } from '../../exchange.ts'
import type { Ask, Reply } from '../../exchange.ts'
import { partitionedPnl, portfolioAccounts, portfolioLedger, portfolioSummary, tradingAccounts, tradingSummary } from './accounts.ts'
import { fieldsOf, textOf, webError } from './body.ts'
import { searchReply, snapshotReply, stocksReply } from './market-data.ts'
import { answerReply, cancelReply, changeReply, ordersReply, placeReply, statusReply, whatIfReply } from './orders.ts'
import { positionsNow, positionsPage } from './positions.ts'
import { placeIn } from './session.ts'
import type { WebSession } from './session.ts'
import { tradesReply, transactionsReply } from './trades.ts'

export const WEB_BASE = '/v1/api'
export const WEB_KNOBS = 'limits page-size questions market-data fill-resting'.split(' ')

export function tooMany(retryAfter: number | undefined): Reply {
  const wait = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }
  const reply = webError(429, 'Too Many Requests')
  return { ...reply, headers: { ...reply.headers, ...wait } }
}

/** Answers a call of the web API below its base. The session it belongs to is already known and good. */
export function routeWeb(session: WebSession, ask: Ask): Reply {
  const path = ask.path.slice(WEB_BASE.length)
  fillResting(session)
  const [, area = '', ...parts] = path.split('/')
  if (area === 'iserver') return trading(session, ask, parts)
  if (area === 'portfolio' || area === 'portfolio2') return portfolio(session, ask, area, parts)
  if (path === '/pa/transactions' && ask.method === 'POST') return jsonReply(200, transactionsReply(session, fieldsOf(ask.body)))
  if (path === '/trsrv/stocks') return jsonReply(200, stocksReply(ask.query.get('symbols') ?? ''))
  return webError(404, 'Not Found')
}

/** The knob `fill-resting` fills what works at the next call, once. */
function fillResting({ knobs, book }: WebSession): void {
  if (knobs.get('fill-resting') === null) return
  knobs.set('fill-resting', null)
  for (const order of book.orders.all()) if (order.status === 'Submitted' || order.status === 'PreSubmitted') book.orders.fill(order)
}

function portfolio(session: WebSession, ask: Ask, area: string, [account = '', part = '', page = '0']: readonly string[]): Reply {
  if (ask.method !== 'GET') return webError(405, 'Method Not Allowed')
  if (area === 'portfolio' && account === 'accounts') {
    session.called.portfolio = true
    return jsonReply(200, portfolioAccounts(session.places()))
  }
  if (!session.called.portfolio) return webError(400, 'Bad Request: please query /portfolio/accounts first')
  const place = placeIn(session, account)
  if (!place) return webError(401, 'Unauthorized: invalid account id')
  if (part === 'positions')
    return jsonReply(200, area === 'portfolio2' ? positionsNow(session, place) : positionsPage(session, place, Number(page)))
  if (part === 'summary') return jsonReply(200, portfolioSummary(session, place))
  if (part === 'ledger') return jsonReply(200, portfolioLedger(session, place))
  return part === 'meta' ? jsonReply(200, portfolioAccounts([place])[0]) : webError(404, 'Not Found')
}

function trading(session: WebSession, ask: Ask, parts: readonly string[]): Reply {
  const [first = '', second = '', third = '', fourth = ''] = parts
  if (first === 'accounts') {
    session.called.accounts = true
    return jsonReply(200, tradingAccounts(session.places()))
  }
  if (first === 'secdef' && second === 'search')
    return jsonReply(200, searchReply(ask.query.get('symbol') ?? textOf(fieldsOf(ask.body), 'symbol')))
  if (!session.called.accounts) return webError(500, 'Please query /accounts first')
  if (first === 'reply' && ask.method === 'POST') return answerReply(session, second, fieldsOf(ask.body))
  if (first === 'marketdata' && second === 'snapshot') return jsonReply(200, snapshotReply(session, ask.query))
  if (first !== 'account') return webError(404, 'Not Found')
  if (second === 'trades') return jsonReply(200, tradesReply(session, ask.query))
  if (second === 'orders') return ordersReply(session, ask.query)
  if (second === 'pnl') return jsonReply(200, partitionedPnl(session.places()))
  if (second === 'order' && third === 'status') return statusReply(session, fourth)
  return ofAccount(session, ask, parts)
}

/** Calls below one account: its summary, and what is done with its orders. */
function ofAccount(session: WebSession, { method, body }: Ask, [, account = '', what = '', id = '']: readonly string[]): Reply {
  const place = placeIn(session, account)
  if (!place) return webError(401, 'Unauthorized: invalid account id')
  const fields = fieldsOf(body)
  if (what === 'summary') return jsonReply(200, tradingSummary(place))
  if (what === 'orders' && method === 'POST')
    return id === 'whatif' ? whatIfReply(session, place, fields) : placeReply(session, place, fields)
  if (what === 'order' && method === 'POST') return changeReply(session, place, id, fields)
  if (what === 'order' && method === 'DELETE') return cancelReply(session, id)
  return webError(404, 'Not Found')
}
