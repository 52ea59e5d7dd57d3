import { AppError } from '../../../shared/contract/errors.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { lastCloseOf, marketOf } from '../../../shared/domain/market-calendar.ts'
import type { Environment } from '../../../shared/domain/broker.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import type { OrderDraft, Quote } from '../../../shared/domain/order.ts'
import { EXCHANGE_ZONE, Instant, LocalDate, toLocalDate } from '../../../shared/domain/time.ts'
import type { BrokerAccount, BrokerBalance, BrokerOrder, BrokerPosition, DateRange } from '../brokers/adapter.ts'
import { isOpen } from '../brokers/order-status.ts'
import type { Reader, Writer } from '../db/connection.ts'
import type { Clock } from '../ports.ts'
import { noteYearRead, oldestOpenOrder, upsertOrders, yearReadAt } from '../store/orders.ts'
import { multiplierOfSymbol } from './multiplier.ts'
import { notListed, vanished, withoutRefused } from './not-listed.ts'
import type { MarketPrice, OrderFacts, WorkingOrder } from './order-facts.ts'
import { isSizeless, leftOf, restingShort } from './short-options.ts'
import { highestPrice, referencePrice, worstPrice } from './worst-case.ts'
import type { Venue } from './venues.ts'

/** What the broker said just now, for one order. */
export interface Reading {
  /** The account as the broker lists it; undefined when it does not. */
  readonly told: BrokerAccount | undefined
  readonly positions: readonly BrokerPosition[]
  /** Those that may still change, ours that the broker does not list yet among them. */
  readonly orders: readonly BrokerOrder[]
  /** What the broker itself told of orders just now. */
  readonly toldOrders: { readonly orders: readonly BrokerOrder[]; readonly days: DateRange }
  readonly balances: readonly BrokerBalance[]
  /** Null when nobody gave a price. */
  readonly quote: Quote | null
  readonly quotedAt: Instant
  /** Prices of what else works without one of its own. */
  readonly others: readonly Quote[]
  /** The account has more than one currency: an order without a quote may be in any of them. */
  readonly isMixed: boolean
}

interface Stop {
  readonly signal: AbortSignal
}

const ORDER_DAYS = 60
const MOST_ORDER_DAYS = 364
const DAY_MS = 86_400_000

/**
 * Reads everything an order is measured by, fresh from the broker: what is held after the orders, so that what fills in between counts
 * twice and never as nothing, and the price last, so that it is the newest. A part that does not come rejects with its own error, but
 * for prices: without one the guard says no.
 */
export async function readForOrder(
  { reader, clock }: { readonly reader: Reader; readonly clock: Clock },
  venue: Venue,
  draft: Pick<OrderDraft, 'symbol'>,
  { signal }: Stop,
): Promise<Reading> {
  const { adapter, account } = venue
  const key = account.brokerKey
  const range = openOrderDays(reader, venue, clock.now())
  const [accounts, listed, balances] = await Promise.all([
    adapter.accounts({ signal }),
    adapter.orders(key, { status: 'open', range }, { signal }),
    adapter.balances(key, { signal }),
  ])
  const lately = await notListed({ reader, clock }, venue, listed, { signal })
  const known = [...listed, ...lately.told, ...lately.asSent]
  const before = await vanished({ reader, clock }, venue, { symbol: draft.symbol, listed: known }, { signal })
  const told = [...lately.told, ...before.told]
  const working = [...listed, ...told.filter(({ status }) => isOpen(status)), ...lately.asSent, ...before.asSent]
  const orders = withoutRefused(reader, account, working)
  const positions = await adapter.positions(key, { signal })
  const isMixed = balances.some(({ currency }) => currency !== account.currency)
  const others = unpriced(orders, draft.symbol, isMixed)
  const quotes = await pricesOf(venue, [draft.symbol, ...others], { signal })
  return {
    told: accounts.find(one => one.key === key),
    positions,
    orders,
    toldOrders: { orders: [...listed, ...told], days: range },
    balances,
    quote: quotes.find(({ symbol }) => symbol === draft.symbol) ?? null,
    quotedAt: clock.now(),
    others: quotes.filter(({ symbol }) => symbol !== draft.symbol),
    isMixed,
  }
}

/** Quotes by symbol; none where the broker gives no prices to this sign-in. A canceled call and an ended sign-in are thrown. */
export async function pricesOf({ adapter, broker }: Venue, symbols: readonly string[], { signal }: Stop): Promise<Quote[]> {
  if (!broker.can.quotes) return []
  try {
    return await adapter.quotes(symbols, { signal })
  } catch (error) {
    if (error instanceof AppError && !['app/canceled', 'auth/sign-in-needed', 'vault/locked'].includes(error.code)) return []
    throw error
  }
}

/** The days on which orders that may still work were entered: all there are, unless those were read lately, and what works is known since. */
export function openOrderDays(reader: Reader, { account }: Pick<Venue, 'account'>, now: Instant): DateRange {
  const today = toLocalDate(now, EXCHANGE_ZONE)
  if (!isYearKnown(reader, account, now)) return { from: LocalDate.plusDays(today, -MOST_ORDER_DAYS), to: LocalDate.plusDays(today, 1) }
  const usual = LocalDate.plusDays(today, -ORDER_DAYS)
  const open = oldestOpenOrder(reader, account.id)
  const oldest = open === null ? usual : toLocalDate(open, EXCHANGE_ZONE)
  const from = oldest < usual ? oldest : usual
  const least = LocalDate.plusDays(today, -MOST_ORDER_DAYS)
  return { from: from < least ? least : from, to: LocalDate.plusDays(today, 1) }
}

function isYearKnown(reader: Reader, { id }: Pick<Venue['account'], 'id'>, now: Instant): boolean {
  const at = yearReadAt(reader, id)
  const age = at === null ? Number.NaN : Instant.msBetween(at, now)
  return age >= 0 && age < ORDER_DAYS * DAY_MS
}

/** Saves what was told of orders that were entered on some of the days that `openOrderDays` names. */
export function saveOpenOrders(
  writer: Writer,
  { account }: Pick<Venue, 'account'>,
  { orders, days }: { readonly orders: readonly BrokerOrder[]; readonly days: DateRange },
  now: Instant,
): void {
  upsertOrders(writer, account.id, orders, now)
  if (days.from <= LocalDate.plusDays(toLocalDate(now, EXCHANGE_ZONE), -MOST_ORDER_DAYS)) noteYearRead(writer, account.id, now)
}

/** Symbols of orders without a price of their own; of all of them where the account has several currencies, which only a quote tells apart. */
export function unpriced(orders: readonly BrokerOrder[], own: string | null, isMixed: boolean): string[] {
  const bare = orders.filter(
    ({ symbol, limitPrice, stopPrice }) => symbol !== null && symbol !== own && (isMixed || (limitPrice === null && stopPrice === null)),
  )
  return [...new Set(bare.flatMap(({ symbol }) => symbol ?? []))]
}

const TRADED: ReadonlySet<AssetClass> = new Set(['equity', 'fund', 'option', 'future', 'future-option', 'crypto'])

/**
 * What is held of what an order is for, or beside it: a listing in another currency may go by the same name, and so may a bond or a
 * contract for difference.
 */
export function heldBeside({ positions, quote }: Pick<Reading, 'positions' | 'quote'>): readonly BrokerPosition[] {
  return positions.filter(({ assetClass, currency }) => TRADED.has(assetClass) && (quote === null || currency === quote.currency))
}

/** How many units of a symbol are held, in the currency an order for it is in; short is negative. */
export function heldOf(reading: Pick<Reading, 'positions' | 'quote'>, symbol: string): Dec {
  return Dec.sum(
    heldBeside(reading)
      .filter(one => one.symbol === symbol)
      .map(({ quantity }) => quantity),
  )
}

/** The orders that still work, as the guard wants them, without the one that is replaced. */
export function workingOf(
  { orders, positions, quote, others, isMixed }: Pick<Reading, 'orders' | 'positions' | 'quote' | 'others' | 'isMixed'>,
  replaces: string | null,
  currency: string,
): WorkingOrder[] {
  const own = positions.filter(position => position.currency === currency)
  return orders
    .filter(({ externalId }) => externalId !== replaces)
    .flatMap((order, at, working): WorkingOrder[] => {
      const { symbol } = order
      const left = leftOf(order)
      // An order nobody can read works on both sides of everything: its value is unknown.
      const sides = order.side === null ? (['buy', 'sell'] as const) : [order.side]
      const price = [quote, ...others].find(one => one?.symbol === symbol) ?? null
      const isForeign = price === null ? isMixed : price.currency !== currency
      return sides.map(side => ({
        symbol: symbol ?? '',
        side,
        quantity: left,
        value: isForeign
          ? ifOnlyClosing({ positions, price, before: working.slice(0, at) }, order, left)
          : plus(
              valueOf({ ...order, side }, left, price),
              restingShort({ positions: own, before: working.slice(0, at) }, { ...order, side }),
            ),
      }))
    })
}

/** Nothing, for an order of unknown value that only closes what is held beside what rests before it; null for any other. */
function ifOnlyClosing(
  { positions, price, before }: Pick<Reading, 'positions'> & { readonly price: Quote | null; readonly before: readonly BrokerOrder[] },
  order: BrokerOrder,
  left: Dec,
): Dec | null {
  const { symbol, side } = order
  if (symbol === null || side === null || isSizeless(order)) return null
  const held = heldOf({ positions, quote: price }, symbol)
  const taken = Dec.sum([left, ...before.filter(one => one.symbol === symbol && one.side === side).map(leftOf)])
  return Dec.isNegative(held) === (side === 'buy') && Dec.cmp(taken, Dec.abs(held)) <= 0 ? Dec.zero : null
}

const plus = (value: Dec | null, more: Dec): Dec | null => value && Dec.add(value, more)

function valueOf(order: BrokerOrder & { readonly side: 'buy' | 'sell' }, left: Dec, price: Quote | null): Dec | null {
  const { symbol, side, limitPrice, stopPrice } = order
  const multiplier = symbol === null ? null : multiplierOfSymbol(symbol)
  const known = (referencePrice(side, price) && highestPrice(price)) ?? limitPrice ?? stopPrice
  if (isSizeless(order) || multiplier === null || known === null) return null
  return Dec.mul(Dec.mul(left, worstPrice({ side, limitPrice, stopPrice }, known)), multiplier)
}

const DELAY_MS = 900_000
/** As old as a price may be that nobody dates. */
const NOBODY_SAYS = Instant.fromEpochMs(0)

/**
 * The price as the guard wants it, bid and ask dated by themselves and the last by itself. While the market is open a price is as old as the broker says, and a delayed one a quarter of an hour
 * older; one without a time is too old. After the close the last one of the session is what there is, but for an order that takes part
 * in extended trading. Practice accounts live with delayed prices: nobody's money hangs on them.
 */
export function marketPrice(
  { quote, quotedAt }: Pick<Reading, 'quote' | 'quotedAt'>,
  draft: Pick<OrderDraft, 'assetClass' | 'extendedHours'>,
  {
    environment,
    session,
    aheadMs,
  }: { readonly environment: Environment; readonly session: OrderFacts['session']; readonly aheadMs: number },
): MarketPrice | null {
  if (quote === null) return null
  const { bid, ask, last, delayed } = quote
  const isPractice = environment !== 'live'
  const close = lastCloseOf(marketOf([draft.assetClass]), Instant.plus(quotedAt, -aheadMs))
  const isTrading = session === 'open' || (session === 'extended' && draft.extendedHours)
  const dated = (told: Instant | null, isOwnClock = false): Instant => {
    const at = told === null ? NOBODY_SAYS : isOwnClock ? Instant.plus(told, -aheadMs) : told
    const isLastOfSession = !isTrading && close !== null && Instant.msBetween(at, close) <= DELAY_MS
    if (isLastOfSession || (isPractice && (delayed || told === null))) return quotedAt
    // By this computer's clock, which may be ahead of the broker's.
    return Instant.plus(at, delayed && !isPractice ? aheadMs - DELAY_MS : aheadMs)
  }
  const { quoted, traded, isOwnClock } = quote.times ?? { quoted: quote.asOf, traded: quote.asOf }
  return { bid, ask, last, asOf: dated(quoted, isOwnClock), lastAsOf: dated(traded) }
}
