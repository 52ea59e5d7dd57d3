import { Dec } from '../../../shared/domain/decimal.ts'
import type { OrderDraft } from '../../../shared/domain/order.ts'
import type { OffMarket } from './collar.ts'
import type { Confirmation } from './order-facts.ts'

/** What a review asked a second yes for, with the prices it named. */
export interface Named {
  readonly needs: readonly Confirmation[]
  readonly offMarket: OffMarket | null
}

/** The yeses that count: one to something the review did not ask was said to nothing. */
export function yesTo({ needs }: Named, given: readonly Confirmation[]): Confirmation[] {
  return given.filter(one => needs.includes(one))
}

interface About {
  readonly side: OrderDraft['side']
  readonly collarPercent: Dec
}

/**
 * Whether a yes to the prices a review named still holds by the prices of now: for the same reason, at a price no further than the collar
 * worse than the named one, and beside another price that moved no further than that.
 */
export function isStillMeant(about: About, named: OffMarket | null, now: OffMarket | null): boolean {
  if (now === null) return true
  if (named === null || Boolean(named.isOld) !== Boolean(now.isOld)) return false
  return isNoWorse(about, named.price, now.price) && isNear(about, named.market, now.market)
}

/** A yes to any price is one to each. */
function isNoWorse({ side, collarPercent }: About, named: Dec | null, now: Dec | null): boolean {
  if (named === null || now === null) return named === null
  const { lowest, highest } = around(named, collarPercent)
  return side === 'buy' ? Dec.cmp(now, highest) <= 0 : Dec.cmp(now, lowest) >= 0
}

function isNear({ collarPercent }: About, named: Dec | null, now: Dec | null): boolean {
  if (named === null || now === null) return named === now
  const { lowest, highest } = around(named, collarPercent)
  return Dec.cmp(now, lowest) >= 0 && Dec.cmp(now, highest) <= 0
}

const PERCENT = Dec.of('0.01')

/** In percent alone: the steps allowed around a cheap price would let a bid of ten cents become one of a cent. */
function around(price: Dec, collarPercent: Dec): { readonly lowest: Dec; readonly highest: Dec } {
  const room = Dec.mul(Dec.mul(price, collarPercent), PERCENT)
  return { lowest: Dec.sub(price, room), highest: Dec.add(price, room) }
}
