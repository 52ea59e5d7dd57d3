import {
  columnFutureOptionSymbol,
  futureOptionSymbol,
  futureSymbol,
  parseFuture,
  parseFutureOption,
  shortFutureSymbol,
} from '../../../../shared/domain/futures.ts'
import { type AssetClass, cryptoPair, indexSymbol, normalSymbol, paddedOcc } from '../../../../shared/domain/instrument.ts'
import type { LocalDate } from '../../../../shared/domain/time.ts'

const CLASSES = new Map<string, AssetClass>([
  ['Equity', 'equity'],
  ['Equity Option', 'option'],
  ['Equity Offering', 'equity'],
  ['Future', 'future'],
  ['Future Option', 'future-option'],
  ['Cryptocurrency', 'crypto'],
  ['Index', 'index'],
  ['Bond', 'bond'],
  ['Fixed Income Security', 'bond'],
  ['Currency Pair', 'forex'],
])

/** Keelson's class for an `instrument-type`; null for none, `other` for one not known. */
export function assetClassOf(type: string | null): AssetClass | null {
  return type === null ? null : (CLASSES.get(type) ?? 'other')
}

/** tastytrade's word for a class that can be ordered or quoted. Undefined for the others. */
export function instrumentTypeOf(assetClass: AssetClass): string | undefined {
  return assetClass === 'fund' ? 'Equity' : [...CLASSES].find(([, known]) => known === assetClass)?.[0]
}

/** Keelson's spelling of a symbol. Futures have years of one digit, told by `near`. What cannot be read stays as sent. */
export function fromSymbol(symbol: string, assetClass: AssetClass | null, near: LocalDate): string {
  if (assetClass === 'future') {
    const future = parseFuture(symbol, near)
    return future ? futureSymbol(future) : symbol.trim()
  }
  if (assetClass === 'future-option') {
    const option = parseFutureOption(symbol)
    return option ? futureOptionSymbol(option) : symbol.trim()
  }
  if (assetClass === 'crypto') return cryptoPair(symbol) ?? symbol.trim()
  return assetClass === 'index' ? indexSymbol(symbol) : normalSymbol(symbol)
}

/**
 * tastytrade's spelling: options padded to 21 characters, futures with a year of one digit, indexes without their mark. Undefined for a
 * future whose year of one digit would name another.
 */
export function toSymbol(symbol: string, assetClass: AssetClass, near: LocalDate): string | undefined {
  if (assetClass === 'option') return paddedOcc(symbol)
  if (assetClass === 'future') {
    const future = parseFuture(symbol, near)
    return future ? shortFutureSymbol(future, near) : symbol
  }
  if (assetClass === 'future-option') {
    const option = parseFutureOption(symbol)
    return option ? columnFutureOptionSymbol(option) : symbol
  }
  return assetClass === 'index' ? symbol.replace(/^\$/, '') : symbol
}
