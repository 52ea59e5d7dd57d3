import type { ActivityFacts, ActivityKind } from '../../../../../shared/domain/activity.ts'
import { Dec } from '../../../../../shared/domain/decimal.ts'
import { currencyOf, decimalOf, externalIdOf, momentOf, orderIdOf, type RowContext, symbolOf } from './cells.ts'
import { actionKind, assetClassOf, cashKind } from './kinds.ts'
import { attribute } from './rows.ts'
import type { FlexRow } from './statement.ts'

/** One `CashTransaction` as facts. All maps here throw RangeError for figures or dates that are none. */
export function cashFacts(row: FlexRow, context: RowContext): ActivityFacts {
  const type = attribute(row, 'type') ?? row.element
  const kind = cashKind(type)
  const amount = decimalOf(row, 'amount')
  const moment = momentOf(row, ['dateTime', 'reportDate', 'settleDate'], [], context.zone)
  return {
    ...plain(row, kind, type),
    externalId: externalIdOf(row, context),
    amount,
    fees: kind === 'fee' && amount !== null && Dec.isNegative(amount) ? Dec.neg(amount) : Dec.zero,
    ...moment,
    // Midnight is how a statement fills the time of a row that has none.
    executedAt: /;0000|;00:00/.test(attribute(row, 'dateTime') ?? '') ? null : moment.executedAt,
  }
}

/** One `CorporateAction`: `proceeds` is the cash, `quantity` the signed change of the position. */
export function corporateFacts(row: FlexRow, context: RowContext): ActivityFacts {
  const type = attribute(row, 'type') ?? row.element
  return {
    ...plain(row, actionKind(type, attribute(row, 'actionDescription', 'description')), type),
    externalId: externalIdOf(row, context),
    quantity: decimalOf(row, 'quantity'),
    amount: decimalOf(row, 'proceeds', 'amount'),
    ...momentOf(row, ['dateTime'], ['reportDate'], context.zone),
    executedAt: null,
    description: attribute(row, 'actionDescription', 'description'),
  }
}

/** One `OptionEAE`: the option's side of it or the shares delivered. */
export function optionEventFacts(row: FlexRow, context: RowContext): ActivityFacts {
  return {
    ...plain(row, 'option-event', attribute(row, 'transactionType') ?? row.element),
    externalId: externalIdOf(row, context),
    quantity: decimalOf(row, 'quantity'),
    price: decimalOf(row, 'tradePrice'),
    amount: decimalOf(row, 'netCash', 'proceeds'),
    ...momentOf(row, ['date', 'tradeDate', 'reportDate'], [], context.zone),
    executedAt: null,
  }
}

/** One `Transfer` of cash or securities; `direction` says which way they went. */
export function transferFacts(row: FlexRow, context: RowContext): ActivityFacts {
  return {
    ...plain(row, 'transfer', attribute(row, 'type') ?? row.element),
    externalId: externalIdOf(row, context),
    quantity: directed(row, decimalOf(row, 'quantity')),
    amount: directed(row, decimalOf(row, 'cashTransfer')),
    ...momentOf(row, ['dateTime', 'date', 'reportDate'], ['date', 'reportDate'], context.zone),
    executedAt: null,
  }
}

/** What all rows beside trades have in common; figures and days are filled in by their maps. */
function plain(row: FlexRow, kind: ActivityKind, brokerType: string): Omit<ActivityFacts, 'externalId' | 'executedAt' | 'tradeDate'> {
  const assetClass = assetClassOf(attribute(row, 'assetCategory'))
  return {
    kind,
    brokerType,
    symbol: symbolOf(row, assetClass),
    assetClass,
    side: null,
    positionEffect: null,
    quantity: null,
    price: null,
    amount: null,
    fees: Dec.zero,
    currency: currencyOf(row),
    orderId: orderIdOf(row),
    description: attribute(row, 'description'),
    status: 'final',
  }
}

function directed(row: FlexRow, figure: Dec | null): Dec | null {
  if (figure === null) return null
  const direction = attribute(row, 'direction')?.toUpperCase()
  return direction === 'OUT' ? Dec.neg(Dec.abs(figure)) : direction === 'IN' ? Dec.abs(figure) : figure
}
