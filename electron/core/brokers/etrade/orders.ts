import { AppError } from '../../../../shared/contract/errors.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import type { OrderStatus } from '../../../../shared/domain/order.ts'
import { Instant } from '../../../../shared/domain/time.ts'
import type { BrokerOrder } from '../adapter.ts'
import { instrumentOf } from './product.ts'
import type { DetailWire, InstrumentWire, OrderWire } from './wire.ts'

const STATUSES = new Map<string, OrderStatus>([
  ['OPEN', 'working'],
  ['CANCEL_REQUESTED', 'working'],
  ['PARTIAL', 'partially-filled'],
  ['EXECUTED', 'filled'],
  ['DONE_TRADE_EXECUTED', 'filled'],
  ['CANCELLED', 'canceled'],
  ['EXPIRED', 'expired'],
  ['REJECTED', 'rejected'],
])
const BUYS = new Set(['BUY', 'BUY_TO_COVER', 'BUY_OPEN', 'BUY_CLOSE'])
const SELLS = new Set(['SELL', 'SELL_SHORT', 'SELL_OPEN', 'SELL_CLOSE'])

/** An order's parts, each as its own: the two sides of one-cancels-other share E*TRADE's id and get a number behind it. */
export function toOrders(wire: OrderWire): BrokerOrder[] {
  const several = wire.OrderDetail.length > 1
  return wire.OrderDetail.map((detail, at) =>
    toOrder(wire, detail, several ? `${wire.orderId}.${detail.orderNumber ?? at + 1}` : wire.orderId),
  )
}

/** The actions of all legs of all parts, such as `BUY_TO_COVER`. */
export function actionsOf({ OrderDetail: parts }: OrderWire): (string | null)[] {
  return parts.flatMap(legsOf).map(leg => leg.orderAction)
}

/** E*TRADE's own id of an order. */
export function ownId(externalId: string): string {
  return externalId.replace(/\..*$/, '')
}

/** What the details say counts: an event of an open order was seen with fills that were none. */
function toOrder({ Events: events }: OrderWire, detail: DetailWire, externalId: string): BrokerOrder {
  const instruments = legsOf(detail)
  const leg = instruments.length === 1 ? instruments[0] : undefined
  const first = instruments[0]
  const { placedTime: submittedAt } = detail
  if (submittedAt === null) throw new AppError('broker/unreadable', { details: { broker: 'E*TRADE' }, cause: 'an order without a time' })
  const filledQuantity = first?.filledQuantity ?? Dec.zero
  const times = [detail.executedTime, ...(events?.Event ?? []).map(event => event.dateTime)].filter(time => time !== null)
  return {
    externalId,
    symbol: leg ? instrumentOf(leg.Product, leg.osiKey).symbol : null,
    side: leg && BUYS.has(leg.orderAction ?? '') ? 'buy' : leg && SELLS.has(leg.orderAction ?? '') ? 'sell' : null,
    type: detail.priceType ?? '',
    timeInForce: detail.orderTerm ?? '',
    status: statusOf(detail.status ?? '', instruments, filledQuantity),
    statusText: detail.status ?? '',
    quantity: first?.orderedQuantity ?? first?.quantity ?? null,
    filledQuantity,
    limitPrice: notZero(detail.limitPrice),
    stopPrice: notZero(detail.stopPrice),
    averageFillPrice: leg ? notZero(leg.averageExecutionPrice) : null,
    submittedAt,
    updatedAt: times.reduce((a, b) => (Instant.isBefore(a, b) ? b : a), submittedAt),
  }
}

function legsOf({ Instrument: legs, instrument: inner }: DetailWire): InstrumentWire[] {
  return [...legs, ...inner.flatMap(part => part.Instrument)]
}

/** Fills that come one by one end with the last of them. */
function statusOf(word: string, legs: readonly InstrumentWire[], filled: Dec): OrderStatus {
  if (word === 'INDIVIDUAL_FILLS') return legs.length > 0 && legs.every(isWhole) ? 'filled' : 'partially-filled'
  const status = STATUSES.get(word) ?? 'other'
  return status === 'working' && !Dec.isZero(filled) ? 'partially-filled' : status
}

function isWhole({ orderedQuantity, quantity, filledQuantity }: InstrumentWire): boolean {
  const ordered = orderedQuantity ?? quantity ?? null
  return ordered !== null && Dec.cmp(filledQuantity ?? Dec.zero, ordered) >= 0
}

function notZero(value: Dec | null): Dec | null {
  return value === null || Dec.isZero(value) ? null : value
}
