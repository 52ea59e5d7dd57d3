import { z } from 'zod'
import { AppError } from '../../../../shared/contract/errors.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { normalSymbol, standardMultiplier } from '../../../../shared/domain/instrument.ts'
import type { OrderDraft, OrderPreview, OrderType, PlacedOrder } from '../../../../shared/domain/order.ts'
import type { BrokerOrder, BrokerSession, Trading } from '../adapter.ts'
import { checkDraft, draftPrices, invalidOrder } from '../order-draft.ts'
import { isOpen } from '../order-status.ts'
import { termsProblem } from '../plain-terms.ts'
import { toOrder } from './map.ts'
import { readQuotes } from './quotes.ts'
import { tradeRules } from './rules.ts'
import { OrderWire } from './wire.ts'

interface Stop {
  readonly signal: AbortSignal
}

const BASE = 'trading'
const ORDERS = '/v2/orders'
/** Being canceled, or having its place taken: a change could make a second order of it. */
const LEAVING = new Set(['pending_cancel', 'pending_replace'])
const TYPES = {
  market: 'market',
  limit: 'limit',
  stop: 'stop',
  'stop-limit': 'stop_limit',
  'trailing-stop': 'trailing_stop',
} as const satisfies Record<OrderType, string>

/** Order calls of Alpaca's trading API. Source: docs.alpaca.markets, "Orders". */
export function createTrading({ http }: Pick<BrokerSession, 'http'>): Trading {
  return {
    /** Alpaca checks nothing beforehand: this is worked out from the price of the order, or from the newest quote. */
    async previewOrder(_account, draft, { signal }): Promise<OrderPreview> {
      checkDraft(draft, tradeRules)
      const price = draft.limitPrice ?? draft.stopPrice ?? (draft.notional === null ? await marketPrice(draft, signal) : null)
      return {
        estimatedValue: valueOf(draft, price),
        estimatedFees: null,
        buyingPowerEffect: null,
        currency: 'USD',
        warnings: ['Alpaca does not check orders beforehand. The value is worked out from the price and leaves out regulatory fees.'],
        refusals: [],
      }
    },

    async placeOrder(_account, draft, { signal }): Promise<PlacedOrder> {
      checkDraft(draft, tradeRules)
      const sent = await http
        .send({ method: 'POST', base: BASE, path: ORDERS, body: orderBody(draft), schema: OrderWire, signal })
        .catch(async (error: unknown) => ({ data: await placedBefore(error, draft, signal) }))
      if (sent.data === null) throw new AppError('order/unknown', { details: { broker: 'Alpaca' } })
      return taken(toOrder(sent.data))
    },

    /**
     * The changed order has a new id; the old one becomes `replaced`. Alpaca changes quantity, prices and validity and leaves out the
     * rest without a word, so any other change is refused here. It does not change orders for an amount of money, and the new order is
     * for its whole quantity again, whatever the old one bought.
     */
    async replaceOrder(_account, orderId, draft, stop): Promise<PlacedOrder> {
      checkDraft(draft, tradeRules)
      if (draft.notional !== null) throw invalidOrder('Alpaca does not change an order for an amount of money')
      const wire = await readWire({ http }, orderId, stop)
      const order = toOrder(wire)
      if (!isOpen(order.status) || LEAVING.has(order.statusText)) throw notOpen(order)
      if (order.status === 'partially-filled' || !Dec.isZero(order.filledQuantity))
        throw invalidOrder('a part of it is filled: cancel the rest and send a new order')
      if (!isAlike(wire, draft)) throw invalidOrder('Alpaca changes only the quantity, the prices and how long an order is valid')
      const problem = termsProblem(order, draft)
      if (problem !== undefined) throw invalidOrder(problem)
      const { signal } = stop
      const sent = await http
        .send({ method: 'PATCH', base: BASE, path: orderPath(orderId), body: changeBody(draft), schema: OrderWire, signal })
        .catch((error: unknown) => explained(error, orderId, stop))
      if (sent.data === null) throw new AppError('order/unknown', { details: { broker: 'Alpaca' } })
      return taken(toOrder(sent.data))
    },

    async cancelOrder(_account, orderId, stop): Promise<PlacedOrder> {
      const { signal } = stop
      await http
        .send({ method: 'DELETE', base: BASE, path: orderPath(orderId), schema: z.unknown(), signal })
        .catch((error: unknown) => explained(error, orderId, stop))
      // The cancel is taken; how it stands now is worth a look, and no reason to call it failed.
      const order = await readOrder({ http }, orderId, stop).catch(() => undefined)
      return order ? placed(order) : { externalId: orderId, status: 'working', statusText: 'pending_cancel' }
    },
  }

  /** An id that was used before is no refusal of this order when it is this order that used it: an attempt nobody saw the end of. */
  async function placedBefore(error: unknown, draft: OrderDraft, signal: AbortSignal): Promise<OrderWire> {
    if (!isUsedId(error)) throw error
    const query = { client_order_id: draft.clientOrderId }
    const { data } = await http
      .get({ base: BASE, path: `${ORDERS}:by_client_order_id`, query, schema: OrderWire, signal })
      .catch((cause: unknown) => {
        throw new AppError('order/unknown', { details: { broker: 'Alpaca' }, cause })
      })
    if (!isAlike(data, draft) || !hasTerms(data, draft)) throw error
    return data
  }

  /** A refusal to change an order, looked at once more: 422 says "done already", and also that the change is not allowed. */
  async function explained(error: unknown, orderId: string, stop: Stop): Promise<never> {
    if (!(error instanceof AppError) || error.code !== 'order/rejected') throw error
    const status = statusOf(error)
    if (status === 404) throw new AppError('order/not-found', { details: { broker: 'Alpaca' }, cause: error })
    const order = status === 422 ? await readOrder({ http }, orderId, stop).catch(() => undefined) : undefined
    throw order === undefined || isOpen(order.status) ? error : notOpen(order, error)
  }

  async function marketPrice({ symbol, side }: OrderDraft, signal: AbortSignal): Promise<Dec | null> {
    const [quote] = await readQuotes({ http }, [symbol], { signal })
    return quote === undefined ? null : side === 'buy' ? (quote.ask ?? quote.last) : (quote.bid ?? quote.last)
  }
}

/** One order. Throws order/not-found. */
export async function readOrder(session: Pick<BrokerSession, 'http'>, orderId: string, stop: Stop): Promise<BrokerOrder> {
  return toOrder(await readWire(session, orderId, stop))
}

async function readWire({ http }: Pick<BrokerSession, 'http'>, orderId: string, { signal }: Stop): Promise<OrderWire> {
  try {
    return (await http.get({ base: BASE, path: orderPath(orderId), schema: OrderWire, signal })).data
  } catch (error) {
    throw statusOf(error) === 404 ? new AppError('order/not-found', { details: { broker: 'Alpaca' }, cause: error }) : error
  }
}

/** The body of `POST /v2/orders`. */
export function orderBody(draft: OrderDraft): Readonly<Record<string, string | boolean>> {
  const { limit, stop } = draftPrices(draft)
  const amount = draft.quantity === null ? { notional: text(draft.notional) } : { qty: draft.quantity }
  return {
    symbol: draft.symbol,
    ...amount,
    side: draft.side,
    type: TYPES[draft.type],
    time_in_force: draft.timeInForce,
    ...(limit === null ? {} : { limit_price: limit }),
    ...(stop === null ? {} : { stop_price: stop }),
    ...(draft.trail === null ? {} : { [draft.trail.kind === 'amount' ? 'trail_price' : 'trail_percent']: draft.trail.value }),
    ...intentOf(draft),
    ...(draft.extendedHours ? { extended_hours: true } : {}),
    client_order_id: draft.clientOrderId,
  }
}

/** A sale that names no effect closes: said, so that it never sells short. Pairs of crypto are refused with an intent. */
function intentOf({ side, positionEffect, assetClass }: OrderDraft): Readonly<Record<string, string>> {
  const effect = positionEffect ?? (side === 'sell' && assetClass !== 'crypto' ? 'close' : null)
  return effect === null ? {} : { position_intent: `${side}_to_${effect}` }
}

/** The body of `PATCH /v2/orders/{id}`: only what may be changed. */
function changeBody(draft: OrderDraft): Readonly<Record<string, string>> {
  const { limit, stop } = draftPrices(draft)
  return {
    qty: text(draft.quantity),
    time_in_force: draft.timeInForce,
    ...(limit === null ? {} : { limit_price: limit }),
    ...(stop === null ? {} : { stop_price: stop }),
    ...(draft.trail === null ? {} : { trail: draft.trail.value }),
    client_order_id: draft.clientOrderId,
  }
}

/** Signed cash of the order before costs; null without a price or for an adjusted contract. */
function valueOf({ symbol, side, quantity, notional }: OrderDraft, price: Dec | null): Dec | null {
  const multiplier = standardMultiplier(symbol)
  const size = quantity === null || multiplier === undefined ? null : Dec.mul(quantity, multiplier)
  const value = notional ?? (size === null || price === null ? null : Dec.mul(size, price))
  return value === null ? null : side === 'buy' ? Dec.neg(value) : value
}

/** An order may be answered as taken and be rejected in the same breath; Alpaca gives no reason then. */
function taken(order: BrokerOrder): PlacedOrder {
  if (order.status === 'rejected') throw new AppError('order/rejected', { details: { broker: 'Alpaca' } })
  return placed(order)
}

function placed({ externalId, status, statusText }: BrokerOrder): PlacedOrder {
  return { externalId, status, statusText }
}

function notOpen({ statusText }: BrokerOrder, error?: AppError): AppError {
  const says = error?.brokerSays
  return new AppError('order/not-open', {
    details: { status: statusText },
    cause: error,
    ...(says === undefined ? {} : { brokerSays: says }),
  })
}

/** Whether an order is the draft's in all that Alpaca does not change: its hours and its effect only where Alpaca says them. */
function isAlike(wire: OrderWire, draft: OrderDraft): boolean {
  const plain = (symbol: string | null): string => normalSymbol(symbol ?? '').replace('/', '')
  const effect = wire.position_intent?.split('_to_')[1]
  const trail = wire.trail_percent !== null ? 'percent' : wire.trail_price !== null ? 'amount' : null
  return (
    plain(wire.symbol) === plain(draft.symbol) &&
    wire.side === draft.side &&
    (wire.type ?? wire.order_type) === TYPES[draft.type] &&
    (draft.positionEffect === null || effect === undefined || effect === draft.positionEffect) &&
    (wire.extended_hours ?? draft.extendedHours) === draft.extendedHours &&
    (draft.trail === null || trail === null || trail === draft.trail.kind)
  )
}

/** Whether an order has the draft's amounts, prices and validity too. */
function hasTerms(wire: OrderWire, draft: OrderDraft): boolean {
  const same = (a: Dec | null, b: Dec | null): boolean => (a === null || b === null ? a === b : Dec.cmp(a, b) === 0)
  return (
    wire.time_in_force === draft.timeInForce &&
    (draft.quantity === null ? same(wire.notional, draft.notional) : same(wire.qty, draft.quantity)) &&
    same(wire.limit_price, draft.limitPrice) &&
    (draft.type === 'trailing-stop'
      ? same(wire.trail_percent ?? wire.trail_price, draft.trail?.value ?? null)
      : same(wire.stop_price, draft.stopPrice))
  )
}

function isUsedId(error: unknown): boolean {
  const isRefusal = error instanceof AppError && error.code === 'order/rejected' && statusOf(error) === 422
  return isRefusal && /client_order_id/i.test(error.brokerSays ?? '') && /unique|exist|duplicat|used/i.test(error.brokerSays ?? '')
}

function statusOf(error: unknown): number | undefined {
  const status = error instanceof AppError ? error.details['status'] : undefined
  return typeof status === 'number' ? status : undefined
}

function orderPath(id: string): string {
  return `${ORDERS}/${encodeURIComponent(id)}`
}

function text(amount: Dec | null): string {
  return amount ?? ''
}
