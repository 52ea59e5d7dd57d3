import type { AccountId } from '../../../shared/domain/ids.ts'
import type { OrderDraft } from '../../../shared/domain/order.ts'
import type { Reader } from '../db/connection.ts'
import { currencyOf, homeOf } from '../store/order-list.ts'

/** Whether an order of ours may open: such a one goes out in the account's currency alone, whatever is held under the same name. */
export function mayOpen({ positionEffect, side }: Pick<OrderDraft, 'positionEffect' | 'side'>): boolean {
  return positionEffect === 'open' || (positionEffect === null && side === 'buy')
}

/** What the prices of an order of ours are in; null for an account nobody knows. */
export function orderCurrency(
  reader: Reader,
  accountId: AccountId,
  draft: Pick<OrderDraft, 'positionEffect' | 'side' | 'symbol'>,
): string | null {
  return (mayOpen(draft) ? null : currencyOf(reader, accountId, draft.symbol)) ?? homeOf(reader, accountId)?.currency ?? null
}
