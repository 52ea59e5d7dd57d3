import { Dec } from '../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import { type ClosedSums, NO_CLOSINGS } from '../store/ledger-days.ts'
import type { Realization } from './lots/engine.ts'

/** Results of days in one currency. */
export type ClosedDays = Map<LocalDate, ClosedSums>

/** All days together. */
export function sumsOf(days: ClosedDays): ClosedSums {
  return [...days.values()].reduce(addSums, NO_CLOSINGS)
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
