import { Dec } from '../../../../shared/domain/decimal.ts'
import { EXCHANGE_ZONE, Instant, toLocalDate } from '../../../../shared/domain/time.ts'
import { dayOrderEndMs, epochDay } from '../calendar.ts'
import { bookFill } from '../booking.ts'
import { priceNow } from '../history.ts'
import type { Account } from '../history.ts'
import { effectBy } from '../order-book.ts'
import { centsOf } from '../instrument.ts'
import type { Knobs } from '../knobs.ts'
import type { Market } from '../market.ts'
import type { FillEntry, StoryLeg, StoryOrder } from '../story.ts'
import { ibkrFees } from './customers.ts'
import type { IbkrIdentity } from './customers.ts'
import { permIdOf, webIdOf } from './executions.ts'
import { isWorking } from './order.ts'
import type { IbkrOrder, Ticket } from './order.ts'

/** Where an order comes from: a client of TWS with its own number for it, or 0 and 0. */
export interface Origin {
  readonly clientId: number
  readonly orderId: number
}

/** An account the desk trades in. */
export interface Place {
  readonly identity: IbkrIdentity
  readonly account: Account
  readonly market: Market
}

export type DeskEvent =
  | { readonly kind: 'placed' | 'changed' | 'cancelled'; readonly order: IbkrOrder }
  | { readonly kind: 'rejected'; readonly order: IbkrOrder; readonly reason: string }
  | { readonly kind: 'filled'; readonly order: IbkrOrder; readonly entry: FillEntry }

/**
 * Takes orders for all surfaces and books their fills into the story. Market orders fill at once, limits when the market is there
 * already, stops when it is past them; everything else rests until it is cancelled or told to fill.
 */
export interface OrderDesk {
  place(place: Place, ticket: Ticket, origin: Origin, rules: FillRules): IbkrOrder
  change(order: IbkrOrder, ticket: Ticket, rules: FillRules): void
  cancel(order: IbkrOrder): void
  /** Fills what is left of an order, or some pieces of it. */
  fill(order: IbkrOrder, pieces?: Dec): FillEntry
  /** All of them; those for a day that is over are cancelled. */
  all(): readonly IbkrOrder[]
  listen(listener: (event: DeskEvent) => void): () => void
}

const ADDED_FROM = 500

/**
 * What a stand's knobs make of orders. `reject` is the words of a refusal; `hold` keeps all orders resting; `parts` is how many fills
 * an order takes, `half` fills half of it and leaves the rest working.
 */
export interface FillRules {
  readonly reject: string | null
  readonly hold: boolean
  readonly parts: number | 'half'
}

export const ORDER_KNOBS = ['reject-orders', 'hold-orders', 'partial-fills'] as const
export const AT_ONCE: FillRules = { reject: null, hold: false, parts: 1 }

/** Reads the order knobs: `partial-fills` is a number of fills, or anything else for half of the order. */
export function fillRules(knobs: Pick<Knobs, 'get'>): FillRules {
  const partial = knobs.get('partial-fills')
  const parts = partial === null ? 1 : Number(partial) >= 2 ? Number(partial) : 'half'
  return { reject: knobs.get('reject-orders'), hold: knobs.get('hold-orders') !== null, parts }
}

export function createOrderDesk(now: () => Instant): OrderDesk {
  const orders: IbkrOrder[] = []
  const places = new Map<IbkrOrder, Place>()
  const listeners = new Set<(event: DeskEvent) => void>()
  const tell = (event: DeskEvent): void => {
    for (const listener of listeners) listener(event)
  }
  const nowMs = () => Instant.toEpochMs(now())

  const fill = (order: IbkrOrder, pieces = Dec.sub(order.ticket.qty, order.filled)): FillEntry => {
    const place = places.get(order)
    if (!place) throw new RangeError('no such order')
    const entry = book(place, order, pieces, now())
    order.average = averageOf(order, entry)
    order.filled = Dec.add(order.filled, pieces)
    order.last = entry.price
    if (order.filled === order.ticket.qty) close(order, 'Filled')
    tell({ kind: 'filled', order, entry })
    return entry
  }
  const trade = (order: IbkrOrder, market: Market, { hold, parts }: FillRules): void => {
    if (hold || !isWorking(order) || !goes(market, order.ticket)) return
    for (const pieces of inParts(Dec.sub(order.ticket.qty, order.filled), parts)) fill(order, pieces)
  }
  const close = (order: IbkrOrder, status: IbkrOrder['status']): void => {
    order.status = status
    order.closedAt = nowMs()
  }
  return {
    place(place, ticket, { clientId, orderId }, rules) {
      const number = epochDay(toLocalDate(now(), EXCHANGE_ZONE)) * 1000 + ADDED_FROM + orders.length
      const numbers = {
        permId: permIdOf(place.identity, number),
        webId: webIdOf(place.identity, number),
        clientId,
        orderId,
        orderRef: ticket.orderRef,
        type: ticket.type,
        submittedAt: nowMs(),
      }
      const zero = { filled: Dec.zero, average: Dec.zero, last: Dec.zero, closedAt: null, booked: null }
      const order: IbkrOrder = {
        identity: place.identity,
        numbers,
        ticket,
        status: ticket.type === 'LMT' ? 'Submitted' : 'PreSubmitted',
        ...zero,
      }
      orders.push(order)
      places.set(order, place)
      if (rules.reject !== null) {
        close(order, 'Inactive')
        tell({ kind: 'rejected', order, reason: rules.reject })
        return order
      }
      tell({ kind: 'placed', order })
      trade(order, place.market, rules)
      return order
    },
    change(order, ticket, rules) {
      order.ticket = ticket
      tell({ kind: 'changed', order })
      const place = places.get(order)
      if (place) trade(order, place.market, rules)
    },
    cancel(order) {
      close(order, 'Cancelled')
      tell({ kind: 'cancelled', order })
    },
    fill,
    all() {
      for (const order of orders) {
        const { tif, outsideRth } = order.ticket
        const end = tif === 'DAY' && isWorking(order) ? dayOrderEndMs(order.numbers.submittedAt, outsideRth) : Number.POSITIVE_INFINITY
        if (end > nowMs()) continue
        close(order, 'Cancelled')
        order.closedAt = end
        tell({ kind: 'cancelled', order })
      }
      return orders
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Whole pieces in about equal parts, the last taking what is left; or half of them. */
function inParts(qty: Dec, parts: FillRules['parts']): Dec[] {
  const whole = Number(qty)
  if (parts === 'half') return [whole < 2 ? qty : Dec.of(String(Math.floor(whole / 2)))]
  const each = Math.floor(whole / parts)
  if (parts < 2 || each < 1) return [qty]
  const first = Array.from({ length: parts - 1 }, () => Dec.of(String(each)))
  return [...first, Dec.sub(qty, Dec.sum(first))]
}

/** True when the market fills this order now. */
function goes(market: Market, { type, side, limit, stop, instrument }: Ticket): boolean {
  if (type === 'MKT') return true
  if (type === 'TRAIL') return false
  const price = priceNow(market, instrument) / 100
  const buys = side === 'buy'
  const past = stop === null || (buys ? price >= Number(stop) : price <= Number(stop))
  return past && (limit === null || (buys ? price <= Number(limit) : price >= Number(limit)))
}

/** The price an order fills at: the market's where it is good enough, or else its own limit or stop. */
export function fillPrice(market: Market, ticket: Ticket): Dec {
  const now = centsOf(priceNow(market, ticket.instrument))
  return goes(market, ticket) ? now : (ticket.limit ?? ticket.stop ?? now)
}

function averageOf({ average, filled }: IbkrOrder, { qty, price }: FillEntry): Dec {
  const total = Dec.add(filled, qty)
  return Dec.of(((Number(average) * Number(filled) + Number(price) * Number(qty)) / Number(total)).toFixed(8))
}

function book({ identity, account, market }: Place, order: IbkrOrder, qty: Dec, at: Instant): FillEntry {
  const { story } = account
  const { instrument, side, qty: whole } = order.ticket
  const leg: StoryLeg = order.booked?.legs[0] ?? { instrument, side, effect: effectBy(account, instrument, side), qty: whole }
  if (order.booked === null) story.orders.push((order.booked = openOrder(identity, order, leg)))
  const price = fillPrice(market, order.ticket)
  const value = Dec.mul(Dec.mul(qty, price), instrument.multiplier)
  const entry = bookFill(story, order.booked, leg, { at, qty, price, fees: ibkrFees(leg, qty, Number(value)), style: 'inside' })
  account.revision += 1
  return entry
}

function openOrder(identity: IbkrIdentity, { ticket, numbers }: IbkrOrder, leg: StoryLeg): StoryOrder {
  const number = numbers.permId - permIdOf(identity, 0)
  const { submittedAt } = numbers
  return {
    number,
    legs: [leg],
    type: ticket.limit === null ? 'market' : 'limit',
    limit: ticket.limit,
    submittedAt,
    closedAt: submittedAt,
    status: 'filled',
    fills: [],
  }
}
