import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import type { Gap, MoveFact } from './facts.ts'

const MOST = 50
const SMALL = 5
/** How far two costs of one unit of the same thing may be apart: brokers count fees and rounding their own way. */
const SAME_COST = 0.02
/** How far prices may move beside a split between two trades, and how large a split is that stands out from that. */
const SAME_PRICE = 0.12
const STANDS_OUT = 1.5

/** A split of `to` for `from`, and the last day it can have happened on. */
export interface SplitFound {
  readonly to: number
  readonly from: number
  readonly day: LocalDate
  /** What it changed the holding by. */
  readonly change: Dec
}

/**
 * The split no row tells of that makes the history's quantity into the broker's, and just as much smaller what one unit costs or trades
 * at; null where there is none. Without either price it cannot be told from a purchase, so there is none.
 */
export function splitOf(gap: Gap, moves: readonly MoveFact[], today: LocalDate): SplitFound | null {
  return byCost(gap, today) ?? byPrices(gap, moves, today)
}

/** Since the last row: both costs of one unit are known. */
function byCost({ ledger, broker, held, book, difference }: Gap, today: LocalDate): SplitFound | null {
  if (!held?.averagePrice || !book?.cost || Dec.isZero(ledger) || Dec.isNegative(ledger) !== Dec.isNegative(broker)) return null
  const before = Math.abs(Number(book.cost) / Number(Dec.mul(ledger, book.multiplier ?? Dec.of('1'))))
  const after = Math.abs(Number(held.averagePrice))
  const found = ratioOf(ledger, broker, (to, from) => Math.abs((after * to) / from - before) <= before * SAME_COST)
  return found && { ...found, day: today, change: difference }
}

/** Between two rows: the price fell, or rose, as the quantity then held explains. */
function byPrices({ difference, held, book }: Gap, moves: readonly MoveFact[], today: LocalDate): SplitFound | null {
  const change = Dec.add(difference, book?.missing ?? Dec.zero)
  const priced = moves.flatMap(({ price }, at) => (price === null || Dec.isZero(price) ? [] : [at]))
  let quantity = Dec.zero
  let next = 0
  for (const [at, move] of moves.entries()) {
    quantity = Dec.add(quantity, move.change)
    if (priced[next] !== at) continue
    next += 1
    const later = moves[priced[next] ?? moves.length]
    const after = Number(later?.price ?? held?.price ?? 0)
    const before = Number(move.price)
    if (after === 0 || Dec.isZero(quantity) || !standsOut(before, after)) continue
    const found = ratioOf(
      quantity,
      Dec.add(quantity, change),
      (to, from) => Math.max(to / from, from / to) >= STANDS_OUT && Math.abs((after * to) / from - before) <= before * SAME_PRICE,
    )
    if (found) return { ...found, change, day: later ? dayBefore(later.day, move.day) : today }
  }
  return null
}

/** Whether prices changed so much that a split that stands out may be behind it: most are next to each other, and a long history has tens of thousands. */
const standsOut = (before: number, after: number): boolean => Math.max(before / after, after / before) >= STANDS_OUT * (1 - SAME_PRICE)

function dayBefore(day: LocalDate, first: LocalDate): LocalDate {
  const before = LocalDate.plusDays(day, -1)
  return before < first ? first : before
}

function ratioOf(before: Dec, after: Dec, fits: (to: number, from: number) => boolean): { to: number; from: number } | null {
  if (Dec.isZero(after) || Dec.isNegative(before) !== Dec.isNegative(after)) return null
  for (let small = 1; small <= SMALL; small += 1) {
    for (let large = small + 1; large <= MOST; large += 1) {
      if (fits(large, small) && isRatio(before, after, large, small)) return { to: large, from: small }
      if (fits(small, large) && isRatio(before, after, small, large)) return { to: small, from: large }
    }
  }
  return null
}

function isRatio(before: Dec, after: Dec, to: number, from: number): boolean {
  const left = Dec.sub(Dec.mul(before, Dec.of(String(to))), Dec.mul(after, Dec.of(String(from))))
  if (Dec.isZero(left)) return true
  // Less than one unit is missing after a reverse split: it was paid out.
  return (
    to < from &&
    Dec.decimals(after) === 0 &&
    Dec.isNegative(left) === Dec.isNegative(before) &&
    Dec.cmp(Dec.abs(left), Dec.of(String(from))) < 0
  )
}
