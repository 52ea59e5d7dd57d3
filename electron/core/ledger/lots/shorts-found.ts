import { Dec } from '../../../../shared/domain/decimal.ts'
import type { Placed } from './cash-in-lieu.ts'
import type { LotEvent } from './lot-event.ts'
import { quantitiesHeld } from './quantity-held.ts'

/**
 * Sales that say nothing of themselves, as short for what later purchases say they cover and nothing else opened: going back from those, each takes of
 * that as much as it sold. Takes and answers events in their order.
 */
export function shortsFound(placed: readonly Placed[]): readonly Placed[] {
  const events = placed.map(({ event }) => event)
  const first = events.findIndex(isPlainSale)
  if (first < 0 || events.findLastIndex(isCover) < first) return placed
  const held = quantitiesHeld(events)
  const found = [...placed]
  let covered: Dec = Dec.zero
  for (const [at, one] of [...placed.entries()].toReversed()) {
    const { event } = one
    if (isPlainSale(event)) {
      if (covered === Dec.zero) continue
      found[at] = { ...one, event: shortFor(event, covered) }
      covered = atLeastZero(Dec.add(covered, event.quantity))
    } else if (isCover(event)) covered = Dec.add(covered, unopened(event.quantity, held[at] ?? Dec.zero))
    // What is bought for another reason says nothing of what was before it.
    else if (event.kind === 'fill' && !Dec.isNegative(event.quantity)) covered = Dec.zero
    else if (event.kind === 'split' && covered !== Dec.zero) covered = atLeastZero(Dec.add(covered, event.quantity))
  }
  return found
}

const isPlainSale = ({ kind, quantity, effect }: LotEvent): boolean => kind === 'fill' && effect === null && Dec.isNegative(quantity)

const isCover = ({ kind, quantity, effect }: LotEvent): boolean => kind === 'fill' && effect === 'close' && !Dec.isNegative(quantity)

const atLeastZero = (value: Dec): Dec => (Dec.isNegative(value) ? Dec.zero : value)

/** What a purchase covers beyond what was short by the words of other rows. */
const unopened = (quantity: Dec, held: Dec): Dec => (Dec.isNegative(held) ? atLeastZero(Dec.add(quantity, held)) : quantity)

function shortFor(event: LotEvent, covered: Dec): LotEvent {
  return Dec.cmp(Dec.abs(event.quantity), covered) <= 0 ? { ...event, effect: 'open' } : { ...event, shortUpTo: covered }
}
