import type { TripView } from '../../shared/contract/ledger.ts'
import { Dec } from '../../shared/domain/decimal.ts'

/** Nothing of the round trip was closed yet: it has no result, which is not a result of nothing. */
export function isUntouched({ isOpen, averageExit, realized }: Pick<TripView, 'isOpen' | 'averageExit' | 'realized'>): boolean {
  return isOpen && averageExit === null && realized !== null && Dec.isZero(realized)
}
