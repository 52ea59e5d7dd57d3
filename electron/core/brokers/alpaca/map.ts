import { AppError } from '../../../../shared/contract/errors.ts'
import type { ActivityFacts, Side } from '../../../../shared/domain/activity.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { type AssetClass, cryptoPair, normalSymbol } from '../../../../shared/domain/instrument.ts'
import type { OrderStatus } from '../../../../shared/domain/order.ts'
import { Instant, LocalDate } from '../../../../shared/domain/time.ts'
import type { BrokerAccount, BrokerBalance, BrokerOrder, BrokerPosition } from '../adapter.ts'
import { exchangeDay } from '../exchange-day.ts'
import { type Instrument, instrumentOf } from './instrument.ts'
import { activityKind, movesPosition } from './kinds.ts'
import type { AccountWire, ActivityWire, OrderWire, PositionWire } from './wire.ts'

const USD = 'USD'

interface Direction {
  readonly side: Side
  readonly positionEffect: 'open' | 'close' | null
}

// `sell_short` is undocumented ("buy or sell") and real; the others are the order API's position intents.
const DIRECTIONS = new Map<string, Direction>([
  ['buy', { side: 'buy', positionEffect: null }],
  ['sell', { side: 'sell', positionEffect: null }],
  ['sell_short', { side: 'sell', positionEffect: 'open' }],
  ['buy_to_open', { side: 'buy', positionEffect: 'open' }],
  ['buy_to_close', { side: 'buy', positionEffect: 'close' }],
  ['sell_to_open', { side: 'sell', positionEffect: 'open' }],
  ['sell_to_close', { side: 'sell', positionEffect: 'close' }],
])

/** One row of `/v2/account/activities` as facts. What is unknown becomes null or `other`; only a row without any day throws broker/unreadable. */
export function toActivity(wire: ActivityWire): ActivityFacts {
  const instrument = instrumentOf(wire.symbol)
  const kind = activityKind(wire.activity_type)
  const part = kind === 'trade' ? tradeFacts(wire, instrument) : otherFacts(wire, kind)
  const { transaction_time: executedAt } = wire
  return {
    externalId: wire.id,
    kind: part.kind,
    brokerType: wire.activity_type,
    symbol: instrument?.symbol ?? null,
    assetClass: instrument?.assetClass ?? null,
    side: part.side,
    positionEffect: part.positionEffect,
    quantity: part.quantity,
    price: wire.price,
    amount: part.amount,
    fees: part.fees,
    currency: blankToNull(wire.currency)?.toUpperCase() ?? instrument?.quote ?? USD,
    executedAt: executedAt ?? (wire.date !== null && Instant.is(wire.date) ? wire.date : null),
    tradeDate: executedAt === null ? dayOf(wire) : exchangeDay(executedAt),
    orderId: blankToNull(wire.order_id),
    description: blankToNull(wire.description),
    status: statusOf(wire),
  }
}

type KindFacts = Pick<ActivityFacts, 'kind' | 'side' | 'positionEffect' | 'quantity' | 'amount' | 'fees'>

/** A fill; or the purchase or sale of shares behind an exercise (`OPTRD`), which says its direction by the sign of `qty`. */
function tradeFacts(wire: ActivityWire, instrument: Instrument | undefined): KindFacts {
  const direction = wire.activity_type === 'FILL' ? DIRECTIONS.get(wire.side ?? '') : bySign(wire.qty)
  if (!direction) return { kind: 'other', side: null, positionEffect: null, quantity: null, amount: wire.net_amount, fees: Dec.zero }
  const { side, positionEffect } = direction
  const quantity = wire.qty === null ? null : Dec.abs(wire.qty)
  const amount = wire.net_amount ?? cashOf(side, quantity, wire.price, instrument?.multiplier)
  return { kind: 'trade', side, positionEffect, quantity, amount, fees: Dec.zero }
}

function otherFacts(wire: ActivityWire, kind: ActivityFacts['kind']): KindFacts {
  const amount = wire.net_amount
  const fees = kind === 'fee' && amount !== null && Dec.isNegative(amount) ? Dec.neg(amount) : Dec.zero
  const quantity = movesPosition(kind, wire.activity_type) ? wire.qty : null
  return { kind, side: null, positionEffect: null, quantity, amount, fees }
}

function bySign(quantity: Dec | null): Direction | undefined {
  if (quantity === null || Dec.isZero(quantity)) return undefined
  return { side: Dec.isNegative(quantity) ? 'sell' : 'buy', positionEffect: null }
}

/** Cash of a trade before the fees Alpaca books as rows of their own; null when a part is missing or the contract is adjusted. */
function cashOf(side: Side, quantity: Dec | null, price: Dec | null, multiplier: Dec | undefined): Dec | null {
  if (quantity === null || price === null || multiplier === undefined) return null
  const shares = multiplier === '1' ? quantity : Dec.mul(quantity, multiplier)
  const value = Dec.mul(shares, price)
  return side === 'buy' ? Dec.neg(value) : value
}

/**
 * The day of a row without a time. The id's prefix is Eastern wall time, so its clock is never read; its day is the exchange's
 * and serves when a row states nothing else.
 */
function dayOf({ id, date }: ActivityWire): LocalDate {
  if (date !== null) return Instant.is(date) ? exchangeDay(date) : date
  const day = `${id.slice(0, 4)}-${id.slice(4, 6)}-${id.slice(6, 8)}`
  if (LocalDate.is(day)) return day
  throw new AppError('broker/unreadable', { details: { broker: 'Alpaca' }, cause: 'an activity without a day' })
}

function statusOf({ status, type }: ActivityWire): ActivityFacts['status'] {
  if (status === 'canceled' || type === 'trade_bust') return 'canceled'
  return status === 'correct' || type === 'trade_correct' ? 'corrected' : 'final'
}

const ASSET_CLASSES = new Map<string, AssetClass>([
  ['us_equity', 'equity'],
  ['us_option', 'option'],
  ['crypto', 'crypto'],
])

export function toAccount(wire: AccountWire): BrokerAccount {
  const type = wire.multiplier === null ? 'Brokerage' : wire.multiplier === '1' ? 'Cash' : 'Margin'
  return { key: wire.id, number: wire.account_number ?? wire.id, name: 'Alpaca account', type, currency: wire.currency ?? USD }
}

export function toBalance(wire: AccountWire, asOf: Instant): BrokerBalance {
  return { currency: wire.currency ?? USD, netLiquidation: wire.equity, cash: wire.cash, buyingPower: wire.buying_power, asOf }
}

/** A holding; short ones are negative whatever sign Alpaca gives them. Coins are spelled `BTCUSD` here and `BTC/USD` in orders. */
export function toPosition(wire: PositionWire, asOf: Instant): BrokerPosition {
  const short = wire.side === 'short'
  const symbol = normalSymbol(wire.symbol)
  return {
    symbol: wire.asset_class === 'crypto' ? (cryptoPair(symbol) ?? symbol) : symbol,
    assetClass: ASSET_CLASSES.get(wire.asset_class ?? '') ?? 'other',
    quantity: short ? Dec.neg(Dec.abs(wire.qty)) : wire.qty,
    averagePrice: wire.avg_entry_price,
    marketValue: wire.market_value,
    unrealized: wire.unrealized_pl,
    currency: USD,
    asOf,
  }
}

const WORKING = [
  'new',
  'accepted',
  'pending_new',
  'accepted_for_bidding',
  'held',
  'pending_cancel',
  'pending_replace',
  'stopped',
  'suspended',
  'calculated',
  'done_for_day',
]
const STATUSES = new Map<string, OrderStatus>([
  ...WORKING.map(word => [word, 'working'] as const),
  ['partially_filled', 'partially-filled'],
  ['filled', 'filled'],
  ['canceled', 'canceled'],
  ['expired', 'expired'],
  ['replaced', 'replaced'],
  ['rejected', 'rejected'],
])

export function toOrder(wire: OrderWire): BrokerOrder {
  const submittedAt = wire.submitted_at ?? wire.created_at
  return {
    externalId: wire.id,
    symbol: instrumentOf(wire.symbol)?.symbol ?? null,
    side: DIRECTIONS.get(wire.side ?? '')?.side ?? null,
    type: wire.type ?? wire.order_type ?? '',
    timeInForce: wire.time_in_force ?? '',
    status: STATUSES.get(wire.status) ?? 'other',
    statusText: wire.status,
    quantity: wire.qty,
    filledQuantity: wire.filled_qty ?? Dec.zero,
    limitPrice: wire.limit_price,
    stopPrice: wire.stop_price,
    averageFillPrice: wire.filled_avg_price,
    submittedAt,
    updatedAt: wire.updated_at ?? submittedAt,
    clientOrderId: wire.client_order_id,
  }
}

function blankToNull(text: string | null | undefined): string | null {
  const trimmed = text?.trim() ?? ''
  return trimmed === '' ? null : trimmed
}
