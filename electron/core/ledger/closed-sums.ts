import { Dec } from '../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import { type ClosedSums, NO_CLOSINGS } from '../store/ledger-days.ts'
import type { Realization } from './lots/engine.ts'
import { addTo, newTally, type Tally, totalOf } from './tally.ts'

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

export function addClosed(tally: ClosedTally, { realized, fees, closings, unknown }: ClosedSums): void {
  addTo(tally.realized, realized)
  addTo(tally.fees, fees)
  tally.closings += closings
  tally.unknown += unknown
}

export function closedOf({ realized, fees, closings, unknown }: ClosedTally): ClosedSums {
  return { realized: totalOf(realized), fees: totalOf(fees), closings, unknown }
}

/** All days together. */
export function sumsOf(days: ClosedDays): ClosedSums {
  const tally = newClosedTally()
  for (const sums of days.values()) addClosed(tally, sums)
  return closedOf(tally)
}

export function addSums(a: ClosedSums, b: ClosedSums): ClosedSums {
  return { realized: Dec.add(a.realized, b.realized), fees: Dec.add(a.fees, b.fees), closings: a.closings + b.closings, unknown: a.unknown + b.unknown }
}

export function subtractSums(a: ClosedSums, b: ClosedSums): ClosedSums {
  return { realized: Dec.sub(a.realized, b.realized), fees: Dec.sub(a.fees, b.fees), closings: a.closings - b.closings, unknown: a.unknown - b.unknown }
}

/** Closings by their day, in the order of their days. One whose cost nobody knows is counted, and is in no sum. */
export function daysOf(closed: readonly Realization[]): ClosedDays {
  const days: ClosedDays = new Map()
  let day: LocalDate | undefined
  let sums = { ...NO_CLOSINGS }
  for (const { closeDay, pnl, fees } of closed) {
    if (closeDay !== day) {
      day = closeDay
      days.set(day, (sums = { ...(days.get(day) ?? NO_CLOSINGS) }))
    }
    if (pnl === null) sums.unknown += 1
    else {
      sums.closings += 1
      sums.realized = Dec.add(sums.realized, pnl)
      if (!Dec.isZero(fees)) sums.fees = Dec.add(sums.fees, fees)
    }
  }
  return days
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
