import { Dec } from '../../../../shared/domain/decimal.ts'
import type { RowLot } from './lot-row.ts'

/** The number of what has the key of the row itself. */
export const OWN = 1

/**
 * The numbers that the keys of lots told of a row end with, which stay while others are told or taken back: picks name them. The one that was
 * told last, of all that was left, has that of the row, as what was left had before. Lots of earlier versions have theirs by their order.
 */
export function numbersOf(lots: readonly Pick<RowLot, 'quantity' | 'number'>[], came: Dec): number[] {
  const isAll = Dec.cmp(Dec.sum(lots.map(({ quantity }) => quantity)), came) === 0
  return lots.map(({ number }, at) => number ?? (at === 0 && isAll ? OWN : at + 2))
}

/** The number of what nothing is told of yet: the row's, unless a lot has it. */
export function numberOfRest(taken: readonly number[]): number {
  let free = OWN
  while (taken.includes(free)) free += 1
  return free
}

/** The number of a lot told beside others. */
export function numberOfNext(lots: readonly Pick<RowLot, 'quantity' | 'number'>[], quantity: Dec, came: Dec): number {
  const taken = numbersOf(lots, came)
  const isRest = Dec.cmp(Dec.sum([quantity, ...lots.map(lot => lot.quantity)]), came) === 0
  return numberOfRest(isRest ? taken : [OWN, ...taken])
}

export function keyOf(row: string, number: number): string {
  return number === OWN ? row : `${row}~${number}`
}
