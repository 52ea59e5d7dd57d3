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
