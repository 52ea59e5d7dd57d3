import { Dec } from '../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import { type ClosedSums, NO_CLOSINGS } from '../store/ledger-days.ts'
import { amountAt, cell, type ClosingColumns, type Closings, endAt, figureAt } from './lots/closings.ts'
import { bigs } from './lots/kernel.ts'
import { addScaled, addTo, newTally, type Tally, totalOf } from './tally.ts'

/** Results of days in one currency. */
export type ClosedDays = Map<LocalDate, ClosedSums>

/** Sums that many days are added to. */
export interface ClosedTally {
  readonly realized: Tally
  readonly fees: Tally
  closings: number
  unknown: number
}

export function newClosedTally(): ClosedTally {
  return { realized: newTally(), fees: newTally(), closings: 0, unknown: 0 }
}

export function closedOf({ realized, fees, closings, unknown }: ClosedTally): ClosedSums {
  return { realized: totalOf(realized), fees: totalOf(fees), closings, unknown }
}

export function addSums(a: ClosedSums, b: ClosedSums): ClosedSums {
  return { realized: Dec.add(a.realized, b.realized), fees: Dec.add(a.fees, b.fees), closings: a.closings + b.closings, unknown: a.unknown + b.unknown }
}

export function subtractSums(a: ClosedSums, b: ClosedSums): ClosedSums {
  return { realized: Dec.sub(a.realized, b.realized), fees: Dec.sub(a.fees, b.fees), closings: a.closings - b.closings, unknown: a.unknown - b.unknown }
}

/** Closings by their day, in the order of their days. One whose cost nobody knows is counted, and is in no sum. */
export function daysOf(all: readonly Closings[]): ClosedDays {
  const days = new Map<LocalDate, ClosedTally>()
  const tallyOf = (day: LocalDate): ClosedTally => {
    let tally = days.get(day)
    if (!tally) days.set(day, (tally = newClosedTally()))
    return tally
  }
  for (const closings of all) addClosings(closings, tallyOf)
  return new Map([...days].map(([day, tally]) => [day, closedOf(tally)]))
}

/** All closings together. */
export function sumsOf(closings: Closings): ClosedSums {
  const tally = newClosedTally()
  if (closings.kind !== 'doubles' || !addAtOnce(closings, tally)) addClosings(closings, () => tally)
  return closedOf(tally)
}

/** Adds all closings to one tally, where no sum of theirs passes what a double holds exactly; false, and nothing added, where one may. */
function addAtOnce({ pnl, fees, scales: { money } }: ClosingColumns<number>, tally: ClosedTally): boolean {
  let [made, paid, most, unknown] = [0, 0, 0, 0]
  for (let at = 0; at < pnl.length; at += 1) {
    const [value, fee] = [cell(pnl, at), cell(fees, at)]
    if (value === null || fee === null || Number.isNaN(value)) unknown += 1
    else {
      made += value
      paid += fee
      most += Math.abs(value) + Math.abs(fee)
    }
  }
  if (most > Number.MAX_SAFE_INTEGER) return false
  tally.unknown += unknown
  tally.closings += pnl.length - unknown
  addScaled(tally.realized, made, money)
  addScaled(tally.fees, paid, money)
  return true
}

/** Adds each closing to the tally of its day; that is asked for once for closings of one day that follow each other. */
export function addClosings(closings: Closings, tallyOf: (day: LocalDate) => ClosedTally): void {
  if (closings.kind === 'doubles') addEach(closings, tallyOf, addScaled)
  else addEach(closings, tallyOf, addBig)
}

type Add<N> = (tally: Tally, value: N, scale: number) => void

const addBig: Add<bigint> = (tally, value, scale) => addTo(tally, bigs.write(value, scale))

function addEach<N>(columns: ClosingColumns<N>, tallyOf: (day: LocalDate) => ClosedTally, add: Add<N>): void {
  const { closed } = columns
  let last: LocalDate | undefined
  let end: number | undefined
  let tally = newClosedTally()
  for (let at = 0; at < closed.length; at += 1) {
    // What one event closed is of one day.
    if (closed[at] !== end) {
      end = cell(closed, at)
      const { day } = endAt(columns, closed, at)
      if (day !== last) tally = tallyOf((last = day))
    }
    addOne(columns, at, tally, add)
  }
}

function addOne<N>({ pnl, fees, scales: { money } }: ClosingColumns<N>, at: number, tally: ClosedTally, add: Add<N>): void {
  const made = amountAt(pnl, at)
  if (made === null) tally.unknown += 1
  else {
    tally.closings += 1
    add(tally.realized, made, money)
    add(tally.fees, figureAt(fees, at), money)
  }
}

/** What is left of `after` without `before`; days that stay the same are left out. */
export function differenceOf(before: ClosedDays, after: ClosedDays): ClosedDays {
  const changes: ClosedDays = new Map()
  for (const day of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(day) ?? NO_CLOSINGS, after.get(day) ?? NO_CLOSINGS]
    if (was.realized !== is.realized || was.fees !== is.fees || was.closings !== is.closings || was.unknown !== is.unknown) changes.set(day, subtractSums(is, was))
  }
  return changes
}
