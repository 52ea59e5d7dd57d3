import { Dec } from '../../../../../shared/domain/decimal.ts'
import type { OrderStatus } from '../../../../../shared/domain/order.ts'
import { Instant, LocalDate } from '../../../../../shared/domain/time.ts'
import type { BrokerOrder } from '../../adapter.ts'
import { exchangeDay } from '../../exchange-day.ts'
import { orderSymbol } from './instrument.ts'
import type { OrderStatusWire, OrderWire } from './wire.ts'

export const INACTIVE = 'Inactive'

const STATUSES = new Map<string, OrderStatus>([
  ['PendingSubmit', 'working'],
  ['PreSubmitted', 'working'],
  ['Submitted', 'working'],
  ['PendingCancel', 'working'],
  ['WarnState', 'working'],
  ['Filled', 'filled'],
  ['Cancelled', 'canceled'],
  ['Rejected', 'rejected'],
])

/**
 * Where an order stands. An inactive one was refused, or is held: for shares to borrow, a closed exchange, a setting that wants a yes in TWS. Only one
 * that cannot be canceled is over; any other must not pass for nothing.
 */
export function webStatus(word: string | null, filled: Dec, cannotBeCanceled = false): OrderStatus {
  if (word === INACTIVE) return cannotBeCanceled ? 'rejected' : 'other'
  const known = STATUSES.get(word ?? '') ?? 'other'
  return known === 'working' && !Dec.isZero(filled) ? 'partially-filled' : known
}

/** One order of the list. It says when it last changed, not when it was entered. */
export function toOrder(wire: OrderWire, asOf: Instant): BrokerOrder {
  const at = wire.lastExecutionTime_r === null ? asOf : Instant.fromEpochMs(wire.lastExecutionTime_r)
  const described = {
    assetClass: wire.secType,
    symbol: wire.ticker,
    currency: wire.cashCcy,
    description: wire.description2 ?? wire.description1,
  }
  const filled = wire.filledQuantity ?? Dec.zero
  const type = wire.origOrderType ?? wire.orderType ?? ''
  return {
    externalId: wire.orderId,
    symbol: orderSymbol(described, exchangeDay(at)),
    side: sideOf(wire.side),
    type,
    // The list calls a day order so, whose own words say "Day" and whose status call `DAY`; one at the close has a type of its own.
    timeInForce: wire.timeInForce === 'CLOSE' ? 'DAY' : (wire.timeInForce ?? ''),
    status: webStatus(wire.status, filled),
    statusText: wire.status ?? '',
    quantity: wire.totalSize,
    filledQuantity: filled,
    limitPrice: /limit|lmt/i.test(type) ? wire.price : null,
    stopPrice: /stop|stp/i.test(type) ? (wire.auxPrice ?? (/limit|lmt/i.test(type) ? null : wire.price)) : null,
    averageFillPrice: filledPrice(wire.avgPrice),
    submittedAt: at,
    updatedAt: at,
    clientOrderId: wire.order_ref,
  }
}

/** The answer of the status call, which uses other names and says when the order was entered. */
export function fromStatus(wire: OrderStatusWire, asOf: Instant): BrokerOrder {
  const at = statusTime(wire.order_time) ?? asOf
  const described = {
    assetClass: wire.sec_type,
    symbol: wire.symbol,
    currency: wire.currency,
    description: wire.contract_description_2 ?? wire.contract_description_1,
  }
  const filled = wire.filled_quantity ?? wire.cum_fill ?? Dec.zero
  const type = wire.order_type ?? ''
  return {
    externalId: wire.order_id,
    symbol: orderSymbol(described, exchangeDay(at)),
    side: sideOf(wire.side),
    type,
    timeInForce: wire.tif ?? '',
    status: webStatus(wire.order_status, filled, wire.cannot_cancel_order === true),
    statusText: wire.order_status ?? '',
    quantity: wire.total_size,
    filledQuantity: filled,
    limitPrice: /limit|lmt/i.test(type) ? (wire.limit_price ?? filledPrice(wire.price)) : null,
    stopPrice: /stop|stp/i.test(type) ? wire.stop_price : null,
    averageFillPrice: filledPrice(wire.avg_fill_price ?? wire.average_price),
    submittedAt: at,
    updatedAt: at,
  }
}

function sideOf(word: string | null): 'buy' | 'sell' | null {
  if (/^b/i.test(word ?? '')) return 'buy'
  return /^s/i.test(word ?? '') ? 'sell' : null
}

/** IBKR writes a price that is not there as zero. */
function filledPrice(price: Dec | null): Dec | null {
  return price === null || Dec.isZero(price) ? null : price
}

/** `260401230000`: the year of two digits first, in UTC, as the captured `lastExecutionTime` beside its milliseconds shows. */
function statusTime(text: string | null): Instant | null {
  const [, year, month, day, hour, minute, second] = /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(text ?? '') ?? []
  const date = `20${year}-${month}-${day}`
  return second !== undefined && LocalDate.is(date) ? Instant.parse(`${date}T${hour}:${minute}:${second}Z`) : null
}
