import { z } from 'zod'
import { AppError } from '../../../../shared/contract/errors.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { standardMultiplier } from '../../../../shared/domain/instrument.ts'
import type { OrderDraft, OrderPreview, PlacedOrder } from '../../../../shared/domain/order.ts'
import type { BrokerAdapter, BrokerOrder, BrokerSession, Trading } from '../adapter.ts'
import { checkDraft } from '../order-draft.ts'
import { isOpen } from '../order-status.ts'
import { accountPath, orderPath } from './account-path.ts'
import { orderBody } from './order-body.ts'
import { tradeRules } from './rules.ts'

type Session = Pick<BrokerSession, 'http'> & Pick<BrokerAdapter, 'orderStatus'>

interface Stop {
  readonly signal: AbortSignal
}

const BASE = 'api'
const BROKER = 'TD Ameritrade'

/** Order calls as TD Ameritrade's API took them. An order is known by the `Location` of its answer. */
export function createTrading({ http, orderStatus }: Session): Trading {
  async function confirmed(account: string, location: string | undefined, stop: Stop): Promise<PlacedOrder> {
    const id = /\/orders\/(\d{1,20})\/?$/.exec(location ?? '')?.[1]
    if (id === undefined) throw new AppError('order/unknown', { details: { broker: BROKER } })
    const order = await orderStatus(account, id, stop).catch(() => undefined)
    if (order?.status === 'rejected') throw new AppError('order/rejected', { details: { broker: BROKER }, brokerSays: order.statusText })
    return order ? standing(order) : { externalId: id, status: 'working', statusText: 'ACCEPTED' }
  }

  /** A refusal to change an order, looked at once more: "done already" is told from "not allowed". */
  async function explained(error: unknown, account: string, orderId: string, stop: Stop): Promise<never> {
    if (!(error instanceof AppError) || error.code !== 'order/rejected') throw error
    if (error.details['status'] === 404) throw new AppError('order/not-found', { details: { broker: BROKER }, cause: error })
    const order = await orderStatus(account, orderId, stop).catch(unlessMissing)
    throw order === undefined || isOpen(order.status) ? error : new AppError('order/not-open', { details: { status: order.statusText } })
  }

  return {
    previewOrder(_account, draft): Promise<OrderPreview> {
      return Promise.resolve().then(() => {
        checkDraft(draft, tradeRules)
        orderBody(draft)
        return previewOf(draft)
      })
    },

    async placeOrder(account, draft, stop): Promise<PlacedOrder> {
      checkDraft(draft, tradeRules)
      const body = orderBody(draft)
      const options = {
        method: 'POST',
        base: BASE,
        path: `${accountPath(account)}/orders`,
        body,
        schema: z.unknown(),
        signal: stop.signal,
      } as const
      const { headers } = await http.send(options)
      return confirmed(account, headers['location'], stop)
    },

    /** The order is canceled and a new one entered, with a new id. */
    async replaceOrder(account, orderId, draft, stop): Promise<PlacedOrder> {
      checkDraft(draft, tradeRules)
      const body = orderBody(draft)
      const options = {
        method: 'PUT',
        base: BASE,
        path: orderPath(account, orderId),
        body,
        schema: z.unknown(),
        signal: stop.signal,
      } as const
      const { headers } = await http.send(options).catch((error: unknown) => explained(error, account, orderId, stop))
      return confirmed(account, headers['location'], stop)
    },

    async cancelOrder(account, orderId, stop): Promise<PlacedOrder> {
      const options = { method: 'DELETE', base: BASE, path: orderPath(account, orderId), schema: z.unknown(), signal: stop.signal } as const
      await http.send(options).catch((error: unknown) => explained(error, account, orderId, stop))
      const order = await orderStatus(account, orderId, stop).catch(() => undefined)
      return order ? standing(order) : { externalId: orderId, status: 'working', statusText: 'PENDING_CANCEL' }
    },
  }
}

function previewOf({ symbol, side, quantity, limitPrice }: OrderDraft): OrderPreview {
  const multiplier = standardMultiplier(symbol)
  const value =
    quantity === null || limitPrice === null || multiplier === undefined ? null : Dec.mul(Dec.mul(quantity, multiplier), limitPrice)
  return {
    estimatedValue: value === null ? null : side === 'buy' ? Dec.neg(value) : value,
    estimatedFees: null,
    buyingPowerEffect: null,
    currency: 'USD',
    warnings: ['TD Ameritrade does not check orders beforehand. The value is worked out from the price and leaves out fees.'],
    refusals: [],
  }
}

function standing({ externalId, status, statusText }: BrokerOrder): PlacedOrder {
  return { externalId, status, statusText }
}

/** Lets an order nobody knows be told; any other failure of a second look says nothing. */
function unlessMissing(error: unknown): undefined {
  if (error instanceof AppError && error.code === 'order/not-found') throw error
  return undefined
}
