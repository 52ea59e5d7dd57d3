import { Dec } from '../../../../shared/domain/decimal.ts'
import type { Kernel } from './kernel.ts'
import { sign, size } from './lot-book.ts'
import type { LotEvent } from './lot-event.ts'
import type { EventPlace } from './lot-rows.ts'
import { SHARE_DECIMALS, SPLIT_DECIMALS } from './matcher.ts'
import type { Trip, TripStep } from './trip.ts'

/** A part of an event; `whole` is all of it, unsigned like `quantity`. */
interface Part<N> {
  readonly quantity: N
  readonly whole: N
  readonly costs: N
}

/** What left; `made` is what closing made of it, null where nobody knows and where nothing was closed. */
interface Out<N> extends Part<N> {
  readonly hasClosed: boolean
  readonly made: N | null
}

/** Decimals of quantities, of the price of one, of what was bought and sold for, and of results and costs. */
export interface TripScales {
  readonly quantity: number
  readonly unit: number
  readonly value: number
  readonly money: number
}

export interface Written {
  readonly trips: Trip[]
  readonly steps: TripStep[]
}

/** Takes what happened in its order. */
export interface TripWriter<N> {
  into(event: LotEvent, place: EventPlace, part: Part<N>): void
  out(event: LotEvent, place: EventPlace, part: Out<N>): void
  split(event: LotEvent, place: EventPlace): void
  done(): Written
}

type Words = Pick<Trip, 'trip' | 'key' | 'isShort' | 'openDay' | 'openedAt'>

interface Draft<N> extends Words {
  closeDay: Trip['closeDay']
  closedAt: number | null
  lastAt: number
  fills: number
  held: N
  peak: N
  bought: N
  boughtValue: N
  sold: N
  soldValue: N
  realized: N | null
  hasClosed: boolean
  fees: N
}

/** Writes trips at the scales of their book. */
export function createTripWriter<N>(k: Kernel<N>, scales: TripScales, from: { readonly trip: number; readonly open: Trip | null; readonly withSteps: boolean }): TripWriter<N> {
  const drafts: Draft<N>[] = from.open ? [readTrip(k, scales, from.open)] : []
  const steps: TripStep[] = []
  const step = k.ten(Math.max(0, scales.value - SHARE_DECIMALS))
  const grow = k.ten(scales.value - scales.quantity - scales.unit)
  let number = from.trip
  let open: Draft<N> | undefined = drafts[0]

  /** Without costs; null where no price is known. */
  function valueOf({ kind, price, multiplier, value = null }: LotEvent, { quantity, whole }: Part<N>): N | null {
    if (kind === 'end' && value === null) return k.zero
    if (price !== null) return k.mul(k.mul(k.read(Dec.mul(price, multiplier), scales.unit), quantity), grow)
    if (value === null) return null
    const all = k.read(value, scales.value)
    return k.cmp(quantity, whole) === 0 ? all : k.share(all, quantity, whole, step)
  }

  function count(trip: Draft<N>, event: LotEvent, place: EventPlace, part: Part<N>): void {
    if (event.kind === 'fill' || event.kind === 'end') trip.fills += 1
    trip.lastAt = place.at
    trip.fees = k.add(trip.fees, part.costs)
  }

  function trade(trip: Draft<N>, isPurchase: boolean, quantity: N, value: N | null): void {
    if (value === null) return
    if (isPurchase) [trip.bought, trip.boughtValue] = [k.add(trip.bought, quantity), k.add(trip.boughtValue, value)]
    else [trip.sold, trip.soldValue] = [k.add(trip.sold, quantity), k.add(trip.soldValue, value)]
  }

  function tell(trip: Draft<N>, event: LotEvent, signed: N, { realized, costs }: { readonly realized: N | null; readonly costs: N }): void {
    if (!from.withSteps) return
    steps.push({
      key: event.key, trip: trip.trip, quantity: k.write(signed, scales.quantity), position: k.write(trip.held, scales.quantity),
      realized: realized === null ? null : k.write(realized, scales.money), costs: k.write(costs, scales.money),
    })
  }

  function into(event: LotEvent, place: EventPlace, part: Part<N>): void {
    const isPurchase = !Dec.isNegative(event.quantity)
    if (!open) drafts.push((open = freshTrip(k, (number += 1), event, place)))
    const signed = isPurchase ? part.quantity : k.neg(part.quantity)
    open.held = k.add(open.held, signed)
    const held = size(k, open.held)
    if (k.cmp(held, open.peak) > 0) open.peak = held
    count(open, event, place, part)
    trade(open, isPurchase, part.quantity, valueOf(event, part))
    tell(open, event, signed, { realized: null, costs: part.costs })
  }

  function out(event: LotEvent, place: EventPlace, part: Out<N>): void {
    if (!open) return
    const isPurchase = open.isShort
    const signed = isPurchase ? part.quantity : k.neg(part.quantity)
    open.held = k.add(open.held, signed)
    count(open, event, place, part)
    const { made } = part
    if (part.hasClosed) {
      open.hasClosed = true
      open.realized = open.realized === null || made === null ? null : k.add(open.realized, made)
      const value = valueOf(event, part)
      trade(open, isPurchase, part.quantity, value !== null && isPurchase && event.kind === 'end' ? k.neg(value) : value)
    }
    tell(open, event, signed, { realized: made, costs: part.costs })
    if (sign(k, open.held) === 0) end(open, event, place)
  }

  function end(trip: Draft<N>, event: LotEvent, place: EventPlace): void {
    trip.closeDay = event.day
    trip.closedAt = place.row?.isTimed === true ? place.row.sortAt : null
    if (!trip.hasClosed) trip.realized = null
    open = undefined
  }

  function split(event: LotEvent, place: EventPlace): void {
    if (!open) return
    const [before, change] = [open.held, k.read(event.quantity, scales.quantity)]
    const after = k.add(before, change)
    const grown = (value: N): N => k.share(value, size(k, after), size(k, before), k.ten(scales.quantity - SPLIT_DECIMALS))
    ;[open.bought, open.sold, open.peak] = [grown(open.bought), grown(open.sold), grown(open.peak)]
    open.held = after
    open.lastAt = place.at
    tell(open, event, change, { realized: null, costs: k.zero })
  }

  return { into, out, split, done: () => ({ trips: drafts.map(draft => writeTrip(k, scales, draft)), steps }) }
}

function freshTrip<N>(k: Kernel<N>, trip: number, event: LotEvent, { at, row }: EventPlace): Draft<N> {
  return {
    trip, key: event.key, isShort: Dec.isNegative(event.quantity), openDay: event.day, openedAt: row?.isTimed === true ? row.sortAt : null, closeDay: null, closedAt: null,
    lastAt: at, fills: 0, held: k.zero, peak: k.zero, bought: k.zero, boughtValue: k.zero, sold: k.zero, soldValue: k.zero, realized: k.zero, hasClosed: false, fees: k.zero,
  }
}

function readTrip<N>(k: Kernel<N>, scales: TripScales, { held, quantity, bought, boughtValue, sold, soldValue, realized, fees, ...words }: Trip): Draft<N> {
  const [units, money] = [(value: Dec): N => k.read(value, scales.quantity), (value: Dec): N => k.read(value, scales.money)]
  return {
    ...words, held: units(held), peak: units(quantity), bought: units(bought), boughtValue: k.read(boughtValue, scales.value), sold: units(sold), soldValue: k.read(soldValue, scales.value),
    realized: realized === null ? null : money(realized), hasClosed: !Dec.isZero(words.isShort ? bought : sold), fees: money(fees),
  }
}

function writeTrip<N>(k: Kernel<N>, scales: TripScales, draft: Draft<N>): Trip {
  const [units, money] = [(value: N): Dec => k.write(value, scales.quantity), (value: N): Dec => k.write(value, scales.money)]
  const { trip, key, isShort, openDay, openedAt, closeDay, closedAt, lastAt, fills, realized } = draft
  return {
    trip, key, isShort, openDay, openedAt, closeDay, closedAt, lastAt, fills, held: units(draft.held), quantity: units(draft.peak), bought: units(draft.bought),
    boughtValue: k.write(draft.boughtValue, scales.value), sold: units(draft.sold), soldValue: k.write(draft.soldValue, scales.value), realized: realized === null ? null : money(realized), fees: money(draft.fees),
  }
}
