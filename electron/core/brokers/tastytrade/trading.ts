import { cleanWords } from '../../../../shared/contract/broker-words.ts'
import { AppError } from '../../../../shared/contract/errors.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import type { OrderDraft, OrderPreview, PlacedOrder } from '../../../../shared/domain/order.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import type { BrokerAdapter, BrokerOrder, BrokerSession, Trading } from '../adapter.ts'
import { exchangeDay } from '../exchange-day.ts'
import { checkContract, checkDraft, invalidOrder } from '../order-draft.ts'
import { isOpen } from '../order-status.ts'
import { termsProblem } from '../plain-terms.ts'
import { createSentOrders } from '../sent-orders.ts'
import { accountPath, orderPath } from './account-path.ts'
import { costOf, signed } from './effect.ts'
import { actionOf, orderBody, termsBody } from './order-body.ts'
import { filledOf, statusOf, toOrder } from './orders.ts'
import { tradeRules } from './rules.ts'
import { OrderAnswer, OrderWire, PlacedWire } from './wire.ts'

type Session = Pick<BrokerSession, 'http' | 'now' | 'keep'> & Pick<BrokerAdapter, 'orderStatus'>

interface Stop {
  readonly signal: AbortSignal
}

const BASE = 'api'
const BROKER = 'tastytrade'
const LISTED = '50'
/** Being canceled, or having its place taken: a change could make a second order of it. */
const LEAVING = new Set(['Cancel Requested', 'Replace Requested'])

/** Order calls of tastytrade's Open API. Source: developer.tastytrade.com, "Order submission" and "Order management". */
export function createTrading({ http, now, keep, orderStatus }: Session): Trading {
  const sentOrders = createSentOrders({ keep }, BROKER)

  return {
    /** A dry run. What fails its checks comes back as refusals, in tastytrade's words. */
    async previewOrder(account, draft, { signal }): Promise<OrderPreview> {
      checkDraft(draft, tradeRules)
      checkContract(draft, exchangeDay(now()))
      const path = `${accountPath(account)}/orders/dry-run`
      try {
        const body = orderBody(draft, exchangeDay(now()))
        return toPreview((await http.ask({ method: 'POST', base: BASE, path, body, schema: PlacedWire, signal })).data)
      } catch (error) {
        const says = refusedCheck(error)
        if (says === undefined) throw error
        return { estimatedValue: null, estimatedFees: null, buyingPowerEffect: null, currency: 'USD', warnings: [], refusals: [says] }
      }
    },

    /** tastytrade would take the same order twice, so one sent before is looked for by our id instead. */
    async placeOrder(account, draft, stop): Promise<PlacedOrder> {
      checkDraft(draft, tradeRules)
      checkContract(draft, exchangeDay(now()))
      const path = `${accountPath(account)}/orders`
      const body = orderBody(draft, exchangeDay(now()))
      const send = async () => {
        const { data } = await http.send({ method: 'POST', base: BASE, path, body, schema: PlacedWire, signal: stop.signal })
        return placed(data?.data.order ?? null)
      }
      const find = (known: string | null) =>
        known === null ? lookUp(account, draft, stop) : orderStatus(account, known, stop).then(standing)
      return sentOrders.once(account, draft, { send, find })
    },

    /** tastytrade cancels the order and enters a new one with the same legs: another quantity is another order. */
    async replaceOrder(account, orderId, draft, stop): Promise<PlacedOrder> {
      checkDraft(draft, tradeRules)
      checkContract(draft, exchangeDay(now()))
      if (draft.notional !== null) throw invalidOrder('tastytrade does not change an order for an amount of money')
      const order = await orderStatus(account, orderId, stop)
      if (!isOpen(order.status) || LEAVING.has(order.statusText)) throw notOpen(order)
      // Whether its legs keep their whole quantity is not documented.
      if (!Dec.isZero(order.filledQuantity)) throw invalidOrder('a part of it is filled: cancel the rest and send a new order')
      const { data: before } = await http.get({ base: BASE, path: orderPath(account, orderId), schema: OrderAnswer, signal: stop.signal })
      const [leg] = before.data.legs ?? []
      if (
        order.symbol !== draft.symbol ||
        order.side !== draft.side ||
        order.quantity !== draft.quantity ||
        leg?.action !== actionOf(draft)
      )
        throw invalidOrder('tastytrade changes only the price, the type and how long an order is valid, not what it buys or sells')
      const problem = termsProblem(order, draft)
      if (problem !== undefined) throw invalidOrder(problem)
      const { data } = await http
        .send({
          method: 'PUT',
          base: BASE,
          path: orderPath(account, orderId),
          body: termsBody(draft),
          schema: OrderAnswer,
          signal: stop.signal,
        })
        .catch((error: unknown) => explained(error, account, orderId, stop))
      return placed(data?.data ?? null)
    },

    async cancelOrder(account, orderId, stop): Promise<PlacedOrder> {
      const { data } = await http
        .send({ method: 'DELETE', base: BASE, path: orderPath(account, orderId), schema: OrderAnswer, signal: stop.signal })
        .catch((error: unknown) => explained(error, account, orderId, stop))
      const word = data?.data.status ?? 'Cancel Requested'
      return { externalId: orderId, status: statusOf(word, data ? filledOf(data.data) : Dec.zero), statusText: word }
    },
  }

  /** The newest order of these days with the draft's id and its one leg. */
  async function lookUp(account: string, draft: OrderDraft, { signal }: Stop): Promise<PlacedOrder | undefined> {
    const query = { 'start-date': LocalDate.plusDays(exchangeDay(now()), -1), sort: 'Desc', 'per-page': LISTED }
    const path = `${accountPath(account)}/orders`
    const { rows } = await http.getRows({ base: BASE, path, query, at: ['data', 'items'], schema: OrderWire, signal })
    const mine = rows.find(({ data }) => data['external-identifier'] === draft.clientOrderId)?.data
    return mine && isAlike(mine, draft) ? standing(toOrder(mine)) : undefined
  }

  /** A refusal to change an order, looked at once more: "done already" is told from "not allowed". */
  async function explained(error: unknown, account: string, orderId: string, stop: Stop): Promise<never> {
    if (!(error instanceof AppError) || error.code !== 'order/rejected') throw error
    if (error.details['status'] === 404) throw new AppError('order/not-found', { details: { broker: BROKER }, cause: error })
    const order = await orderStatus(account, orderId, stop).catch(unlessMissing)
    throw order === undefined || isOpen(order.status) ? error : notOpen(order)
  }
}

/** Whether an order buys or sells what the draft does. */
function isAlike(wire: OrderWire, draft: OrderDraft): boolean {
  const { symbol, side, quantity } = toOrder(wire)
  const amount = draft.quantity === null || (quantity !== null && Dec.cmp(quantity, draft.quantity) === 0)
  return symbol === draft.symbol && side === draft.side && amount && wire.legs?.[0]?.action === actionOf(draft)
}

function standing({ externalId, status, statusText }: BrokerOrder): PlacedOrder {
  return { externalId, status, statusText }
}

function notOpen({ statusText }: BrokerOrder): AppError {
  return new AppError('order/not-open', { details: { status: statusText } })
}

/** The words of a check that failed; undefined when the failure is another. */
function refusedCheck(error: unknown): string | undefined {
  if (!(error instanceof AppError) || error.code !== 'broker/refused') return undefined
  const { status } = error.details
  return status === 400 || status === 422 ? (error.brokerSays ?? 'tastytrade would refuse this order.') : undefined
}

/** A dry run does not state what an order is worth. */
function toPreview({ data }: PlacedWire): OrderPreview {
  const power = data['buying-power-effect']
  const fees = data['fee-calculation']
  return {
    estimatedValue: null,
    estimatedFees: fees && fees['total-fees'] !== null ? costOf(fees['total-fees'], fees['total-fees-effect']) : null,
    buyingPowerEffect: power ? signed(power['change-in-buying-power'], power['change-in-buying-power-effect']) : null,
    currency: 'USD',
    warnings: notes(data.warnings),
    refusals: [...notes(data.errors), ...refusalOf(data.order ?? null)],
  }
}

function notes(list: PlacedWire['data']['warnings']): string[] {
  return (list ?? []).flatMap(({ message, code }) => cleanWords(message ?? code) ?? [])
}

/** A dry run may answer an order that was turned down. */
function refusalOf(order: OrderWire | null): string[] {
  if (statusOf(order?.status ?? '', Dec.zero) !== 'rejected') return []
  return [cleanWords(order?.['reject-reason']) ?? 'tastytrade would refuse this order.']
}

/** An answer without an order says nothing about what became of it. */
function placed(order: OrderWire | null): PlacedOrder {
  if (order === null || order.id === null) throw new AppError('order/unknown', { details: { broker: BROKER } })
  const statusText = order.status ?? ''
  const status = statusOf(statusText, filledOf(order))
  if (status !== 'rejected') return { externalId: order.id, status, statusText }
  const says = cleanWords(order['reject-reason'])
  throw new AppError('order/rejected', { details: { broker: BROKER }, ...(says === undefined ? {} : { brokerSays: says }) })
}

/** Lets an order nobody knows be told; any other failure of a second look says nothing. */
function unlessMissing(error: unknown): undefined {
  if (error instanceof AppError && error.code === 'order/not-found') throw error
  return undefined
}
