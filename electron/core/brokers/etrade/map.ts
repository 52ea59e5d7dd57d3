import { AppError } from '../../../../shared/contract/errors.ts'
import type { ActivityFacts } from '../../../../shared/domain/activity.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import type { Instant, LocalDate } from '../../../../shared/domain/time.ts'
import { exchangeDay } from '../exchange-day.ts'
import { meaningOf } from './kinds.ts'
import { instrumentOf } from './product.ts'
import type { TransactionWire } from './wire.ts'

const USD = 'USD'

/** One transaction, of the list or in detail, as facts. `amount` is E*TRADE's own: it leaves the fee out where the fee says 0. Throws broker/unreadable without a day. */
export function toActivity(wire: TransactionWire): ActivityFacts {
  const brokerage = wire.brokerage ?? wire.Brokerage ?? null
  const type = wire.transactionType ?? brokerage?.transactionType ?? ''
  const { symbol, assetClass } = instrumentOf(brokerage?.product ?? brokerage?.Product, brokerage?.displaySymbol ?? null)
  const { amount } = wire
  const quantity = notZero(brokerage?.quantity ?? null)
  const meaning = meaningOf(type, quantity !== null)
  const isTrade = meaning.kind === 'trade' && quantity !== null
  return {
    externalId: wire.transactionId,
    kind: meaning.kind === 'trade' && !isTrade ? 'other' : meaning.kind,
    brokerType: type,
    symbol,
    assetClass,
    side: isTrade ? meaning.side : null,
    positionEffect: isTrade ? meaning.positionEffect : null,
    quantity: isTrade ? Dec.abs(quantity) : movedBy(meaning.kind, type, quantity),
    price: isTrade ? (brokerage?.price ?? null) : notZero(brokerage?.price ?? null),
    amount,
    fees: meaning.kind === 'fee' && amount !== null && Dec.isNegative(amount) ? Dec.neg(amount) : Dec.abs(brokerage?.fee ?? Dec.zero),
    currency: brokerage?.settlementCurrency?.toUpperCase() ?? USD,
    ...momentOf(wire),
    orderId: brokerage?.orderNo ?? null,
    description: wire.description,
    status: 'final',
  }
}

/** An assignment ends a short option and an exercise a long one, whatever the sign; an expiration may end either. */
function movedBy(kind: ActivityFacts['kind'], type: string, quantity: Dec | null): Dec | null {
  if (quantity === null) return null
  if (kind === 'option-event') return /assign/i.test(type) ? Dec.abs(quantity) : /exercis/i.test(type) ? Dec.neg(Dec.abs(quantity)) : null
  return kind === 'split' || kind === 'corporate-action' || kind === 'transfer' || kind === 'journal' ? quantity : null
}

/** Live rows name a day by a full hour of it (midnight, noon); a moment off the hour is one. */
function momentOf({ transactionDate, postDate }: TransactionWire): { readonly executedAt: Instant | null; readonly tradeDate: LocalDate } {
  const stated = transactionDate ?? postDate
  if (stated === null) throw new AppError('broker/unreadable', { details: { broker: 'E*TRADE' }, cause: 'a transaction without a day' })
  return { executedAt: stated.endsWith(':00:00.000Z') ? null : stated, tradeDate: exchangeDay(stated) }
}

function notZero(value: Dec | null): Dec | null {
  return value === null || Dec.isZero(value) ? null : value
}
