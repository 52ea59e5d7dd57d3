import { AppError } from '../../../../shared/contract/errors.ts'
import type { ActivityFacts, Side } from '../../../../shared/domain/activity.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { EXCHANGE_ZONE, Instant, type LocalDate, startOfDay } from '../../../../shared/domain/time.ts'
import { exchangeDay } from '../exchange-day.ts'
import { activityKind } from './kinds.ts'
import { assetClassOf, symbolOf } from './symbols.ts'
import type { FeesWire, TransactionWire } from './wire.ts'

const USD = 'USD'

/**
 * One transaction of TD Ameritrade's API as facts; also of the JSON a user kept from before it closed. Throws broker/unreadable for a
 * row without any day.
 */
export function tdaActivity(wire: TransactionWire): ActivityFacts {
  const item = wire.transactionItem ?? null
  const instrument = item?.instrument ?? null
  const assetClass = instrument ? assetClassOf(instrument) : null
  const type = wire.type ?? ''
  const kind = activityKind({ type, description: wire.description ?? '', assetClass })
  const amount = wire.netAmount
  const direction = kind === 'trade' ? directionOf(item?.instruction ?? null) : undefined
  const quantity = item?.amount ?? null
  const isTrade = direction !== undefined && quantity !== null && !Dec.isZero(quantity)
  return {
    externalId: wire.transactionId,
    kind: kind === 'trade' && !isTrade ? 'other' : kind,
    brokerType: type,
    symbol: instrument && symbolOf(instrument),
    assetClass,
    side: isTrade ? direction : null,
    positionEffect: isTrade ? effectOf(item?.positionEffect ?? null, item?.instruction ?? null) : null,
    quantity: quantity === null ? null : isTrade ? Dec.abs(quantity) : kind === 'trade' ? null : movedBy(wire, kind, quantity),
    price: item?.price ?? null,
    amount,
    fees: kind === 'fee' && amount !== null && Dec.isNegative(amount) ? Dec.neg(amount) : feesOf(wire),
    currency: USD,
    ...momentOf(wire),
    orderId: wire.orderId,
    description: wire.description,
    status: 'final',
  }
}

/** `BUY`, `SELL_SHORT`, `BUY_TO_COVER`, ... */
export function directionOf(instruction: string | null): Side | undefined {
  if (instruction?.startsWith('BUY')) return 'buy'
  return instruction?.startsWith('SELL') ? 'sell' : undefined
}

function effectOf(effect: string | null, instruction: string | null): 'open' | 'close' | null {
  if (effect === 'OPENING' || instruction === 'SELL_SHORT') return 'open'
  return effect === 'CLOSING' || instruction === 'BUY_TO_COVER' ? 'close' : null
}

/**
 * The signed change of a position; amounts are unsigned. Redemptions of the cash account leave it, assignments end short options and
 * exercises long ones. An expiration may end either, and then nothing is claimed.
 */
function movedBy({ description, transactionSubType }: TransactionWire, kind: ActivityFacts['kind'], quantity: Dec): Dec | null {
  const text = description ?? ''
  if (kind === 'option-event') return /assign/i.test(text) ? Dec.abs(quantity) : /exercis/i.test(text) ? Dec.neg(Dec.abs(quantity)) : null
  return transactionSubType === 'RM' ? Dec.neg(Dec.abs(quantity)) : quantity
}

/** What lies between an item's gross cost and the net amount; without a cost the listed fees, of which `regFee` sums the next two. */
function feesOf({ netAmount, transactionItem, fees }: TransactionWire): Dec {
  const cost = transactionItem?.cost ?? null
  if (cost !== null && !Dec.isZero(cost) && netAmount !== null) {
    const between = Dec.sub(cost, netAmount)
    if (!Dec.isNegative(between)) return between
  }
  return fees ? listedFees(fees) : Dec.zero
}

function listedFees(fees: FeesWire): Dec {
  const parts = fees.regFee === null || Dec.isZero(fees.regFee) ? [fees.optRegFee, fees.secFee] : [fees.regFee]
  const all = [...parts, fees.commission, fees.rFee, fees.additionalFee, fees.cdscFee, fees.otherCharges]
  return Dec.sum(all.filter(fee => fee !== null))
}

/** Midnight of the exchange names a day and no moment. */
function momentOf({ transactionDate, settlementDate }: TransactionWire): {
  readonly executedAt: Instant | null
  readonly tradeDate: LocalDate
} {
  if (transactionDate !== null) {
    const tradeDate = exchangeDay(transactionDate)
    return { executedAt: transactionDate === startOfDay(tradeDate, EXCHANGE_ZONE) ? null : transactionDate, tradeDate }
  }
  if (settlementDate !== null)
    return { executedAt: null, tradeDate: Instant.is(settlementDate) ? exchangeDay(settlementDate) : settlementDate }
  throw new AppError('broker/unreadable', { details: { broker: 'TD Ameritrade' }, cause: 'a transaction without a day' })
}
