import { AppError } from '../../../../shared/contract/errors.ts'
import type { ActivityFacts } from '../../../../shared/domain/activity.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { type AssetClass, normalSymbol } from '../../../../shared/domain/instrument.ts'
import { EXCHANGE_ZONE, Instant, type LocalDate, startOfDay } from '../../../../shared/domain/time.ts'
import { exchangeDay } from '../exchange-day.ts'
import { activityKind } from './kinds.ts'
import type { InstrumentWire, TransactionWire, TransferItemWire } from './wire.ts'

const CURRENCY = 'CURRENCY'
const USD = 'USD'

/** One row of `/accounts/{hash}/transactions` as facts: one row a leg, its costs inside. Throws broker/unreadable for a row without any day. */
export function toActivity(wire: TransactionWire): ActivityFacts {
  const items = wire.transferItems ?? []
  const security = items.find(item => item.instrument && item.instrument.assetType !== CURRENCY)
  const instrument = security?.instrument ?? null
  const symbol = symbolOf(instrument) ?? symbolAfterTilde(wire.description)
  const assetClass = instrument ? assetClassOf(instrument) : null
  const kind = activityKind(wire, assetClass)
  const fees = security ? feesOf(items) : Dec.zero
  const row = {
    externalId: wire.activityId,
    brokerType: wire.type ?? '',
    symbol,
    assetClass,
    price: security?.price ?? null,
    amount: wire.netAmount ?? (security ? sumOfCosts(items) : null),
    currency: currencyOf(items),
    ...momentOf(wire),
    orderId: wire.orderId,
    description: wire.description ?? instrument?.description ?? null,
    status: statusOf(wire),
  }
  if (kind !== 'trade')
    return {
      ...row,
      kind,
      side: null,
      positionEffect: null,
      quantity: security?.amount ?? null,
      fees: kind === 'fee' ? costOf(row.amount) : fees,
    }
  return { ...row, fees, ...tradeFacts(security) }
}

type TradeFacts = Pick<ActivityFacts, 'kind' | 'side' | 'positionEffect' | 'quantity'>

/** The security item's signed `amount` says the direction; a trade without one is kept as `other`. */
function tradeFacts(security: TransferItemWire | undefined): TradeFacts {
  const amount = security?.amount ?? null
  if (amount === null || Dec.isZero(amount)) return { kind: 'other', side: null, positionEffect: null, quantity: null }
  const effect = security?.positionEffect
  return {
    kind: 'trade',
    side: Dec.isNegative(amount) ? 'sell' : 'buy',
    positionEffect: effect === 'OPENING' ? 'open' : effect === 'CLOSING' ? 'close' : null,
    quantity: Dec.abs(amount),
  }
}

/** Costs are the currency items beside a security, whether or not they say what kind of fee they are. */
function feesOf(items: readonly TransferItemWire[]): Dec {
  return Dec.neg(sumOfCosts(items.filter(item => item.instrument?.assetType === CURRENCY)))
}

function sumOfCosts(items: readonly TransferItemWire[]): Dec {
  return items.reduce<Dec>((total, item) => (item.cost === null ? total : Dec.add(total, item.cost)), Dec.zero)
}

function costOf(amount: Dec | null): Dec {
  return amount !== null && Dec.isNegative(amount) ? Dec.neg(amount) : Dec.zero
}

function symbolOf(instrument: InstrumentWire | null): string | null {
  const text = instrument?.symbol ?? instrument?.cusip ?? null
  return text === null ? null : normalSymbol(text)
}

/** `Ordinary Dividend~BND`: cash rows name the security behind a tilde. */
function symbolAfterTilde(description: string | null): string | null {
  const at = description?.lastIndexOf('~') ?? -1
  const symbol = at < 0 ? '' : normalSymbol(description?.slice(at + 1) ?? '')
  return symbol === '' ? null : symbol
}

/** `CURRENCY_USD` */
function currencyOf(items: readonly TransferItemWire[]): string {
  const symbol = items.find(item => item.instrument?.assetType === CURRENCY)?.instrument?.symbol
  return /^CURRENCY_([A-Z]{3})$/.exec(symbol ?? '')?.[1] ?? USD
}

/** `time` is precise where `tradeDate` may be midnight Eastern. Midnight of the exchange names a day and no moment. */
function momentOf({ time, tradeDate }: TransactionWire): { executedAt: Instant | null; tradeDate: LocalDate } {
  const stated = time ?? tradeDate
  if (stated === null)
    throw new AppError('broker/unreadable', { details: { broker: 'Charles Schwab' }, cause: 'a transaction without a day' })
  if (!Instant.is(stated)) return { executedAt: null, tradeDate: stated }
  const day = exchangeDay(stated)
  return { executedAt: stated === startOfDay(day, EXCHANGE_ZONE) ? null : stated, tradeDate: day }
}

function statusOf({ status, activityType }: TransactionWire): ActivityFacts['status'] {
  if (status === 'INVALID') return 'canceled'
  return activityType === 'ACTIVITY_CORRECTION' ? 'corrected' : 'final'
}

// COLLECTIVE_INVESTMENT is what Schwab calls an exchange-traded fund.
const ASSET_CLASSES = new Map<string, AssetClass>([
  ['EQUITY', 'equity'],
  ['OPTION', 'option'],
  ['INDEX', 'index'],
  ['MUTUAL_FUND', 'fund'],
  ['COLLECTIVE_INVESTMENT', 'fund'],
  ['CASH_EQUIVALENT', 'cash'],
  ['TRANSACTION_CASH_EQUIVALENT', 'cash'],
  ['FIXED_INCOME', 'bond'],
  ['CURRENCY', 'cash'],
  ['FUTURE', 'future'],
  ['FOREX', 'forex'],
])

export function assetClassOf(instrument: Pick<InstrumentWire, 'assetType' | 'symbol'>): AssetClass {
  const known = ASSET_CLASSES.get(instrument.assetType ?? '') ?? 'other'
  return known === 'option' && /^\.?\//.test(instrument.symbol ?? '') ? 'future-option' : known
}
