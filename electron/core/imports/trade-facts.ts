import type { ActivityKind, Side } from '../../../shared/domain/activity.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import { looksLikeCusip, parseOcc } from '../../../shared/domain/instrument.ts'
import type { FileFacts } from './format.ts'

/** What a broker's word for a row means. */
export interface Meaning {
  readonly kind: ActivityKind
  readonly side?: Side
  readonly effect?: 'open' | 'close'
}

/** A list of patterns and what they mean; the first that fits decides. */
export type Meanings = readonly (readonly [RegExp, Meaning])[]

export function meaningOf(meanings: Meanings, words: string): Meaning | null {
  return meanings.find(([pattern]) => pattern.test(words))?.[1] ?? null
}

/** Words nearly every broker uses for buying and selling. */
export const TRADES: Meanings = [
  [/^(?:buy|bought|bot) to (?:open)\b/i, { kind: 'trade', side: 'buy', effect: 'open' }],
  [/^(?:buy|bought|bot) to (?:close|cover)\b/i, { kind: 'trade', side: 'buy', effect: 'close' }],
  [/^(?:sell|sold) to open\b/i, { kind: 'trade', side: 'sell', effect: 'open' }],
  [/^(?:sell|sold) to close\b/i, { kind: 'trade', side: 'sell', effect: 'close' }],
  [/^(?:sell|sold) short\b/i, { kind: 'trade', side: 'sell', effect: 'open' }],
  [/^(?:buy|bought|bot)\b/i, { kind: 'trade', side: 'buy' }],
  [/^(?:sell|sold)\b/i, { kind: 'trade', side: 'sell' }],
]

export interface Figures {
  readonly quantity: Dec | null
  readonly price: Dec | null
  readonly amount: Dec | null
  readonly fees: Dec
}

/** The parts of a row that depend on its meaning. A trade without a quantity is kept as `other`. */
export function movement(
  meaning: Meaning,
  { quantity, price, amount, fees }: Figures,
): Pick<FileFacts, 'kind' | 'side' | 'positionEffect' | 'quantity' | 'price' | 'amount' | 'fees'> {
  const trade = meaning.kind === 'trade' && quantity !== null && meaning.side !== undefined
  const cost = meaning.kind === 'fee' && Dec.isZero(fees) && amount !== null && Dec.isNegative(amount) ? Dec.neg(amount) : fees
  return {
    kind: meaning.kind === 'trade' && !trade ? 'other' : meaning.kind,
    side: trade ? (meaning.side ?? null) : null,
    positionEffect: trade ? (meaning.effect ?? null) : null,
    // A fee names the shares it is for, and takes none of them.
    quantity: trade ? Dec.abs(quantity) : meaning.kind === 'fee' || (quantity !== null && Dec.isZero(quantity)) ? null : quantity,
    price,
    amount,
    fees: cost,
  }
}

/**
 * The class of a symbol as far as its spelling and the row tell; null for none. Bonds and bills go by their CUSIP, priced in percent; shares that have no
 * ticker do too, but cost their price.
 */
export function classOf(symbol: string | null, figures?: Omit<Figures, 'fees'>): AssetClass | null {
  if (symbol === null) return null
  if (parseOcc(symbol)) return 'option'
  return looksLikeCusip(symbol) && !costsItsPrice(figures) ? 'bond' : 'equity'
}

function costsItsPrice({ quantity, price, amount }: Omit<Figures, 'fees'> = { quantity: null, price: null, amount: null }): boolean {
  if (quantity === null || price === null || amount === null) return false
  // A bond costs about a hundredth of it.
  return Dec.cmp(Dec.mul(Dec.abs(amount), Dec.of('5')), Dec.abs(Dec.mul(quantity, price))) > 0
}
