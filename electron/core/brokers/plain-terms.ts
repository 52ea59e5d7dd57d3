import { typeOfWord, validityOfWord } from '../../../shared/domain/order-terms.ts'
import type { OrderDraft } from '../../../shared/domain/order.ts'
import type { BrokerOrder } from './adapter.ts'

/**
 * Why an order cannot be changed into a draft, for the end of "This order cannot be sent: ..."; undefined where it can. One at the close, until a
 * date or with a trail would lose that and go at once.
 */
export function termsProblem({ type, timeInForce }: Pick<BrokerOrder, 'type' | 'timeInForce'>, draft: Pick<OrderDraft, 'type'>): string | undefined {
  const own = typeOfWord(type)
  const isTrailing = own === 'trailing-stop' && draft.type !== own
  if (own !== undefined && !isTrailing && (timeInForce === '' || validityOfWord(timeInForce))) return undefined
  return `it is "${[type, timeInForce].filter(Boolean).join(', ')}", which a change would turn into another kind of order: cancel it and send a new one`
}

/**
 * Why an order that works in these hours cannot be changed into a draft, for the end of the same sentence; undefined where it can, and where nobody says its hours.
 * Lists do not tell them, so a change would move the order to other hours unseen.
 */
export function hoursProblem(extended: boolean | null, draft: Pick<OrderDraft, 'extendedHours'>): string | undefined {
  if (extended === null || extended === draft.extendedHours) return undefined
  return `it works ${extended ? 'outside the regular hours too' : 'in the regular hours alone'}, and a change keeps that: cancel it and send a new one`
}
