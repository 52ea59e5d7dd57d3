import type { LotMethod } from '../../../../shared/domain/lot-method.ts'
import type { ClosingRoom } from './closing-room.ts'
import type { ClosingEnd } from './closings.ts'
import type { Kernel } from './kernel.ts'
import type { LotEvent } from './lot-event.ts'

/** What is left of something that was opened. Amounts are at the book's scales; `quantity` is negative for a short lot. */
export interface OpenLot<N> {
  /** Its place among the ends of the book: what opened it. */
  readonly source: number
  /** The run from flat to flat it belongs to, from 1. */
  readonly trip: number
  quantity: N
  /** Price times multiplier for one unit of quantity; null once only the whole is known. */
  unit: N | null
  /** The price paid (received, for a short lot) for all that is left, where `unit` is null. Null: nobody knows. */
  principal: N | null
  /** What it cost beside the price. */
  costs: N
  /** True for one that bears the average cost of all such lots: it has a quantity, and what it cost is in the pool until that is spread. */
  isPooled: boolean
}

/** What all pooled lots cost together. */
export type Pool<N> = Pick<OpenLot<N>, 'quantity' | 'unit' | 'principal' | 'costs'>

/** An event while it closes lots: what is left of it, unsigned, and of its costs and its value. There is one at a time. */
interface Running<N> {
  unit: N | null
  isSale: boolean
  left: N
  costs: N
  value: N | null
}

/** Decimals of a book: of quantities, and of all money. */
export interface Scales {
  readonly quantity: number
  readonly money: number
}

/** A part of a lot that went elsewhere without a sale; `quantity` is positive. */
export interface Given<N> {
  /** What opened the lot: its place among the ends of the book. */
  readonly source: number
  readonly event: LotEvent
  readonly quantity: N
  readonly cost: N | null
}

/** Something closed more than there was: what opened it is missing. Signed like the event's quantity. */
export interface Missing<N> {
  readonly event: LotEvent
  readonly quantity: N
}

/**
 * The lots of one instrument in one account on the way through its events, and what they came to. It is plain data, and what changes it are
 * functions of this file: closures made for each book would cost as much again.
 */
export interface Book<N> {
  readonly kernel: Kernel<N>
  readonly scales: Scales
  /** Decimals of the price of one unit. */
  readonly unitScale: number
  /** What shares of costs are cut to. */
  readonly step: N
  readonly method: LotMethod
  /** What may open and close lots, by place: first the lots it goes on from, then the events. */
  readonly ends: readonly ClosingEnd[]
  /** The place of the event it is at. */
  at: number
  readonly running: Running<N>
  /** What the last piece of a lot took out with it; see takeCost. */
  readonly taken: Pick<OpenLot<N>, 'principal' | 'costs'>
  /** What is open: the next to be closed first, for `lifo` last. */
  readonly lots: OpenLot<N>[]
  /** At average cost. */
  readonly pool: Pool<N>
  /** Lots that picks name, by key: at average cost each of them keeps its own. */
  readonly apart: ReadonlySet<string>
  /** The last run from flat to flat, from 1. */
  trip: number
  readonly closings: ClosingRoom<N>
  readonly given: Given<N>[]
  readonly missing: Missing<N>[]
}

export interface BookOptions<N> {
  readonly kernel: Kernel<N>
  readonly scales: Scales
  readonly method: LotMethod
  /** Gets each piece of a lot that was closed. */
  readonly closings: ClosingRoom<N>
  readonly ends: readonly ClosingEnd[]
  /** To go on from; the book changes them. */
  readonly lots?: readonly OpenLot<N>[]
  readonly trip?: number
  readonly apart?: ReadonlySet<string> | undefined
}

/** -1, 0 or 1. */
export const sign = <N>(k: Kernel<N>, value: N): number => k.cmp(value, k.zero)
/** True for less than none: of a sale, and of what is held short. */
export const isShort = <N>(k: Kernel<N>, quantity: N): boolean => k.cmp(quantity, k.zero) < 0
export const lesser = <N>(k: Kernel<N>, a: N, b: N): N => (k.cmp(a, b) < 0 ? a : b)
/** Without its sign. */
export const size = <N>(k: Kernel<N>, value: N): N => (isShort(k, value) ? k.neg(value) : value)

/** Takes the share of `part` in `whole` out of an amount. */
export function shareOf<N>({ kernel: k, step }: Book<N>, amount: N, part: N, whole: N): N {
  return k.cmp(part, whole) === 0 ? amount : k.share(amount, part, whole, step)
}

/** What was paid for all of it; null where nobody knows. */
export function wholeOf<N>(k: Kernel<N>, lot: Pool<N>): N | null {
  return lot.unit === null ? lot.principal : k.mul(lot.unit, size(k, lot.quantity))
}
