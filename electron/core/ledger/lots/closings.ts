import { Dec } from '../../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../../shared/domain/time.ts'
import { bigs, doubles, type Kernel, TooLarge } from './kernel.ts'
import type { Scales } from './matcher.ts'

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

/**
 * Closings of one book in their order, as whole numbers at its scales: a column for each figure of a Realization, because there is one for
 * every piece of history. Text is written when it is asked for.
 */
export interface ClosingColumns<N> {
  readonly scales: Pick<Scales, 'quantity' | 'money'>
  readonly openKey: readonly string[]
  readonly closeKey: readonly string[]
  readonly openDay: readonly LocalDate[]
  readonly closeDay: readonly LocalDate[]
  readonly trip: readonly number[]
  readonly isShort: readonly boolean[]
  readonly quantity: readonly N[]
  readonly proceeds: readonly (N | null)[]
  readonly cost: readonly (N | null)[]
  readonly pnl: readonly (N | null)[]
  readonly fees: readonly N[]
}

/** The same while closings are added. */
type Growing<N> = { -readonly [Name in keyof ClosingColumns<N>]: ClosingColumns<N>[Name] extends readonly (infer Cell)[] ? Cell[] : ClosingColumns<N>[Name] }

/** Columns without a closing yet. */
export function noClosings<N>({ quantity, money }: Scales): Growing<N> {
  const scales = { quantity, money }
  return { scales, openKey: [], closeKey: [], openDay: [], closeDay: [], trip: [], isShort: [], quantity: [], proceeds: [], cost: [], pnl: [], fees: [] }
}

/** In doubles where nothing is too large for them. */
export type Closings = ({ readonly kind: 'doubles' } & ClosingColumns<number>) | ({ readonly kind: 'bigs' } & ClosingColumns<bigint>)

/** Closings as text: all of them, or those at some places. */
export function realizationsOf(closings: Closings, places: Iterable<number> = closings.openKey.keys()): Realization[] {
  return closings.kind === 'doubles' ? written(doubles, closings, places) : written(bigs, closings, places)
}

function written<N>(k: Kernel<N>, columns: ClosingColumns<N>, places: Iterable<number>): Realization[] {
  const { money, quantity: units } = columns.scales
  const moneyOf = (value: N | null | undefined): Dec | null => (value == null ? null : k.write(value, money))
  return Array.from(places, at => ({
    openKey: cell(columns.openKey, at),
    closeKey: cell(columns.closeKey, at),
    openDay: cell(columns.openDay, at),
    closeDay: cell(columns.closeDay, at),
    trip: cell(columns.trip, at),
    isShort: cell(columns.isShort, at),
    quantity: k.write(cell(columns.quantity, at), units),
    proceeds: moneyOf(columns.proceeds[at]),
    cost: moneyOf(columns.cost[at]),
    pnl: moneyOf(columns.pnl[at]),
    fees: k.write(cell(columns.fees, at), money),
  }))
}

/** What a column holds at a place. Throws RangeError beyond its end. */
export function cell<T>(column: readonly T[], at: number): T {
  const value = column[at]
  if (value === undefined) throw new RangeError('no such closing')
  return value
}

/** The same closings for arithmetic that never ends. */
export function asBigs(closings: Closings): ClosingColumns<bigint> {
  if (closings.kind === 'bigs') return closings
  const { quantity, proceeds, cost, pnl, fees, ...words } = closings
  const wide = (value: number | null): bigint | null => (value === null ? null : BigInt(value))
  return { ...words, quantity: quantity.map(BigInt), proceeds: proceeds.map(wide), cost: cost.map(wide), pnl: pnl.map(wide), fees: fees.map(BigInt) }
}

/** Closings after others of the same book. */
export function joinClosings(a: Closings, b: Closings): Closings {
  if (a.scales.quantity === b.scales.quantity && a.scales.money === b.scales.money) {
    if (a.kind === 'doubles' && b.kind === 'doubles') return { kind: 'doubles', ...joined(a, b) }
    return { kind: 'bigs', ...joined(asBigs(a), asBigs(b)) }
  }
  return closingsOf([...realizationsOf(a), ...realizationsOf(b)])
}

function joined<N>(a: ClosingColumns<N>, b: ClosingColumns<N>): ClosingColumns<N> {
  return {
    scales: a.scales,
    openKey: [...a.openKey, ...b.openKey],
    closeKey: [...a.closeKey, ...b.closeKey],
    openDay: [...a.openDay, ...b.openDay],
    closeDay: [...a.closeDay, ...b.closeDay],
    trip: [...a.trip, ...b.trip],
    isShort: [...a.isShort, ...b.isShort],
    quantity: [...a.quantity, ...b.quantity],
    proceeds: [...a.proceeds, ...b.proceeds],
    cost: [...a.cost, ...b.cost],
    pnl: [...a.pnl, ...b.pnl],
    fees: [...a.fees, ...b.fees],
  }
}

/** Closings from their text, at as few decimals as hold all of it. */
export function closingsOf(realizations: readonly Realization[]): Closings {
  try {
    return { kind: 'doubles', ...read(doubles, realizations) }
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error
    return { kind: 'bigs', ...read(bigs, realizations) }
  }
}

function read<N>(k: Kernel<N>, realizations: readonly Realization[]): ClosingColumns<N> {
  let [units, money] = [0, 0]
  for (const { quantity, proceeds, cost, fees } of realizations) {
    units = Math.max(units, Dec.decimals(quantity))
    for (const amount of [proceeds, cost, fees]) if (amount !== null) money = Math.max(money, Dec.decimals(amount))
  }
  const columns = noClosings<N>({ quantity: units, money })
  const moneyOf = (value: Dec | null): N | null => (value === null ? null : k.read(value, money))
  for (const one of realizations) {
    columns.openKey.push(one.openKey)
    columns.closeKey.push(one.closeKey)
    columns.openDay.push(one.openDay)
    columns.closeDay.push(one.closeDay)
    columns.trip.push(one.trip)
    columns.isShort.push(one.isShort)
    columns.quantity.push(k.read(one.quantity, units))
    columns.proceeds.push(moneyOf(one.proceeds))
    columns.cost.push(moneyOf(one.cost))
    columns.pnl.push(moneyOf(one.pnl))
    columns.fees.push(k.read(one.fees, money))
  }
  return columns
}
