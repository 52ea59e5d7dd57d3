import type { ActivityKind } from '../../../../shared/domain/activity.ts'

const MONEY = new Map<string, ActivityKind>([
  ['Dividend', 'dividend'],
  ['Special Dividend', 'dividend'],
  ['Credit Interest', 'interest'],
  ['Debit Interest', 'interest'],
  ['Interest', 'interest'],
  ['Fully Paid Stock Lending Income', 'interest'],
  ['Deposit', 'transfer'],
  ['Withdrawal', 'transfer'],
  ['Transfer', 'transfer'],
  ['ACAT', 'transfer'],
  ['Fee', 'fee'],
  ['Subscription Fee', 'fee'],
  ['Balance Adjustment', 'journal'],
  ['Mark to Market', 'journal'],
])

const DELIVERIES = new Map<string, ActivityKind>([
  ['Assignment', 'option-event'],
  ['Exercise', 'option-event'],
  ['Expiration', 'option-event'],
  ['Cash Settled Assignment', 'option-event'],
  ['Cash Settled Exercise', 'option-event'],
  ['Forward Split', 'split'],
  ['Reverse Split', 'split'],
  ['Stock Split', 'split'],
  ['ACAT', 'transfer'],
  ['Transfer', 'transfer'],
  ['Dividend', 'dividend'],
])

// Shares bought or sold behind an exercise carry a trade's own word.
const DEALS = new Set(['Buy to Open', 'Buy to Close', 'Sell to Open', 'Sell to Close', 'Buy', 'Sell'])
const CORPORATE = /Symbol Change|Merger|Spin|Acquisition|Special Dividend|Name Change|Rights|Tender|Liquidation|Cusip/i
const CASH_IN_LIEU = /\bcash in lieu\b|\bin lieu of (?:a )?frac/i
const TAX = /\bwithh(?:olding|eld)\b|\btax\b/i

/** Keelson's word for a transaction; what is not known is `other` and keeps its own word beside it. */
export function activityKind(row: { readonly type: string; readonly subType: string; readonly description: string }): ActivityKind {
  const { type, subType, description } = row
  if (type === 'Trade') return 'trade'
  if (type === 'Receive Deliver') {
    if (DEALS.has(subType)) return 'trade'
    return DELIVERIES.get(subType) ?? (/Split/i.test(subType) ? 'split' : CORPORATE.test(subType) ? 'corporate-action' : 'other')
  }
  if (type !== 'Money Movement') return 'other'
  if (CASH_IN_LIEU.test(`${subType} ${description}`)) return 'corporate-action'
  const kind = MONEY.get(subType) ?? (/\bfee\b/i.test(subType) ? 'fee' : 'other')
  return (kind === 'dividend' || kind === 'other') && TAX.test(`${subType} ${description}`) ? 'tax' : kind
}
