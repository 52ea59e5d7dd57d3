import { Dec } from '../../../../shared/domain/decimal.ts'
import type { OrderStatus } from '../../../../shared/domain/order.ts'
import { Instant } from '../../../../shared/domain/time.ts'
import type { BrokerOrder } from '../adapter.ts'
import { averagePrice } from '../average.ts'
import { directionOf } from './map.ts'
import { symbolOf } from './symbols.ts'
import type { OrderWire } from './wire.ts'

const WORKING = [
  'AWAITING_PARENT_ORDER',
  'AWAITING_CONDITION',
  'AWAITING_MANUAL_REVIEW',
  'ACCEPTED',
  'AWAITING_UR_OUT',
  'PENDING_ACTIVATION',
  'QUEUED',
  'WORKING',
  'PENDING_CANCEL',
  'PENDING_REPLACE',
]
const STATUSES = new Map<string, OrderStatus>([
  ...WORKING.map(word => [word, 'working'] as const),
  ['FILLED', 'filled'],
  ['CANCELED', 'canceled'],
  ['REPLACED', 'replaced'],
  ['REJECTED', 'rejected'],
  ['EXPIRED', 'expired'],
])

/** An order of several legs has no one symbol and no one side. */
export function toOrder(wire: OrderWire): BrokerOrder {
  const legs = wire.orderLegCollection ?? []
  const leg = legs.length === 1 ? legs[0] : undefined
  const filledQuantity = wire.filledQuantity ?? Dec.zero
  const fills = (wire.orderActivityCollection ?? [])
    .filter(({ executionType }) => executionType === 'FILL')
    .flatMap(({ executionLegs }) => executionLegs ?? [])
  const times = [...fills.map(fill => fill.time), wire.closeTime].filter(time => time !== null)
  return {
    externalId: wire.orderId,
    symbol: leg?.instrument ? symbolOf(leg.instrument) : null,
    side: directionOf(leg?.instruction ?? null) ?? null,
    type: wire.orderType ?? '',
    timeInForce: wire.duration ?? '',
    status: statusOf(wire.status ?? '', filledQuantity),
    statusText: wire.status ?? '',
    quantity: wire.quantity,
    filledQuantity,
    limitPrice: wire.price,
    stopPrice: wire.stopPrice,
    averageFillPrice: leg
      ? averagePrice(fills.flatMap(({ quantity, price }) => (quantity === null || price === null ? [] : [{ quantity, price }])))
      : null,
    submittedAt: wire.enteredTime,
    updatedAt: times.reduce((a, b) => (Instant.isBefore(a, b) ? b : a), wire.enteredTime),
  }
}

function statusOf(word: string, filled: Dec): OrderStatus {
  const status = STATUSES.get(word) ?? 'other'
  return status === 'working' && !Dec.isZero(filled) ? 'partially-filled' : status
}
