import { Dec } from '../../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../../shared/domain/time.ts'
import type { Delivery } from './engine.ts'
import type { Arrival, LotRow } from './lot-row.ts'
import { SPLIT_DECIMALS } from './matcher.ts'
import { partOf } from './share.ts'

/** One instrument that became another in the same account: a changed symbol, a merger for shares, a split into a new listing. */
export interface Exchange {
  /** The broker's ids of the row that took the old one out and the one that brought the new. */
  readonly outId: string
  readonly inId: string
  readonly fromSymbol: string
  readonly toSymbol: string
  /** What came, signed. */
  readonly quantity: Dec
  /** Of a split: how much more there is than before, in case the old name is only what the broker calls the old shares. */
  readonly split?: { readonly day: LocalDate; readonly quantity: Dec } | undefined
}

/**
 * Finds the pairs among all rows of one account and currency: rows of the same day and word, without money, where one instrument left and
 * one came. Where several left or came together nothing says which became which, and none is paired.
 */
export function exchangesOf(rows: readonly LotRow[]): Exchange[] {
  const groups = Map.groupBy(rows.filter(mayExchange), row => `${row.tradeDate}|${row.currency}|${row.kind}|${row.brokerType}`)
  return [...groups.values()].flatMap(group => pairOf(group) ?? [])
}

/** A row that moves an instrument. */
type Moving = LotRow & { readonly symbol: string; readonly quantity: Dec }

/** True for rows exchangesOf looks at: only when one of these changes can an exchange come or go. */
export function mayExchange(row: LotRow): row is Moving {
  const { kind, symbol, quantity, amount, status } = row
  return (
    (kind === 'corporate-action' || kind === 'split') && status !== 'canceled' && symbol !== null && quantity !== null && !Dec.isZero(quantity) &&
    (amount === null || Dec.isZero(amount))
  )
}

function pairOf(group: readonly Moving[]): Exchange | null {
  const [out, into] = [true, false].map(isOut => group.find(({ quantity }) => Dec.isNegative(quantity) === isOut))
  if (group.length !== 2 || !out || !into || out.symbol === into.symbol) return null
  const split = out.kind === 'split' ? { day: into.tradeDate, quantity: Dec.add(out.quantity, into.quantity) } : undefined
  return { outId: out.externalId, inId: into.externalId, fromSymbol: out.symbol, toSymbol: into.symbol, quantity: into.quantity, split }
}

/**
 * The lots that came for those that went, each with its own day and cost: what the old book delivered at the exchange, shared out over the
 * new quantity. Whole units give whole units, fractions are cut at 9 decimals, and the last lot gets the rest. A split out of a name under
 * which nothing was held (a CUSIP of the old shares) is one of what is held under the new name.
 */
export function arrivalsOf({ outId, quantity, split }: Exchange, deliveries: readonly Delivery[]): Arrival[] {
  const gone = deliveries.filter(({ key }) => key === outId)
  if (gone.length === 0 && split) return [{ ...split, cost: null, isSplit: true }]
  const places = Dec.decimals(quantity) === 0 && gone.every(each => Dec.decimals(each.quantity) === 0) ? 0 : SPLIT_DECIMALS
  let [left, held] = [quantity, Dec.sum(gone.map(each => each.quantity))]
  const arrivals: Arrival[] = []
  // The cost of a lot too small to become anything goes on with the next one.
  let carried: Dec | null = Dec.zero
  for (const each of gone) {
    const own = each.quantity === held ? left : partOf(left, each.quantity, held, places)
    left = Dec.sub(left, own)
    held = Dec.sub(held, each.quantity)
    const cost: Dec | null = each.cost === null || carried === null ? null : Dec.add(each.cost, carried)
    carried = Dec.isZero(own) ? cost : Dec.zero
    if (!Dec.isZero(own)) arrivals.push({ day: each.openDay, quantity: own, cost })
  }
  return arrivals
}
