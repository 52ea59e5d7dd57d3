import { type Order, OrderAction, OrderType, TimeInForce } from '@stoqey/ib'
import type { OrderDraft } from '../../../../../shared/domain/order.ts'
import { draftPrices, invalidOrder } from '../../order-draft.ts'
import { exactNumber } from '../exact-number.ts'
import { plain } from '../plain.ts'

const TYPES = {
  market: OrderType.MKT,
  limit: OrderType.LMT,
  stop: OrderType.STP,
  'stop-limit': OrderType.STP_LMT,
  'trailing-stop': OrderType.TRAIL,
} as const
const VALIDITIES = new Map<string, TimeInForce>([
  ['day', TimeInForce.DAY],
  ['gtc', TimeInForce.GTC],
  ['ioc', TimeInForce.IOC],
  ['opg', TimeInForce.OPG],
])

/** A draft as TWS takes it. `transmit` is always said: left out, the order would only be staged on TWS's screen. Throws order/invalid. */
export function orderBody(draft: OrderDraft, account: string): Order {
  const { limit, stop } = draftPrices(draft)
  const tif = VALIDITIES.get(draft.timeInForce)
  if (tif === undefined || draft.quantity === null) throw invalidOrder('TWS wants a quantity and a validity it knows')
  return {
    action: draft.side === 'buy' ? OrderAction.BUY : OrderAction.SELL,
    totalQuantity: exactNumber(draft.quantity, 'the quantity'),
    orderType: TYPES[draft.type],
    ...(limit === null ? {} : { lmtPrice: exactNumber(limit, 'the limit price') }),
    ...(stop === null ? {} : { auxPrice: exactNumber(stop, 'the stop price') }),
    ...trailOf(draft),
    tif,
    account: plain(account, 'the account'),
    orderRef: plain(draft.clientOrderId, 'the order id'),
    outsideRth: draft.extendedHours,
    transmit: true,
  }
}

function trailOf({ trail }: OrderDraft): Partial<Order> {
  if (trail === null) return {}
  const value = exactNumber(trail.value, 'the trail')
  return trail.kind === 'amount' ? { auxPrice: value } : { trailingPercent: value }
}
