import type { ActivityFacts, Side } from '../../../../../shared/domain/activity.ts'
import { Dec } from '../../../../../shared/domain/decimal.ts'
import { currencyOf, decimalOf, externalIdOf, momentOf, orderIdOf, type RowContext, symbolOf } from './cells.ts'
import { isCancel } from './corrections.ts'
import { assetClassOf, endsOption } from './kinds.ts'
import { attribute, executionIdentity, executionIdOf } from './rows.ts'
import type { FlexRow } from './statement.ts'

/** One `Trade` (AF) or `TradeConfirm` (TCF) as facts. Throws RangeError for figures or dates that are none. */
export function tradeFacts(row: FlexRow, context: RowContext): ActivityFacts {
  const assetClass = assetClassOf(attribute(row, 'assetCategory'))
  const type = attribute(row, 'transactionType') ?? row.element
  const codes = codesOf(row)
  const quantity = decimalOf(row, 'quantity')
  const side = sideOf(row, quantity)
  const trade = !endsOption(assetClass, type, codes) && quantity !== null && side !== null
  return {
    externalId: externalIdOf(row, context),
    kind: trade ? 'trade' : endsOption(assetClass, type, codes) ? 'option-event' : 'other',
    // One word for all of them, whichever way a row says it: the store finds by it what a cancellation that comes apart takes back.
    brokerType: isCancel(row) ? 'TradeCancel' : type,
    symbol: symbolOf(row, assetClass),
    assetClass,
    side: trade ? side : null,
    positionEffect: trade ? effectOf(row, codes) : null,
    quantity: trade ? Dec.abs(quantity) : quantity,
    price: decimalOf(row, 'tradePrice', 'price'),
    amount: cashOf(row),
    fees: Dec.neg(costsOf(row)),
    currency: currencyOf(row),
    ...momentOf(row, ['dateTime'], ['tradeDate', 'reportDate'], context.zone),
    orderId: orderIdOf(row),
    description: attribute(row, 'description'),
    status: stateOf(row) > 1 || type === 'TradeCorrect' ? 'corrected' : 'final',
  }
}

/** The commission of a trade as a fee of its own when it was paid in another currency; null when it is inside the trade. */
export function commissionFacts(row: FlexRow, trade: ActivityFacts): ActivityFacts | null {
  const commission = decimalOf(row, 'ibCommission', 'commission')
  const currency = commissionCurrency(row)
  if (commission === null || Dec.isZero(commission) || currency === trade.currency) return null
  return {
    ...trade,
    externalId: `${trade.externalId}-commission`,
    kind: 'fee',
    side: null,
    positionEffect: null,
    quantity: null,
    price: null,
    amount: commission,
    fees: Dec.neg(commission),
    currency,
  }
}

function stateOf(row: FlexRow): number {
  return executionIdentity(executionIdOf(row) ?? '').state
}

/** The sign of the quantity says the direction; `buySell` where a row has none, and never on a cancellation, which turns it round. */
function sideOf(row: FlexRow, quantity: Dec | null): Side | null {
  const word = attribute(row, 'buySell')?.toUpperCase() ?? ''
  if (!isCancel(row) && word.startsWith('SELL')) return 'sell'
  if (quantity === null || Dec.isZero(quantity)) return null
  return Dec.isNegative(quantity) ? 'sell' : 'buy'
}

/** AF says it in `openCloseIndicator`, TCF among the codes. `C;O` closes what there is, as every fill does, and opens with what is left. */
function effectOf(row: FlexRow, codes: ReadonlySet<string>): 'open' | 'close' | null {
  const stated = attribute(row, 'openCloseIndicator')
  const words = stated === null ? codes : new Set(stated.split(';').map(word => word.trim()))
  if (words.has('O')) return 'open'
  return words.has('C') ? 'close' : null
}

function codesOf(row: FlexRow): ReadonlySet<string> {
  return new Set((attribute(row, 'notes', 'code') ?? '').split(';').map(code => code.trim()))
}

function commissionCurrency(row: FlexRow): string {
  return attribute(row, 'ibCommissionCurrency', 'commissionCurrency') ?? currencyOf(row)
}

/** Commission and taxes in the trade's own currency, negative when paid. */
function costsOf(row: FlexRow): Dec {
  const commission = commissionCurrency(row) === currencyOf(row) ? decimalOf(row, 'ibCommission', 'commission') : null
  return Dec.add(commission ?? Dec.zero, decimalOf(row, 'taxes', 'tax') ?? Dec.zero)
}

/**
 * `netCash`, which a currency trade states as zero; there and where it is missing, proceeds less costs. The proceeds of futures and
 * CFDs are no cash: without `netCash` theirs is not known.
 */
export function cashOf(row: FlexRow): Dec | null {
  const category = attribute(row, 'assetCategory')
  const stated = decimalOf(row, 'netCash')
  if (stated !== null && !(category === 'CASH' && Dec.isZero(stated))) return stated
  if (category === 'FUT' || category === 'CFD' || category === 'FXCFD') return stated
  const proceeds = decimalOf(row, 'proceeds')
  return proceeds === null ? stated : Dec.add(proceeds, costsOf(row))
}
