import type { BrokerOrder } from '../../../../electron/core/brokers/adapter.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import type { OrderDraft } from '../../../../shared/domain/order.ts'
import { Instant } from '../../../../shared/domain/time.ts'
import { draftOf } from '../../brokers/support/drafts.ts'

export const SENT = Instant.parse('2026-11-20T15:00:00Z')

/** Two shares of AAPL at 100, as it was sent. */
export function limitDraft(changes: Partial<OrderDraft> = {}): OrderDraft {
  return draftOf({
    symbol: 'AAPL',
    assetClass: 'equity',
    type: 'limit',
    quantity: Dec.of('2'),
    limitPrice: Dec.of('100'),
    clientOrderId: 'ours',
    ...changes,
  })
}

/** The same as a broker without ids of ours tells it. */
export function brokerOrder(changes: Partial<BrokerOrder> = {}): BrokerOrder {
  return {
    externalId: '71',
    symbol: 'AAPL',
    side: 'buy',
    type: 'LIMIT',
    timeInForce: 'DAY',
    status: 'working',
    statusText: 'WORKING',
    quantity: Dec.of('2'),
    filledQuantity: Dec.zero,
    limitPrice: Dec.of('100'),
    stopPrice: null,
    averageFillPrice: null,
    submittedAt: SENT,
    updatedAt: SENT,
    ...changes,
  }
}
