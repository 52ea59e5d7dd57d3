import { Dec } from '../../../../shared/domain/decimal.ts'
import type { LotEvent } from './lot-event.ts'

/** What is held before each event of a book, and after the last, by the rules its lots go by: what the history never shows bought is not held short. */
export function quantitiesHeld(events: readonly LotEvent[]): Dec[] {
  const held: Dec[] = [Dec.zero]
  let now: Dec = Dec.zero
  for (const event of events) {
    now = after(now, event)
    held.push(now)
  }
  return held
}

function after(held: Dec, { kind, quantity, effect, shortUpTo }: LotEvent): Dec {
  switch (kind) {
    case 'fill':
      if (shortUpTo !== undefined) return soldShort(held, quantity, shortUpTo)
      return moved(held, quantity, effect === 'open' || (effect === null && !Dec.isNegative(quantity)))
    case 'receive':
      return moved(held, quantity, true)
    case 'deliver':
    case 'exchange':
      return moved(held, quantity, false)
    case 'split':
      return signOf(Dec.add(held, quantity)) === signOf(held) ? Dec.add(held, quantity) : held
    case 'end': {
      const ended = Dec.isZero(quantity) ? Dec.abs(held) : Dec.abs(quantity)
      return moved(held, signOf(held) > 0 ? Dec.neg(ended) : ended, false)
    }
  }
}

function soldShort(held: Dec, quantity: Dec, most: Dec): Dec {
  const next = Dec.add(held, quantity)
  const least = Dec.sub(signOf(held) < 0 ? held : Dec.zero, most)
  return Dec.cmp(next, least) < 0 ? least : next
}

/** What is more than there is opens the other side only where it `opens`. */
function moved(held: Dec, change: Dec, opens: boolean): Dec {
  const next = Dec.add(held, change)
  const closes = signOf(held) !== 0 && signOf(held) !== signOf(change)
  if (opens || (closes && signOf(next) !== signOf(change))) return next
  return closes ? Dec.zero : held
}

const signOf = (value: Dec): number => Dec.cmp(value, Dec.zero)
