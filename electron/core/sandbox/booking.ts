import { Dec } from '../../../shared/domain/decimal.ts'
import { EXCHANGE_ZONE, Instant, toLocalDate } from '../../../shared/domain/time.ts'
import { epochDay } from './calendar.ts'
import { moveHolding } from './clerk.ts'
import type { FeeStyle } from './clerk.ts'
import { centsOf } from './instrument.ts'
import type { FeeLine, FillEntry, Story, StoryLeg, StoryOrder } from './story.ts'

// Sequences and order numbers from here up keep clear of the story's own.
const ADDED_FROM = 500

/** The number of the next order added to a story at a moment. */
export function nextOrderNumber({ orders }: Story, at: Instant): number {
  const first = epochDay(toLocalDate(at, EXCHANGE_ZONE)) * 1000 + ADDED_FROM
  return orders.reduce((next, { number }) => Math.max(next, number + 1), first)
}

/** What one fill of an added order does. */
export interface FillFacts {
  readonly at: Instant
  readonly qty: Dec
  readonly price: Dec
  readonly fees: readonly FeeLine[]
  readonly style: FeeStyle
}

/** Books a fill of an order that was added to a story: entry, holding and cash together. The caller moves the revision on. */
export function bookFill(story: Story, order: StoryOrder, leg: StoryLeg, { at, qty, price, fees, style }: FillFacts): FillEntry {
  const day = toLocalDate(at, EXCHANGE_ZONE)
  const dayNumber = epochDay(day)
  const sequence = story.entries.reduce(
    (next, entry) => (entry.dayNumber === dayNumber ? Math.max(next, entry.sequence + 1) : next),
    ADDED_FROM,
  )
  const value = Dec.mul(Dec.mul(qty, price), leg.instrument.multiplier)
  const cash = leg.side === 'buy' ? Dec.neg(value) : value
  const costs = centsOf(fees.reduce((total, fee) => total + fee.cents, 0))
  const net = style === 'inside' ? Dec.sub(Dec.round(cash, 2), costs) : cash
  const cumulative = order.fills.filter(fill => fill.leg === leg).reduce((total, fill) => Dec.add(total, fill.qty), qty)
  const ms = Instant.toEpochMs(at)
  const entry: FillEntry = {
    kind: 'fill',
    dayNumber,
    sequence,
    at: ms,
    micros: 0,
    day,
    order,
    leg,
    qty,
    price,
    cumulative,
    leaves: Dec.sub(leg.qty, cumulative),
    fees,
    net,
  }
  order.fills.push(entry)
  story.entries.push(entry)
  story.cash = Dec.add(story.cash, net)
  moveHolding(story.holdings, leg.instrument, leg.side === 'buy' ? qty : Dec.neg(qty), Dec.neg(net))
  return entry
}
