import { type AssetClass, cryptoPair, parseOcc } from '../../../../shared/domain/instrument.ts'
import type { Quote } from '../../../../shared/domain/order.ts'
import type { BrokerSession } from '../adapter.ts'
import { exchangeDay } from '../exchange-day.ts'
import { toSymbol } from './symbols.ts'
import { MarketDataWire } from './wire.ts'

/** The most symbols of one call, over all classes. */
const MOST_SYMBOLS = 100

const NAMES = new Map<AssetClass, string>([
  ['equity', 'equity'],
  ['option', 'equity-option'],
  ['future', 'future'],
  ['future-option', 'future-option'],
  ['crypto', 'cryptocurrency'],
  ['index', 'index'],
])

/** Newest prices. tastytrade's test environment answers 15 minutes late. A symbol it does not know is left out of its answer. */
export async function readQuotes(
  session: Pick<BrokerSession, 'http' | 'now' | 'environment'>,
  symbols: readonly string[],
  { signal }: { readonly signal: AbortSignal },
): Promise<Quote[]> {
  const today = exchangeDay(session.now())
  const found: Quote[] = []
  for (let at = 0; at < symbols.length; at += MOST_SYMBOLS) {
    const wanted = new Map<string, string>()
    const query: Record<string, string[]> = {}
    for (const symbol of symbols.slice(at, at + MOST_SYMBOLS)) {
      const assetClass = classOf(symbol)
      const theirs = toSymbol(symbol, assetClass, today)
      if (theirs === undefined) continue
      wanted.set(theirs, symbol)
      const name = NAMES.get(assetClass) ?? 'equity'
      query[name] = [...(query[name] ?? []), theirs]
    }
    const options = { base: 'api', path: '/market-data/by-type', query, at: ['data', 'items'], schema: MarketDataWire, signal }
    const { rows } = await session.http.getRows(options)
    for (const { data } of rows) {
      const symbol = wanted.get(data.symbol)
      if (symbol === undefined) continue
      found.push({
        symbol,
        bid: data.bid,
        ask: data.ask,
        last: data.last,
        previousClose: data['prev-close'],
        currency: 'USD',
        delayed: session.environment === 'paper',
        asOf: data['updated-at'],
      })
    }
  }
  return found
}

/** What Keelson's spelling says about the instrument. */
function classOf(symbol: string): AssetClass {
  if (symbol.startsWith('./')) return 'future-option'
  if (symbol.startsWith('/')) return 'future'
  if (symbol.startsWith('$')) return 'index'
  if (parseOcc(symbol)) return 'option'
  return symbol.includes('/') && cryptoPair(symbol) === symbol ? 'crypto' : 'equity'
}
