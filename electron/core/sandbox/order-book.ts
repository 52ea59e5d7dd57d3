import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { dayOrderEndMs } from './calendar.ts'
import { bookFill, nextOrderNumber } from './booking.ts'
import type { FeeList, FeeStyle } from './clerk.ts'
import { priceNow, valueCents } from './history.ts'
import type { Account } from './history.ts'
import { centsOf } from './instrument.ts'
import type { Instrument } from './instrument.ts'
import type { Knobs } from './knobs.ts'
import type { Market } from './market.ts'
import type { FeeLine, Sent, StoryLeg, StoryOrder } from './story.ts'

/** The knobs of every stand with an order book: the words of a rejection, orders that rest whatever the market says, half fills. */
export const ORDER_KNOBS: readonly string[] = ['reject-orders', 'hold-orders', 'partial-fills']

/** An order as a client asks for it. */
export interface Ticket extends Omit<Sent, 'reason' | 'replaces' | 'replacedBy'> {
  readonly legs: readonly StoryLeg[]
  readonly type: StoryOrder['type']
  readonly limit: Dec | null
}

export interface OrderBookOptions {
  readonly account: Account
  readonly market: Market
  readonly now: () => Instant
  readonly knobs: Knobs
  readonly style: FeeStyle
  readonly fees: FeeList
}

/** What an order would change. Amounts in dollars. */
export interface Estimate {
  /** Signed cash before costs. */
  readonly value: Dec
  readonly fees: readonly FeeLine[]
  readonly costs: Dec
  /** Signed cash after costs. */
  readonly net: Dec
  /** Pieces it would sell beyond what is held. */
  readonly uncovered: Dec
}

/**
 * Takes orders of one account and books what they do into its story. Market orders fill at once at today's price, limit orders
 * when the market is there already, stops when it is past them; everything else rests until it is canceled or replaced.
 */
export interface OrderBook {
  estimate(ticket: Ticket): Estimate
  /** `reason` refuses the order after it was taken, as brokers do that check late. */
  place(ticket: Ticket, about?: { readonly replaces?: StoryOrder; readonly reason?: string }): StoryOrder
  /** Ends a resting order. */
  cancel(order: StoryOrder): void
  /** Ends the orders for a day that is over. */
  expire(): void
}

/** An order for the day in the words of the brokers; tastytrade's `Ext` is one for the hours around it too. */
const FOR_THE_DAY = new Set(['DAY', 'GOOD_FOR_DAY', 'EXT'])
const EXTENDED = /^(?:extended|seamless)$/i

function endOf({ sent, submittedAt }: StoryOrder): number {
  const tif = sent?.tif.toUpperCase() ?? ''
  return FOR_THE_DAY.has(tif) ? dayOrderEndMs(submittedAt, tif === 'EXT' || EXTENDED.test(sent?.session ?? '')) : Number.POSITIVE_INFINITY
}

export function createOrderBook({ account, market, now, knobs, style, fees }: OrderBookOptions): OrderBook {
  const { story } = account
  const close = (order: StoryOrder, status: StoryOrder['status']): void => {
    order.status = status
    order.closedAt = Instant.toEpochMs(now())
    account.revision += 1
  }
  const fill = (order: StoryOrder): void => {
    const half = knobs.get('partial-fills') !== null
    for (const leg of order.legs) {
      const qty = half ? halfOf(leg.qty) : leg.qty
      const price = centsOf(priceNow(market, leg.instrument))
      const value = Number(Dec.mul(Dec.mul(qty, price), leg.instrument.multiplier))
      bookFill(story, order, leg, { at: now(), qty, price, style, fees: style === 'inside' ? fees(leg, qty, value) : [] })
    }
    if (order.legs.every((_, index) => Dec.isZero(order.fills.findLast(({ leg }) => leg === order.legs[index])?.leaves ?? Dec.zero)))
      close(order, 'filled')
    else account.revision += 1
  }
  return {
    estimate: ticket => estimateOf(ticket, account, market, fees),
    place(ticket, { replaces, reason = knobs.get('reject-orders') } = {}) {
      const { legs, type, limit, ...asked } = ticket
      const submittedAt = Instant.toEpochMs(now())
      const sent: Sent = { ...asked, reason, replaces: replaces ?? null, replacedBy: null }
      const number = nextOrderNumber(story, now())
      const order: StoryOrder = { number, legs, type, limit, submittedAt, closedAt: null, status: 'open', fills: [], sent }
      story.orders.push(order)
      account.revision += 1
      if (replaces) {
        if (replaces.sent) replaces.sent.replacedBy = order
        close(replaces, 'replaced')
      }
      if (reason !== null) close(order, 'rejected')
      else if (knobs.get('hold-orders') === null && goes(ticket, market)) fill(order)
      return order
    },
    cancel: order => close(order, 'canceled'),
    expire() {
      const at = Instant.toEpochMs(now())
      for (const order of story.orders) {
        const end = order.status === 'open' ? endOf(order) : Number.POSITIVE_INFINITY
        if (end > at) continue
        close(order, 'expired')
        order.closedAt = end
      }
    },
  }
}

/** Pieces of an order's first leg that are filled. */
export function filledOf({ legs, fills }: StoryOrder): Dec {
  const [leg] = legs
  return fills.filter(fill => fill.leg === leg).reduce((total, { qty }) => Dec.add(total, qty), Dec.zero)
}

/** Whether a trade on this side opens or closes, by what is held. */
export function effectBy(account: Account, instrument: Instrument, side: StoryLeg['side']): StoryLeg['effect'] {
  const held = account.story.holdings.get(instrument.symbol)?.qty ?? Dec.zero
  if (Dec.isZero(held)) return 'open'
  return Dec.isNegative(held) === (side === 'buy') ? 'close' : 'open'
}

/** What an account may spend, in dollars: its cash, and on margin half of its long positions' worth. */
export function buyingPower({ story, bulk }: Account, market: Market, margin: boolean): number {
  const long = [...story.holdings.values()].reduce(
    (total, { instrument, qty }) => total + Math.max(0, valueCents(market, instrument, qty)),
    0,
  )
  const free = Math.max(0, Number(story.cash) + bulk.cashCents() / 100)
  return margin ? free + long / 200 : free
}

/** The quantity an amount of dollars buys, to nine places. */
export function piecesFor(market: Market, instrument: Instrument, dollars: Dec): Dec {
  return Dec.of((Number(dollars) / (priceNow(market, instrument) / 100)).toFixed(9))
}

function halfOf(qty: Dec): Dec {
  return Dec.of(String(Math.max(1, Math.floor(Number(qty) / 2))))
}

function estimateOf({ legs, limit, type }: Ticket, account: Account, market: Market, list: FeeList): Estimate {
  let value = Dec.zero
  let uncovered = Dec.zero
  const fees: FeeLine[] = []
  for (const leg of legs) {
    const price = legs.length === 1 && limit !== null && type !== 'market' ? limit : centsOf(priceNow(market, leg.instrument))
    const worth = Dec.round(Dec.mul(Dec.mul(leg.qty, price), leg.instrument.multiplier), 2)
    value = leg.side === 'buy' ? Dec.sub(value, worth) : Dec.add(value, worth)
    fees.push(...list(leg, leg.qty, Number(worth)))
    const held = account.story.holdings.get(leg.instrument.symbol)?.qty ?? Dec.zero
    const missing = Dec.sub(leg.qty, leg.side === 'sell' ? held : Dec.neg(held))
    if (leg.effect === 'close' && !Dec.isNegative(missing)) uncovered = Dec.add(uncovered, missing)
  }
  const costs = centsOf(fees.reduce((total, { cents }) => total + cents, 0))
  return { value, fees, costs, net: Dec.sub(value, costs), uncovered }
}

/** True when the market fills this order now. */
function goes({ legs, type, limit, stop }: Ticket, market: Market): boolean {
  if (type === 'market') return true
  if (type === 'trailing-stop') return false
  const [leg] = legs
  if (!leg) return false
  const buys = leg.side === 'buy'
  const price = priceNow(market, leg.instrument) / 100
  const past = stop === null || (buys ? price >= Number(stop) : price <= Number(stop))
  if (!past || limit === null) return past
  if (legs.length === 1) return buys ? price <= Number(limit) : price >= Number(limit)
  const credit = legs.reduce((total, { instrument, side }) => total + ((side === 'sell' ? 1 : -1) * priceNow(market, instrument)) / 100, 0)
  return credit >= 0 ? credit >= Number(limit) : -credit <= Number(limit)
}
