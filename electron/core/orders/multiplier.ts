import { Dec } from '../../../shared/domain/decimal.ts'
import { futureMultiplier, parseFuture, parseFutureOption } from '../../../shared/domain/futures.ts'
import { type AssetClass, standardMultiplier } from '../../../shared/domain/instrument.ts'
import { LocalDate } from '../../../shared/domain/time.ts'

const ONE = Dec.of('1')
const ANY_DAY = LocalDate.of('2026-01-01')

/** Units behind one of the quantity; null where nobody here knows: adjusted options and futures that are not in the table. */
export function multiplierOf({ symbol, assetClass }: { readonly symbol: string; readonly assetClass: AssetClass }): Dec | null {
  if (assetClass === 'option') return standardMultiplier(symbol) ?? null
  if (assetClass === 'future') return futureMultiplier(parseFuture(symbol, ANY_DAY)?.root ?? '') ?? null
  if (assetClass === 'future-option') return futureMultiplier(futureRoot(symbol)) ?? null
  return assetClass === 'equity' || assetClass === 'fund' || assetClass === 'crypto' ? ONE : null
}

function futureRoot(symbol: string): string {
  return parseFutureOption(symbol)?.future.root ?? ''
}

/** The same for an order read from a broker, which does not say what it is for. */
export function multiplierOfSymbol(symbol: string): Dec | null {
  if (parseFutureOption(symbol) !== undefined) return futureMultiplier(futureRoot(symbol)) ?? null
  if (symbol.startsWith('/')) return futureMultiplier(parseFuture(symbol, ANY_DAY)?.root ?? '') ?? null
  return standardMultiplier(symbol) ?? null
}
