import type { Contract } from '@stoqey/ib'
import { AppError } from '../../../../../shared/contract/errors.ts'
import { Dec } from '../../../../../shared/domain/decimal.ts'
import type { OrderDraft, OrderPreview } from '../../../../../shared/domain/order.ts'
import { sayings } from '../sayings.ts'
import { figure, multiplierOf } from './figures.ts'
import type { OpenOrderMessage } from './messages.ts'

/** A refusal is what a preview is for, and nothing was placed whose outcome could be in doubt. */
export function refusedPreview(error: unknown): OrderPreview {
  if (!(error instanceof AppError)) throw error
  if (error.code === 'order/rejected' && error.brokerSays !== undefined) {
    return {
      estimatedValue: null,
      estimatedFees: null,
      buyingPowerEffect: null,
      currency: 'USD',
      warnings: [],
      refusals: [error.brokerSays],
    }
  }
  throw error.code === 'order/unknown' && error.cause instanceof AppError ? error.cause : error
}

export function toPreview(draft: OrderDraft, contract: Contract, { state }: OpenOrderMessage): OrderPreview {
  const price = draft.limitPrice ?? draft.stopPrice
  const value =
    price === null || draft.quantity === null ? null : Dec.mul(Dec.mul(price, draft.quantity), multiplierOf(contract.multiplier))
  const margin = figure(state.initMarginChange)
  const paid = draft.assetClass !== 'future'
  return {
    estimatedValue: value === null || !paid ? null : draft.side === 'buy' ? Dec.neg(value) : value,
    estimatedFees: figure(state.commission) ?? figure(state.maxCommission),
    buyingPowerEffect: margin === null ? null : Dec.neg(margin),
    currency: state.commissionCurrency || contract.currency || 'USD',
    warnings: state.warningText ? [sayings(state.warningText)] : [],
    refusals: [],
  }
}
