import type { ActivityKind, Side } from '../../../../shared/domain/activity.ts'

/** What a transaction's own word says. */
export interface Meaning {
  readonly kind: ActivityKind
  readonly side: Side | null
  readonly positionEffect: 'open' | 'close' | null
}

const deal = (side: Side, positionEffect: 'open' | 'close' | null = null): Meaning => ({ kind: 'trade', side, positionEffect })

// The direction of a trade is in its word: the sign of its quantity was seen both ways.
const DEALS = new Map<string, Meaning>([
  ['bought', deal('buy')],
  ['sold', deal('sell')],
  ['sold short', deal('sell', 'open')],
  ['bought to cover', deal('buy', 'close')],
  ['bought to open', deal('buy', 'open')],
  ['bought to close', deal('buy', 'close')],
  ['sold to open', deal('sell', 'open')],
  ['sold to close', deal('sell', 'close')],
])

// Free text: the words that were seen, and those that share a root with them. The first that fits counts.
const WORDS: readonly (readonly [RegExp, ActivityKind])[] = [
  [/\boption\b.*\b(?:expir|assign|exercis)|\b(?:expired|assigned|exercised)\b.*\boption/, 'option-event'],
  [/\bsplit\b/, 'split'],
  [/\b(?:withh|tax)/, 'tax'],
  [/\bdividend\b|\bcap(?:ital)? gains?\b|\breturn of capital\b/, 'dividend'],
  [/\binterest\b/, 'interest'],
  [/\bfees?\b|\bcommission\b/, 'fee'],
  [/\b(?:merger|spin|reorgani[sz]ation|exchange|tender|redemption|name change|cash in lieu)/, 'corporate-action'],
  [/\b(?:journal|sweep|adjustment)/, 'journal'],
  [
    /\b(?:transfer|pos|bill payment|wire|check|deposit|withdrawal|ach|atm|direct debit|contribution|distribution|receive|deliver)\b/,
    'transfer',
  ],
]

/**
 * Keelson's word for a transaction type; what is not known is `other` and keeps its own word beside it. A dividend that was reinvested is a
 * purchase where it states what it bought.
 */
export function meaningOf(type: string, movesShares = false): Meaning {
  const text = type.trim().toLowerCase()
  const known = DEALS.get(text) ?? (movesShares && /\breinvest/.test(text) ? deal('buy') : undefined)
  if (known) return known
  return { kind: WORDS.find(([words]) => words.test(text))?.[1] ?? 'other', side: null, positionEffect: null }
}
