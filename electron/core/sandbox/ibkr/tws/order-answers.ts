import { Dec } from '../../../../../shared/domain/decimal.ts'
import { EXCHANGE_ZONE, toLocalDate } from '../../../../../shared/domain/time.ts'
import { midnightMs } from '../../calendar.ts'
import { centsOf } from '../../instrument.ts'
import { contractOf } from '../contract.ts'
import { ibkrFees } from '../customers.ts'
import type { IbkrOrder, Ticket } from '../order.ts'
import { isWorking } from '../order.ts'
import { fillPrice, fillRules } from '../order-desk.ts'
import type { DeskEvent, Place } from '../order-desk.ts'
import { pastOrders } from '../past-orders.ts'
import { positionsOf, worthOf } from '../worth.ts'
import type { Worth } from '../worth.ts'
import { notice, positionRow } from './messages.ts'
import { NO_MARGINS, completedOrder, openOrder, orderStatus } from './order-messages.ts'
import type { OrderView, StateFacts } from './order-messages.ts'
import { readOrder } from './requests.ts'
import type { OrderWish } from './requests.ts'
import { nextIdOf, ownOrder, placeNamed, sees, sendCommission, sendExecution, shownAccount, shownPermId } from './session.ts'
import type { Hall, Session } from './session.ts'
import { sendUpdates } from './account-answers.ts'

const PLAIN: Omit<StateFacts, 'status'> = { whatIf: false, margins: NO_MARGINS, commission: null, warning: '' }

function viewOf(hall: Hall, session: Session, { identity, numbers }: IbkrOrder): OrderView {
  const account = shownAccount(hall, identity)
  return { account, permId: shownPermId(hall, numbers.permId), orderId: numbers.orderId, version: session.version }
}

function sendOrder(hall: Hall, session: Session, order: IbkrOrder, commission: Dec | null = null): void {
  const view = viewOf(hall, session, order)
  session.send(openOrder(order, view, { ...PLAIN, status: order.status, commission }))
}

function sendStatus(hall: Hall, session: Session, order: IbkrOrder): void {
  const times = hall.knobs.on('duplicates') ? 2 : 1
  for (let time = 0; time < times; time += 1) session.send(orderStatus(order, viewOf(hall, session, order)))
}

/** Open orders: a client's own, or those of all clients. */
export function answerOpenOrders(hall: Hall, session: Session, all: boolean): void {
  for (const order of hall.book.orders.all().filter(isWorking)) {
    if (!all && order.numbers.clientId !== session.clientId) continue
    sendOrder(hall, session, order)
    sendStatus(hall, session, order)
  }
  session.send([53, 1])
}

/** Orders that ended today; they have no order id. */
export function answerCompleted(hall: Hall, session: Session): void {
  const today = midnightMs(toLocalDate(hall.book.now(), EXCHANGE_ZONE))
  for (const place of hall.book.places()) {
    for (const order of pastOrders(hall.book, place, today)) session.send(completedOrder(order, viewOf(hall, session, order)))
  }
  session.send([102])
}

/** placeOrder: a new order, a change of one that works, or a question what it would cost. */
export function answerPlace(hall: Hall, session: Session, fields: readonly string[]): void {
  const id = Number(fields[1])
  const wish = readOrder(fields)
  if ('code' in wish) return session.send(notice(id, wish.code, wish.text))
  const instrument = hall.book.contracts.find(wish.contract)
  if (!instrument) return session.send(notice(id, 200, 'No security definition has been found for the request'))
  if (wish.account === '') return session.send(notice(id, 435, 'You must specify an account.'))
  const place = placeNamed(hall, wish.account)
  if (!place) return session.send(notice(id, 321, `Error validating request.-'bN' : cause - Invalid account code '${wish.account}'.`))
  const ticket: Ticket = { ...wish.terms, instrument }
  if (wish.whatIf) return answerWhatIf(hall, session, wish, ticket, place)
  const known = ownOrder(hall, session, id)
  if (known) return changeOrder(hall, session, known, ticket)
  if (id < nextIdOf(hall, session)) return session.send(notice(id, 103, 'Duplicate order id'))
  // An order that is not to be transmitted waits in TWS for the user's own click.
  if (!wish.transmit) return undefined
  hall.nextIds.set(session.clientId, id + 1)
  hall.book.orders.place(place, ticket, { clientId: session.clientId, orderId: id }, fillRules(hall.knobs))
}

function changeOrder(hall: Hall, session: Session, order: IbkrOrder, ticket: Ticket): void {
  const id = order.numbers.orderId
  if (order.status === 'Filled') return session.send(notice(id, 104, 'Cannot modify a filled order.'))
  if (!isWorking(order))
    return session.send(notice(id, 10_148, `OrderId ${id} that needs to be modified cannot be modified, state: ${order.status}.`))
  hall.book.orders.change(order, ticket, fillRules(hall.knobs))
}

/** cancelOrder of one number. */
export function answerCancel(hall: Hall, session: Session, id: number): void {
  const order = ownOrder(hall, session, id)
  if (!order) return session.send(notice(id, 10_147, `OrderId ${id} that needs to be cancelled is not found.`))
  if (!isWorking(order)) {
    return session.send(notice(id, 10_148, `OrderId ${id} that needs to be cancelled cannot be cancelled, state: ${order.status}.`))
  }
  hall.book.orders.cancel(order)
}

export function cancelEverything(hall: Hall): void {
  for (const order of hall.book.orders.all().filter(isWorking)) hall.book.orders.cancel(order)
}

function answerWhatIf(hall: Hall, session: Session, wish: OrderWish, ticket: Ticket, place: Place): void {
  const price = fillPrice(place.market, ticket)
  const value = Dec.mul(Dec.mul(ticket.qty, price), ticket.instrument.multiplier)
  const leg = { instrument: ticket.instrument, side: ticket.side, effect: 'open', qty: ticket.qty } as const
  const commission = centsOf(ibkrFees(leg, ticket.qty, Number(value)).reduce((total, fee) => total + fee.cents, 0))
  const margins = marginsOf(worthOf(place.market, place.account), ticket.side === 'buy' ? value : Dec.neg(value), commission)
  const numbers = {
    permId: 0,
    webId: 0,
    clientId: session.clientId,
    orderId: wish.orderId,
    orderRef: ticket.orderRef,
    type: ticket.type,
    submittedAt: 0,
  }
  const zero = { filled: Dec.zero, average: Dec.zero, last: Dec.zero, closedAt: null, booked: null }
  const order: IbkrOrder = { identity: place.identity, numbers, ticket, status: 'PreSubmitted', ...zero }
  const view = { account: shownAccount(hall, place.identity), permId: 0, orderId: wish.orderId, version: session.version }
  session.send(openOrder(order, view, { status: 'PreSubmitted', whatIf: true, margins, commission, warning: '' }))
}

/** Before, change and after of the initial margin, the maintenance margin and the equity: three of each before the next three. */
function marginsOf({ initialMargin, maintenanceMargin, total }: Worth, value: Dec, commission: Dec): string[] {
  const initial = Dec.round(Dec.mul(value, Dec.of('0.5')), 2)
  const maintenance = Dec.round(Dec.mul(value, Dec.of('0.25')), 2)
  const equity = Dec.neg(commission)
  const before = [initialMargin, maintenanceMargin, total]
  const change = [initial, maintenance, equity]
  return [...before, ...change, ...before.map((amount, index) => Dec.add(amount, change[index] ?? Dec.zero))]
}

/** Tells the sessions that see an order what became of it, in TWS's own sequence. */
export function tellSession(hall: Hall, session: Session, event: DeskEvent): void {
  const { order } = event
  if (sees(session, order)) tellOwner(hall, session, event)
  if (event.kind !== 'filled') return
  const place = hall.book.place(order.identity.account)
  if (!place) return
  const account = shownAccount(hall, place.identity)
  if (session.watching.positions) {
    const { instrument } = order.ticket
    const held = positionsOf(place.market, place.account).find(item => item.instrument.symbol === instrument.symbol)
    // A position that was closed is told once more, with nothing in it.
    session.send(positionRow(account, held ?? { contract: contractOf(instrument), qty: Dec.zero, averageCost: Dec.zero }))
  }
  if (session.watching.account === account) sendUpdates(hall, session, place)
}

function tellOwner(hall: Hall, session: Session, event: DeskEvent): void {
  const { order, kind } = event
  const id = order.numbers.orderId
  if (kind === 'rejected') {
    session.send(orderStatus(order, viewOf(hall, session, order)))
    session.send(notice(id, 201, `Order rejected - reason:${event.reason}`, rejection(hall, event.reason)))
    return
  }
  if (kind === 'cancelled') {
    sendStatus(hall, session, order)
    session.send(notice(id, 202, 'Order Canceled - reason:'))
    return
  }
  if (kind !== 'filled') {
    sendOrder(hall, session, order)
    sendStatus(hall, session, order)
    return
  }
  const place = hall.book.place(order.identity.account)
  const report = place && hall.book.reportsOf(place, event.entry).at(-1)
  if (!report) return
  sendExecution(hall, session, report, -1)
  if (hall.knobs.on('duplicates')) sendExecution(hall, session, report, -1)
  sendOrder(hall, session, order)
  sendStatus(hall, session, order)
  sendOrder(hall, session, order, report.commission)
  sendCommission(hall, session, report)
}

function rejection({ knobs }: Hall, reason: string): string {
  if (knobs.on('bad-json')) return '{"rejects": [not json'
  return JSON.stringify({ rejects: [{ name: 'reject', id: '1', text: reason }] })
}
