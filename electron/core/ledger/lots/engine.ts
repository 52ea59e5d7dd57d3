import { Dec } from '../../../../shared/domain/decimal.ts'
import type { LotMethod } from '../../../../shared/domain/lot-method.ts'
import type { LocalDate } from '../../../../shared/domain/time.ts'
import { bigRoom, type ClosingRoom, doubleRoom } from './closing-room.ts'
import { cell, type ClosingEnd, type Closings, type Realization, realizationsOf } from './closings.ts'
import { bigs, doubles, type Kernel, TooLarge } from './kernel.ts'
import type { LotEvent } from './lot-event.ts'
import { spreadPool } from './pool.ts'
import type { Given, Missing, OpenLot, Scales } from './lot-book.ts'
import { applyEvent, createBook, SHARE_DECIMALS, SPLIT_DECIMALS } from './matcher.ts'

export type { Realization } from './closings.ts'

/** A lot that is open. Amounts are in the instrument's currency; `quantity` is negative for a short one. */
export interface Lot {
  readonly key: string
  readonly day: LocalDate
  /** The run from flat to flat it belongs to, from 1. */
  readonly trip: number
  readonly quantity: Dec
  /** Price times multiplier; null once only the whole is known. */
  readonly unit: Dec | null
  /** Paid for all of it without costs, where `unit` is null; null when nobody knows. */
  readonly principal: Dec | null
  readonly costs: Dec
}

export interface Delivery {
  readonly openKey: string
  readonly key: string
  readonly openDay: LocalDate
  readonly day: LocalDate
  readonly quantity: Dec
  readonly cost: Dec | null
}

/** Something closed more than the history opened. `quantity` is signed like its event's. */
export interface Gap {
  readonly key: string
  readonly day: LocalDate
  readonly quantity: Dec
}

export interface LotBook {
  readonly lots: readonly Lot[]
  readonly closings: Closings
  /** The closings as text, written when first asked for. */
  readonly realizations: readonly Realization[]
  readonly deliveries: readonly Delivery[]
  readonly gaps: readonly Gap[]
  readonly trip: number
}

/** To go on from: what is open, and the last trip. */
export type BookState = Pick<LotBook, 'lots' | 'trip'>

/**
 * The lots of one instrument in one account and what closing them made, exact to the last decimal: all cash of the events equals what was
 * realized minus what the open lots cost. Events come in their order; from a state it goes on where that ended.
 */
export function matchLots(events: readonly LotEvent[], method: LotMethod, from?: BookState): LotBook {
  const lots = from?.lots ?? []
  const work = { events, method, lots, trip: from?.trip ?? 0 }
  try {
    return atFirstScales(work) ?? run(doubles, doubleRoom(scalesOf(events, lots)), work)
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error
    return run(bigs, bigRoom(scalesOf(events, lots)), work)
  }
}

/** Events that tell the decimals of most books: asking every event costs a third of the work. */
const FEW = 32

/** What a long book comes to at the decimals of its first events; null where some need more. */
function atFirstScales(work: Work): LotBook | null {
  const { events, lots } = work
  if (events.length <= FEW) return null
  try {
    return run(doubles, doubleRoom(scalesOf(events.slice(0, FEW), lots)), work)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

function withText(closings: Closings, book: Omit<LotBook, 'closings' | 'realizations'>): LotBook {
  let text: readonly Realization[] | undefined
  return {
    ...book,
    closings,
    get realizations() {
      return (text ??= realizationsOf(closings))
    },
  }
}

interface Work extends BookState {
  readonly events: readonly LotEvent[]
  readonly method: LotMethod
}

function run<N>(k: Kernel<N>, closings: ClosingRoom<N>, { events, method, lots, trip }: Work): LotBook {
  const { scales } = closings
  const ends: readonly ClosingEnd[] = [...lots, ...events]
  const book = createBook({ kernel: k, scales, method, closings, ends, lots: lots.map((lot, at) => readLot(k, scales, lot, at)), trip, apart: method === 'average' ? picked(events) : undefined })
  for (const event of events) applyEvent(book, event)
  spreadPool(book)
  return withText(closings.done(ends), {
    lots: book.lots.map(lot => writeLot(k, scales, lot, cell(ends, lot.source))),
    deliveries: book.given.map(one => writeGiven(k, scales, one, cell(ends, one.source))),
    gaps: book.missing.map(one => writeMissing(k, scales, one)),
    trip: book.trip,
  })
}

/** Lots that are picked, by key. */
function picked(events: readonly LotEvent[]): ReadonlySet<string> {
  return new Set(events.flatMap(({ picks = [] }) => picks.map(({ lot }) => lot)))
}

/** Decimals that hold everything: money gets those of price times quantity, and at least those of shares. */
export function scalesOf(events: readonly LotEvent[], lots: readonly Lot[]): Scales {
  let [quantity, unit, costs] = [0, 0, 0]
  for (const event of events) {
    quantity = Math.max(quantity, Dec.decimals(event.quantity))
    if (event.price !== null) unit = Math.max(unit, Dec.decimals(event.price) + Dec.decimals(event.multiplier))
    costs = Math.max(costs, Dec.decimals(event.costs), event.value == null ? 0 : Dec.decimals(event.value))
    if (event.picks !== undefined) for (const pick of event.picks) quantity = Math.max(quantity, Dec.decimals(pick.quantity))
  }
  for (const lot of lots) {
    quantity = Math.max(quantity, Dec.decimals(lot.quantity))
    unit = Math.max(unit, lot.unit === null ? 0 : Dec.decimals(lot.unit))
    costs = Math.max(costs, Dec.decimals(lot.costs), lot.principal === null ? 0 : Dec.decimals(lot.principal))
  }
  if (quantity > 0 && events.some(({ kind }) => kind === 'split')) quantity = Math.max(quantity, SPLIT_DECIMALS)
  return { quantity, money: Math.max(quantity + unit, costs, SHARE_DECIMALS) }
}

function writeGiven<N>(k: Kernel<N>, scales: Scales, { event, quantity, cost }: Given<N>, opened: ClosingEnd): Delivery {
  return { openKey: opened.key, key: event.key, openDay: opened.day, day: event.day, quantity: k.write(quantity, scales.quantity), cost: cost === null ? null : k.write(cost, scales.money) }
}

function writeMissing<N>(k: Kernel<N>, scales: Scales, { event, quantity }: Missing<N>): Gap {
  return { key: event.key, day: event.day, quantity: k.write(quantity, scales.quantity) }
}

function readLot<N>(k: Kernel<N>, scales: Scales, { trip, quantity, unit, principal, costs }: Lot, source: number): OpenLot<N> {
  return {
    source, trip, quantity: k.read(quantity, scales.quantity), unit: unit === null ? null : k.read(unit, scales.money - scales.quantity),
    principal: principal === null ? null : k.read(principal, scales.money), costs: k.read(costs, scales.money), isPooled: false,
  }
}

function writeLot<N>(k: Kernel<N>, scales: Scales, { trip, quantity, unit, principal, costs }: OpenLot<N>, { key, day }: ClosingEnd): Lot {
  return {
    key, day, trip, quantity: k.write(quantity, scales.quantity), unit: unit === null ? null : k.write(unit, scales.money - scales.quantity),
    principal: principal === null ? null : k.write(principal, scales.money), costs: k.write(costs, scales.money),
  }
}
