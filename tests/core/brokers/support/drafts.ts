import { Dec } from '../../../../shared/domain/decimal.ts'
import type { OrderDraft } from '../../../../shared/domain/order.ts'

/** A market order for ten shares, with whatever a test changes. */
export function draftOf(changes: Partial<OrderDraft> = {}): OrderDraft {
  return {
    clientOrderId: '7d1f6a52-0c6e-4a55-9d0a-0f5f6f0d8b11',
    symbol: 'AAPL',
    assetClass: 'equity',
    side: 'buy',
    positionEffect: null,
    type: 'market',
    quantity: Dec.of('10'),
    notional: null,
    limitPrice: null,
    stopPrice: null,
    trail: null,
    timeInForce: 'day',
    extendedHours: false,
    ...changes,
  }
}
