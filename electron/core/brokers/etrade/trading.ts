import { cleanWords } from '../../../../shared/contract/broker-words.ts'
import { AppError } from '../../../../shared/contract/errors.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import type { OrderDraft, OrderPreview, PlacedOrder } from '../../../../shared/domain/order.ts'
import type { BrokerOrder, BrokerSession, Trading } from '../adapter.ts'
import { checkDraft, invalidOrder } from '../order-draft.ts'
import { isOpen } from '../order-status.ts'
import { hoursProblem, termsProblem } from '../plain-terms.ts'
import { createSentOrders } from '../sent-orders.ts'
import { accountPath } from './account-path.ts'
import { actionOf, orderBody } from './order-body.ts'
import { actionsOf, ownId } from './orders.ts'
import { type OrderRead, readOrder } from './read-order.ts'
import { tradeRules } from './rules.ts'
import { CanceledWire, type MessagesWire, PlacedWire, PreviewWire } from './wire.ts'

type Session = Pick<BrokerSession, 'http' | 'keep'>

interface Stop {
  readonly signal: AbortSignal
}

const BASE = 'api'
const BROKER = 'E*TRADE'
const ERROR = 'ERROR'
const WORDLESS = 'E*TRADE would refuse this order.'
const USED_ID = /client\s?order\s?id.*(?:used|unique|exist|duplicat)|(?:used|unique|exist|duplicat).*client\s?order\s?id/i

/** Order calls of E*TRADE's Order API: nothing is placed or changed without a preview of the same body. Source: developer.etrade.com, Order API. */
export function createTrading({ http, keep }: Session): Trading {
  const sentOrders = createSentOrders({ keep }, BROKER)
  const orderStatus = async (account: string, orderId: string, stop: Stop) => (await readOrder(http, account, orderId, stop)).order

  const preview = async (account: string, rest: string, draft: OrderDraft, { signal }: Stop) => {
    const method = rest === 'orders' ? ('POST' as const) : ('PUT' as const)
    const body = { PreviewOrderRequest: orderBody(draft) }
    return (await http.ask({ method, base: BASE, path: accountPath(account, `${rest}/preview`), body, schema: PreviewWire, signal })).data
  }

  /** A preview that E*TRADE refuses is an order it refused: nothing was placed. */
  async function place(account: string, rest: string, draft: OrderDraft, stop: Stop): Promise<PlacedOrder> {
    const changed = rest.split('/')[1]
    const checked = await preview(account, rest, draft, stop).catch((error: unknown) => {
      if (!isRefusedCheck(error)) throw error
      if (USED_ID.test(error.brokerSays ?? '')) throw inDoubt(error)
      return explained(rejected(error.brokerSays), account, changed, stop)
    })
    const refusals = messagesOf(checked).filter(isRefusal)
    if (refusals[0]) return explained(rejected(refusals.map(({ text }) => text).join(' ')), account, changed, stop)
    if (checked.PreviewOrderResponse.PreviewIds.length === 0)
      throw new AppError('broker/unreadable', { details: { broker: BROKER }, cause: 'a preview without an id' })
    const body = { PlaceOrderRequest: { ...orderBody(draft), PreviewIds: checked.PreviewOrderResponse.PreviewIds.map(wireId) } }
    const method = rest === 'orders' ? 'POST' : 'PUT'
    const options = {
      method,
      base: BASE,
      path: accountPath(account, `${rest}/place`),
      body,
      schema: PlacedWire,
      signal: stop.signal,
    } as const
    const { data } = await http.send(options).catch((error: unknown) => explained(told(error), account, changed, stop))
    const [id] = data?.PlaceOrderResponse.OrderIds ?? []
    if (!id) throw new AppError('order/unknown', { details: { broker: BROKER } })
    const order = await orderStatus(account, id.orderId, stop).catch(() => undefined)
    if (order?.status === 'rejected') throw rejected(order.statusText)
    return order ? standing(order) : { externalId: id.orderId, status: 'working', statusText: 'OPEN' }
  }

  /** A refusal to change an order, looked at once more: "done already" is told from "not allowed". */
  async function explained(error: unknown, account: string, orderId: string | undefined, stop: Stop): Promise<never> {
    if (orderId === undefined || !(error instanceof AppError) || error.code !== 'order/rejected') throw error
    if (error.details['status'] === 404) throw new AppError('order/not-found', { details: { broker: BROKER }, cause: error })
    const order = await orderStatus(account, orderId, stop).catch(unlessMissing)
    throw order === undefined || isOpen(order.status) ? error : new AppError('order/not-open', { details: { status: order.statusText } })
  }

  return {
    async previewOrder(account, draft, stop): Promise<OrderPreview> {
      checkDraft(draft, tradeRules)
      try {
        return toPreview(await preview(account, 'orders', draft, stop), draft)
      } catch (error) {
        if (!isRefusedCheck(error)) throw error
        const says = error.brokerSays ?? WORDLESS
        return { estimatedValue: null, estimatedFees: null, buyingPowerEffect: null, currency: 'USD', warnings: [], refusals: [says] }
      }
    },

    async placeOrder(account, draft, stop): Promise<PlacedOrder> {
      checkDraft(draft, tradeRules)
      const send = () => place(account, 'orders', draft, stop)
      // E*TRADE lists orders without our ids: one it named no id for cannot be told from another.
      const find = async (known: string | null) => (known === null ? undefined : standing(await orderStatus(account, known, stop)))
      return sentOrders.once(account, draft, { send, find })
    },

    /** The changed order has a new id. */
    async replaceOrder(account, orderId, draft, stop): Promise<PlacedOrder> {
      checkDraft(draft, tradeRules)
      const read = await readOrder(http, account, orderId, stop)
      const { status, statusText } = read.order
      if (!isOpen(status) || statusText === 'CANCEL_REQUESTED') throw new AppError('order/not-open', { details: { status: statusText } })
      const problem = changeProblem(read, draft)
      if (problem !== undefined) throw invalidOrder(problem)
      return place(account, `orders/${encodeURIComponent(ownId(orderId))}/change`, draft, stop)
    },

    /** The answer says that the request is being processed; how the order stands is read afterwards. */
    async cancelOrder(account, orderId, stop): Promise<PlacedOrder> {
      const body = { CancelOrderRequest: { orderId: plainNumber(ownId(orderId)) } }
      const options = {
        method: 'PUT',
        base: BASE,
        path: accountPath(account, 'orders/cancel'),
        body,
        schema: CanceledWire,
        signal: stop.signal,
      } as const
      await http.send(options).catch((error: unknown) => explained(error, account, orderId, stop))
      const order = await orderStatus(account, orderId, stop).catch(() => undefined)
      return order ? standing(order) : { externalId: orderId, status: 'working', statusText: 'CANCEL_REQUESTED' }
    },
  }
}

function toPreview(wire: PreviewWire, draft: OrderDraft): OrderPreview {
  const { Order: orders, marginable, settledUnsettled, settled } = wire.PreviewOrderResponse
  const [order] = orders
  const costs = [order?.estimatedCommission ?? null, order?.estimatedFees ?? null].filter(cost => cost !== null)
  const fees = costs.length === 0 ? null : Dec.sum(costs)
  const impact = (marginable ?? settledUnsettled ?? settled)?.currentOrderImpact ?? null
  const messages = messagesOf(wire)
  return {
    estimatedValue: valueOf(draft.side, order?.estimatedTotalAmount ?? null, fees),
    estimatedFees: fees,
    buyingPowerEffect: impact === null ? null : Dec.neg(impact),
    currency: 'USD',
    warnings: messages.filter(message => !isRefusal(message)).map(({ text }) => text),
    refusals: messages.filter(isRefusal).map(({ text }) => text),
  }
}

/** What E*TRADE's unsigned total leaves without the costs in it. */
function valueOf(side: OrderDraft['side'], total: Dec | null, fees: Dec | null): Dec | null {
  if (total === null || Dec.isZero(total)) return null
  const costs = fees ?? Dec.zero
  return side === 'buy' ? Dec.neg(Dec.sub(Dec.abs(total), costs)) : Dec.add(Dec.abs(total), costs)
}

interface Message {
  readonly text: string
  readonly type: string
}

/** The messages of a preview, without the `200|` some begin with. */
function messagesOf({ PreviewOrderResponse: { Order: orders, MessageList: list } }: PreviewWire): Message[] {
  const all: MessagesWire[] = [...orders.map(order => order.messages), list]
  return all
    .flatMap(messages => messages?.Message ?? [])
    .flatMap(({ description, type }) => {
      const text = cleanWords(description?.replace(/^\d+\|/, '')) ?? (type === ERROR ? WORDLESS : undefined)
      return text === undefined ? [] : [{ text, type: type ?? '' }]
    })
}

function isRefusal({ type }: Message): boolean {
  return type === ERROR
}

/** Whether a preview was refused for what the order is. */
function isRefusedCheck(error: unknown): error is AppError {
  return error instanceof AppError && error.code === 'broker/refused' && error.details['status'] === 400
}

/** Why an order cannot become the draft: a change says how much is bought or sold at which terms, and nothing else. */
function changeProblem({ order, wire }: OrderRead, draft: OrderDraft): string | undefined {
  const actions = actionsOf(wire)
  if (wire.OrderDetail.length > 1 || actions.length > 1) return 'E*TRADE changes an order of several parts only on its site'
  if (order.symbol !== draft.symbol || actions[0] !== actionOf(draft)) return 'a change cannot buy or sell something else'
  // Whether the quantity of a change counts what is filled is not documented.
  const [detail] = wire.OrderDetail
  if (String(detail?.allOrNone ?? false) === 'true') return 'it fills whole or not at all, which a change would lose: cancel it and send a new one'
  const session = detail?.marketSession ?? null
  return Dec.isZero(order.filledQuantity) ? (termsProblem(order, draft) ?? hoursProblem(session === null ? null : session !== 'REGULAR', draft)) : 'a part of it is filled: cancel the rest and send a new order'
}

/** A refusal of the id, or of a service that failed, does not say that nothing was placed. */
function told(error: unknown): unknown {
  if (!(error instanceof AppError) || error.code !== 'order/rejected') return error
  const says = error.brokerSays ?? ''
  return USED_ID.test(says) || /duplicate|not currently available|temporarily unavailable/i.test(says) ? inDoubt(error) : error
}

function inDoubt(cause: unknown): AppError {
  return new AppError('order/unknown', { details: { broker: BROKER }, cause })
}

function rejected(says: string | undefined): AppError {
  const said = cleanWords(says)
  return new AppError('order/rejected', { details: { broker: BROKER }, ...(said === undefined ? {} : { brokerSays: said }) })
}

function wireId({ previewId }: { readonly previewId: string }): { readonly previewId: string | number } {
  return { previewId: plainNumber(previewId) }
}

/** Ids are numbers on E*TRADE's side; one too long for a number stays text. */
function plainNumber(id: string): string | number {
  const number = Number(id)
  return Number.isSafeInteger(number) && String(number) === id ? number : id
}

function standing({ externalId, status, statusText }: BrokerOrder): PlacedOrder {
  return { externalId, status, statusText }
}

/** Lets an order nobody knows be told; any other failure of a second look says nothing. */
function unlessMissing(error: unknown): undefined {
  if (error instanceof AppError && error.code === 'order/not-found') throw error
  return undefined
}
