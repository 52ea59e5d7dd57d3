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

const TAX = /\bwithh(?:olding|eld)|\bw-?8\b|\btax\b/i
const INTEREST = /\binterest\b/i
const FEE = /\bfees?\b/i
const SPLIT = /\bsplit\b/i
const OPTION_EVENT = /\b(?:expir|assign|exercis)|\bremoval of option\b/i
const CORPORATE = /\b(?:spin-?off|merger|reorg|name change|mandatory|tender|rights|exchange)\b/i
const CASH_IN_LIEU = /\bcash in lieu\b/i

/** Keelson's word for a transaction, by its type and, where that is wide, by its description. */
export function activityKind(row: {
  readonly type: string
  readonly description: string
  readonly assetClass: AssetClass | null
}): ActivityKind {
  const { type, description: text, assetClass } = row
  const kind = KINDS.get(type) ?? 'other'
  if (kind !== 'other' && kind !== 'trade' && CASH_IN_LIEU.test(text)) return 'corporate-action'
  if (type === 'DIVIDEND_OR_INTEREST') return TAX.test(text) ? 'tax' : INTEREST.test(text) ? 'interest' : FEE.test(text) ? 'fee' : kind
  if (type === 'JOURNAL') return TAX.test(text) ? 'tax' : FEE.test(text) ? 'fee' : kind
  if (type !== 'RECEIVE_AND_DELIVER') return kind
  if (assetClass === 'cash') return INTEREST.test(text) ? 'interest' : 'journal'
  if (OPTION_EVENT.test(text)) return 'option-event'
  return SPLIT.test(text) ? 'split' : CORPORATE.test(text) ? 'corporate-action' : kind
}
