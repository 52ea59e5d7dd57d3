import { AppError } from '../../../../shared/contract/errors.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import type { OrderStatus } from '../../../../shared/domain/order.ts'
import { Instant } from '../../../../shared/domain/time.ts'
import type { BrokerOrder } from '../adapter.ts'
import { averagePrice } from '../average.ts'
import { exchangeDay } from '../exchange-day.ts'
import { directionOf } from './map.ts'
import { assetClassOf, fromSymbol } from './symbols.ts'
import type { LegWire, OrderWire } from './wire.ts'

// `Contingent` is what an order waiting for the session or for another order is called: it works for the user.
const WORKING = ['Received', 'Routed', 'In Flight', 'Live', 'Contingent', 'Cancel Requested', 'Replace Requested']
const STATUSES = new Map<string, OrderStatus>([
  ...WORKING.map(word => [word, 'working'] as const),
  ['Filled', 'filled'],
  ['Cancelled', 'canceled'],
  ['Removed', 'canceled'],
  ['Partially Removed', 'canceled'],
  ['Expired', 'expired'],
  ['Rejected', 'rejected'],
])

/** The end of the year 9999. */
const LAST_MS = 253_402_300_799_999

/** One order. An order of several legs has no one symbol and no one side. Throws broker/unreadable without an id or any time. */
export function toOrder(wire: OrderWire): BrokerOrder {
  const legs = wire.legs ?? []
  const leg = legs.length === 1 ? legs[0] : undefined
  const times = [wire['received-at'], updatedAt(wire['updated-at']), wire['terminal-at'], ...legs.flatMap(fillTimes)].filter(
    time => time !== null,
  )
  const submittedAt = wire['received-at'] ?? times[0]
  if (wire.id === null || submittedAt === undefined)
    throw new AppError('broker/unreadable', { details: { broker: 'tastytrade' }, cause: 'an order without an id or a time' })
  const quantity = leg?.quantity ?? wire.size
  const filled = filledOf(wire)
  const word = wire.status ?? ''
  return {
    externalId: wire.id,
    symbol: leg?.symbol ? fromSymbol(leg.symbol, assetClassOf(leg['instrument-type']), exchangeDay(submittedAt)) : null,
    side: directionOf(leg?.action ?? null)?.side ?? null,
    type: wire['order-type'] ?? '',
    timeInForce: wire['time-in-force'] ?? '',
    // A canceled order that was edited lives on in another.
    status: wire.edited === true && word === 'Cancelled' ? 'replaced' : statusOf(word, filled),
    statusText: word,
    quantity,
    filledQuantity: filled,
    limitPrice: wire.price,
    stopPrice: wire['stop-trigger'],
    averageFillPrice: leg ? averagePrice(fillsOf(leg)) : null,
    submittedAt,
    updatedAt: times.reduce((a, b) => (Instant.isBefore(a, b) ? b : a), submittedAt),
    clientOrderId: wire['external-identifier'],
  }
}

/** tastytrade has no word for "partly filled": what remains says it. */
export function statusOf(word: string, filled: Dec): OrderStatus {
  const status = STATUSES.get(word) ?? 'other'
  return status === 'working' && !Dec.isZero(filled) ? 'partially-filled' : status
}

/** Filled units of the first leg: fills where they are listed, else what no longer remains. */
export function filledOf({ legs }: Pick<OrderWire, 'legs'>): Dec {
  const leg = legs?.[0]
  if (!leg) return Dec.zero
  if (leg.fills) return Dec.sum(fillsOf(leg).map(fill => fill.quantity))
  return leg.quantity === null || leg['remaining-quantity'] === null ? Dec.zero : Dec.sub(leg.quantity, leg['remaining-quantity'])
}

function fillsOf({ fills }: LegWire): { readonly quantity: Dec; readonly price: Dec }[] {
  return (fills ?? []).flatMap(({ quantity, 'fill-price': price }) => (quantity === null || price === null ? [] : [{ quantity, price }]))
}

function fillTimes({ fills }: LegWire): (Instant | null)[] {
  return (fills ?? []).map(fill => fill['filled-at'])
}

/** Milliseconds since 1970; 0 in an order that was only tried. */
function updatedAt(value: OrderWire['updated-at']): Instant | null {
  const ms = typeof value === 'number' ? value : Number(value ?? 0)
  return Number.isSafeInteger(ms) && ms > 0 && ms <= LAST_MS ? Instant.fromEpochMs(ms) : null
}
