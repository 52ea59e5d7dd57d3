import { AppError } from '../../../../shared/contract/errors.ts'
import type { Side } from '../../../../shared/domain/activity.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { normalSymbol } from '../../../../shared/domain/instrument.ts'
import type { OrderStatus } from '../../../../shared/domain/order.ts'
import { Instant } from '../../../../shared/domain/time.ts'
import type { BrokerOrder } from '../adapter.ts'
import { averagePrice } from '../average.ts'
import { OrderWire } from './wire.ts'

const WORKING = [
  'AWAITING_PARENT_ORDER',
  'AWAITING_CONDITION',
  'AWAITING_STOP_CONDITION',
  'AWAITING_MANUAL_REVIEW',
  'ACCEPTED',
  'AWAITING_UR_OUT',
  'PENDING_ACTIVATION',
  'QUEUED',
  'WORKING',
  'PENDING_CANCEL',
  'PENDING_REPLACE',
  'NEW',
  'AWAITING_RELEASE_TIME',
  'PENDING_ACKNOWLEDGEMENT',
  'PENDING_RECALL',
]
const STATUSES = new Map<string, OrderStatus>([
  ...WORKING.map(word => [word, 'working'] as const),
  ['FILLED', 'filled'],
  ['CANCELED', 'canceled'],
  ['REPLACED', 'replaced'],
  ['REJECTED', 'rejected'],
  ['EXPIRED', 'expired'],
])
const BUYS = new Set(['BUY', 'BUY_TO_COVER', 'BUY_TO_OPEN', 'BUY_TO_CLOSE'])
const SELLS = new Set(['SELL', 'SELL_SHORT', 'SELL_TO_OPEN', 'SELL_TO_CLOSE', 'SELL_SHORT_EXEMPT'])
const DEEPEST = 8

/** An order and the orders below it, each as its own. Parents that only tie orders together have no legs and are left out. */
export function toOrders(wire: OrderWire, depth = 0): BrokerOrder[] {
  const children = depth < DEEPEST ? (wire.childOrderStrategies ?? []) : []
  const below = children.flatMap(child => {
    const parsed = OrderWire.safeParse(child)
    if (!parsed.success) throw new AppError('broker/unreadable', { details: { broker: 'Charles Schwab' }, cause: 'an order below another' })
    return toOrders(parsed.data, depth + 1)
  })
  return (wire.orderLegCollection ?? []).length > 0 ? [toOrder(wire), ...below] : below
}

/** An order of several legs has no one symbol and no one side. */
function toOrder(wire: OrderWire): BrokerOrder {
  const legs = wire.orderLegCollection ?? []
  const leg = legs.length === 1 ? legs[0] : undefined
  const filledQuantity = wire.filledQuantity ?? Dec.zero
  const fills = fillsOf(wire)
  const times = [
    wire.enteredTime,
    ...fills.flatMap(fill => (fill.time === null ? [] : [fill.time])),
    ...(wire.closeTime === null ? [] : [wire.closeTime]),
  ]
  return {
    externalId: wire.orderId,
    symbol: leg?.instrument?.symbol ? normalSymbol(leg.instrument.symbol) : null,
    side: sideOf(leg?.instruction ?? ''),
    type: wire.orderType ?? '',
    timeInForce: wire.duration ?? '',
    status: statusOf(wire.status ?? '', filledQuantity),
    statusText: wire.status ?? '',
    quantity: wire.quantity,
    filledQuantity,
    limitPrice: wire.price,
    stopPrice: wire.stopPrice,
    averageFillPrice: leg ? averagePrice(fills) : null,
    submittedAt: wire.enteredTime,
    updatedAt: times.reduce((a, b) => (Instant.isBefore(a, b) ? b : a)),
  }
}

interface Fill {
  readonly quantity: Dec
  readonly price: Dec
  readonly time: Instant | null
}

/** Only `FILL`: a canceled order carries an execution too, with a quantity, of type `CANCELED`. */
function fillsOf({ orderActivityCollection }: OrderWire): Fill[] {
  const executions = (orderActivityCollection ?? []).filter(activity => activity.executionType === 'FILL')
  return executions
    .flatMap(activity => activity.executionLegs ?? [])
    .flatMap(({ quantity, price, time }) => (quantity === null || price === null ? [] : [{ quantity, price, time }]))
}

/** Schwab has no word for "partly filled": the filled quantity says it. */
function statusOf(word: string, filled: Dec): OrderStatus {
  const status = STATUSES.get(word) ?? 'other'
  return status === 'working' && !Dec.isZero(filled) ? 'partially-filled' : status
}

function sideOf(instruction: string): Side | null {
  return BUYS.has(instruction) ? 'buy' : SELLS.has(instruction) ? 'sell' : null
}
