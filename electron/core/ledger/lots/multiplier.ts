import { Dec } from '../../../../shared/domain/decimal.ts'
import { futureMultiplier, parseFuture, parseFutureOption } from '../../../../shared/domain/futures.ts'
import { type AssetClass, looksLikeCusip, parseOcc, standardMultiplier } from '../../../../shared/domain/instrument.ts'
import type { Position } from '../../../../shared/domain/position.ts'
import type { LotRow } from './lot-row.ts'

const ONE = Dec.of('1')
const NEAR = Dec.of('0.05')
/** Of what is priced in percent. */
export const PAR = Dec.of('0.01')
const NEAR_PAR = Dec.of('0.0005')

/**
 * How many units one of an instrument is, by what it is: 100 shares behind a standard option, the size of a listed future, 1 for what
 * is traded by itself. Null where only the rows can say: adjusted options, bonds, futures that are not listed.
 */
export function knownMultiplier(symbol: string, assetClass: AssetClass | null, near: LotRow['tradeDate']): Dec | null {
  const kind = assetClass ?? classBySymbol(symbol)
  if (kind === 'future') return futureMultiplier(parseFuture(symbol, near)?.root ?? '') ?? null
  if (kind === 'future-option') return futureMultiplier(parseFutureOption(symbol)?.future.root ?? '') ?? null
  if (kind === 'bond') return null
  if (parseOcc(symbol)) return standardMultiplier(symbol) ?? null
  return kind === 'option' || kind === 'other' ? null : ONE
}

/** What a symbol can only be, where nobody says what it is; null where it may be anything. A CUSIP in place of a symbol is a bond's. */
export function classBySymbol(symbol: string): AssetClass | null {
  if (symbol.startsWith('./')) return 'future-option'
  if (symbol.startsWith('/')) return 'future'
  if (parseOcc(symbol)) return 'option'
  return looksLikeCusip(symbol) ? 'bond' : null
}

/**
 * The multiplier a row's own cash shows: what was paid beside the fees, by quantity and price. A whole number, or 0.01 for what is quoted
 * in percent; null where the cash fits none, or a figure is missing.
 */
export function shownMultiplier({ kind, side, quantity, price, amount, fees }: Pick<LotRow, 'kind' | 'side' | 'quantity' | 'price' | 'amount' | 'fees'>): Dec | null {
  if (kind !== 'trade' || side === null || quantity === null || price === null || amount === null) return null
  return unitsOf(Dec.abs(Dec.add(amount, fees)), Dec.abs(Dec.mul(quantity, price)))
}

/**
 * The multiplier a broker's own position shows: what it says was paid for it, by quantity and average price; null where a figure is missing,
 * where they fit none, and of a future, whose price is never paid.
 */
export function heldMultiplier({ assetClass, quantity, averagePrice, marketValue, unrealized }: Held): Dec | null {
  if (assetClass === 'future' || averagePrice === null || marketValue === null || unrealized === null) return null
  return unitsOf(Dec.abs(Dec.sub(marketValue, unrealized)), Dec.abs(Dec.mul(quantity, averagePrice)))
}

type Held = Pick<Position, 'assetClass' | 'quantity' | 'averagePrice' | 'marketValue' | 'unrealized'>

function unitsOf(paid: Dec, stated: Dec): Dec | null {
  if (Dec.isZero(paid)) return null
  const within = (multiplier: Dec, slack: Dec): boolean =>
    Dec.cmp(Dec.abs(Dec.sub(paid, Dec.mul(stated, multiplier))), Dec.mul(stated, slack)) <= 0
  if (within(PAR, NEAR_PAR)) return PAR
  const whole = wholeRatio(paid, stated)
  return !Dec.isZero(whole) && within(whole, NEAR) ? whole : null
}

/** The whole number nearest to a / b, both positive, by halving; 100,000 and more is none. */
function wholeRatio(a: Dec, b: Dec): Dec {
  let [from, to] = [0, 100_000]
  const double = Dec.mul(a, Dec.of('2'))
  while (from < to) {
    const middle = (from + to) >> 1
    // a / b < middle + 1/2
    if (Dec.cmp(double, Dec.mul(b, Dec.of(String(2 * middle + 1)))) < 0) to = middle
    else from = middle + 1
  }
  return from === 100_000 ? Dec.zero : Dec.of(String(from))
}
