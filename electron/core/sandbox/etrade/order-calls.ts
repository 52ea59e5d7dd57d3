import { Dec } from '../../../../shared/domain/decimal.ts'
import { Instant } from '../../../../shared/domain/time.ts'
import { jsonReply } from '../exchange.ts'
import type { Ask, Reply } from '../exchange.ts'
import { readFields } from '../fields.ts'
import { buyingPower } from '../order-book.ts'
import type { Estimate, Ticket } from '../order-book.ts'
import type { StoryOrder } from '../story.ts'
import { actionOf, chargesOf, etradeOrder, orderKind, pricesOf, productOf, statusWord } from './orders.ts'
import { etradeError, nothing, readDays } from './queries.ts'
import { etradeOrderId } from './rows.ts'
import { listOf } from './state.ts'
import type { EtradeDesk } from './state.ts'
import { readTicket } from './tickets.ts'

const PREVIEW_LIFE_MS = 180_000
const FIRST_PREVIEW = 1_627_181_131

interface Preview {
  readonly key: string
  readonly ticket: Ticket
  readonly at: number
  readonly changes: StoryOrder | undefined
}

/** The order calls of one simulator; it remembers previews for three minutes, since nothing is placed without one. */
export interface EtradeOrders {
  /** Everything below `/v1/accounts/{key}/orders`, `rest` is the path behind that; undefined for an unknown call. */
  call(ask: Ask, desk: EtradeDesk, rest: readonly string[]): Reply | undefined
}

export function createEtradeOrders(now: () => Instant, empty200: () => boolean): EtradeOrders {
  const previews = new Map<number, Preview>()
  const nowMs = () => Instant.toEpochMs(now())

  const preview = (ask: Ask, desk: EtradeDesk, changes?: StoryOrder): Reply => {
    const request = readFields(ask.body)?.object('PreviewOrderRequest')
    if (!request) return etradeError(400, 101, 'The request is not valid JSON.')
    const ticket = readTicket(request, desk)
    if ('status' in ticket) return ticket
    const estimate = desk.orders.estimate(ticket)
    const refused = refusal(desk, estimate)
    if (refused) return refused
    const previewId = FIRST_PREVIEW + previews.size
    previews.set(previewId, { key: desk.identity.key, ticket, at: nowMs(), changes })
    const body = {
      ...answerOf(desk, ticket, estimate),
      totalOrderValue: totalOf(estimate),
      previewTime: nowMs(),
      PreviewIds: [{ previewId }],
    }
    return jsonReply(200, { PreviewOrderResponse: { ...body, Disclosure: DISCLOSURE } })
  }
  const place = (ask: Ask, desk: EtradeDesk, changes?: StoryOrder): Reply => {
    const request = readFields(ask.body)?.object('PlaceOrderRequest')
    if (!request) return etradeError(400, 101, 'The request is not valid JSON.')
    const asked = readTicket(request, desk)
    if ('status' in asked) return asked
    const id = Number(request.list('PreviewIds')[0]?.text('previewId') ?? Number.NaN)
    const known = previews.get(id)
    const fits = known && known.key === desk.identity.key && known.changes === changes && known.ticket.clientId === asked.clientId
    if (!fits || nowMs() - known.at >= PREVIEW_LIFE_MS)
      return etradeError(400, 1033, 'The preview of this order is missing or over. Preview the order again.')
    if (JSON.stringify(known.ticket) !== JSON.stringify(asked))
      return etradeError(400, 1033, 'The order is not the one that was previewed.')
    if (desk.account.story.orders.some(({ sent }) => sent?.clientId === asked.clientId))
      return etradeError(400, 1028, 'The clientOrderId was used before.')
    previews.set(id, { ...known, at: Number.NEGATIVE_INFINITY })
    const order = desk.orders.place(known.ticket, changes ? { replaces: changes } : {})
    const Message = [{ description: '200|Your order was successfully entered during market hours.', code: 1026, type: 'WARNING' }]
    const body = { ...answerOf(desk, known.ticket, desk.orders.estimate(known.ticket), Message), placedTime: order.submittedAt }
    return jsonReply(200, { PlaceOrderResponse: { ...body, OrderIds: [{ orderId: etradeOrderId(order.number) }] } })
  }
  return {
    call(ask, desk, [first, second, third]) {
      const verb = `${ask.method} ${[first, second, third].filter(part => part !== undefined).join('/')}`
      if (verb === 'GET ') return list(ask, desk, empty200())
      if (verb === 'POST preview') return preview(ask, desk)
      if (verb === 'POST place') return place(ask, desk)
      if (verb === 'PUT cancel') return cancel(ask, desk, nowMs())
      const order = desk.account.story.orders.find(({ number }) => String(etradeOrderId(number)) === first)
      if (!order) return undefined
      if (ask.method === 'GET' && second === undefined) return jsonReply(200, { OrdersResponse: { Order: [shown(ask, desk, order)] } })
      if (ask.method !== 'PUT' || second !== 'change') return undefined
      if (order.status !== 'open')
        return etradeError(400, 5001, 'This order is currently being executed or canceled. It cannot be changed.')
      return third === 'preview' ? preview(ask, desk, order) : third === 'place' ? place(ask, desk, order) : undefined
    },
  }
}

const DISCLOSURE = { aoDisclosureFlag: false, conditionalDisclosureFlag: true, ehDisclosureFlag: false } as const

function shown(ask: Ask, { identity }: EtradeDesk, order: StoryOrder): object {
  return etradeOrder(identity, order, `http://${ask.headers.host ?? ''}`)
}

/** Orders by pages, newest first; the marker names the first order of the next page. */
function list(ask: Ask, desk: EtradeDesk, empty200: boolean): Reply {
  const { query } = ask
  if (query.has('fromDate') !== query.has('toDate')) return etradeError(400, 101, 'Please enter both fromDate and toDate.')
  const range = readDays(query, 'fromDate', 'toDate')
  if ('status' in range) return range
  const count = Number(query.get('count') ?? 25)
  if (!Number.isInteger(count) || count < 1 || count > 100) return etradeError(400, 101, 'Invalid count. The maximum is 100.')
  const status = query.get('status')
  const symbols = query.get('symbol')?.split(',')
  const found = desk.account.story.orders
    .filter(({ submittedAt }) => submittedAt >= range.from && submittedAt < range.before)
    .filter(order => status === null || statusWord(order) === status || (status === 'INDIVIDUAL_FILLS' && order.fills.length > 1))
    .filter(
      ({ legs }) =>
        symbols === undefined || legs.some(({ instrument }) => symbols.includes(instrument.contract?.underlying ?? instrument.symbol)),
    )
    .sort((a, b) => b.submittedAt - a.submittedAt || b.number - a.number)
  const marker = query.get('marker')
  const first = marker === null ? 0 : found.findIndex(({ number }) => String(etradeOrderId(number)) === marker)
  if (first < 0) return etradeError(400, 101, 'Invalid marker.')
  const page = found.slice(first, first + count)
  if (page.length === 0) return nothing(empty200)
  const follower = found[first + count]
  const next = follower ? String(etradeOrderId(follower.number)) : undefined
  const url = `http://${ask.headers.host ?? ''}${ask.path.replace('.json', '')}?count=${count}&marker=${next ?? ''}`
  const Order = listOf(page.map(order => shown(ask, desk, order)))
  return jsonReply(200, { OrdersResponse: { ...(next === undefined ? {} : { marker: next, next: url }), Order } })
}

function cancel(ask: Ask, desk: EtradeDesk, cancelTime: number): Reply {
  const id = readFields(ask.body)?.object('CancelOrderRequest').text('orderId') ?? ''
  const order = desk.account.story.orders.find(({ number }) => String(etradeOrderId(number)) === id)
  if (!order) return etradeError(400, 5002, 'The order was not found.')
  if (order.status !== 'open') return etradeError(400, 5001, 'This order is currently being executed or canceled. It cannot be canceled.')
  desk.orders.cancel(order)
  const Message = [{ description: '200|Your request to cancel your order is being processed.', code: 5011, type: 'WARNING' }]
  const body = { accountId: desk.identity.number, orderId: etradeOrderId(order.number), cancelTime, Messages: { Message } }
  return jsonReply(200, { CancelOrderResponse: body })
}

function refusal({ identity, account, history }: EtradeDesk, { net, uncovered }: Estimate): Reply | undefined {
  if (!identity.customer) return etradeError(400, 102, 'The account is closed.')
  if (!Dec.isZero(uncovered)) return etradeError(400, 3010, 'You do not hold enough of this security to place this order.')
  if (-Number(net) <= buyingPower(account, history.market, identity.mode === 'MARGIN')) return undefined
  return etradeError(400, 3000, 'You have insufficient funds to place this order.')
}

function totalOf({ net }: Estimate): number {
  return Number(Dec.neg(net))
}

/** What preview and placing answer alike. */
function answerOf({ identity }: EtradeDesk, ticket: Ticket, estimate: Estimate, messages?: readonly object[]): object {
  const { legs, type, limit, ...asked } = ticket
  const sent = { ...asked, reason: null, replaces: null, replacedBy: null }
  const order = {
    orderTerm: ticket.tif,
    ...pricesOf({ legs, type, limit, sent }),
    marketSession: ticket.session,
    allOrNone: false,
    messages: messages === undefined ? {} : { Message: messages },
    egQual: 'EG_QUAL_NOT_AN_ELIGIBLE_SECURITY',
    ...chargesOf(estimate.fees),
    estimatedTotalAmount: totalOf(estimate),
    netPrice: 0,
    netBid: 0,
    netAsk: 0,
    gcd: 0,
    ratio: '',
    Instrument: legs.map(leg => ({
      symbolDescription: leg.instrument.name,
      orderAction: actionOf(leg),
      quantityType: 'QUANTITY',
      quantity: Number(leg.qty),
      cancelQuantity: 0,
      reserveOrder: false,
      reserveQuantity: 0,
      Product: productOf(leg.instrument),
    })),
  }
  const levels = { dstFlag: false, optionLevelCd: 4, marginLevelCd: 'MARGIN_TRADING_ALLOWED' }
  return { orderType: orderKind(legs), accountId: identity.number, ...levels, MessageList: {}, Order: [order] }
}
