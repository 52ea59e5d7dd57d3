import type { ActivityKind } from '../../../../shared/domain/activity.ts'

// Sources: docs.alpaca.markets account activities (types up to SSP), the official Python client's ActivityType (the rest).
const KINDS = new Map<string, ActivityKind>([
  ['FILL', 'trade'],
  ['OPTRD', 'trade'],
  ['DIV', 'dividend'],
  ['DIVCGL', 'dividend'],
  ['DIVCGS', 'dividend'],
  ['DIVROC', 'dividend'],
  ['DIVTXEX', 'dividend'],
  ['INT', 'interest'],
  ['INTPNL', 'interest'],
  ['FEE', 'fee'],
  ['CFEE', 'fee'],
  ['DIVFEE', 'fee'],
  ['PTC', 'fee'],
  ['PTR', 'fee'],
  ['DIVFT', 'tax'],
  ['DIVNRA', 'tax'],
  ['DIVTW', 'tax'],
  ['DIVWH', 'tax'],
  ['INTNRA', 'tax'],
  ['INTTW', 'tax'],
  ['WH', 'tax'],
  ['CSD', 'transfer'],
  ['CSW', 'transfer'],
  ['TRANS', 'transfer'],
  ['ACATC', 'transfer'],
  ['ACATS', 'transfer'],
  ['JNL', 'journal'],
  ['JNLC', 'journal'],
  ['JNLS', 'journal'],
  ['SSP', 'split'],
  ['SPLIT', 'split'],
  ['OPASN', 'option-event'],
  ['OPEXP', 'option-event'],
  ['OPXRC', 'option-event'],
  ['OPEXC', 'option-event'],
  ['OPCSH', 'option-event'],
  ['MA', 'corporate-action'],
  ['NC', 'corporate-action'],
  ['SC', 'corporate-action'],
  ['SSO', 'corporate-action'],
  ['SPIN', 'corporate-action'],
  ['REORG', 'corporate-action'],
  ['CIL', 'corporate-action'],
])

// A dividend's `qty` is the shares it was paid on; only in these rows does it change the position.
const MOVES_POSITION = new Set<ActivityKind>(['transfer', 'journal', 'split', 'option-event', 'corporate-action'])

/** Keelson's word for an activity type; a type not in the list is `other` and keeps its own word beside it. */
export function activityKind(type: string): ActivityKind {
  return KINDS.get(type) ?? 'other'
}

/** True when a row's quantity is a change of the position. Crypto fees are taken in the coin itself. */
export function movesPosition(kind: ActivityKind, type: string): boolean {
  return MOVES_POSITION.has(kind) || type === 'CFEE'
}
