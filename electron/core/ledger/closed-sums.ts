import { Dec } from '../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import { type ClosedSums, NO_CLOSINGS } from '../store/ledger-days.ts'
import type { Realization } from './lots/engine.ts'

/** Results of days in one currency. */
export type ClosedDays = Map<LocalDate, ClosedSums>

export function sumsOf(closed: readonly Realization[]): ClosedSums {
  return closed.reduce((sums, one) => addSums(sums, sumOf(one)), NO_CLOSINGS)
}

/** A closing whose cost nobody knows is counted, and is in no sum. */
function sumOf({ pnl, fees }: Realization): ClosedSums {
  return pnl === null ? { ...NO_CLOSINGS, unknown: 1 } : { realized: pnl, fees, closings: 1, unknown: 0 }
}

export function addSums(a: ClosedSums, b: ClosedSums): ClosedSums {
  return { realized: Dec.add(a.realized, b.realized), fees: Dec.add(a.fees, b.fees), closings: a.closings + b.closings, unknown: a.unknown + b.unknown }
}

export function subtractSums(a: ClosedSums, b: ClosedSums): ClosedSums {
  return { realized: Dec.sub(a.realized, b.realized), fees: Dec.sub(a.fees, b.fees), closings: a.closings - b.closings, unknown: a.unknown - b.unknown }
}

/** Closings by their day. */
export function daysOf(closed: readonly Realization[]): ClosedDays {
  const days: ClosedDays = new Map()
  for (const one of closed) days.set(one.closeDay, addSums(days.get(one.closeDay) ?? NO_CLOSINGS, sumOf(one)))
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
