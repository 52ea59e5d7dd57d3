import { Dec } from '../../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../../shared/domain/time.ts'
import { addClosing, bigRoom, type ClosingRoom, doubleRoom } from './closing-room.ts'
import { bigs, doubles, type Kernel, TooLarge } from './kernel.ts'
import type { Scales } from './lot-book.ts'

/** What one closing did to one lot. `proceeds - cost` is what it made; null where the cost of the lot is not known. */
export interface Realization {
  readonly openKey: string
  readonly closeKey: string
  readonly openDay: LocalDate
  readonly closeDay: LocalDate
  readonly trip: number
  readonly isShort: boolean
  /** Positive. */
  readonly quantity: Dec
  readonly proceeds: Dec | null
  readonly cost: Dec | null
  readonly pnl: Dec | null
  /** The costs of both ends that are inside: fees, and the broker's own rounding. */
  readonly fees: Dec
}

/** One end of a closing: its event and that one's day. */
export interface ClosingEnd {
  readonly key: string
  readonly day: LocalDate
}

/**
 * Closings of one book in their order, as whole numbers at its scales: a column for each figure of a Realization, because there is one for
 * every piece of history. Text is written when it is asked for.
 */
export interface ClosingColumns<N> {
  readonly scales: Pick<Scales, 'quantity' | 'money'>
  readonly ends: readonly ClosingEnd[]
  /** What opened each, and what closed it: places among the ends. */
  readonly opened: ArrayLike<number>
  readonly closed: ArrayLike<number>
  /** The run of each, negative for a short lot. */
  readonly trip: ArrayLike<number>
  readonly quantity: ArrayLike<N | null>
  /** What nobody knows is NaN among doubles and null among others; see amountAt. */
  readonly proceeds: ArrayLike<N | null>
  readonly cost: ArrayLike<N | null>
  readonly pnl: ArrayLike<N | null>
  readonly fees: ArrayLike<N | null>
}

export type DoubleClosings = { readonly kind: 'doubles' } & ClosingColumns<number>
export type BigClosings = { readonly kind: 'bigs' } & ClosingColumns<bigint>

/** In doubles where nothing is too large for them. */
export type Closings = DoubleClosings | BigClosings

/** Closings as text: all of them, or those at some places. */
export function realizationsOf(closings: Closings, places: Iterable<number> = Array(closings.opened.length).keys()): Realization[] {
  return closings.kind === 'doubles' ? written(doubles, closings, places) : written(bigs, closings, places)
}

function written<N>(k: Kernel<N>, columns: ClosingColumns<N>, places: Iterable<number>): Realization[] {
  const { money, quantity: units } = columns.scales
  const moneyOf = (value: N | null): Dec | null => (value === null ? null : k.write(value, money))
  return Array.from(places, at => {
    const [opened, closed, trip] = [endAt(columns, columns.opened, at), endAt(columns, columns.closed, at), cell(columns.trip, at)]
    return {
      openKey: opened.key,
      closeKey: closed.key,
      openDay: opened.day,
      closeDay: closed.day,
      trip: Math.abs(trip),
      isShort: trip < 0,
      quantity: k.write(figureAt(columns.quantity, at), units),
      proceeds: moneyOf(amountAt(columns.proceeds, at)),
      cost: moneyOf(amountAt(columns.cost, at)),
      pnl: moneyOf(amountAt(columns.pnl, at)),
      fees: k.write(figureAt(columns.fees, at), money),
    }
  })
}

/** What a column holds at a place. Throws RangeError beyond its end. */
export function cell<T>(column: ArrayLike<T>, at: number): T {
  const value = column[at]
  if (value === undefined) throw new RangeError('no such closing')
  return value
}

/** What opened or closed the closing at a place. */
export function endAt({ ends }: Pick<Closings, 'ends'>, side: ArrayLike<number>, at: number): ClosingEnd {
  return cell(ends, cell(side, at))
}

/** An amount at a place; null for one nobody knows. */
export function amountAt<N>(column: ArrayLike<N | null>, at: number): N | null {
  const value = cell(column, at)
  return Number.isNaN(value) ? null : value
}

/** A figure that is always known. Throws RangeError for one that is not. */
export function figureAt<N>(column: ArrayLike<N | null>, at: number): N {
  const value = amountAt(column, at)
  if (value === null) throw new RangeError('no such figure')
  return value
}

/** The same closings for arithmetic that never ends. */
export function asBigs(closings: Closings): BigClosings {
  if (closings.kind === 'bigs') return closings
  const { ends, opened, closed, trip, scales } = closings
  const wide = (column: ArrayLike<number | null>): (bigint | null)[] => Array.from(column, value => (value === null || Number.isNaN(value) ? null : BigInt(value)))
  return {
    kind: 'bigs', scales, ends, opened, closed, trip, quantity: wide(closings.quantity), proceeds: wide(closings.proceeds), cost: wide(closings.cost), pnl: wide(closings.pnl), fees: wide(closings.fees),
  }
}

/** Closings after others of the same book. */
export function joinClosings(a: Closings, b: Closings): Closings {
  if (a.scales.quantity !== b.scales.quantity || a.scales.money !== b.scales.money) return closingsOf([...realizationsOf(a), ...realizationsOf(b)])
  if (a.kind === 'doubles' && b.kind === 'doubles') return { kind: 'doubles', ...joined(a, b) }
  return { kind: 'bigs', ...joined(asBigs(a), asBigs(b)) }
}

function joined<N>(a: ClosingColumns<N>, b: ClosingColumns<N>): ClosingColumns<N> {
  const join = <T>(one: ArrayLike<T>, other: ArrayLike<T>): T[] => [...Array.from(one), ...Array.from(other)]
  const moved = (places: ArrayLike<number>): number[] => Array.from(places, place => place + a.ends.length)
  return {
    scales: a.scales,
    ends: [...a.ends, ...b.ends],
    opened: join(a.opened, moved(b.opened)),
    closed: join(a.closed, moved(b.closed)),
    trip: join(a.trip, b.trip),
    quantity: join(a.quantity, b.quantity),
    proceeds: join(a.proceeds, b.proceeds),
    cost: join(a.cost, b.cost),
    pnl: join(a.pnl, b.pnl),
    fees: join(a.fees, b.fees),
  }
}

/** Closings from their text, at as few decimals as hold all of it. */
export function closingsOf(realizations: readonly Realization[]): Closings {
  const scales = scalesOf(realizations)
  try {
    return readInto(doubles, realizations, doubleRoom(scales))
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error
    return readInto(bigs, realizations, bigRoom(scales))
  }
}

function scalesOf(realizations: readonly Realization[]): ClosingColumns<number>['scales'] {
  let [quantity, money] = [0, 0]
  for (const one of realizations) {
    quantity = Math.max(quantity, Dec.decimals(one.quantity))
    for (const amount of [one.proceeds, one.cost, one.fees]) if (amount !== null) money = Math.max(money, Dec.decimals(amount))
  }
  return { quantity, money }
}

function readInto<N>(k: Kernel<N>, realizations: readonly Realization[], room: ClosingRoom<N>): Closings {
  const { money, quantity: units } = room.scales
  const moneyOf = (value: Dec | null): N | null => (value === null ? null : k.read(value, money))
  const ends: ClosingEnd[] = []
  for (const { openKey, openDay, closeKey, closeDay, trip, isShort, quantity, proceeds, cost, pnl, fees } of realizations) {
    const place = ends.push({ key: openKey, day: openDay }, { key: closeKey, day: closeDay }) - 2
    addClosing(room, place, place + 1, isShort ? -trip : trip, k.read(quantity, units), moneyOf(proceeds), moneyOf(cost), moneyOf(pnl), k.read(fees, money))
  }
  return room.done(ends)
}
