import { Dec } from '../../../shared/domain/decimal.ts'
import type { Gap } from './facts.ts'

const MOST = 50
const SMALL = 5
/** How far two costs of one unit of the same thing may be apart: brokers count fees and rounding their own way. */
const NEAR = 0.02

export interface SplitRatio {
  readonly to: number
  readonly from: number
}

/**
 * The ratio of a split that makes the ledger's quantity into the broker's and the cost of one unit smaller by as much; null where there is none. Without
 * both costs it cannot be told from a purchase, so there is none. Fractions a reverse split leaves may have been paid out.
 */
export function splitOf({ ledger, broker, held, book }: Gap): SplitRatio | null {
  if (Dec.isZero(ledger) || Dec.isZero(broker) || Dec.isNegative(ledger) !== Dec.isNegative(broker)) return null
  if (!held?.averagePrice || !book?.cost) return null
  const before = Math.abs(Number(book.cost) / Number(Dec.mul(ledger, book.multiplier ?? Dec.of('1'))))
  const after = Math.abs(Number(held.averagePrice))
  const fits = (to: number, from: number): boolean => isRatio(ledger, broker, to, from) && Math.abs((after * to) / from - before) <= before * NEAR
  for (let small = 1; small <= SMALL && before > 0; small += 1) {
    for (let large = small + 1; large <= MOST; large += 1) {
      if (fits(large, small)) return { to: large, from: small }
      if (fits(small, large)) return { to: small, from: large }
    }
  }
  return null
}

function isRatio(before: Dec, after: Dec, to: number, from: number): boolean {
  const left = Dec.sub(Dec.mul(before, Dec.of(String(to))), Dec.mul(after, Dec.of(String(from))))
  if (Dec.isZero(left)) return true
  // Less than one unit is missing after a reverse split: it was paid out.
  return to < from && Dec.decimals(after) === 0 && Dec.isNegative(left) === Dec.isNegative(before) && Dec.cmp(Dec.abs(left), Dec.of(String(from))) < 0
}
