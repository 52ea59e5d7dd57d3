import type { Contract } from '@stoqey/ib'
import { AppError } from '../../../../../shared/contract/errors.ts'
import { Dec } from '../../../../../shared/domain/decimal.ts'
import type { OrderPreview } from '../../../../../shared/domain/order.ts'
import { sayings } from '../sayings.ts'
import { figure } from './figures.ts'
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

/** TWS says what an order does to the margin and what it costs, not what it is worth. */
export function toPreview(contract: Contract, { state }: OpenOrderMessage): OrderPreview {
  const margin = figure(state.initMarginChange)
  return {
    estimatedValue: null,
    estimatedFees: figure(state.commission) ?? figure(state.maxCommission),
    buyingPowerEffect: margin === null ? null : Dec.neg(margin),
    currency: state.commissionCurrency || contract.currency || 'USD',
    warnings: state.warningText ? [sayings(state.warningText)] : [],
    refusals: [],
  }
}
