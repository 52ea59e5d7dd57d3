import type { ActivityKind } from '../../../../../shared/domain/activity.ts'
import type { AssetClass } from '../../../../../shared/domain/instrument.ts'

// An exchange-traded fund is STK in every interface of IBKR, so it stays a stock here.
const ASSET_CLASSES = new Map<string, AssetClass>([
  ['STK', 'equity'],
  ['OPT', 'option'],
  ['FSOPT', 'option'],
  ['FUT', 'future'],
  ['FOP', 'future-option'],
  ['FSFOP', 'future-option'],
  ['CASH', 'forex'],
  ['CRYPTO', 'crypto'],
  ['BOND', 'bond'],
  ['BILL', 'bond'],
  ['FUND', 'fund'],
  ['IND', 'index'],
])

/** Null for rows without an instrument; CFDs, warrants and what IBKR adds later are `other`. */
export function assetClassOf(category: string | null): AssetClass | null {
  return category === null ? null : (ASSET_CLASSES.get(category) ?? 'other')
}

const CASH_KINDS: readonly (readonly [RegExp, ActivityKind])[] = [
  [/withholding/i, 'tax'],
  [/dividend/i, 'dividend'],
  [/interest/i, 'interest'],
  [/^deposits?\b|withdrawals?$/i, 'transfer'],
  [/\bfees?$|commission adjust/i, 'fee'],
]

/** The kind of a cash row by IBKR's word for it ("Payment In Lieu Of Dividends", "Deposits & Withdrawals", ...). */
export function cashKind(type: string): ActivityKind {
  return CASH_KINDS.find(([pattern]) => pattern.test(type))?.[1] ?? 'other'
}

const SPLITS = new Set(['FS', 'FI', 'RS', 'HI'])

/** The kind of a corporate action by IBKR's code: forward and reverse splits, and the rest. Cash in lieu goes by the code of what it came of. */
export function actionKind(type: string, description: string | null): ActivityKind {
  return SPLITS.has(type) && !/\bcash in lieu\b/i.test(description ?? '') ? 'split' : 'corporate-action'
}

const OPTION_CODES = new Set(['A', 'EX', 'EP', 'GEA'])
const OPTION_WORDS = /assign|exercis|expir/i

/** Whether a booked row ends an option: by its note codes (`A` assigned, `Ex` exercised, `Ep` expired) or its type. */
export function endsOption(assetClass: AssetClass | null, type: string, codes: ReadonlySet<string>): boolean {
  if (assetClass !== 'option' && assetClass !== 'future-option') return false
  return OPTION_WORDS.test(type) || [...codes].some(code => OPTION_CODES.has(code.toUpperCase()))
}
