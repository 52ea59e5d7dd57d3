import { Dec } from '../../../shared/domain/decimal.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import type { OrderDraft } from '../../../shared/domain/order.ts'
import { tickOf } from '../brokers/order-draft.ts'

/** Beyond what any market has. */
const LARGEST = Dec.of('1000000000000')
const MOST_DECIMALS = 12
const ALL = Dec.of('100')
const PLACES = 20

/** Contracts come whole, and an order for them says whether it opens or closes; a future's does not. */
const CONTRACTS: ReadonlySet<AssetClass> = new Set(['option', 'future', 'future-option'])
const WITH_EFFECT: ReadonlySet<AssetClass> = new Set(['option', 'future-option'])

/** A number of an order: written the one way Keelson writes numbers, above zero, of a size that markets have. */
function isNumber(value: Dec): boolean {
  return (
    Dec.isCanonical(value) &&
    !Dec.isZero(value) &&
    !Dec.isNegative(value) &&
    Dec.cmp(value, LARGEST) < 0 &&
    Dec.decimals(value) <= MOST_DECIMALS
  )
}

const isThere = (value: Dec | null, isWanted: boolean): boolean => (value === null ? !isWanted : isWanted && isNumber(value))

/** Whether an order is whole: one of quantity and amount, the prices of its type and no others, and nothing that is no number. */
export function isWellFormed(draft: OrderDraft): boolean {
  const { quantity, notional, limitPrice, stopPrice, trail, type } = draft
  return (
    isThere(quantity, notional === null) &&
    isThere(notional, quantity === null) &&
    isThere(limitPrice, type === 'limit' || type === 'stop-limit') &&
    isThere(stopPrice, type === 'stop' || type === 'stop-limit') &&
    isThere(trail?.value ?? null, type === 'trailing-stop') &&
    (trail?.kind !== 'percent' || Dec.cmp(trail.value, ALL) < 0) &&
    isWhole(draft)
  )
}

function isWhole({ assetClass, quantity, positionEffect }: OrderDraft): boolean {
  if (WITH_EFFECT.has(assetClass) && positionEffect === null) return false
  return !CONTRACTS.has(assetClass) || (quantity !== null && Dec.decimals(quantity) === 0)
}

/** The prices of a well-formed order that lie between two steps of its market, with the step. Only the broker knows those of crypto. */
export function offTick(draft: OrderDraft): { readonly price: Dec; readonly tick: Dec } | null {
  for (const price of [draft.limitPrice, draft.stopPrice]) {
    if (price === null) continue
    const tick = tickOf(draft, price)
    if (tick !== null && Dec.decimals(Dec.divide(price, tick, PLACES)) > 0) return { price, tick }
  }
  return null
}
