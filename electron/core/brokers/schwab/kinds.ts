import type { ActivityKind } from '../../../../shared/domain/activity.ts'
import type { AssetClass } from '../../../../shared/domain/instrument.ts'

const KINDS = new Map<string, ActivityKind>([
  ['TRADE', 'trade'],
  ['DIVIDEND_OR_INTEREST', 'dividend'],
  ['RECEIVE_AND_DELIVER', 'transfer'],
  ['ACH_RECEIPT', 'transfer'],
  ['ACH_DISBURSEMENT', 'transfer'],
  ['CASH_RECEIPT', 'transfer'],
  ['CASH_DISBURSEMENT', 'transfer'],
  ['ELECTRONIC_FUND', 'transfer'],
  ['WIRE_OUT', 'transfer'],
  ['WIRE_IN', 'transfer'],
  ['JOURNAL', 'journal'],
  ['MONEY_MARKET', 'journal'],
])

// The type alone does not tell a withholding from a journal or interest from a dividend: the description does.
const TAX = /withh(?:olding|eld)|\bnra tax\b|\bforeign tax\b|\btax adj/i
const INTEREST = /\binterest\b/i
const FEE = /\bfees?\b/i
const SPLIT = /\bsplit\b/i
const OPTION_EVENT = /\b(?:expir|assign|exercis)/i
const CASH_IN_LIEU = /\bcash in lieu\b/i
const CORPORATE = /\b(?:spin-?off|merger|reorg|name change|mandatory|tender|rights)/i

/** Keelson's word for a transaction. An unknown type is `other` and keeps its own word beside it. */
export function activityKind(
  row: { readonly type: string | null; readonly description: string | null },
  assetClass: AssetClass | null,
): ActivityKind {
  const kind = KINDS.get(row.type ?? '') ?? 'other'
  const text = row.description ?? ''
  switch (row.type ?? '') {
    case 'DIVIDEND_OR_INTEREST':
      if (TAX.test(text)) return 'tax'
      if (CASH_IN_LIEU.test(text)) return 'corporate-action'
      return INTEREST.test(text) ? 'interest' : FEE.test(text) ? 'fee' : kind
    case 'JOURNAL':
      if (CASH_IN_LIEU.test(text)) return 'corporate-action'
      return TAX.test(text) ? 'tax' : FEE.test(text) ? 'fee' : SPLIT.test(text) ? 'split' : kind
    case 'RECEIVE_AND_DELIVER':
      if (CASH_IN_LIEU.test(text)) return 'corporate-action'
      if (SPLIT.test(text)) return 'split'
      if (assetClass === 'option' && OPTION_EVENT.test(text)) return 'option-event'
      return CORPORATE.test(text) ? 'corporate-action' : kind
    default:
      return kind
  }
}
