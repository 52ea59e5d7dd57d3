import { Dec } from '../../../../shared/domain/decimal.ts'
import type { LotBook, Realization } from './engine.ts'
import { bigs, doubles, type Kernel, TooLarge } from './kernel.ts'
import type { LotEvent } from './lot-event.ts'
import type { EventPlace } from './lot-rows.ts'
import { SHARE_DECIMALS, SPLIT_DECIMALS } from './matcher.ts'
import type { Trip, TripStep } from './trip.ts'
import { createTripWriter, type TripScales, type TripWriter, type Written } from './trip-writer.ts'

export type { Trip, TripStep } from './trip.ts'

/** Where the trips of a book stood: the number of the last one, and that one itself while it is open. */
export interface TripState {
  readonly trip: number
  readonly open: Trip | null
}

export interface Trips {
  /** Oldest first; all but the last are closed. The open one that was handed in comes first, as it is now. */
  readonly trips: readonly Trip[]
  /** What each event did; worked out when asked for. */
  readonly steps: readonly TripStep[]
}

type Matched = Pick<LotBook, 'realizations' | 'deliveries' | 'gaps'>

/**
 * The trips of one book, from its events, their places, and what matching made of them. A sale that turns a position round ends one trip
 * and opens the next; its costs are shared as the lots share them. From a state it goes on where that ended.
 */
export function tripsOf(events: readonly LotEvent[], places: readonly EventPlace[], book: Matched, from: TripState = { trip: 0, open: null }): Trips {
  const scales = scalesWith(events, book, from.open)
  const work = { events, places, book, from, scales }
  return {
    trips: exactly(work, false).trips,
    get steps() {
      return exactly(work, true).steps
    },
  }
}

function exactly(work: Work, withSteps: boolean): Written {
  try {
    return run(doubles, work, withSteps)
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error
    return run(bigs, work, withSteps)
  }
}

function scalesWith(events: readonly LotEvent[], { realizations, deliveries, gaps }: Matched, open: Trip | null): TripScales {
  let quantity = open ? most([open.held, open.quantity, open.bought, open.sold]) : 0
  let [unit, value] = [0, open ? most([open.boughtValue, open.soldValue]) : 0]
  let money = Math.max(SHARE_DECIMALS, open ? most([open.fees, open.realized ?? Dec.zero]) : 0)
  for (const event of events) {
    quantity = Math.max(quantity, event.kind === 'split' ? SPLIT_DECIMALS : Dec.decimals(event.quantity))
    if (event.price !== null) unit = Math.max(unit, Dec.decimals(event.price) + Dec.decimals(event.multiplier))
    else if (event.value != null) value = Math.max(value, SHARE_DECIMALS, Dec.decimals(event.value))
    money = Math.max(money, Dec.decimals(event.costs))
  }
  for (const each of realizations) {
    quantity = Math.max(quantity, Dec.decimals(each.quantity))
    if (each.pnl !== null) money = Math.max(money, Dec.decimals(each.pnl))
  }
  for (const each of [...deliveries, ...gaps]) quantity = Math.max(quantity, Dec.decimals(each.quantity))
  return { quantity, unit, money, value: Math.max(value, quantity + unit) }
}

function most(values: readonly Dec[]): number {
  return values.reduce((places, value) => Math.max(places, Dec.decimals(value)), 0)
}

interface Work {
  readonly events: readonly LotEvent[]
  readonly places: readonly EventPlace[]
  readonly book: Matched
  readonly from: TripState
  readonly scales: TripScales
}

function run<N>(k: Kernel<N>, { events, places, book, from, scales }: Work, withSteps: boolean): Written {
  const writer = createTripWriter(k, scales, { ...from, withSteps })
  const closings = queue(book.realizations, each => each.closeKey)
  const deliveries = queue(book.deliveries, each => each.key)
  const gaps = queue(book.gaps, each => each.key)
  const total = (pieces: readonly { readonly quantity: Dec }[]): N =>
    pieces.reduce((sum, { quantity }) => k.add(sum, k.read(quantity.startsWith('-') ? Dec.neg(quantity) : quantity, scales.quantity)), k.zero)
  for (const [at, event] of events.entries()) {
    const place = places[at] ?? { at: 0, row: null }
    const closed = closings.of(event.key)
    const [gone, missing] = [total(deliveries.of(event.key)), total(gaps.of(event.key))]
    if (event.kind === 'split') {
      if (k.cmp(missing, k.zero) === 0) writer.split(event, place)
      continue
    }
    apply(k, writer, { event, place, closed, out: k.add(total(closed), gone), missing, scales })
  }
  return writer.done()
}

interface Step<N> {
  readonly event: LotEvent
  readonly place: EventPlace
  readonly closed: readonly Realization[]
  readonly out: N
  readonly missing: N
  readonly scales: TripScales
}

function apply<N>(k: Kernel<N>, writer: TripWriter<N>, { event, place, closed, out, missing, scales }: Step<N>): void {
  const size = k.read(Dec.abs(event.quantity), scales.quantity)
  const rest = event.kind === 'end' ? k.zero : k.sub(k.sub(size, out), missing)
  const whole = k.cmp(size, k.zero) === 0 ? out : size
  let costs = k.read(event.costs, scales.money)
  if (k.cmp(out, k.zero) > 0) {
    const own = k.cmp(rest, k.zero) === 0 && k.cmp(missing, k.zero) === 0 ? costs : ownCosts(k, closed, { costs, whole, scales })
    costs = k.sub(costs, own)
    writer.out(event, place, { quantity: out, whole, costs: own, closed })
  }
  if (k.cmp(rest, k.zero) > 0) writer.into(event, place, { quantity: rest, whole, costs })
}

/** What the closings of an event bear of its costs, cut piece by piece as the lots do it. */
function ownCosts<N>(k: Kernel<N>, closed: readonly Realization[], { costs, whole, scales }: { readonly costs: N; readonly whole: N; readonly scales: TripScales }): N {
  const step = k.ten(scales.money - SHARE_DECIMALS)
  let [left, rest] = [whole, costs]
  for (const { quantity } of closed) {
    const part = k.read(quantity, scales.quantity)
    rest = k.sub(rest, k.cmp(part, left) === 0 ? rest : k.share(rest, part, left, step))
    left = k.sub(left, part)
  }
  return k.sub(costs, rest)
}

/** Pieces of matching by their event: both are in the same order. */
function queue<P>(pieces: readonly P[], keyOf: (piece: P) => string): { of(key: string): readonly P[] } {
  const none: readonly P[] = []
  let at = 0
  return {
    of(key) {
      const from = at
      while (at < pieces.length) {
        const piece = pieces[at]
        if (piece === undefined || keyOf(piece) !== key) break
        at += 1
      }
      return at === from ? none : pieces.slice(from, at)
    },
  }
}
