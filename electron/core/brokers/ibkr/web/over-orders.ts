import type { OrderStatus } from '../../../../../shared/domain/order.ts'
import type { BrokerOrder } from '../../adapter.ts'
import { isOpen } from '../../order-status.ts'

/** An order of the list, with the row it came from. */
export interface ListedOrder {
  readonly account: string
  readonly order: BrokerOrder
  /** As IBKR wrote it. */
  readonly raw: string
}

/** Orders that were asked for by themselves and found to be over for good, while the list goes on to say exactly the same of them. */
export interface OverOrders {
  /** How it ended; null for one that has to be asked for. */
  endOf(listed: ListedOrder): OrderStatus | null
  /** Notes where one stands by its own words. What may still work is forgotten. */
  note(listed: ListedOrder, status: OrderStatus): void
  clear(): void
}

export function createOverOrders(): OverOrders {
  const ended = new Map<string, { readonly raw: string; readonly status: OrderStatus }>()
  const nameOf = ({ account, order }: ListedOrder): string => `${account} ${order.externalId}`
  return {
    endOf(listed) {
      const known = ended.get(nameOf(listed))
      return known?.raw === listed.raw ? known.status : null
    },
    note(listed, status) {
      if (isOpen(status)) ended.delete(nameOf(listed))
      else ended.set(nameOf(listed), { raw: listed.raw, status })
    },
    clear: () => ended.clear(),
  }
}
