import { Dec } from '../../../../shared/domain/decimal.ts'
import { jsonReply } from '../exchange.ts'
import type { Ask, Reply } from '../exchange.ts'
import { readFields } from '../fields.ts'
import type { Fields } from '../fields.ts'
import type { Account, History } from '../history.ts'
import { buyingPower } from '../order-book.ts'
import type { OrderBook, Ticket } from '../order-book.ts'
import type { StoryOrder } from '../story.ts'
import { alpacaError } from './oauth.ts'
import { invalid } from './queries.ts'
import { alpacaOrderId } from './rows.ts'
import { alpacaClientId, alpacaOrder } from './state.ts'
import { readTicket } from './tickets.ts'

/** The account an order is for. */
export interface AlpacaTrading {
  readonly seed: number
  readonly history: History
  readonly account: Account
  readonly book: OrderBook
}

const ONE = /^\/v2\/orders\/([0-9a-f-]{36})$/

/** One order by its own id or by the client's. */
export function orderReply(ask: Ask, trading: AlpacaTrading): Reply {
  const { seed, account } = trading
  const mine = ask.query.get('client_order_id')
  const order =
    ask.path === '/v2/orders:by_client_order_id'
      ? account.story.orders.find(item => alpacaClientId(seed, item) === mine)
      : find(trading, ONE.exec(ask.path)?.[1] ?? '')
  return order ? jsonReply(200, alpacaOrder(seed, order)) : alpacaError(404, 40_410_000, 'order not found')
}

/** Places, replaces and cancels. */
export function orderCall(ask: Ask, trading: AlpacaTrading): Reply {
  const id = ONE.exec(ask.path)?.[1]
  if (ask.path === '/v2/orders' && ask.method === 'POST') return place(readFields(ask.body), trading)
  if (ask.path === '/v2/orders' && ask.method === 'DELETE') return cancelAll(trading)
  if (id === undefined || (ask.method !== 'PATCH' && ask.method !== 'DELETE')) return alpacaError(405, 40_510_000, 'method not allowed')
  const order = find(trading, id)
  if (!order) return alpacaError(404, 40_410_000, `order not found for ${id}`)
  if (order.status !== 'open') return alpacaError(422, 42_210_000, `order is already in "${order.status}" state`)
  if (ask.method === 'PATCH') return replace(readFields(ask.body), order, trading)
  trading.book.cancel(order)
  return { status: 204, headers: {}, body: '' }
}

function find({ seed, account }: AlpacaTrading, id: string): StoryOrder | undefined {
  return account.story.orders.find(order => alpacaOrderId(seed, order) === id)
}

function place(body: Fields | undefined, trading: AlpacaTrading): Reply {
  const { account, history } = trading
  const ticket = readTicket(body, account, history.market)
  if (typeof ticket === 'string') return invalid(ticket)
  return send(ticket, undefined, trading)
}

function send(ticket: Ticket, replaces: StoryOrder | undefined, trading: AlpacaTrading): Reply {
  const { seed, account, book } = trading
  const taken = ticket.clientId !== null && account.story.orders.some(order => alpacaClientId(seed, order) === ticket.clientId)
  if (taken) return invalid('client_order_id must be unique')
  const refused = refusal(ticket, trading)
  if (refused) return refused
  const order = book.place(ticket, replaces ? { replaces } : {})
  // The answer tells what was taken; what became of it stands in the next read.
  const accepted = { ...alpacaOrder(seed, { ...order, status: 'open', closedAt: null, fills: [] }), status: 'pending_new' }
  return jsonReply(200, accepted)
}

function refusal(ticket: Ticket, { account, history, book }: AlpacaTrading): Reply | undefined {
  const { net, uncovered } = book.estimate(ticket)
  const [leg] = ticket.legs
  const power = buyingPower(account, history.market, true)
  if (-Number(net) > power) {
    const facts = { buying_power: power.toFixed(2), cost_basis: Dec.neg(net) }
    return jsonReply(403, { code: 40_310_000, message: 'insufficient buying power', ...facts })
  }
  const short = leg?.side === 'sell' && leg.effect === 'open'
  if (short && leg.instrument.contract === null && leg.qty.includes('.')) return invalid('fractional orders cannot be sold short')
  if (Dec.isZero(uncovered)) return undefined
  const available = Dec.sub(leg?.qty ?? Dec.zero, uncovered)
  const message = `insufficient qty available for order (requested: ${leg?.qty ?? ''}, available: ${available})`
  return jsonReply(403, { code: 40_310_000, message, existing_qty: available, held_for_orders: '0', symbol: leg?.instrument.symbol ?? '' })
}

function replace(body: Fields | undefined, order: StoryOrder, trading: AlpacaTrading): Reply {
  const { sent } = order
  const [leg] = order.legs
  if (!body || !leg) return invalid('request body format is invalid')
  if (sent?.notional) return invalid('notional orders cannot be replaced')
  const [qty, limit, stop, trail] = [body.dec('qty'), body.dec('limit_price'), body.dec('stop_price'), body.dec('trail')]
  if (qty === undefined || limit === undefined || stop === undefined || trail === undefined) return invalid('a number is not one')
  const ticket: Ticket = {
    legs: [{ ...leg, qty: qty ?? leg.qty }],
    type: order.type,
    limit: limit ?? order.limit,
    stop: stop ?? sent?.stop ?? null,
    trail: sent?.trail && trail ? { kind: sent.trail.kind, value: trail } : (sent?.trail ?? null),
    notional: null,
    tif: body.text('time_in_force') ?? sent?.tif ?? 'day',
    session: sent?.session ?? '',
    clientId: body.text('client_order_id'),
  }
  return send(ticket, order, trading)
}

function cancelAll({ seed, account, book }: AlpacaTrading): Reply {
  const open = account.story.orders.filter(({ status }) => status === 'open')
  for (const order of open) book.cancel(order)
  return jsonReply(
    207,
    open.map(order => ({ id: alpacaOrderId(seed, order), status: 200 })),
  )
}
