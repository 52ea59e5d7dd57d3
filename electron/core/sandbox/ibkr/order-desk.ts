import { Dec } from '../../../../shared/domain/decimal.ts'
import { EXCHANGE_ZONE, Instant, toLocalDate } from '../../../../shared/domain/time.ts'
import { epochDay } from '../calendar.ts'
import { moveHolding } from '../clerk.ts'
import { priceNow } from '../history.ts'
import type { Account } from '../history.ts'
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
  | { readonly kind: 'placed' | 'changed' | 'cancelled' | 'rejected'; readonly order: IbkrOrder }
  | { readonly kind: 'filled'; readonly order: IbkrOrder; readonly entry: FillEntry }

/** Takes orders for all surfaces and books their fills into the story. Market orders fill at once; all others rest until told. */
export interface OrderDesk {
  place(place: Place, ticket: Ticket, origin: Origin, rules: FillRules): IbkrOrder
  change(order: IbkrOrder, ticket: Ticket, rules: FillRules): void
  cancel(order: IbkrOrder): void
  reject(order: IbkrOrder): void
  /** Fills what is left of an order, or some pieces of it. */
  fill(order: IbkrOrder, pieces?: Dec): FillEntry
  all(): readonly IbkrOrder[]
  listen(listener: (event: DeskEvent) => void): () => void
}

const ADDED_FROM = 500

/** `hold` keeps even market orders resting; `parts` is how many fills an order takes; `reject` refuses it. */
export interface FillRules {
  readonly hold: boolean
  readonly parts: number
  readonly reject: boolean
}

/** What a stand's knobs say about its orders. */
export function fillRules(knobs: Knobs): FillRules {
  const parts = Number(knobs.get('partial-fills') ?? '1')
  return { hold: knobs.get('hold-orders') !== null, parts, reject: knobs.get('reject-orders') !== null }
}

export const ORDER_KNOBS = ['reject-orders', 'hold-orders', 'partial-fills'] as const

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
    const entry = bookFill(place, order, pieces, now())
    order.average = averageOf(order, entry)
    order.filled = Dec.add(order.filled, pieces)
    order.last = entry.price
    if (order.filled === order.ticket.qty) close(order, 'Filled')
    tell({ kind: 'filled', order, entry })
    return entry
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
      if (rules.reject) {
        close(order, 'Inactive')
        tell({ kind: 'rejected', order })
        return order
      }
      tell({ kind: 'placed', order })
      if (ticket.type === 'MKT' && !rules.hold) for (const pieces of inParts(ticket.qty, rules.parts)) fill(order, pieces)
      return order
    },
    change(order, ticket, rules) {
      order.ticket = ticket
      tell({ kind: 'changed', order })
      if (ticket.type === 'MKT' && isWorking(order) && !rules.hold) fill(order)
    },
    cancel(order) {
      close(order, 'Cancelled')
      tell({ kind: 'cancelled', order })
    },
    reject(order) {
      close(order, 'Inactive')
      tell({ kind: 'rejected', order })
    },
    fill,
    all: () => orders,
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Whole pieces in about equal parts; the last takes what is left. */
function inParts(qty: Dec, parts: number): Dec[] {
  const each = Math.floor(Number(qty) / Math.max(1, parts))
  if (parts < 2 || each < 1) return [qty]
  const first = Array.from({ length: parts - 1 }, () => Dec.of(String(each)))
  return [...first, Dec.sub(qty, Dec.sum(first))]
}

/** The price an order fills at: its own limit or stop, or the market. */
export function fillPrice(market: Market, ticket: Ticket): Dec {
  if (ticket.limit !== null) return ticket.limit
  return ticket.stop ?? centsOf(priceNow(market, ticket.instrument))
}

function averageOf({ average, filled }: IbkrOrder, { qty, price }: FillEntry): Dec {
  const total = Dec.add(filled, qty)
  return Dec.of(((Number(average) * Number(filled) + Number(price) * Number(qty)) / Number(total)).toFixed(8))
}

function bookFill({ identity, account, market }: Place, order: IbkrOrder, qty: Dec, at: Instant): FillEntry {
  const { story } = account
  const { ticket } = order
  const { instrument, side } = ticket
  const day = toLocalDate(at, EXCHANGE_ZONE)
  const held = story.holdings.get(instrument.symbol)?.qty ?? Dec.zero
  const closes = !Dec.isZero(held) && Dec.isNegative(held) === (side === 'buy')
  const leg: StoryLeg = { instrument, side, effect: closes ? 'close' : 'open', qty: ticket.qty }
  const booked = (order.booked ??= openOrder(identity, order, leg))
  if (!story.orders.includes(booked)) story.orders.push(booked)
  const price = fillPrice(market, ticket)
  const value = Dec.mul(Dec.mul(qty, price), instrument.multiplier)
  const fees = ibkrFees(leg, qty, Number(value))
  const costs = centsOf(fees.reduce((total, fee) => total + fee.cents, 0))
  const net = Dec.sub(Dec.round(side === 'buy' ? Dec.neg(value) : value, 2), costs)
  const cumulative = Dec.add(order.filled, qty)
  const sequence = ADDED_FROM + story.entries.filter(entry => entry.sequence >= ADDED_FROM).length
  const stamp = { dayNumber: epochDay(day), sequence, at: Instant.toEpochMs(at), micros: 0, day }
  const entry: FillEntry = {
    kind: 'fill',
    ...stamp,
    order: booked,
    leg,
    qty,
    price,
    cumulative,
    leaves: Dec.sub(ticket.qty, cumulative),
    fees,
    net,
  }
  booked.fills.push(entry)
  story.entries.push(entry)
  story.cash = Dec.add(story.cash, net)
  moveHolding(story.holdings, instrument, side === 'buy' ? qty : Dec.neg(qty), Dec.neg(net))
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
