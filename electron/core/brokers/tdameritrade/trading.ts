import { z } from 'zod'
import { cleanWords } from '../../../../shared/contract/broker-words.ts'
import { AppError } from '../../../../shared/contract/errors.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { standardMultiplier } from '../../../../shared/domain/instrument.ts'
import type { OrderDraft, OrderPreview, PlacedOrder } from '../../../../shared/domain/order.ts'
import type { BrokerOrder, BrokerSession, Trading } from '../adapter.ts'
import { checkDraft, invalidOrder } from '../order-draft.ts'
import { isOpen } from '../order-status.ts'
import { createSentOrders } from '../sent-orders.ts'
import { accountPath, orderPath } from './account-path.ts'
import { instructionOf, orderBody } from './order-body.ts'
import { type OrderRead, readOrder } from './read-order.ts'
import { tradeRules } from './rules.ts'

type Session = Pick<BrokerSession, 'http' | 'keep'>

interface Stop {
  readonly signal: AbortSignal
}

const BASE = 'api'
const BROKER = 'TD Ameritrade'
/** Being canceled, or having its place taken: a change could make a second order of it. */
const LEAVING = new Set(['PENDING_CANCEL', 'PENDING_REPLACE', 'AWAITING_UR_OUT'])

/** Order calls as TD Ameritrade's API took them. An order is known by the `Location` of its answer. */
export function createTrading({ http, keep }: Session): Trading {
  const sentOrders = createSentOrders({ keep }, BROKER)
  const orderStatus = async (account: string, orderId: string, stop: Stop) => (await readOrder(http, account, orderId, stop)).order

  async function confirmed(account: string, location: string | undefined, stop: Stop, replaced?: string): Promise<PlacedOrder> {
    const id = idFrom(account, location)
    if (id === undefined || id === replaced) throw new AppError('order/unknown', { details: { broker: BROKER } })
    const read = await readOrder(http, account, id, stop).catch(() => undefined)
    if (read?.order.status === 'rejected') throw rejected(read)
    return read ? standing(read.order) : { externalId: id, status: 'working', statusText: 'ACCEPTED' }
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
      const send = async () => confirmed(account, (await http.send(options)).headers['location'], stop)
      // Orders had no ids of ours: one without an address cannot be told from another.
      const find = async (known: string | null) => (known === null ? undefined : standing(await orderStatus(account, known, stop)))
      return sentOrders.once(account, draft, { send, find })
    },

    /** The order is canceled and a new one entered, with a new id. */
    async replaceOrder(account, orderId, draft, stop): Promise<PlacedOrder> {
      checkDraft(draft, tradeRules)
      const body = orderBody(draft)
      const read = await readOrder(http, account, orderId, stop)
      const { status, statusText } = read.order
      if (!isOpen(status) || LEAVING.has(statusText)) throw new AppError('order/not-open', { details: { status: statusText } })
      const problem = changeProblem(read, draft)
      if (problem !== undefined) throw invalidOrder(problem)
      const options = {
        method: 'PUT',
        base: BASE,
        path: orderPath(account, orderId),
        body,
        schema: z.unknown(),
        signal: stop.signal,
      } as const
      const { headers } = await http.send(options).catch((error: unknown) => explained(error, account, orderId, stop))
      return confirmed(account, headers['location'], stop, orderId)
    },

    async cancelOrder(account, orderId, stop): Promise<PlacedOrder> {
      const options = { method: 'DELETE', base: BASE, path: orderPath(account, orderId), schema: z.unknown(), signal: stop.signal } as const
      await http.send(options).catch((error: unknown) => explained(error, account, orderId, stop))
      const order = await orderStatus(account, orderId, stop).catch(() => undefined)
      return order ? standing(order) : { externalId: orderId, status: 'working', statusText: 'PENDING_CANCEL' }
    },
  }
}

/** The order an answer's address names: one of this account, and no saved one. */
function idFrom(account: string, location: string | undefined): string | undefined {
  const [, owner, id] = /\/accounts\/([^/?#]+)\/orders\/(\d{1,20})\/?$/.exec(location ?? '') ?? []
  return owner === encodeURIComponent(account) ? id : undefined
}

/** Why an order's place cannot be taken by the draft: a new order of the whole quantity is entered for it. */
function changeProblem({ order, wire }: OrderRead, draft: OrderDraft): string | undefined {
  const legs = wire.orderLegCollection ?? []
  if (legs.length !== 1 || (wire.childOrderStrategies ?? []).length > 0) return 'an order of several parts is not changed'
  if (order.symbol !== draft.symbol || legs[0]?.instruction !== instructionOf(draft)) return 'a change cannot buy or sell something else'
  return Dec.isZero(order.filledQuantity) ? undefined : 'a part of it is filled: cancel the rest and send a new order'
}

function rejected({ wire: { statusDescription, status } }: OrderRead): AppError {
  const said = cleanWords(statusDescription ?? status)
  return new AppError('order/rejected', { details: { broker: BROKER }, ...(said === undefined ? {} : { brokerSays: said }) })
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
