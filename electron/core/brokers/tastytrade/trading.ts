import { AppError } from '../../../../shared/contract/errors.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { standardMultiplier } from '../../../../shared/domain/instrument.ts'
import type { OrderDraft, OrderPreview, PlacedOrder } from '../../../../shared/domain/order.ts'
import type { BrokerAdapter, BrokerOrder, BrokerSession, Trading } from '../adapter.ts'
import { exchangeDay } from '../exchange-day.ts'
import { checkDraft, invalidOrder } from '../order-draft.ts'
import { isOpen } from '../order-status.ts'
import { accountPath, orderPath } from './account-path.ts'
import { costOf, signed } from './effect.ts'
import { actionOf, orderBody, termsBody } from './order-body.ts'
import { filledOf, statusOf } from './orders.ts'
import { tradeRules } from './rules.ts'
import { OrderAnswer, type OrderWire, PlacedWire } from './wire.ts'

type Session = Pick<BrokerSession, 'http' | 'now'> & Pick<BrokerAdapter, 'orderStatus'>

const BASE = 'api'
const BROKER = 'tastytrade'

/** Order calls of tastytrade's Open API. Source: developer.tastytrade.com, "Order submission" and "Order management". */
export function createTrading({ http, now, orderStatus }: Session): Trading {
  return {
    /** A dry run. What fails its checks comes back as refusals, in tastytrade's words. */
    async previewOrder(account, draft, { signal }): Promise<OrderPreview> {
      checkDraft(draft, tradeRules)
      const path = `${accountPath(account)}/orders/dry-run`
      try {
        const body = orderBody(draft, exchangeDay(now()))
        return toPreview((await http.ask({ method: 'POST', base: BASE, path, body, schema: PlacedWire, signal })).data, draft)
      } catch (error) {
        const says = refusedCheck(error)
        if (says === undefined) throw error
        return { estimatedValue: null, estimatedFees: null, buyingPowerEffect: null, currency: 'USD', warnings: [], refusals: [says] }
      }
    },

    async placeOrder(account, draft, { signal }): Promise<PlacedOrder> {
      checkDraft(draft, tradeRules)
      const path = `${accountPath(account)}/orders`
      const body = orderBody(draft, exchangeDay(now()))
      const { data } = await http.send({ method: 'POST', base: BASE, path, body, schema: PlacedWire, signal })
      return placed(data?.data.order ?? null)
    },

    /** tastytrade cancels the order and enters a new one with the same legs: another quantity is another order. */
    async replaceOrder(account, orderId, draft, stop): Promise<PlacedOrder> {
      checkDraft(draft, tradeRules)
      const order = await orderStatus(account, orderId, stop)
      if (!isOpen(order.status)) throw notOpen(order)
      const { data: before } = await http.get({ base: BASE, path: orderPath(account, orderId), schema: OrderAnswer, signal: stop.signal })
      const [leg] = before.data.legs ?? []
      if (order.symbol !== draft.symbol || order.side !== draft.side || order.quantity !== draft.quantity || leg?.action !== actionOf(draft))
        throw invalidOrder('tastytrade changes only the price, the type and how long an order is valid, not what it buys or sells')
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

  /** A refusal to change an order, looked at once more: "done already" is told from "not allowed". */
  async function explained(error: unknown, account: string, orderId: string, stop: { readonly signal: AbortSignal }): Promise<never> {
    if (!(error instanceof AppError) || error.code !== 'order/rejected') throw error
    if (error.details['status'] === 404) throw new AppError('order/not-found', { details: { broker: BROKER }, cause: error })
    const order = await orderStatus(account, orderId, stop).catch(unlessMissing)
    throw order === undefined || isOpen(order.status) ? error : notOpen(order)
  }
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

function toPreview({ data }: PlacedWire, draft: OrderDraft): OrderPreview {
  const power = data['buying-power-effect']
  const fees = data['fee-calculation']
  return {
    estimatedValue: valueOf(draft),
    estimatedFees: fees ? costOf(fees['total-fees'], fees['total-fees-effect']) : null,
    buyingPowerEffect: power ? signed(power['change-in-buying-power'], power['change-in-buying-power-effect']) : null,
    currency: 'USD',
    warnings: (data.warnings ?? []).flatMap(({ message, code }) => message ?? code ?? []),
    refusals: [],
  }
}

/** The cash of the order at its price, which the dry run does not state. Futures cost nothing; a market order has no price. */
function valueOf({ notional, quantity, limitPrice, symbol, assetClass, side }: OrderDraft): Dec | null {
  const multiplier = assetClass === 'future' || assetClass === 'future-option' ? undefined : standardMultiplier(symbol)
  const known = quantity !== null && limitPrice !== null && multiplier !== undefined
  const value = notional ?? (known ? Dec.mul(Dec.mul(quantity, multiplier), limitPrice) : null)
  return value === null ? null : side === 'buy' ? Dec.neg(value) : value
}

/** An answer without an order says nothing about what became of it. */
function placed(order: OrderWire | null): PlacedOrder {
  if (order === null || order.id === null) throw new AppError('order/unknown', { details: { broker: BROKER } })
  const statusText = order.status ?? ''
  const status = statusOf(statusText, filledOf(order))
  if (status !== 'rejected') return { externalId: order.id, status, statusText }
  const says = order['reject-reason']
  throw new AppError('order/rejected', { details: { broker: BROKER }, ...(says === null ? {} : { brokerSays: says }) })
}

/** Lets an order nobody knows be told; any other failure of a second look says nothing. */
function unlessMissing(error: unknown): undefined {
  if (error instanceof AppError && error.code === 'order/not-found') throw error
  return undefined
}
