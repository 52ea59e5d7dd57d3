import { jsonReply, textReply } from '../exchange.ts'
import type { Ask, Reply } from '../exchange.ts'
import { readFields } from '../fields.ts'
import { buyingPower } from '../order-book.ts'
import type { Ticket } from '../order-book.ts'
import type { StoryOrder } from '../story.ts'
import { feeCalculation, powerEffect, tastyOrder } from './orders.ts'
import { listReply, pagedReply, readPage, readRange } from './queries.ts'
import { tastyOrderId } from './rows.ts'
import type { TastyDesk } from './state.ts'
import { readTicket } from './tickets.ts'
import { dayAt, single, tastyError, underlyingOf } from './wire.ts'

/** Everything below `/accounts/{number}/orders`; `id` is what follows, `more` what follows that. */
export function ordersCall(ask: Ask, desk: TastyDesk, id: string | undefined, more: string | undefined, nowMs: number): Reply | undefined {
  const { method, path } = ask
  if (id === undefined) return method === 'GET' ? list(ask, desk) : method === 'POST' ? place(ask, desk, false) : undefined
  if (id === 'live' && method === 'GET' && more === undefined) return live(path, desk, nowMs)
  if (id === 'dry-run' && method === 'POST' && more === undefined) return place(ask, desk, true)
  const order = desk.account.story.orders.find(({ number }) => String(tastyOrderId(desk.identity, number)) === id)
  if (!order) return tastyError(404, 'record_not_found', 'Record not found')
  if (method === 'GET' && more === undefined) return single(path, tastyOrder(desk.identity, order))
  if (method === 'POST' && more === 'dry-run') return place(ask, desk, true, order)
  if (more !== undefined) return undefined
  if (order.status !== 'open') return tastyError(422, 'cannot_update_order', 'The order can no longer be updated.')
  if (method === 'DELETE') {
    desk.orders.cancel(order)
    return single(path, tastyOrder(desk.identity, order))
  }
  return method === 'PUT' || method === 'PATCH' ? replace(ask, desk, order) : undefined
}

function list(ask: Ask, { identity, account }: TastyDesk): Reply {
  const page = readPage(ask.query, 10)
  if ('status' in page) return page
  const range = readRange(ask.query)
  if ('status' in range) return range
  const status = ask.query.getAll('status[]')
  const underlying = ask.query.get('underlying-symbol')
  const up = ask.query.get('sort') === 'Asc'
  const found = account.story.orders
    .filter(({ submittedAt }) => submittedAt >= range.from && submittedAt < range.before)
    .filter(({ legs }) => underlying === null || legs.some(leg => underlyingOf(leg.instrument) === underlying))
    .sort((a, b) => (up ? 1 : -1) * (a.submittedAt - b.submittedAt))
    .map(order => tastyOrder(identity, order))
    .filter(shown => status.length === 0 || status.some(word => 'status' in shown && shown.status === word))
  const from = page.perPage * page.offset
  const texts = found.slice(from, from + page.perPage).map(shown => JSON.stringify(shown))
  return pagedReply(ask.path, texts, found.length, page)
}

/** Today's orders, those that are over too, and every one that still works. */
function live(path: string, { identity, account }: TastyDesk, nowMs: number): Reply {
  const today = dayAt(nowMs)
  const found = account.story.orders.filter(({ status, submittedAt }) => status === 'open' || dayAt(submittedAt) === today)
  return listReply(
    path,
    found.toReversed().map(order => tastyOrder(identity, order)),
  )
}

function place(ask: Ask, desk: TastyDesk, dry: boolean, old?: StoryOrder): Reply {
  const ticket = readTicket(readFields(ask.body), desk, old)
  if ('status' in ticket) return ticket
  const refused = preflight(ticket, desk)
  if (refused) return refused
  const estimate = desk.orders.estimate(ticket)
  const power = powerOf(desk)
  const order: StoryOrder = dry ? draftOf(ticket) : asTaken(desk.orders.place(ticket))
  const shown = { ...tastyOrder(desk.identity, order), status: dry ? 'Received' : 'Routed' }
  const data = {
    order: dry
      ? Object.fromEntries(Object.entries({ ...shown, 'updated-at': 0 }).filter(([key]) => key !== 'id' && key !== 'received-at'))
      : shown,
    warnings: [],
    'buying-power-effect': powerEffect(estimate, power),
    'fee-calculation': feeCalculation(estimate),
  }
  return jsonReply(201, { data, context: ask.path })
}

function replace(ask: Ask, desk: TastyDesk, old: StoryOrder): Reply {
  const ticket = readTicket(readFields(ask.body), desk, old)
  if ('status' in ticket) return ticket
  const refused = preflight(ticket, desk)
  if (refused) return refused
  const order = asTaken(desk.orders.place(ticket, { replaces: old }))
  return textReply(200, JSON.stringify({ data: { ...tastyOrder(desk.identity, order), status: 'Routed' }, context: ask.path }))
}

// The answer tells what was taken; what became of it stands in the next read.
function asTaken(order: StoryOrder): StoryOrder {
  return { ...order, status: 'open', closedAt: null, fills: [] }
}

function draftOf({ legs, type, limit, ...asked }: Ticket): StoryOrder {
  const sent = { ...asked, reason: null, replaces: null, replacedBy: null }
  return { number: 0, legs, type, limit, submittedAt: 0, closedAt: null, status: 'open', fills: [], sent }
}

function powerOf({ account, history, identity }: TastyDesk): number {
  return buyingPower(account, history.market, identity.margin)
}

/** The checks before an order is taken. */
function preflight(ticket: Ticket, desk: TastyDesk): Reply | undefined {
  const estimate = desk.orders.estimate(ticket)
  const power = powerOf(desk)
  if (desk.identity.closed)
    return tastyError(422, 'preflight_check_failure', 'One or more preflight checks failed', [
      { code: 'account_closed', message: 'This account is closed.' },
    ])
  if (-Number(estimate.net) <= power) return undefined
  const message = 'Account does not have sufficient buying power available for this order.'
  const errors = [{ code: 'margin_check_failed', message }]
  const error = { code: 'preflight_check_failure', message: 'One or more preflight checks failed', errors }
  return jsonReply(422, { data: { 'buying-power-effect': powerEffect(estimate, power) }, error })
}
