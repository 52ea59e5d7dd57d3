import { Dec } from '../../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../../shared/domain/ids.ts'
import { Instant } from '../../../../shared/domain/time.ts'
import { randomFills } from '../../../support/lot-fills.ts'
import type { Row } from '../../store/support.ts'

export const FILLS = 420

/** Fills of two instruments, enough to fill several rows of closings of each. */
export function fills(accountId: AccountId, seed: number, quantityPlaces: number): Row[] {
  const all = [...randomFills({ seed, fills: FILLS, symbols: 2, perDay: 6, quantityPlaces })].flatMap(([symbol, events]) =>
    events.map(event => ({ symbol, event })),
  )
  return all
    .toSorted((a, b) => Number(a.event.key.slice(1)) - Number(b.event.key.slice(1)))
    .map(({ symbol, event: { key, quantity, price, costs, day } }, at): Row => ({
      accountId,
      raw: '{}',
      facts: {
        externalId: key,
        kind: 'trade',
        brokerType: 'FILL',
        symbol,
        assetClass: 'equity',
        side: Dec.isNegative(quantity) ? 'sell' : 'buy',
        positionEffect: null,
        quantity: Dec.abs(quantity),
        price,
        amount: null,
        fees: costs,
        currency: 'USD',
        executedAt: Instant.plus(Instant.parse(`${day}T15:00:00Z`), at * 1000),
        tradeDate: day,
        orderId: null,
        description: null,
        status: 'final',
      },
    }))
}
