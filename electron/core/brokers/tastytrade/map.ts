import { AppError } from '../../../../shared/contract/errors.ts'
import type { ActivityFacts, Side } from '../../../../shared/domain/activity.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { Instant, type LocalDate } from '../../../../shared/domain/time.ts'
import { exchangeDay } from '../exchange-day.ts'
import { costOf, signed } from './effect.ts'
import { activityKind } from './kinds.ts'
import { assetClassOf, fromSymbol } from './symbols.ts'
import type { TransactionWire } from './wire.ts'

const USD = 'USD'

interface Direction {
  readonly side: Side
  readonly positionEffect: 'open' | 'close' | null
}

const DIRECTIONS = new Map<string, Direction>([
  ['Buy to Open', { side: 'buy', positionEffect: 'open' }],
  ['Buy to Close', { side: 'buy', positionEffect: 'close' }],
  ['Sell to Open', { side: 'sell', positionEffect: 'open' }],
  ['Sell to Close', { side: 'sell', positionEffect: 'close' }],
  ['Buy', { side: 'buy', positionEffect: null }],
  ['Sell', { side: 'sell', positionEffect: null }],
])

// Without an action: an assignment ends a short option, an exercise a long one. An expiration may end either.
const EVENT_SIDES = new Map<string, Side>([
  ['Assignment', 'buy'],
  ['Cash Settled Assignment', 'buy'],
  ['Exercise', 'sell'],
  ['Cash Settled Exercise', 'sell'],
])

/** What an order's or a transaction's action means; undefined for none and for one not known. */
export function directionOf(action: string | null): Direction | undefined {
  return DIRECTIONS.get(action ?? '')
}

/**
 * One row of `/accounts/{n}/transactions` as facts. Fees may be estimates that change under the same id until they settle: the row is
 * read again and its content counts. Throws broker/unreadable for a row without any day.
 */
export function toActivity(wire: TransactionWire): ActivityFacts {
  const type = wire['transaction-type'] ?? ''
  const subType = wire['transaction-sub-type'] ?? ''
  const moment = momentOf(wire)
  const assetClass = assetClassOf(wire['instrument-type'])
  const kind = activityKind({ type, subType, description: wire.description ?? '' })
  const amount = signed(wire['net-value'], wire['net-value-effect']) ?? signed(wire.value, wire['value-effect'])
  return {
    externalId: wire.id,
    brokerType: subType === '' || subType === type ? type : `${type} / ${subType}`,
    symbol: wire.symbol === null ? null : fromSymbol(wire.symbol, assetClass, moment.tradeDate),
    assetClass: wire.symbol === null ? null : assetClass,
    price: wire.price,
    amount,
    fees: kind === 'fee' && amount !== null && Dec.isNegative(amount) ? Dec.neg(amount) : feesOf(wire),
    currency: wire.currency?.toUpperCase() ?? USD,
    ...moment,
    orderId: wire['order-id'],
    description: wire.description,
    status: 'final',
    ...directionFacts(wire, kind, subType),
  }
}

type DirectionFacts = Pick<ActivityFacts, 'kind' | 'side' | 'positionEffect' | 'quantity'>

/** A trade has a side; anything else changes the position by a signed quantity, where its direction is known. */
function directionFacts(wire: TransactionWire, kind: ActivityFacts['kind'], subType: string): DirectionFacts {
  const direction = directionOf(wire.action) ?? directionOf(subType)
  const quantity = wire.quantity === null ? null : Dec.abs(wire.quantity)
  if (kind === 'trade') {
    if (!direction || quantity === null || Dec.isZero(quantity)) return { kind: 'other', side: null, positionEffect: null, quantity: null }
    return { kind, ...direction, quantity }
  }
  const none = { kind, side: null, positionEffect: null }
  // Money that is paid for shares names their number, and moves none.
  if (wire['transaction-type'] !== 'Receive Deliver' || quantity === null) return { ...none, quantity: null }
  const side = direction?.side ?? EVENT_SIDES.get(subType)
  return { ...none, quantity: side === undefined ? null : side === 'buy' ? quantity : Dec.neg(quantity) }
}

function feesOf(wire: TransactionWire): Dec {
  return Dec.sum([
    costOf(wire.commission, wire['commission-effect']),
    costOf(wire['clearing-fees'], wire['clearing-fees-effect']),
    costOf(wire['regulatory-fees'], wire['regulatory-fees-effect']),
    costOf(wire['proprietary-index-option-fees'], wire['proprietary-index-option-fees-effect']),
    costOf(wire['other-charge'], wire['other-charge-effect']),
    costOf(wire['currency-conversion-fees'], wire['currency-conversion-fees-effect']),
  ])
}

function momentOf(wire: TransactionWire): { readonly executedAt: Instant | null; readonly tradeDate: LocalDate } {
  const executedAt = wire['executed-at']
  const stated = wire['transaction-date']
  if (stated !== null) return { executedAt, tradeDate: Instant.is(stated) ? exchangeDay(stated) : stated }
  if (executedAt !== null) return { executedAt, tradeDate: exchangeDay(executedAt) }
  throw new AppError('broker/unreadable', { details: { broker: 'tastytrade' }, cause: 'a transaction without a day' })
}
