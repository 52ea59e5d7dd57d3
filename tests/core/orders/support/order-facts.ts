import type { OrderFacts } from '../../../../electron/core/orders/order-facts.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { type OrderLimits, STARTING_LIMITS } from '../../../../shared/domain/order-limits.ts'
import type { OrderDraft } from '../../../../shared/domain/order.ts'
import { Instant } from '../../../../shared/domain/time.ts'

export const NOW = Instant.parse('2026-11-20T15:00:00Z')

type Loose<T> = { readonly [Key in keyof T]?: T[Key] | undefined }

export type FactChanges = Loose<Omit<OrderFacts, 'draft' | 'limits'>> & {
  readonly draft?: Partial<OrderDraft> | undefined
  readonly limits?: Partial<OrderLimits> | undefined
}

/** An order of ten shares at the market that may go, in a market of 189.98 to 190.02, with one thing or another changed. */
export function factsWith({ draft, limits, ...changes }: FactChanges = {}): OrderFacts {
  const facts: OrderFacts = {
    draft: {
      clientOrderId: 'one',
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
      ...draft,
    },
    limits: { ...STARTING_LIMITS, ...limits },
    now: NOW,
    quote: quoteAt('189.98', '190.02'),
    multiplier: Dec.of('1'),
    toAccountCurrency: Dec.of('1'),
    held: Dec.zero,
    working: [],
    sentLastMinute: 0,
    sentToday: 0,
    lossToday: Dec.zero,
    recent: [],
    isKilled: false,
    isTradingOn: true,
    isReconciled: true,
    session: 'open',
    confirmed: [],
  }
  return { ...facts, ...given(changes) }
}

function given<T extends object>(changes: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const kept: { [Key in keyof T]?: Exclude<T[Key], undefined> } = {}
  return Object.assign(kept, Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)))
}

export function quoteAt(bid: string | null, ask: string | null, last: string | null = null, ageMs = 0): NonNullable<OrderFacts['quote']> {
  const price = (text: string | null): Dec | null => (text === null ? null : Dec.of(text))
  return { bid: price(bid), ask: price(ask), last: price(last), asOf: Instant.plus(NOW, -ageMs) }
}

/** Bid and ask of this moment, and a last price of three hours ago. */
export function longAgo(bid: string | null, ask: string | null, last: string): NonNullable<OrderFacts['quote']> {
  return { ...quoteAt(bid, ask, last), lastAsOf: Instant.plus(NOW, -10_800_000) }
}
