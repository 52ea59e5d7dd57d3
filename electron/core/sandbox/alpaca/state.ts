import { Dec } from '../../../../shared/domain/decimal.ts'
import { Instant } from '../../../../shared/domain/time.ts'
import { closeMs, isTradingDay, openMs } from '../calendar.ts'
import { EXCHANGE_ZONE, LocalDate, toLocalDate } from '../../../../shared/domain/time.ts'
import { hexOf, uuidOf } from '../dice.ts'
import { cashOf, priceNow, valueCents } from '../history.ts'
import type { Account, History } from '../history.ts'
import { centsOf } from '../instrument.ts'
import type { Instrument } from '../instrument.ts'
import type { Holding, StoryLeg, StoryOrder } from '../story.ts'
import { alpacaOrderId } from './rows.ts'

/** The account object. Decimals are strings; daytrade_count is a number, as in the specification and the newer samples. */
export function alpacaAccount(seed: number, { market }: History, account: Account): object {
  const cash = cashOf(account)
  const holdings = [...account.story.holdings.values()]
  const value = (back: number, short: boolean) =>
    centsOf(
      holdings
        .filter(({ qty }) => Dec.isNegative(qty) === short)
        .reduce((total, { instrument, qty }) => total + valueCents(market, instrument, qty, back), 0),
    )
  const long = value(0, false)
  const short = value(0, true)
  const equity = Dec.add(cash, Dec.add(long, short))
  const lastEquity = Dec.add(cash, Dec.add(value(1, false), value(1, true)))
  const initial = Dec.round(Dec.mul(Dec.add(long, Dec.abs(short)), Dec.of('0.5')), 2)
  const maintenance = Dec.round(Dec.mul(Dec.add(long, Dec.abs(short)), Dec.of('0.3')), 2)
  const room = Dec.round(Dec.mul(Dec.sub(equity, initial), Dec.of('2')), 2)
  const power = Dec.isNegative(room) ? Dec.zero : room
  const spare = Dec.isNegative(cash) ? Dec.zero : cash
  return {
    id: uuidOf(seed, 'alpaca account'),
    account_number: alpacaNumber(seed),
    created_at: `${market.days[0] ?? '2020-01-02'}T14:30:00.99658Z`,
    ...UNCHANGING,
    cash,
    portfolio_value: equity,
    equity,
    last_equity: lastEquity,
    buying_power: power,
    regt_buying_power: power,
    non_marginable_buying_power: spare,
    options_buying_power: spare,
    initial_margin: initial,
    maintenance_margin: maintenance,
    last_maintenance_margin: maintenance,
    long_market_value: long,
    short_market_value: short,
  }
}

/** The account's number. */
export function alpacaNumber(seed: number): string {
  return `PA${hexOf(10, seed, 'alpaca number').toUpperCase()}`
}

const UNCHANGING = {
  status: 'ACTIVE',
  crypto_status: 'ACTIVE',
  currency: 'USD',
  daytrading_buying_power: '0',
  options_approved_level: '3',
  options_trading_level: '3',
  sma: '0',
  multiplier: '2',
  accrued_fees: '0',
  pending_transfer_in: '0',
  pending_transfer_out: '0',
  daytrade_count: 0,
  pattern_day_trader: false,
  trading_blocked: false,
  transfers_blocked: false,
  account_blocked: false,
  trade_suspended_by_user: false,
  shorting_enabled: true,
} as const

/** One position. A short quantity is negative. */
export function alpacaPosition({ market }: History, { instrument, qty, cost }: Holding): object {
  const now = valueCents(market, instrument, qty)
  const before = valueCents(market, instrument, qty, 1)
  const price = priceNow(market, instrument)
  const last = instrument.contract ? price : market.close(instrument.symbol, Math.max(0, market.days.length - 2))
  const basis = Number(cost)
  const gain = Dec.sub(centsOf(now), cost)
  const average = Dec.of((basis / Number(qty) / Number(instrument.multiplier)).toFixed(6))
  return {
    asset_id: assetId(instrument),
    symbol: instrument.symbol,
    exchange: market.listings.get(instrument.symbol)?.exchange ?? '',
    asset_class: assetClass(instrument),
    asset_marginable: instrument.contract === null,
    qty,
    qty_available: qty,
    avg_entry_price: average,
    side: Dec.isNegative(qty) ? 'short' : 'long',
    market_value: centsOf(now),
    cost_basis: cost,
    unrealized_pl: gain,
    unrealized_plpc: ratio(Number(gain), Math.abs(basis)),
    unrealized_intraday_pl: centsOf(now - before),
    unrealized_intraday_plpc: ratio(now - before, Math.abs(before)),
    current_price: centsOf(price),
    lastday_price: centsOf(last),
    change_today: ratio(price - last, last),
  }
}

/** One order with a single leg. Every order of this customer has one. */
export function alpacaOrder(seed: number, order: StoryOrder): object {
  const [leg] = order.legs
  if (!leg) throw new RangeError('an order without a leg')
  const { sent } = order
  const filled = order.fills.reduce((total, { qty }) => Dec.add(total, qty), Dec.zero)
  const paid = order.fills.reduce((total, { qty, price }) => total + Number(qty) * Number(price), 0)
  const submitted = Instant.fromEpochMs(order.submittedAt)
  const closed = order.closedAt === null ? null : Instant.fromEpochMs(order.closedAt)
  const lastFill = order.fills.reduce((latest, { at }) => Math.max(latest, at), 0)
  return {
    id: alpacaOrderId(seed, order),
    client_order_id: alpacaClientId(seed, order),
    created_at: submitted,
    updated_at: closed ?? submitted,
    submitted_at: submitted,
    filled_at: lastFill === 0 ? null : Instant.fromEpochMs(lastFill),
    expired_at: order.status === 'expired' ? closed : null,
    canceled_at: order.status === 'canceled' ? closed : null,
    failed_at: order.status === 'rejected' ? closed : null,
    replaced_at: order.status === 'replaced' ? closed : null,
    replaced_by: sent?.replacedBy ? alpacaOrderId(seed, sent.replacedBy) : null,
    replaces: sent?.replaces ? alpacaOrderId(seed, sent.replaces) : null,
    asset_id: assetId(leg.instrument),
    symbol: leg.instrument.symbol,
    asset_class: assetClass(leg.instrument),
    notional: sent?.notional ?? null,
    qty: sent?.notional ? null : leg.qty,
    filled_qty: filled,
    filled_avg_price: Dec.isZero(filled) ? null : Dec.of((paid / Number(filled)).toFixed(6)),
    order_class: 'simple',
    order_type: order.type.replace('-', '_'),
    type: order.type.replace('-', '_'),
    side: leg.side,
    time_in_force: sent?.tif ?? 'day',
    limit_price: order.limit,
    stop_price: sent?.stop ?? null,
    status: statusOf(order, filled),
    extended_hours: sent?.session === 'extended',
    legs: null,
    trail_percent: sent?.trail?.kind === 'percent' ? sent.trail.value : null,
    trail_price: sent?.trail?.kind === 'amount' ? sent.trail.value : null,
    hwm: null,
    position_intent: intentOf(leg),
  }
}

/** The id the client gave the order, or the one it was given. */
export function alpacaClientId(seed: number, { sent, number }: StoryOrder): string {
  return sent?.clientId ?? uuidOf(seed, 'alpaca client order', number)
}

function statusOf({ status }: StoryOrder, filled: Dec): string {
  if (status !== 'open') return status
  return Dec.isZero(filled) ? 'new' : 'partially_filled'
}

/** The market clock at a moment, in the exchange's own offset. */
export function alpacaClock(now: Instant): object {
  const ms = Instant.toEpochMs(now)
  const today = toLocalDate(now, EXCHANGE_ZONE)
  const next = (from: LocalDate, at: (day: LocalDate) => number) => {
    let day = from
    while (!isTradingDay(day) || at(day) <= ms) day = LocalDate.plusDays(day, 1)
    return withOffset(at(day))
  }
  const open = isTradingDay(today) && ms >= openMs(today) && ms < closeMs(today)
  return { timestamp: withOffset(ms), is_open: open, next_open: next(today, openMs), next_close: next(today, closeMs) }
}

function withOffset(ms: number): string {
  const zone = new Intl.DateTimeFormat('en-US', { timeZone: EXCHANGE_ZONE, timeZoneName: 'longOffset' }).formatToParts(ms)
  const offset = zone.find(({ type }) => type === 'timeZoneName')?.value.slice(3) ?? '-05:00'
  const local = new Date(ms + Number(offset.slice(0, 3)) * 3_600_000).toISOString()
  return `${local.slice(0, ms % 1000 === 0 ? 19 : 23)}${offset}`
}

function assetId(instrument: Instrument): string {
  return uuidOf('alpaca asset', instrument.symbol)
}

function assetClass(instrument: Instrument): string {
  return instrument.contract === null ? 'us_equity' : 'us_option'
}

function intentOf({ side, effect }: StoryLeg): string {
  return `${side}_to_${effect}`
}

function ratio(part: number, whole: number): string {
  return whole === 0 ? '0' : String(Number((part / whole).toFixed(10)))
}
