import { Dec } from '../../../../shared/domain/decimal.ts'
import { amountAt, asBigs, cell, type ClosingColumns, endAt, figureAt } from './closings.ts'
import type { LotBook } from './engine.ts'
import { bigs, doubles, type Kernel, TooLarge } from './kernel.ts'
import { sign, size } from './lot-book.ts'
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

type Matched = Pick<LotBook, 'closings' | 'deliveries' | 'gaps'>

/**
 * The trips of one book, from its events, their places, and what matching made of them. A sale that turns a position round ends one trip
 * and opens the next; its costs are shared as the lots share them. From a state it goes on where that ended.
 */
export function tripsOf(events: readonly LotEvent[], places: readonly EventPlace[], book: Matched, from: TripState = { trip: 0, open: null }): Trips {
  const work = { events, places, book, from, scales: scalesWith(events, book, from.open) }
  return {
    trips: exactly(work, false).trips,
    get steps() {
      return exactly(work, true).steps
    },
  }
}

function exactly(work: Work, withSteps: boolean): Written {
  const { closings } = work.book
  if (closings.kind === 'bigs') return run(bigs, closings, work, withSteps)
  try {
    return run(doubles, closings, work, withSteps)
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error
    return run(bigs, asBigs(closings), work, withSteps)
  }
}

/** Decimals that hold everything, those of the closings first: their figures are added as they are. */
function scalesWith(events: readonly LotEvent[], { closings: { scales } }: Matched, open: Trip | null): TripScales {
  let quantity = Math.max(scales.quantity, open ? most([open.held, open.quantity, open.bought, open.sold]) : 0)
  let [unit, value] = [0, open ? most([open.boughtValue, open.soldValue]) : 0]
  const money = Math.max(scales.money, open ? most([open.fees, open.realized ?? Dec.zero]) : 0)
  for (const event of events) {
    if (event.kind === 'split') quantity = Math.max(quantity, SPLIT_DECIMALS)
    if (event.price !== null) unit = Math.max(unit, Dec.decimals(event.price) + Dec.decimals(event.multiplier))
    else if (event.value != null) value = Math.max(value, SHARE_DECIMALS, Dec.decimals(event.value))
  }
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

function run<N>(k: Kernel<N>, closings: ClosingColumns<N>, { events, places, book, from, scales }: Work, withSteps: boolean): Written {
  const writer = createTripWriter(k, scales, { ...from, withSteps })
  const pieces = piecesOf(k, closings, scales)
  const deliveries = totals(k, book.deliveries, scales)
  const gaps = totals(k, book.gaps, scales)
  for (let at = 0; at < events.length; at += 1) {
    const event = cell(events, at)
    const place = places[at] ?? NOWHERE
    const [closed, gone, missing] = [pieces.under(event.key), deliveries(event.key), gaps(event.key)]
    if (event.kind === 'split') {
      if (k.cmp(missing, k.zero) === 0) writer.split(event, place)
      continue
    }
    apply(k, writer, { event, place, pieces, closed, out: k.add(closed, gone), missing, scales })
  }
  return writer.done()
}

const NOWHERE: EventPlace = { at: 0, row: null }

interface Step<N> {
  readonly event: LotEvent
  readonly place: EventPlace
  /** At the closings of this event; `closed` is how much they closed, `out` what left at all. */
  readonly pieces: Pieces<N>
  readonly closed: N
  readonly out: N
  readonly missing: N
  readonly scales: TripScales
}

function apply<N>(k: Kernel<N>, writer: TripWriter<N>, { event, place, pieces, closed, out, missing, scales }: Step<N>): void {
  const told = size(k, k.read(event.quantity, scales.quantity))
  const rest = k.sub(k.sub(told, out), missing)
  const whole = sign(k, told) === 0 ? out : told
  let costs = k.read(event.costs, scales.money)
  if (k.cmp(out, k.zero) > 0) {
    // What a sale of more than was there made is known in part: as a whole nobody knows it.
    const isPart = k.cmp(missing, k.zero) > 0
    const own = k.cmp(rest, k.zero) === 0 && !isPart ? costs : pieces.ownCosts(costs, whole)
    costs = k.sub(costs, own)
    writer.out(event, place, { quantity: out, whole, costs: own, hasClosed: k.cmp(closed, k.zero) > 0, made: isPart ? null : pieces.made() })
  }
  if (k.cmp(rest, k.zero) <= 0) return
  // What is missing has its part of the costs.
  if (k.cmp(missing, k.zero) > 0) costs = k.share(costs, rest, k.add(rest, missing), k.ten(scales.money - SHARE_DECIMALS))
  writer.into(event, place, { quantity: rest, whole, costs })
}

/** The closings of one event after the other. */
interface Pieces<N> {
  /** Goes on to those of an event, in the order of matching, and answers how much they closed. */
  under(key: string): N
  /** What they made; null where nobody knows, and without any. */
  made(): N | null
  /** What they bear of the costs of their event, cut piece by piece as the lots do it. */
  ownCosts(costs: N, whole: N): N
}

function piecesOf<N>(k: Kernel<N>, columns: ClosingColumns<N>, scales: TripScales): Pieces<N> {
  const { closed, quantity, pnl, scales: own } = columns
  const [units, money] = [grower(k, scales.quantity - own.quantity), grower(k, scales.money - own.money)]
  const step = k.ten(scales.money - SHARE_DECIMALS)
  let [from, to] = [0, 0]
  return {
    under(key) {
      from = to
      let total = k.zero
      for (; to < closed.length && endAt(columns, closed, to).key === key; to += 1) total = k.add(total, units(figureAt(quantity, to)))
      return total
    },
    made() {
      if (from === to) return null
      let total = k.zero
      for (let at = from; at < to; at += 1) {
        const piece = amountAt(pnl, at)
        if (piece === null) return null
        total = k.add(total, money(piece))
      }
      return total
    },
    ownCosts(costs, whole) {
      let [left, rest] = [whole, costs]
      for (let at = from; at < to; at += 1) {
        const part = units(figureAt(quantity, at))
        rest = k.sub(rest, k.cmp(part, left) === 0 ? rest : k.share(rest, part, left, step))
        left = k.sub(left, part)
      }
      return k.sub(costs, rest)
    },
  }
}

/** Brings values to a scale with so many decimals more. */
function grower<N>(k: Kernel<N>, decimals: number): (value: N) => N {
  if (decimals === 0) return value => value
  const grow = k.ten(decimals)
  return value => k.mul(value, grow)
}

/** Sums of what is told by the event, unsigned; ask in the order of the events. */
function totals<N>(k: Kernel<N>, pieces: readonly { readonly key: string; readonly quantity: Dec }[], scales: TripScales): (key: string) => N {
  let at = 0
  return key => {
    let total = k.zero
    for (let piece = pieces[at]; piece !== undefined && piece.key === key; piece = pieces[at]) {
      total = k.add(total, k.read(Dec.abs(piece.quantity), scales.quantity))
      at += 1
    }
    return total
  }
}
