import { jsonReply } from '../exchange.ts'
import type { Ask, Reply } from '../exchange.ts'
import { readFields } from '../fields.ts'
import { instrumentBy } from '../lookup.ts'
import { buyingPower } from '../order-book.ts'
import type { Estimate, Ticket } from '../order-book.ts'
import type { StoryOrder } from '../story.ts'
import type { SchwabDesk } from './desk.ts'
import { schwabOrder } from './orders.ts'
import { previewOf } from './preview.ts'
import { serviceError } from './queries.ts'
import { schwabOrderId } from './rows.ts'
import { readTicket, refusalOf } from './tickets.ts'

/** Calls that preview, place, replace and cancel; undefined for any other. A placed order has no body, only its address. */
export function orderCall(ask: Ask, desk: SchwabDesk, part: string | undefined, id: string | undefined): Reply | undefined {
  const preview = part === 'previewOrder' && id === undefined
  if (part !== 'orders' && !preview) return undefined
  if (ask.method === 'DELETE' && id !== undefined) return cancel(desk, id)
  const replaced = id === undefined ? undefined : find(desk, id)
  if (ask.method !== (id === undefined ? 'POST' : 'PUT')) return undefined
  if (id !== undefined && !replaced) return serviceError(404, 'Order not found')
  if (replaced && replaced.status !== 'open') return serviceError(400, 'Order cannot be replaced')
  const { account, history } = desk
  const ticket = readTicket(readFields(ask.body), { account, instrument: symbol => instrumentBy(history.market, symbol.replace(/ +/, '')) })
  if (typeof ticket === 'string') return serviceError(400, ticket)
  const estimate = desk.orders.estimate(ticket)
  const reason = reasonOf(desk, ticket, estimate)
  if (preview) return jsonReply(200, previewOf(desk, ticket, estimate, reason))
  const order = desk.orders.place(ticket, { ...(replaced ? { replaces: replaced } : {}), ...(reason === undefined ? {} : { reason }) })
  const location = `http://${ask.headers.host ?? ''}/trader/v1/accounts/${desk.identity.hash}/orders/${schwabOrderId(desk.book, order)}`
  const headers = desk.knobs.get('omit-location') === null ? { location } : {}
  return { status: 201, headers: { ...headers, 'cache-control': 'no-store' }, body: '' }
}

/** One order by its id. */
export function orderReply(id: string, desk: SchwabDesk): Reply {
  const order = find(desk, id)
  return order ? jsonReply(200, schwabOrder(desk.book, order)) : serviceError(404, 'Order not found')
}

function cancel(desk: SchwabDesk, id: string): Reply {
  const order = find(desk, id)
  if (!order) return serviceError(404, 'Order not found')
  if (order.status !== 'open') return serviceError(400, 'Order cannot be canceled')
  desk.orders.cancel(order)
  return { status: 200, headers: { 'cache-control': 'no-store' }, body: '' }
}

function find({ account, book }: SchwabDesk, id: string): StoryOrder | undefined {
  return account.story.orders.find(order => String(schwabOrderId(book, order)) === id)
}

function reasonOf({ account, history, book }: SchwabDesk, ticket: Ticket, { net, uncovered }: Estimate): string | undefined {
  return refusalOf(ticket, -Number(net), buyingPower(account, history.market, book.subAccount === 'MARGIN'), uncovered)
}
