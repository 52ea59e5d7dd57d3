import { Dec } from '../../../../../shared/domain/decimal.ts'
import { hexOf } from '../../dice.ts'
import { jsonReply } from '../../exchange.ts'
import type { Reply } from '../../exchange.ts'
import { centsOf } from '../../instrument.ts'
import { ibkrFees } from '../customers.ts'
import { isWorking } from '../order.ts'
import type { IbkrOrder, Ticket } from '../order.ts'
import { fillPrice, fillRules } from '../order-desk.ts'
import type { Place } from '../order-desk.ts'
import { pastOrders } from '../past-orders.ts'
import { worthOf } from '../worth.ts'
import { fieldsIn, webError } from './body.ts'
import type { Fields } from './body.ts'
import { liveOrder, orderDetails } from './order-rows.ts'
import type { Question, WebSession } from './session.ts'
import { readTicket } from './tickets.ts'

const DAY_MS = 86_400_000
const QUESTION =
  'You are submitting an order without market data. We strongly recommend against this as it may result in erroneous and unexpected trades.\nAre you sure you want to submit this order?'

/** Orders come back with status 200 also when they are refused. */
const refused = (error: string): Reply => jsonReply(200, { error })

/** Orders that work or ended today. The first call, and one that forces a new read, come back empty and only start it. */
export function ordersReply(session: WebSession, query: URLSearchParams): Reply {
  const ready = session.called.orders && query.get('force') !== 'true'
  session.called.orders = true
  const wanted = (query.get('filters') ?? '').toLowerCase().split(',').filter(Boolean)
  const orders = ready ? ordersOf(session).filter(({ status }) => wanted.length === 0 || wanted.includes(status.toLowerCase())) : []
  return jsonReply(200, { orders: orders.map(liveOrder), snapshot: ready })
}

function ordersOf(session: WebSession): IbkrOrder[] {
  const since = session.nowMs() - DAY_MS
  const accounts = session.places().map(({ identity }) => identity.account)
  const working = session.book.orders.all().filter(order => isWorking(order) && accounts.includes(order.identity.account))
  return [...working, ...session.places().flatMap(place => pastOrders(session.book, place, since))]
}

function find(session: WebSession, id: string): IbkrOrder | undefined {
  return ordersOf(session).find(({ numbers }) => String(numbers.webId) === id)
}

export function statusReply(session: WebSession, id: string): Reply {
  const order = find(session, id)
  return order ? jsonReply(200, orderDetails(order)) : webError(503, `Order ${id} not found`)
}

/** POST orders: the first order of the body, taken, asked about, or refused. */
export function placeReply(session: WebSession, place: Place, body: Fields): Reply {
  const list: unknown = body['orders']
  const ticket = readTicket(fieldsIn(Array.isArray(list) ? list[0] : body), session.book.contracts)
  if (typeof ticket === 'string') return refused(ticket)
  const twice = ticket.orderRef !== '' && session.book.orders.all().some(({ numbers }) => numbers.orderRef === ticket.orderRef)
  if (twice) return refused(`Order couldn't be submitted: Local order ID=${ticket.orderRef} is already registered.`)
  return ask(session, { place, ticket, changes: null, left: questionsLeft(session) })
}

/** POST order/{id}: what the body leaves out stays as it was. */
export function changeReply(session: WebSession, place: Place, id: string, body: Fields): Reply {
  const order = find(session, id)
  if (!order) return refused(`OrderID ${id} doesn't exist`)
  if (!isWorking(order)) return refused(`Order ${id} cannot be modified, state: ${order.status}`)
  const ticket = readTicket(body, session.book.contracts, order.ticket)
  return typeof ticket === 'string' ? refused(ticket) : ask(session, { place, ticket, changes: order, left: questionsLeft(session) })
}

/** POST reply/{id}: the answer to a question. */
export function answerReply(session: WebSession, id: string, body: Fields): Reply {
  const question = session.questions.get(id)
  if (!question) return webError(400, 'Bad Request: reply id is not known')
  session.questions.delete(id)
  return body['confirmed'] === true ? ask(session, question) : refused('Order was not confirmed')
}

function questionsLeft({ knobs }: WebSession): number {
  return Number(knobs.get('questions') ?? 0)
}

function ask(session: WebSession, question: Question): Reply {
  if (question.left > 0) {
    const id = hexOf(32, session.book.seed, 'question', session.nowMs(), session.questions.size, question.left)
    session.questions.set(id, { ...question, left: question.left - 1 })
    return jsonReply(200, [{ id, message: [QUESTION], isSuppressed: false, messageIds: ['o354'], messageOptions: ['Yes', 'No'] }])
  }
  const { place, ticket, changes } = question
  const rules = fillRules(session.knobs)
  if (changes) session.book.orders.change(changes, ticket, rules)
  const order = changes ?? session.book.orders.place(place, ticket, { clientId: 0, orderId: 0 }, rules)
  if (order.status === 'Inactive') return refused(`Order rejected: ${rules.reject ?? 'not accepted'}`)
  return jsonReply(200, [{ order_id: String(order.numbers.webId), order_status: order.status, encrypt_message: '1' }])
}

export function cancelReply(session: WebSession, id: string): Reply {
  const order = find(session, id)
  if (!order) return refused(`OrderID ${id} doesn't exist`)
  if (!isWorking(order)) return refused(`Order ${id} cannot be cancelled, state: ${order.status}`)
  session.book.orders.cancel(order)
  return jsonReply(200, { msg: 'Request was submitted', order_id: order.numbers.webId, conid: -1, account: null })
}

/** POST orders/whatif: what an order would cost and change. Amounts with thousands marks and no cents. */
export function whatIfReply(session: WebSession, place: Place, body: Fields): Reply {
  const list: unknown = body['orders']
  const ticket = readTicket(fieldsIn(Array.isArray(list) ? list[0] : body), session.book.contracts)
  return typeof ticket === 'string' ? refused(ticket) : jsonReply(200, whatIf(place, ticket))
}

function whatIf(place: Place, ticket: Ticket): object {
  const worth = worthOf(place.market, place.account)
  const value = Dec.mul(Dec.mul(ticket.qty, fillPrice(place.market, ticket)), ticket.instrument.multiplier)
  const leg = { instrument: ticket.instrument, side: ticket.side, effect: 'open', qty: ticket.qty } as const
  const commission = centsOf(ibkrFees(leg, ticket.qty, Number(value)).reduce((total, fee) => total + fee.cents, 0))
  const signed = ticket.side === 'buy' ? value : Dec.neg(value)
  const change = (before: Dec, by: Dec) => ({ current: marked(before), change: marked(by), after: marked(Dec.add(before, by)) })
  return {
    amount: {
      amount: `${marked(value)} USD (${ticket.qty} Shares)`,
      commission: `${commission} USD`,
      total: `${marked(Dec.add(value, commission))} USD`,
    },
    equity: change(worth.total, Dec.neg(commission)),
    initial: change(worth.initialMargin, Dec.mul(signed, Dec.of('0.5'))),
    maintenance: change(worth.maintenanceMargin, Dec.mul(signed, Dec.of('0.25'))),
    warn: null,
    error: null,
  }
}

function marked(amount: Dec): string {
  return Math.round(Number(amount)).toLocaleString('en-US')
}
