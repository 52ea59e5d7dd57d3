import type { BigClosings, ClosingColumns, ClosingEnd, Closings } from './closings.ts'

/** Room for the closings of one book, which are added in their order. */
export interface ClosingRoom<N> {
  readonly scales: ClosingColumns<N>['scales']
  count: number
  /** What stands for an amount nobody knows. */
  readonly unknown: N | null
  readonly columns: Columns<N>
  /** What was added, with the ends it names; add nothing more. */
  done(ends: readonly ClosingEnd[]): Closings
}

interface Columns<N> {
  readonly opened: number[]
  readonly closed: number[]
  readonly trip: number[]
  readonly quantity: (N | null)[]
  readonly proceeds: (N | null)[]
  readonly cost: (N | null)[]
  readonly pnl: (N | null)[]
  readonly fees: (N | null)[]
}

/** Adds a closing, its ends by their places; `trip` is negative for a short lot. Not one object: there is one call for every piece of history. */
export function addClosing<N>(
  to: ClosingRoom<N>,
  opened: number,
  closed: number,
  trip: number,
  quantity: N,
  proceeds: N | null,
  cost: N | null,
  pnl: N | null,
  fees: N,
): void {
  const { count: at, columns, unknown } = to
  columns.opened[at] = opened
  columns.closed[at] = closed
  columns.trip[at] = trip
  columns.quantity[at] = quantity
  columns.proceeds[at] = proceeds ?? unknown
  columns.cost[at] = cost ?? unknown
  columns.pnl[at] = pnl ?? unknown
  columns.fees[at] = fees
  to.count = at + 1
}

function emptyColumns<N>(): Columns<N> {
  return { opened: [], closed: [], trip: [], quantity: [], proceeds: [], cost: [], pnl: [], fees: [] }
}

/** Kept from one book to the next, unless it grew beyond this. */
const MOST_KEPT = 20_000
let shared: Columns<number> = emptyColumns()

/** Room for closings in doubles. There is one at a time: its columns are used again, because those that grow are written many times over. */
export function doubleRoom(scales: ClosingColumns<number>['scales']): ClosingRoom<number> {
  const columns = shared
  const room = {
    scales,
    count: 0,
    unknown: Number.NaN,
    columns,
    done(ends: readonly ClosingEnd[]): Closings {
      const { count } = room
      const { opened, closed, trip, quantity, proceeds, cost, pnl, fees } = columns
      const closings = {
        kind: 'doubles',
        scales,
        ends,
        opened: opened.slice(0, count),
        closed: closed.slice(0, count),
        trip: trip.slice(0, count),
        quantity: quantity.slice(0, count),
        proceeds: proceeds.slice(0, count),
        cost: cost.slice(0, count),
        pnl: pnl.slice(0, count),
        fees: fees.slice(0, count),
      } as const
      if (count > MOST_KEPT) shared = emptyColumns()
      return closings
    },
  }
  return room
}

/** Room for closings of any size. */
export function bigRoom(scales: ClosingColumns<bigint>['scales']): ClosingRoom<bigint> {
  const columns = emptyColumns<bigint>()
  return { scales, count: 0, unknown: null, columns, done: (ends): BigClosings => ({ kind: 'bigs', scales, ends, ...columns }) }
}
