import { Dec } from '../../../shared/domain/decimal.ts'
import { futureMultiplier, parseFuture, parseFutureOption } from '../../../shared/domain/futures.ts'
import { type AssetClass, standardMultiplier } from '../../../shared/domain/instrument.ts'
import { LocalDate } from '../../../shared/domain/time.ts'

const ONE = Dec.of('1')
const ANY_DAY = LocalDate.of('2026-01-01')

/** What one future, or an option on one, counts; null without a root, and for those that are not in the table. */
const futureCounts = (root = ''): Dec | null => futureMultiplier(root) ?? null

/** Units behind one of the quantity; null where nobody here knows: adjusted options and futures that are not in the table. */
export function multiplierOf({ symbol, assetClass }: { readonly symbol: string; readonly assetClass: AssetClass }): Dec | null {
  if (assetClass === 'option') return standardMultiplier(symbol) ?? null
  if (assetClass === 'future') return futureCounts(parseFuture(symbol, ANY_DAY)?.root)
  if (assetClass === 'future-option') return futureCounts(parseFutureOption(symbol)?.future.root)
  return assetClass === 'equity' || assetClass === 'fund' || assetClass === 'crypto' ? ONE : null
}

/** The same for an order read from a broker, which does not say what it is for. */
export function multiplierOfSymbol(symbol: string): Dec | null {
  const option = parseFutureOption(symbol)
  if (option) return futureCounts(option.future.root)
  return symbol.startsWith('/') ? futureCounts(parseFuture(symbol, ANY_DAY)?.root) : (standardMultiplier(symbol) ?? null)
}
